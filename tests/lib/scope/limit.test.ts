import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, test } from 'vitest';
import { TaskScope } from '../../../lib/index.js';
import { errorOf, settle } from '../../support/promises.js';

describe('a limit', () => {
  test('bounds how many run; the rest start in order', async () => {
    const scope = new TaskScope({ limit: 2 });
    const started: number[] = [];
    let most = 0;
    let running = 0;
    for (let i = 0; i < 10; i++) {
      scope.spawn(async (task) => {
        started.push(i);
        most = Math.max(most, ++running);
        await task.sleep(i % 3);
        running--;
      });
    }
    expect([started, scope.size]).toEqual([[0, 1], 10]);
    await scope.join();
    expect([started, most]).toEqual([[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 2]);
  });

  test('a task cancelled while it waits never starts, and takes nobody’s place', async () => {
    const scope = new TaskScope({ limit: 1 });
    const started: string[] = [];
    const body = (name: string) => async () => {
      started.push(name);
      await settle();
    };
    scope.spawn(body('a'));
    const waiting = scope.spawn(body('b'));
    scope.spawn(body('c'));
    waiting.cancel('changed my mind');
    expect(await errorOf(waiting)).toBe('changed my mind');
    await scope.join();
    expect(started).toEqual(['a', 'c']);
  });

  test('a task cancelled between being let go and starting passes its place on', async () => {
    const scope = new TaskScope({ limit: 1 });
    const started: string[] = [];
    const second = (): void => waiting.cancel();
    scope.spawn(() => settle().finally(second));
    const waiting = scope.spawn(() => started.push('b'));
    const third = scope.spawn(() => started.push('c'));
    await scope.join();
    expect([started.at(-1), third.done, scope.size]).toEqual(['c', true, 0]);
  });

  test('a task that had to wait runs in the async context of its spawner', async () => {
    const storage = new AsyncLocalStorage<string>();
    const scope = new TaskScope({ limit: 1 });
    const seen: unknown[] = [];
    for (const name of ['a', 'b', 'c']) {
      storage.run(name, () =>
        scope.spawn(async () => {
          await settle();
          seen.push(storage.getStore());
        }),
      );
    }
    await scope.join();
    expect(seen).toEqual(['a', 'b', 'c']);
  });

  test.each([0, -1, 1.5, NaN])('of %s is refused', (limit) => {
    expect(() => new TaskScope({ limit })).toThrow(RangeError);
  });
});
