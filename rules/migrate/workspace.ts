import { createRequire } from 'node:module';
import type typescript from 'typescript';
import { Project, ts, type CompilerOptions, type Node, type SourceFile } from 'ts-morph';
import type { Domain, Finding } from '../engine/findings.js';
import { sessionFor, type BorrowckSettings, type ExplainingSession } from '../engine/session.js';
import type { FixContext } from '../fixes/context.js';
import { applyEdits } from '../fixes/plan.js';
import { fixContextOf, type Source } from '../source/fix-context.js';
import type { Changes } from './changes.js';
import { instance, optionsFor, programOf, rangeOf, unwrapped } from './compiler.js';

/** What a program is made of. */
interface WorkspaceOptions {
  /** As read from the project's configuration; files that belong to none are read as loosely as can be. */
  readonly compilerOptions: typescript.CompilerOptions | undefined;
  /** The files that may be rewritten, absolute. */
  readonly files: readonly string[];
  /** Those of them whose findings are migrated; all by default. */
  readonly targets?: readonly string[] | undefined;
  /** Declarations that the program needs besides: those of Node. */
  readonly declarations: readonly string[];
  readonly settings: BorrowckSettings;
}

/** Something that the compiler objects to. */
export interface ProgramError {
  readonly file: string;
  /** What it objects to, to the end of the line. */
  readonly code: string;
  /** With its number: `TS2322: …`. */
  readonly message: string;
}

const loosely: CompilerOptions = {
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.Preserve,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ['lib.es2024.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts', 'lib.dom.asynciterable.d.ts', 'lib.esnext.disposable.d.ts'],
  allowJs: true,
  strict: true,
  allowImportingTsExtensions: true,
  maxNodeModuleJsDepth: 0,
  types: [],
};

/** A program that can be rewritten in memory: its files, what is found in them, and what the compiler says. */
export class Workspace {
  readonly #project: Project;
  readonly #files: ReadonlySet<string>;
  readonly #targets: readonly string[];
  readonly #settings: BorrowckSettings;
  readonly #contexts = new Map<string, FixContext>();

  constructor({ compilerOptions, files, targets, declarations, settings }: WorkspaceOptions) {
    const options = compilerOptions === undefined ? loosely : optionsFor(compilerOptions);
    // What JavaScript has no annotations for is inferred: a promise where there was none shows.
    this.#project = new Project({ compilerOptions: { ...options, noEmit: true, skipLibCheck: true, checkJs: options.allowJs === true, composite: false, incremental: false }, skipAddingFilesFromTsConfig: true });
    for (const file of [...files, ...declarations]) this.#project.addSourceFileAtPathIfExists(file);
    this.#files = new Set(files);
    this.#targets = targets ?? files;
    this.#settings = settings;
  }

  /** The files that may be rewritten. */
  get files(): readonly SourceFile[] {
    return [...this.#files].flatMap((file) => this.#project.getSourceFile(file) ?? []);
  }

  /** The files whose findings are migrated. */
  get targets(): readonly SourceFile[] {
    return this.#targets.flatMap((file) => this.#project.getSourceFile(file) ?? []);
  }

  file(path: string): SourceFile | undefined {
    return this.#project.getSourceFile(path);
  }

  /** Whether a node stands in a file that may be rewritten. */
  isOwn(node: Node): boolean {
    return this.#files.has(node.getSourceFile().getFilePath());
  }

  /** What the engine finds in one file. */
  findings(file: SourceFile, domain: Domain): readonly Finding[] {
    return this.#session().findings(unwrapped(file), domain);
  }

  /** The questions that fixes ask about a file. */
  contextOf(file: SourceFile): FixContext {
    const path = file.getFilePath();
    let context = this.#contexts.get(path);
    if (context === undefined) this.#contexts.set(path, (context = fixContextOf(this.sourceOf(file), { hasRuntime: this.#mayUseRuntime(path) })));
    return context;
  }

  /** The file as the compiler has it. */
  sourceOf(file: SourceFile): Source {
    return { ts: instance, program: programOf(this.#project), file: unwrapped(file) };
  }

  /** What stands against suspending the function around a call; `isAwaitedByAll`: nobody goes on before it is done. */
  hazardOfSuspension(call: Node, { isAwaitedByAll }: { readonly isAwaitedByAll: boolean }): ReturnType<ExplainingSession['hazardOfSuspension']> {
    return this.#session().hazardOfSuspension(unwrapped(call.getSourceFile()), rangeOf(call), isAwaitedByAll);
  }

  /** The texts after a set of changes, of the files that change. */
  preview(changes: Changes): ReadonlyMap<string, string> {
    return new Map(changes.files.flatMap((path) => {
      const text = this.file(path)?.getFullText();
      return text === undefined ? [] : [[path, applyEdits(text, changes.editsOf(path))] as const];
    }));
  }

  /** From now on files have these texts. */
  rewrite(texts: ReadonlyMap<string, string>): void {
    for (const [path, text] of texts) this.file(path)?.replaceWithText(text);
    this.#contexts.clear();
  }

  /** What the compiler says about the files. */
  errors(): readonly ProgramError[] {
    const program = this.#project.getProgram();
    return this.files.flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].flatMap((one) => {
      if (one.getCategory() !== ts.DiagnosticCategory.Error) return [];
      const message = one.getMessageText();
      const [code = ''] = file.getFullText().slice(one.getStart() ?? 0).split('\n', 1);
      return [{ file: file.getFilePath(), code, message: `TS${one.getCode()}: ${typeof message === 'string' ? message : message.getMessageText()}` }];
    }));
  }

  #session(): ReturnType<typeof sessionFor> {
    return sessionFor({ ts: instance, program: programOf(this.#project), settings: this.#settings });
  }

  #mayUseRuntime(path: string): boolean {
    if (this.#settings.runtime !== 'auto') return this.#settings.runtime === 'always';
    try {
      createRequire(path).resolve('borrowck-runtime');
      return true;
    } catch {
      return false;
    }
  }
}
