import type ts from 'typescript';

/**
 * Where a name that is seen at a node is declared.
 *
 * @param name - the name of a value or an import
 * @param node - the node that would use it
 * @param program - the program it belongs to
 * @param t - the TypeScript that built the program
 * @returns `module` at the top level of the node's file, `local` deeper, `global` where the file does not declare it
 */
export function scopeOf(name: string, node: ts.Node, program: ts.Program, t: typeof ts): 'global' | 'module' | 'local' {
  const file = node.getSourceFile();
  const symbol = program.getTypeChecker().getSymbolsInScope(node, t.SymbolFlags.Value | t.SymbolFlags.Alias).find((one) => one.name === name);
  const declarations = symbol?.declarations?.filter((declaration) => declaration.getSourceFile() === file) ?? [];
  if (declarations.length === 0) return 'global';
  return declarations.every((declaration) => isTopLevel(declaration, t)) ? 'module' : 'local';
}

function isTopLevel(declaration: ts.Node, t: typeof ts): boolean {
  let holder = declaration.parent;
  while (t.isVariableDeclarationList(holder) || t.isVariableDeclaration(holder) || t.isBindingElement(holder) || t.isBindingName(holder) || t.isVariableStatement(holder) || isPartOfImport(holder, t)) holder = holder.parent;
  return t.isSourceFile(holder);
}

function isPartOfImport(node: ts.Node, t: typeof ts): boolean {
  return t.isImportDeclaration(node) || t.isImportClause(node) || t.isNamedImports(node);
}
