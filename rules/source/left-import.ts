import type ts from 'typescript';
import type { LeftImport, Range } from '../fixes/context.js';
import type { Source } from './fix-context.js';
import { requiredModule } from './imports.js';
import { expressionIn, nodesBelow, rangeOf } from './places.js';

/** Loading these has no effect that somebody could miss. */
const isNodes = (module: string | undefined): boolean => module !== undefined && /^(?:node:|(?:fs|zlib|crypto|child_process)$)/.test(module);

/**
 * The import that is left without a use where a callee goes.
 *
 * @param callee - what is called: an imported name, or a member of one
 * @param source - the file
 * @returns undefined where the name has another use, or a comment would go along
 */
export function importLeftBy(callee: Range, source: Source): LeftImport | undefined {
  const { ts: t, file } = source;
  let root: ts.Node | undefined = expressionIn(callee, source);
  while (root !== undefined && t.isPropertyAccessExpression(root)) root = root.expression;
  if (root === undefined || !t.isIdentifier(root)) return undefined;
  const { text } = root;
  let count = 0;
  for (const node of nodesBelow(file)) if (t.isIdentifier(node) && node.text === text) count++;
  // Where it is imported, and here.
  if (count !== 2) return undefined;
  for (const statement of file.statements) {
    const left = t.isImportDeclaration(statement) ? inImport(statement, text, t) : t.isVariableStatement(statement) ? inRequire(statement, text, t) : undefined;
    if (left !== undefined) return /\/[/*]/.test(file.text.slice(statement.getStart(), statement.end)) ? undefined : left;
  }
  return undefined;
}

function inImport(statement: ts.ImportDeclaration, local: string, t: typeof ts): LeftImport | undefined {
  const { importClause, moduleSpecifier } = statement;
  if (importClause === undefined || !t.isStringLiteral(moduleSpecifier) || !isNodes(moduleSpecifier.text)) return undefined;
  const { name: main, namedBindings } = importClause;
  const declaration = rangeOf(statement);
  const others = namedBindings === undefined ? [] : t.isNamedImports(namedBindings) ? namedBindings.elements : [namedBindings];
  if (main?.text === local) return { declaration, local, item: rangeOf(main), withComma: namedBindings && { start: main.getStart(), end: namedBindings.getStart() } };
  const left = itemOf(others, local, declaration);
  // `import fs, { readFileSync } from 'fs'` goes on without its braces.
  return left === undefined || main === undefined || others.length > 1 ? left : { ...left, withComma: { start: main.end, end: namedBindings?.end ?? main.end } };
}

function inRequire(statement: ts.VariableStatement, local: string, t: typeof ts): LeftImport | undefined {
  const [only, ...others] = statement.declarationList.declarations;
  if (only === undefined || others.length > 0 || !isNodes(requiredModule(only.initializer, t))) return undefined;
  const declaration = rangeOf(statement);
  if (t.isIdentifier(only.name)) return only.name.text === local ? { declaration, local, item: rangeOf(only.name), withComma: undefined } : undefined;
  if (!t.isObjectBindingPattern(only.name) || only.name.elements.some(({ dotDotDotToken }) => dotDotDotToken !== undefined)) return undefined;
  return itemOf(only.name.elements, local, declaration);
}

/** One of the names that are imported together. */
function itemOf(items: readonly (ts.BindingElement | ts.ImportSpecifier | ts.NamespaceImport)[], local: string, declaration: Range): LeftImport | undefined {
  const at = items.findIndex((one) => one.name.getText() === local);
  const [before, item, after] = [items[at - 1], items[at], items[at + 1]];
  if (item === undefined) return undefined;
  const withComma = after !== undefined ? { start: item.getStart(), end: after.getStart() } : before !== undefined ? { start: before.end, end: item.end } : undefined;
  return { declaration, local, item: rangeOf(item), withComma };
}
