import type ts from 'typescript';
import { isAssignmentOperator } from '../syntax.js';
import { walkTarget } from './bindings.js';
import type { Position } from './position.js';
import type { Walker } from './walker.js';

/** Left-associative chains of any length are walked without recursion. */
export function walkBinary(walker: Walker, node: ts.BinaryExpression, at: Position): void {
  const { SyntaxKind } = walker;
  if (isAssignmentOperator(node.operatorToken.kind, walker.ts)) {
    walkAssignment(walker, node, at);
    return;
  }
  const rights: ts.Expression[] = [];
  let left: ts.Expression = node;
  while (left.kind === SyntaxKind.BinaryExpression && !isAssignmentOperator((left as ts.BinaryExpression).operatorToken.kind, walker.ts)) {
    rights.push((left as ts.BinaryExpression).right);
    left = (left as ts.BinaryExpression).left;
  }
  walker.visit(left, at);
  for (let i = rights.length - 1; i >= 0; i--) walker.visit(rights[i], at);
}

function walkAssignment(walker: Walker, node: ts.BinaryExpression, at: Position): void {
  const { SyntaxKind } = walker;
  const { left, right } = node;
  walkTarget(walker, left, at, right.kind === SyntaxKind.ThisKeyword);
  const name =
    left.kind === SyntaxKind.Identifier
      ? (left as ts.Identifier).text
      : left.kind === SyntaxKind.PropertyAccessExpression
        ? (left as ts.PropertyAccessExpression).name.text
        : '<anonymous>';
  walker.visitNamed(right, at, name);
}

/** `!x`, and `x++`, which writes. */
export function walkUnary(walker: Walker, node: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression, at: Position): void {
  const { SyntaxKind } = walker;
  const isUpdate = node.operator === SyntaxKind.PlusPlusToken || node.operator === SyntaxKind.MinusMinusToken;
  if (isUpdate) walkTarget(walker, node.operand, at);
  else walker.visit(node.operand, at);
}
