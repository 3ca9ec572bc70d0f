import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { expect, test } from 'vitest';
import { channel, type Receiver } from '../../lib/index.js';
import { fromReadable, toReadable } from '../../lib/node.js';
import { fromReadableStream, toReadableStream } from '../../lib/web.js';

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function filled(items: readonly number[]): Receiver<number> {
  const [tx, rx] = channel<number>(items.length);
  for (const item of items) tx.trySend(item);
  tx.close();
  return rx;
}

test('Node: there and back', async () => {
  expect(await all(fromReadable<number>(toReadable(filled([1, 2, 3]), { objectMode: true }), 1))).toEqual([1, 2, 3]);
});

test('Node: through a pipeline of streams', async () => {
  const through = new PassThrough({ objectMode: true });
  const [items] = await Promise.all([all(through as AsyncIterable<number>), pipeline(toReadable(filled([1, 2, 3]), { objectMode: true }), through)]);
  expect(items).toEqual([1, 2, 3]);
});

test('Node: destroying the stream disposes of the receiver', async () => {
  const [tx, rx] = channel<number>(1);
  const stream = toReadable(rx, { objectMode: true });
  stream.read();
  stream.destroy();
  await tx.closed();
  expect(tx.isClosed).toBe(true);
});

test('Node: a failure of the channel is the stream’s error, after the items', async () => {
  const [tx, rx] = channel<number>(2);
  tx.trySend(1);
  tx.close(new Error('lost'));
  const seen: number[] = [];
  await expect(
    (async () => {
      for await (const item of toReadable(rx, { objectMode: true }) as AsyncIterable<number>) seen.push(item);
    })(),
  ).rejects.toThrow('lost');
  expect(seen).toEqual([1]);
});

test('Node: null is no chunk', async () => {
  const [tx, rx] = channel<null>(1);
  tx.trySend(null);
  await expect(all(toReadable(rx, { objectMode: true }))).rejects.toThrow('no chunk null');
});

test('Node: leaving the receiver destroys the stream, also while it waits', async () => {
  const stream = new Readable({ objectMode: true, read: () => undefined });
  const rx = fromReadable(stream, 1);
  await turn();
  rx[Symbol.dispose]();
  await turn();
  expect(stream.destroyed).toBe(true);
});

test('Node: an error of the stream arrives after its chunks', async () => {
  const stream = new PassThrough({ objectMode: true });
  const rx = fromReadable<number>(stream, 2);
  stream.write(1);
  await turn();
  stream.destroy(new Error('lost'));
  expect(await rx.recv()).toEqual({ done: false, value: 1 });
  await expect(rx.recv()).rejects.toThrow('lost');
});

test('WHATWG: there and back', async () => {
  expect(await all(fromReadableStream(toReadableStream(filled([1, 2, 3])), 1))).toEqual([1, 2, 3]);
});

test('WHATWG: cancelling the stream disposes of the receiver', async () => {
  const [tx, rx] = channel<number>(1);
  await toReadableStream(rx).cancel();
  expect(tx.isClosed).toBe(true);
});

test('WHATWG: leaving the receiver cancels the stream, also while it waits', async () => {
  let isCancelled = false;
  const stream = new ReadableStream<number>({
    cancel: () => {
      isCancelled = true;
    },
  });
  const rx = fromReadableStream(stream, 1);
  await turn();
  rx[Symbol.dispose]();
  await turn();
  expect(isCancelled).toBe(true);
});

test('WHATWG: errors go both ways, after the items', async () => {
  const [tx, rx] = channel<number>(1);
  tx.trySend(1);
  tx.close(new Error('lost'));
  const back = fromReadableStream(toReadableStream(rx), 1);
  expect(await back.recv()).toEqual({ done: false, value: 1 });
  await expect(back.recv()).rejects.toThrow('lost');
});
