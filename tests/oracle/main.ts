/**
 * `npm run oracle -- [--runs N] [--seed S] [--shrink N] [--allow N]`: the engine against executed truth.
 * `npm run oracle -- --seed S --index I`: one program of a run. `npm run oracle -- --replay FILE`: one kept program.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Analyst } from './analyse.js';
import { Case } from './compare.js';
import type { Construct } from './generate/constructs.js';
import { parseKept, placesIn, printKept } from './kept.js';
import type { Failure, Report, ShrunkFailure } from './run.js';
import { causesOf, runOracle, shrink } from './run.js';

const failureFolder = fileURLToPath(new URL('./failures/', import.meta.url));
/** A construct in fewer programs than this is not tested. */
const leastShare = 0.01;
const mostListed = 100;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '10000' },
    // A ratchet while the bar, none at all, is not reached: failures allowed per 1,000 programs.
    allow: { type: 'string', default: '0' },
    seed: { type: 'string', default: String(Date.now() % 1000) },
    shrink: { type: 'string', default: '3' },
    index: { type: 'string' },
    replay: { type: 'string' },
  },
});

process.exitCode = values.replay === undefined ? await run(values.index === undefined ? Number(values.runs) : 1, Number(values.seed), Number(values.shrink)) : await replay(values.replay);

async function run(runs: number, seed: number, mostShrunk: number): Promise<number> {
  if (!Number.isInteger(runs) || runs < 1 || !Number.isInteger(seed)) {
    console.error('--runs and --seed are whole numbers, --runs at least 1');
    return 2;
  }
  const begin = performance.now();
  const first = values.index === undefined ? 0 : Number(values.index);
  const report = await runOracle({ runs, seed, first }, (done, failures) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${String(done)} of ${String(runs)} programs, ${String(failures.length)} failures`);
  });
  if (process.stderr.isTTY) process.stderr.write('\n');
  const rare = runs >= 500 ? rareConstructs(report) : [];
  printCoverage(report);
  printFigures(report, performance.now() - begin);
  for (const [name, count] of rare) console.log(`rare construct: ${name} is in ${String(count)} of ${String(runs)} programs`);
  await printFailures(report, mostShrunk);
  const allowed = (Number(values.allow) * runs) / 1000;
  if (report.failures.length > 0 && report.failures.length <= allowed) console.log(`${String(report.failures.length)} failures, ${String(allowed)} allowed: below the bar of none, not worse than before`);
  // A construct that a short run hardly meets says nothing about the generator.
  return report.failures.length > allowed || (rare.length > 0 && runs >= 3000) ? 1 : 0;
}

function rareConstructs(report: Report): [Construct, number][] {
  return [...report.coverage].filter(([, count]) => count < report.runs * leastShare);
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '0 %' : `${((100 * part) / whole).toFixed(1)} %`;
}

function printCoverage({ coverage, runs }: Report): void {
  const cells = [...coverage].map(([name, count]) => `${name.padEnd(34)}${percent(count, runs).padStart(8)}`);
  const rows = Math.ceil(cells.length / 2);
  console.log('share of the programs that hold each construct:');
  for (let row = 0; row < rows; row++) console.log(`  ${cells[row] ?? ''}    ${cells[row + rows] ?? ''}`);
}

function printFigures({ runs, seed, counts, failures, milliseconds }: Report, time: number): void {
  const of = (kind: Failure['kind']): number => failures.filter((failure) => failure.kind === kind).length;
  const seconds = (value: number): string => `${(value / 1000).toFixed(1)} s`;
  console.log(
    [
      '',
      `programs            ${String(runs)}, seed ${String(seed)}, each as TypeScript and as JavaScript`,
      `  with corruption   ${String(counts.corruptedPrograms)}`,
      `  clean             ${String(counts.cleanPrograms)}`,
      `  branch-exact      ${String(counts.branchExact)}`,
      `executions          ${String(counts.executions)}`,
      `corrupted places    ${String(counts.corruptedPlaces)}`,
      `  missed            ${String(of('miss'))} programs`,
      `  only potential    ${String(counts.potentialOnly)} (${percent(counts.potentialOnly, counts.corruptedPlaces)})`,
      `parked, missed      ${String(of('parked miss'))} programs`,
      `findings            ${String(counts.answers)}`,
      `  false alarms      ${String(of('false alarm'))} programs`,
      `  by implicit throw ${String(counts.onlyByImplicitThrow)}`,
      `engine crashes      ${String(of('crash'))}`,
      `broken programs     ${String(of('broken program'))}`,
      `time                ${seconds(time)} (generating ${seconds(milliseconds.generate)}, executing ${seconds(milliseconds.execute)}, analysing ${seconds(milliseconds.analyse)})`,
    ].join('\n'),
  );
}

async function printFailures({ failures, seed }: Report, most: number): Promise<void> {
  for (const { kind, index, dialect, places, statements } of failures.slice(0, mostListed)) {
    console.log(`${kind}: program ${String(index)} (${dialect}) ${places.map((place, at) => `${place} ${statements[at] ?? ''}`).join(' | ')}`);
  }
  if (failures.length > mostListed) console.log(`and ${String(failures.length - mostListed)} more`);
  const analyst = new Analyst();
  for (const failure of chooseDiverse(failures, most)) {
    const shrunk = await shrink(failure, seed, analyst);
    const text = printKept(shrunk.files, shrunk.truth, shrunk.isBranchExact, notesOn(shrunk));
    mkdirSync(failureFolder, { recursive: true });
    const name = `${failure.kind.replaceAll(' ', '-')}-${String(seed)}-${String(failure.index)}.${failure.dialect === 'ts' ? 'ts' : 'js'}`;
    writeFileSync(failureFolder + name, text);
    console.log(`\n--- ${failure.kind}: tests/oracle/failures/${name}\n${text}`);
  }
}

/** Failures of all causes, in turn. */
function chooseDiverse(failures: readonly Failure[], most: number): Failure[] {
  const groups = new Map<string, Failure[]>();
  for (const failure of failures) {
    const cause = `${causesOf(failure.kind, failure.statements)[0] ?? failure.kind} ${failure.dialect === 'ts' ? 'ts' : 'js'}`;
    const isTwin = groups.get(cause.replace(/js$/, 'ts'))?.some(({ index }) => index === failure.index) === true;
    if (!isTwin) groups.set(cause, [...(groups.get(cause) ?? []), failure]);
  }
  const rounds = Math.max(0, ...[...groups.values()].map((group) => group.length));
  return Array.from({ length: rounds }, (_, round) => [...groups.values()].flatMap((group) => group[round] ?? []))
    .flat()
    .slice(0, most);
}

function notesOn({ failure, verdict }: ShrunkFailure): string[] {
  const notes: string[] = [failure.kind];
  if (verdict.missed.length > 0) notes.push(`the engine says nothing about ${verdict.missed.join(', ')}`);
  if (verdict.missedParked.length > 0) notes.push(`the engine says nothing about what is parked at ${verdict.missedParked.join(', ')}`);
  for (const { place, by, kind } of verdict.falseAlarms) notes.push(`the engine is certain of a ${kind} at ${place}, overwritten at ${by}`);
  if (verdict.crash !== undefined) notes.push(...verdict.crash.split('\n').slice(0, 6));
  return notes;
}

async function replay(path: string): Promise<number> {
  const kept = parseKept(readFileSync(path, 'utf8'));
  const tested = await Case.of(kept.files);
  const [opinion] = new Analyst().analyse([kept.files]);
  if (opinion === undefined) return 2;
  const verdict = await tested.judge(opinion, kept.isBranchExact);
  console.log(`corrupted: ${placesIn(tested.truth.corrupted.keys()).join(' ') || 'none'}`);
  console.log(`parked: ${placesIn(tested.truth.parked.keys()).join(' ') || 'none'}`);
  for (const { certainty, place, by, kind } of opinion.answers) console.log(`engine: ${certainty} ${kind} at ${place}, overwritten at ${by}`);
  console.log(`missed: ${[...verdict.missed, ...verdict.missedParked].join(' ') || 'none'}`);
  console.log(`false alarms: ${verdict.falseAlarms.map(({ place }) => place).join(' ') || 'none'}`);
  if (verdict.crash !== undefined) console.log(verdict.crash);
  return verdict.missed.length + verdict.missedParked.length + verdict.falseAlarms.length > 0 || verdict.crash !== undefined ? 1 : 0;
}
