import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

export const root = fileURLToPath(new URL('../../../', import.meta.url)).replaceAll('\\', '/').replace(/\/$/, '');

/** Source files of the language's and Node's declarations: parsed once for all programs. */
const declarations = new Map<string, ts.SourceFile | undefined>();

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  lib: ['lib.es2024.d.ts', 'lib.dom.d.ts'],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  types: ['node'],
  paths: { 'borrowck-runtime': [`${root}/lib/dist/index.d.ts`] },
  allowImportingTsExtensions: true,
  allowJs: true,
  strict: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: true,
  noEmit: true,
};

/** Where a file of the given name would lie: inside the project, so that packages resolve, but not on disk. */
export function virtualPath(name: string): string {
  return path.posix.join(root, 'tests', 'virtual', name);
}

/**
 * A program over files that are not on disk.
 *
 * @param files - their texts, by absolute name
 * @returns the program, with Node's declarations
 */
export function programOf(files: Readonly<Record<string, string>>): ts.Program {
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile, directoryExists } = host;
  host.getSourceFile = (file, languageVersion, ...rest) => {
    const text = files[file];
    if (text !== undefined) return ts.createSourceFile(file, text, languageVersion, true);
    if (!declarations.has(file)) declarations.set(file, getSourceFile(file, languageVersion, ...rest));
    return declarations.get(file);
  };
  host.fileExists = (file) => file in files || fileExists(file);
  host.readFile = (file) => files[file] ?? readFile(file);
  host.directoryExists = (directory) => Object.keys(files).some((file) => file.startsWith(`${directory}/`)) || (directoryExists?.(directory) ?? false);
  host.getCurrentDirectory = () => root;
  return ts.createProgram(Object.keys(files), options, host);
}

/** What the compiler says about one file, each with its code. */
export function typeErrorsOf(program: ts.Program, file: string): string[] {
  const sourceFile = program.getSourceFile(file);
  const diagnostics = [...program.getSyntacticDiagnostics(sourceFile), ...program.getSemanticDiagnostics(sourceFile)];
  return diagnostics.map((one) => `TS${one.code}: ${ts.flattenDiagnosticMessageText(one.messageText, '\n')}`);
}
