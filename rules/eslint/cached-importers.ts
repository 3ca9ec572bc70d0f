import { readFileSync } from 'node:fs';
import path from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { displayPath, type TypedFile } from './type-information.js';

/**
 * ESLint's cache knows one file at a time: a file is not linted again because one that it imports has changed, though what we say about
 * it may have. A run with `--cache` says so where it happened.
 */

/** What the run has linted, and the files of the programs it saw, with their texts. */
interface Run {
  readonly cwd: string;
  readonly linted: Set<string>;
  readonly texts: Map<string, string>;
}

let run: Run | undefined;

/**
 * Called for each file that a rule looks at. Does nothing unless ESLint's command was started with a cache; a worker of it sees only a
 * part of the files, and keeps silent.
 *
 * @param file - the linted file and its program
 * @param cwd - where ESLint was started
 */
export function watchCache({ program, sourceFile }: TypedFile, cwd: string): void {
  if (run === undefined) {
    if (!isMainThread || !isCaching(process.argv)) return;
    run = { cwd, linted: new Set(), texts: new Map() };
    process.once('exit', tell);
  }
  run.linted.add(sourceFile.fileName);
  if (run.texts.has(sourceFile.fileName)) return;
  for (const file of program.getSourceFiles()) if (!file.isDeclarationFile) run.texts.set(file.fileName, file.text);
}

function isCaching(argv: readonly string[]): boolean {
  return /[\\/]eslint(?:\.js)?$/.test(argv[1] ?? '') && argv.includes('--cache');
}

function tell(): void {
  if (run === undefined) return;
  const { cwd, linted, texts } = run;
  const cache = readCache(cwd, process.argv);
  const stale = [...texts].filter(([name, text]) => !linted.has(name) && cache.includes(JSON.stringify(path.normalize(name)).slice(1, -1)) && importsOne(name, text, linted)).map(([name]) => displayPath(name, cwd));
  if (stale.length === 0) return;
  const named = `${stale.slice(0, 3).join(', ')}${stale.length > 3 ? ` and ${stale.length - 3} more` : ''}`;
  process.stderr.write(`note: borrowck looks across files, ESLint's cache does not: ${named} came from the cache, though what ${stale.length === 1 ? 'it imports' : 'they import'} was linted anew. Run without --cache to be sure.\n`);
}

/** The cache's text; none when there is none, or it is a folder of caches. */
function readCache(cwd: string, argv: readonly string[]): string {
  const at = argv.findIndex((argument) => argument.startsWith('--cache-location'));
  const option = argv[at] ?? '';
  const location = at < 0 ? '.eslintcache' : option.includes('=') ? option.slice(option.indexOf('=') + 1) : (argv[at + 1] ?? '');
  try {
    return readFileSync(path.resolve(cwd, location), 'utf8');
  } catch {
    return '';
  }
}

const specifiers = /\b(?:from|import|require)\b\s*\(?\s*(["'])(?<specifier>\.[^"'\n]*)\1/g;

/** The file names a linted one, by a path relative to itself. */
function importsOne(name: string, text: string, linted: ReadonlySet<string>): boolean {
  const stems = new Set([...linted].map(stemOf));
  return [...text.matchAll(specifiers)].some(({ groups }) => {
    const target = path.posix.join(path.posix.dirname(name), groups?.['specifier'] ?? '');
    return stems.has(stemOf(target)) || stems.has(`${target}/index`);
  });
}

function stemOf(name: string): string {
  return name.replace(/\.[cm]?[jt]sx?$/, '');
}
