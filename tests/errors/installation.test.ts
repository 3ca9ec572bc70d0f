import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { borrowck } from '../support/command.js';
import { folderWith } from '../support/folder.js';
import { eslint } from '../support/project.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const reader = 'const pool = Buffer.alloc(8);\nexport function take(n: number): Buffer { pool.fill(n); return pool.subarray(1); }';

const config = `
import borrowck from 'eslint-plugin-borrowck';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
export default defineConfig({ files: ['*.ts'], extends: [borrowck.configs.recommended], languageOptions: { parser: tseslint.parser, parserOptions: { projectService: true } }, });
`;

type Packages = Readonly<Record<string, Readonly<Record<string, string>> | undefined>>;

/**
 * A project in which the plugin is installed beside everything it needs, except that some packages are replaced by these files, or
 * missing. Packages that are to load what lies beside them here, and not where they come from, are copied.
 */
function installed(packages: Packages, copied: readonly string[] = []): { folder: string; command: string } {
  const folder = folderWith({ 'package.json': '{ "private": true, "type": "module" }\n', 'tsconfig.json': '{ "compilerOptions": { "types": ["node"] } }\n', 'a.ts': `${reader}\n` });
  const modules = join(folder, 'node_modules');
  const plugin = join(modules, 'eslint-plugin-borrowck');
  cpSync(join(ROOT, 'rules/dist'), join(plugin, 'dist'), { recursive: true });
  cpSync(join(ROOT, 'rules/package.json'), join(plugin, 'package.json'));
  for (const name of packageNames()) {
    if (!(name in packages) && name !== 'eslint-plugin-borrowck') {
      mkdirSync(dirname(join(modules, name)), { recursive: true });
      if (copied.includes(name)) cpSync(join(ROOT, 'node_modules', name), join(modules, name), { recursive: true });
      else symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
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

/** All that the package of the native compiler exports under its own name. */
const typescript7 = {
  'package.json': manifest('typescript', '7.0.2', { exports: { './package.json': './package.json', '.': './version.cjs', './unstable/sync': './sync.js' } }),
  'version.cjs': 'exports.version = "7.0.2"; exports.versionMajorMinor = "7.0";',
};
const another = { 'package.json': manifest('typescript', '5.9.3'), 'index.js': '' };

/** What a page shows, and what is seen here: the folders are others. */
function asOnPage(errors: string, folder: string): string {
  return errors.replaceAll(`${folder}/`, '').replaceAll(ROOT.replace(/\/$/, ''), '…').trim();
}

describe('what is installed beside the plugin', () => {
  it('is all that a check needs', () => {
    const { folder, command } = installed({});
    expect(borrowck(['check', 'a.ts'], folder, command)).toMatchObject({ code: 1, errors: '' });
  });

  it.each<[string, Packages, RegExp]>([
    [
      'TypeScript 7',
      { typescript: typescript7 },
      /^error: TypeScript 7\.0\.2 \(\S+typescript\) is not supported, because borrowck needs the compiler API of TypeScript 5\.4 to 6\.0: run `npm install --save-dev typescript@~6\.0\.3`\.\n$/,
    ],
    ['a TypeScript before 5.4', { typescript: { 'package.json': manifest('typescript', '4.9.5') } }, /^error: TypeScript 4\.9\.5 \(\S+\) is not supported[^\n]+\n$/],
    [
      'two TypeScripts',
      { typescript: another },
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

describe('the page about TypeScript 7', () => {
  const page = readFileSync(join(ROOT, 'docs/typescript-7.md'), 'utf8');

  it.each([['TypeScript 7', typescript7], ['two TypeScripts', another]])('shows what `borrowck check` says of %s', (_, typescript) => {
    const { folder, command } = installed({ typescript });
    expect(page).toContain(`\`\`\`\n${asOnPage(borrowck(['check', 'a.ts'], folder, command).errors, folder)}\n\`\`\``);
  });

  it('shows what ESLint says of TypeScript 7', () => {
    const { folder } = installed({ typescript: typescript7 }, ['typescript-eslint', ...packageNames().filter((name) => name.startsWith('@typescript-eslint/'))]);
    writeFileSync(join(folder, 'eslint.config.js'), config);
    const { status, stderr } = eslint(folder, 'a.ts');
    expect(status).toBe(2);
    expect(page).toContain(`\`\`\`\n${stderr.split('\n')[0] ?? ''}\n`);
  });
});

describe('through ESLint', () => {
  it('another TypeScript beside the parser\'s does not matter', () => {
    const { folder } = installed({ typescript: another });
    writeFileSync(join(folder, 'eslint.config.js'), config);
    expect(eslint(folder, 'a.ts')).toMatchObject({ status: 1, stderr: '', problems: { 'a.ts': ['borrowck/no-borrowed-return:2'] } });
  });

  it.each([
    ['another parser', config.replace('languageOptions: { parser: tseslint.parser, parserOptions: { projectService: true } },', '').replace('*.ts', '*.js'), 'b.js', 'needs type information, but b.js was parsed by espree, which has none: '],
    ['no program', config.replace(', parserOptions: { projectService: true }', ''), 'a.ts', 'needs type information, but no TypeScript program was built for a.ts: '],
  ])('%s ends in one sentence', (_, text, file, sentence) => {
    const { folder } = installed({});
    writeFileSync(join(folder, 'eslint.config.js'), text);
    writeFileSync(join(folder, 'b.js'), 'export const b = 1;\n');
    const { status, stderr } = eslint(folder, file);
    expect(status).toBe(2);
    expect(stderr.split('\n').filter((line) => line.includes('ConfigurationError'))).toEqual([expect.stringContaining(sentence)]);
  });
});
