import { isSame, reachBytes } from './bytes.js';
import type { Decisions } from './decisions.js';
import { Stop, stop } from './decisions.js';

/** A statement of a program: `file index * 100000 + line`. */
export type Site = number;

/** A value that the consumer still holds. */
interface Held {
  readonly bytes: Uint8Array;
  readonly copy: Uint8Array;
  readonly site: Site;
  /** The statements that were waiting for `site` to return, innermost first: a helper that hands over has callers. */
  readonly callers: readonly Site[];
  readonly release: { isReleased: boolean } | undefined;
}

/** A value put into a container of the program's own. */
interface Parked {
  readonly container: unknown;
  readonly value: object;
  readonly bytes: Uint8Array;
  readonly copy: Uint8Array;
  readonly site: Site;
}

/** Bytes that work has which goes on: a spawned call, a function that is called later. */
interface Lent {
  readonly bytes: Uint8Array;
  readonly copy: Uint8Array;
  readonly site: Site;
  readonly callers: readonly Site[];
  /** The statement that changed them. */
  by: Site | undefined;
}

interface Frame {
  readonly line: Site;
  returned: Site;
}

/** A corruption that was seen. */
export interface Corruption {
  readonly site: Site;
  readonly callers: readonly Site[];
  /** The statement that changed the bytes. */
  readonly by: Site;
}

const mostSteps = 500;
/** Programs make buffers of the bytes 1 to 8. */
const largestLiteral = 8;

/** What `t(k)` throws. */
export const thrown = new Error('thrown');
/** What any statement throws in runs with implicit throws. */
export const implicit = new Error('implicit');

/**
 * What the instrumented program calls, as `$`. It knows which statement runs, keeps a copy of all that was handed over, and
 * compares it with the present bytes after each statement.
 */
export class Recorder {
  readonly corruptions: Corruption[] = [];
  /** Values that changed in a container of the program's own, and the same statement put the same memory there again. */
  readonly parked: Corruption[] = [];
  /** Those among them that were handed over afterwards, with the container. */
  readonly parkedAndGiven: Corruption[] = [];
  /** First uses of memory that was not there any more. */
  readonly gone: Corruption[] = [];
  /** Later uses of the same memory. */
  readonly goneAgain: Corruption[] = [];
  readonly #known = new WeakSet<ArrayBufferLike>();
  readonly handedOver = new Set<Site>();
  /** The collector that lives outside of the program: what lands in it is handed over. */
  readonly collector: unknown[] = [];
  /** Where the value that the last function returned was returned. */
  returned: Site = 0;
  line: Site = 0;

  readonly #decisions: Decisions;
  readonly #hasImplicitThrows: boolean;
  #held: Held[] = [];
  #parkings: Parked[] = [];
  readonly #lent: Lent[] = [];
  /** By the view that the work was given. */
  readonly #tasks = new WeakMap<object, Lent>();
  /** By the line on which functions were handed over that look at a variable; they are called in that order. */
  readonly #marks = new Map<Site, Lent[]>();
  /** Timers and slow promises, which come due when nothing else can go on. */
  readonly #queue: (() => void)[] = [];
  #isDraining = false;
  #frames: Frame[] = [];
  #collected = 0;
  #steps = 0;
  #isStopped = false;
  #lastByte = largestLiteral;

  /**
   * @param decisions answers for `c`, `pick`, `t`
   * @param hasImplicitThrows any statement may fail, as out of memory: the paths that exception edges stand for
   */
  constructor(decisions: Decisions, hasImplicitThrows: boolean) {
    this.#decisions = decisions;
    this.#hasImplicitThrows = hasImplicitThrows;
  }

  /** A statement begins. @throws {Stop} when the run is over */
  l(site: Site): void {
    this.observe();
    if (!this.#isDraining && (this.#isStopped || ++this.#steps > mostSteps)) this.stop();
    this.x();
    this.line = site;
  }

  /** A place where a call may fail. @throws {Error} in runs with implicit throws, by chance */
  x(): void {
    if (this.#hasImplicitThrows && !this.#isDraining && this.#decisions.choose(12) === 11) throw implicit;
  }

  /** A suspended statement goes on. */
  at<T>(site: Site, value: T): T {
    this.observe();
    if (this.#isStopped && !this.#isDraining) this.stop();
    this.x();
    this.line = site;
    return value;
  }

  /** A function is entered. */
  in(): void {
    this.#frames.push({ line: this.line, returned: 0 });
  }

  /** A function is left: the caller's statement goes on. */
  out(): void {
    this.observe();
    const frame = this.#frames.pop();
    if (frame === undefined) return;
    this.line = frame.line;
    this.returned = frame.returned;
  }

  /** A function with frames returns a value. */
  r<T>(site: Site, value: T): T {
    const frame = this.#frames.at(-1);
    if (frame !== undefined) frame.returned = site;
    return value;
  }

  /** An async function or generator, which has no frame, returns a value. */
  ra<T>(site: Site, value: T): T {
    this.returned = site;
    return value;
  }

  /** The program caught something: the end of the run is not for it. */
  caught(error: unknown): void {
    if (error instanceof Stop) throw error;
  }

  /** A value goes into an array: `x.push(value)`. */
  p<T>(site: Site, container: unknown, value: T): T {
    if (container === this.collector) return value;
    for (const { bytes, value: view } of reachBytes(value)) {
      for (const earlier of this.#parkings) {
        if (earlier.site !== site || earlier.container !== container || earlier.bytes.buffer !== bytes.buffer || isSame(earlier.bytes, earlier.copy)) continue;
        this.parked.push({ site, callers: [], by: site });
      }
      this.#parkings.push({ container, value: view, bytes, copy: bytes.slice(), site });
    }
    return value;
  }

  c(): boolean {
    return this.decide(2) === 1;
  }

  pick(options: number): number {
    return this.decide(options);
  }

  t(): void {
    if (this.decide(2) === 1) throw thrown;
  }

  /** @returns a byte that differs from the one before, and from all that programs write as literals: to write it changes what was there */
  byte(): number {
    this.#lastByte = this.#lastByte === 255 ? largestLiteral + 1 : this.#lastByte + 1;
    return this.#lastByte;
  }

  decide(options: number): number {
    try {
      return this.#decisions.choose(options);
    } catch (error) {
      this.#isStopped = true;
      throw error;
    }
  }

  stop(): never {
    this.#isStopped = true;
    throw stop;
  }

  /** Work is begun and given a view. @returns another view of the same bytes, by which it is known */
  task<T>(site: Site, value: T): T {
    if (!(value instanceof Uint8Array)) return value;
    const twin = Buffer.isBuffer(value) ? Buffer.from(value.buffer, value.byteOffset, value.length) : new Uint8Array(value.buffer, value.byteOffset, value.length);
    this.#tasks.set(twin, this.#lend(site, twin));
    return twin as T & Uint8Array;
  }

  /** A view is used. */
  u<T>(site: Site, value: T): T {
    if (!(value instanceof Uint8Array) || value.length > 0) return value;
    const use: Corruption = { site, callers: this.#frames.map((frame) => frame.line).reverse(), by: site };
    (this.#known.has(value.buffer) ? this.goneAgain : this.gone).push(use);
    this.#known.add(value.buffer);
    return value;
  }

  /** A promise that the program may forget about. */
  spawned<T>(promise: T): T {
    if (promise instanceof Promise) promise.catch(() => undefined);
    return promise;
  }

  /** A function is handed over that will look at a view. */
  mark(site: Site, value: unknown): void {
    const lent = this.#lend(site, value instanceof Uint8Array ? value : new Uint8Array());
    const marks = this.#marks.get(site);
    if (marks === undefined) this.#marks.set(site, [lent]);
    else marks.push(lent);
  }

  /**
   * Work looks at bytes: it is harmed where they are the ones that it had when it was begun, and have changed.
   * @param site the line on which the function was handed over that looks; absent in what was called with the view
   */
  look(value: unknown, site?: Site): void {
    this.observe();
    const lent = site === undefined ? (typeof value === 'object' && value !== null ? this.#tasks.get(value) : undefined) : this.#marks.get(site)?.shift();
    if (lent?.by === undefined || !(value instanceof Uint8Array) || value.buffer !== lent.bytes.buffer || value.byteOffset !== lent.bytes.byteOffset) return;
    this.corruptions.push({ site: lent.site, callers: lent.callers, by: lent.by });
  }

  #lend(site: Site, value: Uint8Array): Lent {
    this.observe();
    const bytes = new Uint8Array(value.buffer, value.byteOffset, Math.min(4, value.byteLength));
    const lent: Lent = { bytes, copy: bytes.slice(), site, callers: this.#frames.map((frame) => frame.line).reverse(), by: undefined };
    this.#lent.push(lent);
    return lent;
  }

  /** Something that takes its time. */
  later(run: () => void): void {
    this.#queue.push(run);
  }

  /** The first of what takes its time comes due. @returns whether there was any */
  turn(): boolean {
    const run = this.#queue.shift();
    if (run !== undefined) this.attempt(run);
    return run !== undefined;
  }

  /** Runs a function that nobody waits for: what the program throws in it, nobody catches. */
  attempt(run: () => void): void {
    try {
      run();
    } catch (error) {
      if (error !== stop && error !== thrown && error !== implicit) throw error;
    }
  }

  /** The program has done all it will do: what it began still comes to its end. */
  drain(): void {
    this.#isDraining = true;
  }

  /**
   * The consumer received a value.
   * @param value it, or a container of it
   * @param site the statement that gave it away
   * @param release marks the moment from which the consumer no longer looks at it
   */
  take(value: unknown, site: Site = this.line, release?: { isReleased: boolean }): void {
    const reached = reachBytes(value);
    if (reached.length === 0) return;
    this.handedOver.add(site);
    const callers = this.#frames.map((frame) => frame.line).reverse();
    for (const { bytes, value: view, isInside } of reached) {
      if (isInside) this.#compareParked(view, site);
      this.#held.push({ bytes, copy: bytes.slice(), site, callers, release });
    }
  }

  /** Looks whether anything that the consumer holds has changed. */
  observe(): void {
    while (this.#collected < this.collector.length) this.take(this.collector[this.#collected++]);
    for (const lent of this.#lent) if (lent.by === undefined && !isSame(lent.bytes, lent.copy)) lent.by = this.line;
    if (this.#held.length === 0) return;
    let isChanged = false;
    for (const held of this.#held) {
      if (held.release?.isReleased === true) {
        isChanged = true;
      } else if (!isSame(held.bytes, held.copy)) {
        isChanged = true;
        this.corruptions.push({ site: held.site, callers: held.callers, by: this.line });
      }
    }
    if (isChanged) this.#held = this.#held.filter((held) => held.release?.isReleased !== true && isSame(held.bytes, held.copy));
  }

  /** The consumer sees a parked value: it is harmed when the bytes changed meanwhile and the statement that parked it ran again on the same memory. */
  #compareParked(view: object, site: Site): void {
    this.#parkings.forEach((parked, index) => {
      if (parked.value !== view || isSame(parked.bytes, parked.copy)) return;
      const isRepeated = this.#parkings.some(
        (other, position) =>
          position > index && other.site === parked.site && other.container === parked.container && other.bytes.buffer === parked.bytes.buffer,
      );
      if (isRepeated) this.parkedAndGiven.push({ site: parked.site, callers: [site], by: parked.site });
    });
  }
}
