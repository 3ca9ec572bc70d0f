import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryRoot } from '../rules/support/fixtures.js';
import { borrowck } from '../support/command.js';
import { compilerOptions, eslint, projectWith } from '../support/project.js';

/** How continuous integration runs the rules: through ESLint's own command, with what people switch on there. */

const helper = 'export const frameOf = (buf: Buffer): Buffer => buf.subarray(0, 4);\n';
const copyingHelper = helper.replace('buf.subarray(0, 4)', 'Buffer.from(buf.subarray(0, 4))');
const user = `import { readSync } from 'node:fs';
import { frameOf } from './helper.js';

export function* frames(fd: number) {
  const buf = Buffer.alloc(4);
  while (readSync(fd, buf) > 0) yield frameOf(buf);
}
`;
const script = `const fs = require('node:fs');
module.exports = function* (fd) {
  const buf = Buffer.alloc(4);
  while (fs.readSync(fd, buf) > 0) yield buf.subarray(0, 2);
};
`;
const both = { 'user.ts': ['borrowck/no-borrowed-yield:6'], 'script.cjs': ['borrowck/no-borrowed-yield:4'] };
const files = { 'helper.ts': helper, 'user.ts': user, 'script.cjs': script };

/** A configuration of one's own, around an entry. */
const configuration = (entry: string): string => `
import borrowck from 'eslint-plugin-borrowck';
import tseslint from 'typescript-eslint';
import { defineConfig } from 'eslint/config';

export default defineConfig(
  { files: ['**/*.{ts,mts,cts,js,mjs,cjs}'], languageOptions: { parser: tseslint.parser, parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } } },
  ${entry},
);
`;

describe('shared configurations', () => {
  it.each([
    ['an object in `extends`', `{ extends: [borrowck.configs.recommended] }`],
    ['a name in `extends`', `{ plugins: { borrowck }, extends: ['borrowck/recommended'] }`],
    ['an entry of its own', `borrowck.configs.recommended`],
    ['`files` of the user', `{ files: ['**/*.ts', '**/*.cjs'], extends: [borrowck.configs.recommended] }`],
    ['`strict`', `{ extends: [borrowck.configs.strict] }`],
    ['`all`', `{ extends: ['borrowck/all'], plugins: { borrowck } }`],
  ])('%s', (_, entry) => {
    const { problems, stderr } = eslint(projectWith({ ...files, 'eslint.config.mjs': configuration(entry) }), '.');
    expect(stderr).toBe('');
    expect(problems).toEqual(both);
  });

  it('`disableTypeChecked` takes files out', () => {
    const entry = `{ extends: [borrowck.configs.all] }, { files: ['**/*.cjs'], extends: [borrowck.configs.disableTypeChecked], languageOptions: { parserOptions: { projectService: false } } }`;
    const { problems } = eslint(projectWith({ ...files, 'eslint.config.mjs': configuration(entry) }), '.');
    expect(problems).toEqual({ 'user.ts': both['user.ts'] });
  });

  it('leave files of other languages alone', () => {
    const entry = `{ files: ['**/*.json'], plugins: { other: { languages: { any: {
      fileType: 'text', lineStart: 1, columnStart: 0, nodeTypeKey: 'type', validateLanguageOptions() {}, matchesSelectorClass: () => false,
      parse: () => ({ ok: true, ast: { type: 'Any' } }),
      createSourceCode: ({ body }, { ast }) => ({ text: body, ast, getLoc: () => ({ start: { line: 1, column: 0 }, end: { line: 1, column: 0 } }), getRange: () => [0, 0], traverse: () => [] }),
    } } } }, language: 'other/any' }, borrowck.configs.all`;
    const { problems, stderr } = eslint(projectWith({ 'data.json': '{}', 'eslint.config.mjs': configuration(entry) }), '.');
    expect([problems, stderr]).toEqual([{}, '']);
  });
});

describe('what the README shows', () => {
  const readme = readFileSync(join(repositoryRoot, 'README.md'), 'utf8');
  const block = (start: string): string => {
    const at = readme.indexOf(`\`\`\`${start}`);
    return readme.slice(readme.indexOf('\n', at) + 1, readme.indexOf('\n\`\`\`', at) + 1);
  };
  const config = block('js\n// eslint.config.mjs');
  const project = block('json\n{ "compilerOptions"');

  it('works in an empty project, in TypeScript and in plain JavaScript', () => {
    const ofTypeScript = projectWith({ 'package.json': '{ "type": "commonjs" }', 'tsconfig.json': project, 'eslint.config.mjs': config, 'src/read.ts': block('ts\n') });
    expect(eslint(ofTypeScript, '.').problems).toEqual({ 'src/read.ts': ['borrowck/no-borrowed-yield:8'] });
    const ofJavaScript = projectWith({ 'package.json': '{ "type": "commonjs" }', 'jsconfig.json': project, 'eslint.config.mjs': config, 'src/script.js': script });
    rmSync(join(ofJavaScript, 'tsconfig.json'));
    expect(eslint(ofJavaScript, '.').problems).toEqual({ 'src/script.js': both['script.cjs'] });
  });
});

describe('a monorepo with project references', () => {
  const workspace = {
    'tsconfig.json': JSON.stringify({ files: [], references: [{ path: 'packages/bytes' }, { path: 'packages/app' }] }),
    'packages/bytes/tsconfig.json': JSON.stringify({ compilerOptions: { ...compilerOptions, noEmit: false, composite: true, outDir: 'dist' }, include: ['src'] }),
    'packages/bytes/src/helper.ts': helper,
    'packages/app/tsconfig.json': JSON.stringify({ compilerOptions: { ...compilerOptions, noEmit: false, composite: true, outDir: 'dist' }, include: ['src'], references: [{ path: '../bytes' }] }),
    'packages/app/src/user.ts': user.replace('./helper.js', '../../bytes/src/helper.js'),
  };
  const expected = { 'packages/app/src/user.ts': ['borrowck/no-borrowed-yield:6'] };

  it('is seen through ESLint', () => {
    expect(eslint(projectWith(workspace), 'packages').problems).toEqual(expected);
  });

  it('is seen through the command', () => {
    const { out, code } = borrowck(['check', '--format', 'json'], projectWith(workspace));
    const found = (JSON.parse(out) as { filePath: string; messages: { ruleId: string; line: number }[] }[]).filter(({ messages }) => messages.length > 0);
    expect(found.map(({ messages }) => messages.map(({ ruleId, line }) => `${ruleId}:${line}`))).toEqual(Object.values(expected));
    expect(code).toBe(1);
  });
});

describe('options of ESLint', () => {
  it('--concurrency finds what one process finds', () => {
    const many = Object.fromEntries(Array.from({ length: 6 }, (_, index) => [`user${index}.ts`, user]));
    const project = projectWith({ ...files, ...many });
    const alone = eslint(project, '.').problems;
    expect(Object.keys(alone)).toHaveLength(8);
    expect(eslint(project, '--concurrency', '2', '.').problems).toEqual(alone);
  });

  it('--suppress-all accepts what is there, and nothing that comes later', () => {
    const project = projectWith(files);
    expect(eslint(project, '--suppress-all', '.').status).toBe(0);
    expect(existsSync(join(project, 'eslint-suppressions.json'))).toBe(true);
    expect(eslint(project, '.')).toMatchObject({ status: 0, problems: {} });
    writeFileSync(join(project, 'new.ts'), user);
    expect(eslint(project, '.')).toMatchObject({ status: 1, problems: { 'new.ts': both['user.ts'] } });
  });

  it('--cache lints a file again when it changed itself, not when one that it imports did: then it says so', () => {
    const project = projectWith(files);
    expect(eslint(project, '--cache', '.')).toMatchObject({ problems: both, stderr: '' });
    expect(eslint(project, '--cache', '.')).toMatchObject({ problems: both, stderr: '' });
    writeFileSync(join(project, 'helper.ts'), copyingHelper);
    const cached = eslint(project, '--cache', '.');
    expect(cached.problems).toEqual(both);
    expect(cached.stderr).toBe("note: borrowck looks across files, ESLint's cache does not: user.ts came from the cache, though what it imports was linted anew. Run without --cache to be sure.\n");
    expect(eslint(project, '.')).toMatchObject({ problems: { 'script.cjs': both['script.cjs'] }, stderr: '' });
  });
});
