import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installed } from '../support/installed.js';
import { eslint } from '../support/project.js';

/** What a user has beside the plugin. */
export interface Peers {
  readonly eslint: string;
  readonly typescript: string;
}

/** The oldest that the plugin's peer ranges allow. */
export const OLDEST: Peers = { eslint: '9.38.0', typescript: '5.4.5' };

const root = fileURLToPath(new URL('../../', import.meta.url));
const before = '2026-11-19';
const parser = '8.72.0';

const setUp = (extending: string): string => `
  { files: ['**/*.{ts,mts,cts,js,mjs,cjs}'], languageOptions: { parser: tseslint.parser, parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } } },
  { plugins: { borrowck }, extends: [${extending}] },
  { settings: { borrowck: { runtime: 'never' } } },
`;

const esm = (extending: string): string =>
  `import borrowck from 'eslint-plugin-borrowck';\nimport tseslint from 'typescript-eslint';\nimport { defineConfig } from 'eslint/config';\nexport default defineConfig([${setUp(extending)}]);\n`;

const commonJs = (extending: string): string =>
  `const borrowck = require('eslint-plugin-borrowck').default;\nconst tseslint = require('typescript-eslint');\nconst { defineConfig } = require('eslint/config');\nmodule.exports = defineConfig([${setUp(extending).replace('import.meta.dirname', '__dirname')}]);\n`;

/** A file for each way to configure. */
const configs: Readonly<Record<string, string>> = {
  'object.config.mjs': esm('borrowck.configs.recommended'),
  'name.config.mjs': esm("'borrowck/recommended'"),
  'strict.config.mjs': esm('borrowck.configs.strict'),
  'all.config.mjs': esm("'borrowck/all'"),
  'object.config.cjs': commonJs('borrowck.configs.recommended'),
  'name.config.cjs': commonJs("'borrowck/recommended'"),
};

const sources: Readonly<Record<string, string>> = {
  'read.ts': `import type { FileHandle } from 'node:fs/promises';

export async function* read(fh: FileHandle) {
  const buf = Buffer.alloc(65536);
  for (;;) {
    const { bytesRead } = await fh.read(buf);
    if (bytesRead === 0) return;
    yield buf.subarray(0, bytesRead);
  }
}
`,
  'script.cjs': `const fs = require('node:fs');
module.exports = function* (fd) {
  const buf = Buffer.alloc(4);
  while (fs.readSync(fd, buf) > 0) yield buf.subarray(0, 2);
};
`,
  'clean.ts': 'export const one = 1;\n',
};
const expected = { 'read.ts': ['borrowck/no-borrowed-yield:8'], 'script.cjs': ['borrowck/no-borrowed-yield:4'] };

/** Packs both packages as they would be published. */
function pack(into: string): string[] {
  return ['rules', 'lib'].map((folder) => {
    const args = ['pack', '--silent', '--offline', '--pack-destination', into];
    const name = execFileSync('npm', args, { cwd: join(root, folder), encoding: 'utf8' }).trim().split('\n').at(-1) ?? '';
    return join(into, name);
  });
}

/**
 * Installs the packed plugin and runtime with npm beside an ESLint and a TypeScript, and lints a small project from there, in every
 * way to configure.
 *
 * @param peers - the versions beside it
 * @returns what was not as it should be, a line each
 * @throws {Error} when npm cannot install them together
 */
export function tryOut(peers: Peers): string[] {
  const label = `eslint-${peers.eslint}+typescript-${peers.typescript}`;
  const packages = [`eslint@${peers.eslint}`, `typescript@${peers.typescript}`, `@typescript-eslint/parser@${parser}`, `typescript-eslint@${parser}`, '@types/node@24', ...dependencies()];
  const project = installed({ folder: fileURLToPath(new URL(`.packages/${label}`, import.meta.url)), packages, before });
  const tarballs = mkdtempSync(join(tmpdir(), 'borrowck-tarballs-'));
  try {
    // A tarball of the same version would be taken for what is installed already.
    for (const name of ['eslint-plugin-borrowck', 'borrowck-runtime']) rmSync(join(project, 'node_modules', name), { recursive: true, force: true });
    const args = ['install', '--no-save', '--no-package-lock', '--strict-peer-deps', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', '--before', before];
    const { status, stderr } = spawnSync('npm', [...args, ...packages, ...pack(tarballs)], { cwd: project, encoding: 'utf8', shell: process.platform === 'win32' });
    if (status !== 0) throw new Error(`npm cannot install the plugin beside ${label}: ${stderr.trim()}`);
  } finally {
    rmSync(tarballs, { recursive: true, force: true });
  }
  return lintedFrom(project);
}

/** What the plugin brings along is installed with its peers, once. */
function dependencies(): string[] {
  const manifest = JSON.parse(readFileSync(join(root, 'rules/package.json'), 'utf8')) as { dependencies: Record<string, string> };
  return Object.entries(manifest.dependencies).flatMap(([name, range]) => (name === '@types/node' ? [] : [`${name}@${range}`]));
}

function lintedFrom(project: string): string[] {
  const compilerOptions = { target: 'es2022', module: 'nodenext', strict: true, allowJs: true, types: ['node'], skipLibCheck: true, noEmit: true };
  mkdirSync(join(project, 'src'), { recursive: true });
  const files = { ...configs, 'package.json': '{ "private": true, "type": "module" }\n', 'tsconfig.json': JSON.stringify({ compilerOptions, include: ['src'] }) };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(project, name), text);
  for (const [name, text] of Object.entries(sources)) writeFileSync(join(project, 'src', name), text);

  const wrong: string[] = [];
  const compare = (what: string, seen: unknown, wanted: unknown): void => {
    if (JSON.stringify(seen) !== JSON.stringify(wanted)) wrong.push(`${what}: ${JSON.stringify(seen)}`);
  };
  const inSource = Object.fromEntries(Object.entries(expected).map(([name, problems]) => [`src/${name}`, problems]));
  for (const config of Object.keys(configs)) {
    const { problems, stderr } = eslint(project, '--config', config, 'src');
    compare(`${config}${stderr === '' ? '' : ` (${stderr.trim().split('\n')[0] ?? ''})`}`, problems, inSource);
  }
  const command = join(project, 'node_modules/eslint-plugin-borrowck/dist/cli/main.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, 'check', 'src'], { cwd: project, encoding: 'utf8' });
  compare('borrowck check', [status, stderr, stdout.trim().split('\n').at(-1)], [1, '', '2 errors in 2 files (3 files checked)']);
  return wrong;
}
