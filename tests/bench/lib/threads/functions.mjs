export const echo = (input) => input;

/** One scratch buffer for all items, as a decoder has it. */
export function* items({ count, size }) {
  const scratch = new Uint8Array(size * 4);
  for (let at = 0; at < count; at++) {
    scratch[size] = at;
    yield scratch.subarray(size, size * 2);
  }
}
