import { chmodSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UsageError } from './usage-error.js';

const BYTE_ORDER_MARK = '\uFEFF';

/** A new text of a file. */
interface Replacement {
  /** Absolute; a symbolic link stays one. */
  readonly file: string;
  /** Without a byte order mark; the file keeps the one it has. */
  readonly text: string;
  /** What the file must still hold; undefined where that does not matter. */
  readonly expected?: string | undefined;
}

interface Prepared {
  readonly file: string;
  readonly target: string;
  readonly temporary: string;
  /** What was there, byte for byte. */
  readonly original: Buffer;
  readonly mode: number;
}

/** Half of a rewrite is no program: who is told to stop while files are replaced stops when that is done. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Replaces a file's text at one stroke: whoever reads it, or pulls the plug, sees the old text or the new.
 *
 * @param file absolute; a symbolic link stays one
 * @param text without a byte order mark; the file keeps the one it has
 * @throws UsageError when the file or its folder cannot be written
 */
export function replaceFile(file: string, text: string): void {
  replaceFiles([{ file, text }]);
}

/**
 * Replaces the texts of several files, all or none. Every new text lies on the disk before the first file is replaced; when one
 * cannot be, those replaced before get back what they held.
 *
 * @param replacements the files and their texts
 * @throws UsageError when a file cannot be written, or holds another text than was expected; then every file is as it was
 */
export function replaceFiles(replacements: readonly Replacement[]): void {
  const wait = (): void => undefined;
  for (const signal of SIGNALS) process.on(signal, wait);
  const prepared: Prepared[] = [];
  try {
    for (const replacement of replacements) {
      attempt(replacement.file, () => prepare(replacement, prepared));
    }
    commit(prepared);
  } finally {
    for (const { temporary } of prepared) {
      discard(temporary);
    }
    for (const signal of SIGNALS) process.off(signal, wait);
  }
}

function prepare({ file, text, expected }: Replacement, prepared: Prepared[]): void {
  const target = realpathSync(file);
  const original = readFileSync(target);
  const content = original.toString('utf8');
  const hasMark = content.startsWith(BYTE_ORDER_MARK);
  if (expected !== undefined && content.slice(hasMark ? 1 : 0) !== expected) {
    throw new UsageError(`\`${file}\` was changed by something else meanwhile: run again.`);
  }
  const temporary = join(dirname(target), `.${basename(target)}.${process.pid}.borrowck`);
  const { mode } = statSync(target);
  // Listed first: what fails halfway is cleaned up, too.
  prepared.push({ file, target, temporary, original, mode });
  writeFileSync(temporary, (hasMark ? BYTE_ORDER_MARK : '') + text);
  chmodSync(temporary, mode);
}

function commit(prepared: readonly Prepared[]): void {
  const replaced: Prepared[] = [];
  try {
    for (const one of prepared) {
      attempt(one.file, () => renameSync(one.temporary, one.target));
      replaced.push(one);
    }
  } catch (error) {
    for (const { target, temporary, original, mode } of replaced) {
      writeFileSync(temporary, original);
      chmodSync(temporary, mode);
      renameSync(temporary, target);
    }
    throw error;
  }
}

function discard(temporary: string): void {
  try {
    rmSync(temporary, { force: true });
  } catch {
    // Something else of that name is why the text could not be laid down: it is not ours.
  }
}

function attempt(file: string, action: () => void): void {
  try {
    action();
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`The fixed text of \`${file}\` cannot be written (${(error as NodeJS.ErrnoException).code}): check the permissions of the file and its folder.`);
  }
}
