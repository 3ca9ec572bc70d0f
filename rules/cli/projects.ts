import { dirname, join, relative, resolve, sep } from 'node:path';
import type ts from 'typescript';
import { UsageError } from './usage-error.js';

/** A tsconfig.json or jsconfig.json, read. */
export interface Project {
  readonly configFile: string;
  readonly parsed: ts.ParsedCommandLine;
  /** What `include` and `files` name. */
  readonly files: ReadonlySet<string>;
}

const CONFIG_NAMES = ['tsconfig.json', 'jsconfig.json'];

/** `No inputs were found` and `The 'files' list is empty`: a configuration that only holds references says so too. */
const HARMLESS = new Set([18002, 18003]);

/** Answers which configuration a file belongs to. Reads each configuration once. */
export class ProjectFinder {
  readonly #ts: typeof ts;
  readonly #cwd: string;
  readonly #projects = new Map<string, Project | undefined>();
  /** Configurations of installed packages that could not be read: theirs to mend, not the user's. */
  readonly notes: string[] = [];

  constructor(instance: typeof ts, cwd: string) {
    this.#ts = instance;
    this.#cwd = cwd;
  }

  /**
   * @param file absolute
   * @returns the nearest project that names the file, or undefined when none does
   * @throws UsageError when a configuration on the way up is broken, unless it lies in `node_modules`
   */
  projectOf(file: string): Project | undefined {
    for (let folder = dirname(file); ; folder = dirname(folder)) {
      for (const name of CONFIG_NAMES) {
        const found = this.#including(join(folder, name), file, new Set());
        if (found !== undefined) {
          return found;
        }
      }
      const parent = dirname(folder);
      // A project does not own what is installed in it.
      if (parent === folder || parent.endsWith('node_modules')) {
        return undefined;
      }
    }
  }

  /** The project of this configuration, or of one that it references, if it names the file. */
  #including(configFile: string, file: string, seen: Set<string>): Project | undefined {
    if (seen.has(configFile)) {
      return undefined;
    }
    seen.add(configFile);
    const project = this.#read(configFile);
    if (project === undefined || project.files.has(file) || this.#mayReach(project, file)) {
      return project;
    }
    for (const reference of project.parsed.projectReferences ?? []) {
      const found = this.#including(this.#ts.resolveProjectReferencePath(reference), file, seen);
      if (found !== undefined) {
        return found;
      }
    }
    return undefined;
  }

  /** A project that names only its entry points (`files` without `include`) owns what they import: files beside and below it. */
  #mayReach({ parsed, configFile }: Project, file: string): boolean {
    const raw = parsed.raw as { files?: unknown; include?: unknown } | undefined;
    const isListed = Array.isArray(raw?.files) && raw.files.length > 0 && raw.include === undefined;
    const isReadable = /\.[cm]?tsx?$/.test(file) || parsed.options.allowJs === true;
    return isListed && isReadable && file.startsWith(dirname(configFile) + sep);
  }

  #read(configFile: string): Project | undefined {
    if (this.#projects.has(configFile)) {
      return this.#projects.get(configFile);
    }
    const project = this.#ts.sys.fileExists(configFile) ? this.#parse(configFile) : undefined;
    this.#projects.set(configFile, project);
    return project;
  }

  #parse(configFile: string): Project | undefined {
    const errors: ts.Diagnostic[] = [];
    const parsed = this.#ts.getParsedCommandLineOfConfigFile(configFile, {}, {
      ...this.#ts.sys,
      onUnRecoverableConfigFileDiagnostic: (diagnostic) => errors.push(diagnostic),
    });
    // With the syntax errors of the file itself, which `parsed.errors` leaves out.
    const diagnostics = parsed === undefined ? [] : this.#ts.getConfigFileParsingDiagnostics(parsed);
    errors.push(...diagnostics.filter((error) => error.category === this.#ts.DiagnosticCategory.Error && !HARMLESS.has(error.code)));
    const [first] = errors;
    if (first !== undefined) {
      const problem = this.#describe(first, errors.length - 1, configFile);
      if (!configFile.includes('node_modules')) {
        throw new UsageError(`${problem}: correct it, then run again.`);
      }
      this.notes.push(`${problem}: its files are checked with default options.`);
      return undefined;
    }
    return parsed && { configFile, parsed, files: new Set(parsed.fileNames.map((name) => resolve(name))) };
  }

  #describe(error: ts.Diagnostic, others: number, configFile: string): string {
    const position = error.file && error.start !== undefined ? error.file.getLineAndCharacterOfPosition(error.start) : undefined;
    const path = relative(this.#cwd, error.file?.fileName ?? configFile);
    const where = position === undefined ? path : `${path}:${position.line + 1}:${position.character + 1}`;
    const what = this.#ts.flattenDiagnosticMessageText(error.messageText, ' ').replace(/\.$/, '');
    return `The configuration ${where} is broken (${what}${others > 0 ? `, and ${others} more` : ''})`;
  }
}
