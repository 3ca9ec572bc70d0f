/**
 * The truth about a program: what happens to the bytes that it gives away, on every path.
 *
 * **Handed over** is what a consumer outside of the program received: a yielded value; a value returned from an exported function,
 * a public method, or a function that one of these returned; what a callback was called with, unless the promise it
 * returned was awaited (then the value is only lent, until that `await`); what landed in a collector that lives outside; what
 * was emitted, enqueued, pushed into a stream. When a container is handed over, everything in it is. A copy is another memory and
 * safe. What lies in a container that the program itself owns is not handed over until the container is.
 *
 * **Corrupted** is a hand-over after which the bytes changed while the consumer still held them. Consumers hold
 * everything forever, lent values until the `await`. Writes always change the bytes (they write ever-changing values).
 *
 * Work that goes on beside its caller (an async call nobody awaited, a timer, a microtask, a handler of a promise) has borrowed what it
 * was given, and the variables that it captured (a field of `this` it looks up anew): corrupted is the call that began it when the bytes it then looks at are the same memory and have changed.
 * A write in flight has borrowed its bytes until it is done. All of these take as long as they can: they go on only when everything
 * else waits for them, the last one first, in random runs in any order; a write that nobody waits for is never done.
 *
 * **Gone** is a view whose memory was transferred, or grew or shrank away under it: using it is the harm, the first time on a path.
 * The path goes on behind it with other memory, as if the use had done nothing. For who was handed such a view, for work that has it, and
 * for a container that it lies in, memory that goes away is memory that changes.
 *
 * **Parked** is a value put into the program's own array whose bytes changed there, when the statement that put it there ran again
 * on the same memory: then the array shows the same bytes twice. Counted apart, and twice: wherever it happens (being certain of
 * it is no false alarm), and where the array was handed over afterwards (saying nothing of it is a miss).
 *
 * **Every path**: `c(k)`, `t(k)` and `pick(k, n)` answer anything, independently at each call; the consumer calls what is exported in
 * every order of up to three calls, each up to twice, when anything outlives a call (more in random runs); generators are also
 * left early when there is a `finally`. Depth-first up to a number of decisions, then cut: a prefix of a path is a path.
 */
import { EventEmitter } from 'node:events';
import * as streams from 'node:stream';
import type { Patience } from './consumer.js';
import { consume } from './consumer.js';
import type { Decisions } from './decisions.js';
import { Enumeration, RandomDecisions, Stop } from './decisions.js';
import type { Instrumented } from './instrument.js';
import { instrument, outlineOf, sitesPerFile } from './instrument.js';
import type { Corruption } from './recorder.js';
import { implicit, Recorder } from './recorder.js';
import type { PickNext } from './work.js';

/** A file of a program: `main.ts` is the one whose exports the consumer uses. */
export interface SourceText {
  readonly name: string;
  readonly text: string;
}

/** A place where bytes were given away: `main.ts:12`. */
export type Place = string;

/** A hand-over that went wrong. */
export interface Harm {
  readonly place: Place;
  /** Statements that were waiting for it: the calls of the helper that gave the value away. */
  readonly callers: ReadonlySet<Place>;
  /** Statements that changed the bytes. */
  readonly by: ReadonlySet<Place>;
}

export interface Truth {
  readonly corrupted: ReadonlyMap<Place, Harm>;
  readonly parked: ReadonlyMap<Place, Harm>;
  readonly parkedAndGiven: ReadonlyMap<Place, Harm>;
  /** Where memory was used first after it had gone away, and where it was used again after that. */
  readonly gone: ReadonlyMap<Place, Harm>;
  readonly goneAgain: ReadonlyMap<Place, Harm>;
  /** Every place where bytes were given away on some path. */
  readonly handedOver: ReadonlySet<Place>;
  readonly runs: number;
  /** Runs that ended in an error of the program that it did not mean (a TypeError). */
  readonly failures: readonly string[];
}

/** How thoroughly to look. */
export interface Effort {
  /** Decisions per run of the enumeration. */
  readonly decisions: number;
  readonly mostRuns: number;
  /** Random runs after it, longer ones. */
  readonly randomRuns: number;
  /** In the random runs any statement may throw. */
  readonly hasImplicitThrows: boolean;
  /** The consumer's in the random runs. */
  readonly patience: Patience;
}

const usualPatience: Patience = { calls: 3, callsOfOne: 2, items: 6 };
/** What one call or turn leaves behind for the next takes several rounds to come about. */
const greatPatience: Patience = { calls: 7, callsOfOne: 5, items: 20 };

export const usualEffort: Effort = { decisions: 7, mostRuns: 700, randomRuns: 0, hasImplicitThrows: false, patience: usualPatience };
export const deepEffort: Effort = { decisions: 9, mostRuns: 4000, randomRuns: 4000, hasImplicitThrows: false, patience: greatPatience };
/** Some harms take a dozen right decisions in a row. */
export const deepestEffort: Effort = { ...deepEffort, decisions: 0, mostRuns: 1, randomRuns: 40_000 };
export const throwingEffort: Effort = { decisions: 0, mostRuns: 1, randomRuns: 6000, hasImplicitThrows: true, patience: greatPatience };

/**
 * Executes a program on every path and reports what happened to the bytes it gave away.
 * @param files the program, `main.*` among them
 * @param effort how thoroughly
 * @returns the truth
 * @throws {Error} when a file does not compile, or asks for a module that is not there
 */
export async function executeOnEveryPath(files: readonly SourceText[], effort: Effort = usualEffort): Promise<Truth> {
  const program = new RunnableProgram(files);
  const enumeration = new Enumeration(effort.decisions);
  do {
    await program.run(enumeration, usualPatience, false);
  } while (enumeration.advance() && program.runs < effort.mostRuns);
  for (let seed = 0; seed < effort.randomRuns; seed++) {
    const order = new RandomDecisions(~seed, Number.POSITIVE_INFINITY);
    await program.run(new RandomDecisions(seed, 120), effort.patience, effort.hasImplicitThrows, (count) => order.choose(count));
  }
  return program.truth();
}

class RunnableProgram {
  runs = 0;
  readonly #files: readonly SourceText[];
  readonly #instrumented: ReadonlyMap<string, Instrumented>;
  /** Something goes on beside the calls. */
  readonly #isConcurrent: boolean;
  readonly #corrupted = new Map<Place, { place: Place; callers: Set<Place>; by: Set<Place> }>();
  readonly #parked = new Map<Place, { place: Place; callers: Set<Place>; by: Set<Place> }>();
  readonly #parkedAndGiven = new Map<Place, { place: Place; callers: Set<Place>; by: Set<Place> }>();
  readonly #gone = new Map<Place, { place: Place; callers: Set<Place>; by: Set<Place> }>();
  readonly #goneAgain = new Map<Place, { place: Place; callers: Set<Place>; by: Set<Place> }>();
  readonly #handedOver = new Set<Place>();
  readonly #failures = new Set<string>();

  constructor(files: readonly SourceText[]) {
    this.#files = files;
    this.#isConcurrent = files.some(({ text }) => concurrency.test(text));
    const outline = outlineOf(files.map(({ text }) => text));
    this.#instrumented = new Map(files.map((file, index) => [stem(file.name), instrument(file.name, file.text, index, outline)]));
  }

  async run(decisions: Decisions, patience: Patience, hasImplicitThrows: boolean, pickNext?: PickNext): Promise<void> {
    this.runs++;
    const recorder = new Recorder(decisions, hasImplicitThrows, pickNext);
    try {
      const exports = this.#load('main', recorder, new Map());
      const main = this.#instrumented.get('main');
      if (main === undefined) throw new Error('no main file');
      const consumed = consume({ exports, signatures: main.signatures, isStateful: main.isStateful, hasFinally: main.hasFinally }, patience, recorder);
      if (this.#isConcurrent) await untilDone(consumed, recorder);
      else await consumed;
    } catch (error) {
      if (!(error instanceof Stop) && error !== implicit) this.#failures.add(String(error));
    }
    recorder.observe();
    if (this.#isConcurrent && !recorder.isCut) await finish(recorder);
    for (const corruption of recorder.corruptions) this.#note(this.#corrupted, corruption);
    for (const parked of recorder.parked) this.#note(this.#parked, parked);
    for (const parked of recorder.parkedAndGiven) this.#note(this.#parkedAndGiven, parked);
    for (const use of recorder.gone.uses) this.#note(this.#gone, use);
    for (const use of recorder.gone.laterUses) this.#note(this.#goneAgain, use);
    for (const site of recorder.handedOver) this.#handedOver.add(this.#placeOf(site));
  }

  truth(): Truth {
    return { corrupted: this.#corrupted, parked: this.#parked, parkedAndGiven: this.#parkedAndGiven, gone: this.#gone, goneAgain: this.#goneAgain, handedOver: this.#handedOver, runs: this.runs, failures: [...this.#failures] };
  }

  #load(name: string, recorder: Recorder, loaded: Map<string, Record<string, unknown>>): Record<string, unknown> {
    const known = loaded.get(name);
    if (known !== undefined) return known;
    const file = this.#instrumented.get(name);
    if (file === undefined) throw new Error(`no file ${name}`);
    const module = { exports: {} as Record<string, unknown> };
    loaded.set(name, module.exports);
    const require = (specifier: string): unknown => {
      switch (specifier.replace(/^node:/, '')) {
        case 'events':
          return { EventEmitter };
        case 'stream':
          return streams;
        default:
          return stem(specifier) === 'opaque' ? opaqueFor(recorder) : this.#load(stem(specifier), recorder, loaded);
      }
    };
    file.run(require, module, recorder);
    loaded.set(name, module.exports);
    return module.exports;
  }

  #note(map: Map<Place, { place: Place; callers: Set<Place>; by: Set<Place> }>, corruption: Corruption): void {
    const place = this.#placeOf(corruption.site);
    let harm = map.get(place);
    if (harm === undefined) {
      harm = { place, callers: new Set(), by: new Set() };
      map.set(place, harm);
    }
    for (const caller of corruption.callers) if (caller !== 0) harm.callers.add(this.#placeOf(caller));
    harm.by.add(this.#placeOf(corruption.by));
  }

  #placeOf(site: number): Place {
    return `${this.#files[Math.floor(site / sitesPerFile)]?.name ?? '?'}:${String(site % sitesPerFile)}`;
  }
}

const concurrency = /\b(?:slow|look|file\.write)\(/;

/** Lets what takes its time come due whenever everything else waits for it. */
async function untilDone(consumed: Promise<void>, recorder: Recorder): Promise<void> {
  let isDone = false;
  const end = consumed.finally(() => {
    isDone = true;
  });
  // Whoever waits gets what it rejects with below.
  end.catch(() => undefined);
  for (let hasTurned = true; !isDone && hasTurned; ) {
    await new Promise(setImmediate);
    if (!isDone) hasTurned = recorder.work.turn();
  }
  if (!isDone) throw new Error('the program waits for ever');
  await end;
}

/** What the program began and did not wait for comes to its end. */
async function finish(recorder: Recorder): Promise<void> {
  recorder.drain();
  await new Promise(setImmediate);
  for (let turns = 0; turns < mostTurns && !recorder.isCut && recorder.work.turn(); turns++) await new Promise(setImmediate);
}

const mostTurns = 60;

/** `../helpers.js` and `helpers.ts` are `helpers`. */
function stem(name: string): string {
  return name.replace(/^.*\//, '').replace(/\.[cm]?[jt]s$/, '');
}

/** The functions that a program cannot see through. */
function opaqueFor(recorder: Recorder): Record<string, unknown> {
  return {
    c: () => recorder.c(),
    t: () => {
      recorder.t();
    },
    pick: (_key: number, options: number) => recorder.pick(options),
    byte: () => recorder.byte(),
    items: () => Array.from({ length: recorder.pick(4) }, (_, index) => index),
    inspect: () => undefined,
    tick: () => Promise.resolve(),
    slow: () => new Promise<void>((resolve) => {
      recorder.work.later(resolve);
    }),
    look: (value: unknown, site?: number) => {
      recorder.look(value, site);
    },
    arrivals: async function* () {
      for (let index = 0; recorder.c(); index++) yield await Promise.resolve(index);
    },
  };
}
