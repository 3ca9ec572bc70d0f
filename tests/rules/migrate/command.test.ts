import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
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

describe('files are replaced all or none', () => {
  test('what cannot be written leaves the others as they are', () => {
    const folder = folderWith({ 'a.ts': 'a', 'b.ts': 'b' });
    // A folder stands where the new text would be laid down first.
    mkdirSync(join(folder, `.b.ts.${process.pid}.borrowck`, 'taken'), { recursive: true });
    expect(() => {
      replaceFiles([{ file: join(folder, 'a.ts'), text: 'A' }, { file: join(folder, 'b.ts'), text: 'B' }]);
    }).toThrow(/b\.ts` cannot be written \(EISDIR\)/);
    expect(readFileSync(join(folder, 'a.ts'), 'utf8')).toBe('a');
    expect(readFileSync(join(folder, 'b.ts'), 'utf8')).toBe('b');
  });

  test('a file that something else changed meanwhile stops all of it', () => {
    const folder = folderWith({ 'a.ts': 'a', 'b.ts': 'changed' });
    expect(() => {
      replaceFiles([{ file: join(folder, 'a.ts'), text: 'A', expected: 'a' }, { file: join(folder, 'b.ts'), text: 'B', expected: 'b' }]);
    }).toThrow(/b\.ts` was changed by something else meanwhile: run again\./);
    expect(readdirSync(folder).sort()).toEqual(['a.ts', 'b.ts']);
    expect(readFileSync(join(folder, 'a.ts'), 'utf8')).toBe('a');
  });

  test('whoever interrupts it finds the old texts or the new ones, never both', async () => {
    const names = Array.from({ length: 400 }, (_, index) => `f${index}.ts`);
    const folder = folderWith(Object.fromEntries(names.map((name) => [name, 'old'])));
    const script = fileURLToPath(new URL('replace-many.ts', import.meta.url));
    const register = fileURLToPath(new URL('../../oracle/register.mjs', import.meta.url));
    const child = spawn(process.execPath, ['--import', register, script, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.stdout.once('data', () => child.kill('SIGTERM'));
    await ended;
    const texts = new Set(names.map((name) => readFileSync(join(folder, name), 'utf8')));
    expect(texts.size).toBe(1);
    expect(readdirSync(folder)).toHaveLength(names.length);
  });
});

function folderWithBlocking(): string {
  return folderWith({ 'load.ts': BLOCKING });
}
