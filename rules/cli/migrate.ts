import { relative } from 'node:path';
import { createTwoFilesPatch } from 'diff';
import picocolors from 'picocolors';
import { arenaIndex } from '../migrate/arena.js';
import { asynchronous } from '../migrate/async/index.js';
import { boundedChannel } from '../migrate/channel/index.js';
import { migrate, type Form, type Migration } from '../migrate/index.js';
import { ownedSnapshot } from '../migrate/snapshot.js';
import { instance } from '../migrate/compiler.js';
import { Workspace } from '../migrate/workspace.js';
import { EXIT, type Terminal } from './check.js';
import { discover, skipNotes } from './discover.js';
import { isCommitted } from './git.js';
import { Journal } from './journal.js';
import type { MigrateOptions } from './migrate-options.js';
import { nodeTypesFor, planUnits } from './programs.js';
import { startProgress, type Progress } from './progress.js';
import { relativesOf } from './relatives.js';
import { replaceFiles } from './replace.js';

/**
 * Rewrites a project to another form, across files.
 *
 * @param options what the command line says
 * @param terminal where to print
 * @returns the exit code: 0 when all was rewritten, or nothing had to be; 1 when something was left as it is
 * @throws UsageError for what the user can mend; then no file was changed
 */
export function runMigration(options: MigrateOptions, terminal: Terminal): number {
  const restored = new Journal(terminal.cwd).recover();
  if (restored !== undefined) terminal.error(`note: an earlier run was killed while it replaced files; ${count(restored.length, 'file')} ${restored.length === 1 ? 'has its' : 'have their'} old text again.\n`);
  const discovery = discover(options.paths, terminal.cwd);
  const { units, notes } = planUnits(instance, discovery.files, terminal.cwd);
  for (const note of [...notes, ...skipNotes(discovery, terminal.cwd)]) terminal.error(`note: ${note}\n`);
  const [largest] = [...units].sort((a, b) => b.files.length - a.files.length);
  const compilerOptions = largest?.project?.parsed.options;
  // Whoever calls what changes must change with it, wherever the findings are.
  const ofProjects = units.flatMap(({ project }) => [...(project?.files ?? [])]).filter((file) => !/\.d\.[cm]?ts$/.test(file) && !file.includes('/node_modules/'));
  const files = [...new Set([...discovery.files, ...ofProjects])];
  const workspace = new Workspace({
    compilerOptions,
    files: [...files, ...relativesOf(instance, files)].sort(),
    targets: discovery.files,
    declarations: nodeTypesFor(instance, largest?.project?.configFile ?? discovery.files[0] ?? terminal.cwd, compilerOptions ?? {}, instance.sys),
    settings: { runtime: 'auto', contracts: options.contracts },
  });
  let progress: Progress | undefined;
  const migration = migrate(workspace, formOf(options), (planned, total) => {
    if (planned === 1) {
      progress?.stop();
      progress = startProgress('planning', 'chains', total, terminal.isWatched);
    }
    progress?.advance();
  });
  progress?.stop();
  report(migration, options, terminal);
  return migration.refused.length > 0 ? EXIT.findings : EXIT.clean;
}

function formOf({ to, exports, maybe }: MigrateOptions): Form {
  const options = { mayChangeExports: exports, isLenient: maybe };
  switch (to) {
    case 'async':
      return asynchronous(options);
    case 'channel':
      return boundedChannel(options);
    case 'arena':
      return arenaIndex(options);
    case 'snapshot':
      return ownedSnapshot(options);
  }
}

function report({ files, done, refused }: Migration, options: MigrateOptions, terminal: Terminal): void {
  const isWriting = options.isWriting ?? isCommitted(files.map(({ file }) => file));
  const shown = (file: string): string => relative(terminal.cwd, file) || file;
  if (isWriting) {
    replaceFiles(files.map(({ file, before, after }) => ({ file, text: after, expected: before })), new Journal(terminal.cwd));
    for (const { file } of files) terminal.out(`rewrote ${shown(file)}\n`);
  } else {
    for (const { file, before, after } of files) terminal.out(painted(patchOf(shown(file), before, after), terminal.isColored));
  }
  for (const { title, file, line } of done) terminal.error(`${isWriting ? 'changed' : 'would change'}: ${title} (${shown(file)}:${line})\n`);
  for (const { title, reason, file, line } of refused) terminal.error(`not changed: ${title}: ${reason} (${shown(file)}:${line})\n`);
  terminal.error(`${count(done.length, 'chain')} ${isWriting ? 'rewritten' : 'to rewrite'} in ${count(files.length, 'file')}, ${refused.length} left as ${refused.length === 1 ? 'it is' : 'they are'}.\n`);
  if (!isWriting && files.length > 0) {
    terminal.error(options.isWriting === undefined ? 'Nothing was written, because git could not bring these files back: commit them, or run again with --write.\n' : 'Nothing was written: run again without --dry-run.\n');
  }
}

function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`;
}

function patchOf(name: string, before: string, after: string): string {
  return createTwoFilesPatch(`a/${name}`, `b/${name}`, before, after).replace(/^=+\n/, '').replaceAll(/^((?:---|\+\+\+) .*?)\t$/gm, '$1');
}

function painted(patch: string, isColored: boolean): string {
  const colors = picocolors.createColors(isColored);
  return patch.replaceAll(/^[+\-@].*$/gm, (line) => {
    if (line.startsWith('@@')) return colors.cyan(line);
    if (/^(?:\+\+\+|---) /.test(line)) return colors.bold(line);
    return line.startsWith('+') ? colors.green(line) : colors.red(line);
  });
}
