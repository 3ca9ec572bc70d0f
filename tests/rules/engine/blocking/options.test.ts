import { describe, expect, test } from 'vitest';
import { lint, typed } from '../../fixes/gate.js';

const rule = 'borrowck/no-blocking-in-async';
const messages = (text: string, options: object, settings: object = {}, name = 'options.ts', others: Readonly<Record<string, string>> = {}): string[] =>
  lint(typed(text, { name, others }), { rules: { [rule]: ['error', options] }, settings: { ...settings } }).map(({ message }) => message);

const twoWays = `import { existsSync, readFileSync } from 'node:fs';
function load(path: string) { return existsSync(path) ? readFileSync(path) : undefined; }
export async function show(path: string) { return load(path); }
setInterval(() => { load('x'); }, 1000);
`;

describe('allow', () => {
  test('of one function leaves what else blocks', () => {
    expect(messages(twoWays, { contexts: ['async'] })).toEqual([expect.stringContaining('load → fs.existsSync (line 2)')]);
    expect(messages(twoWays, { contexts: ['async'], allow: [{ package: 'fs', name: 'existsSync' }] })).toEqual([expect.stringContaining('load → fs.readFileSync (line 2)')]);
  });

  test.each([
    [{ package: 'node:fs' }],
    [{ name: 'load' }],
    [{ file: 'tests/**', name: ['load', 'other'] }],
    [{ file: 'tests/virtual/*.ts' }],
  ])('%j covers every way', (allowed) => {
    expect(messages(twoWays, { allow: [allowed] })).toEqual([]);
  });

  test.each([[{ file: 'src/**', name: 'load' }], [{ package: 'node:zlib' }], [{ name: 'oad' }]])('%j is about something else', (allowed) => {
    expect(messages(twoWays, { allow: [allowed] })).toHaveLength(2);
  });
});

test('contexts say which code counts', () => {
  expect(messages(twoWays, {})).toHaveLength(2);
  expect(messages(twoWays, { contexts: ['timer'] })).toHaveLength(1);
  expect(messages(twoWays, { contexts: ['handler'] })).toEqual([]);
});

const occasions: Readonly<Record<string, string>> = {
  async: "export async function f(): Promise<string> { await null; return readFileSync('x', 'utf8'); }",
  coroutine: "export function* f(): Generator<unknown> { yield readFileSync('x'); }\ncoroutine(f);",
  event: "new EventEmitter().on('change', () => { readFileSync('x'); });",
  extension: "export function activate(): void { readFileSync('x'); }",
  handler: "createServer((_request, response) => { response.end(readFileSync('x')); });",
  promise: "export const f = (p: Promise<string>): Promise<Buffer> => p.then((path) => readFileSync(path));",
  stream: "export class Read extends Readable { override _read(): void { this.push(readFileSync('x')); } }",
  timer: "setInterval(() => { readFileSync('x'); }, 1000);",
};

describe('each context is left out by itself', () => {
  const all = Object.keys(occasions);
  const imports = `import { readFileSync } from 'node:fs';
import { EventEmitter } from 'node:events';
import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import { coroutine } from 'bluebird';
import type {} from 'vscode';
`;
  test.each(Object.entries(occasions))('%s', (context, text) => {
    expect(messages(`${imports}${text}\n`, { contexts: [context] })).toHaveLength(1);
    expect(messages(`${imports}${text}\n`, { contexts: all.filter((other) => other !== context) })).toEqual([]);
  });
});

describe('options that say nothing', () => {
  test.each([
    [{ contexts: ['handlers'] }, '"handlers"'],
    [{ contexts: [] }, 'Value [] should NOT have fewer than 1 items'],
    [{ databases: 'some' }, '"some"'],
    [{ allow: [{}] }, 'Value {} should NOT have fewer than 1 properties'],
    [{ allow: [{ function: 'load' }] }, 'function'],
    [{ allow: ['node:fs'] }, 'Value "node:fs" should be object'],
  ])('%j is refused, and the message says why', (options, named) => {
    expect(() => messages(twoWays, options)).toThrow(named);
  });
});

describe('databases', () => {
  const text = `const Database = require('better-sqlite3');
const { createServer } = require('node:http');
const db = new Database('app.db');
const all = db.prepare('select * from users');
exports.users = async () => all.all();
exports.server = createServer((request, response) => { response.end(JSON.stringify(all.all())); });
`;
  test.each([
    ['off', 0],
    ['handlers', 1],
    ['all', 2],
  ])('%s: %i findings', (databases, count) => {
    expect(messages(text, { databases }, {}, 'databases.cjs')).toHaveLength(count);
  });
});

describe('what the project declares', () => {
  test('a JSDoc tag', () => {
    const text = '/** @blocks */\nfunction native(x) { return x; }\nexports.f = async (x) => native(x);\n';
    expect(messages(text, {}, {}, 'tagged.cjs')).toEqual([expect.stringContaining('`native()` blocks the event loop')]);
  });

  test('a contract of a package', () => {
    const text = "const addon = require('my-addon');\nexports.f = async (x) => addon.crunch(x);\n";
    expect(messages(text, {}, {}, 'addon.cjs')).toEqual([]);
    expect(messages(text, {}, { contracts: { 'my-addon#crunch': { blocks: { on: 'computation' } } } }, 'addon.cjs')).toEqual([expect.stringContaining('`addon.crunch()` blocks the event loop')]);
  });
});

describe('suggestions', () => {
  const suggestionsOf = (text: string): (string | undefined)[] =>
    lint(typed(text, { name: 'suggested.ts' }), { rules: { [rule]: 'error' } }).map(({ suggestions, fix }) => fix?.text ?? suggestions?.[0]?.desc);

  test('existsSync keeps a boolean', () => {
    expect(suggestionsOf("import { existsSync } from 'node:fs';\nexport async function f(p: string) { return existsSync(p); }\n")).toEqual(['Await it: await access(p).then(() => true, () => false)']);
  });

  test('a field that is read before and written after is not suspended over by --fix', () => {
    const text = `import { readFileSync } from 'node:fs';
export class Counter { n = 0; async add(p: string) { const n = this.n; const text = readFileSync(p, 'utf8'); this.n = n + text.length; } }
`;
    expect(suggestionsOf(text)).toEqual(["Await it: await readFile(p, 'utf8')"]);
  });

  test('a descriptor has no twin', () => {
    expect(suggestionsOf("import { readSync } from 'node:fs';\nexport async function f(fd: number, b: Buffer) { return readSync(fd, b); }\n")).toEqual([undefined]);
  });
});

test('names a call without what a compiler wraps it in', () => {
  const compiled = `const fs_1 = require('node:fs');
async function load(path) { await null; return (0, fs_1.readFileSync)(path); }
exports.load = load;
`;
  expect(messages(compiled, {}, {}, 'compiled.cjs')).toEqual([expect.stringContaining('`fs_1.readFileSync()` blocks the event loop')]);
});
