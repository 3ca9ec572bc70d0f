import { mkdirSync, symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { discover, skipNotes } from '../../../rules/cli/discover.js';
import { folderWith } from '../../support/folder.js';

const MINIFIED = `${'f();'.repeat(2000)}\n`;

function found(folder: string, paths: readonly string[]): string[] {
  return discover(paths, folder).files.map((file) => relative(folder, file));
}

function skipped(folder: string, paths: readonly string[]): Record<string, string[]> {
  return Object.fromEntries([...discover(paths, folder).skipped].map(([reason, list]) => [reason, list.map((path) => relative(folder, path))]));
}

describe('a folder', () => {
  it('gives every kind of source, sorted, and nothing else', () => {
    const names = ['a.ts', 'b.tsx', 'c.mts', 'd.cts', 'e.js', 'f.jsx', 'g.mjs', 'sub/h.cjs'];
    const folder = folderWith({ ...Object.fromEntries(names.map((name) => [name, ''])), 'i.json': '{}', 'j.md': '', 'k.vue': '' });
    expect(found(folder, ['.'])).toEqual(names);
  });

  it('leaves out dependencies, hidden folders, coverage and declarations', () => {
    const folder = folderWith({ 'a.ts': '', 'node_modules/x/a.js': '', '.git/hook.js': '', '.next/b.js': '', 'coverage/c.js': '', 'd.d.ts': '', 'e.d.mts': '', 'f.d.css.ts': '' });
    expect(found(folder, ['.'])).toEqual(['a.ts']);
    expect(skipped(folder, ['.'])).toEqual({
      dependencies: ['node_modules'],
      hidden: ['.git', '.next'],
      coverage: ['coverage'],
      'declarations only': ['d.d.ts', 'e.d.mts', 'f.d.css.ts'],
    });
  });

  it('leaves out build output beside its source, but not where it is all there is', () => {
    expect(found(folderWith({ 'src/a.ts': '', 'dist/a.js': '' }), ['.'])).toEqual(['src/a.ts']);
    expect(found(folderWith({ 'dist/a.js': '' }), ['.'])).toEqual(['dist/a.js']);
  });

  it('leaves out what is minified, by name or by its lines', () => {
    const folder = folderWith({ 'a.js': 'a();\n', 'b.min.js': 'b();', 'c-min.cjs': 'c();', 'd.js': MINIFIED });
    expect(found(folder, ['.'])).toEqual(['a.js']);
    expect(skipped(folder, ['.'])).toEqual({ minified: ['b.min.js', 'c-min.cjs', 'd.js'] });
  });

  it('counts a broken link as unreadable', () => {
    const folder = folderWith({ 'a.ts': '' });
    symlinkSync(join(folder, 'gone.ts'), join(folder, 'b.ts'));
    expect(skipped(folder, ['.'])).toEqual({ unreadable: ['b.ts'] });
  });

  it('does not take a folder for a file', () => {
    const folder = folderWith({ 'a.ts': '' });
    mkdirSync(join(folder, 'b.ts'));
    expect(found(folder, ['.'])).toEqual(['a.ts']);
  });
});

describe('what is named', () => {
  it('is checked even where a walk would leave it out', () => {
    const folder = folderWith({ 'node_modules/x/lib/a.js': '', 'node_modules/x/dist/b.js': '', 'node_modules/x/src/b.ts': '', 'dist/c.js': '', 'src/c.ts': '', 'd.min.js': MINIFIED });
    expect(found(folder, ['node_modules/x'])).toEqual(['node_modules/x/dist/b.js', 'node_modules/x/lib/a.js', 'node_modules/x/src/b.ts']);
    expect(found(folder, ['dist', 'd.min.js'])).toEqual(['d.min.js', 'dist/c.js']);
  });

  it('still leaves out the dependencies of a named package', () => {
    const folder = folderWith({ 'node_modules/x/a.js': '', 'node_modules/x/node_modules/y/b.js': '' });
    expect(found(folder, ['node_modules/x'])).toEqual(['node_modules/x/a.js']);
  });

  it('is checked once, however often it is named', () => {
    const folder = folderWith({ 'src/a.ts': '' });
    expect(found(folder, ['src', 'src/a.ts', join(folder, 'src')])).toEqual(['src/a.ts']);
  });

  it('may be a glob pattern', () => {
    const folder = folderWith({ 'src/a.ts': '', 'src/b.js': '', 'src/c.css': '', 'test/d.ts': '' });
    expect(found(folder, ['src/*'])).toEqual(['src/a.ts', 'src/b.js']);
    expect(found(folder, ['**/*.ts'])).toEqual(['src/a.ts', 'test/d.ts']);
  });

  it('may look like a glob pattern and be a file', () => {
    const folder = folderWith({ 'app/[id].ts': '' });
    expect(found(folder, ['app/[id].ts'])).toEqual(['app/[id].ts']);
  });
});

describe('what cannot be checked', () => {
  it.each([
    [{}, ['nope'], 'There is no file or folder `nope`: check the path.'],
    [{ 'a.ts': '' }, ['a.ts/b.ts'], 'There is no file or folder `a.ts/b.ts`: check the path.'],
    [{ 'a.css': '' }, ['a.css'], '`a.css` is not a TypeScript or JavaScript file'],
    [{ 'a.css': '' }, ['.'], 'There are no TypeScript or JavaScript files in `.`'],
    [{}, ['src/**/*.ts'], 'There are no TypeScript or JavaScript files in `src/**/*.ts`'],
    [{ 'a.d.ts': '' }, ['a.d.ts'], 'There is nothing to check in `a.d.ts` (left out: declarations only: a.d.ts)'],
    [{ 'node_modules/x/a.js': '', 'b.min.js': '', 'c.min.js': '' }, ['.'], 'left out: minified: b.min.js and 1 more; dependencies: node_modules/'],
  ])('%j %j: %s', (files, paths, message) => {
    const folder = folderWith(files);
    expect(() => discover(paths, folder)).toThrow(message);
    expect(() => discover(paths, folder)).toThrow(expect.objectContaining({ name: 'UsageError' }));
  });

  it('says so of a file that cannot be opened', () => {
    const folder = folderWith({});
    symlinkSync('loop.ts', join(folder, 'loop.ts'));
    expect(() => discover(['loop.ts'], folder)).toThrow('`loop.ts` cannot be read (ELOOP): check its permissions.');
  });
});

describe('notes', () => {
  it('tell what a user may have wanted checked', () => {
    const folder = folderWith({ 'src/a.ts': '', 'dist/a.js': '', 'b.min.js': '', 'c.min.js': '', 'node_modules/x/a.js': '', 'd.d.ts': '' });
    symlinkSync(join(folder, 'gone.ts'), join(folder, 'e.ts'));
    expect(skipNotes(discover(['.'], folder), folder).sort()).toEqual([
      'left out as build output: dist/ (name a path to check it)',
      'left out as minified: b.min.js and 1 more (name a path to check it)',
      'left out, because it cannot be read: e.ts',
    ]);
  });
});
