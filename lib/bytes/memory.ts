import { bytesOf, isArrayBuffer } from '../source.js';

/** Memory that handles share. Nobody else ever sees it. */
export class Memory {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Handles that were given a part of it and have not let go; those that the collector took still count. */
  handles = 0;
  #view: DataView | undefined;

  constructor(bytes: Uint8Array<ArrayBuffer>) {
    this.bytes = bytes;
  }

  get view(): DataView {
    return (this.#view ??= new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength));
  }
}

/** What every empty handle refers to: it keeps nobody's memory. */
export const NOTHING = new Memory(new Uint8Array(0));

/**
 * Where a range starts or ends, as `Array.prototype.slice` counts: from the end when negative, and never outside.
 *
 * @param fallback - what `undefined` stands for
 */
export function position(at: number | undefined, length: number, fallback: number): number {
  if (at === undefined) return fallback;
  const whole = Math.trunc(at) || 0;
  return whole < 0 ? Math.max(0, length + whole) : Math.min(whole, length);
}

/** @throws {RangeError} unless it is an integer from 0 to `most` */
export function requireCount(count: number, most: number, what: string): void {
  if (!Number.isInteger(count) || count < 0 || count > most) {
    throw new RangeError(`${what} is an integer from 0 to ${most}; it was given ${count}`);
  }
}

/**
 * The buffer's memory in a buffer of its own: a transfer to nowhere, which leaves the buffer given detached.
 *
 * @throws {DetachedBufferError} when it is detached already
 * @throws {TypeError} when it cannot be detached
 */
export function moveOut(buffer: ArrayBuffer): ArrayBuffer {
  if (!isArrayBuffer(buffer)) throw new TypeError('only an ArrayBuffer can be adopted');
  // Throws where there is nothing left to move.
  bytesOf(buffer);
  let moved: ArrayBuffer;
  try {
    moved = structuredClone(buffer, { transfer: [buffer] });
  } catch (cause) {
    throw new TypeError('this ArrayBuffer cannot be detached', { cause });
  }
  // Some engines copy a buffer that is marked as not to be transferred, and say nothing.
  if (!isDetached(buffer)) throw new TypeError('this ArrayBuffer cannot be detached');
  return moved;
}

function isDetached(buffer: ArrayBuffer): boolean {
  try {
    bytesOf(buffer);
    return false;
  } catch {
    return true;
  }
}
