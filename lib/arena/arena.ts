import { ArenaDisposedError } from './errors.js';
import { Slot, Slots } from './slots.js';
import type { ArenaRef } from './ref.js';
import type { SlotOptions } from './slots.js';

/** A slot with a value. */
class Place extends Slot {
  value: unknown = undefined;
}

/**
 * Values held in slots and named by refs that know their generation: what was removed is never found again, however its slot is
 * reused, and a ref costs a few dozen bytes and keeps nothing alive that was removed. All of it is synchronous.
 *
 * Every method that takes a ref throws a {@link ForeignRefError} when another arena gave it out.
 *
 * The semantics are those of Rust's `slotmap` and `generational-arena`, with slots that retire instead of wrapping around.
 */
export class Arena<T> implements Disposable {
  readonly #slots: Slots<Place>;
  #isDisposed = false;

  /** @throws {RangeError} when an option is out of its bounds */
  constructor(options: SlotOptions = {}) {
    this.#slots = new Slots(1, options, (owner, index, kind) => new Place(owner, index, kind));
  }

  /** Values held. */
  get size(): number {
    return this.#slots.taken;
  }

  /** Slots made so far; more are made as they are needed. */
  get capacity(): number {
    return this.#slots.all.length;
  }

  /**
   * Takes a value in.
   *
   * @throws {ArenaFullError} when 2^24 slots are taken or retired
   * @throws {ArenaDisposedError} after the arena was disposed
   */
  insert(value: T): ArenaRef<T> {
    if (this.#isDisposed) throw new ArenaDisposedError();
    const place = this.#slots.next(0) ?? this.#slots.make(0);
    place.value = value;
    return this.#slots.take<T>(place);
  }

  /** The value a ref names; `undefined` once it was removed. Where `undefined` is a value, ask `has`. */
  get(ref: ArenaRef<T>): T | undefined {
    return this.#slots.live(ref)?.value as T | undefined;
  }

  /**
   * The value a ref names.
   *
   * @throws {StaleRefError} once it was removed
   */
  deref(ref: ArenaRef<T>): T {
    return this.#slots.require(ref).value as T;
  }

  /** Whether the value a ref names is still held. */
  has(ref: ArenaRef<T>): boolean {
    return this.#slots.live(ref) !== undefined;
  }

  /**
   * Puts another value in a value's place; its refs name the new one.
   *
   * @returns the value that was there
   * @throws {StaleRefError} once it was removed
   */
  replace(ref: ArenaRef<T>, value: T): T {
    const place = this.#slots.require(ref);
    const previous = place.value as T;
    place.value = value;
    return previous;
  }

  /** Lets a value go and returns it; `undefined` when it was removed before. */
  remove(ref: ArenaRef<T>): T | undefined {
    const place = this.#slots.live(ref);
    if (place === undefined) return undefined;
    const { value } = place;
    this.#empty(place);
    return value as T;
  }

  /** Removes every value. What it costs is linear in the slots ever made. */
  clear(): void {
    for (const place of this.#slots.all) if (place.isTaken) this.#empty(place);
  }

  /** The values held, each with a ref to it, in the order of their slots. What comes in or goes during the walk may be seen or not. */
  *entries(): Generator<[ArenaRef<T>, T], void, undefined> {
    for (const place of this.#slots.all) if (place.isTaken) yield [this.#slots.refTo<T>(place), place.value as T];
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
  }

  #empty(place: Place): void {
    place.value = undefined;
    this.#slots.expire(place);
    this.#slots.free(place);
  }
}
