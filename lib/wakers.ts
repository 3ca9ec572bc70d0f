/** Those who wait for one event, each with a signal of its own: woken all at once, called off in one step. */
export class Wakers {
  readonly #wakers = new Set<() => void>();

  /** How many wait. */
  get size(): number {
    return this.#wakers.size;
  }

  /**
   * Waits until `wake` is called. Cancel safe: a call that was called off leaves nothing behind.
   *
   * @throws the signal's reason, as a rejection
   */
  wait(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(signal.reason);
        return;
      }
      const waker = (): void => {
        signal?.removeEventListener('abort', abort);
        resolve();
      };
      const abort = (): void => {
        signal?.removeEventListener('abort', abort);
        this.#wakers.delete(waker);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', abort);
      this.#wakers.add(waker);
    });
  }

  wake(): void {
    const wakers = [...this.#wakers];
    this.#wakers.clear();
    for (const waker of wakers) waker();
  }
}
