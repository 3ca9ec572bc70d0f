import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A package, or several, that ship their TypeScript sources, pinned. */
export interface Corpus {
  readonly name: string;
  /** Packages that come with it as dependencies and are linted, too. */
  readonly others?: readonly string[];
  readonly version: string;
  /** How the table calls it. */
  readonly label: string;
  /** What the measurement must show: code that handles bytes, or code that has nothing to do with what the rules look for. */
  readonly kind: 'bytes' | 'plain';
}

export const corpora: readonly Corpus[] = [
  { name: '@libp2p/utils', version: '7.4.1', label: 'small', kind: 'bytes' },
  { name: 'mongodb', version: '7.8.0', label: 'medium', kind: 'bytes' },
  { name: 'apache-arrow', version: '21.2.0', label: 'arrow', kind: 'bytes' },
  { name: 'mediabunny', version: '1.61.0', label: 'media', kind: 'bytes' },
  { name: '@matter/node', others: ['@matter/general', '@matter/protocol'], version: '0.17.9', label: 'large', kind: 'bytes' },
  { name: 'zod', version: '4.6.7', label: 'plain', kind: 'plain' },
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
export function prepare({ name, version, others = [] }: Corpus): string {
  const root = join(folder, `${name.replace(/^@/, '').replace('/', '-')}-${version}`);
  const sources = join(root, 'src');
  if (!existsSync(join(root, 'tsconfig.json'))) {
    mkdirSync(root, { recursive: true });
    writeFileSync(join(root, 'package.json'), JSON.stringify({ private: true, type: name === 'mongodb' ? 'commonjs' : 'module' }));
    execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', `${name}@${version}`, '@types/node@24'], { cwd: root, stdio: 'inherit' });
    // Tests need runners that are not installed.
    const isSource = (path: string): boolean => !/[\\/](?:tests?|__tests__|bench(?:marks?)?)(?:[\\/]|$)|\.(?:test|spec)\.ts$/.test(path.slice(path.lastIndexOf('node_modules')));
    for (const one of [name, ...others]) {
      const from = join(root, 'node_modules', one);
      const to = others.length === 0 ? root : join(sources, one.replaceAll('/', '-'));
      cpSync(join(from, 'src'), join(to, 'src'), { recursive: true, filter: isSource });
      // Where `#name` leads to.
      if (others.length > 0) cpSync(join(from, 'package.json'), join(to, 'package.json'));
    }
    writeFileSync(join(root, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['src'] }));
  }
  return root;
}
