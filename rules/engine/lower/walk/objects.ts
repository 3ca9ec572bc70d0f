import type ts from 'typescript';
import { fixedName } from '../syntax.js';
import { walkFunction } from './functions.js';
import type { Position } from './position.js';
import type { Walker } from './walker.js';

/** `{ name: value }` */
export function walkProperty(walker: Walker, { name, initializer }: ts.PropertyAssignment, at: Position): void {
  const stored = fixedName(name, walker.ts);
  if (stored !== undefined) at.fn.outline.addStored(stored);
  walker.visitNamed(initializer, at, walkName(walker, name, at));
}

/** `{ name }` uses the variable of that name. */
export function walkShorthand(walker: Walker, { name, objectAssignmentInitializer }: ts.ShorthandPropertyAssignment, at: Position): void {
  at.fn.outline.addStored(name.text);
  at.scope.use(name.text, at.fn, false);
  walker.visit(objectAssignmentInitializer, at);
}

/** A method or accessor of an object literal. */
export function walkMethod(walker: Walker, node: ts.MethodDeclaration | ts.AccessorDeclaration, at: Position): void {
  const { SyntaxKind } = walker;
  const kind = node.kind === SyntaxKind.GetAccessor ? 'getter' : node.kind === SyntaxKind.SetAccessor ? 'setter' : 'method';
  walkFunction(walker, node, at, walkName(walker, node.name, at), kind);
}

function walkName(walker: Walker, name: ts.PropertyName, at: Position): string {
  if (name.kind !== walker.SyntaxKind.ComputedPropertyName) return (name as ts.Identifier).text;
  const { expression } = name;
  walker.visit(expression, at);
  return `[${walker.module.sourceFile.text.slice(expression.pos, expression.end).trim()}]`;
}
