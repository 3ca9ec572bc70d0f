import { DetachedBufferError } from './errors.js';

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

/** Where bytes can be copied from: any view, whatever its element type, or a whole buffer. */
export type ByteSource = ArrayBufferView | ArrayBufferLike;

/** `'Uint16Array'` and the like, from the internal slot; `undefined` for anything that is no typed array. */
export function typedArrayKind(value: unknown): string | undefined {
  return typedArray.tag(value);
}

/**
 * Whether a source can be handed to `set` as it is, and its `length` be believed. A getter of the internal slot would cost more than
 * copying 64 bytes; looking at the last byte costs nothing, and a subclass cannot make up an element. What claims fewer bytes than it
 * has shows no one else's.
 *
 * @returns `false` for every other source, and for one that may have lost its memory: `bytesOf` knows
 */
export function isPlainlyBytes(source: unknown): source is Uint8Array {
  return source instanceof Uint8Array && source[source.length - 1] !== undefined;
}

/** The buffer behind a view, whatever its properties claim. */
export function bufferOf(view: ArrayBufferView): ArrayBufferLike {
  return typedArray.tag(view) === undefined ? dataView.buffer(view) : typedArray.buffer(view);
}

/**
 * A view over exactly the bytes that `source` shows. It borrows: it shares the source's memory.
 *
 * @throws {DetachedBufferError} when the source's buffer was transferred away, or was resized so that the view lies outside of it
 * @throws {TypeError} when the source is neither a view nor a buffer
 */
export function bytesOf(source: ByteSource): Uint8Array {
  if (ArrayBuffer.isView(source)) {
    return typedArray.tag(source) === undefined ? bytesOfDataView(source as DataView) : bytesOfTypedArray(source);
  }
  if (isArrayBuffer(source)) return bytesOfBuffer(source, 'ArrayBuffer');
  if (isSharedArrayBuffer(source)) return new Uint8Array(source);
  throw new TypeError(`bytes come from a view, an ArrayBuffer or a SharedArrayBuffer; this is ${describe(source)}`);
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
export function isLost(source: ArrayBufferView): boolean {
  try {
    // The iterator's first act is to validate the array: the one check that knows detached and out-of-bounds on every engine.
    Uint8Array.prototype.values.call(source as Uint8Array);
    return false;
  } catch {
    return true;
  }
}

/** Whether a value is an ArrayBuffer, of this realm or another. */
export function isArrayBuffer(value: unknown): value is ArrayBuffer {
  return answers(arrayBufferByteLength, value);
}

/** Whether a value is a SharedArrayBuffer; never where pages may not have any. */
export function isSharedArrayBuffer(value: unknown): value is SharedArrayBuffer {
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

/** The error for bytes that are gone. */
export function lost(kind: string, cause?: unknown): DetachedBufferError {
  const message = `too late to copy: the memory behind this ${kind} was transferred or resized away`;
  return cause === undefined ? new DetachedBufferError(message) : new DetachedBufferError(message, { cause });
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value !== 'object') return `a value of type ${typeof value}`;
  const { constructor } = value;
  return typeof constructor === 'function' && constructor.name !== '' ? `an instance of ${constructor.name}` : 'an object';
}
