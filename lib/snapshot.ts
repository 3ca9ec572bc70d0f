import { DetachedBufferError } from './errors.js';
import type { Owned } from './types.js';

/**
 * The language's own getters, taken once. A subclass or an own property may redefine `buffer`, `byteOffset` and `byteLength` on the
 * value; these read the internal slots, also of values from another realm.
 */
const typedArrayPrototype = Object.getPrototypeOf(Uint8Array.prototype) as ArrayBufferView & { readonly [Symbol.toStringTag]: string | undefined };
const typedArray = {
  tag: getterOf(typedArrayPrototype, Symbol.toStringTag),
  buffer: getterOf(typedArrayPrototype, 'buffer'),
  byteOffset: getterOf(typedArrayPrototype, 'byteOffset'),
  byteLength: getterOf(typedArrayPrototype, 'byteLength'),
};
const dataView = {
  buffer: getterOf(DataView.prototype, 'buffer'),
  byteOffset: getterOf(DataView.prototype, 'byteOffset'),
  byteLength: getterOf(DataView.prototype, 'byteLength'),
};
const arrayBufferByteLength = getterOf(ArrayBuffer.prototype, 'byteLength');
const sharedByteLength = typeof SharedArrayBuffer === 'undefined' ? undefined : getterOf(SharedArrayBuffer.prototype, 'byteLength');

/**
 * Copies bytes into memory of their own.
 *
 * @param source - any view (`Buffer`, typed array, `DataView`), `ArrayBuffer` or `SharedArrayBuffer`; only the bytes it shows are
 * copied, whatever its element type
 * @returns a plain `Uint8Array` that fills an `ArrayBuffer` of exactly that size: of fixed length, never pooled, never shared,
 * transferable
 * @throws {DetachedBufferError} when the source's buffer was transferred away, or was resized so that the view lies outside of it
 * @throws {TypeError} when the source is none of these
 */
export function snapshot(source: ArrayBufferView | ArrayBufferLike): Owned<Uint8Array<ArrayBuffer>> {
  if (ArrayBuffer.isView(source) && typedArray.tag(source) === 'Uint8Array') return copyOfBytes(source as Uint8Array);
  const bytes = bytesOf(source);
  const copy = new Uint8Array(bytes.length);
  copy.set(bytes);
  return copy as Owned<Uint8Array<ArrayBuffer>>;
}

/** The common case, `Buffer` included: the constructor copies a typed array into a buffer of its own, whatever the subclass. */
function copyOfBytes(source: Uint8Array): Owned<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(source) as Owned<Uint8Array<ArrayBuffer>>;
  } catch (cause) {
    // Either there is no memory for the copy, or there is none behind the source.
    throw isLost(source) ? lost('Uint8Array', cause) : cause;
  }
}

/** A view over exactly the bytes that `source` shows. */
function bytesOf(source: ArrayBufferView | ArrayBufferLike): Uint8Array {
  if (ArrayBuffer.isView(source)) {
    return typedArray.tag(source) === undefined ? bytesOfDataView(source as DataView) : bytesOfTypedArray(source);
  }
  if (isArrayBuffer(source)) return bytesOfBuffer(source, 'ArrayBuffer');
  if (isSharedArrayBuffer(source)) return new Uint8Array(source);
  throw new TypeError(`snapshot() copies a view, an ArrayBuffer or a SharedArrayBuffer; it was given ${describe(source)}`);
}

function bytesOfTypedArray(source: ArrayBufferView): Uint8Array {
  const buffer = typedArray.buffer(source);
  const byteLength = typedArray.byteLength(source);
  // A lost view reports no bytes and no offset. An empty result would hide the loss, so every empty view is looked at.
  if (byteLength === 0 && isLost(source)) throw lost(typedArray.tag(source) ?? 'view');
  return new Uint8Array(buffer, typedArray.byteOffset(source), byteLength);
}

function bytesOfDataView(source: DataView): Uint8Array {
  let byteLength: number;
  try {
    // Unlike a typed array's, these throw by themselves.
    byteLength = dataView.byteLength(source);
  } catch (cause) {
    throw lost('DataView', cause);
  }
  return new Uint8Array(dataView.buffer(source), dataView.byteOffset(source), byteLength);
}

function bytesOfBuffer(source: ArrayBuffer, kind: string): Uint8Array {
  try {
    return new Uint8Array(source);
  } catch (cause) {
    throw lost(kind, cause);
  }
}

/** Whether a typed array that shows no bytes was cut off from its memory, as opposed to being empty. */
function isLost(source: ArrayBufferView): boolean {
  try {
    // The iterator's first act is to validate the array: the one check that knows detached and out-of-bounds on every engine.
    Uint8Array.prototype.values.call(source as Uint8Array);
    return false;
  } catch {
    return true;
  }
}

function isArrayBuffer(value: unknown): value is ArrayBuffer {
  return answers(arrayBufferByteLength, value);
}

function isSharedArrayBuffer(value: unknown): value is SharedArrayBuffer {
  return sharedByteLength !== undefined && answers(sharedByteLength, value);
}

/** A getter of an internal slot throws on a value that has no such slot. */
function answers(getter: (value: unknown) => unknown, value: unknown): boolean {
  try {
    getter(value);
    return true;
  } catch {
    return false;
  }
}

function getterOf<T extends object, K extends keyof T>(prototype: T, key: K): (value: unknown) => T[K] {
  const getter = Object.getOwnPropertyDescriptor(prototype, key)?.get;
  if (getter === undefined) throw new TypeError(`this JavaScript engine has no accessor ${String(key)} on views`);
  return (value) => Reflect.apply(getter, value, []) as T[K];
}

function lost(kind: string, cause?: unknown): DetachedBufferError {
  const message = `snapshot() came too late: the memory behind this ${kind} was transferred or resized away`;
  return cause === undefined ? new DetachedBufferError(message) : new DetachedBufferError(message, { cause });
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value !== 'object') return `a value of type ${typeof value}`;
  const { constructor } = value;
  return typeof constructor === 'function' && constructor.name !== '' ? `an instance of ${constructor.name}` : 'an object';
}
