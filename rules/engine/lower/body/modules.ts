import type ts from 'typescript';
import type { Variable } from '../../ir/index.js';
import { hasModifier } from '../syntax.js';
import { functionValue } from './literals.js';
import type { Lowering } from './lowering.js';
import { readName } from './names.js';

/** The bindings of a module's import declarations, made before anything runs. */
export function lowerImports(lowering: Lowering, statements: readonly ts.Statement[]): void {
  const { SyntaxKind } = lowering;
  for (const statement of statements) {
    if (statement.kind === SyntaxKind.ImportDeclaration) lowerImport(lowering, statement as ts.ImportDeclaration);
    else if (statement.kind === SyntaxKind.ImportEqualsDeclaration) lowerRequire(lowering, statement as ts.ImportEqualsDeclaration);
  }
}

function lowerImport(lowering: Lowering, { importClause, moduleSpecifier }: ts.ImportDeclaration): void {
  const { SyntaxKind } = lowering;
  if (importClause === undefined || importClause.isTypeOnly) return;
  const specifier = (moduleSpecifier as ts.StringLiteral).text;
  if (importClause.name !== undefined) bindImport(lowering, importClause.name, specifier, 'default');
  const { namedBindings } = importClause;
  if (namedBindings === undefined) return;
  if (namedBindings.kind === SyntaxKind.NamespaceImport) {
    bindImport(lowering, namedBindings.name, specifier, '*');
    return;
  }
  for (const element of namedBindings.elements) {
    if (!element.isTypeOnly) bindImport(lowering, element.name, specifier, (element.propertyName ?? element.name).text);
  }
}

function bindImport(lowering: Lowering, name: ts.Identifier, specifier: string, imported: string): void {
  const target = lowering.scope.lookup(name.text);
  if (target !== undefined) lowering.emit({ op: 'import', target, specifier, imported, origin: lowering.origin(name) });
}

/** `import x = require('y')` binds the module's value. */
function lowerRequire(lowering: Lowering, { isTypeOnly, moduleReference, name }: ts.ImportEqualsDeclaration): void {
  if (isTypeOnly || moduleReference.kind !== lowering.SyntaxKind.ExternalModuleReference) return;
  const { expression } = moduleReference;
  if (lowering.ts.isStringLiteralLike(expression)) bindImport(lowering, name, expression.text, '*');
}

/** `import x = a.b.c` is another name for a namespace's member. */
export function lowerImportEquals(lowering: Lowering, node: ts.ImportEqualsDeclaration): void {
  const { SyntaxKind } = lowering;
  if (node.isTypeOnly) return;
  if (node.moduleReference.kind !== SyntaxKind.ExternalModuleReference) {
    const target = lowering.scope.lookup(node.name.text);
    if (target !== undefined) lowering.copy(target, entityValue(lowering, node.moduleReference), lowering.origin(node));
  }
  lowerExported(lowering, node, node.name);
}

function entityValue(lowering: Lowering, name: ts.EntityName): Variable {
  if (name.kind === lowering.SyntaxKind.Identifier) return readName(lowering, name);
  const { left, right } = name;
  const object = entityValue(lowering, left);
  const origin = lowering.origin(name);
  const target = lowering.temporary(origin);
  lowering.emit({ op: 'load', target, object, key: { kind: 'name', name: right.text }, origin });
  return target;
}

/**
 * The `export` of a declaration, after it.
 * @param name the declared name; undefined for variables, which declare several, and for anonymous default exports.
 * @param value the declared value, when it has no name.
 */
export function lowerExported(lowering: Lowering, node: ts.Statement, name: ts.Identifier | undefined, value?: Variable): void {
  const { SyntaxKind } = lowering;
  if (!hasModifier(node, SyntaxKind.ExportKeyword)) return;
  if (node.kind === SyntaxKind.VariableStatement) {
    for (const declaration of (node as ts.VariableStatement).declarationList.declarations) exportBinding(lowering, declaration.name);
    return;
  }
  if (node.kind === SyntaxKind.FunctionDeclaration && !lowering.module.functionOf.has(node)) return;
  const isDefault = hasModifier(node, SyntaxKind.DefaultKeyword);
  const declared = name === undefined ? undefined : lowering.scope.lookup(name.text);
  const anonymous = node.kind === SyntaxKind.FunctionDeclaration ? () => functionValue(lowering, node as ts.FunctionDeclaration) : () => value;
  const source = declared ?? anonymous();
  if (source !== undefined) exportAs(lowering, isDefault ? 'default' : (name?.text ?? 'default'), source, node);
}

function exportBinding(lowering: Lowering, name: ts.BindingName): void {
  const { SyntaxKind } = lowering;
  if (name.kind === SyntaxKind.Identifier) {
    const variable = lowering.scope.lookup((name).text);
    if (variable !== undefined) exportAs(lowering, (name).text, variable, name);
    return;
  }
  for (const element of (name).elements) {
    if (element.kind !== SyntaxKind.OmittedExpression) exportBinding(lowering, (element).name);
  }
}

/** Inside a namespace an export is a member of its object. */
function exportAs(lowering: Lowering, name: string, source: Variable, at: ts.Node): void {
  const origin = lowering.origin(at);
  if (lowering.namespace === undefined) lowering.emit({ op: 'export', name, source, specifier: undefined, imported: undefined, origin });
  else lowering.emit({ op: 'store', object: lowering.namespace, key: { kind: 'name', name }, value: source, origin });
}

/** `export { a as b }`, `export { a } from 'm'`, `export * from 'm'` */
export function lowerExportDeclaration(lowering: Lowering, node: ts.ExportDeclaration): void {
  const { SyntaxKind } = lowering;
  if (node.isTypeOnly) return;
  const { exportClause } = node;
  const specifier = (node.moduleSpecifier as ts.StringLiteral | undefined)?.text;
  if (exportClause === undefined || exportClause.kind === SyntaxKind.NamespaceExport) {
    const name = exportClause === undefined ? '*' : (exportClause).name.text;
    lowering.emit({ op: 'export', name, source: undefined, specifier, imported: '*', origin: lowering.origin(node) });
    return;
  }
  for (const element of (exportClause).elements) {
    if (element.isTypeOnly) continue;
    const imported = (element.propertyName ?? element.name).text;
    const origin = lowering.origin(element);
    if (specifier !== undefined) lowering.emit({ op: 'export', name: element.name.text, source: undefined, specifier, imported, origin });
    else {
      // A name that no value declares is a type's.
      const source = lowering.scope.lookup(imported);
      if (source !== undefined) lowering.emit({ op: 'export', name: element.name.text, source, specifier: undefined, imported: undefined, origin });
    }
  }
}

/** `export default e` and `export = e` */
export function lowerExportAssignment(lowering: Lowering, node: ts.ExportAssignment): void {
  const source = lowering.value(node.expression);
  exportAs(lowering, node.isExportEquals === true ? 'export=' : 'default', source, node);
}
