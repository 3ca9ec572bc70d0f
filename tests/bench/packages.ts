import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A package that ships its TypeScript sources, pinned. */
export interface Corpus {
  readonly name: string;
  readonly version: string;
  /** How the table calls it. */
  readonly label: string;
}

export const corpora: readonly Corpus[] = [
  { name: '@libp2p/utils', version: '7.4.1', label: 'small' },
  { name: 'mongodb', version: '7.8.0', label: 'medium' },
  { name: 'apache-arrow', version: '21.2.0', label: 'arrow' },
  { name: 'mediabunny', version: '1.61.0', label: 'media' },
];

const folder = fileURLToPath(new URL('./.packages/', import.meta.url));

const compilerOptions = {
  target: 'ES2024',
  lib: ['ES2024', 'DOM', 'ESNext.Disposable'],
  module: 'nodenext',
  strict: true,
  skipLibCheck: true,
  allowImportingTsExtensions: true,
  noEmit: true,
  types: ['node'],
};

/**
 * Installs a package where that was not done before, and lays its sources beside its dependencies, out of `node_modules`.
 *
 * @param corpus - the package
 * @returns the folder to lint: its sources are in `src`, its project is `tsconfig.json`
 */
export function prepare({ name, version }: Corpus): string {
  const root = join(folder, `${name.replace(/^@/, '').replace('/', '-')}-${version}`);
  const sources = join(root, 'src');
  if (!existsSync(join(root, 'tsconfig.json'))) {
    mkdirSync(root, { recursive: true });
    writeFileSync(join(root, 'package.json'), JSON.stringify({ private: true, type: name === 'mongodb' ? 'commonjs' : 'module' }));
    execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', `${name}@${version}`, '@types/node@24'], { cwd: root, stdio: 'inherit' });
    cpSync(join(root, 'node_modules', name, 'src'), sources, { recursive: true });
    writeFileSync(join(root, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['src'] }));
  }
  return root;
}
