import type { ProgramWorld } from './types/world.js';

/** What was done since the process started, or since `resetWork`. Counts are always kept; times only with `DEBUG=borrowck`. */
export interface Work {
  files: number;
  /** Files whose functions were listed. */
  lowered: number;
  /** Functions whose bodies were lowered. */
  bodies: number;
  /** Units of analysis given up. */
  abandoned: number;
  /** Why they were. */
  readonly reasons: Record<GivingUp, number>;
  /** Files that the type checker has no answers about: its stack ended. */
  overflows: number;
  /** Instructions interpreted. */
  instructions: number;
  /** Questions to the type checker, by kind. */
  readonly questions: Record<QuestionKind, number>;
  /** Milliseconds by phase; `types` is part of the others. */
  readonly times: { listing: number; tracing: number; solving: number; types: number };
}

/** What a unit of analysis used up: its own share of steps, its file's, its time, or what is spent on code where no memory comes up. */
export type GivingUp = 'own steps' | 'steps of the file' | 'steps without memory' | 'time';

/** How often each was used up. */
export type GivenUp = Readonly<Record<GivingUp, number>>;

/** Everything was analysed to the end. */
export const nothingGivenUp: GivenUp = { 'own steps': 0, 'steps of the file': 0, 'steps without memory': 0, time: 0 };

/** How many units were given up, for whatever reason. */
export function countOf(given: GivenUp): number {
  return Object.values(given).reduce((sum, count) => sum + count, 0);
}

/** Adds up reasons. */
export function plus(a: GivenUp, b: GivenUp): GivenUp {
  return { 'own steps': a['own steps'] + b['own steps'], 'steps of the file': a['steps of the file'] + b['steps of the file'], 'steps without memory': a['steps without memory'] + b['steps without memory'], time: a.time + b.time };
}

/** `3 for own steps, 1 for time` */
function reasonsOf(given: GivenUp): string {
  return Object.entries(given).filter(([, count]) => count > 0).map(([reason, count]) => `${count} for ${reason}`).join(', ');
}

export type QuestionKind = 'typeOf' | 'calleeOf' | 'resolveImport' | 'resolveGlobal' | 'isLending';

function noWork(): Work {
  return { files: 0, lowered: 0, bodies: 0, abandoned: 0, reasons: { ...nothingGivenUp }, overflows: 0, instructions: 0, questions: { typeOf: 0, calleeOf: 0, resolveImport: 0, resolveGlobal: 0, isLending: 0 }, times: { listing: 0, tracing: 0, solving: 0, types: 0 } };
}

let work = noWork();

/** The counts so far. */
export function workDone(): Work {
  return work;
}

/** Starts counting anew. */
export function resetWork(): void {
  work = noWork();
}

const wanted = (process.env['DEBUG'] ?? '').split(/[\s,]+/);
/** `DEBUG=borrowck:files` prints a line for each file; both print the sum at the end. */
const hasFileLines = wanted.includes('borrowck:files');
const isTiming = hasFileLines || wanted.some((name) => name === '*' || name === 'borrowck' || name === 'borrowck:*');

if (isTiming) {
  process.once('exit', () => {
    process.stderr.write(`borrowck: ${work.files} files · ${lineOf(work)}\n`);
  });
}

function lineOf({ lowered, bodies, abandoned, overflows, reasons, instructions, questions, times }: Work): string {
  const asked = Object.entries(questions).map(([kind, count]) => `${kind} ${count}`).join(', ');
  return `listing ${times.listing.toFixed(0)} ms (${lowered} files), tracing ${times.tracing.toFixed(0)} ms, analysis ${times.solving.toFixed(0)} ms, of which types ${times.types.toFixed(0)} ms (${asked}) · ${bodies} bodies lowered, ${instructions} instructions, ${abandoned} units given up${abandoned === 0 ? '' : ` (${reasonsOf(reasons)})`}${overflows === 0 ? '' : `, ${overflows} files without types: the checker ran out of stack`}`;
}

/** Runs a phase, timed where someone wants to know. */
export function timed<T>(phase: keyof Work['times'], run: () => T): T {
  if (!isTiming) return run();
  const begin = performance.now();
  try {
    return run();
  } finally {
    work.times[phase] += performance.now() - begin;
  }
}

/** Prints what one file took. */
export function tellFile(file: string, before: Work): void {
  if (!hasFileLines) return;
  const minus = <T extends Record<string, number>>(now: T, then: T): T => Object.fromEntries(Object.entries(now).map(([key, value]) => [key, value - (then[key] ?? 0)])) as T;
  const own: Work = {
    ...work,
    lowered: work.lowered - before.lowered,
    bodies: work.bodies - before.bodies,
    abandoned: work.abandoned - before.abandoned,
    overflows: work.overflows - before.overflows,
    instructions: work.instructions - before.instructions,
    reasons: minus(work.reasons, before.reasons),
    questions: minus(work.questions, before.questions),
    times: minus(work.times, before.times),
  };
  process.stderr.write(`borrowck: ${file} · ${lineOf(own)}\n`);
}

/** A copy that later work does not change. */
export function snapshotOfWork(): Work {
  return { ...work, reasons: { ...work.reasons }, questions: { ...work.questions }, times: { ...work.times } };
}

/** Counts the questions that a world is asked. */
export function counted(world: ProgramWorld): ProgramWorld {
  const ask = <R>(kind: QuestionKind, question: () => R): R => {
    work.questions[kind]++;
    return timed('types', question);
  };
  return {
    catalog: world.catalog,
    typeOf: (expression) => ask('typeOf', () => world.typeOf(expression)),
    isNeverReached: (code) => ask('typeOf', () => world.isNeverReached(code)),
    literalsOf: (expression) => ask('typeOf', () => world.literalsOf(expression)),
    assertedBy: (call) => ask('calleeOf', () => world.assertedBy(call)),
    extentOf: (expression) => ask('typeOf', () => world.extentOf(expression)),
    calleeOf: (call) => ask('calleeOf', () => world.calleeOf(call)),
    isOpen: (call) => ask('calleeOf', () => world.isOpen(call)),
    resolveImport: (specifier, imported, from) => ask('resolveImport', () => world.resolveImport(specifier, imported, from)),
    resolveGlobal: (name, at) => ask('resolveGlobal', () => world.resolveGlobal(name, at)),
    unsendable: (expression, property) => ask('typeOf', () => world.unsendable(expression, property)),
    isLending: (fn) => ask('isLending', () => world.isLending(fn)),
    isBorrowed: (call, index) => ask('typeOf', () => world.isBorrowed(call, index)),
    lentUntil: (fn, index) => world.lentUntil(fn, index),
    mayCallTagged: (file) => world.mayCallTagged(file),
    isLentTo: (file) => world.isLentTo(file),
    declaredContract: (fn) => world.declaredContract(fn),
    unresolvedGlobals: (file) => world.unresolvedGlobals(file),
    annotationProblems: (fn) => world.annotationProblems(fn),
  };
}
