import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SourceText } from './markers.js';

export type FixtureKind = 'flagged' | 'clean';

/** A case: one file, or the files of one folder, that are linted in one program. */
export interface Fixture {
  readonly name: string;
  readonly kind: FixtureKind;
  readonly sources: readonly SourceText[];
}

export const repositoryRoot = resolve(fileURLToPath(import.meta.url), '../../../..');
export const fixturesRoot = join(repositoryRoot, 'tests/rules/fixtures');

const SOURCE = /\.[cm]?[jt]sx?$/;
const FIXED = /\.fixed(\.[cm]?[jt]sx?)$/;

/**
 * The fixtures of a rule.
 *
 * @param rule - the rule's name, without its namespace
 * @returns all of them, sorted by name, without the `.fixed` twins
 */
export function fixturesOf(rule: string): Fixture[] {
  return (['flagged', 'clean'] as const).flatMap((kind) => {
    const folder = join(fixturesRoot, rule, kind);
    return readdirSync(folder)
      .filter((name) => !FIXED.test(name))
      .sort()
      .map((name): Fixture => ({ name, kind, sources: filesUnder(join(folder, name)).map(readSource) }));
  });
}

/** The name of the file that holds what `--fix` makes of a fixture's file. */
export function fixedTwinOf(file: string): string {
  return file.replace(SOURCE, (extension) => `.fixed${extension}`);
}

function filesUnder(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => SOURCE.test(name) && !FIXED.test(basename(name)))
    .sort()
    .map((name) => join(path, name));
}

/** A file as it is on disk. */
export function readSource(file: string): SourceText {
  return { file, text: readFileSync(file, 'utf8') };
}
