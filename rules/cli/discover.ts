import { readFileSync, readdirSync, statSync } from 'node:fs';
import type { Dirent } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { globSync, isDynamicPattern } from 'tinyglobby';
import { UsageError } from './usage-error.js';

/** The files of a check, and what was left out and why: what is not looked at must not pass for clean. */
export interface Discovery {
  /** Absolute, sorted, each once. */
  readonly files: readonly string[];
  /** From reason to the paths left out, folders ending in a separator. */
  readonly skipped: ReadonlyMap<SkipReason, readonly string[]>;
}

export type SkipReason = 'dependencies' | 'build output' | 'coverage' | 'hidden' | 'minified' | 'declarations only' | 'unreadable';

const SOURCE = /\.(?:[cm]?[jt]s|[jt]sx)$/;
const DECLARATION = /\.d(?:\.[^.]+)?\.[cm]?ts$/;
const MINIFIED_NAME = /[.-]min\.[cm]?js$/;
const BUILD_OUTPUT = new Set(['dist', 'build', 'out']);

/** Below this nobody minifies; above it, lines this long on average are not written by hand. */
const MINIFIED_SIZE = 4096;
const MINIFIED_LINE = 300;

function isMinified(file: string): boolean {
  if (MINIFIED_NAME.test(file)) {
    return true;
  }
  if (statSync(file).size < MINIFIED_SIZE) {
    return false;
  }
  const text = readFileSync(file, 'utf8');
  return text.length / text.split('\n').length > MINIFIED_LINE;
}

function isInsideDependency(path: string): boolean {
  return path.split(sep).includes('node_modules');
}

class Walk {
  readonly files = new Set<string>();
  readonly skipped = new Map<SkipReason, string[]>();

  skip(reason: SkipReason, path: string): void {
    const paths = this.skipped.get(reason);
    if (paths === undefined) {
      this.skipped.set(reason, [path]);
    } else {
      paths.push(path);
    }
  }

  folder(folder: string): void {
    let entries: Dirent[];
    try {
      entries = readdirSync(folder, { withFileTypes: true });
    } catch {
      this.skip('unreadable', folder + sep);
      return;
    }
    for (const entry of entries) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        const reason = this.reasonToSkipFolder(path, entry.name, entries);
        if (reason === undefined) {
          this.folder(path);
        } else {
          this.skip(reason, path + sep);
        }
      } else if (SOURCE.test(entry.name)) {
        this.foundFile(path);
      }
    }
  }

  private reasonToSkipFolder(path: string, name: string, siblings: readonly Dirent[]): SkipReason | undefined {
    if (name === 'node_modules') {
      return 'dependencies';
    }
    if (name.startsWith('.')) {
      return 'hidden';
    }
    if (name === 'coverage') {
      return 'coverage';
    }
    // What a package ships is its source for our purposes; beside a `src` folder, in a project, it is a copy of it.
    if (BUILD_OUTPUT.has(name) && !isInsideDependency(path) && siblings.some((entry) => entry.name === 'src' && entry.isDirectory())) {
      return 'build output';
    }
    return undefined;
  }

  private foundFile(path: string): void {
    if (DECLARATION.test(path)) {
      this.skip('declarations only', path);
      return;
    }
    try {
      if (!statSync(path).isFile()) {
        return;
      }
      if (isMinified(path)) {
        this.skip('minified', path);
      } else {
        this.files.add(path);
      }
    } catch {
      this.skip('unreadable', path);
    }
  }

  /** A path that the user wrote: what a folder's walk would leave out is checked when it is named. */
  named(path: string, written: string): void {
    let isFolder: boolean;
    try {
      isFolder = statSync(path).isDirectory();
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
      throw new UsageError(
        code === 'ENOENT' || code === 'ENOTDIR'
          ? `There is no file or folder \`${written}\`: check the path.`
          : `\`${written}\` cannot be read (${code}): check its permissions.`,
      );
    }
    if (isFolder) {
      try {
        readdirSync(path);
      } catch (error) {
        throw new UsageError(`The folder \`${written}\` cannot be read (${(error as NodeJS.ErrnoException).code}): check its permissions.`);
      }
      this.folder(path);
      return;
    }
    if (!SOURCE.test(path)) {
      throw new UsageError(`\`${written}\` is not a TypeScript or JavaScript file: name files that end in .ts, .tsx, .mts, .cts, .js, .jsx, .mjs or .cjs, or a folder.`);
    }
    if (DECLARATION.test(path)) {
      this.skip('declarations only', path);
      return;
    }
    try {
      readFileSync(path);
    } catch (error) {
      throw new UsageError(`\`${written}\` cannot be read (${(error as NodeJS.ErrnoException).code}): check its permissions.`);
    }
    this.files.add(path);
  }
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

/**
 * Finds what to check.
 *
 * @param paths files, folders and glob patterns as the user wrote them
 * @param cwd what relative paths are relative to
 * @returns the files to check and those left out
 * @throws UsageError when a path does not exist, cannot be read or is no source file, and when nothing is left to check
 */
export function discover(paths: readonly string[], cwd: string): Discovery {
  const walk = new Walk();
  for (const written of paths) {
    const path = resolve(cwd, written);
    if (isDynamicPattern(written) && !isReachable(path)) {
      const matches = globSync(written, { cwd, absolute: true, ignore: ['**/node_modules/**'] });
      for (const match of matches.filter((file) => SOURCE.test(file))) {
        walk.named(resolve(match), written);
      }
    } else {
      walk.named(path, written);
    }
  }
  if (walk.files.size === 0) {
    throw new UsageError(nothingToCheck(paths, walk.skipped, cwd));
  }
  return { files: [...walk.files].sort(), skipped: walk.skipped };
}

function isReachable(path: string): boolean {
  try {
    return exists(path);
  } catch {
    return false;
  }
}

function nothingToCheck(paths: readonly string[], skipped: ReadonlyMap<SkipReason, readonly string[]>, cwd: string): string {
  const where = paths.map((path) => `\`${path}\``).join(', ');
  const left = [...skipped].map(([reason, list]) => `${reason}: ${describePaths(list, cwd)}`).join('; ');
  return left === ''
    ? `There are no TypeScript or JavaScript files in ${where}: name another file or folder.`
    : `There is nothing to check in ${where} (left out: ${left}): name a file or folder inside to check it all the same.`;
}

/** `dist/`, or `dist/ and 3 more`. */
function describePaths(paths: readonly string[], cwd: string): string {
  const [first = '', ...others] = paths;
  const shown = relative(cwd, first) || basename(dirname(first));
  const name = first.endsWith(sep) ? shown + sep : shown;
  return others.length === 0 ? name : `${name} and ${others.length} more`;
}

/** The reasons that a user may want to know of; declarations and dependencies go without saying. */
const WORTH_A_NOTE: ReadonlySet<SkipReason> = new Set(['build output', 'minified', 'unreadable']);

/** One sentence per reason for which something was left out. */
export function skipNotes(discovery: Discovery, cwd: string): string[] {
  return [...discovery.skipped]
    .filter(([reason]) => WORTH_A_NOTE.has(reason))
    .map(([reason, paths]) =>
      reason === 'unreadable'
        ? `left out, because it cannot be read: ${describePaths(paths, cwd)}`
        : `left out as ${reason}: ${describePaths(paths, cwd)} (name a path to check it)`,
    );
}
