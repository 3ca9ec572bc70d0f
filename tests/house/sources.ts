import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const NOT_OURS = new Set(['node_modules', 'dist', '.git', 'coverage', '.packages', 'fixtures', 'failures']);

/** Every file below a folder of the repository, by path from the root, without what is installed, built or data of tests. */
export function filesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = folder === '.' ? entry.name : `${folder}/${entry.name}`;
      if (NOT_OURS.has(entry.name)) {
        return [];
      }
      return entry.isDirectory() ? filesBelow(path) : [path.split(sep).join('/')];
    })
    .sort();
}

export function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

export interface Import {
  /** As written. */
  readonly specifier: string;
  /** From the root, for a file of the repository. */
  readonly file: string | undefined;
  /** Whether nothing of it is left at run time. */
  readonly isType: boolean;
}

/** What a file imports, by whatever means: `import`, `export from`, `import()`, `import("…").T`, `require()`. */
export function importsOf(path: string, text: string = read(path)): Import[] {
  const imports: Import[] = [];
  const add = (node: ts.Node | undefined, isType: boolean): void => {
    if (node !== undefined && ts.isStringLiteralLike(node)) {
      const specifier = node.text;
      const file = specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier).replace(/\.js$/, '.ts') : undefined;
      imports.push({ specifier, file, isType });
    }
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      add(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword);
    } else if (ts.isExportDeclaration(node)) {
      add(node.moduleSpecifier, node.isTypeOnly);
    } else if (ts.isImportTypeNode(node)) {
      add(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, true);
    } else if (ts.isCallExpression(node) && (node.expression.kind === ts.SyntaxKind.ImportKeyword || node.expression.getText() === 'require')) {
      add(node.arguments[0], false);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true));
  return imports;
}

/** A cycle among files, as a path that comes back to its start; undefined when there is none. */
export function findCycle(imports: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>();
  const walk = (file: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(file)) {
      return [...path.slice(path.indexOf(file)), file];
    }
    if (done.has(file)) {
      return undefined;
    }
    for (const next of imports.get(file) ?? []) {
      const cycle = walk(next, [...path, file]);
      if (cycle !== undefined) {
        return cycle;
      }
    }
    done.add(file);
    return undefined;
  };
  for (const file of imports.keys()) {
    const cycle = walk(file, []);
    if (cycle !== undefined) {
      return cycle;
    }
  }
  return undefined;
}

/** The folder of a path, from the root. */
export function folderOf(path: string): string {
  return relative('.', dirname(path)) || '.';
}
