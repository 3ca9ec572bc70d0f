import { existsSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { ROOT, filesBelow, folderOf, read } from './sources.js';

const MAX_LINES = 420;

const code = ['rules', 'lib', 'tests', 'docs'].flatMap(filesBelow).filter((path) => /\.[cm]?[jt]s$/.test(path));
const texts = filesBelow('.').filter((path) => /\.(?:[cm]?[jt]s|json|md|ya?ml|sh)$|^\.ci\/|^\.npmrc$/.test(path));

describe('files', () => {
  it('stay short enough to hold one idea', () => {
    const long = code.map((path) => [path, read(path).split('\n').length] as const).filter(([, lines]) => lines > MAX_LINES);
    expect(long).toEqual([]);
  });

  it('leave nothing for later and silence nothing', () => {
    const patterns = [/\bTODO\b/, /\bFIXME\b/, /@ts-(?:ignore|nocheck)/, /\b(?:it|test|describe)\.(?:skip|only|todo)\(/];
    const offending = code
      .filter((path) => path !== 'tests/house/house.test.ts')
      .flatMap((path) => patterns.filter((pattern) => pattern.test(read(path))).map((pattern) => `${path}: ${String(pattern)}`));
    expect(offending).toEqual([]);
  });

  it('cast nothing to any', () => {
    const castsOf = (text: string): number => {
      let casts = 0;
      const visit = (node: ts.Node): void => {
        casts += ts.isAsExpression(node) && node.type.kind === ts.SyntaxKind.AnyKeyword ? 1 : 0;
        ts.forEachChild(node, visit);
      };
      visit(ts.createSourceFile('x.ts', text, ts.ScriptTarget.Latest));
      return casts;
    };
    expect(castsOf("f(x as any, 'y as any')")).toBe(1);
    expect(code.filter((path) => path.endsWith('.ts') && read(path).includes('as any') && castsOf(read(path)) > 0)).toEqual([]);
  });

  it('name no package registry', () => {
    const hosts = new RegExp(['registry', 'npmjs'].join('\\.').concat('|', ['yarnpkg', 'com'].join('\\.')));
    expect(texts.filter((path) => hosts.test(read(path)))).toEqual([]);
  });
});

describe('tests', () => {
  it('mirror what they test', () => {
    // What is tested as a whole, from outside; and what tests share.
    const whole = new Set(['tests/house', 'tests/errors', 'tests/oracle', 'tests/corpus', 'tests/docs', 'tests/packaging', 'tests/editor', 'tests/fuzz', 'tests/bench', 'tests/lib/engines']);
    const orphans = filesBelow('tests')
      .filter((path) => path.endsWith('.test.ts'))
      .map(folderOf)
      .filter((folder) => folder !== 'tests/rules/support' && ![...whole].some((root) => folder === root || folder.startsWith(`${root}/`)))
      .filter((folder) => !existsSync(join(ROOT, folder.replace(/^tests\//, ''))));
    expect([...new Set(orphans)]).toEqual([]);
  });
});

describe('the lock file', () => {
  const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, { resolved?: string; link?: boolean; integrity?: string; optionalDependencies?: Record<string, string> }> };

  it('says what is installed, not from where', () => {
    const located = Object.entries(lock.packages).filter(([, { resolved, link }]) => resolved !== undefined && link !== true);
    expect(located).toEqual([]);
  });

  it('pins what is downloaded by its hash', () => {
    const unpinned = Object.entries(lock.packages).filter(([path, { integrity, link }]) => path.startsWith('node_modules/') && link !== true && integrity === undefined);
    expect(unpinned).toEqual([]);
  });

  it('names what other platforms install: `npm ci` refuses a lock file that lacks it', () => {
    const isLocked = (name: string, path: string): boolean => `${path}/node_modules/${name}` in lock.packages || `node_modules/${name}` in lock.packages;
    const missing = Object.entries(lock.packages).flatMap(([path, { optionalDependencies = {} }]) => Object.keys(optionalDependencies).filter((name) => !isLocked(name, path)));
    expect(missing).toEqual([]);
  });
});

describe('the packages', () => {
  it.each([
    ['rules', ['docs', 'contracts.schema.json']],
    ['lib', []],
  ])('%s says what it is and ships only what it builds', (folder, more) => {
    const manifest = JSON.parse(read(`${folder}/package.json`)) as Record<string, unknown>;
    expect(manifest).toMatchObject({ type: 'module', license: 'MIT', files: ['dist', '!dist/*.tsbuildinfo', ...more, 'README.md', 'LICENSE'], engines: { node: '>=20.19' } });
  });

  it('the runtime depends on nothing', () => {
    expect(JSON.parse(read('lib/package.json'))).not.toHaveProperty('dependencies');
    const { peerDependencies = {}, peerDependenciesMeta = {} } = JSON.parse(read('lib/package.json')) as { peerDependencies?: object; peerDependenciesMeta?: Record<string, { optional?: boolean }> };
    expect(Object.keys(peerDependencies).filter((name) => peerDependenciesMeta[name]?.optional !== true)).toEqual([]);
  });
});
