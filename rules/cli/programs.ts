import { dirname, join, resolve, sep } from 'node:path';
import type ts from 'typescript';
import { defaultOptions, looseResolution } from './default-program.js';
import { ProjectFinder } from './projects.js';
import type { Project } from './projects.js';
import { ownNodeTypes } from './toolchain.js';

/** Files that are checked with one program. */
export interface Unit {
  /** Undefined for files that belong to no project. */
  readonly project: Project | undefined;
  readonly files: readonly string[];
}

/** Sorts files into units, one per project and one for the rest. */
export function planUnits(instance: typeof ts, files: readonly string[], cwd: string): { units: Unit[]; notes: readonly string[] } {
  const finder = new ProjectFinder(instance, cwd);
  const groups = new Map<Project | undefined, string[]>();
  for (const file of files) {
    const project = finder.projectOf(file);
    const group = groups.get(project);
    if (group === undefined) {
      groups.set(project, [file]);
    } else {
      group.push(file);
    }
  }
  return { units: [...groups].map(([project, group]) => ({ project, files: group })), notes: finder.notes };
}

type SourceFiles = Map<string, ts.SourceFile | undefined>;
const libraryFiles = new WeakMap<typeof ts, Map<string, SourceFiles>>();

/**
 * The compiler's own libraries, which programs of equal language options share: parsing and binding them takes longer than a small
 * project does.
 */
function librariesOf(instance: typeof ts, options: ts.ScriptTarget | ts.CreateSourceFileOptions): SourceFiles {
  const caches = libraryFiles.get(instance) ?? new Map<string, SourceFiles>();
  libraryFiles.set(instance, caches);
  const key = typeof options === 'object' ? `${options.languageVersion}:${options.impliedNodeFormat}:${options.jsDocParsingMode}` : String(options);
  const cache = caches.get(key) ?? new Map<string, ts.SourceFile | undefined>();
  caches.set(key, cache);
  return cache;
}

/** Programs of one unit, rebuilt as its files are rewritten; files that did not change are parsed once. */
export class ProgramBuilder {
  readonly #ts: typeof ts;
  readonly #options: ts.CompilerOptions;
  readonly #roots: readonly string[];
  readonly #references: readonly ts.ProjectReference[] | undefined;
  readonly #host: ts.CompilerHost;
  readonly #rewritten = new Map<string, string>();
  readonly #sourceFiles: SourceFiles = new Map();
  #program: ts.Program | undefined;
  #isStale = false;

  constructor(instance: typeof ts, unit: Unit) {
    this.#ts = instance;
    const parsed = unit.project?.parsed;
    this.#options = { ...(parsed?.options ?? defaultOptions(instance)), noEmit: true, skipLibCheck: true };
    this.#references = parsed?.projectReferences;
    this.#host = this.#createHost(unit.project === undefined);
    const base = unit.project === undefined ? (unit.files[0] ?? '') : unit.project.configFile;
    this.#roots = [...new Set([...(parsed?.fileNames ?? []), ...unit.files, ...nodeTypesFor(instance, base, this.#options, this.#host)])];
  }

  /** The program over the files as they are now. */
  program(): ts.Program {
    if (this.#program !== undefined && !this.#isStale) {
      return this.#program;
    }
    this.#isStale = false;
    this.#program = this.#ts.createProgram({
      rootNames: this.#roots,
      options: this.#options,
      host: this.#host,
      ...(this.#references && { projectReferences: this.#references }),
      ...(this.#program && { oldProgram: this.#program }),
    });
    return this.#program;
  }

  /** From now on the program sees this text for the file. */
  rewrite(file: string, text: string): void {
    this.#isStale = true;
    this.#rewritten.set(resolve(file), text);
    this.#sourceFiles.delete(resolve(file));
  }

  #createHost(isDefault: boolean): ts.CompilerHost {
    const host = this.#ts.createCompilerHost(this.#options, true);
    const readFile = host.readFile.bind(host);
    host.readFile = (file) => this.#rewritten.get(resolve(file)) ?? readFile(file);
    const libraries = resolve(dirname(this.#ts.getDefaultLibFilePath({}))) + sep;
    const getSourceFile = host.getSourceFile.bind(host);
    host.getSourceFile = (file, ...rest) => {
      const key = resolve(file);
      const cache = key.startsWith(libraries) ? librariesOf(this.#ts, rest[0]) : this.#sourceFiles;
      if (!cache.has(key)) {
        cache.set(key, getSourceFile(file, ...rest));
      }
      return cache.get(key);
    };
    // Sources of referenced projects, whether or not they were built.
    (host as { useSourceOfProjectReferenceRedirect?(): boolean }).useSourceOfProjectReferenceRedirect = () => true;
    if (isDefault) {
      host.resolveModuleNameLiterals = looseResolution(this.#ts, host);
    }
    return host;
  }
}

/**
 * TypeScript 6 looks at no `@types` unless told, and without Node's types no `Buffer` is one. The project's own come first: two
 * copies would declare everything twice.
 *
 * @param instance the TypeScript that will read them
 * @param base the configuration, or a file of the program
 * @param options the program's
 * @param host reads files
 * @returns the declarations to add to the program
 */
export function nodeTypesFor(instance: typeof ts, base: string, options: ts.CompilerOptions, host: ts.ModuleResolutionHost): string[] {
  const { resolvedTypeReferenceDirective: found } = instance.resolveTypeReferenceDirective('node', join(dirname(base), '_.ts'), options, host);
  const file = found?.resolvedFileName ?? ownNodeTypes();
  return file === undefined ? [] : [file];
}
