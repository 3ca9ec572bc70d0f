// What the tests run in threads.

/** Says how an input arrived. */
export function describe(input) {
  const { bytes } = input;
  return { kind: Object.prototype.toString.call(bytes).slice(8, -1), bytes: [...new Uint8Array(bytes.buffer ?? bytes, bytes.byteOffset ?? 0, bytes.byteLength).slice(0, 8)], held: (bytes.buffer ?? bytes).byteLength };
}

export const echo = (input) => input;

export const add = ({ a, b }) => a + b;

export async function later(input) {
  await new Promise((resolve) => setTimeout(resolve, 5));
  return input;
}

/** Waits as a promise does, and is none. */
export const thenable = (input) => ({ then: (resolve) => resolve(input) });

/** Sees nothing of the loop until it is told to stop; says so through shared memory. */
export function spin({ signs }, context) {
  Atomics.store(signs, 0, 1);
  while (!context.cancelled);
  Atomics.store(signs, 1, 1);
  return 'stopped';
}

export function check(_, context) {
  context.throwIfCancelled();
  return context.cancelled;
}

/** Never looks. */
export function hang({ signs }) {
  Atomics.store(signs, 0, 1);
  for (;;);
}

export function fail(message) {
  throw Object.assign(new RangeError(message), { code: 'ERR_OWN' });
}

export async function failLater(message) {
  await null;
  throw message;
}

export const exit = (code) => process.exit(code);

export function crash() {
  setTimeout(() => {
    throw new Error('outside of any task');
  });
  return new Promise(() => {});
}

export function fill() {
  const all = [];
  for (;;) all.push(new Array(100_000).fill(Math.random()));
}

export const uncloneable = () => () => 1;

const scratch = new Uint8Array(100_000);

/** Hands out a part of what it goes on to use. */
export function part(length) {
  scratch.fill(7);
  return scratch.subarray(8, 8 + length);
}

export const scratchLength = () => scratch.length;

export function moved(length, context) {
  const bytes = new Uint8Array(length).fill(3);
  context.move(bytes.buffer);
  return { bytes: bytes.subarray(1, 3) };
}

export const notAFunction = 1;
