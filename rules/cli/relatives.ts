import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type ts from 'typescript';
import { packageFolderOf } from '../migrate/interface.js';
import { discover } from './discover.js';

const ENDING = /\.[cm]?[jt]sx?$/;

/**
 * The files of a package that one can come to from some of them by imports, in either direction: whoever calls what they declare, and
 * whatever they call. No configuration names the tests and the scripts of many a package.
 *
 * @param instance reads imports
 * @param files where to begin, absolute
 * @returns the other files, absolute, sorted; what `check` leaves out, such as dependencies and build output, is not among them
 */
export function relativesOf(instance: typeof ts, files: readonly string[]): readonly string[] {
  const folders = new Set(files.flatMap((file) => packageFolderOf(file) ?? []));
  const all = [...new Set([...files, ...[...folders].flatMap((folder) => discover([folder], folder).files)])];
  const fileOf = resolverOver(all, folders);
  const neighbours = new Map(all.map((file): [string, string[]] => [file, []]));
  for (const file of all) {
    for (const imported of importsOf(instance, file)) {
      const found = fileOf(imported);
      if (found === undefined) continue;
      neighbours.get(file)?.push(found);
      neighbours.get(found)?.push(file);
    }
  }
  const reached = new Set(files);
  // A set takes in what is added while one goes through it.
  for (const file of reached) for (const other of neighbours.get(file) ?? []) reached.add(other);
  return [...reached].filter((file) => !files.includes(file)).sort();
}

/** Finds the file that a path without its ending, or with that of what it is compiled to, stands for. */
function resolverOver(files: readonly string[], folders: Iterable<string>): (path: string) => string | undefined {
  const known = new Map<string, string>();
  for (const file of files) known.set(file, file).set(file.replace(ENDING, ''), file);
  const find = (path: string): string | undefined => known.get(path) ?? known.get(path.replace(ENDING, '')) ?? known.get(join(path, 'index'));
  for (const folder of folders) {
    const { main } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { readonly main?: unknown };
    const entry = typeof main === 'string' ? find(resolve(folder, main)) : undefined;
    if (entry !== undefined) known.set(folder, entry);
  }
  return find;
}

/** What a file imports or requires by a path, as absolute paths. */
function importsOf(instance: typeof ts, file: string): readonly string[] {
  const { importedFiles } = instance.preProcessFile(readFileSync(file, 'utf8'), true, true);
  return importedFiles.flatMap(({ fileName }) => (fileName.startsWith('.') ? [resolve(dirname(file), fileName)] : []));
}
