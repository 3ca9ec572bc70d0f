import { LONGEST_MS } from './delay.js';
import { CancelToken, Cancelled, onAbort } from './scope/cancel-token.js';
import type { Cancellation } from './scope/cancel-token.js';
import { sleep } from './scope/sleep.js';

/**
 * Anything that runs a call under a policy of its own: a circuit breaker, a bulkhead, a rate limiter. Cockatiel's policies are such.
 */
export interface Executor {
  execute<R>(call: () => PromiseLike<R> | R, signal?: AbortSignal): PromiseLike<R>;
}

/** When to try again, and how long to wait before. */
export interface RetryPolicy {
  /** How often to try in all, an integer of at least 1. 3 when left out. */
  readonly maxAttempts?: number | undefined;
  /** The shortest wait, in milliseconds. 100 when left out. */
  readonly baseMs?: number | undefined;
  /** The longest wait, in milliseconds, `Infinity` if they may grow for ever. 30,000 when left out. */
  readonly capMs?: number | undefined;
  /** Whether trying again makes sense after this error; it always does when left out. `attempt` counts from 1. */
  readonly isRetryable?: ((error: unknown, attempt: number) => boolean) | undefined;
  /** A number in [0, 1), `Math.random` when left out. */
  readonly random?: (() => number) | undefined;
}

export interface RetryOptions extends RetryPolicy {
  /** Interrupts a wait at once, and keeps a failed attempt from being repeated. */
  readonly signal?: AbortSignal | undefined;
  /** The same as `signal`, for those who have a token, a task's context or a scope. */
  readonly parent?: Cancellation | undefined;
  /** Each attempt is made through it. An error of its own (an open circuit) counts as the attempt's. */
  readonly breaker?: Executor | undefined;
}

/** What an attempt is told about itself. */
export interface Attempt extends Cancellation {
  /** 1 for the first. */
  readonly attempt: number;
}

/**
 * Waits between attempts: each a random length between `baseMs` and three times the one before, at most `capMs`. Callers that failed
 * together spread out instead of coming back together.
 *
 * Source: "Exponential Backoff And Jitter", AWS Architecture Blog, 2015 ("decorrelated jitter").
 *
 * @returns a function that gives the next wait, in milliseconds
 * @throws {RangeError} unless 0 <= baseMs <= capMs
 */
export function decorrelatedJitter({ baseMs = 100, capMs = 30_000, random = Math.random }: RetryPolicy = {}): () => number {
  if (!(baseMs >= 0 && baseMs <= capMs)) throw new RangeError(`waits go from baseMs to capMs, 0 <= baseMs <= capMs; they were ${baseMs} and ${capMs}`);
  let last = baseMs;
  return () => {
    last = Math.min(capMs, LONGEST_MS, baseMs + random() * (last * 3 - baseMs));
    return last;
  };
}

/**
 * Whether an attempt may be followed by another.
 *
 * @throws {RangeError} when `maxAttempts` is not an integer of at least 1
 */
export function mayRetry(policy: RetryPolicy, error: unknown, attempt: number): boolean {
  return attempt < attemptsOf(policy) && policy.isRetryable?.(error, attempt) !== false;
}

function attemptsOf({ maxAttempts = 3 }: RetryPolicy): number {
  if (!(Number.isInteger(maxAttempts) || maxAttempts === Infinity) || maxAttempts < 1) throw new RangeError(`maxAttempts is an integer of at least 1; it was ${maxAttempts}`);
  return maxAttempts;
}

/**
 * Calls a function until it succeeds, it has failed often enough, or the caller gives up.
 *
 * @param call - is told the attempt's number and is given the cancellation, as `signal` among others
 * @param options - the policy, and what interrupts it
 * @returns what the first successful attempt returned
 * @throws the last attempt's error; or the reason of the cancellation: before an attempt, at once during a wait, and in place of the
 * error of an attempt that failed after it. An attempt under way is waited for, and if it succeeds all the same, that counts
 * @throws {RangeError} when the policy's numbers are out of bounds
 *
 * Cancel safe through `signal` and `parent` only: leaving the promise alone does not stop the attempts.
 */
export async function retry<R>(call: (attempt: Attempt) => PromiseLike<R> | R, options: RetryOptions = {}): Promise<R> {
  const { breaker, signal, parent } = options;
  attemptsOf(options);
  const nextWait = decorrelatedJitter(options);
  const token = new CancelToken(parent);
  const tie = signal && onAbort(signal, (reason) => token.cancel(reason));
  try {
    for (let attempt = 1; ; attempt++) {
      token.throwIfCancelled();
      try {
        const context = new AttemptOf(token, attempt);
        return await (breaker === undefined ? call(context) : breaker.execute(() => call(context), token.signal));
      } catch (error) {
        token.throwIfCancelled();
        if (!mayRetry(options, error, attempt)) throw error;
      }
      await sleep(nextWait(), token);
    }
  } finally {
    tie?.[Symbol.dispose]();
    token[Symbol.dispose]();
  }
}

class AttemptOf extends Cancelled implements Attempt {
  readonly attempt: number;

  constructor(token: CancelToken, attempt: number) {
    super(token);
    this.attempt = attempt;
  }
}
