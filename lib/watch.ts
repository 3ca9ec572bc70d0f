import type { Cancellable } from './channel/types.js';
import { DONE, Iteration } from './iteration.js';
import { Publication, Publisher } from './publisher.js';

/** Sets the value that receivers look at. Never waits, and no value is queued. After tokio's `watch::Sender`. */
export interface WatchSender<T> extends Disposable {
  /** Puts a new value in the old one's place and wakes the receivers, also when it is the same value. Nothing happens after `close`. */
  send(value: T): void;
  /** Makes a receiver to whom the present value is news no more. */
  subscribe(): WatchReceiver<T>;
  /** No value comes any more: receivers see the last one, then the end. Disposing is closing. */
  close(): void;
  /** The present value. */
  readonly value: T;
  /** Receivers that were not disposed of. */
  readonly receivers: number;
}

/**
 * Looks at the latest value. Iterating gives the present value, then each that is the latest when the loop comes round: a slow loop
 * misses values, never the last one. Leaving a loop leaves the receiver as it is. After tokio's `watch::Receiver`.
 */
export interface WatchReceiver<T> extends Disposable, AsyncIterable<T, undefined, undefined> {
  /** The present value, which counts as seen from now on. */
  latest(): T;
  /**
   * Waits for a value that was not seen; it counts as seen from then on.
   *
   * Cancel safe: rejected means nothing was seen.
   *
   * @returns `true` when there is one; `false` when the sender was closed, or this receiver disposed of, and there is none
   */
  changed(options?: Cancellable): Promise<boolean>;
  /** Whether there is a value that was not seen. */
  readonly hasChanged: boolean;
}

class WatchState<T> extends Publication {
  value: T;
  /** Counts the values. */
  version = 0;

  constructor(value: T) {
    super();
    this.value = value;
  }
}

class WatchSenderHandle<T> extends Publisher<WatchState<T>> implements WatchSender<T> {
  send(value: T): void {
    const state = this.state;
    if (!state.isOpen) return;
    state.value = value;
    state.version++;
    state.wakers.wake();
  }

  subscribe(): WatchReceiver<T> {
    return new WatchReceiverHandle(this.state);
  }

  get value(): T {
    return this.state.value;
  }
}

class WatchReceiverHandle<T> implements WatchReceiver<T> {
  readonly #state: WatchState<T>;
  #seen: number;
  #isDisposed = false;

  constructor(state: WatchState<T>) {
    this.#state = state;
    this.#seen = state.version;
    state.receivers++;
  }

  latest(): T {
    this.#seen = this.#state.version;
    return this.#state.value;
  }

  async changed(options?: Cancellable): Promise<boolean> {
    return this.#changedUnless(() => this.#isDisposed, options?.signal);
  }

  get hasChanged(): boolean {
    return !this.#isDisposed && this.#seen !== this.#state.version;
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<T, undefined, undefined> {
    let isFirst = true;
    let isLeft = false;
    return new Iteration(
      async () => {
        const isNews = isFirst || (await this.#changedUnless(() => isLeft || this.#isDisposed));
        isFirst = false;
        return isNews ? { done: false, value: this.latest() } : DONE;
      },
      () => {
        isLeft = true;
        // Of those who wait, this loop finds that it was left.
        this.#state.wakers.wake();
      },
    );
  }

  async #changedUnless(isOver: () => boolean, signal?: AbortSignal): Promise<boolean> {
    signal?.throwIfAborted();
    while (!this.hasChanged) {
      if (isOver() || !this.#state.isOpen) return false;
      await this.#state.wakers.wait(signal);
    }
    this.#seen = this.#state.version;
    return true;
  }

  [Symbol.dispose](): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#state.receivers--;
    // Who waits through this receiver finds it disposed of; the others wait on.
    this.#state.wakers.wake();
  }
}

/**
 * Makes a place for one value that changes, such as a configuration: receivers see the latest one, not each. After tokio's
 * `watch::channel`.
 *
 * @param initial - the first value
 * @returns the sender, and a receiver to whom `initial` is no news
 */
export function watch<T>(initial: T): [WatchSender<T>, WatchReceiver<T>] {
  const sender = new WatchSenderHandle(new WatchState(initial));
  return [sender, sender.subscribe()];
}
