import { setImmediate as turn } from 'node:timers/promises';
import { expect } from 'vitest';

/** Lets everything that can settle without a timer or a socket settle. */
export async function settle(): Promise<void> {
  await turn();
  await turn();
}

/** What became of a promise so far: without waiting for it. */
export function watch<T>(promise: PromiseLike<T>): { state: 'pending' | 'fulfilled' | 'rejected'; value?: T; error?: unknown } {
  const seen: ReturnType<typeof watch<T>> = { state: 'pending' };
  promise.then(
    (value) => Object.assign(seen, { state: 'fulfilled', value }),
    (error: unknown) => Object.assign(seen, { state: 'rejected', error }),
  );
  return seen;
}

/** The error that a promise rejects with. */
export async function errorOf(promise: PromiseLike<unknown>): Promise<unknown> {
  let value: unknown;
  try {
    value = await promise;
  } catch (error) {
    return error;
  }
  return expect.unreachable(`it fulfilled with ${String(value)}`);
}

/** The unhandled rejections while a body runs, and a turn longer. */
export async function unhandledDuring(body: () => Promise<unknown>): Promise<unknown[]> {
  const unhandled: unknown[] = [];
  const listener = (reason: unknown): void => void unhandled.push(reason);
  const others = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', listener);
  try {
    await body();
    await settle();
  } finally {
    process.removeListener('unhandledRejection', listener);
    for (const other of others) process.on('unhandledRejection', other);
  }
  return unhandled;
}

/** Waits until an object has been collected; fails if it never is. */
export async function collected(make: () => object | Promise<object>): Promise<void> {
  const reference = new WeakRef(await make());
  for (let tries = 0; tries < 50 && reference.deref() !== undefined; tries++) {
    await turn();
    globalThis.gc?.();
  }
  expect(reference.deref() === undefined, 'it is still held').toBe(true);
}
