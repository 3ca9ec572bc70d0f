import { ArenaDisposedError } from './errors.js';
import { NONE, Slots } from './slots.js';
import type { ArenaRef } from './ref.js';
import type { SlotOptions } from './slots.js';

/**
 * Values held in slots and named by refs that know their generation: what was removed is never found again, however its slot is
 * reused, and a ref costs a few dozen bytes and keeps nothing alive. All of it is synchronous.
 *
 * Every method that takes a ref throws a {@link ForeignRefError} when another arena gave it out.
 *
 * The semantics are those of Rust's `slotmap` and `generational-arena`, with slots that retire instead of wrapping around.
 */
export class Arena<T> implements Disposable {
  readonly #slots: Slots;
  #values: (T | undefined)[] = [];
  #isDisposed = false;

  /** @throws {RangeError} when an option is out of its bounds */
  constructor(options: SlotOptions = {}) {
    this.#slots = new Slots(1, options);
  }

  /** Values held. */
  get size(): number {
    return this.#slots.taken;
  }

  /** Slots there is room for before the arena's tables grow; they grow by themselves. */
  get capacity(): number {
    return this.#slots.capacity;
  }

  /**
   * Takes a value in.
   *
   * @throws {ArenaFullError} when 2^24 slots are taken or retired
   * @throws {ArenaDisposedError} after the arena was disposed
   */
  insert(value: T): ArenaRef<T> {
    if (this.#isDisposed) throw new ArenaDisposedError();
    let index = this.#slots.next(0);
    if (index === NONE) index = this.#slots.make(0);
    this.#values[index] = value;
    return this.#slots.take<T>(index, 0);
  }

  /** The value a ref names; `undefined` once it was removed. Where `undefined` is a value, ask `has`. */
  get(ref: ArenaRef<T>): T | undefined {
    return this.#slots.isLive(ref) ? this.#values[ref.index] : undefined;
  }

  /**
   * The value a ref names.
   *
   * @throws {StaleRefError} once it was removed
   */
  deref(ref: ArenaRef<T>): T {
    if (!this.#slots.isLive(ref)) throw this.#slots.stale(ref);
    return this.#values[ref.index] as T;
  }

  /** Whether the value a ref names is still held. */
  has(ref: ArenaRef<T>): boolean {
    return this.#slots.isLive(ref);
  }

  /**
   * Puts another value in a value's place; its refs name the new one.
   *
   * @returns the value that was there
   * @throws {StaleRefError} once it was removed
   */
  replace(ref: ArenaRef<T>, value: T): T {
    const previous = this.deref(ref);
    this.#values[ref.index] = value;
    return previous;
  }

  /** Lets a value go and returns it; `undefined` when it was removed before. */
  remove(ref: ArenaRef<T>): T | undefined {
    if (!this.#slots.isLive(ref)) return undefined;
    const { index } = ref;
    const value = this.#values[index];
    this.#values[index] = undefined;
    this.#slots.expire(index);
    this.#slots.free(index, 0);
    return value;
  }

  /** Removes every value. What it costs is linear in the slots ever made. */
  clear(): void {
    for (let index = 0; index < this.#slots.made; index++) {
      if (!this.#slots.isTaken(index)) continue;
      this.#values[index] = undefined;
      this.#slots.expire(index);
      this.#slots.free(index, 0);
    }
  }

  /** The values held, each with a ref to it, in the order of their slots. What comes in or goes during the walk may be seen or not. */
  *entries(): Generator<[ArenaRef<T>, T], void, undefined> {
    for (let index = 0; index < this.#slots.made; index++) {
      if (this.#slots.isTaken(index)) yield [this.#slots.refTo<T>(index), this.#values[index] as T];
    }
  }

  /**
   * The ref with these bits, as `toBits` gave them. Bits of another arena are not told apart.
   *
   * @throws {RangeError} when they are not the bits of any ref
   */
  fromBits(bits: number): ArenaRef<T> {
    return this.#slots.fromBits<T>(bits);
  }

  /** Invalidates every ref and lets go of every value. Once is enough, twice does no harm. */
  [Symbol.dispose](): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.clear();
    this.#values = [];
  }
}
