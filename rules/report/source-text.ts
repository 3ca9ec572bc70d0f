/** A place in a text: both from 1, the column in UTF-16 units, as ESLint counts. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A text by lines. Lines end where ESLint and TypeScript see them end. */
export class SourceText {
  readonly text: string;
  readonly #starts: readonly number[];

  constructor(text: string) {
    this.text = text;
    this.#starts = [0, ...[...text.matchAll(/\r\n|[\r\n\u2028\u2029]/g)].map((match) => match.index + match[0].length)];
  }

  get lineCount(): number {
    return this.#starts.length;
  }

  /** Where an offset is; one beyond the end is at the end. */
  positionOf(offset: number): Position {
    const bounded = Math.max(0, Math.min(offset, this.text.length));
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#start(middle) <= bounded) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return { line: low + 1, column: bounded - this.#start(low) + 1 };
  }

  offsetOf({ line, column }: Position): number {
    return Math.min(this.#start(line - 1) + column - 1, this.text.length);
  }

  /** A line without its end; empty where there is no such line. */
  line(line: number): string {
    return this.text.slice(this.#start(line - 1), this.#start(line)).replace(/[\r\n\u2028\u2029]+$/, '');
  }

  #start(index: number): number {
    return this.#starts[index] ?? this.text.length;
  }
}
