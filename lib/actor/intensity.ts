import type { Supervision } from './types.js';

/** Counts restarts in a sliding window. After Erlang's restart intensity, for each actor by itself. */
export class Intensity {
  readonly #maxRestarts: number;
  readonly #withinMs: number;
  readonly #now: () => number;
  #restarts: number[] = [];

  /** @throws {RangeError} when `maxRestarts` is not a whole number from 0 or `withinMs` not a positive one */
  constructor({ maxRestarts = 3, withinMs = 5000 }: Supervision, now: () => number = () => performance.now()) {
    if (!Number.isSafeInteger(maxRestarts) || maxRestarts < 0) throw new RangeError(`maxRestarts is a whole number from 0; it was ${maxRestarts}`);
    if (!(withinMs > 0)) throw new RangeError(`withinMs is a number above 0; it was ${withinMs}`);
    this.#maxRestarts = maxRestarts;
    this.#withinMs = withinMs;
    this.#now = now;
  }

  /** Notes a restart, if it is still allowed. */
  allows(): boolean {
    const now = this.#now();
    this.#restarts = this.#restarts.filter((at) => now - at < this.#withinMs);
    if (this.#restarts.length >= this.#maxRestarts) return false;
    this.#restarts.push(now);
    return true;
  }

  get limit(): string {
    return `${this.#maxRestarts} restarts within ${this.#withinMs} ms`;
  }
}
