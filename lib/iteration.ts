/** The end of an iteration, as an iterator says it. */
export const DONE: IteratorReturnResult<undefined> = Object.freeze({ done: true, value: undefined });

/**
 * An iteration of what is waited for. Calls of `next` are answered one after the other, as a generator does it; but `return` waits for
 * none of them: it leaves at once, also before the first `next`, and ends what they wait for.
 */
export class Iteration<T> implements AsyncIterableIterator<T, undefined, undefined> {
  readonly #take: () => Promise<IteratorResult<T, undefined>>;
  readonly #leave: () => PromiseLike<void> | void;
  #isOver = false;
  #last: Promise<unknown> = Promise.resolve();

  /**
   * @param take - gives the next item; must settle once `leave` was called. What it throws after that is told to nobody
   * @param leave - called once, when the iteration is over, however that came
   */
  constructor(take: () => Promise<IteratorResult<T, undefined>>, leave: () => PromiseLike<void> | void) {
    this.#take = take;
    this.#leave = leave;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    const result = this.#last.then(() => this.#step());
    this.#last = result.catch(() => undefined);
    return result;
  }

  async return(): Promise<IteratorReturnResult<undefined>> {
    await this.#end();
    return DONE;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async #step(): Promise<IteratorResult<T, undefined>> {
    if (this.#isOver) return DONE;
    try {
      const result = await this.#take();
      if (result.done === true) await this.#end();
      return result;
    } catch (error) {
      if (this.#isOver) return DONE;
      await this.#end();
      throw error;
    }
  }

  async #end(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    await this.#leave();
  }
}
