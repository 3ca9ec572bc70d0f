/** What of a file tells whether it is a test. */
interface Named {
  /** Absolute, normalised. */
  readonly path: string;
  /** Every identifier in the file. */
  readonly names: { has(name: string): boolean };
  /** What the file imports or requires, as written. */
  readonly specifiers: readonly string[];
}

const runners: ReadonlySet<string> = new Set(['node:test', 'vitest', '@jest/globals', 'mocha', 'ava', 'tap', 'tape', 'uvu', 'bun:test', '@playwright/test', 'jasmine']);

const assertions = /^(?:(?:node:)?assert(?:\/strict)?|chai|should|expect\.js|power-assert)$/;

/**
 * Whether a file is a test: nobody waits for it, it ends with its cases, and an exception in it is what it is there to show.
 *
 * @param file - the file, by what it names
 * @returns true where it imports a test runner, uses the functions that one makes global beside assertions, or is called a test; a name that only begins
 *   or ends with the word, as `test-parser.js` does, needs assertions beside it
 */
export function isTestFile({ names, specifiers, path }: Named): boolean {
  if (specifiers.some((specifier) => runners.has(specifier) || runners.has(specifier.replace(/\/.*$/, '')))) return true;
  if (/(?:^|\/)test[-_][^/]*$|[-_]test\.[cm]?[jt]sx?$/.test(path) && specifiers.some((specifier) => assertions.test(specifier))) return true;
  return /\.(?:test|spec)\.[cm]?[jt]sx?$/.test(path) || (names.has('describe') && (names.has('it') || names.has('test')) && (names.has('expect') || names.has('assert') || specifiers.some((specifier) => assertions.test(specifier))));
}
