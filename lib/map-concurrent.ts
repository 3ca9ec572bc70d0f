import type { Cancellation } from './scope/cancel-token.js';
import { Puller } from './scope/source.js';
import { isThenable } from './scope/thenable.js';
import type { Source } from './scope/source.js';
import type { TaskContext } from './scope/task.js';
import { TaskScope } from './scope/task-scope.js';

export interface MapConcurrentOptions {
  /** Stops pulling, cancels what runs, and is what the promise rejects with. */
  readonly signal?: AbortSignal | undefined;
  /** The same as `signal`, for those who have a token, a task's context or a scope. */
  readonly parent?: Cancellation | undefined;
}

/**
 * `Promise.all(items.map(fn))` with a bound: at most `limit` calls run at a time, and the source is pulled only when one of them may
 * start.
 *
 * ```ts
 * const pages = await mapConcurrent(urls, 8, (url, _index, task) => fetch(url, { signal: task.signal }));
 * ```
 *
 * @param items - an iterable or async iterable; promises in it are awaited. Its `return` is called when it is left early
 * @param limit - an integer of at least 1
 * @param fn - is given the item, its index from 0, and a task context whose `signal` is aborted when another call fails
 * @returns the results, in the order of the items
 * @throws the first error of a call or of the source, once the other calls have ended; the reason of a cancellation from outside
 * @throws {RangeError} when `limit` is out of bounds
 *
 * Semantics of `futures::StreamExt::buffered` with its results collected. For results as they come, in order, use `pipeline`.
 */
export async function mapConcurrent<T, R>(items: Source<T>, limit: number, fn: (item: T, index: number, task: TaskContext) => PromiseLike<R> | R, options: MapConcurrentOptions = {}): Promise<R[]> {
  if (!(Number.isInteger(limit) && limit >= 1)) throw new RangeError(`a limit is an integer of at least 1; it was ${limit}`);
  const scope = new TaskScope({ ...options, name: 'mapConcurrent' });
  const results: R[] = [];
  /** Lets the loop go on that waits for a call to end. */
  let goOn: (() => void) | undefined;
  let pulled = 0;
  let running = 0;
  let failure: { readonly error: unknown } | undefined;
  /** The first error is the one to tell: what the others make of being cancelled is not. */
  const fail = (error: unknown): void => {
    failure ??= { error };
    scope.cancel(error);
  };
  const ended = (): void => {
    running--;
    goOn?.();
  };
  // Not an async function: for each item that would be a promise more.
  const start = (item: T, index: number): void => {
    const succeed = (result: R): void => {
      results[index] = result;
      ended();
    };
    const giveUp = (error: unknown): void => {
      fail(error);
      ended();
    };
    running++;
    scope.spawn((task) => {
      try {
        const result = fn(item, index, task);
        if (isThenable(result)) return Promise.resolve(result).then(succeed, giveUp);
        succeed(result);
      } catch (error) {
        giveUp(error);
      }
      return undefined;
    });
  };
  const puller = new Puller(items, scope);
  try {
    for (;;) {
      const pull = puller.next();
      const next = pull instanceof Promise ? await pull : pull;
      if (next.done === true) break;
      scope.throwIfCancelled();
      start(next.value, pulled++);
      while (running >= limit) {
        await new Promise<void>((resolve) => (goOn = resolve));
      }
    }
  } catch (error) {
    fail(error);
  }
  try {
    await scope.join();
    if (failure === undefined) return results;
    await puller.close().catch(() => undefined);
    throw failure.error;
  } finally {
    scope.close();
  }
}
