import { readFileSync } from 'node:fs';
import { relative, sep } from 'node:path';
import type { ReportInput } from './input.js';
import { SourceText } from './source-text.js';

/** The texts that a report quotes, each read and split once. */
export class Sources {
  readonly #input: ReportInput;
  readonly #texts = new Map<string, SourceText>();

  constructor(input: ReportInput) {
    this.#input = input;
  }

  of(file: string): SourceText {
    let text = this.#texts.get(file);
    if (text === undefined) {
      text = new SourceText(this.#input.sourceOf(file) ?? read(file));
      this.#texts.set(file, text);
    }
    return text;
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch {
    // The file went away, or never was one: a report without the quotation still says where.
    return '';
  }
}

/** A path as reports show it: relative to the working directory where it lies inside, with slashes. */
export function shownPath(file: string, cwd: string): string {
  const path = relative(cwd, file);
  return (path.startsWith('..') || path === '' ? file : path).split(sep).join('/');
}
