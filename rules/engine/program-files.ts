import type ts from 'typescript';
import type { ProgramFile } from './blocking/files.js';
import type { ModuleIr } from './ir/index.js';

/**
 * A program's own files, by what they name. The parser has collected each file's identifiers already: no file is walked for this.
 *
 * @param program - the program
 * @param moduleOf - lowers a file
 * @returns the files that are neither declarations nor installed
 */
export function programFilesOf(program: ts.Program, moduleOf: (file: ts.SourceFile) => ModuleIr): readonly ProgramFile[] {
  return program
    .getSourceFiles()
    .filter((file) => !file.isDeclarationFile && !program.isSourceFileFromExternalLibrary(file) && !file.fileName.endsWith('.json'))
    .map((file) => programFileOf(file, moduleOf));
}

/**
 * A file of a program, by what it names.
 *
 * @param file - the file
 * @param moduleOf - lowers a file
 * @returns the file; nothing of it is looked at yet
 */
export function programFileOf(file: ts.SourceFile, moduleOf: (file: ts.SourceFile) => ModuleIr): ProgramFile {
  return new ParsedFile(file, moduleOf);
}

/** What the parser keeps beside the tree. */
interface Parsed {
  readonly identifiers?: ReadonlyMap<string, string>;
  readonly imports?: readonly ts.StringLiteralLike[];
}

class ParsedFile implements ProgramFile {
  readonly #file: ts.SourceFile;
  readonly #moduleOf: (file: ts.SourceFile) => ModuleIr;
  #specifiers: readonly string[] | undefined;
  #names: ReadonlySet<string> | ReadonlyMap<string, string> | undefined;

  constructor(file: ts.SourceFile, moduleOf: (file: ts.SourceFile) => ModuleIr) {
    this.#file = file;
    this.#moduleOf = moduleOf;
  }

  get path(): string {
    return this.#file.fileName;
  }

  get text(): string {
    return this.#file.text;
  }

  get names(): ReadonlySet<string> | ReadonlyMap<string, string> {
    // Another parser may keep no list: then every word of the text is a name.
    return (this.#names ??= (this.#file as Parsed).identifiers ?? new Set(this.#file.text.match(/#?[\p{ID_Start}$_][\p{ID_Continue}$]*/gu)));
  }

  get specifiers(): readonly string[] {
    return (this.#specifiers ??= this.#findSpecifiers());
  }

  #findSpecifiers(): readonly string[] {
    const listed = (this.#file as Parsed).imports?.map(({ text }) => text) ?? [];
    // In TypeScript files, `require` is a function like any other to the parser.
    const required = this.names.has('require') ? [...this.#file.text.matchAll(/\brequire\(\s*['"]([^'"\n]+)['"]/g)].map(([, specifier = '']) => specifier) : [];
    return [...listed, ...required];
  }

  get module(): ModuleIr {
    return this.#moduleOf(this.#file);
  }
}
