/** How bytes are written as text; the names mean what they mean to Node's `Buffer`. */
export type TextEncoding = 'utf8' | 'latin1' | 'hex' | 'base64';

/** Keeps a byte order mark: text is what the bytes say. What is no UTF-8 becomes U+FFFD. */
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** Arguments of one call, kept well below what engines take. */
const CHUNK = 8192;

/**
 * Bytes as text.
 *
 * @throws {TypeError} for an encoding that is none of these
 */
export function textOf(bytes: Uint8Array, encoding: TextEncoding): string {
  switch (encoding) {
    case 'utf8':
      return utf8.decode(bytes);
    case 'latin1':
      return latin1Of(bytes);
    case 'hex':
      return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
    case 'base64':
      return btoa(latin1Of(bytes));
    default:
      throw new TypeError(`bytes are written as utf8, latin1, hex or base64; not as ${String(encoding)}`);
  }
}

function latin1Of(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += CHUNK) text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return text;
}
