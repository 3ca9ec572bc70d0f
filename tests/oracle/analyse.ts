import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { isBorrowFinding, isMoveFinding, placeOf as reportedAt } from '../../rules/engine/findings.js';
import { sessionFor } from '../../rules/engine/session.js';
import type { SourceText } from './execute/truth.js';
import { opaqueText } from './generate/opaque.js';

/** What the engine says about a place. */
export interface Answer {
  /** `main:12`: the file without its extension, and the line. */
  readonly place: string;
  readonly certainty: 'certain' | 'potential';
  readonly kind: string;
  /** `main:9`: where it says the overwrite is. */
  readonly by: string;
}

/** What the engine says about a program; `crash` when it threw. */
export interface Opinion {
  readonly answers: readonly Answer[];
  readonly crash: string | undefined;
}

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const folder = '/oracle';
const opaqueFile = `${folder}/opaque.ts`;

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  lib: ['lib.es2024.d.ts', 'lib.esnext.disposable.d.ts', 'lib.dom.d.ts'],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  types: ['node'],
  allowJs: true,
  strict: true,
  skipLibCheck: true,
  noEmit: true,
};

/**
 * Analyses programs, many in one `ts.Program`: what a program costs is its globals. The parsed library files are kept
 * from one call to the next.
 */
export class Analyst {
  readonly #libraries = new Map<string, ts.SourceFile | undefined>();
  readonly #host = ts.createCompilerHost(options);
  readonly #resolutions = ts.createModuleResolutionCache(root, (name) => name, options);

  /**
   * Asks the engine about programs.
   * @param programs each its files
   * @returns the engine's opinion on each
   */
  analyse(programs: readonly (readonly SourceText[])[]): Opinion[] {
    const texts = new Map<string, string>();
    programs.forEach((files, index) => {
      for (const { name, text } of files) texts.set(`${folder}/${String(index)}/${name}`, text);
    });
    const program = this.#programOf(texts);
    return programs.map((files, index) => opinionOn(program, files.map(({ name }) => `${folder}/${String(index)}/${name}`)));
  }

  /**
   * Type errors of programs: the generator should write what a person could have written.
   * @param files one program's
   * @returns the messages with their lines
   */
  typeErrors(files: readonly SourceText[]): string[] {
    const program = this.#programOf(new Map(files.map(({ name, text }) => [`${folder}/0/${name}`, text])));
    return program
      .getRootFileNames()
      .flatMap((name) => program.getSemanticDiagnostics(program.getSourceFile(name)))
      .map(({ file, start, messageText }) => `${file === undefined ? '' : placeIn(file, start ?? 0)} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);
  }

  #programOf(texts: ReadonlyMap<string, string>): ts.Program {
    const host: ts.CompilerHost = {
      ...this.#host,
      getCurrentDirectory: () => root,
      fileExists: (name) => texts.has(name) || (!name.startsWith(`${folder}/`) && this.#host.fileExists(name)),
      readFile: (name) => texts.get(name) ?? this.#host.readFile(name),
      getSourceFile: (name, languageVersion) => {
        const text = texts.get(name);
        if (text !== undefined) return ts.createSourceFile(name, text, languageVersion, true);
        return this.#library(name, languageVersion);
      },
      resolveModuleNameLiterals: (literals, containingFile) =>
        literals.map(({ text }) => {
          if (!text.startsWith('.') || !containingFile.startsWith(`${folder}/`)) {
            return ts.resolveModuleName(text, containingFile.startsWith(folder) ? `${root}/oracle.ts` : containingFile, options, this.#host, this.#resolutions);
          }
          const base = text.replace(/^\.\//, '').replace(/\.js$/, '');
          const candidates = base === 'opaque' ? [opaqueFile] : ['.ts', '.d.ts', '.js'].map((extension) => `${dirname(containingFile)}/${base}${extension}`);
          const found = candidates.find((name) => name === opaqueFile || texts.has(name));
          if (found === undefined) return { resolvedModule: undefined };
          const extension = found.endsWith('.d.ts') ? ts.Extension.Dts : found.endsWith('.js') ? ts.Extension.Js : ts.Extension.Ts;
          return { resolvedModule: { resolvedFileName: found, extension, isExternalLibraryImport: false } };
        }),
    };
    return ts.createProgram({ rootNames: [...texts.keys()], options, host });
  }

  #library(name: string, languageVersion: ts.ScriptTarget | ts.CreateSourceFileOptions): ts.SourceFile | undefined {
    if (this.#libraries.has(name)) return this.#libraries.get(name);
    const file = name === opaqueFile ? ts.createSourceFile(name, opaqueText, languageVersion, true) : this.#host.getSourceFile(name, languageVersion);
    this.#libraries.set(name, file);
    return file;
  }
}

function opinionOn(program: ts.Program, names: readonly string[]): Opinion {
  try {
    const session = sessionFor({ ts, program, settings: { runtime: 'auto', contracts: undefined } });
    const answers = names.flatMap((name) => {
      const file = program.getSourceFile(name);
      if (file === undefined) throw new Error(`no ${name} in the program`);
      return session.findings(file, 'borrow').flatMap((finding): Answer[] => {
        const at = reportedAt(finding);
        const by = isBorrowFinding(finding) ? finding.invalidation.at : isMoveFinding(finding) ? finding.move.at : undefined;
        // What is found at a place of another file is not shown to anybody.
        if (by === undefined || at.file !== name) return [];
        return [{ place: placeOf(program, at), certainty: finding.certainty, kind: finding.kind, by: placeOf(program, by) }];
      });
    });
    return { answers, crash: undefined };
  } catch (error) {
    return { answers: [], crash: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

function placeOf(program: ts.Program, at: { readonly file: string; readonly start: number }): string {
  const file = program.getSourceFile(at.file);
  return file === undefined ? at.file : placeIn(file, at.start);
}

function placeIn(file: ts.SourceFile, start: number): string {
  const name = file.fileName.replace(/^.*\//, '').replace(/\.[cm]?[jt]s$/, '');
  return `${name}:${String(file.getLineAndCharacterOfPosition(start).line + 1)}`;
}
