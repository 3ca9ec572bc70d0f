import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { transform } from 'esbuild';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { repositoryRoot } from '../rules/support/fixtures.js';
import { folderWith } from '../support/folder.js';

/**
 * Blocks marked `ts runs` are whole programs; each says in comments what it prints. `ts in NAME` is a file beside them, `ts checks` is
 * for the compiler alone.
 */
const text = readFileSync(join(repositoryRoot, 'lib/README.md'), 'utf8');
const blocks = [...text.matchAll(/^```ts(?: ([^\n]*))?\n(.*?)^```$/gms)].map(([, info = '', code = '']) => ({ info, code, imports: /import \{ (.*?) \} from 'borrowck-runtime'/.exec(code)?.[1] ?? '' }));
const samples = blocks.filter(({ info }) => info === 'runs');

const besides = blocks.flatMap(({ info, code }) => (info.startsWith('in ') ? [{ name: info.slice(3), code }] : []));

/** A folder as a new user's, with the package installed and nothing else but Node's types. */
function pasted(files: Readonly<Record<string, string>>): string {
  const folder = folderWith({ 'package.json': '{ "type": "module" }', ...files });
  mkdirSync(join(folder, 'node_modules/@types'), { recursive: true });
  symlinkSync(join(repositoryRoot, 'lib'), join(folder, 'node_modules/borrowck-runtime'), 'junction');
  symlinkSync(join(repositoryRoot, 'node_modules/@types/node'), join(folder, 'node_modules/@types/node'), 'junction');
  return folder;
}

/** The types taken away, and nothing else: what is left is for the oldest Node that is supported. */
async function asJavaScript(code: string): Promise<string> {
  const { code: stripped } = await transform(code, { loader: 'ts', format: 'esm', target: 'esnext' });
  return stripped;
}

test('every block is run, compiled or a file beside those', () => {
  expect(samples.length).toBeGreaterThan(10);
  expect(blocks.map(({ info }) => info).filter((info) => !/^(runs|checks|in \S+\.ts)$/.test(info))).toEqual([]);
});

test('they compile, as strictly as can be', () => {
  const files = Object.fromEntries(blocks.map(({ info, code }, at) => [info.startsWith('in ') ? info.slice(3) : `sample-${at}.ts`, code]));
  const folder = pasted(files);
  const program = ts.createProgram(Object.keys(files).map((name) => join(folder, name)), {
    strict: true,
    noEmit: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    types: ['node'],
    typeRoots: [join(folder, 'node_modules/@types')],
  });
  expect(ts.getPreEmitDiagnostics(program).map(({ messageText, file }) => `${file?.fileName ?? ''}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`)).toEqual([]);
});

test.each(samples)('the sample of $imports prints what it says, as plain JavaScript', async ({ code }) => {
  const printed = [...code.matchAll(/\/\/.*?\bprints (.*)$/gm)].map(([, line]) => line);
  const others = await Promise.all(besides.map(async (each) => [each.name.replace(/ts$/, 'js'), await asJavaScript(each.code)] as const));
  const folder = pasted({ ...Object.fromEntries(others), 'sample.js': await asJavaScript(code) });
  const { stdout, stderr, status } = spawnSync(process.execPath, ['sample.js'], { cwd: folder, encoding: 'utf8', timeout: 30_000 });
  expect({ lines: stdout.trimEnd().split('\n'), stderr, status }).toEqual({ lines: printed, stderr: '', status: 0 });
});
