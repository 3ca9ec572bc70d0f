import { spawnSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { ESLint } from 'eslint';
import { repositoryRoot } from '../rules/support/fixtures.js';
import { folderWith } from './folder.js';

const config = `
import borrowck from 'eslint-plugin-borrowck';
import tseslint from 'typescript-eslint';

export default [
  { files: ['**/*.{ts,mjs,cjs}'], languageOptions: { parser: tseslint.parser, parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } } },
  borrowck.configs.recommended,
  { settings: { borrowck: { runtime: 'never' } } },
  { files: ['**/always-*'], settings: { borrowck: { runtime: 'always' } } },
];
`;

/** The compiler's options of such a project. */
export const compilerOptions = { target: 'es2024', lib: ['es2024', 'dom', 'esnext.disposable'], module: 'nodenext', strict: true, allowJs: true, types: ['node'], skipLibCheck: true, noEmit: true };

/** A project on disk that is set up as the README says, removed when the test is over. Files given replace those of the set-up. */
export function projectWith(files: Readonly<Record<string, string>>): string {
  const folder = folderWith({
    'package.json': '{ "private": true, "type": "module" }\n',
    'eslint.config.mjs': config,
    'tsconfig.json': JSON.stringify({ compilerOptions, include: ['*'] }),
    ...files,
  });
  symlinkSync(join(repositoryRoot, 'node_modules'), join(folder, 'node_modules'), 'junction');
  return folder;
}

export interface Linted {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The problems by file name, each as `rule:line`; empty where the report is not in JSON. */
  readonly problems: Readonly<Record<string, readonly string[]>>;
}

/**
 * Runs ESLint's command in a project.
 *
 * @param folder - the project
 * @param args - after the command; the format is JSON unless they say otherwise
 * @returns what it printed
 */
export function eslint(folder: string, ...args: readonly string[]): Linted {
  const { DEBUG: _debug, NODE_OPTIONS: _options, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, 'node_modules/eslint/bin/eslint.js'), '--format', 'json', ...args], { cwd: folder, env, encoding: 'utf8', maxBuffer: 1 << 26 });
  const results = stdout.startsWith('[') ? (JSON.parse(stdout) as ESLint.LintResult[]) : [];
  const problems = results.flatMap(({ filePath, messages }) =>
    messages.length === 0 ? [] : [[relative(folder, filePath).replaceAll('\\', '/'), messages.map(({ ruleId, line, message }) => `${ruleId ?? message}:${line}`)] as const],
  );
  return { status, stdout, stderr, problems: Object.fromEntries(problems) };
}
