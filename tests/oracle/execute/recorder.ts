import { isSame, isThere, reachBytes } from './bytes.js';
import type { Decisions } from './decisions.js';
import { Stop, stop } from './decisions.js';
import { GoneMemory } from './gone.js';
import type { PickNext } from './work.js';
import { latestFirst, Work } from './work.js';

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
  /** The statement parked the same memory again when it had changed. */
  isLost: boolean;
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
  /** Memory that went away. */
  readonly gone = new GoneMemory();
  /** What goes on beside the calls. */
  readonly work: Work;
  readonly handedOver = new Set<Site>();
  /** The collector that lives outside of the program: what lands in it is handed over. */
  readonly collector: unknown[] = [];
  /** A call was left in its middle: no real run goes on from there. */
  isCut = false;
  /** Where the value that the last function returned was returned. */
  returned: Site = 0;
  line: Site = 0;

  readonly #decisions: Decisions;
  readonly #hasImplicitThrows: boolean;
  #held: Held[] = [];
  #parkings: Parked[] = [];
  #isDraining = false;
  #frames: Frame[] = [];
  #collected = 0;
  #steps = 0;
  #isStopped = false;
  #lastByte = largestLiteral;

  /**
   * @param decisions answers for `c`, `pick`, `t`
   * @param hasImplicitThrows any statement may fail, as out of memory: the paths that exception edges stand for
   * @param pickNext which of several things that take their time comes due first
   */
  constructor(decisions: Decisions, hasImplicitThrows = false, pickNext: PickNext = latestFirst) {
    this.#decisions = decisions;
    this.#hasImplicitThrows = hasImplicitThrows;
    this.work = new Work(pickNext, (run) => {
      this.attempt(run);
    });
  }

  /** A statement begins. @throws {Stop} when the run is over */
  l(site: Site): void {
    this.observe();
    if (++this.#steps > mostSteps || (this.#isStopped && !this.#isDraining)) this.stop();
    this.x();
    this.line = site;
  }

  /** A place where a call may fail. @throws {Error} in runs with implicit throws, by chance */
  x(): void {
    if (this.#hasImplicitThrows && !this.#isDraining && this.#ask(12) === 11) throw implicit;
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
        earlier.isLost = true;
        this.parked.push({ site, callers: [], by: site });
      }
      this.#parkings.push({ container, value: view, bytes, copy: bytes.slice(), site, isLost: false });
    }
    return value;
  }

  c(): boolean {
    return this.#ask(2) === 1;
  }

  pick(options: number): number {
    return this.#ask(options);
  }

  t(): void {
    if (this.#ask(2) === 1) throw thrown;
  }

  /**
   * The program asks. What is left of a call when the decisions are used up goes the first way: only a call that came to its end
   * may be followed by what it began.
   */
  #ask(options: number): number {
    try {
      return this.#decisions.choose(options);
    } catch (error) {
      if (error !== stop) throw error;
      if (++this.#steps > mostSteps) this.stop();
      return 0;
    }
  }

  /** @returns a byte that differs from the one before, and from all that programs write as literals: to write it changes what was there */
  byte(): number {
    this.#lastByte = this.#lastByte === 255 ? largestLiteral + 1 : this.#lastByte + 1;
    return this.#lastByte;
  }

  /** The consumer decides. @throws {Stop} when the decisions are used up */
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
    this.isCut = true;
    throw stop;
  }

  /** Work is begun and given a view. @returns another view of the same bytes, by which it is known */
  task<T>(site: Site, value: T): T {
    this.observe();
    return this.work.begin(this.u(site, value), site, this.#callers());
  }

  /** A function is handed over that will look at a view. */
  mark(site: Site, value: unknown): void {
    this.observe();
    this.work.mark(value, site, this.#callers());
  }

  /**
   * A view is used. What work was given, and is gone when it looks at it, is the harm of who began the work.
   * @returns it, or another one where its memory is gone: the run goes on
   */
  u<T>(site: Site, value: T): T {
    if (!(value instanceof Uint8Array)) return value;
    if (!this.work.has(value)) return this.gone.use(value, site, this.#callers());
    this.gone.useByWork(value, site, this.#callers());
    return value;
  }

  /** The program gives memory away. */
  transfer<T>(value: T, transfer: readonly ArrayBuffer[] = []): T {
    return structuredClone(value, { transfer: transfer.filter(isThere) });
  }

  /** `view.buffer.transfer()` @returns the memory, in the hands of its new owner */
  moved(site: Site, view: Uint8Array<ArrayBuffer>): ArrayBuffer {
    const { buffer } = this.u(site, view);
    return structuredClone(buffer, { transfer: [buffer] });
  }

  /** A promise that the program may forget about. */
  spawned<T>(promise: T): T {
    if (promise instanceof Promise) promise.catch(() => undefined);
    return promise;
  }

  /**
   * Work looks at bytes: it is harmed where they are the ones that it had when it was begun, and have changed.
   * @param site the line on which the function was handed over that looks; absent in what was called with the view
   */
  look(value: unknown, site?: Site): void {
    this.observe();
    const harm = this.work.look(value, site);
    if (harm !== undefined) this.corruptions.push(harm);
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
    const callers = this.#callers();
    for (const { bytes, value: view, isInside } of reached) {
      if (isInside) this.#compareParked(view, site);
      this.#held.push({ bytes, copy: bytes.slice(), site, callers, release });
    }
  }

  /** Looks whether anything that the consumer holds has changed. */
  observe(): void {
    while (this.#collected < this.collector.length) this.take(this.collector[this.#collected++]);
    this.work.observe(this.line);
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

  /** The statements that wait for the present one, innermost first. */
  #callers(): readonly Site[] {
    return this.#frames.map((frame) => frame.line).reverse();
  }

  /** The consumer sees a parked value: it is harmed when the statement that parked it ran again on the same memory, which had changed by then. */
  #compareParked(view: object, site: Site): void {
    for (const parked of this.#parkings) {
      if (parked.value === view && parked.isLost && !isSame(parked.bytes, parked.copy)) this.parkedAndGiven.push({ site: parked.site, callers: [site], by: parked.site });
    }
  }
}
