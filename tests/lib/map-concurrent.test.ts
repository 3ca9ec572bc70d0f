import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CancelToken, mapConcurrent } from '../../lib/index.js';
import { errorOf, settle, unhandledDuring, watch } from '../support/promises.js';

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

describe('mapConcurrent', () => {
  test('gives results in the order of the items, whoever is first', async () => {
    const results = await mapConcurrent([5, 1, 3], 3, async (ms, index, task) => {
      await task.sleep(ms);
      return `${index}: ${ms}`;
    });
    expect(results).toEqual(['0: 5', '1: 1', '2: 3']);
  });

  test('takes sync and async iterables, with promises in them, and calls that are not async', async () => {
    expect(await mapConcurrent(new Set([1, Promise.resolve(2)]), 2, (item) => item * 2)).toEqual([2, 4]);
    expect(await mapConcurrent(counted(3).source, 2, (item) => item * 2)).toEqual([0, 2, 4]);
    expect(await mapConcurrent([], 2, () => 1)).toEqual([]);
    expect(await mapConcurrent([undefined, null, NaN], 1, (item) => item)).toEqual([undefined, null, NaN]);
  });

  test('a promise that an async iterable gives is an item like any other', async () => {
    const inner = Promise.resolve('inner');
    const source = { [Symbol.asyncIterator]: () => ({ next: (done = false) => Promise.resolve({ done: (sent += 1) > 1 || done, value: { inner } }) }) };
    let sent = 0;
    expect(await mapConcurrent(source, 1, (item) => item.inner === inner)).toEqual([true]);
  });

  test('runs no more than the limit, and pulls no more ahead', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5 }), fc.nat(20), fc.scheduler(), async (limit, length, scheduler) => {
        const { source, pulled, returned } = counted(length);
        let running = 0;
        let ended = 0;
        const results = mapConcurrent(source, limit, async (item) => {
          running++;
          expect(running).toBeLessThanOrEqual(limit);
          expect(pulled() - ended).toBeLessThanOrEqual(limit);
          await scheduler.schedule(Promise.resolve());
          running--;
          ended++;
          return item;
        });
        expect(await scheduler.waitFor(results)).toEqual(Array.from({ length }, (_, i) => i));
        expect(returned()).toBe(0);
      }),
    );
  });

  test('the first error cancels the other calls, is told alone once they ended, and closes the source', async () => {
    const { source, pulled, returned } = counted(100);
    const error = new Error('two');
    const ended: unknown[] = [];
    const thrown = await errorOf(
      mapConcurrent(source, 3, async (item, _, task) => {
        if (item === 2) throw error;
        ended.push(await errorOf(task.sleep(100_000)));
        await settle();
        throw new Error('a consequence');
      }),
    );
    expect([thrown, ended, pulled(), returned()]).toEqual([error, [error, error], 3, 1]);
  });

  test('an error of the source is told, and the source is not asked again', async () => {
    const error = new Error('source');
    let closed = false;
    async function* source(): AsyncGenerator<number> {
      try {
        yield 1;
        await settle();
        throw error;
      } finally {
        closed = true;
      }
    }
    expect(await errorOf(mapConcurrent(source(), 4, (_, __, task) => task.sleep(100_000)))).toBe(error);
    expect(closed).toBe(true);
    expect(await errorOf(mapConcurrent([1, Promise.reject(error)], 4, () => 1))).toBe(error);
  });

  test('is cancelled at once, even while the source keeps it waiting', async () => {
    const stuck = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<IteratorResult<number>>(() => undefined) }) };
    const parent = new CancelToken();
    const seen = watch(mapConcurrent(stuck, 2, () => 1, { parent }));
    await settle();
    parent.cancel('enough');
    await settle();
    expect(seen).toEqual({ state: 'rejected', error: 'enough' });
    expect(parent.isObserved).toBe(false);
    expect(await errorOf(mapConcurrent([1], 1, () => 1, { signal: AbortSignal.abort('late') }))).toBe('late');
  });

  test('a generator that is busy with a pull is not waited for, and ends all the same', async () => {
    let go!: () => void;
    let closed = false;
    async function* source(): AsyncGenerator<number> {
      try {
        await new Promise<void>((resolve) => (go = resolve));
        yield 1;
      } finally {
        closed = true;
      }
    }
    const controller = new AbortController();
    const seen = watch(mapConcurrent(source(), 2, () => 1, { signal: controller.signal }));
    await settle();
    controller.abort('enough');
    await settle();
    expect([seen.error, closed]).toEqual(['enough', false]);
    go();
    await settle();
    expect(closed).toBe(true);
  });

  test('takes the characters of a text', async () => {
    expect(await mapConcurrent('abc', 2, (letter) => letter.toUpperCase())).toEqual(['A', 'B', 'C']);
  });

  test('leaves no rejection unhandled', async () => {
    const unhandled = await unhandledDuring(async () => {
      const failing = async (item: number): Promise<never> => {
        await settle();
        throw new Error(`${item}`);
      };
      await errorOf(mapConcurrent([1, 2, 3, 4], 3, failing));
    });
    expect(unhandled).toEqual([]);
  });

  test.each([0, 1.5, NaN, Infinity])('refuses a limit of %s', async (limit) => {
    expect(await errorOf(mapConcurrent([1], limit, () => 1))).toBeInstanceOf(RangeError);
  });
});
