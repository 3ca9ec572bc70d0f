import { setTimeout as delay } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { AckError } from '../../../lib/index.js';
import type { Turn } from '../../../lib/index.js';
import { settle } from '../../support/promises.js';
import { spawned } from './harness.js';

/** An actor that acknowledges nothing by itself, and what was delivered to it. */
function manual(options: { prefetch?: number; ackTimeoutMs?: number; fails?: (message: string, attempt: number) => boolean } = {}) {
  const delivered: string[] = [];
  const turns: Turn[] = [];
  const { fails, ...rest } = options;
  const actor = spawned<string>({
    ...rest,
    ack: 'manual',
    supervise: { maxRestarts: 10 },
    init: () => (message, turn) => {
      delivered.push(`${message}${turn.attempt}`);
      turns.push(turn);
      if (fails?.(message, turn.attempt)) throw new Error(message);
      return 'answer';
    },
  });
  return { ...actor, delivered, turns };
}

test('no more are delivered than may be unacknowledged', async () => {
  const { ref, delivered, turns } = manual({ prefetch: 2 });
  for (const message of ['a', 'b', 'c']) await ref.tell(message);
  await settle();
  expect(delivered).toEqual(['a1', 'b1']);
  turns[1]?.ack();
  await settle();
  expect(delivered).toEqual(['a1', 'b1', 'c1']);
});

test('exactly one acknowledgement counts', async () => {
  const { ref, turns, letters } = manual({ prefetch: 9 });
  for (const message of ['a', 'b']) await ref.tell(message);
  await settle();
  turns[0]?.ack();
  expect(() => turns[0]?.ack()).toThrow(AckError);
  expect(() => turns[0]?.nack()).toThrow('a message of actor cannot be acknowledged: it was acknowledged already');
  turns[1]?.nack({ requeue: false, reason: 'bad' });
  expect(() => turns[1]?.ack()).toThrow(expect.objectContaining({ code: 'ERR_ACK', name: 'AckError' }) as Error);
  expect(letters).toEqual([{ actor: 'actor', message: 'b', reason: 'nacked', cause: 'bad' }]);
});

test('a refused message is delivered again, before those that wait', async () => {
  const { ref, delivered, turns } = manual();
  for (const message of ['a', 'b']) await ref.tell(message);
  await settle();
  turns[0]?.nack();
  await settle();
  expect(delivered).toEqual(['a1', 'a2']);
});

test('a message that is not acknowledged in time is delivered again; the late acknowledgement is refused', async () => {
  const { ref, delivered, turns } = manual({ ackTimeoutMs: 5 });
  await ref.tell('a');
  await vi.waitFor(() => expect(delivered.slice(0, 2)).toEqual(['a1', 'a2']));
  expect(() => turns[0]?.ack()).toThrow('that took longer than 5 ms');
  turns.at(-1)?.ack();
  const { length } = delivered;
  await delay(12);
  expect(delivered).toHaveLength(length);
});

test('what a stop finds unacknowledged is a dead letter, and can be acknowledged no more', async () => {
  const { ref, turns, letters } = manual({ prefetch: 2 });
  for (const message of ['a', 'b']) await ref.tell(message);
  await settle();
  turns[0]?.ack();
  await ref.stop({ drain: true });
  expect(letters.map(({ message, reason }) => [message, reason])).toEqual([['b', 'stopped']]);
  expect(() => turns[1]?.ack()).toThrow('the actor has stopped');
});

test('draining waits for acknowledgements only as long as messages wait behind them', async () => {
  const { ref, turns, delivered } = manual();
  for (const message of ['a', 'b']) await ref.tell(message);
  await settle();
  const stopped = ref.stop({ drain: true });
  await settle();
  expect(delivered).toEqual(['a1']);
  turns[0]?.ack();
  await stopped;
  expect(delivered).toEqual(['a1', 'b1']);
});

test('a message whose handler failed is delivered again after the restart, unless it was acknowledged', async () => {
  const { ref, delivered, turns, letters, types } = manual({ fails: (message, attempt) => message === 'a' && attempt === 1 });
  await ref.tell('a');
  await settle();
  expect([delivered, types()]).toEqual([
    ['a1', 'a2'],
    ['started', 'failed', 'restarted'],
  ]);
  expect(() => turns[0]?.ack()).toThrow('its handler failed');
  turns[1]?.ack();
  expect(letters).toEqual([]);

  const done: string[] = [];
  const { ref: early } = spawned<string>({
    ack: 'manual',
    init: () => (message, turn) => {
      done.push(message);
      turn.ack();
      throw new Error('after');
    },
  });
  await early.tell('x');
  await settle();
  expect(done).toEqual(['x']);
});

test('an ask is acknowledged by its answer', async () => {
  const { ref, turns } = manual();
  expect([await ref.ask('a'), await ref.ask('b')]).toEqual(['answer', 'answer']);
  expect(() => turns[0]?.ack()).toThrow('that happens when its handler returns');
});

test('without manual acknowledgement there is nothing to acknowledge', async () => {
  const { ref } = spawned<number>({ init: () => (_, turn) => {
    try {
      turn.nack();
    } catch (error) {
      return error;
    }
    return undefined;
  } });
  expect(await ref.ask(1)).toBeInstanceOf(AckError);
});
