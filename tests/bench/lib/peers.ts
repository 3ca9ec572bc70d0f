import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Load, Table } from './table.js';

const folder = fileURLToPath(new URL('../.packages/runtime-peers/', import.meta.url));
const loader = join(folder, 'load.mjs');

/** Installs the pinned peers of some tables, where that was not done before. */
export function installPeers(tables: readonly Table[]): void {
  const wanted = tables.flatMap(({ peers }) => Object.entries(peers)).filter(([name, version]) => !existsSync(join(folder, `${name.replace('/', '__')}@${version}`)));
  if (wanted.length === 0) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  execFileSync('npm', ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', ...tables.flatMap(({ peers }) => Object.entries(peers)).map(([name, version]) => `${name}@${version}`)], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  // Imported from there, a package is found there, whatever conditions its exports have.
  writeFileSync(loader, 'export const load = (name) => import(name);\n');
  for (const [name, version] of wanted) writeFileSync(join(folder, `${name.replace('/', '__')}@${version}`), '');
}

export const loadPeer: Load = async <Shape>(name: string): Promise<Shape> => {
  const { load } = (await import(pathToFileURL(loader).href)) as { load: (name: string) => Promise<Shape> };
  return load(name);
};
