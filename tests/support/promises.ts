import { expect } from 'vitest';
import { afterTurn } from '../../lib/budget.js';

const turn = (): Promise<void> => new Promise((resolve) => afterTurn(resolve));

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

/**
 * Waits until objects have been collected; fails if they never are. Ten are made, and one of them may live on: the engine itself keeps
 * the last one now and then, in a register or a cache.
 */
export async function collected(make: () => object | Promise<object>): Promise<void> {
  const references: WeakRef<object>[] = [];
  for (let i = 0; i < 10; i++) references.push(new WeakRef(await make()));
  const held = (): number => references.filter((reference) => reference.deref() !== undefined).length;
  for (let tries = 0; tries < 20 && held() > 1; tries++) {
    await turn();
    globalThis.gc?.();
  }
  expect(held(), 'objects still held').toBeLessThan(2);
}

/** A signal, and how many listen to it: on any engine. */
export function counted(): { readonly signal: AbortSignal; readonly listeners: () => number } {
  const { signal } = new AbortController();
  const listening = new Set<unknown>();
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (...parameters: Parameters<typeof addEventListener>) => {
    listening.add(parameters[1]);
    addEventListener.apply(signal, parameters);
  };
  signal.removeEventListener = (...parameters: Parameters<typeof removeEventListener>) => {
    listening.delete(parameters[1]);
    removeEventListener.apply(signal, parameters);
  };
  return { signal, listeners: () => listening.size };
}
