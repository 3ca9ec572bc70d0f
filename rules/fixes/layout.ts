/** The blanks that a line begins with. */
export function indentationAt(at: number, text: string): string {
  return /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', at - 1) + 1))?.[0] ?? '';
}

/** One level of indentation, as the file writes it. */
export function stepIn(text: string): string {
  return /^(?:\t|[ ]{2,8}(?=[^\s*]))/m.exec(text)?.[0] ?? '  ';
}
