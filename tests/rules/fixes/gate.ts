import * as parser from '@typescript-eslint/parser';
import { Linter } from 'eslint';
import ts from 'typescript';
import { expect } from 'vitest';
import borrowck from '../../../rules/index.js';
import { programOf, root, typeErrorsOf, virtualPath } from './program.js';
import { commentsOf, newOnes } from './texts.js';

/** How a source is linted and fixed. */
export interface GateOptions {
  /** As in a configuration: `{ 'borrowck/no-borrowed-yield': 'error' }`. */
  readonly rules: Linter.RulesRecord;
  /** `settings.borrowck`; by default fixes use the platform's forms, whatever is installed. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** The file's name; its ending says what it is. */
  readonly name?: string;
  /** Other files of the program, by name relative to the first. */
  readonly others?: Readonly<Record<string, string>>;
  /** Problems that no fix mends and that are expected to stay. */
  readonly remaining?: number;
}

/** One file of a program on which ESLint runs in memory. */
export interface TypedText {
  readonly file: string;
  readonly text: string;
  readonly program: ts.Program;
}

const linter = new Linter({ configType: 'flat', cwd: root });

/** ESLint gives up after ten passes. */
const passes = 10;

/** The file and its program. */
export function typed(text: string, options: Pick<GateOptions, 'name' | 'others'>): TypedText {
  const file = virtualPath(options.name ?? 'sample.ts');
  const others = Object.entries(options.others ?? {}).map(([name, content]) => [virtualPath(name), content] as const);
  return { file, text, program: programOf({ [file]: text, ...Object.fromEntries(others) }) };
}

/** ESLint's messages for a file of a program. */
export function lint({ file, text, program }: TypedText, options: Pick<GateOptions, 'rules' | 'settings'>): Linter.LintMessage[] {
  return linter.verify(
    text,
    {
      files: ['**/*.{js,mjs,cjs,jsx,ts,mts,cts,tsx}'],
      languageOptions: { parser, parserOptions: { programs: [program] }, ...(file.endsWith('.cjs') ? { sourceType: 'commonjs' as const } : {}) },
      plugins: { borrowck },
      rules: options.rules,
      settings: { borrowck: { runtime: 'never', ...options.settings } },
    },
    { filename: file },
  );
}

/** Applies what `--fix` applies in one pass: the fixes in the order of the text, without those that overlap one before. */
export function applyFixes(text: string, messages: readonly Linter.LintMessage[]): string {
  const fixes = messages.flatMap((message) => (message.fix === undefined ? [] : [message.fix]));
  let result = '';
  let position = 0;
  let last = -1;
  for (const fix of fixes.sort((a, b) => a.range[0] - b.range[0] || a.range[1] - b.range[1])) {
    if (last >= fix.range[0]) continue;
    result += text.slice(position, fix.range[0]) + fix.text;
    position = last = fix.range[1];
  }
  return result + text.slice(position);
}

/**
 * The gate that every fix must pass: runs `eslint --fix` in memory until nothing changes, and asserts that the result parses, has no
 * new type error, keeps every comment, and has no problem left.
 *
 * @param source - a file before it is fixed
 * @param options - the rules and settings
 * @returns the fixed text and the number of passes it took
 */
export function gate(source: string, options: GateOptions): { readonly output: string; readonly passes: number } {
  const before = typed(source, options);
  let current = before;
  let messages = lint(current, options);
  let count = 0;
  for (; messages.some((message) => message.fix !== undefined); count += 1) {
    expect(count, 'the fixes reach a fixpoint').toBeLessThan(passes);
    current = typed(applyFixes(current.text, messages), options);
    messages = lint(current, options);
    expect(
      messages.filter((message) => message.fatal).map((message) => message.message),
      `the fixed text parses:\n${current.text}`,
    ).toEqual([]);
  }
  const errorsBefore = typeErrorsOf(before.program, before.file);
  const errorsAfter = typeErrorsOf(current.program, current.file);
  expect(newOnes(errorsAfter, errorsBefore), `no new type error:\n${current.text}`).toEqual([]);
  expect(newOnes(commentsOf(source, before.file), commentsOf(current.text, current.file)), 'no comment is lost').toEqual([]);
  expect(
    messages.map((message) => message.message),
    `no problem is left:\n${current.text}`,
  ).toHaveLength(options.remaining ?? 0);
  return { output: current.text, passes: count };
}
