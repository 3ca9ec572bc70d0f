import type ts from 'typescript';

type TypeScript = typeof import('typescript');

/** Small questions about syntax that both the scope walk and the lowering ask. None needs parent pointers or symbols. */

export function hasModifier(node: ts.Node, kind: ts.SyntaxKind): boolean {
  const { modifiers } = node as { modifiers?: ts.NodeArray<ts.ModifierLike> };
  return modifiers !== undefined && modifiers.some((modifier) => modifier.kind === kind);
}

export function decoratorsOf(node: ts.Node, tsc: TypeScript): readonly ts.Decorator[] {
  const { modifiers } = node as { modifiers?: ts.NodeArray<ts.ModifierLike> };
  return modifiers === undefined ? [] : modifiers.filter((modifier): modifier is ts.Decorator => modifier.kind === tsc.SyntaxKind.Decorator);
}

/** `(e)`, `e as T`, `<T>e`, `e!`, `e satisfies T` and `e<T>` are `e`. */
export function skipTransparent(node: ts.Expression, tsc: TypeScript): ts.Expression {
  const { SyntaxKind } = tsc;
  for (;;) {
    switch (node.kind) {
      case SyntaxKind.ParenthesizedExpression:
      case SyntaxKind.AsExpression:
      case SyntaxKind.TypeAssertionExpression:
      case SyntaxKind.NonNullExpression:
      case SyntaxKind.SatisfiesExpression:
      case SyntaxKind.ExpressionWithTypeArguments:
      case SyntaxKind.PartiallyEmittedExpression:
        node = (node as ts.ParenthesizedExpression).expression;
        break;
      default:
        return node;
    }
  }
}

export function isAssignmentOperator(kind: ts.SyntaxKind, tsc: TypeScript): boolean {
  return kind >= tsc.SyntaxKind.FirstAssignment && kind <= tsc.SyntaxKind.LastAssignment;
}

/** The fixed name of a property, or undefined for a computed one. */
export function fixedName(name: ts.PropertyName, tsc: TypeScript): string | undefined {
  if (name.kind !== tsc.SyntaxKind.ComputedPropertyName) return (name as ts.Identifier).text;
  return literalName((name).expression, tsc);
}

/** The member that `x[e]` names when `e` is a string or number literal. */
export function literalName(expression: ts.Expression, tsc: TypeScript): string | undefined {
  const node = skipTransparent(expression, tsc);
  return tsc.isStringLiteralLike(node) || tsc.isNumericLiteral(node) ? node.text : undefined;
}

/** A declaration that leaves nothing at run time: `declare …`, interfaces, types, overloads are handled where they are met. */
export function isAmbient(node: ts.Node, tsc: TypeScript): boolean {
  return hasModifier(node, tsc.SyntaxKind.DeclareKeyword);
}

/** A namespace that holds only types is erased. */
export function isErasedNamespace(node: ts.ModuleDeclaration, tsc: TypeScript): boolean {
  const { SyntaxKind } = tsc;
  if (isAmbient(node, tsc) || node.name.kind === SyntaxKind.StringLiteral || node.body === undefined) return true;
  if (node.body.kind === SyntaxKind.ModuleDeclaration) return isErasedNamespace(node.body, tsc);
  if (node.body.kind !== SyntaxKind.ModuleBlock) return true;
  return (node.body).statements.every((statement) => {
    if (statement.kind === SyntaxKind.InterfaceDeclaration || statement.kind === SyntaxKind.TypeAliasDeclaration) return true;
    if (isAmbient(statement, tsc)) return true;
    return statement.kind === SyntaxKind.ModuleDeclaration && isErasedNamespace(statement as ts.ModuleDeclaration, tsc);
  });
}

/** The JSDoc comment or the modifiers that make a member private or protected. */
export function accessOf(node: ts.ClassElement, tsc: TypeScript): 'public' | 'protected' | 'private' {
  const { SyntaxKind } = tsc;
  if (node.name?.kind === SyntaxKind.PrivateIdentifier || hasModifier(node, SyntaxKind.PrivateKeyword)) return 'private';
  if (hasModifier(node, SyntaxKind.ProtectedKeyword)) return 'protected';
  const docs = (node as { jsDoc?: readonly ts.JSDoc[] }).jsDoc;
  for (const doc of docs ?? []) {
    for (const tag of doc.tags ?? []) {
      if (tag.kind === SyntaxKind.JSDocPrivateTag) return 'private';
      if (tag.kind === SyntaxKind.JSDocProtectedTag) return 'protected';
    }
  }
  return 'public';
}

/** `<div>` and `<svg:path>` name no variable. */
export function isIntrinsicTag(tag: ts.JsxTagNameExpression, tsc: TypeScript): boolean {
  if (tag.kind === tsc.SyntaxKind.JsxNamespacedName) return true;
  return tag.kind === tsc.SyntaxKind.Identifier && /^[a-z]/u.test(tag.text);
}
