import type ts from 'typescript';
import type { BlockId, Test } from '../../ir/index.js';
import { skipTransparent } from '../syntax.js';
import { operand } from './changes.js';
import { inChain, isInChain, linkValue } from './calls.js';
import { USED, type Lowering } from './lowering.js';

/** Goes to `then` or `otherwise` by the truth of an expression. Negation and short-circuits become jumps. */
export function lowerCondition(lowering: Lowering, expression: ts.Expression, then: BlockId, otherwise: BlockId): void {
  const { SyntaxKind } = lowering;
  const node = skipTransparent(expression, lowering.ts);
  switch (node.kind) {
    case SyntaxKind.TrueKeyword:
      lowering.graph.goto(then);
      return;
    case SyntaxKind.FalseKeyword:
      lowering.graph.goto(otherwise);
      return;
    case SyntaxKind.NumericLiteral:
      lowering.graph.goto(Number((node as ts.NumericLiteral).text) === 0 ? otherwise : then);
      return;
    case SyntaxKind.PrefixUnaryExpression:
      if ((node as ts.PrefixUnaryExpression).operator === SyntaxKind.ExclamationToken) {
        lowerCondition(lowering, (node as ts.PrefixUnaryExpression).operand, otherwise, then);
        return;
      }
      break;
    case SyntaxKind.ConditionalExpression: {
      const { condition, whenTrue, whenFalse } = node as ts.ConditionalExpression;
      const { graph } = lowering;
      const yes = graph.reserve();
      const no = graph.reserve();
      lowerCondition(lowering, condition, yes, no);
      graph.start(yes);
      lowerCondition(lowering, whenTrue, then, otherwise);
      graph.start(no);
      lowerCondition(lowering, whenFalse, then, otherwise);
      return;
    }
    case SyntaxKind.PropertyAccessExpression:
    case SyntaxKind.ElementAccessExpression:
    case SyntaxKind.CallExpression:
      if (isInChain(lowering, node)) {
        // A chain that stops short is undefined, hence false.
        const value = inChain(lowering, otherwise, () => linkValue(lowering, node as ts.CallExpression, USED));
        branch(lowering, { kind: 'truthy', value }, node, then, otherwise);
        return;
      }
      break;
    case SyntaxKind.BinaryExpression:
      if (lowerBinaryCondition(lowering, node as ts.BinaryExpression, then, otherwise)) return;
      break;
    default:
  }
  branch(lowering, { kind: 'truthy', value: lowering.value(node) }, node, then, otherwise);
}

function branch(lowering: Lowering, test: Test, node: ts.Node, then: BlockId, otherwise: BlockId): void {
  lowering.graph.end({ kind: 'branch', test, then, otherwise, origin: lowering.origin(node) });
}

function lowerBinaryCondition(lowering: Lowering, node: ts.BinaryExpression, then: BlockId, otherwise: BlockId): boolean {
  const { SyntaxKind } = lowering;
  const { left, right } = node;
  switch (node.operatorToken.kind) {
    case SyntaxKind.AmpersandAmpersandToken:
    case SyntaxKind.BarBarToken:
      lowerShortCircuit(lowering, node, then, otherwise);
      return true;
    case SyntaxKind.CommaToken:
      lowering.effect(left);
      lowerCondition(lowering, right, then, otherwise);
      return true;
    case SyntaxKind.EqualsEqualsEqualsToken:
    case SyntaxKind.EqualsEqualsToken:
      branch(lowering, equality(lowering, node), node, then, otherwise);
      return true;
    case SyntaxKind.ExclamationEqualsEqualsToken:
    case SyntaxKind.ExclamationEqualsToken:
      branch(lowering, equality(lowering, node), node, otherwise, then);
      return true;
    case SyntaxKind.LessThanToken:
    case SyntaxKind.LessThanEqualsToken: {
      const value = operand(lowering, left, [right]);
      const orEqual = node.operatorToken.kind === SyntaxKind.LessThanEqualsToken;
      branch(lowering, { kind: 'less', left: value, right: lowering.value(right), orEqual }, node, then, otherwise);
      return true;
    }
    case SyntaxKind.GreaterThanToken:
    case SyntaxKind.GreaterThanEqualsToken: {
      const value = operand(lowering, left, [right]);
      const orEqual = node.operatorToken.kind === SyntaxKind.GreaterThanEqualsToken;
      branch(lowering, { kind: 'less', left: lowering.value(right), right: value, orEqual }, node, then, otherwise);
      return true;
    }
    case SyntaxKind.InstanceOfKeyword: {
      const value = operand(lowering, left, [right]);
      branch(lowering, { kind: 'instanceof', value, constructor_: lowering.value(right) }, node, then, otherwise);
      return true;
    }
    default:
      return false;
  }
}

/** `a && b && c …`: a chain of one operator of any length, without recursion. */
function lowerShortCircuit(lowering: Lowering, node: ts.BinaryExpression, then: BlockId, otherwise: BlockId): void {
  const { graph } = lowering;
  const isAnd = node.operatorToken.kind === lowering.SyntaxKind.AmpersandAmpersandToken;
  const operands = chainOf(lowering, node);
  operands.forEach((each, index) => {
    if (index === operands.length - 1) {
      lowerCondition(lowering, each, then, otherwise);
      return;
    }
    const next = graph.reserve();
    lowerCondition(lowering, each, isAnd ? next : then, isAnd ? otherwise : next);
    graph.start(next);
  });
}

/** The operands of `a ∘ b ∘ c`, left-associated with one operator. */
export function chainOf(lowering: Lowering, node: ts.BinaryExpression): ts.Expression[] {
  const { SyntaxKind } = lowering;
  const operator = node.operatorToken.kind;
  const operands: ts.Expression[] = [];
  let left: ts.Expression = node;
  while (left.kind === SyntaxKind.BinaryExpression && (left as ts.BinaryExpression).operatorToken.kind === operator) {
    operands.push((left as ts.BinaryExpression).right);
    left = (left as ts.BinaryExpression).left;
  }
  operands.push(left);
  return operands.reverse();
}

function equality(lowering: Lowering, node: ts.BinaryExpression): Test {
  const { SyntaxKind } = lowering;
  const operator = node.operatorToken.kind;
  const isStrict = operator === SyntaxKind.EqualsEqualsEqualsToken || operator === SyntaxKind.ExclamationEqualsEqualsToken;
  const left = skipTransparent(node.left, lowering.ts);
  const right = skipTransparent(node.right, lowering.ts);
  const typeTest = typeofTest(lowering, left, right) ?? typeofTest(lowering, right, left);
  if (typeTest !== undefined) return typeTest;
  if (!isStrict) {
    if (isNullish(lowering, right)) return { kind: 'nullish', value: lowering.value(left) };
    if (isNullish(lowering, left)) return { kind: 'nullish', value: lowering.value(right) };
  }
  const value = operand(lowering, left, [right]);
  return { kind: 'equal', left: value, right: lowering.value(right), isStrict };
}

/** `typeof x` against a string. */
export function typeofTest(lowering: Lowering, test: ts.Expression, text: ts.Expression): Test | undefined {
  if (test.kind !== lowering.SyntaxKind.TypeOfExpression || !lowering.ts.isStringLiteralLike(text)) return undefined;
  return { kind: 'typeof', value: lowering.value((test as ts.TypeOfExpression).expression), type: text.text };
}

function isNullish(lowering: Lowering, node: ts.Expression): boolean {
  const { SyntaxKind } = lowering;
  if (node.kind === SyntaxKind.NullKeyword) return true;
  return node.kind === SyntaxKind.Identifier && (node as ts.Identifier).text === 'undefined' && lowering.scope.lookup('undefined') === undefined;
}
