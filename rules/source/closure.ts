import type ts from 'typescript';
import { isAssignmentOperator } from '../engine/lower/syntax.js';
import { namedBy } from '../engine/types/references.js';
import { mayWriteArgument, mayWriteReceiver } from '../engine/views.js';
import type { Closure, Range } from '../fixes/context.js';
import type { Source } from './fix-context.js';
import { expressionIn, nodesBelow, rangeOf, withoutParentheses } from './places.js';
import { placeBefore } from './work.js';

/**
 * The functions written in a call that get at bytes by a variable of the code around them.
 *
 * @param variable - its name
 * @param at - the call
 * @param source - the file
 * @returns where they name it; why nothing can be put in its place, where nothing can
 */
export function closureOf(variable: string, at: Range, source: Source): Closure | string {
  const { ts: t, program } = source;
  const call = expressionIn(at, source);
  if (call === undefined || !t.isCallExpression(call)) return 'no call is given the function';
  const functions = [call.expression, ...call.arguments].map((one) => withoutParentheses(one, t)).filter((one) => t.isArrowFunction(one) || t.isFunctionExpression(one));
  const isInside = (node: ts.Node): boolean => functions.some((one) => node.getSourceFile() === one.getSourceFile() && one.pos <= node.pos && node.end <= one.end);
  for (const candidate of functions.flatMap((one) => [...nodesBelow(one)])) {
    if (!t.isIdentifier(candidate) || candidate.text !== variable) continue;
    const named = namedBy(candidate, program, t);
    if (named === undefined || named.declarations.some(isInside)) continue;
    const concerned = named.references.filter((reference) => call.pos <= reference.pos && reference.end <= call.end);
    if (!concerned.every(isInside)) return 'the call itself is given the bytes, too';
    if (concerned.some((one) => isWritten(one, t))) return 'the function writes there';
    const first = functions.find(({ pos, end }) => pos <= candidate.pos && candidate.end <= end) ?? call;
    const place = placeBefore(call, first.getStart(), source);
    return typeof place === 'string' ? place : { uses: concerned.map(rangeOf), ...place };
  }
  return 'the function that runs later is not written here';
}

/** `name = …`, `name++`, `name[i] = …`, `name.fill(0)`, `readSync(fd, name)` */
function isWritten(node: ts.Node, t: typeof ts): boolean {
  const { parent } = node;
  if (t.isPropertyAccessExpression(parent)) return isCalled(parent, t) && mayWriteReceiver(parent.name.text);
  if (t.isCallExpression(parent) && parent.expression !== node) return mayWriteArgument(nameOf(parent.expression, t), parent.arguments.findIndex((one) => one === node));
  if (t.isPrefixUnaryExpression(parent) || t.isPostfixUnaryExpression(parent)) return parent.operator === t.SyntaxKind.PlusPlusToken || parent.operator === t.SyntaxKind.MinusMinusToken;
  if (t.isElementAccessExpression(parent)) return parent.expression === node && isWritten(parent, t);
  return t.isBinaryExpression(parent) && parent.left === node && isAssignmentOperator(parent.operatorToken.kind, t);
}

function isCalled(member: ts.PropertyAccessExpression, t: typeof ts): boolean {
  return t.isCallExpression(member.parent) && member.parent.expression === member;
}

function nameOf(callee: ts.Expression, t: typeof ts): string {
  return t.isPropertyAccessExpression(callee) ? callee.name.text : t.isIdentifier(callee) ? callee.text : '';
}
