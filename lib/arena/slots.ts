import { ArenaFullError, ForeignRefError, StaleRefError } from './errors.js';
import type { Loss } from '../leaks.js';
import { MAX_GENERATION, MAX_SLOTS, Ref, decode } from './ref.js';
import type { ArenaRef } from './ref.js';

/** No slot. */
export const NONE = -1;

/** How an arena's slots are handed out. */
export interface SlotOptions {
  /**
   * Which free slot is taken next: the one freed last (`'lifo'`, the default: its memory is warm in the cache) or the one freed
   * first (`'fifo'`: the generations rise evenly, and slots last longest).
   */
  readonly order?: 'lifo' | 'fifo' | undefined;
  /** The generation at which a slot is retired: an even integer, 2 … 2^29, the default. A slot is taken half as many times. */
  readonly maxGeneration?: number | undefined;
}

/**
 * The slots of an arena: which are taken, in which generation, and which one is taken next. An odd generation is a taken slot's, an
 * even one a free slot's. Free slots are kept in lists, one for each kind of slot; a slot stays of the kind it was made.
 */
export class Slots {
  /** Tells this arena's refs from others', and keeps nothing alive. */
  readonly owner: object = {};
  readonly #isFifo: boolean;
  readonly #maxGeneration: number;
  #generations = new Int32Array(16);
  #next = new Int32Array(16);
  readonly #heads: Int32Array;
  readonly #tails: Int32Array;
  #made = 0;
  #taken = 0;

  constructor(kinds: number, { order = 'lifo', maxGeneration = MAX_GENERATION }: SlotOptions) {
    if (!Number.isInteger(maxGeneration) || maxGeneration < 2 || maxGeneration > MAX_GENERATION || maxGeneration % 2 !== 0) {
      throw new RangeError(`maxGeneration is an even integer from 2 to 2^29; it was given ${maxGeneration}`);
    }
    this.#isFifo = order === 'fifo';
    this.#maxGeneration = maxGeneration;
    this.#heads = new Int32Array(kinds).fill(NONE);
    this.#tails = new Int32Array(kinds).fill(NONE);
  }

  /** Slots that are taken. */
  get taken(): number {
    return this.#taken;
  }

  /** Slots ever made, the retired ones too. */
  get made(): number {
    return this.#made;
  }

  /** The slots there is room for before the tables grow. */
  get capacity(): number {
    return this.#generations.length;
  }

  /** Whether no slot can be made any more. */
  get isFull(): boolean {
    return this.#made === MAX_SLOTS;
  }

  /** The free slot of a kind that is taken next; `NONE` when a new one has to be made. */
  next(kind: number): number {
    return this.#heads[kind] as number;
  }

  /**
   * Makes a slot, free and next of its kind. There must be no other free one.
   *
   * @throws {ArenaFullError} when 2^24 slots are taken or retired
   */
  make(kind: number): number {
    const index = this.#made;
    if (this.isFull) throw new ArenaFullError(`all ${MAX_SLOTS} slots of this arena are taken or retired`);
    if (index === this.#generations.length) {
      this.#generations = grown(this.#generations);
      this.#next = grown(this.#next);
    }
    this.#made++;
    this.#next[index] = NONE;
    return (this.#heads[kind] = this.#tails[kind] = index);
  }

  /** Takes the slot that is next of its kind. */
  take<T>(index: number, kind: number): Ref<T> {
    this.#heads[kind] = this.#next[index] as number;
    this.#taken++;
    return new Ref<T>(this.owner, index, ++(this.#generations[index] as number));
  }

  /** A ref to a slot that is taken. */
  refTo<T>(index: number): Ref<T> {
    return new Ref<T>(this.owner, index, this.#generations[index] as number);
  }

  /**
   * Whether a ref names what its slot holds now.
   *
   * @throws {ForeignRefError} when another arena gave it out
   */
  isLive(ref: ArenaRef<unknown>): boolean {
    if ((ref as Ref<unknown>).owner !== this.owner) throw new ForeignRefError();
    return this.#generations[ref.index] === ref.generation;
  }

  /** The generation of a slot is odd while it is taken. */
  isTaken(index: number): boolean {
    return ((this.#generations[index] as number) & 1) === 1;
  }

  /** The error that a stale ref deserves. */
  stale(ref: ArenaRef<unknown>): StaleRefError {
    return new StaleRefError(ref.index, ref.generation, this.#generations[ref.index] ?? 0);
  }

  /** What it means when a ref is lost, seen from here. */
  lossOf({ index, generation }: ArenaRef<unknown>, message: string): Loss {
    return () => (this.#generations[index] === generation ? message : undefined);
  }

  /** Ends a stay: from here on no ref to the slot is live. The slot itself is not free before `free`. */
  expire(index: number): void {
    (this.#generations[index] as number)++;
    this.#taken--;
  }

  /**
   * Lets a slot whose stay has ended be taken again, unless it was taken as often as its generations can tell apart.
   *
   * @returns whether the slot will be taken again; a retired one will not
   */
  free(index: number, kind: number): boolean {
    if ((this.#generations[index] as number) >= this.#maxGeneration) return false;
    const head = this.#heads[kind] as number;
    if (this.#isFifo && head !== NONE) {
      this.#next[index] = NONE;
      this.#next[this.#tails[kind] as number] = index;
      this.#tails[kind] = index;
    } else {
      this.#next[index] = head;
      this.#heads[kind] = index;
      if (head === NONE) this.#tails[kind] = index;
    }
    return true;
  }

  /**
   * The ref with these bits.
   *
   * @throws {RangeError} when they are not the bits of any ref
   */
  fromBits<T>(bits: number): Ref<T> {
    const { index, generation } = decode(bits);
    return new Ref<T>(this.owner, index, generation);
  }
}

/** The same numbers with room for as many more. */
function grown(numbers: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(numbers.length * 2);
  larger.set(numbers);
  return larger;
}
