import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Load, Table } from './table.js';

const folder = fileURLToPath(new URL('../.packages/runtime-peers/', import.meta.url));
const manifest = join(folder, 'package.json');
const loader = join(folder, 'load.mjs');

/** Installs the pinned peers of some tables, where that was not done before, beside those of other tables. */
export function installPeers(tables: readonly Table[]): void {
  const installed = existsSync(manifest) ? ((JSON.parse(readFileSync(manifest, 'utf8')) as { dependencies?: Record<string, string> }).dependencies ?? {}) : {};
  const wanted = tables.flatMap(({ peers }) => Object.entries(peers));
  if (wanted.every(([name, version]) => installed[name] === version && existsSync(join(folder, 'node_modules', name)))) return;
  mkdirSync(folder, { recursive: true });
  // npm removes what the manifest does not name.
  writeFileSync(manifest, JSON.stringify({ private: true, type: 'module', dependencies: { ...installed, ...Object.fromEntries(wanted) } }));
  execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock'], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  // Imported from there, a package is found there, whatever conditions its exports have.
  writeFileSync(loader, 'export const load = (name) => import(name);\n');
}

export const loadPeer: Load = async <Shape>(name: string): Promise<Shape> => {
  const { load } = (await import(pathToFileURL(loader).href)) as { load: (name: string) => Promise<Shape> };
  return load(name);
};
