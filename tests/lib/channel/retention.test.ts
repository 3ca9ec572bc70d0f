import { expect, test } from 'vitest';
import { channel, type Receiver, type Sender } from '../../../lib/index.js';
import { Ring } from '../../../lib/channel/ring.js';
import { collected } from '../../support/promises.js';

type Handles = [Sender<object>, Receiver<object>];

/** In each case a channel that stays alive must let go of the item. */
const cases: Readonly<Record<string, (handles: Handles, item: object) => Promise<void>>> = {
  'delivered from the buffer': async ([tx, rx], item) => {
    await tx.send(item);
    await rx.recv();
  },
  'handed to a receive that waited': async ([tx, rx], item) => {
    const receiving = rx.recv();
    await tx.send(item);
    await receiving;
  },
  'taken by a loop': async ([tx, rx], item) => {
    await tx.send(item);
    for await (const _ of rx.values({ preventClose: true })) break;
  },
  'dropped when the receiver left': async ([tx, rx], item) => {
    await tx.send(item);
    rx[Symbol.dispose]();
  },
  'of a send that was called off': async ([tx], item) => {
    await tx.send({});
    const controller = new AbortController();
    const sending = tx.send(item, { signal: controller.signal });
    controller.abort('enough');
    await sending.catch(() => undefined);
  },
  'of a send that was refused': async ([tx, rx], item) => {
    await tx.send({});
    const sending = tx.send(item);
    rx.close();
    await sending.catch(() => undefined);
  },
  'sent by a permit after the receiver left': async ([tx, rx], item) => {
    const permit = await tx.reserve();
    rx[Symbol.dispose]();
    permit.send(item);
  },
};

test.each(Object.entries(cases))('an item is not kept: %s', async (_, run) => {
  const handles = channel<object>(1);
  const weak = await (async () => {
    const item = {};
    await run(handles, item);
    return new WeakRef(item);
  })();
  for (let attempt = 0; attempt < 10 && weak.deref() !== undefined; attempt++) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    globalThis.gc?.();
  }
  expect(weak.deref()).toBeUndefined();
  expect(handles).toHaveLength(2);
});

test('a burst’s memory is given back, a small ring’s kept', () => {
  const ring = new Ring<number>(1_000_000);
  expect(ring.slots).toBe(16);
  for (let n = 0; n < 100_000; n++) ring.push(n);
  expect(ring.slots).toBe(131_072);
  let sum = 0;
  for (let n = 0; n < 100_000; n++) sum += ring.shift();
  expect(sum).toBe((100_000 * 99_999) / 2);
  expect(ring.slots).toBe(1024);
  expect(new Ring(3).slots).toBe(4);
});

test('a ring keeps its order while it grows and shrinks', () => {
  const ring = new Ring<number>(10_000);
  let pushed = 0;
  let shifted = 0;
  let misplaced = 0;
  for (let round = 0; round < 20; round++) {
    for (let n = 0; n < 5000; n++) ring.push(pushed++);
    while (ring.length > round * 7) misplaced += ring.shift() === shifted++ ? 0 : 1;
  }
  expect(misplaced).toBe(0);
  expect(ring.clear()).toEqual(Array.from({ length: pushed - shifted }, (_, at) => shifted + at));
});

test('a clone that waited for the end and was closed is not kept by the channel', async () => {
  const [tx, rx] = channel<number>(1);
  await collected(async () => {
    const clone = tx.clone();
    const closed = clone.closed();
    clone.close();
    await closed;
    return clone;
  });
  expect([tx.isClosed, rx.isClosed]).toEqual([false, false]);
});
