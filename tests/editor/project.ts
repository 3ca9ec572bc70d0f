import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../rules/support/fixtures.js';
import { folderWith } from '../support/folder.js';

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

const compilerOptions = { target: 'es2024', lib: ['es2024', 'dom', 'esnext.disposable'], module: 'nodenext', strict: true, allowJs: true, types: ['node'], skipLibCheck: true, noEmit: true };

/** A project on disk that is set up as the README says, removed when the test is over. */
export function projectWith(files: Readonly<Record<string, string>>): string {
  const folder = folderWith({
    'package.json': '{ "private": true, "type": "module" }\n',
    'eslint.config.mjs': config,
    ...files,
  });
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*'] }));
  symlinkSync(join(repositoryRoot, 'node_modules'), join(folder, 'node_modules'), 'junction');
  return folder;
}
