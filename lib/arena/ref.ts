import { leakWatch } from '../leaks.js';
import type { Slot } from './slots.js';

declare const item: unique symbol;

/** Slots of an arena, at most: an index takes 24 bits of a ref's 53. */
export const MAX_SLOTS = 2 ** 24;

/** The generation at which a slot is retired, and the largest value of an arena's `maxGeneration`: 29 bits, the rest of a ref. */
export const MAX_GENERATION = 2 ** 29;

/**
 * Names one stay of one item in one arena: a slot and the generation it was taken in. A ref outlives what it names without harm: a
 * released slot never answers to it again, however often the slot is taken afterwards.
 */
export interface ArenaRef<out T> {
  /** The slot, an integer below 2^24. */
  readonly index: number;
  /** How often the slot changed hands, odd, below 2^29. */
  readonly generation: number;
  /**
   * The ref as one safe integer (generation * 2^24 + index), to be stored or sent. The arena that gave it out reads it back with
   * `fromBits`; another arena cannot tell that it is not its own.
   */
  toBits(): number;
  /** For the type checker only: refs to different things do not mix. */
  readonly [item]?: T;
}

/** What an arena gives out. It leads to its slot, which spares looking it up, and not to the arena: that can be collected while refs live. */
export class Ref<T> implements ArenaRef<T> {
  // Declared, not defined: the constructor makes them, and nothing is written twice. One is made for each stay.
  declare readonly slot: Slot;
  declare readonly generation: number;
  declare readonly [item]?: T;

  constructor(slot: Slot, generation: number) {
    this.slot = slot;
    this.generation = generation;
  }

  get index(): number {
    return this.slot.index;
  }

  toBits(): number {
    // From here on the bits may be all there is.
    if (leakWatch !== undefined) leakWatch.closed(this);
    return this.generation * MAX_SLOTS + this.index;
  }
}

/**
 * The slot and generation in the bits of a ref.
 *
 * @throws {RangeError} when they are not the bits of any ref
 */
export function decode(bits: number): { index: number; generation: number } {
  // Division and subtraction: the remainder of doubles is a call into the C library.
  const generation = Math.floor(bits / MAX_SLOTS);
  const index = bits - generation * MAX_SLOTS;
  if (!Number.isSafeInteger(bits) || generation % 2 !== 1 || generation > MAX_GENERATION) {
    throw new RangeError(`${bits} are not the bits of a ref`);
  }
  return { index, generation };
}
