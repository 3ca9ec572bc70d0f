import type { SourceText, Truth } from './execute/truth.js';

/** A program kept as a file, with the truth it must show. */
export interface KeptProgram {
  readonly files: readonly SourceText[];
  /** `main:7`. */
  readonly corrupted: readonly string[];
  readonly parked: readonly string[];
  readonly isBranchExact: boolean;
}

const separator = /^\/\/ file: (\S+)\n/m;

/** @returns places without the file's extension, in order */
export function placesIn(places: Iterable<string>): string[] {
  return [...places].map((place) => place.replace(/\.[cm]?[jt]s:/, ':')).sort();
}

/**
 * Prints a program as one file: a header with the truth, then each of its files.
 * @param files the program
 * @param truth what happens when it runs
 * @param isBranchExact whether certain answers can be wrong about it
 * @param notes what else a reader should know
 * @returns the text
 */
export function printKept(files: readonly SourceText[], truth: Truth, isBranchExact: boolean, notes: readonly string[]): string {
  const list = (places: Iterable<string>): string => placesIn(places).join(' ') || 'none';
  const details = [...truth.corrupted.values()].map(
    ({ place, by, callers }) => `// ${placesIn([place]).join('')} is overwritten at ${placesIn(by).join(', ')}${callers.size > 0 ? `, called from ${placesIn(callers).join(', ')}` : ''}`,
  );
  const head = [`// corrupted: ${list(truth.corrupted.keys())}`, `// parked: ${list(truth.parked.keys())}`, `// branch-exact: ${isBranchExact ? 'yes' : 'no'}`];
  return [...head, ...details, ...notes.map((note) => `// ${note}`), ...files.map(({ name, text }) => `// file: ${name}\n${text}`)].join('\n');
}

/**
 * Reads a kept file back. Lines count from 1 in each of its parts.
 * @param text the file's text
 * @returns the program and its truth
 * @throws {Error} when the header is not one
 */
export function parseKept(text: string): KeptProgram {
  const [head = '', ...parts] = text.split(separator);
  const field = (name: string): string => {
    const value = new RegExp(`^// ${name}: (.*)$`, 'm').exec(head)?.[1];
    if (value === undefined) throw new Error(`a kept program needs a line "// ${name}: …"`);
    return value;
  };
  const list = (name: string): string[] => field(name).split(' ').filter((place) => place !== 'none');
  const files: SourceText[] = [];
  for (let index = 0; index + 1 < parts.length; index += 2) files.push({ name: parts[index] ?? '', text: parts[index + 1] ?? '' });
  return { files, corrupted: list('corrupted'), parked: list('parked'), isBranchExact: field('branch-exact') === 'yes' };
}
