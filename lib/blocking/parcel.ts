import { snapshot } from '../snapshot.js';
import { bufferOf, isArrayBuffer, isPlainlyBytes, isSharedArrayBuffer, typedArrayKind } from '../source.js';
import type { Transferable } from './thread.js';

/** A value ready to be posted, and what of it goes over without a copy. */
export interface Parcel {
  readonly value: unknown;
  readonly transfer: readonly Transferable[];
}

/** Bytes from which on moving a buffer costs less than copying it once more, in a call of its own. */
export const MOVE_ABOVE = 32_768;

const NONE: readonly Transferable[] = [];

/**
 * Makes a value independent of its sender: what is done to the original afterwards does not show. Views become copies of exactly the
 * bytes they show, never the pool or the scratch buffer they lie in; large ones are moved. Everything else is copied as
 * `structuredClone` does. Shared memory stays shared.
 *
 * @param moved - buffers and ports that are given away, with what lies in them
 * @param moveAbove - in bytes
 * @throws {TypeError} when something in it cannot cross to a thread
 */
export function pack(value: unknown, moved: readonly Transferable[] = NONE, moveAbove = MOVE_ABOVE): Parcel {
  // Most arguments are this, and nothing needs to be remembered of them.
  if (typeof value !== 'object' || value === null) return { value: primitive(value), transfer: moved };
  if (moved.length === 0 && isPlainlyBytes(value) && value.buffer instanceof ArrayBuffer) {
    const bytes = snapshot(value);
    return { value: bytes, transfer: bytes.length < moveAbove ? NONE : [bytes.buffer] };
  }
  const packer = new Packer(moved, moveAbove);
  const packed = packer.copy(value);
  return { value: packed, transfer: packer.transfer };
}

/**
 * Takes what is given away from its owner now, not when the message is sent.
 *
 * @throws {TypeError} when something in it cannot be given away
 */
export function detach(parcel: Parcel): Parcel {
  try {
    const [value, transfer] = structuredClone([parcel.value, parcel.transfer] as const, { transfer: [...parcel.transfer] as ArrayBuffer[] });
    return { value, transfer };
  } catch (cause) {
    throw uncloneable(cause);
  }
}

class Packer {
  readonly transfer: Transferable[];
  readonly #moved: ReadonlySet<unknown>;
  readonly #moveAbove: number;
  /** Copies made, by their originals: a value that occurs twice occurs twice in the copy, and a cycle ends. */
  readonly #copies = new Map<object, unknown>();

  constructor(moved: readonly Transferable[], moveAbove: number) {
    this.transfer = [...moved];
    this.#moved = new Set(moved);
    this.#moveAbove = moveAbove;
  }

  copy(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return primitive(value);
    if (this.#moved.has(value)) return value;
    const known = this.#copies.get(value);
    if (known !== undefined) return known;
    if (ArrayBuffer.isView(value)) return this.#remember(value, this.#copyOfView(value));
    if (isArrayBuffer(value)) return this.#remember(value, this.#copyOfBytes(value).buffer);
    if (isSharedArrayBuffer(value)) return value;
    return this.#copyOfObject(value);
  }

  #copyOfView(view: ArrayBufferView): ArrayBufferView {
    const buffer = bufferOf(view);
    if (isSharedArrayBuffer(buffer) || this.#moved.has(buffer)) return view;
    const bytes = this.#copyOfBytes(view);
    const kind = typedArrayKind(view);
    if (kind === 'Uint8Array') return bytes;
    if (kind === undefined) return new DataView(bytes.buffer);
    return Reflect.construct(Reflect.get(globalThis, kind) as typeof Uint16Array, [bytes.buffer]) as ArrayBufferView;
  }

  #copyOfBytes(source: ArrayBufferView | ArrayBuffer): Uint8Array<ArrayBuffer> {
    const bytes = snapshot(source);
    if (bytes.length >= this.#moveAbove) this.transfer.push(bytes.buffer);
    return bytes;
  }

  #copyOfObject(value: object): unknown {
    if (Array.isArray(value)) {
      const items: unknown[] = this.#remember(value, []);
      for (const item of value) items.push(this.copy(item));
      return items;
    }
    if (value instanceof Map) {
      const entries = this.#remember(value, new Map<unknown, unknown>());
      for (const [key, item] of value) entries.set(this.copy(key), this.copy(item));
      return entries;
    }
    if (value instanceof Set) {
      const items = this.#remember(value, new Set<unknown>());
      for (const item of value) items.add(this.copy(item));
      return items;
    }
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null) return this.#copyOfProperties(value);
    const clone = cloneOf(value);
    // The clone of an instance of a class is a plain object; its views brought the buffers behind them, so they are copied apart.
    return Object.getPrototypeOf(clone) === Object.prototype ? this.#copyOfProperties(value) : this.#remember(value, clone);
  }

  #copyOfProperties(value: object): unknown {
    const properties: Record<string, unknown> = this.#remember(value, {});
    for (const key of Object.keys(value)) {
      // Not an assignment: `__proto__` is a key like any other.
      Object.defineProperty(properties, key, { value: this.copy(Reflect.get(value, key)), enumerable: true, configurable: true, writable: true });
    }
    return properties;
  }

  #remember<T>(original: object, copy: T): T {
    this.#copies.set(original, copy);
    return copy;
  }
}

function primitive(value: unknown): unknown {
  if (typeof value === 'function' || typeof value === 'symbol') throw uncloneable(new TypeError(`${String(value).slice(0, 60)} is a ${typeof value}`));
  return value;
}

function cloneOf(value: object): object {
  try {
    return structuredClone(value);
  } catch (cause) {
    throw uncloneable(cause);
  }
}

function uncloneable(cause: unknown): TypeError {
  return new TypeError(`this cannot cross to a thread: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
}
