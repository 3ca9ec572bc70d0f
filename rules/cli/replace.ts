import { chmodSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Journal, JournalEntry } from './journal.js';
import { UsageError } from './usage-error.js';

const BYTE_ORDER_MARK = '\uFEFF';

/** The bits of a file's mode that let anyone write it. */
const ANY_WRITE = 0o222;

/** A new text of a file. */
interface Replacement {
  /** Absolute; a symbolic link stays one. */
  readonly file: string;
  /** Without a byte order mark; the file keeps the one it has. */
  readonly text: string;
  /** What the file must still hold; undefined where that does not matter. */
  readonly expected?: string | undefined;
}

/** A file that is to be replaced, with what was there and what will be, byte for byte. */
interface Prepared extends JournalEntry {
  readonly file: string;
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
 * @param journal where it is written down what to take back, should the process be killed meanwhile
 * @throws UsageError when a file cannot be written, or holds another text than was expected; then every file is as it was
 */
export function replaceFiles(replacements: readonly Replacement[], journal?: Journal): void {
  if (replacements.length === 0) return;
  const wait = (): void => undefined;
  for (const signal of SIGNALS) process.on(signal, wait);
  let laidDown: readonly Prepared[] = [];
  try {
    const prepared = replacements.map((replacement) => attempt(replacement.file, () => prepare(replacement)));
    journal?.begin(prepared);
    laidDown = prepared;
    for (const one of prepared) {
      attempt(one.file, () => {
        writeFileSync(one.temporary, one.after);
        chmodSync(one.temporary, one.mode);
      });
    }
    commit(prepared);
  } finally {
    for (const { temporary } of laidDown) {
      discard(temporary);
    }
    if (laidDown.length > 0) journal?.end();
    for (const signal of SIGNALS) process.off(signal, wait);
  }
}

function prepare({ file, text, expected }: Replacement): Prepared {
  const target = realpathSync(file);
  const before = readFileSync(target);
  const content = before.toString('utf8');
  const hasMark = content.startsWith(BYTE_ORDER_MARK);
  if (expected !== undefined && content.slice(hasMark ? 1 : 0) !== expected) {
    throw new UsageError(`\`${file}\` was changed by something else meanwhile: run again.`);
  }
  const { mode } = statSync(target);
  // A rename would not ask, nor does the system ask its administrator.
  if ((mode & ANY_WRITE) === 0) throw new UsageError(`\`${file}\` is read-only: make it writable, then run again.`);
  const temporary = join(dirname(target), `.${basename(target)}.${process.pid}.borrowck`);
  return { file, target, temporary, before, after: Buffer.from((hasMark ? BYTE_ORDER_MARK : '') + text), mode };
}

function commit(prepared: readonly Prepared[]): void {
  const replaced: Prepared[] = [];
  try {
    for (const one of prepared) {
      attempt(one.file, () => renameSync(one.temporary, one.target));
      replaced.push(one);
    }
  } catch (error) {
    for (const { target, temporary, before, mode } of replaced) {
      writeFileSync(temporary, before);
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

function attempt<T>(file: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`The fixed text of \`${file}\` cannot be written (${(error as NodeJS.ErrnoException).code}): check the permissions of the file and its folder.`);
  }
}
