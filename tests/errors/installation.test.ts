import { cpSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { borrowck } from '../support/command.js';
import { folderWith } from '../support/folder.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

type Packages = Readonly<Record<string, Readonly<Record<string, string>> | undefined>>;

/**
 * A project in which the plugin is installed beside everything it needs, except that some packages are replaced by these files, or
 * missing.
 */
function installed(packages: Packages): { folder: string; command: string } {
  const folder = folderWith({ 'a.ts': 'export const a = 1;\n' });
  const modules = join(folder, 'node_modules');
  const plugin = join(modules, 'eslint-plugin-borrowck');
  cpSync(join(ROOT, 'rules/dist'), join(plugin, 'dist'), { recursive: true });
  cpSync(join(ROOT, 'rules/package.json'), join(plugin, 'package.json'));
  for (const name of packageNames()) {
    if (!(name in packages) && name !== 'eslint-plugin-borrowck') {
      mkdirSync(dirname(join(modules, name)), { recursive: true });
      symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
    }
  }
  for (const [name, files] of Object.entries(packages)) {
    for (const [file, text] of Object.entries(files ?? {})) {
      mkdirSync(dirname(join(modules, name, file)), { recursive: true });
      writeFileSync(join(modules, name, file), text);
    }
  }
  return { folder, command: join(plugin, 'dist/cli/main.js') };
}

function packageNames(): string[] {
  const modules = join(ROOT, 'node_modules');
  return readdirSync(modules)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) => (name.startsWith('@') ? readdirSync(join(modules, name)).map((inner) => `${name}/${inner}`) : [name]));
}

function manifest(name: string, version: string, more: object = {}): string {
  return JSON.stringify({ name, version, ...more });
}

describe('what is installed beside the plugin', () => {
  it('is all that a check needs', () => {
    const { folder, command } = installed({});
    expect(borrowck(['check', 'a.ts'], folder, command)).toEqual({ code: 0, out: 'clean: 1 file checked\n', errors: '' });
  });

  it.each<[string, Packages, RegExp]>([
    [
      'TypeScript 7',
      { typescript: { 'package.json': manifest('typescript', '7.0.2', { exports: { './unstable/sync': './sync.js' } }) } },
      /^error: TypeScript 7\.0\.2 \(\S+typescript\) is not supported, because borrowck needs the compiler API of TypeScript 5\.4 to 6\.0: run `npm install --save-dev typescript@~6\.0\.3`\.\n$/,
    ],
    ['a TypeScript before 5.4', { typescript: { 'package.json': manifest('typescript', '4.9.5') } }, /^error: TypeScript 4\.9\.5 \(\S+\) is not supported[^\n]+\n$/],
    [
      'two TypeScripts',
      { typescript: { 'package.json': manifest('typescript', '5.9.3'), 'index.js': '' } },
      /^error: Two versions of TypeScript are installed, 5\.9\.3 \(\S+\) and 6\.0\.\d+ \(\S+, used by @typescript-eslint\/parser\)[^\n]+`npm dedupe`\.\n$/,
    ],
    [
      'a TypeScript without its compiler API',
      {
        typescript: { 'package.json': manifest('typescript', '6.0.9'), 'index.js': 'exports.version = "6.0.9";' },
        '@typescript-eslint/parser': { 'package.json': manifest('@typescript-eslint/parser', '8.72.0') },
        '@typescript-eslint/typescript-estree': undefined,
      },
      /^error: TypeScript 6\.0\.9 \(\S+\) is not supported[^\n]+\n$/,
    ],
    ['no TypeScript', { typescript: undefined }, /^error: typescript is not installed beside eslint-plugin-borrowck: run `npm install --save-dev "typescript@~6\.0\.3"`\.\n$/],
    ['no parser', { '@typescript-eslint/parser': undefined }, /^error: @typescript-eslint\/parser is not installed[^\n]+\n$/],
    ['no ESLint', { eslint: undefined }, /^error: eslint is not installed[^\n]+\n$/],
    ['an old ESLint', { eslint: { 'package.json': manifest('eslint', '8.57.1') } }, /^error: ESLint 8\.57\.1 \(\S+\) is not supported: run `npm install --save-dev eslint@\^10`\.\n$/],
    ['a broken ESLint', { eslint: { 'package.json': manifest('eslint', '10.1.0', { main: 'gone.js' }) } }, /^error: ESLint, its TypeScript parser or the plugin cannot be loaded \([^\n]+\): install them again beside each other\.\n$/],
  ])('%s ends in one sentence', (_, packages, sentence) => {
    const { folder, command } = installed(packages);
    const { code, out, errors } = borrowck(['check', 'a.ts'], folder, command);
    expect(errors).toMatch(sentence);
    expect([code, out]).toEqual([2, '']);
  });
});
