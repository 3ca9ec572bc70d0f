import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as parser from '@typescript-eslint/parser';
import { Linter } from 'eslint';
import n from 'eslint-plugin-n';
import { describe, expect, test } from 'vitest';
import { lint } from '../rules/fixes/gate.js';
import { programOf, root } from '../rules/fixes/program.js';
import { fixturesOf, repositoryRoot, type Fixture } from '../rules/support/fixtures.js';

/** `UPDATE=1` writes the tables anew, for review in the diff. */
const isUpdating = process.env['UPDATE'] === '1';
const linter = new Linter({ configType: 'flat', cwd: root });

type Program = ReturnType<typeof programOf>;
type Source = Fixture['sources'][number];

/** A rule of another plugin, or of ESLint itself, with its options. */
interface Peer {
  readonly title: string;
  readonly rule: string;
  readonly options?: object;
}

/** By rule: what people use today for the same bugs. */
const peersOf: Readonly<Record<string, readonly Peer[]>> = {
  'no-blocking-in-async': [
    { title: '`n/no-sync`', rule: 'n/no-sync' },
    { title: '`n/no-sync` with `allowAtRootLevel`', rule: 'n/no-sync', options: { allowAtRootLevel: true } },
  ],
  'no-unbounded-channel': [{ title: '`no-await-in-loop`', rule: 'no-await-in-loop' }],
  'no-unbounded-spawn': [{ title: '`no-await-in-loop`', rule: 'no-await-in-loop' }],
  'no-ignored-backpressure': [{ title: '`no-await-in-loop`', rule: 'no-await-in-loop' }],
};

function peerReports({ rule, options }: Peer, { file, text }: Source, program: Program): boolean {
  const messages = linter.verify(
    text,
    {
      files: ['**/*.{js,mjs,cjs,ts}'],
      languageOptions: { parser, parserOptions: { programs: [program] }, ...(file.endsWith('.cjs') ? { sourceType: 'commonjs' as const } : {}) },
      plugins: { n: n as never },
      rules: { [rule]: options === undefined ? 'error' : ['error', options] },
    },
    { filename: file },
  );
  expect(messages.filter(({ fatal }) => fatal === true)).toEqual([]);
  return messages.length > 0;
}

interface Verdict {
  readonly fixture: Fixture;
  readonly isReported: readonly boolean[];
}

function tableOf(names: readonly string[], verdicts: readonly Verdict[], flagged: string): string {
  const count = (kind: Fixture['kind'], rule: number): string => {
    const all = verdicts.filter(({ fixture }) => fixture.kind === kind);
    return `${all.filter(({ isReported }) => isReported[rule] === true).length} of ${all.length}`;
  };
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const details = verdicts.map(({ fixture, isReported }) => row([fixture.kind, fixture.name, ...isReported.map((is) => (is === (fixture.kind === 'flagged') ? (is ? 'found' : 'silent') : is ? '**false**' : '**missed**'))]));
  return [
    row(['', ...names]),
    row(['---', ...names.map(() => '---')]),
    row([`${flagged}, and is reported`, ...names.map((_, rule) => count('flagged', rule))]),
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

/** What the cases that are flagged do, in the table's words. */
const faults: Readonly<Record<string, string>> = {
  'no-blocking-in-async': 'blocks',
  'no-unbounded-channel': 'grows without a bound',
  'no-unbounded-spawn': 'starts tasks without a bound',
  'no-ignored-backpressure': 'ignores the signal to wait',
};

describe("a page compares its rule's verdicts with those of its peers", () => {
  test.each(Object.entries(peersOf))('%s', (name, peers) => {
    const fixtures = fixturesOf(name);
    const program = programOf(Object.fromEntries(fixtures.flatMap(({ sources }) => sources).map(({ file, text }) => [file, text])));
    const ours = `borrowck/${name}`;
    const rules: readonly ((source: Source) => boolean)[] = [
      (source) => lint({ ...source, program }, { rules: { [ours]: 'error' } }).length > 0,
      ...peers.map((peer) => (source: Source) => peerReports(peer, source, program)),
    ];
    const verdicts = fixtures.map((fixture) => ({ fixture, isReported: rules.map((reports) => fixture.sources.map((source) => reports(source)).includes(true)) }));
    const table = tableOf([`\`${ours}\``, ...peers.map(({ title }) => title)], verdicts, faults[name] ?? 'is wrong');
    const section = `<!-- begin verdicts -->\n\n${table}\n\n<!-- end verdicts -->`;
    const page = join(repositoryRoot, `docs/rules/${name}.md`);
    const text = readFileSync(page, 'utf8');
    const updated = text.replace(/<!-- begin verdicts -->[^]*<!-- end verdicts -->/, section);
    if (isUpdating) writeFileSync(page, updated);
    expect(updated).toContain(section);
    expect(readFileSync(page, 'utf8')).toBe(updated);
  });
});
