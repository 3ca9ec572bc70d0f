import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as parser from '@typescript-eslint/parser';
import { Linter } from 'eslint';
import n from 'eslint-plugin-n';
import { expect, test } from 'vitest';
import { lint } from '../rules/fixes/gate.js';
import { programOf, root } from '../rules/fixes/program.js';
import { fixturesOf, repositoryRoot, type Fixture } from '../rules/support/fixtures.js';

/** `UPDATE=1` writes the table anew, for review in the diff. */
const isUpdating = process.env['UPDATE'] === '1';
const page = join(repositoryRoot, 'docs/rules/no-blocking-in-async.md');
const fixtures = fixturesOf('no-blocking-in-async');
const program = programOf(Object.fromEntries(fixtures.flatMap(({ sources }) => sources).map(({ file, text }) => [file, text])));
const linter = new Linter({ configType: 'flat', cwd: root });

/** The rules that are compared: whether each reports anything in a file. */
const rules: readonly (readonly [name: string, reports: (source: { readonly file: string; readonly text: string }) => boolean])[] = [
  ['`borrowck/no-blocking-in-async`', (source) => lint({ ...source, program }, { rules: { 'borrowck/no-blocking-in-async': 'error' } }).length > 0],
  ['`n/no-sync`', (source) => reportsNoSync(source, {})],
  ['`n/no-sync` with `allowAtRootLevel`', (source) => reportsNoSync(source, { allowAtRootLevel: true })],
];

function reportsNoSync({ file, text }: { readonly file: string; readonly text: string }, options: object): boolean {
  const messages = linter.verify(
    text,
    {
      files: ['**/*.{js,mjs,cjs,ts}'],
      languageOptions: { parser, parserOptions: { programs: [program] }, ...(file.endsWith('.cjs') ? { sourceType: 'commonjs' as const } : {}) },
      plugins: { n: n as never },
      rules: { 'n/no-sync': ['error', options] },
    },
    { filename: file },
  );
  expect(messages.filter(({ fatal }) => fatal === true)).toEqual([]);
  return messages.length > 0;
}

function tableOf(verdicts: readonly { readonly fixture: Fixture; readonly isReported: readonly boolean[] }[]): string {
  const count = (kind: Fixture['kind'], rule: number): string => {
    const all = verdicts.filter(({ fixture }) => fixture.kind === kind);
    return `${all.filter(({ isReported }) => isReported[rule] === true).length} of ${all.length}`;
  };
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const names = rules.map(([name]) => name);
  const details = verdicts.map(({ fixture, isReported }) => row([fixture.kind, fixture.name, ...isReported.map((is) => (is === (fixture.kind === 'flagged') ? (is ? 'found' : 'silent') : is ? '**false**' : '**missed**'))]));
  return [
    row(['', ...names]),
    row(['---', ...names.map(() => '---')]),
    row(['blocks, and is reported', ...names.map((_, rule) => count('flagged', rule))]),
    row(['is fine, and is reported all the same', ...names.map((_, rule) => count('clean', rule))]),
    '',
    '<details><summary>Case by case</summary>',
    '',
    row(['', 'case', ...names]),
    row(['---', '---', ...names.map(() => '---')]),
    ...details,
    '',
    '</details>',
  ].join('\n');
}

test('the page compares the verdicts of the rules on the fixtures', () => {
  const verdicts = fixtures.map((fixture) => ({ fixture, isReported: rules.map(([, reports]) => fixture.sources.map((source) => reports(source)).includes(true)) }));
  const section = `<!-- begin verdicts -->\n\n${tableOf(verdicts)}\n\n<!-- end verdicts -->`;
  const text = readFileSync(page, 'utf8');
  const updated = text.replace(/<!-- begin verdicts -->[^]*<!-- end verdicts -->/, section);
  if (isUpdating) writeFileSync(page, updated);
  expect(updated).toContain(section);
  expect(readFileSync(page, 'utf8')).toBe(updated);
}, 120_000);
