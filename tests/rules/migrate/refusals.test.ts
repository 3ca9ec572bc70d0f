import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { asynchronous } from '../../../rules/migrate/async/index.js';
import { folderWith } from '../../support/folder.js';
import { migrated } from './cases.js';

/** Chains that cannot be migrated, each in a file of its own: what stands in the way, and what the reader is told. */
const chains: Readonly<Record<string, { readonly text: string; readonly reason: string }>> = {
  'constructor.ts': {
    text: `export class Store { readonly text: string; constructor(path: string) { this.text = slurp(path); } }
      export const open = (path: string): Store => new Store(path);`,
    reason: 'the constructor of `Store` cannot wait',
  },
  'getter.ts': {
    text: `export class Lazy { readonly #path = 'a'; get text(): string { return slurp(this.#path); } }`,
    reason: 'the getter `Lazy.text` cannot wait',
  },
  'protocol.ts': {
    text: `export class Page { toString(): string { return slurp('page'); } }`,
    reason: '`Page.toString` is called by the language, which does not wait',
  },
  'sort.ts': {
    text: `export const sorted = (paths: string[]): string[] => paths.sort((a, b) => slurp(a).length - slurp(b).length);`,
    reason: '`paths.sort()` calls it without waiting for it',
  },
  'filter.ts': {
    text: `export const filled = (paths: string[]): string[] => paths.filter((path) => slurp(path));`,
    reason: '`paths.filter()` calls it without waiting for it',
  },
  'each-of-map.ts': {
    text: `export const all = (paths: Map<string, string>): void => { paths.forEach((path) => { slurp(path); }); };`,
    reason: 'what `forEach` goes through is no array for sure',
  },
  'each-with-value.ts': {
    text: `export const all = (paths: string[]): void => { paths.forEach((path) => { return slurp(path); }); };`,
    reason: 'the function that `forEach` calls returns a value',
  },
  'field.ts': {
    text: `export class Banner { readonly text = slurp('banner'); }`,
    reason: 'the initial value of a field cannot be waited for',
  },
  'default-value.ts': {
    text: `export function greet(text = slurp('greeting')): string { return text; }`,
    reason: 'the default value of a parameter cannot be waited for',
  },
  'generator.ts': {
    text: `export function* lines(): Generator<string> { yield slurp('lines'); }`,
    reason: '`lines` is a generator, whose consumers take its items without waiting',
  },
  'type-guard.ts': {
    text: `export function isPath(value: unknown): value is string { return typeof value === 'string' && slurp(value) !== ''; }`,
    reason: '`isPath` tells the compiler what its argument is, which a promise cannot',
  },
  'stream.ts': {
    text: `import { Transform, type TransformCallback } from 'node:stream';
      export class Prefix extends Transform { override _flush(done: TransformCallback): void { this.push(slurp('tail')); done(); } }`,
    reason: '`Prefix._flush` is declared by `Transform`, which is not ours and does not wait for it',
  },
  'executor.ts': {
    text: `export const later = (): Promise<string> => new Promise((resolve) => { resolve(slurp('later')); });`,
    reason: '`new Promise()` calls it without waiting',
  },
  'shared.ts': {
    text: `let cached: string | undefined;
      export function once(): string { if (cached === undefined) cached = slurp('once'); return cached; }`,
    reason: '`once` reads something before this call and changes it after it: other code may come in between',
  },
  'counter.ts': {
    text: `import { writeFileSync } from 'node:fs';
      export function count(path: string): number { const n = Number(slurp(path)) + 1; writeFileSync(path, String(n)); return n; }`,
    reason: '`count` reads something before this call and changes it after it: other code may come in between',
  },
  'log.ts': {
    text: `import { appendFileSync } from 'node:fs';
      function note(line: string): void { appendFileSync('app.log', line); }
      export async function both(line: string): Promise<void> { await Promise.resolve(); note(line); note(line); }`,
    reason: 'two runs of `note` at once would write into the same file',
  },
  'event.ts': {
    text: `export async function onSubmit(event: Event, path: string): Promise<void> { if (slurp(path) !== '') event.preventDefault(); }`,
    reason: '`onSubmit` tells an event something after this call: it would come too late',
  },
  'injected.ts': {
    text: `import * as fs from 'node:fs';
      class Loader { constructor(private readonly readFileSync = fs.readFileSync) {} load(path: string): string { return this.readFileSync(path, 'utf8'); } }
      export async function both(path: string): Promise<string> { await Promise.resolve(); return new Loader().load(path) + new Loader(fs.readFileSync).load(path); }`,
    reason: '`this.readFileSync` may be another function than `fs.readFileSync`: the code may be given one',
  },
  'untyped.ts': {
    text: `export class Disk { fetchText(path: string): string { return slurp(path); } }
      export const use = (disk: any): unknown => disk.fetchText('x');`,
    reason: '`disk.fetchText()` may call it: what it is called on has no type',
  },
  'script.cjs': {
    text: `const text = slurp('script'); exports.text = text;`,
    reason: 'the top level of a CommonJS module cannot wait',
  },
  'exists.ts': {
    text: `import { existsSync } from 'node:fs';
      export async function has(path: string): Promise<boolean> { await Promise.resolve(); return existsSync(path); }`,
    reason: 'the file may come or go in between',
  },
  'no-form.ts': {
    text: `import { execSync } from 'node:child_process';
      export async function head(): Promise<string> { await Promise.resolve(); return execSync('git rev-parse HEAD').toString(); }`,
    reason: 'nothing asynchronous takes the same arguments as `child_process.execSync` and gives the same',
  },
};

/** Each has a helper of its own, which async code calls as well. */
function withHelper(name: string, text: string): string {
  if (!text.includes('slurp')) return text;
  if (name.endsWith('.cjs')) return `const { readFileSync } = require('node:fs');\n/** @param {string} path */\nfunction slurp(path) { return readFileSync(path, 'utf8'); }\n${text}\nexports.run = async (path) => { await null; return slurp(path); };\n`;
  return `import { readFileSync } from 'node:fs';\nfunction slurp(path: string): string { return readFileSync(path, 'utf8'); }\n${text}\nexport async function run(path: string): Promise<string> { await Promise.resolve(); return slurp(path); }\n`;
}

test('what stands in the way of a chain leaves all of it as it is, and is told', () => {
  const folder = folderWith(Object.fromEntries(Object.entries(chains).map(([name, { text }]) => [name, withHelper(name, text)])));
  const { files, refused, done, errorsBefore } = migrated(folder, asynchronous({ mayChangeExports: false, isLenient: false }));
  expect(errorsBefore.filter((error) => !error.includes('.cjs'))).toEqual([]);
  expect(done).toEqual([]);
  expect(files).toEqual([]);
  const reasons = Object.fromEntries(refused.map(({ file, reason }) => [basename(file), reason]));
  expect(reasons).toEqual(Object.fromEntries(Object.entries(chains).map(([name, { reason }]) => [name, reason])));
});

const packageFiles = {
  'package.json': JSON.stringify({ name: 'toolbox', exports: { '.': './dist/index.js' } }),
  'src/index.ts': `export { loadText } from './load.js';\n`,
  'src/load.ts': `import { readFileSync } from 'node:fs';\nexport function loadText(path: string): string { return readFileSync(path, 'utf8'); }\n`,
  'src/cli.ts': `import { loadText } from './load.js';\nexport async function main(path: string): Promise<number> { await Promise.resolve(); return loadText(path).length; }\n`,
};

test('what a package exports stays as it is, unless that is wanted', () => {
  const folder = folderWith(packageFiles);
  expect(migrated(folder, asynchronous({ mayChangeExports: false, isLenient: false }))).toMatchObject({ files: [], refused: [{ reason: '`loadText` is part of what the package exports' }] });
  const { all, refused } = migrated(folder, asynchronous({ mayChangeExports: true, isLenient: false }));
  expect(refused).toEqual([]);
  expect(all.get('src/load.ts')).toContain('export async function loadText(path: string): Promise<string>');
  expect(all.get('src/cli.ts')).toContain('(await loadText(path)).length');
});

test('a private package exports nothing', () => {
  const folder = folderWith({ ...packageFiles, 'package.json': JSON.stringify({ name: 'toolbox', private: true, exports: './dist/index.js' }) });
  expect(migrated(folder, asynchronous({ mayChangeExports: false, isLenient: false })).done).toHaveLength(1);
});

test('with leave to rest on what is not proven, what only timing can tell apart is rewritten', () => {
  const folder = folderWith({ 'shared.ts': withHelper('shared.ts', chains['shared.ts']?.text ?? ''), 'exists.ts': chains['exists.ts']?.text ?? '' });
  const { all, refused } = migrated(folder, asynchronous({ mayChangeExports: false, isLenient: true }));
  expect(refused).toEqual([]);
  expect(all.get('shared.ts')).toContain("cached = await slurp('once')");
  expect(all.get('exists.ts')).toContain('await access(path).then(() => true, () => false)');
});
