import { symlinkSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMAND, borrowck } from '../support/command.js';
import type { Ended } from '../support/command.js';
import { folderWith } from '../support/folder.js';

const CLEAN = 'export const a = 1;\n';

/** One sentence on stderr, nothing on stdout, exit code 2, and no trace of a stack. */
function expectSentence({ code, out, errors }: Ended, sentence: RegExp): void {
  expect(errors).toMatch(sentence);
  expect(errors).toMatch(/^error: [^\n]+\n$/);
  expect(errors).not.toMatch(/^\s+at /m);
  expect(out).toBe('');
  expect(code).toBe(2);
}

describe('wrong usage', () => {
  it.each([
    [['check', 'nope'], /There is no file or folder `nope`/],
    [['check', '--verbose'], /unknown option '--verbose'/],
    [['check', '--rule', 'no-such-rule'], /There is no rule `no-such-rule`: the rules are no-blocking-in-async, [\w, -]*no-borrowed-return, no-borrowed-yield/],
    [['check', '--format', 'xml'], /option '--format <format>' argument 'xml' is invalid\. Allowed choices are pretty, json, sarif, github/],
    [['check', '--report', 'all'], /Allowed choices are certain, potential/],
    [['check', '--max-warnings', 'many'], /argument 'many' is invalid\. It must be a whole number/],
    [['check', '--contracts', 'nope.json'], /The contracts in `nope\.json` cannot be read \(ENOENT\): check the path/],
    [['check', '--contracts', 'notes.md'], /The contracts in `notes\.md` are not JSON \(.+\): correct the file/],
    [['migrate', '--to', 'async', '--contracts', 'nope.json'], /The contracts in `nope\.json` cannot be read/],
    [['check', '--rule'], /option '--rule <name>' argument missing/],
    [['check', 'notes.md'], /`notes\.md` is not a TypeScript or JavaScript file/],
    [['check', 'loop.ts'], /`loop\.ts` cannot be read \(ELOOP\)/],
    [['check', 'empty'], /There are no TypeScript or JavaScript files in `empty`/],
  ])('%j ends in one sentence', (args, sentence) => {
    const folder = folderWith({ 'a.ts': CLEAN, 'notes.md': '', 'empty/readme.txt': '' });
    symlinkSync('loop.ts', join(folder, 'loop.ts'));
    expectSentence(borrowck(args, folder), sentence);
  });

  it('an unknown command ends in one sentence with a proposal', () => {
    expect(borrowck(['chekc'], folderWith({}))).toEqual({ code: 2, out: '', errors: "error: unknown command 'chekc'\n(Did you mean check?)\n" });
  });

  it('no command shows how to use it', () => {
    const { code, errors } = borrowck([], folderWith({}));
    expect(code).toBe(2);
    expect(errors).toContain('Usage: borrowck');
  });

  it('--help and --version are no errors', () => {
    const folder = folderWith({});
    expect(borrowck(['check', '--help'], folder)).toMatchObject({ code: 0, errors: '', out: expect.stringContaining('Exit codes: 0 clean; 1 findings') as string });
    expect(borrowck(['--version'], folder)).toMatchObject({ code: 0, errors: '', out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string });
  });
});

describe('configurations', () => {
  it('none is needed', () => {
    expect(borrowck(['check'], folderWith({ 'a.ts': CLEAN, 'b.js': 'exports.b = 1;\n' }))).toEqual({ code: 0, out: 'clean: 2 files checked\n', errors: '' });
  });

  it.each([
    ['syntax', '{ "compilerOptions": { "strict" true } }', /The configuration tsconfig\.json:1:33 is broken \(':' expected/],
    ['a missing base', '{ "extends": "./base.json" }', /The configuration tsconfig\.json.* is broken \(.*base\.json/],
    ['an unknown option', '{ "compilerOptions": { "stritc": true } }', /The configuration tsconfig\.json:1:24 is broken \(Unknown compiler option 'stritc'/],
  ])('a broken one ends in one sentence: %s', (_, text, sentence) => {
    expectSentence(borrowck(['check'], folderWith({ 'tsconfig.json': text, 'a.ts': CLEAN })), sentence);
  });

  it('a broken one of an installed package is noted, and the package is checked', () => {
    const folder = folderWith({ 'node_modules/x/tsconfig.json': '{ "extends": "nowhere" }', 'node_modules/x/a.ts': CLEAN });
    const { code, out, errors } = borrowck(['check', 'node_modules/x'], folder);
    expect(errors).toMatch(/^note: The configuration node_modules\/x\/tsconfig\.json[^\n]+: its files are checked with default options\.\n$/);
    expect([code, out]).toEqual([0, 'clean: 1 file checked\n']);
  });
});

describe('files', () => {
  it('one that cannot be parsed is shown, and the others are checked', () => {
    const { code, out, errors } = borrowck(['check'], folderWith({ 'a.ts': CLEAN, 'b.ts': 'function (\n' }));
    expect(out).toMatch(/^error\[syntax\]: [^\n]+\n --> b\.ts:\d+:\d+\n/);
    expect(out).toMatch(/1 error in 1 file \(2 files checked\)\n$/);
    expect([code, errors]).toEqual([1, '']);
  });

  it('one that is binary under a source name is shown too', () => {
    const { code, out } = borrowck(['check'], folderWith({ 'a.ts': '\u0000\u0001\uFFFD\u0000PNG' }));
    expect(out).toMatch(/^error\[syntax\]: /);
    expect(code).toBe(1);
  });

  it('an empty one is clean', () => {
    expect(borrowck(['check'], folderWith({ 'a.ts': '', 'b.js': '\uFEFF' }))).toMatchObject({ code: 0, out: 'clean: 2 files checked\n' });
  });

  it('a minified bundle is left out with a note, and checked when it is named', () => {
    const unit = 'function f(a,b){var c=Buffer.alloc(a);for(;;){b.push(c.subarray(0,1));if(a--<0)return c}}';
    const folder = folderWith({ 'a.js': 'exports.a = 1;\n', 'bundle.js': `${unit.repeat(Math.ceil(100_000 / unit.length))}\n` });
    expect(borrowck(['check'], folder)).toEqual({ code: 0, out: 'clean: 1 file checked\n', errors: 'note: left out as minified: bundle.js (name a path to check it)\n' });
    const named = borrowck(['check', 'bundle.js'], folder);
    expect(named.code).toBeLessThan(2);
    expect(named.out).toMatch(/1 file checked\)?\n$/);
    // It has more functions than a file's share of work, and says so.
    expect(named.errors).toMatch(/^(?:note: \d+ groups of functions took too many steps [^\n]*\n\n?)?$/);
  });
});

describe('output in a pipe', () => {
  it('json is ESLint\'s array and nothing else, with no bar on stderr', () => {
    const { code, out, errors } = borrowck(['check', '--format', 'json'], folderWith({ 'a.ts': CLEAN, 'b.ts': CLEAN }));
    expect((JSON.parse(out) as { filePath: string; messages: unknown[] }[]).map((result) => result.messages)).toEqual([[], []]);
    expect([code, errors]).toEqual([0, '']);
  });

  it('has colours when they are forced, unless they are refused', () => {
    const folder = folderWith({ 'a.ts': 'let = ;\n' });
    const forced = (args: readonly string[], env: NodeJS.ProcessEnv): string =>
      spawnSync(process.execPath, [COMMAND, 'check', ...args], { cwd: folder, env: { ...process.env, ...env }, encoding: 'utf8' }).stdout;
    expect(forced([], { FORCE_COLOR: '1' })).toContain('\u001b[31merror[syntax]');
    expect(forced(['--no-color'], { FORCE_COLOR: '1' })).not.toContain('\u001b');
  });

  it('a reader that stops early is no error', () => {
    const folder = folderWith(Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`${index}.ts`, 'let = ;\n'])));
    const { stdout, stderr } = spawnSync('sh', ['-c', `"$0" "$1" check | head -n 1`, process.execPath, COMMAND], { cwd: folder, encoding: 'utf8' });
    expect(stdout).toMatch(/^error\[syntax\][^\n]+\n$/);
    expect(stderr).toBe('');
  });
});
