import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const packages = { 'eslint-plugin-borrowck': 'rules', 'borrowck-runtime': 'lib' };
let project = '';

// Each test starts processes that load the compiler; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 180_000 });

const parserOptions = '{ projectService: true, tsconfigRootDir: __dirname }';
const configs = {
  'eslint.config.cjs': `
    const borrowck = require('eslint-plugin-borrowck').default;
    module.exports = [{ files: ['**/*.ts'], languageOptions: { parser: require('@typescript-eslint/parser'), parserOptions: ${parserOptions} } }, borrowck.configs.recommended];
  `,
  'eslint.config.mjs': `
    import borrowck from 'eslint-plugin-borrowck';
    import * as parser from '@typescript-eslint/parser';
    export default [{ files: ['**/*.ts'], languageOptions: { parser, parserOptions: ${parserOptions.replace('__dirname', 'import.meta.dirname')} } }, borrowck.configs.recommended];
  `,
  'untyped.config.mjs': `
    import borrowck from 'eslint-plugin-borrowck';
    import * as parser from '@typescript-eslint/parser';
    export default [{ files: ['**/*.ts'], languageOptions: { parser } }, borrowck.configs.recommended];
  `,
};

const dirty = `export function* read(next: (into: Uint8Array) => number): Generator<Uint8Array> {
  const scratch = new Uint8Array(64);
  for (;;) {
    scratch.fill(next(scratch));
    yield scratch.subarray(0, 8);
  }
}
`;

/** An empty project with both packages as a user would install them, and the tools beside them. Nothing is downloaded. */
beforeAll(() => {
  project = mkdtempSync(path.join(tmpdir(), 'borrowck-packed-'));
  const modules = path.join(project, 'node_modules');
  mkdirSync(modules);
  for (const name of readdirSync(path.join(root, 'node_modules'))) {
    if (!(name in packages) && !name.startsWith('.')) symlinkSync(path.join(root, 'node_modules', name), path.join(modules, name), 'junction');
  }
  for (const [name, folder] of Object.entries(packages)) {
    if (!existsSync(path.join(root, folder, 'dist/index.js'))) throw new Error(`${folder}/dist is missing: run npm run build`);
    const args = ['pack', '--silent', '--offline', '--pack-destination', project];
    const tarball = execFileSync('npm', args, { cwd: path.join(root, folder), encoding: 'utf8' }).trim().split('\n').at(-1) ?? '';
    mkdirSync(path.join(modules, name));
    execFileSync('tar', ['-xzf', path.join(project, tarball), '--strip-components=1', '-C', path.join(modules, name)]);
  }
  for (const [name, content] of Object.entries(configs)) writeFileSync(path.join(project, name), content);
  writeFileSync(path.join(project, 'package.json'), '{ "name": "user", "private": true, "type": "module" }\n');
  const compilerOptions = { target: 'es2023', module: 'nodenext', strict: true, types: ['node'], skipLibCheck: true, noEmit: true };
  writeFileSync(path.join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
  writeFileSync(path.join(project, 'clean.ts'), 'export const a = 1;\n');
  writeFileSync(path.join(project, 'dirty.ts'), dirty);
});

afterAll(() => {
  rmSync(project, { recursive: true, force: true });
});

function eslint(...args: string[]): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  return spawnSync(process.execPath, [path.join(project, 'node_modules/eslint/bin/eslint.js'), ...args], { cwd: project, encoding: 'utf8' });
}

describe.each(['eslint.config.cjs', 'eslint.config.mjs'])('the packed plugin under %s', (config) => {
  test('is configured', () => {
    const { stdout } = eslint('--config', config, '--print-config', 'clean.ts');
    expect(JSON.parse(stdout)).toMatchObject({ rules: { 'borrowck/no-borrowed-yield': [2, { report: 'certain', fix: 'snapshot' }] } });
  });

  test('reports a borrowed yield, and nothing else', () => {
    const { status, stdout } = eslint('--config', config, '--format', 'json', 'clean.ts', 'dirty.ts');
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject([{ messages: [] }, { messages: [{ ruleId: 'borrowck/no-borrowed-yield', line: 5, column: 5 }] }]);
  });
});

test('the packed plugin fixes with the runtime that is installed beside it', () => {
  const { stdout } = eslint('--config', 'eslint.config.mjs', '--format', 'json', '--fix-dry-run', 'dirty.ts');
  const expected = `import { snapshot } from 'borrowck-runtime';\n\n${dirty.replace('scratch.subarray(0, 8)', 'snapshot(scratch.subarray(0, 8))')}`;
  expect(JSON.parse(stdout)).toMatchObject([{ messages: [], output: expected }]);
});

test('a configuration without type information ends in one sentence', () => {
  const { status, stderr } = eslint('--config', 'untyped.config.mjs', 'clean.ts');
  expect(status).toBe(2);
  expect(stderr).toMatch(/^ConfigurationError: borrowck\/no-[\w-]+ needs type information, but no TypeScript program was built for clean\.ts: /m);
  expect(stderr).not.toMatch(/^\s+at /m);
});

test('the runtime is loaded by import and by require', () => {
  const run = (...args: string[]): string => execFileSync(process.execPath, args, { cwd: project, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  expect(run('--input-type=module', '-e', "import { snapshot } from 'borrowck-runtime'; console.log(snapshot(Buffer.from('ab')).join())")).toBe('97,98');
  expect(run('--input-type=commonjs', '-e', "const { snapshot } = require('borrowck-runtime'); console.log(snapshot(Buffer.from('ab')).join())")).toBe('97,98');
});

test('both packages carry what npm shows', () => {
  for (const name of Object.keys(packages)) {
    expect(readdirSync(path.join(project, 'node_modules', name))).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'dist', 'package.json']));
  }
  // What messages link to lies in the package.
  expect(readdirSync(path.join(project, 'node_modules/eslint-plugin-borrowck/docs/rules'))).toContain('no-borrowed-yield.md');
});
