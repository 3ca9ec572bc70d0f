import { isSame, isUsable } from './bytes.js';
import type { Corruption, Site } from './recorder.js';

/** Bytes that work has which goes on: a spawned call, a function that is called later. */
interface Lent {
  readonly bytes: Uint8Array;
  readonly copy: Uint8Array;
  readonly site: Site;
  readonly callers: readonly Site[];
  /** The statement that changed them. */
  by: Site | undefined;
}

/** Says which of several things that take their time comes due first: 0 is the one that was begun first. */
export type PickNext = (count: number) => number;

/** What was begun before stays under way while the program waits for what it began last. */
export const latestFirst: PickNext = (count) => count - 1;

/** What goes on beside the calls, and the bytes that it has borrowed. */
export class Work {
  readonly #lent: Lent[] = [];
  /** By the view that the work was given. */
  readonly #tasks = new WeakMap<object, Lent>();
  /** By the line on which functions were handed over that look at a variable; they are called in that order. */
  readonly #marks = new Map<Site, Lent[]>();
  /** Timers, slow promises and writes that are waited for: they come due when nothing else can go on. */
  readonly #queue: (() => void)[] = [];
  readonly #pickNext: PickNext;
  readonly #attempt: (run: () => void) => void;

  /**
   * @param pickNext the order in which things come due
   * @param attempt runs what comes due
   */
  constructor(pickNext: PickNext, attempt: (run: () => void) => void) {
    this.#pickNext = pickNext;
    this.#attempt = attempt;
  }

  /** Work is begun and given a view. @returns another view of the same bytes, by which it is known */
  begin<T>(value: T, site: Site, callers: readonly Site[]): T {
    if (!(value instanceof Uint8Array) || !isUsable(value)) return value;
    const twin = Buffer.isBuffer(value) ? Buffer.from(value.buffer, value.byteOffset, value.length) : new Uint8Array(value.buffer, value.byteOffset, value.length);
    this.#tasks.set(twin, this.#lend(twin, site, callers));
    return twin as T & Uint8Array;
  }

  /** @returns whether a view is known as the one that work was given */
  has(view: object): boolean {
    return this.#tasks.has(view);
  }

  /** A function is handed over that will look at a view. */
  mark(value: unknown, site: Site, callers: readonly Site[]): void {
    const lent = this.#lend(value instanceof Uint8Array ? value : new Uint8Array(), site, callers);
    const marks = this.#marks.get(site);
    if (marks === undefined) this.#marks.set(site, [lent]);
    else marks.push(lent);
  }

  /** Work looks at bytes. @returns the harm, where they are the ones that it had when it was begun, and have changed */
  look(value: unknown, site: Site | undefined): Corruption | undefined {
    const lent = site === undefined ? (typeof value === 'object' && value !== null ? this.#tasks.get(value) : undefined) : this.#marks.get(site)?.shift();
    if (lent?.by === undefined || !(value instanceof Uint8Array) || value.buffer !== lent.bytes.buffer || value.byteOffset !== lent.bytes.byteOffset) return undefined;
    return { site: lent.site, callers: lent.callers, by: lent.by };
  }

  /** Looks whether anything that was lent has changed. */
  observe(line: Site): void {
    for (const lent of this.#lent) if (lent.by === undefined && !isSame(lent.bytes, lent.copy)) lent.by = line;
  }

  /** Something that takes its time. */
  later(run: () => void): void {
    this.#queue.push(run);
  }

  /** Something of what takes its time comes due. @returns whether there was anything */
  turn(): boolean {
    const count = this.#queue.length;
    const [run] = this.#queue.splice(count < 2 ? 0 : this.#pickNext(count), 1);
    if (run !== undefined) this.#attempt(run);
    return run !== undefined;
  }

  #lend(value: Uint8Array, site: Site, callers: readonly Site[]): Lent {
    const bytes = isUsable(value) ? new Uint8Array(value.buffer, value.byteOffset, Math.min(4, value.byteLength)) : new Uint8Array();
    const lent: Lent = { bytes, copy: bytes.slice(), site, callers, by: undefined };
    this.#lent.push(lent);
    return lent;
  }
}
