import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installed } from '../support/installed.js';

/** A package of real code, at the version that the records were made with. */
export interface CorpusPackage {
  readonly name: string;
  readonly version: string;
  /** What of it is checked: many packages ship the same code twice or more. */
  readonly paths: readonly string[];
  /** Two small packages are enough to see that everything works. */
  readonly isSmoke?: boolean;
  /** Its dependencies are those of this day. */
  readonly dependenciesBefore?: string;
}

const here = fileURLToPath(new URL('.', import.meta.url));
const installFolder = join(here, '.packages');

/** Types of dependencies decide what resolves: newer ones must not change what is found. */
const dependenciesBefore = '2026-11-19';

/** Every package, in the order of `packages.json`. */
export const packages = JSON.parse(readFileSync(join(here, 'packages.json'), 'utf8')) as readonly CorpusPackage[];

/** The package's name as a file name. */
function fileNameOf({ name }: CorpusPackage): string {
  return name.replace('/', '__');
}

/** Where the findings and their verdicts are recorded. */
export function recordOf(corpusPackage: CorpusPackage): string {
  return join(here, `${fileNameOf(corpusPackage)}.findings`);
}

/** Where it is recorded how many rewrites of each package were tried, and what they came to. */
export const fixesRecord = join(here, 'fixed.txt');

/** Where the package is installed, in a folder of its own: others' dependencies must not come into play. */
export function folderOf(corpusPackage: CorpusPackage): string {
  return join(homeOf(corpusPackage), 'node_modules', corpusPackage.name);
}

function homeOf(corpusPackage: CorpusPackage): string {
  return join(installFolder, `${fileNameOf(corpusPackage)}@${corpusPackage.version}`);
}

/**
 * Installs a package unless it is there.
 *
 * @param corpusPackage the package
 * @throws {Error} when npm cannot install it
 */
export function install(corpusPackage: CorpusPackage): void {
  const { name, version, dependenciesBefore: before = dependenciesBefore } = corpusPackage;
  installed({ folder: homeOf(corpusPackage), packages: [`${name}@${version}`], before });
}
