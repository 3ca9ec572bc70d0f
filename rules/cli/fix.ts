import type { Linter } from 'eslint';

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
