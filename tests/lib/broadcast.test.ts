import { expect, test } from 'vitest';
import { broadcast } from '../../lib/index.js';
import { collected, counted } from '../support/promises.js';

test('every receiver gets every item sent since it came', async () => {
  const tx = broadcast<number>(4);
  const early = tx.subscribe();
  expect(tx.send(1)).toBe(1);
  const late = tx.subscribe();
  expect(tx.send(2)).toBe(2);
  tx.close();
  expect(tx.send(3)).toBe(0);
  expect(await all(early)).toEqual([1, 2]);
  expect(await all(late)).toEqual([2]);
});

test('a slow receiver misses the oldest, and is told how many', async () => {
  const tx = broadcast<number>(2);
  const rx = tx.subscribe();
  for (let item = 0; item < 5; item++) tx.send(item);
  await expect(rx.recv()).rejects.toMatchObject({ code: 'ERR_LAGGED', skipped: 3 });
  expect(await rx.recv()).toEqual({ done: false, value: 3 });
  expect(rx.tryRecv()).toEqual({ ok: true, value: 4 });
  expect(rx.tryRecv()).toEqual({ ok: false, reason: 'empty' });
});

test('who waits gets the next item; a second receive of the same receiver is a mistake', async () => {
  const tx = broadcast<string>(1);
  const rx = tx.subscribe();
  const waiting = rx.recv();
  await expect(rx.recv()).rejects.toMatchObject({ code: 'ERR_CONCURRENT_RECEIVE' });
  tx.send('a');
  expect(await waiting).toEqual({ done: false, value: 'a' });
});

test('a cancelled receive misses nothing', async () => {
  const tx = broadcast<string>(1);
  const rx = tx.subscribe();
  const controller = new AbortController();
  const waiting = rx.recv({ signal: controller.signal });
  controller.abort('enough');
  await expect(waiting).rejects.toBe('enough');
  tx.send('a');
  expect(await rx.recv()).toEqual({ done: false, value: 'a' });
});

test('an item is let go of when all have taken it, or left', async () => {
  const tx = broadcast<object>(8);
  const [first, second] = [tx.subscribe(), tx.subscribe()];
  const item = new WeakRef((() => {
    const value = {};
    tx.send(value);
    return value;
  })());
  first.tryRecv();
  second[Symbol.dispose]();
  await new Promise((resolve) => setImmediate(resolve));
  globalThis.gc?.();
  expect(item.deref()).toBeUndefined();
  expect(tx.receivers).toBe(1);
});

test('leaving a loop disposes of the receiver', async () => {
  const tx = broadcast<number>(2);
  const rx = tx.subscribe();
  tx.send(1);
  for await (const item of rx) {
    expect(item).toBe(1);
    break;
  }
  expect(tx.receivers).toBe(0);
  expect(await rx.recv()).toEqual({ done: true, value: undefined });
});

test('a capacity is a whole number from 1', () => {
  expect(() => broadcast(0)).toThrow(RangeError);
});

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

test('a loop can be left before it began, and while it waits; what waits ends', async () => {
  const tx = broadcast<number>(2);
  const [unused, waiting] = [tx.subscribe(), tx.subscribe()];
  const early = unused[Symbol.asyncIterator]();
  expect(await early.return?.()).toEqual({ done: true, value: undefined });
  expect(await early.next()).toEqual({ done: true, value: undefined });
  expect(tx.receivers).toBe(1);
  const items = waiting[Symbol.asyncIterator]();
  const next = [items.next(), items.next()];
  await items.return?.();
  expect(await Promise.all(next)).toEqual([
    { done: true, value: undefined },
    { done: true, value: undefined },
  ]);
  expect(tx.receivers).toBe(0);
});

test('a loop that lagged behind ends with that error, and disposes of its receiver', async () => {
  const tx = broadcast<number>(1);
  const items = tx.subscribe()[Symbol.asyncIterator]();
  tx.send(1);
  tx.send(2);
  await expect(items.next()).rejects.toMatchObject({ code: 'ERR_LAGGED' });
  expect(await items.next()).toEqual({ done: true, value: undefined });
  expect(tx.receivers).toBe(0);
});

test('a wait leaves nothing on its signal, whether it got something or was called off, and nothing of the signal behind', async () => {
  const tx = broadcast<string>(1);
  const rx = tx.subscribe();
  const { signal, listeners } = counted();
  const waiting = rx.recv({ signal });
  expect(listeners()).toBe(1);
  tx.send('a');
  await waiting;
  expect(listeners()).toBe(0);
  await collected(async () => {
    const controller = new AbortController();
    const called = rx.recv({ signal: controller.signal });
    controller.abort('enough');
    await called.catch(() => undefined);
    return controller.signal;
  });
  expect(rx.tryRecv()).toEqual({ ok: false, reason: 'empty' });
});
