import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { Journal } from '../../../rules/cli/journal.js';
import { replaceFiles } from '../../../rules/cli/replace.js';
import { folderWith } from '../../support/folder.js';

const script = fileURLToPath(new URL('replace-many.ts', import.meta.url));
const register = fileURLToPath(new URL('../../oracle/register.mjs', import.meta.url));
const names = Array.from({ length: 400 }, (_, index) => `f${index}.ts`);

/** Replaces `old` by `new` in many files in another process, and sends it a signal so many files later. */
async function interrupted(signal: NodeJS.Signals, isTime: (folder: string) => boolean): Promise<string> {
  const folder = folderWith(Object.fromEntries(names.map((name) => [name, 'old'])));
  const child = spawn(process.execPath, ['--import', register, script, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  await new Promise((resolve) => child.stdout.once('data', resolve));
  while (child.exitCode === null && !isTime(folder)) await new Promise((resolve) => setImmediate(resolve));
  child.kill(signal);
  await ended;
  return folder;
}

function textsIn(folder: string): ReadonlySet<string> {
  return new Set(names.map((name) => readFileSync(join(folder, name), 'utf8')));
}

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

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('whoever is told to stop by %s stops when all is done', async (signal) => {
    const folder = await interrupted(signal, () => true);
    expect(textsIn(folder).size).toBe(1);
    expect(readdirSync(folder)).toHaveLength(names.length);
  });

  test.each([
    ['before the first file', (folder: string) => readdirSync(folder).includes('.borrowck-migration')],
    ['between two files', (folder: string) => readFileSync(join(folder, names[100] ?? ''), 'utf8') === 'new'],
  ])('what was killed %s is taken back by the next run', async (_, isTime) => {
    const folder = await interrupted('SIGKILL', isTime);
    const restored = new Journal(folder).recover();
    // It may have been faster than the signal.
    expect([...textsIn(folder)]).toEqual([restored === undefined ? 'new' : 'old']);
    expect(readdirSync(folder).filter((name) => !name.startsWith('.borrowck-migration.')).sort()).toEqual([...names].sort());
  });

  test('a run that is at it is not disturbed', () => {
    const folder = folderWith({});
    writeFileSync(join(folder, '.borrowck-migration'), JSON.stringify({ pid: process.ppid, entries: [] }));
    expect(() => new Journal(folder).recover()).toThrow(`Another run is replacing files here (process ${process.ppid})`);
    writeFileSync(join(folder, '.borrowck-migration'), '{');
    expect(() => new Journal(folder).recover()).toThrow('cannot be read');
  });

  test('where it cannot be written down what to take back, nothing is replaced', () => {
    const folder = folderWith({ 'a.ts': 'a' });
    mkdirSync(join(folder, '.borrowck-migration', 'taken'), { recursive: true });
    expect(() => { replaceFiles([{ file: join(folder, 'a.ts'), text: 'A' }], new Journal(folder)); }).toThrow(/migration` cannot be written/);
    expect(readFileSync(join(folder, 'a.ts'), 'utf8')).toBe('a');
  });
});
