/**
 * `npm run corpus:migrate`: rewrites real packages to another form and runs their own tests before and after: what passed has to pass.
 * `--only a,b`: these packages. The results are recorded in `migrated.txt`. Needs Git and the network; takes minutes.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runMigration } from '../../rules/cli/migrate.js';
import type { MigrateOptions } from '../../rules/cli/migrate-options.js';

/** A package whose sources and tests are in a Git repository. */
interface Repository {
  readonly name: string;
  readonly url: string;
  readonly tag: string;
  readonly to: MigrateOptions['to'];
  readonly paths: readonly string[];
  /** Runs those of its tests that exercise what is rewritten, and prints a line with a tick for each that passes. */
  readonly test: readonly [command: string, ...args: string[]];
  /** Which of them are left out, and why no rewrite of this form could pass them. */
  readonly without?: string;
}

const here = fileURLToPath(new URL('.', import.meta.url));
const record = join(here, 'migrated.txt');
const repositories = JSON.parse(readFileSync(join(here, 'migrated.json'), 'utf8')) as readonly Repository[];
const { values } = parseArgs({ options: { only: { type: 'string' } } });

process.exitCode = main(repositories.filter(({ name }) => values.only?.split(',').includes(name) ?? true));

function main(chosen: readonly Repository[]): number {
  const known = new Map(existsSync(record) ? readFileSync(record, 'utf8').split(/(?=^# )/m).map((part): [string, string] => [/^# (\S+)@/.exec(part)?.[1] ?? '', part]) : []);
  let failures = 0;
  for (const repository of chosen) {
    const { text, isSound } = check(repository);
    console.log(text);
    known.set(repository.name, text);
    if (!isSound) failures++;
  }
  writeFileSync(record, [...known.values()].sort().join(''));
  return failures > 0 ? 1 : 0;
}

function check(repository: Repository): { readonly text: string; readonly isSound: boolean } {
  const { name, tag, to, paths, without } = repository;
  const folder = checkout(repository);
  const before = passing(repository, folder);
  let told = '';
  const tell = (text: string): void => void (told += text);
  runMigration({ paths, to, isWriting: true, exports: true, maybe: true }, { cwd: folder, isColored: false, width: 120, isWatched: false, out: tell, error: tell });
  const after = passing(repository, folder);
  const lost = before.filter((test) => !after.includes(test));
  const isSound = before.length > 0 && lost.length === 0 && /^changed: /m.test(told);
  return { text: `# ${name}@${tag}: migrate --to ${to}\ntests that pass: ${before.length} before, ${after.length} after\n${without === undefined ? '' : `without: ${without}\n`}${lost.map((test) => `lost: ${test}\n`).join('')}${told}\n`, isSound };
}

/** A fresh copy of the sources, with what the tests need. */
function checkout({ name, url, tag }: Repository): string {
  const folder = join(here, '.packages/repositories', `${name}@${tag}`);
  if (!existsSync(join(folder, 'node_modules'))) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(join(here, '.packages/repositories'), { recursive: true });
    execFileSync('git', ['clone', '--quiet', '--no-checkout', url, folder]);
    execFileSync('git', ['checkout', '--quiet', '--force', tag], { cwd: folder });
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts'], { cwd: folder, stdio: 'ignore' });
  }
  execFileSync('git', ['checkout', '--quiet', '--force', tag], { cwd: folder });
  return folder;
}

/** The names of the tests that pass. */
function passing({ test: [command, ...args] }: Repository, folder: string): readonly string[] {
  const { stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 28, env: { ...process.env, FORCE_COLOR: '0', TS_NODE_SKIP_PROJECT: 'true' } });
  return [...`${stdout}${stderr}`.matchAll(/^\s*[✔✓√] (.*?)(?: \(?\d[\d.]* ?m?s\)?)?$/gmu)].map(([, name = '']) => name).sort();
}
