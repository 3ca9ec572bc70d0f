import { getEventListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { CancelToken, channel, pipeline } from '../../../lib/index.js';
import { collected, errorOf, settle, unhandledDuring, watch } from '../../support/promises.js';

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** An async source that counts what is asked of it. */
function counted(length: number): { source: AsyncIterable<number>; pulled: () => number; returned: () => number } {
  let pulled = 0;
  let returned = 0;
  const iterator: AsyncIterator<number> = {
    next: () => Promise.resolve(pulled < length ? { done: false, value: pulled++ } : { done: true, value: undefined }),
    return: () => {
      returned++;
      return Promise.resolve({ done: true, value: undefined });
    },
  };
  return { source: { [Symbol.asyncIterator]: () => iterator }, pulled: () => pulled, returned: () => returned };
}

describe('a pipeline', () => {
  test('moves every item through its stages into the sink, in order', async () => {
    const tapped: number[] = [];
    const batches: string[][] = [];
    await pipeline(numbers(7))
      .map((n) => n * 2, { concurrency: 3 })
      .tap((n) => tapped.push(n))
      .map((n) => `${n}`)
      .batch(3)
      .to((batch) => batches.push(batch));
    expect(tapped).toEqual([0, 2, 4, 6, 8, 10, 12]);
    expect(batches).toEqual([['0', '2', '4'], ['6', '8', '10'], ['12']]);
  });

  test('does nothing before it is run, and can be run again', async () => {
    let pulled = 0;
    function* source(): Generator<number> {
      pulled++;
      yield 1;
    }
    const described = pipeline({ [Symbol.iterator]: source }).map((n) => n + 1);
    await settle();
    expect(pulled).toBe(0);
    for (const run of [1, 2]) {
      const seen: number[] = [];
      await described.to((n) => seen.push(n));
      expect([seen, pulled]).toEqual([[2], run]);
    }
  });

  test('runs into a loop', async () => {
    const seen: number[] = [];
    for await (const n of pipeline(numbers(40)).map((n) => n + 1)) seen.push(n);
    expect(seen).toEqual(numbers(40).map((n) => n + 1));
  });

  test('runs into a channel, which stays open', async () => {
    const [sender, receiver] = channel<number>(1);
    const done = pipeline(numbers(5)).to(sender);
    const seen: number[] = [];
    for (let i = 0; i < 5; i++) seen.push((await receiver.recv()).value ?? -1);
    await done;
    expect([seen, sender.isClosed]).toEqual([numbers(5), false]);
  });

  test('hands undefined, null and thenables through as they are', async () => {
    const thenable = { inner: Promise.resolve('inner') };
    const items = [undefined, null, NaN, thenable];
    const seen: unknown[] = [];
    await pipeline(items)
      .tap(() => settle())
      .batch(2)
      .to((batch) => seen.push(...batch));
    expect(seen).toEqual(items);
    const late = { then: (resolve: (value: string) => void) => resolve('adopted') };
    async function* source(): AsyncGenerator<{ late: typeof late }> {
      yield await Promise.resolve({ late });
    }
    await pipeline(source())
      .tap(() => undefined)
      .to((item) => seen.push(item.late));
    expect(seen.at(-1)).toBe(late);
  });

  test('is bounded: a sink that stands still stops the source', async () => {
    const { source, pulled } = counted(1000);
    const controller = new AbortController();
    const run = watch(
      pipeline(source, { capacity: 2, signal: controller.signal })
        .map((n) => n, { concurrency: 3 })
        .batch(2)
        .to((_, task) => new Promise((_resolve, reject) => task.onCancel((reason) => reject(reason as Error)))),
    );
    await delay(5);
    // 2 in front of map, 3 + 2 behind it, 2 batches of 2, one that waits to be sent, one item beside it, one batch in the sink.
    expect(pulled()).toBeLessThanOrEqual(2 + 5 + 4 + 2 + 1 + 2);
    controller.abort('enough');
    await settle();
    expect([run.state, run.error]).toEqual(['rejected', 'enough']);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  });

  test('keeps order although calls overtake each other, and holds back no more than it may', async () => {
    const { source, pulled } = counted(100);
    let release!: () => void;
    const first = new Promise<void>((resolve) => (release = resolve));
    const seen: number[] = [];
    let ended = 0;
    const run = pipeline(source, { capacity: 1 })
      .map(
        async (n) => {
          if (n === 0) await first;
          ended++;
          return n;
        },
        { concurrency: 2, capacity: 4 },
      )
      .to((n) => seen.push(n));
    await delay(5);
    expect([seen, ended, pulled()]).toEqual([[], 5, 7]);
    release();
    await run;
    expect(seen).toEqual(numbers(100));
  });

  test('may give up the order', async () => {
    const seen: number[] = [];
    await pipeline([20, 1])
      .map(
        async (ms) => {
          await delay(ms);
          return ms;
        },
        { concurrency: 2, ordered: false },
      )
      .to((n) => seen.push(n));
    expect(seen).toEqual([1, 20]);
  });

  test('sends a batch that is not full when its first item has waited long enough', async () => {
    const [sender, receiver] = channel<number>(10);
    const batches: number[][] = [];
    const run = pipeline(receiver)
      .batch(3, { maxWaitMs: 20 })
      .to((batch) => batches.push(batch));
    await sender.send(1);
    await sender.send(2);
    await delay(5);
    expect(batches).toEqual([]);
    await delay(40);
    expect(batches).toEqual([[1, 2]]);
    for (const n of [3, 4, 5, 6]) await sender.send(n);
    await settle();
    expect(batches).toEqual([[1, 2], [3, 4, 5]]);
    sender.close();
    await run;
    expect(batches).toEqual([[1, 2], [3, 4, 5], [6]]);
  });
});

describe('the first error', () => {
  test('of a call ends the run: the source is left, calls are cancelled and waited for, the rest is undelivered', async () => {
    const { source, pulled, returned } = counted(100);
    const undelivered: unknown[] = [];
    const delivered: number[] = [];
    const ended: unknown[] = [];
    const error = new Error('five');
    const run = pipeline(source, { capacity: 3, onUndelivered: (item, reason) => undelivered.push([item, reason]) })
      .map(
        async (n, task) => {
          if (n < 5) return n;
          if (n === 5) {
            await settle();
            throw error;
          }
          ended.push(await errorOf(task.sleep(100_000)));
          await settle();
          return n;
        },
        { concurrency: 2 },
      )
      .to((n) => delivered.push(n));
    expect(await errorOf(run)).toBe(error);
    expect([returned(), ended]).toEqual([1, [error]]);
    const all = [...delivered, ...undelivered.map((entry) => (entry as [number])[0])];
    expect(all.sort((a, b) => a - b)).toEqual(numbers(pulled()));
    expect(undelivered).toContainEqual([5, error]);
  });

  test('of the source', async () => {
    const error = new Error('source');
    function* source(): Generator<number> {
      yield 1;
      throw error;
    }
    expect(await errorOf(pipeline(source()).to(() => undefined))).toBe(error);
  });

  test('of the sink, with the item it was about', async () => {
    const undelivered: unknown[] = [];
    const error = new Error('sink');
    const run = pipeline([1], { onUndelivered: (item, reason) => undelivered.push([item, reason]) }).to(() => Promise.reject(error));
    expect(await errorOf(run)).toBe(error);
    expect(undelivered).toEqual([[1, error]]);
  });

  test('of a channel that is the sink and closes', async () => {
    const [sender, receiver] = channel<number>(1);
    const undelivered: unknown[] = [];
    const run = watch(pipeline([1, 2, 3], { onUndelivered: (item) => undelivered.push(item) }).to(sender));
    await settle();
    receiver[Symbol.dispose]();
    await settle();
    expect(run.error).toMatchObject({ code: 'ERR_CHANNEL_CLOSED' });
    expect(undelivered.sort()).toEqual([2, 3]);
  });

  test('hides what comes of it, and what leaving the source throws', async () => {
    const error = new Error('first');
    const source = { [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve({ done: false as const, value: 1 }), return: () => Promise.reject(new Error('return')) }) };
    const unhandled = await unhandledDuring(async () => {
      const run = pipeline(source).to(() => Promise.reject(error));
      expect(await errorOf(run)).toBe(error);
    });
    expect(unhandled).toEqual([]);
  });
});

describe('cancellation', () => {
  test('interrupts a pull that waits; an item that comes after all is undelivered', async () => {
    let give!: (result: IteratorResult<number>) => void;
    const source = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<IteratorResult<number>>((resolve) => (give = resolve)) }) };
    const parent = new CancelToken();
    const undelivered: unknown[] = [];
    const run = watch(pipeline(source, { parent, onUndelivered: (item, reason) => undelivered.push([item, reason]) }).to(() => undefined));
    await settle();
    parent.cancel('enough');
    await settle();
    expect([run.state, run.error, undelivered]).toEqual(['rejected', 'enough', []]);
    give({ done: false, value: 7 });
    await settle();
    expect(undelivered).toEqual([[7, 'enough']]);
  });

  test('tells the items of a batch that is not full', async () => {
    const [sender, receiver] = channel<number>(10);
    const parent = new CancelToken();
    const undelivered: unknown[] = [];
    const run = watch(
      pipeline(receiver, { parent, onUndelivered: (item) => undelivered.push(item) })
        .batch(3)
        .to(() => undefined),
    );
    await sender.send(1);
    await sender.send(2);
    await settle();
    parent.cancel('enough');
    await settle();
    expect([run.error, undelivered, sender.isClosed]).toEqual(['enough', [1, 2], true]);
  });

  test('that comes after the last item changes nothing', async () => {
    const parent = new CancelToken();
    await pipeline([1], { parent }).to(() => undefined);
    parent.cancel();
    expect(parent.isObserved).toBe(false);
    await errorOf(pipeline([1], { parent }).to(() => undefined));
  });

  test('leaving the loop ends the run, quietly', async () => {
    const { source, pulled, returned } = counted(100);
    const undelivered: unknown[] = [];
    const seen: number[] = [];
    for await (const n of pipeline(source, { capacity: 2, onUndelivered: (item) => undelivered.push(item) }).map((n) => n)) {
      seen.push(n);
      if (n === 3) break;
    }
    expect([seen, returned()]).toEqual([[0, 1, 2, 3], 1]);
    expect([...seen, ...(undelivered as number[]).sort((a, b) => a - b)]).toEqual(numbers(pulled()));
  });

  test('a loop is told of an error once the run has ended', async () => {
    const error = new Error('x');
    const seen: number[] = [];
    const loop = async (): Promise<void> => {
      for await (const n of pipeline([1, 2]).map((item) => (item === 2 ? Promise.reject(error) : item))) seen.push(n);
    };
    expect(await errorOf(loop())).toBe(error);
  });

  test('can be left before it began, and while it waits for a source that gives nothing', async () => {
    let begun = 0;
    const silent: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => {
        begun++;
        return { next: () => new Promise(() => undefined), return: () => Promise.resolve({ done: true, value: undefined }) };
      },
    };
    const unused = pipeline(silent)[Symbol.asyncIterator]();
    expect([await unused.return?.(), await unused.next(), begun]).toEqual([{ done: true, value: undefined }, { done: true, value: undefined }, 0]);
    const items = pipeline(silent)
      .map((n) => n)
      [Symbol.asyncIterator]();
    const next = items.next();
    await settle();
    expect([await items.return?.(), await next, begun]).toEqual([{ done: true, value: undefined }, { done: true, value: undefined }, 1]);
  });
});

test('the characters of a text are items', async () => {
  const seen: string[] = [];
  await pipeline('abc').to((letter) => seen.push(letter));
  expect(seen).toEqual(['a', 'b', 'c']);
});

test('a batch may wait for ever, and then waits for company', async () => {
  const [tx, rx] = channel<number>(4);
  const batches: number[][] = [];
  const run = pipeline(rx)
    .batch(2, { maxWaitMs: Infinity })
    .to((batch) => batches.push(batch));
  await tx.send(1);
  await delay(10);
  expect(batches).toEqual([]);
  await tx.send(2);
  tx.close();
  await run;
  expect(batches).toEqual([[1, 2]]);
});

test.each([
  ['capacity', () => pipeline([], { capacity: 0 })],
  ['concurrency', () => pipeline([]).map((n) => n, { concurrency: 1.5 })],
  ['capacity', () => pipeline([]).map((n) => n, { capacity: -1 })],
  ['size', () => pipeline([]).batch(0)],
  ['maxWaitMs', () => pipeline([]).batch(1, { maxWaitMs: NaN })],
  ['maxWaitMs', () => pipeline([]).batch(1, { maxWaitMs: 2 ** 31 })],
])('refuses a wrong %s', (what, make) => {
  expect(make).toThrow(RangeError);
  expect(make).toThrow(what);
});

test('a run that ended keeps none of its items', async () => {
  const parent = new CancelToken();
  await collected(async () => {
    const item = { big: new Uint8Array(100) };
    await pipeline([item], { parent })
      .map((one) => one)
      .to(() => undefined);
    return item;
  });
  expect(parent.cancelled).toBe(false);
});
