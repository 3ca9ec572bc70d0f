import type { FixContext, Range } from './context.js';

/** A statement that begins like this would go on with one before it that has no semicolon. */
export const startsAnExpression = /^[([`/+-]/;

/**
 * What to write around a statement for another one to come before it.
 *
 * @param place - the statement, and whether it stands where only one may
 * @param first - the other one, without a semicolon
 * @param context - the file
 * @returns the text before the statement, and behind it
 */
export function precede({ statement, isLoose }: { readonly statement: Range; readonly isLoose: boolean }, first: string, { text, style }: Pick<FixContext, 'style' | 'text'>): { readonly before: string; readonly behind: string } {
  const { newline, semicolon } = style;
  const isFirstOnLine = /(?:^|\n)[ \t]*$/.test(text.slice(0, statement.start));
  if (!isFirstOnLine && !isLoose) return { before: `${first}; `, behind: '' };
  const guard = startsAnExpression.test(text.slice(statement.start, statement.end)) ? ';' : semicolon;
  const outer = indentationAt(statement.start, text);
  const inner = `${newline}${outer}${isLoose ? stepIn(text) : ''}`;
  return { before: `${isLoose ? `{${inner}` : ''}${first}${guard}${inner}`, behind: isLoose ? `${newline}${outer}}` : '' };
}

/** The blanks that a line begins with. */
export function indentationAt(at: number, text: string): string {
  return /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', at - 1) + 1))?.[0] ?? '';
}

/** One level of indentation, as the file writes it. */
export function stepIn(text: string): string {
  return /^(?:\t|[ ]{2,8}(?=[^\s*]))/m.exec(text)?.[0] ?? '  ';
}
