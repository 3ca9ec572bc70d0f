import { Bytes } from '../bytes/bytes.js';
import { viewOf } from '../bytes/region.js';
import { isDevelopment } from '../development.js';
import { leakWatch } from '../leaks.js';
import { bytesOf, isPlainlyBytes } from '../source.js';
import { ArenaDisposedError, ArenaFullError } from './errors.js';
import { NONE, Slots } from './slots.js';
import type { ByteSource } from '../source.js';
import type { Borrowed, ReadonlyBytes } from '../types.js';
import type { ArenaRef } from './ref.js';
import type { SlotOptions } from './slots.js';

/** What released memory is filled with, so that a view that was kept reads nobody's message: 0xDE. */
const POISON = 0xde;

/** Powers of two from 64 B to 1 MiB. */
const CLASSES: readonly number[] = Array.from({ length: 15 }, (_, power) => 64 << power);
const LARGEST = 2 ** 20;

/** Names a block of bytes in a {@link ByteArena}. */
export type ByteRef = ArenaRef<ReadonlyBytes>;

/** How a {@link ByteArena} holds its memory. */
export interface ByteArenaOptions extends SlotOptions {
  /**
   * Sizes of the buffers that are reused, in bytes, ascending; a block takes the smallest that it fits into, and one larger than all
   * takes a buffer of its own that is not reused. Powers of two from 64 to 1,048,576 by default.
   */
  readonly classes?: readonly number[] | undefined;
  /** The most memory that is held, in bytes, taken blocks and buffers kept for reuse together. No limit by default. */
  readonly maxBytes?: number | undefined;
  /** Whether released memory is overwritten with 0xDE, which costs as much as a copy. On by default unless `NODE_ENV` is `production`. */
  readonly poison?: boolean | undefined;
}

/** A block that is released at the end of a `using` declaration's scope. */
export interface ByteLease extends Disposable {
  readonly ref: ByteRef;
}

/** What a slot holds, or keeps for the next block of its size. */
class Block {
  /** Which of the classes the buffer is of; one beyond the last when it is of none. */
  readonly kind: number;
  /** Nothing once the arena let go of it. */
  buffer: Uint8Array<ArrayBuffer> | undefined;
  /** A view of exactly the block, made when it is first read and kept while blocks of its length follow each other. */
  view: Uint8Array<ArrayBuffer> | undefined;
  /** In bytes. */
  length = 0;
  /** How many callbacks of `with` are looking at it now. */
  readers = 0;

  constructor(kind: number) {
    this.kind = kind;
  }
}

/**
 * Blocks of bytes in memory that is reused: what is copied in is named by a ref, read through it, and released by hand or by
 * `using`. In the steady state it makes no garbage but the refs. A released ref never reads another block's bytes: it is refused.
 *
 * Every method that takes a ref throws a {@link ForeignRefError} when another arena gave it out. All of it is synchronous.
 */
export class ByteArena implements Disposable {
  readonly #slots: Slots;
  readonly #classes: readonly number[];
  readonly #maxBytes: number;
  readonly #poison: boolean;
  readonly #blocks: Block[] = [];
  #heldBytes = 0;
  #idleBytes = 0;
  /** Buffers of the classes below this are kept for reuse. */
  #reusable: number;
  #isDisposed = false;

  /** @throws {RangeError} when an option is out of its bounds */
  constructor(options: ByteArenaOptions = {}) {
    const { classes = CLASSES, maxBytes = Infinity, poison = isDevelopment() } = options;
    if (classes.length === 0 || classes.some((size, at) => !Number.isInteger(size) || size <= (classes[at - 1] ?? 0))) {
      throw new RangeError('classes are positive integers in ascending order, at least one');
    }
    if (!(maxBytes > 0)) throw new RangeError(`maxBytes is a positive number; it was given ${maxBytes}`);
    this.#classes = classes === CLASSES ? CLASSES : [...classes];
    this.#reusable = classes.length;
    this.#maxBytes = maxBytes;
    this.#poison = poison;
    this.#slots = new Slots(classes.length + 1, options);
  }

  /** Blocks held. */
  get size(): number {
    return this.#slots.taken;
  }

  /** Memory held, in bytes: what blocks take, and what is kept for reuse. Never more than `maxBytes`. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Memory kept for reuse, in bytes. */
  get idleBytes(): number {
    return this.#idleBytes;
  }

  /**
   * Copies bytes in. The source is not kept.
   *
   * @throws {ArenaFullError} when `maxBytes` would be passed
   * @throws {DetachedBufferError} when the source's memory is gone
   * @throws {ArenaDisposedError} after the arena was disposed
   */
  alloc(source: ByteSource | Bytes): ByteRef {
    const bytes = isPlainlyBytes(source) ? source : source instanceof Bytes ? viewOf(source) : bytesOf(source);
    const { length } = bytes;
    const kind = this.#kindOf(length);
    const index = this.#slots.next(kind);
    if (index === NONE) return this.#allocNew(kind, bytes);
    const block = this.#blocks[index] as Block;
    // Through the view where there is one: it is what readers touch, so it is in the cache.
    const memory = block.length === length ? (block.view ?? block.buffer) : resized(block, length);
    if (memory === undefined) return this.#allocNew(kind, bytes);
    memory.set(bytes);
    this.#idleBytes -= this.#classes[kind] as number;
    const ref = this.#slots.take<ReadonlyBytes>(index, kind);
    if (leakWatch !== undefined) this.#watch(ref);
    return ref;
  }

  /** As `alloc`, but returns `undefined` where that throws an {@link ArenaFullError}. */
  tryAlloc(source: ByteSource | Bytes): ByteRef | undefined {
    const length = source instanceof Bytes ? source.length : bytesOf(source).length;
    return this.#isDisposed || this.#hasRoom(this.#kindOf(length), length) ? this.alloc(source) : undefined;
  }

  /** Whether the block a ref names is still held. */
  has(ref: ByteRef): boolean {
    return this.#slots.isLive(ref);
  }

  /**
   * A copy of a block, which outlives it.
   *
   * @throws {StaleRefError} once it was released
   */
  read(ref: ByteRef): Bytes {
    return Bytes.copyFrom(exactly(this.#blockOf(ref)));
  }

  /**
   * Lets a function look at a block where it lies, without a copy. The bytes are borrowed: they are valid until the function returns
   * and must not leave it, nor be written. A block released meanwhile stays readable to the function until then.
   *
   * @returns what the function returns
   * @throws {StaleRefError} once the block was released
   */
  with<R>(ref: ByteRef, use: (bytes: Borrowed<ReadonlyBytes>) => R): R {
    const block = this.#blockOf(ref);
    block.readers++;
    try {
      return use(exactly(block));
    } finally {
      if (--block.readers === 0 && !this.#slots.isTaken(ref.index)) this.#recycle(ref.index, block);
    }
  }

  /** Gives a block's memory back. Returns `false` when that was done before. */
  release(ref: ByteRef): boolean {
    if (!this.#slots.isLive(ref)) return false;
    const { index } = ref;
    const block = this.#blocks[index] as Block;
    this.#slots.expire(index);
    if (block.readers === 0) this.#recycle(index, block);
    return true;
  }

  /**
   * Copies bytes in for the length of a scope: `using lease = arena.lease(view)`.
   *
   * @throws whatever `alloc` throws
   */
  lease(source: ByteSource | Bytes): ByteLease {
    const ref = this.alloc(source);
    return { ref, [Symbol.dispose]: () => void this.release(ref) };
  }

  /**
   * The ref with these bits, as `toBits` gave them. Bits of another arena are not told apart.
   *
   * @throws {RangeError} when they are not the bits of any ref
   */
  fromBits(bits: number): ByteRef {
    return this.#slots.fromBits<ReadonlyBytes>(bits);
  }

  /** Lets go of all memory that is kept for reuse. Blocks stay. Linear in the slots ever made. */
  trim(): void {
    for (const [index, block] of this.#blocks.entries()) {
      if (block.buffer === undefined || block.readers > 0 || this.#slots.isTaken(index)) continue;
      this.#idleBytes -= block.buffer.length;
      this.#drop(block);
    }
  }

  /** Releases every block. Memory is kept for reuse. Linear in the slots ever made. */
  clear(): void {
    for (const [index, block] of this.#blocks.entries()) {
      if (!this.#slots.isTaken(index)) continue;
      this.#slots.expire(index);
      if (block.readers === 0) this.#recycle(index, block);
    }
  }

  /** Invalidates every ref and lets go of all memory. Once is enough, twice does no harm. */
  [Symbol.dispose](): void {
    this.#isDisposed = true;
    this.#reusable = 0;
    this.clear();
    this.trim();
  }

  #blockOf(ref: ByteRef): Block {
    if (!this.#slots.isLive(ref)) throw this.#slots.stale(ref);
    return this.#blocks[ref.index] as Block;
  }

  #kindOf(length: number): number {
    if (this.#classes === CLASSES && length <= LARGEST) return length <= 64 ? 0 : 26 - Math.clz32(length - 1);
    return kindAmong(this.#classes, length);
  }

  /** A block in memory that is not there yet. */
  #allocNew(kind: number, bytes: Uint8Array): ByteRef {
    // No memory is left after a disposal, so that every allocation comes by here.
    if (this.#isDisposed) throw new ArenaDisposedError();
    const { length } = bytes;
    if (!this.#hasRoom(kind, length)) {
      throw new ArenaFullError(`no room for ${length} bytes: ${this.#heldBytes - this.#idleBytes} of ${this.#maxBytes} are taken, in ${this.size} blocks`);
    }
    const size = this.#classes[kind] ?? length;
    if (this.#heldBytes + size > this.#maxBytes) this.trim();
    // Memory first: where there is none, this throws and nothing has changed.
    const buffer = new Uint8Array(size);
    buffer.set(bytes);
    const idle = this.#slots.next(kind);
    const index = idle === NONE ? this.#slots.make(kind) : idle;
    const block = (this.#blocks[index] ??= new Block(kind));
    block.buffer = buffer;
    block.length = length;
    this.#heldBytes += size;
    const ref = this.#slots.take<ReadonlyBytes>(index, kind);
    if (leakWatch !== undefined) this.#watch(ref);
    return ref;
  }

  #watch(ref: ByteRef): void {
    leakWatch?.opened(ref, this.#slots.lossOf(ref, `a block of ${this.#blocks[ref.index]?.length} bytes was never released, and its ref is gone: release it, or lease it with using`));
  }

  /** Whether a block fits in, if need be after what is kept for reuse was let go. */
  #hasRoom(kind: number, length: number): boolean {
    const idle = this.#slots.next(kind);
    if (idle === NONE && this.#slots.isFull) return false;
    const isThere = idle !== NONE && this.#blocks[idle]?.buffer !== undefined;
    return isThere || this.#heldBytes - this.#idleBytes + (this.#classes[kind] ?? length) <= this.#maxBytes;
  }

  /** A stay has ended and nobody looks any more: the memory may be taken by another block. */
  #recycle(index: number, block: Block): void {
    const buffer = block.buffer as Uint8Array<ArrayBuffer>;
    if (this.#poison) buffer.fill(POISON, 0, block.length);
    if (this.#slots.free(index, block.kind) && block.kind < this.#reusable) this.#idleBytes += buffer.length;
    else this.#drop(block);
  }

  #drop(block: Block): void {
    this.#heldBytes -= block.buffer?.length ?? 0;
    block.buffer = undefined;
    block.view = undefined;
  }
}

/** The smallest of some classes that a length fits into; the number of classes when it fits into none. */
function kindAmong(classes: readonly number[], length: number): number {
  const kind = classes.findIndex((size) => length <= size);
  return kind < 0 ? classes.length : kind;
}

/** The memory of a block that is to hold another length. */
function resized(block: Block, length: number): Uint8Array<ArrayBuffer> | undefined {
  block.length = length;
  block.view = undefined;
  return block.buffer;
}

function exactly(block: Block): Uint8Array<ArrayBuffer> {
  if (block.view !== undefined) return block.view;
  const buffer = block.buffer as Uint8Array<ArrayBuffer>;
  return (block.view = buffer.length === block.length ? buffer : buffer.subarray(0, block.length));
}
