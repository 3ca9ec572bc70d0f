import { AsyncLocalStorage } from 'node:async_hooks';
import { getEventListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { CancelToken, ScopeClosedError, ScopeStuckError, TaskScope } from '../../../lib/index.js';
import type { TaskContext } from '../../../lib/index.js';
import { collected, errorOf, settle, unhandledDuring, watch } from '../../support/promises.js';

/** A task that runs until it is cancelled, and then ends as it should. */
const untilCancelled = (task: TaskContext): Promise<never> => new Promise((_, reject) => task.onCancel((reason) => reject(reason as Error)));

describe('a scope waits for its tasks', () => {
  test('with join', async () => {
    const scope = new TaskScope();
    const order: string[] = [];
    scope.spawn(async (task) => {
      await task.sleep(5);
      order.push('slow');
      scope.spawn(async () => {
        await settle();
        order.push('spawned by a task');
      });
    });
    scope.spawn(() => order.push('at once'));
    expect([scope.size, order]).toEqual([1, ['at once']]);
    await scope.join();
    expect([scope.size, order]).toEqual([0, ['at once', 'slow', 'spawned by a task']]);
    await scope.join();
  });

  test('with run, which gives back what the body does', async () => {
    const order: string[] = [];
    const result = await TaskScope.run((scope) => {
      scope.spawn(async () => {
        await settle();
        order.push('task');
      });
      order.push('body');
      return 7;
    });
    expect([result, order]).toEqual([7, ['body', 'task']]);
  });

  test('with await using', async () => {
    const order: string[] = [];
    {
      await using scope = new TaskScope();
      scope.spawn(async () => {
        await settle();
        order.push('task');
      });
      order.push('body');
    }
    order.push('after');
    expect(order).toEqual(['body', 'task', 'after']);
  });

  test('and gives their results to those who hold a handle', async () => {
    const scope = new TaskScope();
    const later = scope.spawn(async () => {
      await settle();
      return 'later';
    });
    const now = scope.spawn(() => 'now', { name: 'quick' });
    expect([later.done, later.name, now.done, now.name]).toEqual([false, 'task', true, 'quick']);
    expect([await later, await now, await later, later.done]).toEqual(['later', 'now', 'later', true]);
  });
});

describe('a failure', () => {
  test('cancels the siblings, and is what join rejects with', async () => {
    const scope = new TaskScope();
    const error = new Error('first');
    const sibling = scope.spawn(untilCancelled);
    scope.spawn(async () => {
      await settle();
      throw error;
    });
    expect(await errorOf(scope.join())).toBe(error);
    expect(await errorOf(sibling)).toBe(error);
    expect([scope.cancelled, scope.reason]).toEqual([true, error]);
    expect(() => scope.spawn(() => 1)).toThrow(ScopeClosedError);
  });

  test('thrown before the first await is a failure too, not thrown out of spawn', async () => {
    const scope = new TaskScope();
    const handle = scope.spawn(() => {
      throw new RangeError('at once');
    });
    expect(await errorOf(scope.join())).toBeInstanceOf(RangeError);
    expect(await errorOf(handle)).toBeInstanceOf(RangeError);
  });

  test('of a task that was cancelled and then threw something else is told beside the first', async () => {
    const scope = new TaskScope({ name: 'server' });
    const [first, second] = [new Error('first'), new Error('clean-up')];
    scope.spawn(async (task) => {
      await untilCancelled(task).catch(() => {
        throw second;
      });
    });
    scope.spawn(() => Promise.reject(first));
    const error = await errorOf(scope.join());
    expect(error).toBeInstanceOf(AggregateError);
    expect(error).toMatchObject({ errors: [first, second], cause: first, message: '2 tasks of server failed: first' });
  });

  test('of a platform function that says AbortError is no failure of its own', async () => {
    const scope = new TaskScope();
    scope.spawn((task) => delay(100_000, undefined, { signal: task.signal }));
    const error = new Error('first');
    scope.spawn(() => Promise.reject(error));
    expect(await errorOf(scope.join())).toBe(error);
  });

  test('with collect, leaves the others alone; all are told', async () => {
    const scope = new TaskScope({ onError: 'collect' });
    const errors = [new Error('a'), new Error('b')];
    const done = scope.spawn(async () => {
      await settle();
      return 'done';
    });
    for (const error of errors) scope.spawn(() => Promise.reject(error));
    expect(await errorOf(scope.join())).toMatchObject({ name: 'AggregateError', errors });
    expect([await done, scope.cancelled]).toEqual(['done', false]);
    const one = new TaskScope({ onError: 'collect' });
    one.spawn(() => Promise.reject(errors[0] as Error));
    expect(await errorOf(one.join())).toMatchObject({ errors: [errors[0]] });
  });

  test('never becomes an unhandled rejection, awaited or not', async () => {
    const unhandled = await unhandledDuring(async () => {
      const scope = new TaskScope();
      const handles = Array.from({ length: 10 }, (_, i) =>
        scope.spawn(async () => {
          await settle();
          throw new Error(`task ${i}`);
        }),
      );
      scope.spawn(() => Promise.reject(new Error('at once')));
      await errorOf(scope.join());
      await errorOf(handles[3] as PromiseLike<unknown>);
      new TaskScope({ limit: 1 }).spawn(() => Promise.reject(new Error('scope let go of')));
    });
    expect(unhandled).toEqual([]);
  });

  test('of the body cancels the tasks, waits for them, and is thrown', async () => {
    const error = new Error('body');
    const ended: unknown[] = [];
    const thrown = await errorOf(
      TaskScope.run(async (scope) => {
        scope.spawn(async (task) => {
          await untilCancelled(task).catch(async (reason: unknown) => {
            await settle();
            ended.push(reason);
          });
        });
        await settle();
        throw error;
      }),
    );
    expect(thrown).toBe(error);
    expect(ended).toEqual([error]);
  });

  test('of a task that the body awaited is told once', async () => {
    const error = new Error('task');
    expect(await errorOf(TaskScope.run(async (scope) => void (await scope.spawn(() => Promise.reject(error)))))).toBe(error);
    const disposed = async (): Promise<unknown> => {
      await using scope = new TaskScope();
      return await errorOf(scope.spawn(() => Promise.reject(error)));
    };
    expect(await disposed()).toBe(error);
  });

  test('of a task, and then another of the body, are told together', async () => {
    const [task, body] = [new Error('task'), new Error('body')];
    const thrown = await errorOf(
      TaskScope.run(async (scope) => {
        scope.spawn(() => Promise.reject(task));
        await settle();
        throw body;
      }),
    );
    expect(thrown).toMatchObject({ errors: [task, body] });
  });

  test('of a task that made the body stop is told alone', async () => {
    const error = new Error('task');
    const thrown = await errorOf(
      TaskScope.run(async (scope) => {
        scope.spawn(() => Promise.reject(error));
        await settle();
        await delay(100_000, undefined, { signal: scope.signal });
      }),
    );
    expect(thrown).toBe(error);
  });

  test('that nobody was told is thrown by disposal', async () => {
    const error = new Error('task');
    const scope = new TaskScope();
    scope.spawn(() => Promise.reject(error));
    expect(await errorOf(scope[Symbol.asyncDispose]())).toBe(error);
    const told = new TaskScope();
    told.spawn(() => Promise.reject(error));
    expect(await errorOf(told.join())).toBe(error);
    await told[Symbol.asyncDispose]();
  });
});

describe('cancellation', () => {
  test('by the owner ends the scope quietly', async () => {
    const scope = new TaskScope();
    const handle = scope.spawn(untilCancelled);
    scope.cancel('enough');
    await scope.join();
    expect(await errorOf(handle)).toBe('enough');
    expect(() => scope.spawn(() => 1)).toThrow(expect.objectContaining({ code: 'ERR_SCOPE_CLOSED', cause: 'enough', name: 'ScopeClosedError' }) as Error);
  });

  test('inside spawn reaches the very task that is being spawned', async () => {
    const scope = new TaskScope();
    const seen: boolean[] = [];
    const handle = scope.spawn((task) => {
      seen.push(task.cancelled);
      scope.cancel('inside');
      seen.push(task.cancelled);
      task.throwIfCancelled();
    });
    await scope.join();
    expect([seen, await errorOf(handle)]).toEqual([[false, true], 'inside']);
  });

  test('of one task leaves the others alone, and is no failure', async () => {
    const scope = new TaskScope();
    const one = scope.spawn(untilCancelled);
    const other = scope.spawn(async () => {
      await settle();
      return 1;
    });
    one.cancel('one');
    one.cancel('two');
    expect(await errorOf(one)).toBe('one');
    await scope.join();
    expect(await other).toBe(1);
    {
      using disposed = scope.spawn(untilCancelled);
      expect(disposed.done).toBe(false);
    }
    await scope.join();
    other.cancel();
    expect(scope.cancelled).toBe(false);
  });

  test('from outside is what join rejects with, if it cut a task short', async () => {
    const controller = new AbortController();
    const scope = new TaskScope({ signal: controller.signal });
    scope.spawn(untilCancelled);
    controller.abort('outside');
    expect(await errorOf(scope.join())).toBe('outside');

    const other = new AbortController();
    const finished = new TaskScope({ signal: other.signal });
    finished.spawn(() => 1);
    other.abort();
    await finished.join();
    expect(() => finished.spawn(() => 1)).toThrow(ScopeClosedError);
  });

  test('from outside costs one listener, and only while there are tasks', async () => {
    const { signal } = new AbortController();
    const listeners = (): number => getEventListeners(signal, 'abort').length;
    const scope = new TaskScope({ signal });
    expect(listeners()).toBe(0);
    const handles = Array.from({ length: 3 }, () => scope.spawn(untilCancelled));
    expect(listeners()).toBe(1);
    for (const handle of handles) handle.cancel();
    await scope.join();
    expect(listeners()).toBe(0);
    const tie = scope.onCancel(() => undefined);
    expect(listeners()).toBe(1);
    tie[Symbol.dispose]();
    expect(listeners()).toBe(0);
    expect(scope.signal.aborted).toBe(false);
    scope.close();
    expect(listeners()).toBe(0);
  });

  test('of an outer scope or task reaches the inner ones', async () => {
    const outer = new TaskScope();
    const seen: unknown[] = [];
    const task = outer.spawn((context) =>
      TaskScope.run(
        (inner) => {
          inner.spawn(async (innermost) => {
            seen.push(await errorOf(innermost.sleep(100_000)));
            throw seen[0];
          });
        },
        { parent: context },
      ),
    );
    outer.cancel('outer');
    await outer.join();
    expect([seen, await errorOf(task)]).toEqual([['outer'], 'outer']);

    const token = new CancelToken();
    const scope = new TaskScope({ parent: new TaskScope({ parent: token }) });
    const { signal } = scope;
    token.cancel('token');
    expect([signal.aborted, scope.reason]).toEqual([true, 'token']);
  });

  test('before the first task is heard of when it is spawned', () => {
    const scope = new TaskScope({ signal: AbortSignal.abort('early') });
    expect(() => scope.spawn(() => expect.unreachable())).toThrow(expect.objectContaining({ cause: 'early' }) as Error);
    expect([scope.reason, new TaskScope({ parent: scope }).signal.reason]).toEqual(['early', 'early']);
  });

  test('a task that throws after it was cancelled, other than by obeying, has failed', async () => {
    const scope = new TaskScope();
    const error = new Error('clean-up');
    scope.spawn((task) =>
      untilCancelled(task).catch(() => {
        throw error;
      }),
    );
    scope.cancel();
    expect(await errorOf(scope.join())).toBe(error);
  });

  test('tasks that never settle are named after a grace time', async () => {
    const scope = new TaskScope({ name: 'pool' });
    scope.spawn(untilCancelled, { name: 'obeys' });
    let letGo!: () => void;
    scope.spawn(() => new Promise<void>((resolve) => (letGo = resolve)), { name: 'deaf' });
    const joined = scope.join({ graceMs: 10 });
    const seen = watch(joined);
    await delay(20);
    expect(seen.state).toBe('pending');
    scope.cancel();
    const error = await errorOf(joined);
    expect(error).toBeInstanceOf(ScopeStuckError);
    expect(error).toMatchObject({ code: 'ERR_SCOPE_STUCK', tasks: ['deaf'], message: 'pool: 1 cancelled task did not end within 10 ms: deaf' });
    letGo();
    await scope.join({ graceMs: 1000 });
  });
});

describe('the context', () => {
  test('sleeps, gives way, and is interrupted at once', async () => {
    const scope = new TaskScope();
    const handle = scope.spawn(async (task) => {
      const start = performance.now();
      await task.sleep(10);
      expect(performance.now() - start).toBeGreaterThan(8);
      let turned = false;
      setImmediate(() => (turned = true));
      await task.yieldNow();
      expect(turned).toBe(true);
      await task.sleep(100_000);
    });
    await delay(50);
    scope.cancel('now');
    expect(await errorOf(handle)).toBe('now');
    const late = scope.cancelled;
    expect(late).toBe(true);
  });

  test('refuses to sleep or give way once cancelled, and lengths that no timer takes', async () => {
    const scope = new TaskScope();
    const seen = scope.spawn(async (task) => {
      const lengths = [await errorOf(task.sleep(-1)), await errorOf(task.sleep(NaN)), await errorOf(task.sleep(2 ** 31))];
      scope.cancel('r');
      return [...lengths.map((error) => error instanceof RangeError), await errorOf(task.sleep(1)), await errorOf(task.yieldNow())];
    });
    expect(await seen).toEqual([true, true, true, 'r', 'r']);
  });

  test('makes its signal on first use, and only one', async () => {
    const scope = new TaskScope();
    const handle = scope.spawn((task) => {
      const { signal } = task;
      expect(task.signal).toBe(signal);
      return signal;
    });
    expect((await handle).aborted).toBe(false);
  });
});

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

describe('nothing is kept', () => {
  test('of a million short tasks', { timeout: 120_000 }, async () => {
    const scope = new TaskScope();
    const round = async (): Promise<void> => {
      for (let i = 0; i < 1000; i++) scope.spawn(async () => Promise.resolve());
      await scope.join();
    };
    await round();
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < 1000; i++) await round();
    globalThis.gc?.();
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(3_000_000);
    expect(scope.size).toBe(0);
  });

  test('of a task’s result once its handle is gone', async () => {
    const scope = new TaskScope();
    await collected(async () => {
      const big = { bytes: new Uint8Array(10) };
      await scope.spawn(async () => Promise.resolve(big));
      return big;
    });
    expect(scope.size).toBe(0);
  });

  test('of a scope by the signal it listened to', async () => {
    const { signal } = new AbortController();
    await collected(async () => {
      const scope = new TaskScope({ signal });
      scope.spawn(() => settle());
      await scope.join();
      return scope;
    });
    expect(signal.aborted).toBe(false);
  });
});

test('close refuses new tasks and leaves the others alone', async () => {
  const scope = new TaskScope({ name: 'closing' });
  const handle = scope.spawn(async () => {
    await settle();
    return 1;
  });
  scope.close();
  expect(() => scope.spawn(() => 1)).toThrow('closing was closed: it takes no more tasks');
  expect(await handle).toBe(1);
});

test('a thenable that is no promise is waited for like one', async () => {
  const scope = new TaskScope();
  const late = {
    then(resolve: (value: string) => void): void {
      setImmediate(resolve, 'late');
    },
  };
  const handle = scope.spawn(() => late as PromiseLike<string>);
  expect([handle.done, await handle]).toEqual([false, 'late']);
});
