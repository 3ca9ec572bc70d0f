/** The longest delay that a timer takes, in ms, about 24.8 days; a longer one would be over at once. */
export const LONGEST_MS = 2 ** 31 - 1;

/** What `clearTimeout` takes. */
export type Timer = ReturnType<typeof setTimeout> | undefined;

/**
 * @param what - names the option in the message
 * @throws {RangeError} unless `ms` is a delay that a timer takes, or `Infinity`
 */
export function requireDelay(ms: number, what: string): void {
  if ((ms >= 0 && ms <= LONGEST_MS) || ms === Infinity) return;
  throw new RangeError(`${what} is 0 to ${LONGEST_MS} milliseconds, or Infinity; it was ${ms}`);
}

/**
 * Calls back later; never, where the delay is `Infinity`, which a timer by itself would take for 1.
 *
 * @param ms - one that `requireDelay` lets through
 */
export function after(ms: number, callback: () => void): Timer {
  return ms === Infinity ? undefined : setTimeout(callback, ms);
}
