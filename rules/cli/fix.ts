import { chmodSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Linter } from 'eslint';
import { UsageError } from './usage-error.js';

const BYTE_ORDER_MARK = '\uFEFF';

/**
 * Applies the fixes of one pass. Where two touch, the first in the text wins and the other has its turn in the next pass, as in ESLint.
 *
 * @param text without a byte order mark
 * @param messages of that text
 * @returns the new text, or undefined when nothing is to be fixed
 */
export function applyFixes(text: string, messages: readonly Linter.LintMessage[]): string | undefined {
  const fixes = messages.flatMap((message) => (message.fix === undefined ? [] : [message.fix]));
  fixes.sort((a, b) => a.range[0] - b.range[0] || a.range[1] - b.range[1]);
  let output = '';
  let last = -1;
  for (const { range: [start, end], text: replacement } of fixes) {
    if (start > last) {
      output += text.slice(Math.max(last, 0), start) + replacement;
      last = end;
    }
  }
  output += text.slice(Math.max(last, 0));
  return last === -1 || output === text ? undefined : output;
}

/**
 * Replaces a file's text at one stroke: whoever reads it, or pulls the plug, sees the old text or the new.
 *
 * @param file absolute; a symbolic link stays one
 * @param text without a byte order mark; the file keeps the one it has
 * @throws UsageError when the file or its folder cannot be written
 */
export function replaceFile(file: string, text: string): void {
  let temporary: string | undefined;
  try {
    const target = realpathSync(file);
    const hasMark = readFileSync(target, 'utf8').startsWith(BYTE_ORDER_MARK);
    temporary = join(dirname(target), `.${basename(target)}.${process.pid}.borrowck`);
    writeFileSync(temporary, (hasMark ? BYTE_ORDER_MARK : '') + text);
    chmodSync(temporary, statSync(target).mode);
    renameSync(temporary, target);
  } catch (error) {
    if (temporary !== undefined) {
      rmSync(temporary, { force: true });
    }
    throw new UsageError(`The fixed text of \`${file}\` cannot be written (${(error as NodeJS.ErrnoException).code}): check the permissions of the file and its folder.`);
  }
}
