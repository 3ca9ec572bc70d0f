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

/**
 * Whether a file is a test: nobody waits for it, it ends with its cases, and an exception in it is what it is there to show.
 *
 * @param file - the file, by what it names
 * @returns true where it imports a test runner, uses the functions that one makes global, or is called a test
 */
export function isTestFile({ names, specifiers, path }: Named): boolean {
  if (specifiers.some((specifier) => runners.has(specifier) || runners.has(specifier.replace(/\/.*$/, '')))) return true;
  return /\.(?:test|spec)\.[cm]?[jt]sx?$/.test(path) || (names.has('describe') && names.has('it') && (names.has('expect') || names.has('assert')));
}
