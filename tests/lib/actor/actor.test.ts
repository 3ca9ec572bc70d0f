import { AsyncLocalStorage } from 'node:async_hooks';
import { getEventListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { ActorStoppedError, AskCycleError, AskTimeoutError, TaskScope, spawnActor } from '../../../lib/index.js';
import type { ActorRef, Turn } from '../../../lib/index.js';
import { collected, errorOf, settle, unhandledDuring, watch } from '../../support/promises.js';
import { gate, spawned } from './harness.js';

describe('an actor', () => {
  test('handles one message at a time, in order, also when handling takes a while', async () => {
    const seen: string[] = [];
    const { ref } = spawned<number>({
      init: () => async (n) => {
        seen.push(`${n} begins`);
        await delay(1);
        seen.push(`${n} ends`);
      },
    });
    for (const n of [1, 2, 3]) await ref.tell(n);
    await ref.stop({ drain: true });
    expect(seen).toEqual([1, 2, 3].flatMap((n) => [`${n} begins`, `${n} ends`]));
  });

  test('answers, with a state of its own', async () => {
    const scope = new TaskScope();
    await using counter = spawnActor<number, number>(scope, {
      capacity: 2,
      init: () => {
        let sum = 0;
        return (n) => (sum += n);
      },
    });
    await counter.tell(1);
    expect([await counter.ask(2), await counter.ask(3), counter.name]).toEqual([3, 6, 'actor']);
  });

  test('slows its senders down when it is slow, and says so to those who only try', async () => {
    const { wait, open } = gate();
    const { ref } = spawned<number>({ capacity: 2, init: () => wait });
    await ref.tell(0);
    await settle();
    await ref.tell(1);
    expect(ref.tryTell(2)).toEqual({ ok: true });
    expect([ref.tryTell(3), ref.length]).toEqual([{ ok: false, reason: 'full' }, 2]);
    const controller = new AbortController();
    const waiting = watch(ref.tell(4));
    const impatient = watch(ref.tell(5, { signal: controller.signal }));
    await settle();
    controller.abort('too slow');
    await settle();
    expect([waiting.state, impatient.error]).toEqual(['pending', 'too slow']);
    open();
    await settle();
    expect(waiting.state).toBe('fulfilled');
  });

  test('ends only when it is stopped: its scope waits for it', async () => {
    const { scope, ref, types } = spawned<number>({ init: () => () => 1 });
    const joined = watch(scope.join());
    await settle();
    expect(joined.state).toBe('pending');
    await ref.stop();
    await settle();
    expect([joined.state, types()]).toEqual(['fulfilled', ['started', 'stopped']]);
  });

  test('knows itself, and its cancellation', async () => {
    const seen: unknown[] = [];
    const { scope, ref } = spawned<string>({
      init: (context) => {
        seen.push(context.self.name, context.cancelled);
        return async (_, turn) => {
          turn.throwIfCancelled();
          seen.push(turn.cancelled, turn.attempt, turn.reason);
          await errorOf(new Promise((_resolve, reject) => turn.signal.addEventListener('abort', () => reject(turn.signal.reason as Error))));
          seen.push(turn.cancelled, turn.reason);
          turn.throwIfCancelled();
        };
      },
    });
    await ref.tell('a');
    await settle();
    scope.cancel('over');
    await scope.join();
    expect(seen).toEqual(['actor', false, false, 1, undefined, true, 'over']);
  });

  test('yields to the event loop however many messages there are', async () => {
    const { ref } = spawned<number>({ capacity: 1024, init: () => () => undefined });
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const until = performance.now() + 20_000;
    while (turns < 10 && performance.now() < until) await ref.tell(1);
    clearInterval(timer);
    expect(turns).toBe(10);
  });
});

describe('stop', () => {
  test('finishes the message under way; those that wait are dead letters', async () => {
    const { wait, open } = gate();
    const handled: number[] = [];
    const { ref, letters } = spawned<number>({ init: () => async (n) => void (await wait(), handled.push(n)) });
    for (const n of [1, 2, 3]) await ref.tell(n);
    await settle();
    const stopped = watch(ref.stop());
    await settle();
    expect([stopped.state, ref.isStopped, ref.tryTell(4)]).toEqual(['pending', true, { ok: false, reason: 'closed' }]);
    open();
    await settle();
    expect([stopped.state, handled]).toEqual(['fulfilled', [1]]);
    expect(letters.map(({ message, reason, actor }) => [message, reason, actor])).toEqual([
      [2, 'stopped', 'actor'],
      [3, 'stopped', 'actor'],
    ]);
    await ref.stop();
  });

  test('with drain handles what waits, and refuses who waits for room', async () => {
    const { wait, open } = gate();
    const handled: number[] = [];
    const { ref, letters } = spawned<number>({ capacity: 2, init: () => async (n) => void (await wait(), handled.push(n)) });
    await ref.tell(1);
    await settle();
    for (const n of [2, 3]) await ref.tell(n);
    const parked = watch(ref.tell(4));
    const stopped = ref.stop({ drain: true });
    open();
    await stopped;
    expect([handled, letters]).toEqual([[1, 2, 3], []]);
    expect(parked.error).toBeInstanceOf(ActorStoppedError);
    expect(parked.error).toMatchObject({ code: 'ERR_ACTOR_STOPPED', actorMessage: 4 });
    expect(await errorOf(ref.tell(5))).toMatchObject({ actorMessage: 5 });
  });

  test('disposes of the handler once; what that throws is an event', async () => {
    let disposed = 0;
    const { ref, events } = spawned<number>({
      init: () => ({
        receive: () => 1,
        dispose: () => {
          disposed++;
          throw new Error('dispose');
        },
      }),
    });
    await ref.ask(1);
    await Promise.all([ref.stop(), ref.stop({ drain: true })]);
    expect([disposed, events.map(({ type }) => type)]).toEqual([1, ['started', 'dispose-failed', 'stopped']]);
  });

  test('an ask that waits, or comes later, is told', async () => {
    const { wait, open } = gate();
    const { ref } = spawned<number, number>({ capacity: 1, init: () => async (n) => (await wait(), n) });
    const first = watch(ref.ask(1));
    await settle();
    const [queued, parked] = [watch(ref.ask(2)), watch(ref.ask(3))];
    const stopped = ref.stop();
    open();
    await stopped;
    await settle();
    expect(first.value).toBe(1);
    expect([queued.error, parked.error, await errorOf(ref.ask(4))].map((error) => (error as ActorStoppedError).actorMessage)).toEqual([2, 3, 4]);
    expect(await errorOf(ref.run(() => 1))).toBeInstanceOf(ActorStoppedError);
  });

  test('by its scope interrupts the handler, and the scope tells the reason if it came from outside', async () => {
    const controller = new AbortController();
    const scope = new TaskScope({ signal: controller.signal });
    const { ref, letters } = spawned<number>({ init: () => (_, turn) => new Promise((__, reject) => turn.onCancel((reason) => reject(reason as Error))) }, scope);
    for (const n of [1, 2]) await ref.tell(n);
    await settle();
    controller.abort('shutdown');
    expect(await errorOf(scope.join())).toBe('shutdown');
    expect(letters.map(({ message, cause }) => [message, cause])).toEqual([
      [1, 'shutdown'],
      [2, 'shutdown'],
    ]);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  });
});

describe('ask', () => {
  test('gives up in time: what was not begun is not handled any more', async () => {
    const { wait, open } = gate();
    const handled: number[] = [];
    const { ref, letters } = spawned<number>({ capacity: 1, init: () => async (n) => void (await wait(), handled.push(n)) });
    await ref.tell(0);
    await settle();
    const queued = ref.ask(1, { timeoutMs: 5 });
    const parked = ref.ask(2, { timeoutMs: 5 });
    expect(await errorOf(queued)).toBeInstanceOf(AskTimeoutError);
    expect(await errorOf(parked)).toMatchObject({ code: 'ERR_ASK_TIMEOUT', actorMessage: 2, message: 'actor did not answer within 5 ms' });
    open();
    await ref.stop({ drain: true });
    expect([handled, letters]).toEqual([[0], []]);
  });

  test('has a time-out when it is given none, and ends what runs late in vain', async () => {
    const { wait, open } = gate();
    const { ref } = spawned<number>({ askTimeoutMs: 5, init: () => wait });
    expect(await errorOf(ref.ask(1))).toBeInstanceOf(AskTimeoutError);
    open();
    expect(await ref.ask(1, { timeoutMs: Infinity })).toBeUndefined();
  });

  test('is called off by its signal, whose listener goes with the answer', async () => {
    const { signal } = new AbortController();
    const { ref } = spawned<number, number>({ init: () => (n) => n });
    expect(await ref.ask(7, { signal })).toBe(7);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
    expect(await errorOf(ref.ask(7, { signal: AbortSignal.abort('early') }))).toBe('early');
  });

  test('that is called off already leaves no timer', async () => {
    const timers = (): number => process.getActiveResourcesInfo().filter((type) => type === 'Timeout').length;
    const { ref } = spawned<string>({ init: () => (message) => message });
    await ref.ask('ready');
    const before = timers();
    expect(await errorOf(ref.ask('x', { signal: AbortSignal.abort('early') }))).toBe('early');
    expect(timers()).toBe(before);
  });

  test.each([NaN, -1, 2 ** 31])('refuses a time-out of %s', async (timeoutMs) => {
    const { ref } = spawned<number>({ init: () => (n) => n });
    expect(await errorOf(ref.ask(1, { timeoutMs }))).toBeInstanceOf(RangeError);
  });

  test('an actor that asks itself is told at once', async () => {
    const { ref } = spawned<string>({ supervise: { maxRestarts: 0 }, init: ({ self }) => async (message) => (message === 'self' ? await errorOf(self.ask('x')) : 'answer') });
    const error = await ref.ask('self');
    expect(error).toBeInstanceOf(AskCycleError);
    expect((error as Error).message).toBe('nobody would ever answer: actor asks actor');
  });

  test('a circle is found out, also after an await if the turn is asked', async () => {
    const scope = new TaskScope();
    const refs: Record<string, ActorRef<string>> = {};
    const asks = (next: string) => () => async (message: string, turn: Turn) => {
      await settle();
      return message === next ? 'here' : await turn.ask(refs[next] as ActorRef<string>, message);
    };
    for (const [name, next] of [
      ['a', 'b'],
      ['b', 'c'],
      ['c', 'a'],
    ] as const) {
      refs[name] = spawned<string>({ name, supervise: { maxRestarts: 10 }, init: asks(next) }, scope).ref;
    }
    expect(await refs['a']?.ask('c')).toBe('here');
    expect(await errorOf(refs['a']?.ask('nobody') as Promise<unknown>)).toMatchObject({ code: 'ERR_ASK_CYCLE', message: 'nobody would ever answer: c asks a asks b asks c' });
    await settle();
    expect(await refs['b']?.ask('a')).toBe('here');
  });

  test('a question that was answered closes no circle, while its asker is still at work', async () => {
    const scope = new TaskScope();
    const a: ActorRef<string> = spawned<string>(
      {
        name: 'a',
        init: () => async (message, turn) => {
          if (message !== 'go') return message;
          await turn.ask(b, 'first');
          const asking = b.tell('ask back');
          await settle();
          return asking;
        },
      },
      scope,
    ).ref;
    const answers: unknown[] = [];
    const b: ActorRef<string> = spawned<string>({ name: 'b', init: () => async (message, turn) => (message === 'ask back' ? answers.push(await turn.ask(a, 'back')) : message) }, scope).ref;
    await a.ask('go');
    await settle();
    expect(answers).toEqual(['back']);
  });

  test('a question that nobody waits for closes no circle, and detection can be switched off', async () => {
    const scope = new TaskScope();
    const a: ActorRef<string> = spawned<string>({ name: 'a', init: () => (message) => void (message === 'go' && b.ask('back').catch(() => undefined)) }, scope).ref;
    const b: ActorRef<string> = spawned<string>({ name: 'b', init: () => () => a.ask('x') }, scope).ref;
    await a.ask('go');
    expect(await b.ask('y')).toBeUndefined();
    const { ref } = spawned<string>({ detectAskCycles: false, supervise: { maxRestarts: 10 }, init: ({ self }) => () => self.ask('again', { timeoutMs: 5 }) }, scope);
    expect(await errorOf(ref.ask('self'))).toBeInstanceOf(AskTimeoutError);
  });
});

describe('run', () => {
  test('calls in the caller’s async context, between two messages', async () => {
    const storage = new AsyncLocalStorage<string>();
    const seen: string[] = [];
    const { ref } = storage.run('actor', () =>
      spawned<string, string>({
        init: () => async (message) => {
          await settle();
          seen.push(message);
          return `${message} in ${storage.getStore() ?? ''}`;
        },
      }),
    );
    const answers = await storage.run('caller', () =>
      Promise.all([
        ref.ask('first'),
        ref.run(async () => {
          await settle();
          seen.push('visit');
          return storage.getStore();
        }),
        ref.ask('last').then((answer) => [answer, storage.getStore()]),
      ]),
    );
    expect(answers).toEqual(['first in actor', 'caller', ['last in actor', 'caller']]);
    expect(seen).toEqual(['first', 'visit', 'last']);
  });

  test('is called off while it waits for its turn, and does not happen then', async () => {
    const { wait, open } = gate();
    const { signal, abort } = cancellation();
    const { ref } = spawned<string>({ init: () => wait });
    const first = ref.ask('first', { timeoutMs: Infinity });
    let isCalled = false;
    const visit = ref.run(() => (isCalled = true), { signal });
    await settle();
    abort('enough');
    expect(await errorOf(visit)).toBe('enough');
    open();
    await first;
    await ref.ask('last');
    expect([isCalled, getEventListeners(signal, 'abort').length]).toEqual([false, 0]);
    // Once it has begun, an abort changes nothing.
    const late = new AbortController();
    const begun = await ref.run(
      async () => {
        late.abort('late');
        await settle();
        return getEventListeners(late.signal, 'abort').length;
      },
      { signal: late.signal },
    );
    expect(begun).toBe(0);
  });

  test('what it throws is the caller’s alone', async () => {
    const { ref, types } = spawned<string>({ init: () => (message) => message });
    expect(await errorOf(ref.run(() => Promise.reject(new Error('mine'))))).toEqual(new Error('mine'));
    expect([await ref.ask('still here'), types()]).toEqual(['still here', ['started']]);
  });
});

test('an actor that stopped leaves no timer of a retry, and is not kept by its scope', async () => {
  const timers = (): number => process.getActiveResourcesInfo().filter((type) => type === 'Timeout').length;
  const before = timers();
  const scope = new TaskScope();
  const { ref } = spawned<string>({ retry: { order: 'requeue', baseMs: 60_000, capMs: 60_000 }, onDeadLetter: () => undefined, init: () => () => Promise.reject(new Error('busy')) }, scope);
  await ref.tell('x');
  await settle();
  expect(timers()).toBe(before + 1);
  await ref.stop();
  expect(timers()).toBe(before);
  await collected(async () => {
    const handler = { receive: (message: string) => message };
    const stopped = spawnActor<string>(scope, { capacity: 1, init: () => handler });
    await stopped.ask('x');
    await stopped.stop();
    return stopped;
  });
  expect(scope.size).toBe(0);
});

test('nothing becomes an unhandled rejection, and no message is kept', async () => {
  const { ref } = spawned<object>({ supervise: { maxRestarts: 1000 }, onDeadLetter: () => undefined, onEvent: () => undefined, init: () => () => Promise.reject(new Error('always')) });
  const unhandled = await unhandledDuring(() =>
    collected(async () => {
      const message = { big: new Uint8Array(10) };
      await ref.tell(message);
      await ref.run(() => undefined);
      return message;
    }),
  );
  expect(unhandled).toEqual([]);
});

function cancellation(): { signal: AbortSignal; abort: (reason: unknown) => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: (reason) => controller.abort(reason) };
}

test.each([{ capacity: 0 }, { prefetch: 0 }, { ackTimeoutMs: -1 }, { supervise: { maxRestarts: -1 } }, { supervise: { withinMs: 0 } }])('refuses %j', (options) => {
  const scope = new TaskScope();
  expect(() => spawnActor<number>(scope, { capacity: 1, init: () => () => 1, ...options })).toThrow(RangeError);
  scope.close();
  expect(() => spawnActor<number>(scope, { capacity: 1, init: () => () => 1 })).toThrow('takes no more tasks');
});
