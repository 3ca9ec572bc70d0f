import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { transform } from 'esbuild';
import { expect, test } from 'vitest';
import { repositoryRoot } from '../rules/support/fixtures.js';
import { folderWith } from '../support/folder.js';

/** Blocks marked `ts runs` are whole programs; each says in comments what it prints. */
const text = readFileSync(join(repositoryRoot, 'lib/README.md'), 'utf8');
const samples = [...text.matchAll(/^```ts runs\n(.*?)^```$/gms)].map(([, code = '']) => ({ code, imports: /import \{ (.*?) \}/.exec(code)?.[1] ?? '' }));

test('there are samples', () => {
  expect(samples.length).toBeGreaterThan(6);
});

test.each(samples)('the sample of $imports prints what it says', async ({ code }) => {
  const printed = [...code.matchAll(/\/\/.*?\bprints (.*)$/gm)].map(([, line]) => line);
  const { code: program } = await transform(code, { loader: 'ts', format: 'esm', target: 'es2022' });
  const folder = folderWith({ 'sample.mjs': program });
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(join(repositoryRoot, 'lib'), join(folder, 'node_modules/borrowck-runtime'), 'junction');
  const { stdout, stderr, status } = spawnSync(process.execPath, ['sample.mjs'], { cwd: folder, encoding: 'utf8', timeout: 30_000 });
  expect({ lines: stdout.trimEnd().split('\n'), stderr, status }).toEqual({ lines: printed, stderr: '', status: 0 });
});
