import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { MigrateOptions } from '../../../rules/cli/migrate-options.js';
import { runMigration } from '../../../rules/cli/migrate.js';
import { replaceFiles } from '../../../rules/cli/replace.js';
import { folderWith } from '../../support/folder.js';

const BLOCKING = `import { readFileSync } from 'node:fs';

export async function load(path: string): Promise<string> {
  await Promise.resolve();
  return readFileSync(path, 'utf8');
}
`;
const WAITING = `import { readFile } from 'node:fs/promises';

export async function load(path: string): Promise<string> {
  await Promise.resolve();
  return await readFile(path, 'utf8');
}
`;

function git(folder: string, ...args: readonly string[]): void {
  execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@example.com', ...args], { cwd: folder, stdio: 'ignore' });
}

function committed(files: Readonly<Record<string, string>>): string {
  const folder = folderWith(files);
  git(folder, 'init');
  git(folder, 'add', '.');
  git(folder, 'commit', '-m', 'as it was');
  return folder;
}

function run(folder: string, options: Partial<MigrateOptions> = {}): { readonly code: number; readonly out: string; readonly errors: string } {
  let out = '';
  let errors = '';
  const terminal = { cwd: folder, isColored: false, width: 120, isWatched: false, out: (text: string) => void (out += text), error: (text: string) => void (errors += text) };
  const code = runMigration({ paths: ['.'], to: 'async', isWriting: undefined, exports: false, maybe: false, ...options }, terminal);
  return { code, out, errors };
}

describe('borrowck migrate', () => {
  test('writes where git could bring the files back', () => {
    const folder = committed({ 'load.ts': BLOCKING });
    expect(run(folder)).toEqual({ code: 0, out: 'rewrote load.ts\n', errors: 'changed: fs.readFileSync (load.ts:5)\n1 chain rewritten in 1 file, 0 left as they are.\n' });
    expect(readFileSync(join(folder, 'load.ts'), 'utf8')).toBe(WAITING);
    expect(run(folder)).toEqual({ code: 0, out: '', errors: '0 chains rewritten in 0 files, 0 left as they are.\n' });
  });

  test.each([
    ['outside of a repository', folderWithBlocking],
    ['over changes that are not committed', () => {
      const folder = committed({ 'load.ts': '' });
      replaceFiles([{ file: join(folder, 'load.ts'), text: BLOCKING }]);
      return folder;
    }],
  ])('only shows the changes %s', (_, make) => {
    const folder = make();
    const { code, out, errors } = run(folder);
    expect(code).toBe(0);
    expect(out).toBe(
      ['--- a/load.ts', '+++ b/load.ts', '@@ -1,6 +1,6 @@', "-import { readFileSync } from 'node:fs';", "+import { readFile } from 'node:fs/promises';", ' ', ' export async function load(path: string): Promise<string> {', '   await Promise.resolve();', "-  return readFileSync(path, 'utf8');", "+  return await readFile(path, 'utf8');", ' }', ''].join('\n'),
    );
    expect(errors).toContain('would change: fs.readFileSync (load.ts:5)');
    expect(errors).toContain('Nothing was written, because git could not bring these files back');
    expect(readFileSync(join(folder, 'load.ts'), 'utf8')).toBe(BLOCKING);
  });

  test('--dry-run and --write have the last word', () => {
    const clean = committed({ 'load.ts': BLOCKING });
    expect(run(clean, { isWriting: false }).errors).toContain('Nothing was written: run again without --dry-run.');
    expect(readFileSync(join(clean, 'load.ts'), 'utf8')).toBe(BLOCKING);
    const loose = folderWithBlocking();
    run(loose, { isWriting: true });
    expect(readFileSync(join(loose, 'load.ts'), 'utf8')).toBe(WAITING);
  });

  test('says what it left, and why, with exit code 1', () => {
    const folder = folderWith({ 'a.ts': "import { existsSync } from 'node:fs';\nexport async function has(path: string): Promise<boolean> {\n  await Promise.resolve();\n  return existsSync(path);\n}\n" });
    expect(run(folder)).toEqual({ code: 1, out: '', errors: 'not changed: fs.existsSync: the file may come or go in between (a.ts:4)\n0 chains to rewrite in 0 files, 1 left as it is.\n'.replace('to rewrite', 'rewritten') });
  });

  test('rewrites callers in files of the project that were not named', () => {
    const folder = folderWith({
      'tsconfig.json': JSON.stringify({ compilerOptions: { module: 'nodenext', target: 'es2023', strict: true, noEmit: true, noUnusedLocals: true }, include: ['*.ts'] }),
      'package.json': JSON.stringify({ private: true, type: 'module' }),
      'read.ts': "import { readFileSync } from 'node:fs';\nexport const read = (path: string): string => readFileSync(path, 'utf8');\n",
      'named.ts': "import { read } from './read.js';\nexport const a = async (path: string): Promise<number> => read(path).length;\n",
      'other.ts': "import { read } from './read.js';\nexport const b = (path: string): number => read(path).length;\n",
    });
    const { out, errors } = run(folder, { paths: ['named.ts'], isWriting: true });
    expect(errors).not.toContain('not changed');
    expect(out).toBe('rewrote named.ts\nrewrote other.ts\nrewrote read.ts\n');
    expect(readFileSync(join(folder, 'other.ts'), 'utf8')).toContain('async (path: string): Promise<number> => (await read(path)).length');
  });

  test('takes back first what a run that was killed has left behind', () => {
    const folder = committed({ 'load.ts': BLOCKING, 'other.ts': 'export {};\n' });
    const dead = spawnSync(process.execPath, ['-e', 'console.log(process.pid)'], { encoding: 'utf8' }).stdout.trim();
    const entry = (name: string, before: string, after: string): object => ({ target: join(folder, name), temporary: join(folder, `.${name}.${dead}.borrowck`), mode: 0o644, before: Buffer.from(before).toString('base64'), after: Buffer.from(after).toString('base64') });
    replaceFiles([{ file: join(folder, 'load.ts'), text: WAITING }, { file: join(folder, 'other.ts'), text: 'export const mine = 1;\n' }]);
    writeFileSync(join(folder, '.borrowck-migration'), JSON.stringify({ pid: Number(dead), entries: [entry('load.ts', BLOCKING, WAITING), entry('other.ts', 'export {};\n', 'export const theirs = 1;\n')] }));
    const { errors } = run(folder, { to: 'snapshot' });
    expect(errors).toContain('note: an earlier run was killed while it replaced files; 1 file has its old text again.\n');
    expect(readFileSync(join(folder, 'load.ts'), 'utf8')).toBe(BLOCKING);
    expect(readFileSync(join(folder, 'other.ts'), 'utf8'), 'changed since by somebody else').toBe('export const mine = 1;\n');
    expect(readdirSync(folder).sort()).toEqual(['.git', 'load.ts', 'other.ts']);
  });

  test.each([
    ['is read-only', (file: string) => { chmodSync(file, 0o444); }, /load\.ts` is read-only/],
    // A folder stands where the new text would be laid down first.
    ['cannot be written', (file: string) => { mkdirSync(join(dirname(file), `.load.ts.${process.pid}.borrowck`, 'taken'), { recursive: true }); }, /load\.ts` cannot be written \(EISDIR\)/],
  ])('leaves everything as it is where one file %s', (_, hinder, message) => {
    const folder = committed({ 'a/load.ts': BLOCKING, 'b/load.ts': BLOCKING });
    hinder(join(folder, 'b/load.ts'));
    expect(() => run(folder, { isWriting: true })).toThrow(message);
    for (const name of ['a/load.ts', 'b/load.ts']) expect(readFileSync(join(folder, name), 'utf8')).toBe(BLOCKING);
    expect(readdirSync(folder).sort()).toEqual(['.git', 'a', 'b']);
    expect(readdirSync(join(folder, 'a'))).toEqual(['load.ts']);
  });

  test('rewrites callers that no configuration names: what imports them, and what that imports', () => {
    const folder = folderWith({
      'package.json': JSON.stringify({ name: 'reader', main: './lib/index.js' }),
      'lib/index.js': "const { read } = require('./read');\nexports.size = async (path) => read(path).length;\n",
      'lib/read.js': "const fs = require('fs');\nexports.read = (path) => fs.readFileSync(path, 'utf8');\n",
      'test/read.js': "const { read } = require('../lib/read.js');\nconst { size } = require('..');\nexports.test = async () => read('a').length === (await size('a'));\n",
      'test/other.js': "exports.read = (path) => path;\nexports.use = () => exports.read('a');\n",
    });
    const { out, errors } = run(folder, { paths: ['lib/index.js'], isWriting: true, exports: true, maybe: true });
    expect(errors).not.toContain('not changed');
    expect(out).toBe('rewrote lib/index.js\nrewrote lib/read.js\nrewrote test/read.js\n');
    expect(readFileSync(join(folder, 'test/read.js'), 'utf8')).toContain("(await read('a')).length === (await size('a'))");
  });
});

function folderWithBlocking(): string {
  return folderWith({ 'load.ts': BLOCKING });
}
