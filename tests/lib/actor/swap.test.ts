import { describe, expect, test } from 'vitest';
import { SwapError } from '../../../lib/index.js';
import type { Behaviour, Init } from '../../../lib/index.js';
import { errorOf, settle, watch } from '../../support/promises.js';
import { gate, spawned } from './harness.js';

/** Handlers that note who handled what, and when they were disposed of. */
function versions(wait: () => Promise<void> = () => Promise.resolve()) {
  const log: string[] = [];
  const version =
    (name: string): Init<number, string> =>
    (): Behaviour<number, string> => ({
      receive: async (n) => {
        await wait();
        log.push(`${n} by ${name}`);
        return name;
      },
      dispose: () => void log.push(`${name} gone`),
    });
  return { log, version };
}

describe('a swap', () => {
  test('during a message lets the old handler finish it, and gives the rest to the next', async () => {
    const { wait, open } = gate();
    const { log, version } = versions(wait);
    const { ref } = spawned({ init: version('old') });
    for (const n of [1, 2]) await ref.tell(n);
    await settle();
    const swapped = ref.swap(version('new'));
    await ref.tell(3);
    open();
    await swapped;
    await ref.stop({ drain: true });
    expect(log).toEqual(['1 by old', 'old gone', '2 by new', '3 by new', 'new gone']);
  });

  test('with mailbox lets the old handler finish what was sent before the call, also by those who wait for room', async () => {
    const { wait, open } = gate();
    const { log, version } = versions(wait);
    const { ref } = spawned({ capacity: 1, init: version('old') });
    await ref.tell(1);
    await settle();
    await ref.tell(2);
    const parked = ref.tell(3);
    const swapped = ref.swap(version('new'), { drain: 'mailbox' });
    const later = ref.tell(4);
    await settle();
    open();
    await Promise.all([swapped, parked, later]);
    await ref.stop({ drain: true });
    expect(log).toEqual(['1 by old', '2 by old', '3 by old', 'old gone', '4 by new', 'new gone']);
  });

  test('counts a message that an idle actor was handed in the same tick', async () => {
    const { log, version } = versions();
    const { ref } = spawned({ init: version('old') });
    await ref.ask(0);
    await settle();
    void ref.tell(1);
    await ref.swap(version('new'), { drain: 'mailbox' });
    await ref.stop();
    expect(log).toEqual(['0 by old', '1 by old', 'old gone', 'new gone']);
  });

  test('during a retry’s back-off is done at once: the next attempt is the new handler’s', async () => {
    const log: string[] = [];
    const { ref } = spawned<number, string>({
      retry: { baseMs: 20, capMs: 20, maxAttempts: 2 },
      init: () => ({ receive: () => Promise.reject(new Error('old')), dispose: () => void log.push('old gone') }),
    });
    const answer = watch(ref.ask(1));
    await settle();
    await ref.swap(() => (_, { attempt }) => `new, attempt ${attempt}`);
    expect([log, answer.state]).toEqual([['old gone'], 'pending']);
    await ref.run(() => undefined);
    expect(answer.value).toBe('new, attempt 2');
  });

  test('with mailbox, during a retry’s back-off, leaves the message to the old handler', async () => {
    const { ref } = spawned<number, string>({
      retry: { baseMs: 100, capMs: 100, maxAttempts: 2, order: 'requeue' },
      init: () => (_, { attempt }) => (attempt === 1 ? Promise.reject(new Error('first')) : 'old'),
    });
    const answer = ref.ask(1);
    await settle();
    const swapped = watch(ref.swap(() => () => 'new', { drain: 'mailbox' }));
    expect([await ref.ask(2), swapped.state]).toEqual(['new', 'pending']);
    expect(await answer).toBe('old');
    await settle();
    expect(swapped.state).toBe('fulfilled');
  });

  test('twice at once is done one after the other', async () => {
    const { log, version } = versions();
    const { ref } = spawned({ init: version('a') });
    await Promise.all([ref.swap(version('b')), ref.swap(version('c'), { drain: 'mailbox' }), ref.ask(1)]);
    expect(await ref.ask(2)).toBe('c');
    expect(log.filter((entry) => entry.endsWith('gone'))).toEqual(['a gone', 'b gone']);
  });

  test('whose init fails leaves the old handler where it is', async () => {
    const { log, version } = versions();
    const { ref, types } = spawned({ init: version('old') });
    const failing = ref.swap(() => Promise.reject(new Error('no')));
    expect(await ref.ask(1)).toBe('old');
    const error = await errorOf(failing);
    expect(error).toBeInstanceOf(SwapError);
    expect(error).toMatchObject({ code: 'ERR_SWAP', cause: new Error('no'), message: 'actor keeps its handler: the next one could not be made' });
    await ref.swap(version('new'));
    expect([await ref.ask(2), log, types()]).toEqual(['new', ['1 by old', 'old gone', '2 by new'], ['started', 'swapped']]);
  });

  test('of a stopped actor, or one that stops meanwhile, is refused; the next handler is disposed of', async () => {
    const { wait, open } = gate();
    const { log, version } = versions();
    const { ref } = spawned({ init: version('old') });
    const late = watch(
      ref.swap(async (context) => {
        await wait();
        return version('new')(context);
      }),
    );
    await settle();
    await ref.stop();
    open();
    await settle();
    expect([late.error, await errorOf(ref.swap(version('x')))]).toMatchObject([{ code: 'ERR_ACTOR_STOPPED' }, { code: 'ERR_ACTOR_STOPPED' }]);
    expect(log).toEqual(['old gone', 'new gone']);
  });

  test('is what a restart starts from', async () => {
    const { ref } = spawned<number, string>({ init: () => () => 'old' });
    let made = 0;
    await ref.swap(() => {
      made++;
      return (n) => (n === 0 ? Promise.reject(new Error('x')) : `new ${made}`);
    });
    await errorOf(ref.ask(0));
    expect(await ref.ask(1)).toBe('new 2');
  });
});
