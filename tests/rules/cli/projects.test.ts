import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { ProjectFinder } from '../../../rules/cli/projects.js';
import { folderWith } from '../../support/folder.js';

function projectOf(folder: string, file: string): string | undefined {
  return new ProjectFinder(ts, folder).projectOf(join(folder, file))?.configFile.slice(folder.length + 1);
}

describe('the project of a file', () => {
  it('is the nearest that names it', () => {
    const folder = folderWith({ 'tsconfig.json': '{}', 'a.ts': '', 'packages/x/tsconfig.json': '{}', 'packages/x/src/b.ts': '' });
    expect(projectOf(folder, 'a.ts')).toBe('tsconfig.json');
    expect(projectOf(folder, 'packages/x/src/b.ts')).toBe('packages/x/tsconfig.json');
  });

  it('is a farther one where the nearest leaves it out', () => {
    const folder = folderWith({ 'tsconfig.json': '{}', 'x/tsconfig.json': '{ "include": ["src"] }', 'x/src/a.ts': '', 'x/test/b.ts': '' });
    expect(projectOf(folder, 'x/test/b.ts')).toBe('tsconfig.json');
  });

  it('is found through references', () => {
    const folder = folderWith({
      'tsconfig.json': '{ "files": [], "references": [{ "path": "./tsconfig.app.json" }, { "path": "./lib" }] }',
      'tsconfig.app.json': '{ "include": ["src"] }',
      'lib/tsconfig.json': '{ "references": [{ "path": "../tsconfig.app.json" }, { "path": ".." }] }',
      'src/a.ts': '',
      'lib/b.ts': '',
    });
    expect(projectOf(folder, 'src/a.ts')).toBe('tsconfig.app.json');
    expect(projectOf(folder, 'lib/b.ts')).toBe('lib/tsconfig.json');
  });

  it('is a jsconfig.json for JavaScript, and a tsconfig.json that allows it', () => {
    expect(projectOf(folderWith({ 'jsconfig.json': '{}', 'a.js': '' }), 'a.js')).toBe('jsconfig.json');
    expect(projectOf(folderWith({ 'tsconfig.json': '{ "compilerOptions": { "allowJs": true } }', 'a.js': '' }), 'a.js')).toBe('tsconfig.json');
    expect(projectOf(folderWith({ 'tsconfig.json': '{}', 'a.js': '', 'b.ts': '' }), 'a.js')).toBeUndefined();
  });

  it('owns what entry points listed in `files` may import', () => {
    const folder = folderWith({ 'tsconfig.json': '{ "files": ["src/index.ts"] }', 'src/index.ts': '', 'src/b.ts': '', 'src/c.js': '' });
    expect(projectOf(folder, 'src/b.ts')).toBe('tsconfig.json');
    expect(projectOf(folder, 'src/c.js')).toBeUndefined();
  });

  it('is never that of the application for an installed package', () => {
    const folder = folderWith({ 'tsconfig.json': '{ "include": ["**/*"], "exclude": [], "compilerOptions": { "allowJs": true } }', 'node_modules/x/a.js': '', 'node_modules/@s/y/a.js': '' });
    expect(projectOf(folder, 'node_modules/x/a.js')).toBeUndefined();
    expect(projectOf(folder, 'node_modules/@s/y/a.js')).toBeUndefined();
  });
});

describe('a broken configuration', () => {
  it.each([
    ['a comma too many', '{ "compilerOptions": { "strict": true,,  } }', /^The configuration tsconfig\.json:1:39 is broken \(.+\): correct it, then run again\.$/],
    ['no closing brace', '{ "compilerOptions": {', /^The configuration tsconfig\.json:1:23 is broken \('}' expected.*\)/],
    ['an unknown option', '{\n  "compilerOptions": { "strickt": true }\n}', /^The configuration tsconfig\.json:2:24 is broken \(Unknown compiler option 'strickt'/],
    ['a wrong value', '{ "compilerOptions": { "module": "nope" } }', /^The configuration tsconfig\.json:1:34 is broken \(Argument for '--module' option must be/],
    ['a missing base', '{ "extends": "./base.json" }', /^The configuration tsconfig\.json.* is broken \(.*base\.json/],
    ['a missing base in a package', '{ "extends": "@tsconfig/strictest" }', /^The configuration tsconfig\.json.* is broken \(.*@tsconfig\/strictest/],
    ['a base that extends itself', '{ "extends": "./tsconfig.json" }', /is broken \(Circularity detected/],
  ])('%s ends the run with one sentence', (_, text, message) => {
    const folder = folderWith({ 'tsconfig.json': text, 'a.ts': '' });
    expect(() => projectOf(folder, 'a.ts')).toThrow(message);
    expect(() => projectOf(folder, 'a.ts')).toThrow(expect.objectContaining({ name: 'UsageError', message: expect.not.stringContaining('\n') as string }));
  });

  it('is told from the file that is broken', () => {
    const folder = folderWith({ 'tsconfig.json': '{ "extends": "./base.json" }', 'base.json': '{\n  "compilerOptions": { "foo": 1 }\n}', 'a.ts': '' });
    expect(() => projectOf(folder, 'a.ts')).toThrow(/^The configuration \S*tsconfig\.json|base\.json/);
  });

  it('of an installed package is not the user\'s to mend', () => {
    const folder = folderWith({ 'node_modules/x/tsconfig.json': '{ "extends": "@tsconfig/node99" }', 'node_modules/x/a.ts': '' });
    const finder = new ProjectFinder(ts, folder);
    expect(finder.projectOf(join(folder, 'node_modules/x/a.ts'))).toBeUndefined();
    expect(finder.notes).toEqual([expect.stringMatching(/^The configuration node_modules\/x\/tsconfig\.json.* is broken .*: its files are checked with default options\.$/)]);
  });

  it('is no matter where it is only empty', () => {
    expect(projectOf(folderWith({ 'tsconfig.json': '{ "files": [] }', 'a.ts': '' }), 'a.ts')).toBeUndefined();
    expect(projectOf(folderWith({ 'tsconfig.json': '', 'a.ts': '' }), 'a.ts')).toBe('tsconfig.json');
  });
});
