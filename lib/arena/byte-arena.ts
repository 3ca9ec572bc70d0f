import { Bytes } from '../bytes/bytes.js';
import { viewOf } from '../bytes/region.js';
import { isDevelopment } from '../development.js';
import { leakWatch } from '../leaks.js';
import { bytesOf, isPlainlyBytes } from '../source.js';
import { ArenaDisposedError, ArenaFullError } from './errors.js';
import { Slot, Slots, lossOf } from './slots.js';
import type { ByteSource } from '../source.js';
import type { Borrowed, ReadonlyBytes } from '../types.js';
import type { ArenaRef, Ref } from './ref.js';
import type { SlotOptions } from './slots.js';

/** What released memory is filled with, so that a view that was kept reads nobody's message: 0xDE. */
const POISON = 0xde;

/** Powers of two from 64 B to 1 MiB. */
const CLASSES: readonly number[] = Array.from({ length: 15 }, (_, power) => 64 << power);
const LARGEST = 2 ** 20;

const NOTHING = new Uint8Array(0);

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

/** A slot with memory, held or kept for the next block of its size. */
class Block extends Slot {
  /** Empty once the arena let go of it. */
  buffer = NOTHING;
  /** A view of exactly the block, kept while blocks of its length follow each other. */
  view = NOTHING;
  /** Of the block, in bytes; -1 while it has no memory. */
  length = -1;
  /** Of the memory, in bytes. */
  size = 0;
  /** How many callbacks of `with` are looking at it now. */
  readers = 0;
}

/**
 * Blocks of bytes in memory that is reused: what is copied in is named by a ref, read through it, and released by hand or by
 * `using`. In the steady state it makes no garbage but the refs. A released ref never reads another block's bytes: it is refused.
 *
 * Every method that takes a ref throws a {@link ForeignRefError} when another arena gave it out. All of it is synchronous.
 */
export class ByteArena implements Disposable {
  readonly #slots: Slots<Block>;
  readonly #classes: readonly number[];
  /** The length up to which a block's class is a matter of its highest bit: the classes are powers of two that far, or -1. */
  readonly #plainUpTo: number;
  readonly #maxBytes: number;
  readonly #poison: boolean;
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
    this.#plainUpTo = classes === CLASSES ? LARGEST : -1;
    this.#reusable = classes.length;
    this.#maxBytes = maxBytes;
    this.#poison = poison;
    this.#slots = new Slots(classes.length + 1, options, (owner, index, kind) => new Block(owner, index, kind));
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
    const bytes = isPlainlyBytes(source) ? source : viewAny(source);
    const { length } = bytes;
    const slots = this.#slots;
    const block = slots.next(length > this.#plainUpTo ? kindAmong(this.#classes, length) : kindOf(length));
    if (block?.length !== length) return this.#allocSlowly(block, bytes);
    // Through the view: it is what readers touch, so it is in the cache.
    block.view.set(bytes);
    this.#idleBytes -= block.size;
    const ref = slots.take<ReadonlyBytes>(block);
    if (leakWatch !== undefined) watch(ref, block);
    return ref;
  }

  /** As `alloc`, but returns `undefined` where that throws an {@link ArenaFullError}. */
  tryAlloc(source: ByteSource | Bytes): ByteRef | undefined {
    const length = source instanceof Bytes ? source.length : bytesOf(source).length;
    return this.#isDisposed || this.#hasRoom(this.#kindOf(length), length) ? this.alloc(source) : undefined;
  }

  /** Whether the block a ref names is still held. */
  has(ref: ByteRef): boolean {
    return this.#slots.live(ref) !== undefined;
  }

  /**
   * A copy of a block, which outlives it.
   *
   * @throws {StaleRefError} once it was released
   */
  read(ref: ByteRef): Bytes {
    return Bytes.copyFrom(this.#slots.require(ref).view);
  }

  /**
   * Lets a function look at a block where it lies, without a copy. The bytes are borrowed: they are valid until the function returns
   * and must not leave it, nor be written. A block released meanwhile stays readable to the function until then.
   *
   * @returns what the function returns
   * @throws {StaleRefError} once the block was released
   */
  with<R>(ref: ByteRef, use: (bytes: Borrowed<ReadonlyBytes>) => R): R {
    const block = this.#slots.require(ref);
    block.readers++;
    try {
      return use(block.view);
    } finally {
      // Released meanwhile, and kept from being taken again until now.
      if (--block.readers === 0 && block.generation !== ref.generation) this.#recycle(block);
    }
  }

  /** Gives a block's memory back. Returns `false` when that was done before. */
  release(ref: ByteRef): boolean {
    const block = this.#slots.live(ref);
    if (block === undefined) return false;
    this.#slots.expire(block);
    if (block.readers === 0) this.#recycle(block);
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
    for (const block of this.#slots.all) {
      if (block.length < 0 || block.readers > 0 || block.isTaken) continue;
      this.#idleBytes -= block.size;
      this.#drop(block);
    }
  }

  /** Releases every block. Memory is kept for reuse. Linear in the slots ever made. */
  clear(): void {
    for (const block of this.#slots.all) {
      if (!block.isTaken) continue;
      this.#slots.expire(block);
      if (block.readers === 0) this.#recycle(block);
    }
  }

  /** Invalidates every ref and lets go of all memory. Once is enough, twice does no harm. */
  [Symbol.dispose](): void {
    this.#isDisposed = true;
    this.#reusable = 0;
    this.clear();
    this.trim();
  }

  #kindOf(length: number): number {
    return length > this.#plainUpTo ? kindAmong(this.#classes, length) : kindOf(length);
  }

  /** A block in memory that is not there yet, or held another length before. */
  #allocSlowly(idle: Block | undefined, bytes: Uint8Array): ByteRef {
    // No memory is left after a disposal, so that every allocation comes by here.
    if (this.#isDisposed) throw new ArenaDisposedError();
    const { length } = bytes;
    if (idle !== undefined && idle.length >= 0) {
      fill(idle, bytes);
      this.#idleBytes -= idle.size;
      return this.#take(idle);
    }
    const kind = this.#kindOf(length);
    if (!this.#hasRoom(kind, length)) {
      throw new ArenaFullError(`no room for ${length} bytes: ${this.#heldBytes - this.#idleBytes} of ${this.#maxBytes} are taken, in ${this.size} blocks`);
    }
    const size = this.#classes[kind] ?? length;
    if (this.#heldBytes + size > this.#maxBytes) this.trim();
    // Memory first: where there is none, this throws and nothing has changed.
    const buffer = new Uint8Array(size);
    const block = idle ?? this.#slots.make(kind);
    block.buffer = buffer;
    block.size = size;
    fill(block, bytes);
    this.#heldBytes += size;
    return this.#take(block);
  }

  #take(block: Block): ByteRef {
    const ref = this.#slots.take<ReadonlyBytes>(block);
    if (leakWatch !== undefined) watch(ref, block);
    return ref;
  }

  /** Whether a block fits in, if need be after what is kept for reuse was let go. */
  #hasRoom(kind: number, length: number): boolean {
    const idle = this.#slots.next(kind);
    if (idle === undefined && this.#slots.isFull) return false;
    return (idle !== undefined && idle.length >= 0) || this.#heldBytes - this.#idleBytes + (this.#classes[kind] ?? length) <= this.#maxBytes;
  }

  /** A stay has ended and nobody looks any more: the memory may be taken by another block. */
  #recycle(block: Block): void {
    if (this.#poison) poison(block);
    if (this.#slots.free(block) && block.kind < this.#reusable) this.#idleBytes += block.size;
    else this.#drop(block);
  }

  #drop(block: Block): void {
    if (block.length >= 0) this.#heldBytes -= block.size;
    block.buffer = block.view = NOTHING;
    block.length = -1;
  }
}

/** What is used rarely is kept out of the functions that are used all the time: what they compile to stays small enough to be inlined. */
function viewAny(source: ByteSource | Bytes): Uint8Array {
  return source instanceof Bytes ? viewOf(source) : bytesOf(source);
}

function watch(ref: Ref<ReadonlyBytes>, { length }: Block): void {
  leakWatch?.opened(ref, lossOf(ref, `a block of ${length} bytes was never released, and its ref is gone: release it, or lease it with using`));
}

function poison({ view }: Block): void {
  view.fill(POISON);
}

/** Gives a block another content, of another length. */
function fill(block: Block, bytes: Uint8Array): void {
  const { buffer } = block;
  const { length } = bytes;
  block.view = length === buffer.length ? buffer : buffer.subarray(0, length);
  block.view.set(bytes);
  block.length = length;
}

/** The smallest power of two from 64 that a length fits into, counted from there. */
function kindOf(length: number): number {
  return length <= 64 ? 0 : 26 - Math.clz32(length - 1);
}

/** The smallest of some classes that a length fits into; the number of classes when it fits into none. */
function kindAmong(classes: readonly number[], length: number): number {
  const kind = classes.findIndex((size) => length <= size);
  return kind < 0 ? classes.length : kind;
}
