import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { ActorRestartingError, RestartLimitError, TaskScope } from '../../../lib/index.js';
import type { ActorEvent, Executor, Strategy } from '../../../lib/index.js';
import { Intensity } from '../../../lib/actor/intensity.js';
import { errorOf, settle, watch } from '../../support/promises.js';
import { gate, spawned } from './harness.js';

const quick = { baseMs: 0, capMs: 1 };

describe('a restart', () => {
  test('with three queued loses none of them and keeps their order; the failed message is a dead letter', async () => {
    const { wait, open } = gate();
    const handled: string[] = [];
    let made = 0;
    let disposed = 0;
    const { ref, letters, types } = spawned<number>({
      init: () => {
        const incarnation = ++made;
        return {
          receive: async (n) => {
            await wait();
            if (n === 1) throw new Error('one');
            handled.push(`${n} by ${incarnation}`);
          },
          dispose: () => void disposed++,
        };
      },
    });
    for (const n of [1, 2, 3, 4]) await ref.tell(n);
    open();
    await ref.stop({ drain: true });
    expect(handled).toEqual(['2 by 2', '3 by 2', '4 by 2']);
    expect(letters).toEqual([{ actor: 'actor', message: 1, reason: 'failed', cause: new Error('one') }]);
    expect([types(), disposed]).toEqual([['started', 'failed', 'restarted', 'stopped'], 2]);
  });

  test('an ask that fails is told the handler’s own error, and is no dead letter', async () => {
    const error = new Error('mine');
    const { ref, letters } = spawned<number, number>({ init: () => (n) => (n === 1 ? Promise.reject(error) : n) });
    expect([await errorOf(ref.ask(1)), await ref.ask(2), letters]).toEqual([error, 2, []]);
  });

  test('happens at most maxRestarts times: one failure more ends the actor and fails its scope', async () => {
    const { scope, ref, letters, types } = spawned<number>({ supervise: { maxRestarts: 2, withinMs: 60_000 }, init: () => (n) => Promise.reject(new Error(`${n}`)) });
    for (const n of [1, 2]) await errorOf(ref.ask(n));
    await settle();
    expect([types(), ref.isStopped]).toEqual([['started', 'failed', 'restarted', 'failed', 'restarted'], false]);
    const asked = watch(ref.ask(3));
    const queued = watch(ref.ask(4));
    await ref.tell(5);
    const failure = await errorOf(scope.join());
    expect(failure).toBeInstanceOf(RestartLimitError);
    expect(failure).toMatchObject({ code: 'ERR_RESTART_LIMIT', message: 'actor failed more often than its supervision allows: 2 restarts within 60000 ms', cause: new Error('3') });
    expect(asked.error).toEqual(new Error('3'));
    expect(queued.error).toMatchObject({ code: 'ERR_ACTOR_STOPPED', actorMessage: 4, cause: failure });
    expect(letters).toEqual([{ actor: 'actor', message: 5, reason: 'stopped', cause: failure }]);
  });

  test('counts in a window that slides', () => {
    let now = 0;
    const intensity = new Intensity({ maxRestarts: 2, withinMs: 100 }, () => now);
    const at = (time: number): boolean => {
      now = time;
      return intensity.allows();
    };
    expect([at(0), at(50), at(99), at(100), at(149), at(150)]).toEqual([true, true, false, true, false, true]);
  });

  test('an init that throws counts as a failure, in the beginning and later', async () => {
    let tries = 0;
    const { ref, types } = spawned<number, string>({
      supervise: { maxRestarts: 4, backoff: quick },
      init: () => {
        if (++tries % 2 === 1) throw new Error(`init ${tries}`);
        return (n) => (n === 0 ? Promise.reject(new Error('handler')) : `made at ${tries}`);
      },
    });
    expect(await ref.ask(1)).toBe('made at 2');
    await errorOf(ref.ask(0));
    expect(await ref.ask(1)).toBe('made at 4');
    expect(types()).toEqual(['failed', 'restarted', 'started', 'failed', 'failed', 'restarted']);
  });

  test('an init that never works leaves no half actor', async () => {
    const { scope, ref, letters } = spawned<number>({ supervise: { maxRestarts: 1 }, init: () => Promise.reject(new Error('no')) });
    await ref.tell(1);
    expect(await errorOf(scope.join())).toMatchObject({ code: 'ERR_RESTART_LIMIT', cause: new Error('no') });
    expect([ref.isStopped, letters.length]).toEqual([true, 1]);
    await ref.stop();
  });

  test('waits for its back-off, which a stop ends at once', async () => {
    const { ref, types } = spawned<number>({ supervise: { backoff: { baseMs: 60_000, capMs: 60_000 } }, init: () => () => Promise.reject(new Error('x')) });
    await errorOf(ref.ask(1));
    await settle();
    const start = performance.now();
    await ref.stop();
    expect(performance.now() - start).toBeLessThan(10_000);
    expect(types()).toEqual(['started', 'failed', 'stopped']);
  });

  test.each<[Strategy, string[]]>([
    ['one-for-one', ['b']],
    ['rest-for-one', ['b', 'c']],
    ['one-for-all', ['b', 'a', 'c']],
  ])('%s restarts %j', async (strategy, expected) => {
    const scope = new TaskScope();
    const restarted: string[] = [];
    const onEvent = ({ type, actor }: ActorEvent): void => void (type === 'restarted' && restarted.push(actor));
    const refs = ['a', 'b', 'c'].map((name) => spawned<number>({ name, supervise: { strategy }, onEvent, init: () => (n) => (n === 0 ? Promise.reject(new Error(name)) : n) }, scope).ref);
    await errorOf(refs[1]?.ask(0) as Promise<unknown>);
    await Promise.all(refs.map((ref) => ref.ask(1)));
    // A sibling may have answered before its own restart comes to it.
    await vi.waitFor(() => expect([...restarted].sort()).toEqual([...expected].sort()));
  });

  test('with a sibling interrupts the handler: an ask is told, a tell is a dead letter, neither counts as a failure of its own', async () => {
    const scope = new TaskScope();
    const failing = spawned<number>({ name: 'failing', supervise: { strategy: 'one-for-all' }, init: () => () => Promise.reject(new Error('x')) }, scope);
    const { ref, letters, types } = spawned<number>({ supervise: { maxRestarts: 0 }, init: () => (n, turn) => (n === 0 ? n : new Promise((_, reject) => turn.onCancel((reason) => reject(reason as Error)))) }, scope);
    const asked = watch(ref.ask(1));
    await settle();
    await failing.ref.tell(1);
    await settle();
    expect(asked.error).toBeInstanceOf(ActorRestartingError);
    expect(asked.error).toMatchObject({ actorMessage: 1, cause: new Error('x') });
    await ref.tell(2);
    await settle();
    await failing.ref.tell(2);
    expect(await ref.ask(0)).toBe(0);
    expect(letters.map(({ message, reason }) => [message, reason])).toEqual([[2, 'restarted']]);
    expect(types()).toEqual(['started', 'restarted', 'restarted']);
  });
});

describe('retry', () => {
  test('tries the message again before that is a failure; with block the others wait', async () => {
    const seen: string[] = [];
    const { ref, types } = spawned<string>({
      retry: { ...quick, maxAttempts: 3 },
      init: () => (message, { attempt }) => {
        seen.push(`${message}${attempt}`);
        if (message === 'a' && attempt < 3) throw new Error('not yet');
      },
    });
    await ref.tell('a');
    await ref.tell('b');
    await ref.stop({ drain: true });
    expect([seen, types()]).toEqual([
      ['a1', 'a2', 'a3', 'b1'],
      ['started', 'stopped'],
    ]);
  });

  test('with requeue the others do not wait', async () => {
    const seen: string[] = [];
    const { ref } = spawned<string, string>({
      retry: { baseMs: 2, capMs: 2, maxAttempts: 2, order: 'requeue' },
      init: () => (message, { attempt }) => {
        seen.push(`${message}${attempt}`);
        if (message === 'a' && attempt < 2) throw new Error('not yet');
        return message;
      },
    });
    const answer = ref.ask('a');
    await ref.tell('b');
    expect(await answer).toBe('a');
    expect(seen).toEqual(['a1', 'b1', 'a2']);
    await ref.tell('a');
    await ref.stop({ drain: true });
    expect(seen.slice(3)).toEqual(['a1', 'a2']);
  });

  test('that is spent, or not worth it, is a failure', async () => {
    let calls = 0;
    const { ref, types } = spawned<string>({
      retry: { ...quick, maxAttempts: 3, isRetryable: (error) => (error as Error).message === 'again' },
      init: () => (message) => {
        calls++;
        throw new Error(message);
      },
    });
    expect([await errorOf(ref.ask('again')), calls]).toEqual([new Error('again'), 3]);
    expect([await errorOf(ref.ask('never')), calls]).toEqual([new Error('never'), 4]);
    await ref.run(() => undefined);
    expect(types()).toEqual(['started', 'failed', 'restarted', 'failed', 'restarted']);
  });

  test('is ended by a stop at once, also in its back-off', async () => {
    for (const order of ['block', 'requeue'] as const) {
      let calls = 0;
      const { ref, letters } = spawned<number>({ retry: { baseMs: 60_000, capMs: 60_000, order }, init: () => () => Promise.reject(new Error(`${++calls}`)) });
      await ref.tell(1);
      await settle();
      await ref.stop();
      expect([calls, letters.map(({ message, reason }) => [message, reason])]).toEqual([1, [[1, 'stopped']]]);
    }
  });

  test('an asker who gives up in the back-off is not tried for again', async () => {
    let calls = 0;
    const { ref } = spawned<number>({ retry: { baseMs: 30, capMs: 30 }, init: () => (n) => (n === 1 ? Promise.reject(new Error(`${++calls}`)) : n) });
    expect(await errorOf(ref.ask(1, { timeoutMs: 5 }))).toMatchObject({ code: 'ERR_ASK_TIMEOUT' });
    expect([await ref.ask(2), calls]).toEqual([2, 1]);
  });

  test('goes through anything that executes', async () => {
    let isOpen = false;
    const breaker: Executor = {
      async execute(call) {
        if (isOpen) throw new Error('open');
        return await call();
      },
    };
    const { ref } = spawned<number, number>({ retry: { ...quick, maxAttempts: 1, breaker }, init: () => (n) => n });
    expect(await ref.ask(1)).toBe(1);
    isOpen = true;
    expect(await errorOf(ref.ask(1))).toEqual(new Error('open'));
  });
});

test('a cancelled scope ends an actor in the middle of its init', async () => {
  const { scope, ref, types } = spawned<number>({ init: async (context) => {
    await new Promise((_, reject) => context.onCancel((reason) => reject(reason as Error)));
    return () => 1;
  } });
  await ref.tell(1);
  await delay(1);
  scope.cancel('over');
  await scope.join();
  expect(types()).toEqual(['stopped']);
});
