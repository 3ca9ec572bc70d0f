import { BlockingTaskError, WorkerTerminatedError, workerStream } from 'borrowck-runtime';
import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { sign, signs } from '../blocking/functions.js';
import type { Receiver, WorkerStreamOptions } from 'borrowck-runtime';

const MODULE = new URL('./sources.mjs', import.meta.url);

const stream = <T>(name: string, input: unknown, options: Partial<WorkerStreamOptions> = {}): Receiver<T> => workerStream<T>(MODULE, { capacity: 8, name, input, ...options });

async function drain<T>(receiver: Receiver<T>): Promise<{ items: T[]; error: unknown }> {
  const items: T[] = [];
  try {
    for await (const item of receiver) items.push(item);
    return { items, error: undefined };
  } catch (error) {
    return { items, error };
  }
}

describe('items', () => {
  test.each([
    [1, 1],
    [1, 32],
    [2, 1],
    [3, 2],
    [16, 4],
    [64, 32],
  ])('arrive in order and once: capacity %d, batch %d', async (capacity, batch) => {
    const { items, error } = await drain(stream<Uint8Array>('default', { to: 1000 }, { capacity, batch }));
    expect(error).toBeUndefined();
    expect(items.map(([first]) => first)).toEqual(Array.from({ length: 1000 }, (_, at) => at & 255));
  });

  test.each([8, 4096, 65_536])('of %d bytes are copies of exactly those, though the source has one buffer', async (size) => {
    const { items } = await drain(stream<Uint8Array>('default', { to: 20, size }));
    expect(items.map((bytes) => [bytes.buffer.byteLength, bytes[0], bytes.at(-1)])).toEqual(Array.from({ length: 20 }, (_, at) => [size, at, at]));
  });

  test.each([
    ['promised', [1, 2]],
    ['thenable', [0, 1]],
  ])('that are %s are waited for, as a loop does it', async (name, expected) => {
    expect(await drain(stream<number>(name, {}))).toEqual({ items: expected, error: undefined });
  });

  test('may be anything a thread can send', async () => {
    expect((await drain(stream('strange', 0))).items).toEqual([undefined, null, { then: 1 }]);
  });

  test('of an async source do not wait for a batch to fill', async () => {
    const receiver = stream<number>('slowly', { to: 3 });
    expect(await receiver.recv()).toEqual({ done: false, value: 0 });
    expect((await drain(receiver)).items).toEqual([1, 2]);
  });

  test('can be given away by the source', async () => {
    const { items } = await drain(stream<{ bytes: Uint8Array }>('moving', 0));
    expect(items.map(({ bytes }) => [...bytes])).toEqual([[0, 0], [1, 1], [2, 2]]);
  });
});

describe('credits', () => {
  test.each([1, 2, 5, 32])('a consumer that stalls holds the source at %d items', async (capacity) => {
    const shared = signs();
    const receiver = stream<number>('watched', { signs: shared }, { capacity, batch: 4 });
    await sign(shared, 0);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(Atomics.load(shared, 0)).toBeLessThanOrEqual(capacity);
    for (let expected = 0; expected < 100; expected++) {
      expect(await receiver.recv()).toEqual({ done: false, value: expected });
      expect(Atomics.load(shared, 0)).toBeLessThanOrEqual(capacity + expected + 1);
    }
    receiver[Symbol.dispose]();
    await sign(shared, 1);
  });
});

describe('a consumer that leaves', () => {
  test.each<[string, (receiver: Receiver<number>) => unknown]>([
    ['the loop', async (receiver) => { for await (const item of receiver) if (item === 20) break; }],
    ['by closing', (receiver) => receiver.close()],
    ['by disposing', (receiver) => receiver[Symbol.dispose]()],
  ])('%s: the generator ends through its finally', async (_, leave) => {
    const shared = signs();
    const receiver = stream<number>('watched', { signs: shared });
    await sign(shared, 0);
    await leave(receiver);
    await sign(shared, 1);
  });

  test('gets what was there when it closes, then the end', async () => {
    const shared = signs();
    const receiver = stream<number>('watched', { signs: shared });
    await receiver.recv();
    receiver.close();
    const { items, error } = await drain(receiver);
    expect(error).toBeUndefined();
    expect(items).toEqual(items.map((_, at) => at + 1));
  });

  test('is not kept waiting by a source that does not look', async () => {
    const shared = signs();
    const receiver = stream<number>('stuck', { signs: shared }, { graceMs: 20 });
    await sign(shared, 0);
    receiver.close();
    const { error } = await drain(receiver);
    expect(error).toBeUndefined();
  });

  test('by a signal: its reason follows what was there', async () => {
    const controller = new AbortController();
    const shared = signs();
    const receiver = stream<number>('watched', { signs: shared }, { signal: controller.signal });
    await receiver.recv();
    controller.abort('mine');
    expect((await drain(receiver)).error).toBe('mine');
    await sign(shared, 1);
    while (getEventListeners(controller.signal, 'abort').length > 0) await new Promise((resolve) => setTimeout(resolve, 1));
  });

  test('before it began starts no thread', async () => {
    expect(await drain(stream('watched', 0, { signal: AbortSignal.abort('mine') }))).toEqual({ items: [], error: 'mine' });
  });
});

describe('a source that fails', () => {
  test.each([0, 1, 7, 100])('after %d items: they arrive, then the error', async (after) => {
    const { items, error } = await drain(stream<number>('failing', { after }));
    expect(items).toEqual(Array.from({ length: after }, (_, at) => at));
    expect(error).toBeInstanceOf(BlockingTaskError);
    expect((error as Error).cause).toMatchObject({ name: 'RangeError', message: 'no more' });
  });

  test('by an item that cannot cross', async () => {
    const { items, error } = await drain(stream('uncloneable', 0));
    expect(items).toEqual([1]);
    expect(error).toMatchObject({ cause: { name: 'TypeError' } });
  });

  test('by exiting', async () => {
    const { error } = await drain(stream('dying', { after: 100 }));
    expect(error).toBeInstanceOf(WorkerTerminatedError);
    expect(error).toMatchObject({ exitCode: 4 });
  });

  test.each(['nothing', 'missing'])('to be one: %s', async (name) => {
    expect((await drain(stream(name, 0))).error).toBeInstanceOf(BlockingTaskError);
  });
});

test('what cannot be is refused at once', () => {
  expect(() => stream('default', 0, { capacity: 0 })).toThrow(RangeError);
  expect(() => stream('default', 0, { batch: 0 })).toThrow(RangeError);
  expect(() => stream('default', () => 1)).toThrow(TypeError);
  expect(() => workerStream('./relative.js', { capacity: 1 })).toThrow(TypeError);
});
