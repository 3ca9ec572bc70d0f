import type ts from 'typescript';

/** The expression inside parentheses, type assertions, `satisfies` and `!`. */
export function withoutAssertions(t: typeof ts, expression: ts.Expression): ts.Expression {
  let inner = expression;
  while (
    t.isParenthesizedExpression(inner) ||
    t.isAsExpression(inner) ||
    t.isTypeAssertionExpression(inner) ||
    t.isNonNullExpression(inner) ||
    t.isSatisfiesExpression(inner)
  ) {
    inner = inner.expression;
  }
  return inner;
}

/** A function or class with code in it. */
export function isBody(t: typeof ts, node: ts.Node): boolean {
  return t.isClassLike(node) || (t.isFunctionLike(node) && 'body' in node && node.body !== undefined);
}
