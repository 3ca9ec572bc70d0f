import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CancelToken, decorrelatedJitter, retry } from '../../lib/index.js';
import type { Executor } from '../../lib/index.js';
import { errorOf, settle, watch } from '../support/promises.js';

const quick = { baseMs: 0, capMs: 1 };

describe('retry', () => {
  test('tries until it succeeds, and tells each attempt its number', async () => {
    const attempts: number[] = [];
    const result = await retry(
      ({ attempt }) => {
        attempts.push(attempt);
        if (attempt < 3) throw new Error('not yet');
        return 'done';
      },
      { ...quick },
    );
    expect([result, attempts]).toEqual(['done', [1, 2, 3]]);
  });

  test('gives up after maxAttempts with the last error', async () => {
    const errors: Error[] = [];
    const failing = (): never => {
      const error = new Error(`${errors.length}`);
      errors.push(error);
      throw error;
    };
    expect(await errorOf(retry(failing, { ...quick, maxAttempts: 4 }))).toBe(errors[3]);
    expect(errors).toHaveLength(4);
  });

  test('gives up on an error that is not worth it', async () => {
    const seen: unknown[] = [];
    const error = new TypeError('for good');
    const isRetryable = (thrown: unknown, attempt: number): boolean => {
      seen.push([thrown, attempt]);
      return false;
    };
    expect(await errorOf(retry(() => Promise.reject(error), { ...quick, isRetryable }))).toBe(error);
    expect(seen).toEqual([[error, 1]]);
  });

  test('is interrupted in a wait at once, and does not try again', async () => {
    const controller = new AbortController();
    let calls = 0;
    const failing = (): Promise<never> => {
      calls++;
      return Promise.reject(new Error('x'));
    };
    const seen = watch(retry(failing, { signal: controller.signal, baseMs: 60_000, capMs: 60_000 }));
    await settle();
    expect([seen.state, calls, getEventListeners(controller.signal, 'abort').length]).toEqual(['pending', 1, 1]);
    controller.abort('enough');
    await settle();
    expect([seen.state, seen.error, calls, getEventListeners(controller.signal, 'abort').length]).toEqual(['rejected', 'enough', 1, 0]);
  });

  test('does not begin when it is too late', async () => {
    const never = (): never => expect.unreachable();
    expect(await errorOf(retry(never, { signal: AbortSignal.abort('late') }))).toBe('late');
    const parent = new CancelToken();
    parent.cancel('parent');
    expect(await errorOf(retry(never, { parent }))).toBe('parent');
  });

  test('waits for an attempt under way; its success counts, its failure does not', async () => {
    for (const [settleWith, expected] of [
      ['success', { state: 'fulfilled', value: 'success' }],
      ['failure', { state: 'rejected', error: 'aborted' }],
    ] as const) {
      const parent = new CancelToken();
      let end!: () => void;
      const attempt = new Promise<string>((resolve, reject) => (end = () => (settleWith === 'success' ? resolve('success') : reject(new Error('failure')))));
      const seen = watch(retry(() => attempt, { parent, ...quick }));
      await settle();
      parent.cancel('aborted');
      await settle();
      expect(seen.state).toBe('pending');
      end();
      await settle();
      expect(seen).toEqual(expected);
      expect(parent.isObserved).toBe(false);
    }
  });

  test('gives the attempt its cancellation, as signal and otherwise', async () => {
    const parent = new CancelToken();
    const told: unknown[] = [];
    const result = retry(
      (attempt) =>
        new Promise((_, reject) => {
          expect([attempt.cancelled, attempt.reason]).toEqual([false, undefined]);
          attempt.throwIfCancelled();
          attempt.onCancel((reason) => told.push(reason, attempt.reason, attempt.cancelled));
          attempt.signal.addEventListener('abort', () => reject(attempt.signal.reason as Error));
        }),
      { parent },
    );
    await settle();
    parent.cancel('r');
    expect(await errorOf(result)).toBe('r');
    expect(told).toEqual(['r', 'r', true]);
  });

  test('goes through anything that executes: a breaker that opens is heard', async () => {
    const signals: unknown[] = [];
    let failures = 0;
    const breaker: Executor = {
      async execute(call, signal) {
        signals.push(signal);
        if (failures >= 2) throw new Error('open');
        try {
          return await call();
        } catch (error) {
          failures++;
          throw error;
        }
      },
    };
    let calls = 0;
    const failing = (): Promise<never> => Promise.reject(new Error(`call ${++calls}`));
    const error = await errorOf(retry(failing, { ...quick, maxAttempts: 5, breaker, isRetryable: (thrown) => (thrown as Error).message !== 'open' }));
    expect([error, calls, signals.length]).toEqual([new Error('open'), 2, 3]);
    expect(signals.every((signal) => signal instanceof AbortSignal)).toBe(true);
  });

  test.each([
    ['succeeded', () => 1],
    ['failed', () => Promise.reject(new Error('busy'))],
  ])('leaves no listener when it %s', async (_, call) => {
    const { signal } = new AbortController();
    const parent = new CancelToken();
    await retry<unknown>(call, { signal, parent, maxAttempts: 2, baseMs: 0, capMs: 0 }).catch(() => undefined);
    expect([getEventListeners(signal, 'abort').length, parent.isObserved]).toEqual([0, false]);
  });

  test('takes a cap of Infinity: no wait is longer than a timer takes', () => {
    const next = decorrelatedJitter({ baseMs: 1000, capMs: Infinity, random: () => 0.999 });
    const waits = Array.from({ length: 40 }, () => next());
    expect(Math.max(...waits)).toBe(2 ** 31 - 1);
  });

  test.each([{ maxAttempts: 0 }, { maxAttempts: 1.5 }, { maxAttempts: NaN }, { baseMs: -1 }, { baseMs: 2, capMs: 1 }])('refuses %j', async (options) => {
    expect(await errorOf(retry(() => 1, options))).toBeInstanceOf(RangeError);
  });
});

test('waits lie between the base and three times the one before, under the cap', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { minLength: 1 }), fc.nat(1000), fc.nat(10_000), (numbers, baseMs, more) => {
      let at = 0;
      const capMs = baseMs + more;
      const next = decorrelatedJitter({ baseMs, capMs, random: () => numbers[at++ % numbers.length] ?? 0 });
      let last = baseMs;
      for (let i = 0; i < 20; i++) {
        const wait = next();
        expect(wait).toBeGreaterThanOrEqual(baseMs);
        expect(wait).toBeLessThanOrEqual(Math.min(capMs, Math.max(baseMs, last * 3)) + 1e-6);
        last = wait;
      }
    }),
  );
});
