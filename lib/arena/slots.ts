import { ArenaFullError, ForeignRefError, StaleRefError } from './errors.js';
import type { Loss } from '../leaks.js';
import { MAX_GENERATION, MAX_SLOTS, Ref, decode } from './ref.js';
import type { ArenaRef } from './ref.js';

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

/** One of an arena's slots; what it holds is the arena's matter. */
export class Slot {
  /** Tells an arena's slots from others', and keeps nothing alive. */
  readonly owner: object;
  readonly index: number;
  /** Which list of free slots it belongs to. */
  readonly kind: number;
  /** Odd while it is taken, even while it is free. */
  generation = 0;
  /** The next in the list of free slots. */
  next: Slot | undefined = undefined;

  constructor(owner: object, index: number, kind: number) {
    this.owner = owner;
    this.index = index;
    this.kind = kind;
  }

  get isTaken(): boolean {
    return (this.generation & 1) === 1;
  }
}

/**
 * The slots of an arena: which are taken, in which generation, and which one is taken next. Free slots are kept in lists, one for each
 * kind of slot; a slot stays of the kind it was made.
 */
export class Slots<S extends Slot> {
  /** All that were ever made, by index, the retired ones too. */
  readonly all: S[] = [];
  readonly #owner: object = {};
  readonly #maxGeneration: number;
  /** The generation from which on freeing a slot is more than putting it first: its end, or any where the list is first in, first out. */
  readonly #plainBelow: number;
  readonly #heads: (S | undefined)[];
  /** Kept for lists that are taken from at one end and added to at the other. */
  readonly #tails: (S | undefined)[];
  readonly #create: (owner: object, index: number, kind: number) => S;
  #taken = 0;

  constructor(kinds: number, { order = 'lifo', maxGeneration = MAX_GENERATION }: SlotOptions, create: (owner: object, index: number, kind: number) => S) {
    if (!Number.isInteger(maxGeneration) || maxGeneration < 2 || maxGeneration > MAX_GENERATION || maxGeneration % 2 !== 0) {
      throw new RangeError(`maxGeneration is an even integer from 2 to 2^29; it was given ${maxGeneration}`);
    }
    this.#maxGeneration = maxGeneration;
    this.#plainBelow = order === 'fifo' ? 0 : maxGeneration;
    this.#heads = Array.from({ length: kinds }, () => undefined);
    this.#tails = [...this.#heads];
    this.#create = create;
  }

  /** Slots that are taken. */
  get taken(): number {
    return this.#taken;
  }

  /** Whether no slot can be made any more. */
  get isFull(): boolean {
    return this.all.length === MAX_SLOTS;
  }

  /** The free slot of a kind that is taken next; `undefined` when a new one has to be made. */
  next(kind: number): S | undefined {
    return this.#heads[kind];
  }

  /**
   * Makes a slot, free and next of its kind. There must be no other free one.
   *
   * @throws {ArenaFullError} when 2^24 slots are taken or retired
   */
  make(kind: number): S {
    if (this.isFull) throw new ArenaFullError(`all ${MAX_SLOTS} slots of this arena are taken or retired`);
    const slot = this.#create(this.#owner, this.all.length, kind);
    this.all.push(slot);
    this.#heads[kind] = this.#tails[kind] = slot;
    return slot;
  }

  /** Takes the slot that is next of its kind. */
  take<T>(slot: S): Ref<T> {
    this.#heads[slot.kind] = slot.next as S | undefined;
    this.#taken++;
    return new Ref<T>(slot, ++slot.generation);
  }

  /** A ref to a slot that is taken. */
  refTo<T>(slot: S): Ref<T> {
    return new Ref<T>(slot, slot.generation);
  }

  /**
   * The slot that a ref names; `undefined` when what was in it is gone.
   *
   * @throws {ForeignRefError} when another arena gave it out
   */
  live(ref: ArenaRef<unknown>): S | undefined {
    const slot = (ref as Partial<Ref<unknown>>).slot as S | undefined;
    if (slot?.owner !== this.#owner) throw new ForeignRefError();
    return slot.generation === ref.generation ? slot : undefined;
  }

  /**
   * As `live`, for refs that have to be.
   *
   * @throws {StaleRefError} when what was in the slot is gone
   */
  require(ref: ArenaRef<unknown>): S {
    const { slot } = ref as Partial<Ref<unknown>>;
    return slot?.generation === ref.generation && slot.owner === this.#owner ? (slot as S) : (this.live(ref) ?? stale(ref, this.all));
  }

  /** Ends a stay: from here on no ref to the slot is live. The slot itself is not free before `free`. */
  expire(slot: S): void {
    slot.generation++;
    this.#taken--;
  }

  /**
   * Lets a slot whose stay has ended be taken again, unless it was taken as often as its generations can tell apart.
   *
   * @returns whether the slot will be taken again; a retired one will not
   */
  free(slot: S): boolean {
    if (slot.generation >= this.#plainBelow) return this.#append(slot);
    const heads = this.#heads;
    slot.next = heads[slot.kind];
    heads[slot.kind] = slot;
    return true;
  }

  /**
   * The ref with these bits.
   *
   * @throws {RangeError} when they are not the bits of any ref
   */
  fromBits<T>(bits: number): Ref<T> {
    const { index, generation } = decode(bits);
    // One of which there is no slot names nothing, now and for ever.
    return new Ref<T>(this.all[index] ?? new Slot(this.#owner, index, 0), generation);
  }

  #append(slot: S): boolean {
    const { kind, generation } = slot;
    if (generation >= this.#maxGeneration) return false;
    slot.next = undefined;
    if (this.#heads[kind] === undefined) this.#heads[kind] = slot;
    else (this.#tails[kind] as S).next = slot;
    this.#tails[kind] = slot;
    return true;
  }
}

function stale({ index, generation }: ArenaRef<unknown>, slots: readonly Slot[]): never {
  throw new StaleRefError(index, generation, slots[index]?.generation ?? 0);
}

/** What it means when a ref is lost: nothing, once what it named was released. */
export function lossOf({ slot, generation }: Ref<unknown>, message: string): Loss {
  return () => (slot.generation === generation ? message : undefined);
}
