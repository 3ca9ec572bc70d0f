import { fileURLToPath } from 'node:url';
import { RuleTester, type RuleTesterConfig } from '@typescript-eslint/rule-tester';
import { afterAll, beforeAll, describe, it, vi } from 'vitest';
import { rules } from '../../../rules/index.js';
import { prepareFindings, type Prepared } from './prepared.js';

RuleTester.afterAll = afterAll;
RuleTester.it = it;
RuleTester.itOnly = it.only;
RuleTester.describe = describe;

const config: RuleTesterConfig = {
  languageOptions: {
    parserOptions: {
      projectService: { allowDefaultProject: ['*.ts', '*.js'], defaultProject: 'tsconfig.json' },
      tsconfigRootDir: fileURLToPath(new URL('./fixtures/', import.meta.url)),
    },
  },
};
const tester = new RuleTester(config);
/** The tester knows rules as typescript-eslint types them; ours are typed as ESLint does. */
type TestedRule = Parameters<typeof tester.run>[1];
const settings = { borrowck: { runtime: 'never' } };

const findings: Prepared[] = [
  {
    at: 'yield buf.subarray(0, n);',
    view: 'buf.subarray(0, n)',
    type: 'Buffer',
    region: { at: 'Buffer.alloc(8)', name: 'buf' },
    invalidation: { at: 'buf.fill(n)', by: 'buf.fill()' },
  },
  {
    at: 'return scratch;',
    view: 'scratch',
    kind: 'borrowed-return',
    how: 'return',
    type: 'Uint8Array',
    region: { at: 'new Uint8Array(8)', name: 'scratch' },
    invalidation: { at: 'scratch.fill(n)', by: 'scratch.fill()' },
  },
  { at: 'yield perhaps;', view: 'perhaps', type: 'Uint8Array', certainty: 'potential' },
];

beforeAll(() => {
  prepareFindings(findings);
});
afterAll(() => {
  vi.restoreAllMocks();
});

const yields = `function* read(n) {
  const buf = Buffer.alloc(8);
  for (;;) {
    buf.fill(n);
    yield buf.subarray(0, n);
  }
}`;
const returns = `const scratch = new Uint8Array(8);
export function encode(n: number): Uint8Array {
  scratch.fill(n);
  return scratch;
}`;
const perhaps = `export function* read(perhaps: Uint8Array) {
  yield perhaps;
}`;

tester.run('no-borrowed-yield', rules['no-borrowed-yield'] as unknown as TestedRule, {
  valid: [
    { name: 'what the engine is silent about', code: 'export const a = 1;', settings },
    { name: 'findings of another kind', code: returns, settings },
    { name: 'potential findings, unless asked for', code: perhaps, settings },
  ],
  invalid: [
    {
      name: 'reports the whole escape in JavaScript',
      code: yields,
      filename: 'file.js',
      settings,
      output: yields.replace('yield buf.subarray(0, n)', 'yield Buffer.from(buf.subarray(0, n))'),
      errors: [
        {
          messageId: 'yield',
          data: { buffer: '`buf` (allocated on line 2)', fate: 'is overwritten on line 4 by `buf.fill()`' },
          line: 5,
          column: 5,
          endLine: 5,
          endColumn: 30,
        },
      ],
    },
    {
      name: 'potential findings, asked for, with a suggestion',
      code: perhaps,
      settings,
      options: [{ report: 'potential' }],
      output: null,
      errors: [{ messageId: 'yield', suggestions: [{ messageId: 'copy', data: { copy: 'perhaps.slice()' }, output: perhaps.replace('yield perhaps', 'yield perhaps.slice()') }] }],
    },
    {
      name: 'offers the copy where --fix is switched off',
      code: yields,
      filename: 'file.js',
      settings,
      options: [{ fix: 'off' }],
      output: null,
      errors: [
        {
          messageId: 'yield',
          suggestions: [{ messageId: 'copy', output: yields.replace('yield buf.subarray(0, n)', 'yield Buffer.from(buf.subarray(0, n))') }],
        },
      ],
    },
  ],
});

tester.run('no-borrowed-return', rules['no-borrowed-return'] as unknown as TestedRule, {
  valid: [
    { name: 'findings of another kind', code: yields, filename: 'file.js', settings },
  ],
  invalid: [
    {
      name: 'reports the return',
      code: returns,
      settings,
      output: returns.replace('return scratch;', 'return scratch.slice();'),
      errors: [
        {
          messageId: 'return',
          data: { buffer: '`scratch` (allocated on line 1)', fate: 'is overwritten on line 3 by `scratch.fill()`' },
          line: 4,
          column: 3,
        },
      ],
    },
  ],
});
