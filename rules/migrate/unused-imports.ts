import { isBuiltin } from 'node:module';
import { Node, SyntaxKind, type ImportDeclaration, type SourceFile } from 'ts-morph';
import type { Edit } from '../fixes/plan.js';
import { requiredModule } from '../source/imports.js';
import { instance, unwrapped } from './compiler.js';

/**
 * Takes out the imports that a rewrite left without a use.
 *
 * @param file - the file as it is now
 * @param before - how often it named each import before
 * @returns the edits, in the order of the text
 */
export function withoutUnusedImports(file: SourceFile, before: ReadonlyMap<string, number>): readonly Edit[] {
  const after = usesOfImports(file);
  const isLeft = (name: string): boolean => (before.get(name) ?? 0) > 0 && after.get(name) === 0;
  return file.getStatements().flatMap((statement): readonly Edit[] => {
    if (Node.isImportDeclaration(statement)) return editsOf(statement, isLeft);
    if (!Node.isVariableStatement(statement)) return [];
    const [only, ...others] = statement.getDeclarations();
    const name = only?.getNameNode();
    const initializer = only?.getInitializer();
    const module = requiredModule(initializer && unwrapped(initializer), instance);
    if (only === undefined || others.length > 0 || module === undefined || !isBuiltin(module)) return [];
    if (Node.isIdentifier(name)) return isLeft(name.getText()) ? [wholeLine(statement)] : [];
    if (!Node.isObjectBindingPattern(name)) return [];
    const elements = name.getElements();
    const kept = elements.filter((element) => !isLeft(element.getName()));
    if (kept.length === elements.length) return [];
    if (kept.length === 0) return [wholeLine(statement)];
    return [{ start: elements[0]?.getStart() ?? 0, end: elements.at(-1)?.getEnd() ?? 0, text: kept.map((element) => element.getText()).join(', ') }];
  });
}

/** How often a file names each of its imports, besides where it imports it. */
export function usesOfImports(file: SourceFile): ReadonlyMap<string, number> {
  const uses = new Map<string, number>();
  for (const name of file.getDescendantsOfKind(SyntaxKind.Identifier)) uses.set(name.getText(), (uses.get(name.getText()) ?? -1) + 1);
  return uses;
}

function editsOf(declaration: ImportDeclaration, isLeft: (name: string) => boolean): readonly Edit[] {
  const named = declaration.getNamedImports();
  const kept = named.filter((one) => !isLeft(one.getAliasNode()?.getText() ?? one.getName()));
  const main = declaration.getDefaultImport() ?? declaration.getNamespaceImport();
  const isMainLeft = main !== undefined && isLeft(main.getText());
  if (!isMainLeft && kept.length === named.length) return [];
  if (kept.length === 0 && (main === undefined || isMainLeft)) return [wholeLine(declaration)];
  const first = named[0];
  const last = named.at(-1);
  if (isMainLeft || first === undefined || last === undefined) return [];
  if (kept.length > 0) return [{ start: first.getStart(), end: last.getEnd(), text: kept.map((one) => one.getText()).join(', ') }];
  return [{ start: main?.getEnd() ?? 0, end: declaration.getFirstDescendantByKindOrThrow(SyntaxKind.NamedImports).getEnd(), text: '' }];
}

function wholeLine(statement: Node): Edit {
  const text = statement.getSourceFile().getFullText();
  const line = /^[ \t]*\r?\n/.exec(text.slice(statement.getEnd()))?.[0].length ?? 0;
  return { start: statement.getStart(), end: statement.getEnd() + line, text: '' };
}
