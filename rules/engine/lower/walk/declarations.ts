import type ts from 'typescript';
import type { Scope } from '../scope.js';
import { isErasedNamespace } from '../syntax.js';
import { walkBinding } from './bindings.js';
import type { Position } from './position.js';
import type { Walker } from './walker.js';

/** The name of a function or class; declared twice, it is no constant. */
export function declareNamed(walker: Walker, name: ts.Identifier, scope: Scope): void {
  const isKnown = scope.bindings.has(name.text);
  const variable = walker.declare(name, name.text, 'local', scope);
  if (isKnown) variable.isConstant = false;
}

/** `var`, `let`, `const`, `using`. */
export function walkVariables(walker: Walker, list: ts.VariableDeclarationList, at: Position, isLoopHead = false): void {
  const { NodeFlags, SyntaxKind } = walker;
  const isVar = (list.flags & NodeFlags.BlockScoped) === 0;
  if ((list.flags & NodeFlags.BlockScoped) === NodeFlags.AwaitUsing) at.fn.outline.hasAwait = true;
  for (const declaration of list.declarations) {
    const { initializer } = declaration;
    const isRepeated = isVar && at.isInLoop && (isLoopHead || initializer !== undefined);
    const isOfThis = initializer?.kind === SyntaxKind.ThisKeyword;
    const hint = declaration.name.kind === SyntaxKind.Identifier ? (declaration.name).text : '<anonymous>';
    walkBinding(walker, declaration.name, at, { scope: isVar ? at.scope.nearestVarScope() : at.scope, storage: 'local', isRepeated, isOfThis });
    walker.visitNamed(initializer, at, hint);
  }
}

/** Whether a statement list declares anything block-scoped; without it a block needs no scope. */
export function declaresLexically(walker: Walker, statements: readonly ts.Statement[]): boolean {
  const { NodeFlags, SyntaxKind } = walker;
  return statements.some((statement) => {
    switch (statement.kind) {
      case SyntaxKind.FunctionDeclaration:
      case SyntaxKind.ClassDeclaration:
      case SyntaxKind.EnumDeclaration:
      case SyntaxKind.ModuleDeclaration:
        return true;
      case SyntaxKind.VariableStatement:
        return ((statement as ts.VariableStatement).declarationList.flags & NodeFlags.BlockScoped) !== 0;
      default:
        return false;
    }
  });
}

/** A namespace that holds values: its body runs in place, with its own `var` scope. */
export function walkNamespace(walker: Walker, node: ts.ModuleDeclaration, at: Position): void {
  const { SyntaxKind } = walker;
  if (isErasedNamespace(node, walker.ts)) return;
  walker.declare(node.name, node.name.text, 'local', at.scope);
  const body = node.body as ts.ModuleBlock | ts.NamespaceDeclaration;
  const inside = walker.openScope(body, at, true);
  if (body.kind === SyntaxKind.ModuleDeclaration) walkNamespace(walker, body, inside);
  else walker.visitAll(body.statements, inside);
  walker.close(inside);
}

/** Declares what an import binds; type-only imports bind nothing. */
export function walkImport(walker: Walker, node: ts.ImportDeclaration, at: Position): void {
  const { SyntaxKind } = walker;
  const clause = node.importClause;
  if (clause === undefined || clause.isTypeOnly) return;
  if (clause.name !== undefined) walker.declare(clause.name, clause.name.text, 'import', at.scope);
  const bindings = clause.namedBindings;
  if (bindings === undefined) return;
  if (bindings.kind === SyntaxKind.NamespaceImport) {
    walker.declare(bindings.name, bindings.name.text, 'import', at.scope);
    return;
  }
  for (const specifier of bindings.elements) {
    if (!specifier.isTypeOnly) walker.declare(specifier.name, specifier.name.text, 'import', at.scope);
  }
}

/** `import x = require('y')` and `import x = a.b`. */
export function walkImportEquals(walker: Walker, node: ts.ImportEqualsDeclaration, at: Position): void {
  const { SyntaxKind } = walker;
  if (node.isTypeOnly) return;
  const reference = node.moduleReference;
  if (reference.kind === SyntaxKind.ExternalModuleReference) {
    walker.declare(node.name, node.name.text, 'import', at.scope);
    return;
  }
  walker.declare(node.name, node.name.text, 'local', at.scope);
  let name: ts.EntityName = reference;
  while (name.kind === SyntaxKind.QualifiedName) {
    at.fn.outline.addMember(name.right.text, false);
    name = name.left;
  }
  at.scope.use(name.text, at.fn, false);
}

/** `export { a, b as c }` reads the names; with a specifier it names another module's. */
export function walkExport(walker: Walker, node: ts.ExportDeclaration, at: Position): void {
  const { SyntaxKind } = walker;
  if (node.isTypeOnly || node.moduleSpecifier !== undefined || node.exportClause?.kind !== SyntaxKind.NamedExports) return;
  for (const specifier of (node.exportClause).elements) {
    if (!specifier.isTypeOnly) at.scope.use((specifier.propertyName ?? specifier.name).text, at.fn, false);
  }
}
