import fc from 'fast-check';
import { Analyst } from './analyse.js';
import type { Verdict } from './compare.js';
import { Case } from './compare.js';
import type { SourceText, Truth } from './execute/truth.js';
import type { Construct } from './generate/constructs.js';
import { constructs } from './generate/constructs.js';
import type { Dialect, Program } from './generate/program.js';
import { buildProgram } from './generate/program.js';
import type { RawProgram } from './generate/raw.js';
import { rawProgram } from './generate/raw.js';
import { reductionsOf } from './generate/reduce.js';

export type FailureKind = 'miss' | 'parked miss' | 'false alarm' | 'crash' | 'broken program';

/** A program on which the engine and the truth differ. */
export interface Failure {
  readonly kind: FailureKind;
  readonly index: number;
  readonly dialect: Dialect;
  readonly places: readonly string[];
  /** The statements at those places. */
  readonly statements: readonly string[];
}

/** A failure with the least program that still shows it. */
export interface ShrunkFailure {
  readonly failure: Failure;
  readonly files: readonly SourceText[];
  readonly truth: Truth;
  readonly verdict: Verdict;
  readonly isBranchExact: boolean;
}

export interface Report {
  readonly runs: number;
  readonly seed: number;
  readonly failures: readonly Failure[];
  readonly counts: {
    corruptedPrograms: number;
    cleanPrograms: number;
    branchExact: number;
    executions: number;
    corruptedPlaces: number;
    potentialOnly: number;
    onlyByImplicitThrow: number;
    answers: number;
  };
  readonly coverage: ReadonlyMap<Construct, number>;
  readonly milliseconds: { generate: number; execute: number; analyse: number };
}

const batchSize = 50;
const shrinkBatchSize = 12;

/**
 * A program of a run.
 * @param seed the run's
 * @param index the program's number in it
 * @returns the program
 */
export function programAt(seed: number, index: number): Program {
  return buildProgram(rawAt(seed, index));
}

function rawAt(seed: number, index: number): RawProgram {
  const [raw] = fc.sample(rawProgram, { seed: (seed * 1_000_003 + index) | 0, numRuns: 1 });
  if (raw === undefined) throw new Error('fast-check gave no sample');
  return raw;
}

/** Sorts failures: the kind, and how the value left. A smaller program must fail for the same cause. */
export function causesOf(kind: FailureKind, statements: readonly string[]): string[] {
  return statements.map((statement) => `${kind} ${/yield|return|sink|[\w.]+\.(?:push|emit|enqueue)|cb/.exec(statement)?.[0] ?? ''}`);
}

/** What is wrong with a verdict. */
function failuresOf(verdict: Verdict, truth: Truth): { kind: FailureKind; places: readonly string[] }[] {
  const failures: { kind: FailureKind; places: readonly string[] }[] = [];
  if (truth.failures.length > 0) failures.push({ kind: 'broken program', places: truth.failures });
  if (verdict.crash !== undefined) failures.push({ kind: 'crash', places: [verdict.crash.split('\n').slice(0, 4).join(' ')] });
  if (verdict.missed.length > 0) failures.push({ kind: 'miss', places: verdict.missed });
  if (verdict.missedParked.length > 0) failures.push({ kind: 'parked miss', places: verdict.missedParked });
  if (verdict.falseAlarms.length > 0) failures.push({ kind: 'false alarm', places: verdict.falseAlarms.map(({ place }) => place) });
  return failures;
}

function statementAt(files: readonly SourceText[], place: string): string {
  const [name = '', line = ''] = place.split(':');
  return files.find((file) => file.name.startsWith(`${name}.`))?.text.split('\n')[Number(line) - 1]?.trim() ?? '';
}

/**
 * Generates programs, executes each on every path, analyses each in TypeScript and in JavaScript, and compares.
 * @param options `runs`: how many programs; `seed`: the same seed gives the same programs; `first`: the number of the first one
 * @param onProgress told after each batch
 * @returns all differences, and the figures
 */
export async function runOracle(
  { runs, seed, first = 0 }: { runs: number; seed: number; first?: number },
  onProgress: (done: number, failures: readonly Failure[]) => void = () => undefined,
): Promise<Report> {
  const analyst = new Analyst();
  const failures: Failure[] = [];
  const coverage = new Map<Construct, number>(constructs.map((name) => [name, 0]));
  const counts: Report['counts'] = {
    corruptedPrograms: 0, cleanPrograms: 0, branchExact: 0, executions: 0, corruptedPlaces: 0, potentialOnly: 0, onlyByImplicitThrow: 0, answers: 0,
  };
  const milliseconds = { generate: 0, execute: 0, analyse: 0 };
  for (let start = first; start < first + runs; start += batchSize) {
    const indices = Array.from({ length: Math.min(batchSize, first + runs - start) }, (_, offset) => start + offset);
    let clock = performance.now();
    const lap = (phase: keyof typeof milliseconds): void => {
      milliseconds[phase] += performance.now() - clock;
      clock = performance.now();
    };
    const programs = indices.map((index) => programAt(seed, index));
    lap('generate');
    const cases: Case[] = [];
    // CommonJS runs without being compiled, and has each statement on the same line.
    for (const program of programs) cases.push(await Case.of(program.print('cjs')));
    lap('execute');
    const printed = programs.flatMap((program) => (['ts', program.javaScript] as const).map((dialect) => ({ program, dialect })));
    const opinions = analyst.analyse(printed.map(({ program, dialect }) => program.print(dialect)));
    lap('analyse');
    for (const [position, program] of programs.entries()) {
      for (const name of program.constructs) coverage.set(name, (coverage.get(name) ?? 0) + 1);
      const tested = cases[position];
      if (tested === undefined) continue;
      counts.executions += tested.truth.runs;
      if (program.isBranchExact) counts.branchExact++;
      if (tested.truth.corrupted.size > 0) counts.corruptedPrograms++;
      else if (tested.truth.parked.size === 0) counts.cleanPrograms++;
      for (const side of [0, 1]) {
        const opinion = opinions[position * 2 + side];
        const dialect = printed[position * 2 + side]?.dialect;
        if (opinion === undefined || dialect === undefined) continue;
        const verdict = await tested.judge(opinion, program.isBranchExact);
        counts.answers += opinion.answers.length;
        counts.corruptedPlaces += verdict.corrupted.length;
        counts.potentialOnly += verdict.potentialOnly.length;
        counts.onlyByImplicitThrow += verdict.onlyByImplicitThrow.length;
        for (const failure of failuresOf(verdict, tested.truth)) failures.push({ ...failure, index: start + position, dialect, statements: failure.places.map((place) => statementAt(tested.files, place)) });
      }
    }
    lap('execute');
    onProgress(start - first + indices.length, failures);
  }
  return { runs, seed, failures, counts, coverage, milliseconds };
}

/**
 * Finds the least program that fails in the same way: takes the first reduction that does, until none does.
 * @param failure what went wrong
 * @param seed the run's
 * @param analyst whose libraries are loaded already
 * @param mostMilliseconds after which the least so far is good enough
 * @returns the least program found, with its truth
 * @throws {Error} when the failure is gone
 */
export async function shrink(failure: Failure, seed: number, analyst: Analyst, mostMilliseconds = 40_000): Promise<ShrunkFailure> {
  const end = performance.now() + mostMilliseconds;
  const causes = causesOf(failure.kind, failure.statements);
  const firstFailing = async (raws: readonly RawProgram[]): Promise<{ raw: RawProgram; shrunk: ShrunkFailure } | undefined> => {
    const programs = raws.map(buildProgram);
    const printed = programs.map((program) => program.print(failure.dialect));
    const opinions = analyst.analyse(printed);
    for (const [index, raw] of raws.entries()) {
      const [program, files, opinion] = [programs[index], printed[index], opinions[index]];
      if (program === undefined || files === undefined || opinion === undefined) continue;
      const tested = await Case.of(files);
      const verdict = await tested.judge(opinion, program.isBranchExact);
      const isSame = failuresOf(verdict, tested.truth).some(
        ({ kind, places }) => kind === failure.kind && causesOf(kind, places.map((place) => statementAt(files, place))).some((cause) => causes.includes(cause)),
      );
      if (isSame) return { raw, shrunk: { failure, files, truth: tested.truth, verdict, isBranchExact: program.isBranchExact } };
    }
    return undefined;
  };
  let least = await firstFailing([rawAt(seed, failure.index)]);
  if (least === undefined) throw new Error(`program ${String(failure.index)} of seed ${String(seed)} fails no more`);
  for (let next: typeof least | undefined = least; next !== undefined; ) {
    least = next;
    next = undefined;
    let batch: RawProgram[] = [];
    const text = JSON.stringify(least.shrunk.files);
    for (const candidate of reductionsOf(least.raw)) {
      // Numbers that no statement uses do not matter.
      if (JSON.stringify(buildProgram(candidate).print(failure.dialect)) !== text) batch.push(candidate);
      if (batch.length < shrinkBatchSize) continue;
      next = await firstFailing(batch);
      batch = [];
      if (next !== undefined || performance.now() > end) break;
    }
    next ??= batch.length > 0 && performance.now() < end ? await firstFailing(batch) : undefined;
  }
  return least.shrunk;
}
