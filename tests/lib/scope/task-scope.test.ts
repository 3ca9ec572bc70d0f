import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { ScopeClosedError, TaskScope } from '../../../lib/index.js';
import { errorOf, settle, unhandledDuring } from '../../support/promises.js';
import { untilCancelled } from './bodies.js';

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
