import { afterTurn, budget } from '../budget.js';
import { LONGEST_MS } from '../delay.js';
import type { Cancellation } from './cancel-token.js';

/**
 * Waits.
 *
 * @param ms - milliseconds, 0 to 2^31 - 1 (about 24.8 days)
 * @param cancellation - interrupts the wait at once
 * @throws {RangeError} when `ms` is out of bounds
 * @throws the reason of the cancellation
 */
export function sleep(ms: number, cancellation?: Cancellation): Promise<void> {
  if (!(ms >= 0 && ms <= LONGEST_MS)) return Promise.reject(new RangeError(`a delay is 0 to ${LONGEST_MS} milliseconds; it was ${ms}`));
  return new Promise((resolve, reject) => {
    if (cancellation?.cancelled === true) {
      reject(cancellation.reason);
      return;
    }
    const tie = cancellation?.onCancel((reason) => {
      clearTimeout(timer);
      reject(reason);
    });
    const timer = setTimeout(() => {
      tie?.[Symbol.dispose]();
      resolve();
    }, ms);
  });
}

/** Gives the event loop one turn: timers, sockets and everyone else get theirs before the promise settles. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    afterTurn(() => {
      budget.renew();
      resolve();
    });
  });
}
