/** Bytes that a value gives access to, and whether they lie inside a container. */
export interface Reached {
  readonly bytes: Uint8Array;
  /** The view or buffer object itself. */
  readonly value: object;
  readonly isInside: boolean;
}

const deepest = 4;

/**
 * Finds every byte view and ArrayBuffer that a value is or holds: array elements, properties, map values, set members.
 * @param value what was handed over
 * @returns each with a window on its bytes
 */
export function reachBytes(value: unknown): Reached[] {
  const found: Reached[] = [];
  reach(value, 0, found);
  return found;
}

function reach(value: unknown, depth: number, found: Reached[]): void {
  if (typeof value !== 'object' || value === null || depth > deepest) return;
  if (ArrayBuffer.isView(value)) {
    found.push({ bytes: new Uint8Array(value.buffer, value.byteOffset, value.byteLength), value, isInside: depth > 0 });
  } else if (value instanceof ArrayBuffer) {
    found.push({ bytes: new Uint8Array(value), value, isInside: depth > 0 });
  } else if (value instanceof Map || value instanceof Set) {
    for (const item of value.values()) reach(item, depth + 1, found);
  } else {
    for (const item of Object.values(value)) reach(item, depth + 1, found);
  }
}

/** @returns whether a window shows the bytes that it showed when it was copied; one whose memory is gone does not */
export function isSame(window: Uint8Array, copy: Uint8Array): boolean {
  for (let index = 0; index < copy.length; index++) if (window[index] !== copy[index]) return false;
  return true;
}

/** @returns whether there is memory behind a view. Asked of a method that refuses, because a length of 0 is also that of an empty view */
export function isUsable(view: Uint8Array): boolean {
  try {
    view.at(0);
    return true;
  } catch {
    return false;
  }
}

/** @returns whether a buffer was not given away yet */
export function isThere(buffer: ArrayBufferLike): boolean {
  try {
    buffer.slice(0, 0);
    return true;
  } catch {
    return false;
  }
}
