import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CancelToken } from '../../../lib/index.js';
import { isCancellation, onAbort } from '../../../lib/scope/cancel-token.js';

describe('a token', () => {
  test('is cancelled once, with a reason that is handed on untouched', () => {
    const token = new CancelToken();
    expect([token.cancelled, token.reason]).toEqual([false, undefined]);
    token.throwIfCancelled();
    const reason = { why: 'enough' };
    token.cancel(reason);
    token.cancel('again');
    expect([token.cancelled, token.reason]).toEqual([true, reason]);
    expect(() => token.throwIfCancelled()).toThrow(expect.objectContaining(reason) as Error);
  });

  test('has an AbortError for a reason when it is given none', () => {
    const token = new CancelToken();
    token.cancel();
    expect(token.reason).toMatchObject({ name: 'AbortError' });
  });

  test('cancels its children, not its parent; a disposed child is on its own', () => {
    const parent = new CancelToken();
    const [first, second] = [parent.child(), parent.child()];
    first.cancel(1);
    expect([parent.cancelled, second.cancelled]).toEqual([false, false]);
    second[Symbol.dispose]();
    const third = parent.child().child();
    parent.cancel(2);
    expect([first.reason, second.cancelled, third.reason]).toEqual([1, false, 2]);
    expect(parent.child().reason).toBe(2);
  });

  test('has a signal for those who ask for one, before or after', () => {
    const early = new CancelToken();
    const { signal } = early;
    expect(signal.aborted).toBe(false);
    early.cancel('r');
    expect([signal.aborted, signal.reason]).toEqual([true, 'r']);
    const late = new CancelToken();
    late.cancel('r');
    expect([late.signal.aborted, late.signal.reason, late.signal]).toEqual([true, 'r', late.signal]);
  });

  test('calls back in order, at once if it is too late, never after disposal', () => {
    const token = new CancelToken();
    const calls: string[] = [];
    const ties = ['a', 'b', 'c', 'd'].map((name) => token.onCancel((reason) => calls.push(`${name} ${String(reason)}`)));
    ties[1]?.[Symbol.dispose]();
    ties[1]?.[Symbol.dispose]();
    ties[3]?.[Symbol.dispose]();
    token.onCancel(() => ties[2]?.[Symbol.dispose]());
    token.cancel('r');
    token.onCancel((reason) => calls.push(`late ${String(reason)}`))[Symbol.dispose]();
    expect(calls).toEqual(['a r', 'c r', 'late r']);
  });

  test('one callback takes back another that has not been called yet', () => {
    const token = new CancelToken();
    const calls: string[] = [];
    token.onCancel(() => second[Symbol.dispose]());
    const second = token.onCancel(() => calls.push('second'));
    token.cancel();
    expect(calls).toEqual([]);
  });

  test('tells the others when a callback throws, and the error is not lost', async () => {
    const token = new CancelToken();
    const calls: string[] = [];
    const warned = new Promise((resolve) => process.once('warning', resolve));
    const error = new Error('callback');
    token.onCancel(() => {
      throw error;
    });
    token.onCancel(() => calls.push('told'));
    token.cancel();
    expect(calls).toEqual(['told']);
    expect(await warned).toBe(error);
  });

  test('whatever is added and taken back, exactly the rest is called, in order', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constant('add' as const), fc.nat(20))), (operations) => {
        const token = new CancelToken();
        const model: number[] = [];
        const ties: Disposable[] = [];
        const called: number[] = [];
        for (const operation of operations) {
          if (operation === 'add') {
            const id = ties.length;
            ties.push(token.onCancel(() => called.push(id)));
            model.push(id);
          } else {
            ties[operation]?.[Symbol.dispose]();
            if (model.includes(operation)) model.splice(model.indexOf(operation), 1);
          }
        }
        expect(token.isObserved).toBe(model.length > 0);
        token.cancel();
        expect(called).toEqual(model);
      }),
    );
  });

  test('ten thousand children leave it in linear time, and nothing behind', () => {
    const token = new CancelToken();
    const children = Array.from({ length: 10_000 }, () => token.child());
    for (const child of children.reverse()) child[Symbol.dispose]();
    expect(token.isObserved).toBe(false);
  });
});

test('a callback is tied to a platform signal by one listener', () => {
  const controller = new AbortController();
  const reasons: unknown[] = [];
  const tie = onAbort(controller.signal, (reason) => reasons.push(reason));
  expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);
  tie?.[Symbol.dispose]();
  expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  onAbort(controller.signal, (reason) => reasons.push(reason));
  controller.abort('r');
  expect(onAbort(controller.signal, (reason) => reasons.push(reason))).toBeUndefined();
  expect(reasons).toEqual(['r', 'r']);
});

test('an error says no more than the cancellation when it is the reason, or an AbortError', () => {
  const token = new CancelToken();
  const reason = new Error('stop');
  const abort = new DOMException('aborted', 'AbortError');
  expect([isCancellation(reason, token), isCancellation(abort, token)]).toEqual([false, false]);
  token.cancel(reason);
  expect([reason, abort, new Error('stop'), null, 'stop'].map((error) => isCancellation(error, token))).toEqual([true, true, false, false, false]);
});
