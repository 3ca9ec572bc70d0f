import type { ESLint } from 'eslint';
import { expect, test } from 'vitest';
import { compilerOptions, eslint, projectWith } from '../support/project.js';

/** Contracts that users write, as they come by them: in a project of their own, through ESLint's command. */

/** A configuration as the README has it, with these settings. */
const configured = (settings: string): string => `
import borrowck from 'eslint-plugin-borrowck';
import tseslint from 'typescript-eslint';

export default [
  { ignores: ['*.mjs'] },
  { files: ['**/*.ts'], languageOptions: { parser: tseslint.parser, parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } } },
  borrowck.configs.recommended,
  { settings: { borrowck: ${settings} } },
];
`;

/** A loop that hands a view to a function, and then refills the buffer. */
const loop = (imports: string, call: string): string => `import { readSync } from 'node:fs';
${imports}

export function pump(fd: number): void {
  const buf = Buffer.alloc(64);
  while (readSync(fd, buf) > 0) {
    ${call};
  }
}
`;

const messagesOf = (stdout: string): string[] => (JSON.parse(stdout) as ESLint.LintResult[]).flatMap(({ messages }) => messages.map(({ message }) => message));

test('contracts in settings, tags and types are applied', () => {
  const folder = projectWith({
    'eslint.config.mjs': configured(`{
      contracts: {
        'my-addon#send': { parameters: [{ keeps: 'settle' }], result: { from: 'promise', of: { from: 'primitive' } } },
        'my-addon#print': {},
        './packages/a/store.ts#store': { parameters: [{ keeps: 'forever', escapes: 'callback' }] },
      },
    }`),
    'tsconfig.json': JSON.stringify({ compilerOptions, include: ['*.ts'] }),
    'addon.d.ts': "declare module 'my-addon' {\n  export function send(bytes: Uint8Array): Promise<void>;\n  export function print(bytes: Uint8Array): void;\n}\n",
    'send.ts': loop("import { send } from 'my-addon';", 'void send(buf.subarray(1))'),
    'print.ts': loop("import { print } from 'my-addon';", 'print(buf.subarray(1))'),
    // A project of its own: paths in settings start from where the linter runs all the same.
    'packages/a/tsconfig.json': JSON.stringify({ compilerOptions, include: ['*.ts'] }),
    'packages/a/store.ts': 'export function store(bytes: Uint8Array): number {\n  return bytes.length;\n}\n',
    'packages/a/pump.ts': loop("import { store } from './store.js';", 'store(buf.subarray(1))'),
    'tagged.ts': `/**
 * @param bytes - goes to the disk
 * @borrows bytes until settle
 */
export function save(bytes: Uint8Array): Promise<void> {
  return Promise.resolve(bytes).then(() => undefined);
}
${loop('', 'void save(buf.subarray(1))')}`,
    'untagged.ts': `/** @borrows bytes until return */
export function save(bytes: Uint8Array): Promise<void> {
  return Promise.resolve().then(() => console.log(bytes[0]));
}
${loop('', 'void save(buf.subarray(1))')}`,
    'borrowed.ts': `import type { Borrowed } from 'borrowck-runtime';

export function onMessage(message: Borrowed<Uint8Array>, log: (bytes: Uint8Array) => void): void {
  setImmediate(() => log(message));
}
`,
    'lending.ts': `import type { Lending } from 'borrowck-runtime';

export async function collect(blocks: Lending<AsyncIterable<Uint8Array>>): Promise<Uint8Array[]> {
  const all: Uint8Array[] = [];
  for await (const block of blocks) all.push(block);
  return all;
}
`,
  });
  const { problems, stderr } = eslint(folder, '.');
  expect(stderr).toBe('');
  expect(problems).toEqual({
    'send.ts': ['borrowck/no-borrowed-capture:7'],
    'packages/a/pump.ts': ['borrowck/no-borrowed-yield:7'],
    'tagged.ts': ['borrowck/no-borrowed-capture:14'],
    'borrowed.ts': ['borrowck/no-borrowed-capture:4'],
    'lending.ts': ['borrowck/no-borrowed-yield:5', 'borrowck/no-borrowed-return:6'],
  });
});

test('an entry or a tag that cannot be used is told in one sentence, and the rest goes on', () => {
  const folder = projectWith({
    'eslint.config.mjs': configured(`{
      contracts: {
        'my-addon.send': {},
        'my-addon#send': { parameters: [{ keeps: 'for ever' }] },
        'my-addon#print': { result: { from: 'views', of: 0 } },
        'my-addon#fill': [],
        'my-addon#big': { parameters: 1n },
        'my-addon#lend': { result: { from: 'lent', until: 'next call', type: 'Buffer' } },
      },
    }`),
    'a.ts': "// @ts-expect-error there are no types for it\nimport { lend } from 'my-addon';\n\nexport function both(): Uint8Array[] {\n  const all: Uint8Array[] = [];\n  for (let i = 0; i < 2; i++) all.push(lend(i));\n  return all;\n}\n",
    'b.ts': '/**\n * @borrows chunk until later\n * @writes target\n * @releases to the pool\n */\nexport function save(bytes: Uint8Array): number {\n  return bytes.length;\n}\n',
  });
  const { status, stdout, stderr } = eslint(folder, '.');
  expect(stderr).toBe('');
  expect(status).toBe(1);
  expect(messagesOf(stdout).sort()).toEqual([
    'The tags of `save` on line 6 cannot be read: @borrows reads "<param> until return | settle | callback | next call | first await | close | forever", not "chunk until later".',
    'The tags of `save` on line 6 cannot be read: @writes names "target", which is not a parameter.',
    'This keeps a view of `lend(i)` (lent on line 6) that is reused on line 6 by the next `lend()`. Store an owned copy instead.',
    'This returns a view of `lend(i)` (lent on line 6) that is reused on line 6 by the next `lend()`. Return an owned copy instead.',
    'settings.borrowck.contracts["my-addon#big"].parameters: expected a list, got 1',
    'settings.borrowck.contracts["my-addon#fill"]: expected an object, got []',
    expect.stringMatching(/^settings\.borrowck\.contracts\["my-addon#print"\]\.result\.from: expected one of "primitive", .*, got "views"$/),
    'settings.borrowck.contracts["my-addon#send"].parameters[0].keeps: expected one of "return", "settle", "callback", "next call", "first await", "close", "forever", got "for ever"',
    'settings.borrowck.contracts["my-addon.send"]: expected a key like "module#name", "module#Type.method" or "./file#name"',
  ]);
});

test.each([
  ['{ contracts: [] }', 'settings.borrowck.contracts: expected an object from functions to contracts, got []'],
  ['{ contracts: "none" }', 'settings.borrowck.contracts: expected an object from functions to contracts, got "none"'],
  ['{ contracts: null }', 'settings.borrowck.contracts: expected an object from functions to contracts, got null'],
])('settings %s are told in one sentence', (settings, sentence) => {
  const folder = projectWith({ 'eslint.config.mjs': configured(settings), 'a.ts': 'export const one = 1;\n' });
  const { stdout, stderr } = eslint(folder, '.');
  expect(stderr).toBe('');
  expect(messagesOf(stdout)).toEqual([sentence]);
});
