import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { watch } from '../../lib/index.js';

test('a receiver sees the latest value, once', async () => {
  const [tx, rx] = watch('a');
  expect(rx.hasChanged).toBe(false);
  tx.send('b');
  tx.send('c');
  expect(await rx.changed()).toBe(true);
  expect(rx.hasChanged).toBe(false);
  expect(rx.latest()).toBe('c');
});

test('who waits is woken, each receiver for itself', async () => {
  const [tx, rx] = watch(0);
  const other = tx.subscribe();
  const both = Promise.all([rx.changed(), other.changed()]);
  tx.send(1);
  expect(await both).toEqual([true, true]);
});

test('a loop starts with the present value and ends with the last', async () => {
  const [tx, rx] = watch(0);
  const seen: number[] = [];
  const loop = (async () => {
    for await (const value of rx) seen.push(value);
  })();
  await Promise.resolve();
  tx.send(1);
  tx.send(2);
  tx.close();
  tx.send(3);
  await loop;
  expect(seen).toEqual([0, 2]);
});

test('a cancelled wait leaves nothing behind, and news unseen', async () => {
  const [tx, rx] = watch(0);
  const { signal, abort } = cancellation();
  const waiting = rx.changed({ signal });
  abort('enough');
  await expect(waiting).rejects.toBe('enough');
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  tx.send(1);
  expect(rx.hasChanged).toBe(true);
});

test('disposing a receiver ends its wait and nobody else’s', async () => {
  const [tx, rx] = watch(0);
  const other = tx.subscribe();
  const waiting = rx.changed();
  const otherWaiting = other.changed();
  rx[Symbol.dispose]();
  rx[Symbol.dispose]();
  expect(await waiting).toBe(false);
  expect(tx.receivers).toBe(1);
  tx.send(1);
  expect(await otherWaiting).toBe(true);
});

function cancellation(): { signal: AbortSignal; abort: (reason: unknown) => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: (reason) => controller.abort(reason) };
}

test('a loop that waits can be left; the receiver, and who else waits, goes on', async () => {
  const [tx, rx] = watch(0);
  const values = rx[Symbol.asyncIterator]();
  expect(await values.next()).toEqual({ done: false, value: 0 });
  const next = values.next();
  const changed = rx.changed();
  expect(await values.return?.()).toEqual({ done: true, value: undefined });
  expect(await next).toEqual({ done: true, value: undefined });
  tx.send(1);
  expect([await changed, tx.receivers]).toEqual([true, 1]);
});
