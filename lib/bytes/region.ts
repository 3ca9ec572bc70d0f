import { NOTHING, requireCount } from './memory.js';
import type { Memory } from './memory.js';

/** The memory a handle shares. */
export let memoryOf: (region: Region) => Memory;
/** Where in it the handle's part starts. */
export let offsetOf: (region: Region) => number;
/** A view of what the handle shows: it must not leave the package, nor be written. */
export let viewOf: (region: Region) => Uint8Array<ArrayBuffer>;
/** Moves the ends of a handle's part. */
export let keep: (region: Region, offset: number, length: number) => void;
/** Gives a handle other memory. */
export let move: (region: Region, memory: Memory, offset: number, length: number) => void;

/**
 * A handle's part of some memory, and what can be read of it. The memory itself is private to this file: it is reached through the
 * functions above, which the package does not export.
 */
export abstract class Region {
  #memory: Memory;
  #offset: number;
  #length: number;

  /** @internal */
  constructor(memory: Memory, offset: number, length: number) {
    this.#memory = memory;
    this.#offset = offset;
    this.#length = length;
    memory.handles++;
  }

  static {
    memoryOf = (region) => region.#memory;
    offsetOf = (region) => region.#offset;
    viewOf = (region) => region.#memory.bytes.subarray(region.#offset, region.#offset + region.#length);
    keep = (region, offset, length) => {
      region.#offset = offset;
      region.#length = length;
    };
    move = (region, memory, offset, length) => {
      region.#memory.handles--;
      memory.handles++;
      region.#memory = memory;
      region.#offset = offset;
      region.#length = length;
    };
  }

  /** Bytes that the handle shows. */
  get length(): number {
    return this.#length;
  }

  /** The byte at an index, counted from the end when negative; `undefined` outside. */
  at(index: number): number | undefined {
    const whole = Math.trunc(index) || 0;
    const at = whole < 0 ? this.#length + whole : whole;
    return at < 0 || at >= this.#length ? undefined : this.#memory.bytes[this.#offset + at];
  }

  /**
   * The number at an index. Like all of these, big-endian unless `isLittle`.
   *
   * @throws {RangeError} when it does not lie within these bytes
   */
  getUint8(at: number): number {
    return this.#memory.view.getUint8(this.#within(at, 1));
  }

  /** See {@link getUint8}. */
  getInt8(at: number): number {
    return this.#memory.view.getInt8(this.#within(at, 1));
  }

  /** See {@link getUint8}. */
  getUint16(at: number, isLittle = false): number {
    return this.#memory.view.getUint16(this.#within(at, 2), isLittle);
  }

  /** See {@link getUint8}. */
  getInt16(at: number, isLittle = false): number {
    return this.#memory.view.getInt16(this.#within(at, 2), isLittle);
  }

  /** See {@link getUint8}. */
  getUint32(at: number, isLittle = false): number {
    return this.#memory.view.getUint32(this.#within(at, 4), isLittle);
  }

  /** See {@link getUint8}. */
  getInt32(at: number, isLittle = false): number {
    return this.#memory.view.getInt32(this.#within(at, 4), isLittle);
  }

  /** See {@link getUint8}. */
  getBigUint64(at: number, isLittle = false): bigint {
    return this.#memory.view.getBigUint64(this.#within(at, 8), isLittle);
  }

  /** See {@link getUint8}. */
  getBigInt64(at: number, isLittle = false): bigint {
    return this.#memory.view.getBigInt64(this.#within(at, 8), isLittle);
  }

  /** See {@link getUint8}. */
  getFloat32(at: number, isLittle = false): number {
    return this.#memory.view.getFloat32(this.#within(at, 4), isLittle);
  }

  /** See {@link getUint8}. */
  getFloat64(at: number, isLittle = false): number {
    return this.#memory.view.getFloat64(this.#within(at, 8), isLittle);
  }

  /** The bytes, one after the other. */
  *[Symbol.iterator](): Generator<number, void, undefined> {
    for (let at = 0; at < this.#length; at++) yield this.#memory.bytes[this.#offset + at] as number;
  }

  /** Lets go: this handle is empty afterwards and keeps no memory. Needed only where another handle's `isUnique` is to be exact. */
  [Symbol.dispose](): void {
    move(this, NOTHING, 0, 0);
  }

  /** An index into the memory; a number that lies across the end of this handle would read another's bytes. */
  #within(at: number, size: number): number {
    requireCount(at, this.#length - size, `the index of a number of ${size} bytes within ${this.#length}`);
    return this.#offset + at;
  }
}
