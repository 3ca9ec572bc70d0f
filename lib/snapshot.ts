import { bytesOf, isLost, lost, typedArrayKind } from './source.js';
import type { ByteSource } from './source.js';
import type { Owned } from './types.js';

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
export function snapshot(source: ByteSource): Owned<Uint8Array<ArrayBuffer>> {
  if (ArrayBuffer.isView(source) && typedArrayKind(source) === 'Uint8Array') return copyOfBytes(source as Uint8Array);
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
