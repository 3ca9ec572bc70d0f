// What the tests stream from threads.

/** One buffer for all items, as a decoder has it. */
export default function* count({ to, size = 8 }) {
  const scratch = new Uint8Array(size * 4);
  for (let at = 0; at < to; at++) {
    scratch.fill(at & 255, size, size * 2);
    yield scratch.subarray(size, size * 2);
  }
}

export async function* slowly({ to }) {
  for (let at = 0; at < to; at++) {
    await new Promise((resolve) => setTimeout(resolve, 2));
    yield at;
  }
}

/** Writes into shared memory how many items were asked for, and that it was left. */
export function* watched({ signs }) {
  try {
    for (let at = 0; ; at++) {
      Atomics.store(signs, 0, at + 1);
      yield at;
    }
  } finally {
    Atomics.store(signs, 1, 1);
  }
}

/** Promises in a plain iterable, results that are thenable and no promises. */
export const promised = () => [Promise.resolve(1), Promise.resolve(2)];

export const thenable = () => {
  let at = 0;
  return { [Symbol.asyncIterator]: () => ({ next: () => ({ then: (resolve) => resolve({ done: at === 2, value: at++ }) }) }) };
};

export function* failing({ after }) {
  for (let at = 0; at < after; at++) yield at;
  throw new RangeError('no more');
}

export function* dying({ after }) {
  for (let at = 0; at < after; at++) yield at;
  process.exit(4);
}

/** Neither yields nor looks. */
export function* stuck({ signs }) {
  yield 0;
  Atomics.store(signs, 0, 1);
  for (;;);
}

export function* uncloneable() {
  yield 1;
  yield () => 1;
}

export function* moving(_, context) {
  for (let at = 0; at < 3; at++) {
    const bytes = new Uint8Array(8).fill(at);
    context.move(bytes.buffer);
    yield { bytes: bytes.subarray(0, 2) };
  }
}

export const nothing = () => 1;

export function* strange() {
  yield undefined;
  yield null;
  yield { then: 1 };
}
