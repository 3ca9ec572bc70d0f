import type ts from 'typescript';
import type { Variable } from '../../ir/index.js';
import { isAssignmentOperator, skipTransparent } from '../syntax.js';
import { hold, operand } from './changes.js';
import { chainOf } from './conditions.js';
import { UNUSED, USED, type Lowering, type Use } from './lowering.js';
import { readName, writeName } from './names.js';
import { bindAssignment, memberTarget, targetOf, type Place } from './patterns.js';

/** Any `a ∘ b`. */
export function lowerBinary(lowering: Lowering, node: ts.BinaryExpression, use: Use): Variable {
  const { SyntaxKind } = lowering;
  const operator = node.operatorToken.kind;
  if (isAssignmentOperator(operator, lowering.ts)) return lowerAssignment(lowering, node, use);
  switch (operator) {
    case SyntaxKind.CommaToken: {
      const operands = chainOf(lowering, node);
      for (const each of operands.slice(0, -1)) lowering.effect(each);
      return lowering.value(operands.at(-1) as ts.Expression, use);
    }
    case SyntaxKind.AmpersandAmpersandToken:
    case SyntaxKind.BarBarToken:
    case SyntaxKind.QuestionQuestionToken:
      return lowerLogical(lowering, node, use);
    default:
      return lowerArithmetic(lowering, node);
  }
}

/** Left-associative chains of any length (`a + b + …`) without recursion. */
function lowerArithmetic(lowering: Lowering, node: ts.BinaryExpression): Variable {
  const chain: ts.BinaryExpression[] = [];
  let left: ts.Expression = node;
  while (left.kind === lowering.SyntaxKind.BinaryExpression && isArithmetic(lowering, left as ts.BinaryExpression)) {
    chain.push(left as ts.BinaryExpression);
    left = (left as ts.BinaryExpression).left;
  }
  let value: Variable | undefined;
  for (let i = chain.length - 1; i >= 0; i--) {
    const { left: first, operatorToken, right } = chain[i] as ts.BinaryExpression;
    value = value === undefined ? leftOperand(lowering, first, right) : value;
    const origin = lowering.origin(chain[i] as ts.BinaryExpression);
    const second = lowering.value(right);
    const target = lowering.temporary(origin);
    lowering.emit({ op: 'binary', target, operator: lowering.ts.tokenToString(operatorToken.kind) ?? '', left: value, right: second, origin });
    value = target;
  }
  return value as Variable;
}

/** `#x in o` has a name on its left. */
function leftOperand(lowering: Lowering, node: ts.Expression, right: ts.Expression): Variable {
  if (node.kind === lowering.SyntaxKind.PrivateIdentifier) return lowering.literal((node as ts.PrivateIdentifier).text, lowering.origin(node));
  return operand(lowering, node, [right]);
}

function isArithmetic(lowering: Lowering, node: ts.BinaryExpression): boolean {
  const { SyntaxKind } = lowering;
  switch (node.operatorToken.kind) {
    case SyntaxKind.CommaToken:
    case SyntaxKind.AmpersandAmpersandToken:
    case SyntaxKind.BarBarToken:
    case SyntaxKind.QuestionQuestionToken:
      return false;
    default:
      return !isAssignmentOperator(node.operatorToken.kind, lowering.ts);
  }
}

/** `a && b`, `a || b`, `a ?? b` for their value, or only for their effects. */
function lowerLogical(lowering: Lowering, node: ts.BinaryExpression, use: Use): Variable {
  const { graph } = lowering;
  const origin = lowering.origin(node);
  const result = lowering.temporary(origin);
  const end = graph.reserve();
  const operands = chainOf(lowering, node);
  operands.forEach((each, index) => {
    const isLast = index === operands.length - 1;
    const value = lowering.value(each, isLast || !use.isResultUsed ? { ...use, isResultUsed: use.isResultUsed || !isLast } : USED);
    if (isLast) {
      if (use.isResultUsed) lowering.copy(result, value, lowering.origin(each));
      graph.goto(end);
      return;
    }
    const next = graph.reserve();
    const kept = use.isResultUsed ? graph.reserve() : end;
    shortCircuit(lowering, node.operatorToken.kind, value, each, next, kept);
    if (use.isResultUsed) {
      graph.start(kept);
      lowering.copy(result, value, lowering.origin(each));
      graph.goto(end);
    }
    graph.start(next);
  });
  graph.start(end);
  return result;
}

/** Goes to `next` when the operator evaluates its right side, to `kept` when the left side is the result. */
function shortCircuit(lowering: Lowering, operator: ts.SyntaxKind, value: Variable, node: ts.Node, next: number, kept: number): void {
  const { SyntaxKind } = lowering;
  const origin = lowering.origin(node);
  const isNullish = operator === SyntaxKind.QuestionQuestionToken || operator === SyntaxKind.QuestionQuestionEqualsToken;
  const isOr = operator === SyntaxKind.BarBarToken || operator === SyntaxKind.BarBarEqualsToken;
  if (isNullish) lowering.graph.end({ kind: 'branch', test: { kind: 'nullish', value }, then: next, otherwise: kept, origin });
  else lowering.graph.end({ kind: 'branch', test: { kind: 'truthy', value }, then: isOr ? kept : next, otherwise: isOr ? next : kept, origin });
}

/** `c ? a : b` for its value, or only for its effects. */
export function lowerConditional(lowering: Lowering, node: ts.ConditionalExpression, use: Use): Variable {
  const { graph } = lowering;
  const result = lowering.temporary(lowering.origin(node));
  const then = graph.reserve();
  const otherwise = graph.reserve();
  const end = graph.reserve();
  lowering.condition(node.condition, then, otherwise);
  for (const [block, arm] of [[then, node.whenTrue], [otherwise, node.whenFalse]] as const) {
    graph.start(block);
    const value = lowering.value(arm, use);
    if (use.isResultUsed) lowering.copy(result, value, lowering.origin(arm));
    graph.goto(end);
  }
  graph.start(end);
  return result;
}

function lowerAssignment(lowering: Lowering, node: ts.BinaryExpression, use: Use): Variable {
  const { SyntaxKind } = lowering;
  switch (node.operatorToken.kind) {
    case SyntaxKind.EqualsToken:
      return bindAssignment(lowering, node);
    case SyntaxKind.AmpersandAmpersandEqualsToken:
    case SyntaxKind.BarBarEqualsToken:
    case SyntaxKind.QuestionQuestionEqualsToken:
      return lowerLogicalAssignment(lowering, node, use);
    default: {
      const operator = (lowering.ts.tokenToString(node.operatorToken.kind) ?? '').slice(0, -1);
      const { load, store } = place(lowering, node.left, [node.right], node);
      const left = hold(lowering, load(), node.left, [node.right]);
      const right = lowering.value(node.right);
      const origin = lowering.origin(node);
      const target = lowering.temporary(origin);
      lowering.emit({ op: 'binary', target, operator, left, right, origin });
      store(target);
      return target;
    }
  }
}

/** A place that is read and then written. */
function place(lowering: Lowering, target: ts.Expression, later: readonly ts.Node[], at: ts.Node): Place {
  const { SyntaxKind } = lowering;
  const node = skipTransparent(target, lowering.ts);
  switch (node.kind) {
    case SyntaxKind.Identifier:
      return {
        load: () => readName(lowering, node as ts.Identifier),
        store: (value) => {
          writeName(lowering, node as ts.Identifier, value, at);
        },
      };
    case SyntaxKind.PropertyAccessExpression:
    case SyntaxKind.ElementAccessExpression:
      return memberTarget(lowering, node as ts.PropertyAccessExpression | ts.ElementAccessExpression, later, at);
    default:
      return { load: () => lowering.value(node), store: targetOf(lowering, node, later, at) };
  }
}

/** `a ??= b`: the right side and the store happen on one way only. */
function lowerLogicalAssignment(lowering: Lowering, node: ts.BinaryExpression, use: Use): Variable {
  const { graph } = lowering;
  const origin = lowering.origin(node);
  const { load, store } = place(lowering, node.left, [node.right], node);
  const current = load();
  const result = lowering.temporary(origin);
  const assign = graph.reserve();
  const kept = graph.reserve();
  const end = graph.reserve();
  shortCircuit(lowering, node.operatorToken.kind, current, node.left, assign, kept);
  graph.start(kept);
  if (use.isResultUsed) lowering.copy(result, current, origin);
  graph.goto(end);
  graph.start(assign);
  const value = lowering.value(node.right);
  store(value);
  if (use.isResultUsed) lowering.copy(result, value, origin);
  graph.goto(end);
  graph.start(end);
  return result;
}

/** `++x`, `x--`, and the operators that give a new value. */
export function lowerUnary(lowering: Lowering, node: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression, use: Use): Variable {
  const { SyntaxKind } = lowering;
  const origin = lowering.origin(node);
  const isUpdate = node.operator === SyntaxKind.PlusPlusToken || node.operator === SyntaxKind.MinusMinusToken;
  if (!isUpdate) {
    const value = lowering.value(node.operand);
    const target = lowering.temporary(origin);
    lowering.emit({ op: 'unary', target, operator: lowering.ts.tokenToString(node.operator) ?? '', operand: value, origin });
    return target;
  }
  const { load, store } = place(lowering, node.operand, [], node);
  let before = load();
  const isOldValueUsed = node.kind === SyntaxKind.PostfixUnaryExpression && use.isResultUsed;
  if (isOldValueUsed && before.storage !== 'temporary') {
    const kept = lowering.temporary(origin);
    lowering.copy(kept, before, origin);
    before = kept;
  }
  const one = lowering.literal(1, origin);
  const after = lowering.temporary(origin);
  lowering.emit({ op: 'binary', target: after, operator: node.operator === SyntaxKind.PlusPlusToken ? '+' : '-', left: before, right: one, origin });
  store(after);
  return isOldValueUsed ? before : after;
}

/** `void e` */
export function lowerVoid(lowering: Lowering, node: ts.VoidExpression): Variable {
  lowering.value(node.expression, UNUSED);
  return lowering.literal(undefined, lowering.origin(node));
}

