import { snapshot } from '../snapshot.js';
import { bytesOf } from '../source.js';
import { Memory, NOTHING, moveOut, position, requireCount } from './memory.js';
import { Region, keep, memoryOf, move, offsetOf, viewOf } from './region.js';
import { textOf } from './text.js';
import type { ByteSource } from '../source.js';
import type { Owned } from '../types.js';
import type { TextEncoding } from './text.js';

/** A handle smaller than this share of its memory is worth a copy … */
const COMPACT_SHARE = 1 / 8;
/** … when the memory, in bytes, is larger than this. */
const COMPACT_ABOVE = 65_536;

/**
 * Bytes that never change, in memory that handles share. Taking a part of them copies nothing; they may cross an `await` and a queue,
 * since nobody can write them: no method gives out a view of the shared memory. A handle itself is a cursor: `splitTo`, `splitOff`
 * and `truncate` move its ends, other handles stay as they are.
 *
 * The semantics are those of Rust's `bytes::Bytes`; the collector, not a count, frees the memory.
 */
export class Bytes extends Region implements Disposable {
  /** @internal Bytes are made by `copyFrom`, `adopt` and `BytesMut.freeze`. */
  constructor(memory: Memory, offset: number, length: number) {
    // An empty handle does not keep memory.
    super(length === 0 ? NOTHING : memory, offset, length);
  }

  /** No bytes. */
  static empty(): Bytes {
    return new Bytes(NOTHING, 0, 0);
  }

  /**
   * A copy of the bytes that a source shows.
   *
   * @throws {DetachedBufferError} when the source's memory is gone
   * @throws {TypeError} when it is neither a view nor a buffer
   */
  static copyFrom(source: ByteSource): Bytes {
    const copy = snapshot(source);
    return new Bytes(new Memory(copy), 0, copy.length);
  }

  /**
   * Takes a buffer over without a copy. The caller's buffer is detached: it and its views are empty from here on.
   *
   * @throws {DetachedBufferError} when it is detached already
   * @throws {TypeError} when it cannot be detached, as a SharedArrayBuffer, WebAssembly memory and Node's pool cannot
   */
  static adopt(buffer: ArrayBuffer): Bytes {
    const moved = moveOut(buffer);
    return new Bytes(new Memory(new Uint8Array(moved)), 0, moved.byteLength);
  }

  /** The bytes from `start` up to `end`, counted as `Array.prototype.slice` counts, in the same memory: it takes the same time for any length. */
  slice(start?: number, end?: number): Bytes {
    const from = position(start, this.length, 0);
    const to = position(end, this.length, this.length);
    return new Bytes(memoryOf(this), offsetOf(this) + from, Math.max(0, to - from));
  }

  /**
   * Takes the first bytes off: they are returned, this handle keeps the rest.
   *
   * @param count - 0 … `length`
   * @throws {RangeError} when there are fewer bytes
   */
  splitTo(count: number): Bytes {
    requireCount(count, this.length, 'the count of splitTo');
    const head = new Bytes(memoryOf(this), offsetOf(this), count);
    this.#keep(offsetOf(this) + count, this.length - count);
    return head;
  }

  /**
   * Takes the bytes from an index on off: they are returned, this handle keeps those before.
   *
   * @param at - 0 … `length`
   * @throws {RangeError} when there are fewer bytes
   */
  splitOff(at: number): Bytes {
    requireCount(at, this.length, 'the index of splitOff');
    const tail = new Bytes(memoryOf(this), offsetOf(this) + at, this.length - at);
    this.#keep(offsetOf(this), at);
    return tail;
  }

  /**
   * Keeps only the first bytes; nothing happens when there are no more.
   *
   * @param length - at least 0
   * @throws {RangeError} when it is negative or no integer
   */
  truncate(length: number): void {
    requireCount(length, Number.MAX_SAFE_INTEGER, 'the length of truncate');
    if (length < this.length) this.#keep(offsetOf(this), length);
  }

  /**
   * Bytes that do not hold much more memory than they show: a copy when this handle shows less than 1/8 of more than 64 KiB, else this
   * handle itself. For what is kept long, as in a queue.
   */
  compact(): Bytes {
    const held = memoryOf(this).bytes.length;
    return held > COMPACT_ABOVE && this.length < held * COMPACT_SHARE ? Bytes.copyFrom(viewOf(this)) : this;
  }

  /**
   * Copies the bytes into a view, as many as fit.
   *
   * @param target - written from `at` on, whatever its element type
   * @param at - in bytes, 0 … the view's `byteLength`
   * @returns how many bytes were copied
   * @throws {RangeError} when `at` is outside
   * @throws {DetachedBufferError} when the target's memory is gone
   */
  copyTo(target: ArrayBufferView, at = 0): number {
    const bytes = bytesOf(target);
    requireCount(at, bytes.length, 'the offset of copyTo');
    const count = Math.min(this.length, bytes.length - at);
    bytes.set(memoryOf(this).bytes.subarray(offsetOf(this), offsetOf(this) + count), at);
    return count;
  }

  /** A copy that its holder may write, send and transfer. */
  toUint8Array(): Owned<Uint8Array<ArrayBuffer>> {
    return snapshot(viewOf(this));
  }

  /** Whether the other shows the same bytes. */
  equals(other: Bytes | ByteSource): boolean {
    if (other === this) return true;
    const theirs = other instanceof Bytes ? viewOf(other) : bytesOf(other);
    if (theirs.length !== this.length) return false;
    const ours = viewOf(this);
    for (let at = 0; at < ours.length; at++) if (ours[at] !== theirs[at]) return false;
    return true;
  }

  /**
   * The bytes as text.
   *
   * @param encoding - `'utf8'` by default, where malformed sequences become U+FFFD
   * @throws {TypeError} for an encoding that is none of those
   */
  override toString(encoding: TextEncoding = 'utf8'): string {
    return textOf(viewOf(this), encoding);
  }

  /**
   * Whether no other handle shares the memory, as far as is known: one that was dropped without being disposed still counts. So `true`
   * is certain, and `false` may come too often.
   */
  isUnique(): boolean {
    return memoryOf(this).handles === 1 || memoryOf(this) === NOTHING;
  }

  /**
   * The bytes as a buffer to write in, without a copy, when no other handle shares their memory. This handle is empty afterwards.
   *
   * @returns `undefined` when another handle may share it, and nothing has changed
   */
  tryIntoMut(): BytesMut | undefined {
    if (!this.isUnique()) return undefined;
    const mutable = new BytesMut(memoryOf(this), offsetOf(this), this.length, memoryOf(this).bytes.length);
    this.#keep(0, 0);
    return mutable;
  }

  #keep(offset: number, length: number): void {
    if (length === 0) move(this, NOTHING, 0, 0);
    else keep(this, offset, length);
  }
}

/** Memory that replaces a used up one is as large, up to this many bytes: frames cut off a stream do not shrink it. */
const KEPT_CAPACITY = 65_536;

/**
 * Bytes being put together. Once frozen they are {@link Bytes} without a copy.
 *
 * The semantics are those of Rust's `bytes::BytesMut`: `split` and `splitTo` cut handles that share memory but no byte of it.
 */
export class BytesMut extends Region implements Disposable {
  /** Where the part of the memory ends that belongs to this handle. */
  #end: number;

  /** @internal Made by `withCapacity` and `Bytes.tryIntoMut`. */
  constructor(memory: Memory, offset: number, length: number, end: number) {
    super(memory, offset, length);
    this.#end = end;
  }

  /**
   * An empty buffer with room.
   *
   * @param capacity - in bytes, at least 0
   * @throws {RangeError} when it is negative, no integer, or more than there is memory
   */
  static withCapacity(capacity: number): BytesMut {
    requireCount(capacity, Number.MAX_SAFE_INTEGER, 'a capacity');
    return new BytesMut(capacity === 0 ? NOTHING : new Memory(new Uint8Array(capacity)), 0, 0, capacity);
  }

  /** Bytes that can be put before the memory has to grow. */
  get remaining(): number {
    return this.#end - offsetOf(this) - this.length;
  }

  /**
   * Makes room: afterwards `remaining` is at least `count`. Memory at least doubles when it grows.
   *
   * @throws {RangeError} when `count` is negative, no integer, or more than there is memory
   */
  reserve(count: number): void {
    requireCount(count, Number.MAX_SAFE_INTEGER, 'the count of reserve');
    if (this.remaining >= count) return;
    const { length } = this;
    const memory = memoryOf(this);
    const offset = offsetOf(this);
    // What was dropped from the front is room again, where nobody shares it and moving costs no more than was put since.
    if (memory.handles === 1 && offset >= length && memory.bytes.length >= length + count) {
      memory.bytes.copyWithin(0, offset, offset + length);
      this.#move(memory, 0, length, memory.bytes.length);
      return;
    }
    const bytes = new Uint8Array(Math.max(length + count, 2 * length, Math.min(memory.bytes.length, KEPT_CAPACITY)));
    bytes.set(viewOf(this));
    this.#move(new Memory(bytes), 0, length, bytes.length);
  }

  /**
   * Appends a copy of bytes.
   *
   * @throws {DetachedBufferError} when the source's memory is gone
   */
  put(source: Bytes | ByteSource): void {
    const bytes = source instanceof Bytes ? undefined : bytesOf(source);
    const count = bytes?.length ?? (source as Bytes).length;
    this.reserve(count);
    const room = memoryOf(this).bytes.subarray(offsetOf(this) + this.length, this.#end);
    if (bytes === undefined) (source as Bytes).copyTo(room);
    else room.set(bytes);
    keep(this, offsetOf(this), this.length + count);
  }

  /**
   * Drops bytes from the front.
   *
   * @param count - 0 … `length`
   * @throws {RangeError} when there are fewer
   */
  advance(count: number): void {
    requireCount(count, this.length, 'the count of advance');
    keep(this, offsetOf(this) + count, this.length - count);
  }

  /** Takes all bytes put off: they are returned, this handle keeps the room behind them. */
  split(): BytesMut {
    return this.splitTo(this.length);
  }

  /**
   * Takes the first bytes off: they are returned, this handle keeps the rest and the room.
   *
   * @param count - 0 … `length`
   * @throws {RangeError} when there are fewer
   */
  splitTo(count: number): BytesMut {
    requireCount(count, this.length, 'the count of splitTo');
    const head = new BytesMut(memoryOf(this), offsetOf(this), count, offsetOf(this) + count);
    this.advance(count);
    return head;
  }

  /** The bytes put, never to change again, without a copy. This handle is empty and without room afterwards. */
  freeze(): Bytes {
    const frozen = new Bytes(memoryOf(this), offsetOf(this), this.length);
    this.#move(NOTHING, 0, 0, 0);
    return frozen;
  }

  /** Lets go: this handle is empty and without room afterwards. */
  override [Symbol.dispose](): void {
    this.#move(NOTHING, 0, 0, 0);
  }

  #move(memory: Memory, offset: number, length: number, end: number): void {
    move(this, memory, offset, length);
    this.#end = end;
  }
}
