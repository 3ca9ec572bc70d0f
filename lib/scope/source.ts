import type { Cancellation } from './cancel-token.js';
import { isThenable } from './thenable.js';

/** What items can be pulled from. */
export type Source<T> = AsyncIterable<T> | Iterable<T | PromiseLike<T>>;

/**
 * Pulls from a source under a cancellation: a pull that is under way is given up at once, and `return` is called once, whatever happens.
 */
export class Puller<T> {
  readonly #pull: () => PromiseLike<IteratorResult<T, unknown>> | IteratorResult<T, unknown>;
  readonly #leave: () => unknown;
  readonly #cancellation: Cancellation;
  readonly #onLate: ((item: T) => void) | undefined;
  #isOver = false;
  #isPulling = false;

  /** @param onLate - is given the item of a pull that was given up, if it comes after all */
  constructor(source: Source<T>, cancellation: Cancellation, onLate?: (item: T) => void) {
    this.#cancellation = cancellation;
    this.#onLate = onLate;
    // Looked up, not asked with `in`: text is iterable too, and no object.
    const iterate = (source as Partial<AsyncIterable<T>>)[Symbol.asyncIterator];
    if (iterate !== undefined) {
      const iterator = Reflect.apply(iterate, source, []);
      this.#pull = () => iterator.next();
      this.#leave = () => iterator.return?.();
    } else {
      const iterator = (source as Iterable<T | PromiseLike<T>>)[Symbol.iterator]();
      this.#pull = () => settledValue(iterator.next());
      this.#leave = () => iterator.return?.();
    }
  }

  /**
   * One pull at a time.
   *
   * @returns the item, without a promise where it is here: a list is not waited for
   * @throws what the source throws, or the reason of the cancellation; at once or as a rejection
   */
  next(): Promise<IteratorResult<T, undefined>> | IteratorResult<T, undefined> {
    this.#cancellation.throwIfCancelled();
    const result = this.#pull();
    return isThenable(result) ? this.#wait(result) : this.#pulled(result);
  }

  async #wait(pull: PromiseLike<IteratorResult<T, unknown>>): Promise<IteratorResult<T, undefined>> {
    this.#isPulling = true;
    let result: IteratorResult<T, unknown>;
    try {
      result = await this.#unlessCancelled(pull);
    } catch (error) {
      // One that was given up is left in mid-pull. One that threw is told to end all the same: it may only have held a rejected promise.
      if (!this.#cancellation.cancelled) this.#isPulling = false;
      throw error;
    }
    this.#isPulling = false;
    return this.#pulled(result);
  }

  #pulled(result: IteratorResult<T, unknown>): IteratorResult<T, undefined> {
    if (result.done !== true) return { done: false, value: result.value };
    this.#isOver = true;
    return { done: true, value: undefined };
  }

  /**
   * Tells the source that nobody will pull any more. It is waited for, unless it is still busy with a pull that was given up: a
   * generator answers only after that.
   */
  async close(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    const ended = Promise.resolve(this.#leave());
    if (this.#isPulling) void ended.catch(() => undefined);
    else await ended;
  }

  #unlessCancelled(pull: PromiseLike<IteratorResult<T, unknown>>): Promise<IteratorResult<T, unknown>> {
    return new Promise((resolve, reject) => {
      let isGivenUp = false;
      const tie = this.#cancellation.onCancel((reason) => {
        isGivenUp = true;
        reject(reason);
      });
      Promise.resolve(pull).then(
        (result) => {
          tie[Symbol.dispose]();
          if (isGivenUp && result.done !== true) this.#onLate?.(result.value);
          resolve(result);
        },
        (error: unknown) => {
          tie[Symbol.dispose]();
          reject(error);
        },
      );
    });
  }
}

/** As `for await` does it: promises in a plain iterable are awaited, those in an async one are items like any other. */
function settledValue<T>(result: IteratorResult<T | PromiseLike<T>, unknown>): PromiseLike<IteratorResult<T, unknown>> | IteratorResult<T, unknown> {
  if (result.done === true) return result;
  const { value } = result;
  return isThenable(value) ? Promise.resolve(value).then((settled) => ({ done: false, value: settled })) : { done: false, value };
}
