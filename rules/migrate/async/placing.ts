import { Node, ts } from 'ts-morph';
import { followsOpenStatement } from '../../source/expression.js';
import { instance, unwrapped } from '../compiler.js';
import { Refusal } from '../refusal.js';

/**
 * What is written before and behind an expression to await it where it stands.
 *
 * @param expression - a call
 * @returns the texts before and behind
 * @throws {Refusal} where the value is used by an optional chain, which would end at the `await`
 */
export function awaiting(expression: Node): readonly [before: string, behind: string] {
  const parent = expression.getParent();
  if (!bindsTighter(expression, parent)) return ['await ', ''];
  if ((expression.compilerNode.flags & (parent?.compilerNode.flags ?? 0) & ts.NodeFlags.OptionalChain) !== 0) throw new Refusal(expression, 'the `?.` would no longer end at the call that is awaited');
  return [followsOpenStatement(unwrapped(expression), instance) ? ';(await ' : '(await ', ')'];
}

function bindsTighter(expression: Node, parent: Node | undefined): boolean {
  if (Node.isPropertyAccessExpression(parent) || Node.isElementAccessExpression(parent)) return parent.getExpression() === expression;
  if (Node.isCallExpression(parent) || Node.isNewExpression(parent)) return parent.getExpression() === expression;
  if (Node.isTaggedTemplateExpression(parent)) return parent.getTag() === expression;
  if (Node.isNonNullExpression(parent)) return true;
  return Node.isBinaryExpression(parent) && parent.getLeft() === expression && parent.getOperatorToken().getText() === '**';
}
