import { spawnSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What is installed in a folder of its own: others' dependencies must not come into play. */
export interface Installation {
  /** The folder that will hold `node_modules`; its name says the versions. */
  readonly folder: string;
  /** What `npm install` is given: `name@version`, or a tarball. */
  readonly packages: readonly string[];
  /** Their dependencies are those of this day, `YYYY-MM-DD`: newer ones must not change what is measured. */
  readonly before: string;
}

/**
 * Installs packages where that was not done before. Install scripts do not run, and what lies in npm's cache is not asked for again.
 *
 * @param installation - what, and where
 * @returns the folder
 * @throws {Error} when npm cannot install them
 */
export function installed({ folder, packages, before }: Installation): string {
  if (statSync(join(folder, 'node_modules'), { throwIfNoEntry: false }) !== undefined) return folder;
  // Two processes may install at once; whoever is first wins.
  const unfinished = `${folder}.${process.pid}.part`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  writeFileSync(join(unfinished, 'package.json'), '{ "private": true }\n');
  const args = ['install', '--ignore-scripts', '--no-save', '--no-package-lock', '--no-audit', '--no-fund', '--prefer-offline', '--before', before, ...packages];
  const { status, stderr } = spawnSync('npm', args, { cwd: unfinished, encoding: 'utf8', shell: process.platform === 'win32' });
  if (status !== 0) throw new Error(`npm cannot install ${packages.join(' ')}: ${stderr.trim()}`);
  if (statSync(folder, { throwIfNoEntry: false }) !== undefined) rmSync(unfinished, { recursive: true, force: true });
  else renameSync(unfinished, folder);
  return folder;
}
