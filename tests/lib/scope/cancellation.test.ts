import { getEventListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { CancelToken, ScopeClosedError, ScopeStuckError, TaskScope } from '../../../lib/index.js';
import { errorOf, settle, watch } from '../../support/promises.js';
import { untilCancelled } from './bodies.js';

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

  test('from outside is seen by whoever looks, also while no task runs, but not after the end', async () => {
    const controller = new AbortController();
    const [scope, ended] = [new TaskScope({ signal: controller.signal }), new TaskScope({ signal: controller.signal })];
    ended.close();
    expect(scope.cancelled).toBe(false);
    controller.abort('outside');
    expect([scope.cancelled, scope.reason, ended.cancelled]).toEqual([true, 'outside', false]);
    expect(() => scope.throwIfCancelled()).toThrow('outside');
    expect(() => new TaskScope({ parent: scope }).throwIfCancelled()).toThrow('outside');
    await scope.join();
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
    const forEver = watch(scope.join({ graceMs: Infinity }));
    await delay(10);
    expect(forEver.state).toBe('pending');
    letGo();
    await scope.join({ graceMs: 1000 });
    expect(await errorOf(scope.join({ graceMs: 2 ** 31 }))).toBeInstanceOf(RangeError);
  });
});
