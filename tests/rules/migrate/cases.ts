import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { migrate, type Form, type Migration } from '../../../rules/migrate/index.js';
import { Workspace } from '../../../rules/migrate/workspace.js';
import { repositoryRoot } from '../support/fixtures.js';

const root = fileURLToPath(new URL('fixtures', import.meta.url));
const nodeTypes = join(repositoryRoot, 'node_modules/@types/node/index.d.ts');

/** A program of several files, as it is and as it is to become. */
export interface Case {
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

/** The cases of a form, by name. */
export function casesOf(form: string): readonly Case[] {
  const folder = join(root, form);
  return readdirSync(folder).sort().map((name) => ({ name, before: join(folder, name, 'before'), after: join(folder, name, 'after') }));
}

/** The files of a folder, by their path in it. */
export function filesOf(folder: string): ReadonlyMap<string, string> {
  const names = statSync(folder, { throwIfNoEntry: false }) === undefined ? [] : readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return new Map(names.filter((name) => statSync(join(folder, name)).isFile()).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

/** Replaces what a folder holds. */
export function writeFiles(folder: string, files: ReadonlyMap<string, string>): void {
  rmSync(folder, { recursive: true, force: true });
  for (const [name, text] of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

/** A program over every file of a folder. */
export function workspaceOver(folder: string): Workspace {
  const files = [...filesOf(folder).keys()].filter((name) => /\.[cm]?[jt]sx?$/.test(name)).map((name) => join(folder, name));
  return new Workspace({ compilerOptions: undefined, files, declarations: [nodeTypes], settings: { runtime: 'always', contracts: undefined } });
}

/** What a migration makes of a folder: all its files, and what was done and left. */
export function migrated(folder: string, form: Form): Migration & { readonly all: ReadonlyMap<string, string>; readonly errorsBefore: readonly string[]; readonly errorsAfter: readonly string[] } {
  const workspace = workspaceOver(folder);
  const errorsBefore = errorsIn(workspace);
  const migration = migrate(workspace, form);
  const changed = new Map(migration.files.map(({ file, after }) => [file, after]));
  const all = new Map([...filesOf(folder)].map(([name, text]) => [name, changed.get(join(folder, name)) ?? text]));
  return { ...migration, all, errorsBefore, errorsAfter: errorsIn(workspace) };
}

function errorsIn(workspace: Workspace): readonly string[] {
  return workspace.errors().map(({ file, message }) => `${file}: ${message}`);
}
