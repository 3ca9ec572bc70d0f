/** Ends a run: its decisions or its steps are used up. What was seen until then has really happened. */
export class Stop extends Error {
  constructor() {
    super('stopped');
    this.name = 'Stop';
  }
}

/** The one that is thrown: making errors with their stacks would be most of a run's time. */
export const stop = new Stop();

/** Answers the questions that a program under test cannot answer itself (`c(k)`, `pick(k, n)`, which method is called next). */
export interface Decisions {
  /**
   * @param options how many answers there are
   * @returns one of 0 … options-1
   * @throws {Stop} when the run has used up its decisions
   */
  choose(options: number): number;
}

/** Depth-first enumeration of all decision vectors up to a length. */
export class Enumeration implements Decisions {
  #taken: number[] = [];
  #arity: number[] = [];
  #position = 0;
  readonly #limit: number;

  /** @param limit the greatest number of decisions in a run */
  constructor(limit: number) {
    this.#limit = limit;
  }

  choose(options: number): number {
    if (options < 2) return 0;
    if (this.#position === this.#taken.length) {
      if (this.#position >= this.#limit) throw stop;
      this.#taken.push(0);
      this.#arity.push(options);
    }
    return this.#taken[this.#position++] ?? 0;
  }

  /** Moves on to the next vector. @returns false when all were seen */
  advance(): boolean {
    while (this.#taken.length > 0) {
      const last = this.#taken.length - 1;
      const next = (this.#taken[last] ?? 0) + 1;
      if (next < (this.#arity[last] ?? 0)) {
        this.#taken[last] = next;
        this.#position = 0;
        return true;
      }
      this.#taken.pop();
      this.#arity.pop();
    }
    return false;
  }
}

/** Random decision vectors: reaches long paths that an enumeration is too shallow for. */
export class RandomDecisions implements Decisions {
  #state: number;
  #left: number;

  /**
   * @param seed any number
   * @param limit the greatest number of decisions in a run
   */
  constructor(seed: number, limit: number) {
    this.#state = (seed * 2654435761 + 0x9e3779b9) >>> 0;
    this.#left = limit;
  }

  choose(options: number): number {
    if (this.#left-- <= 0) throw stop;
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % options;
  }
}
