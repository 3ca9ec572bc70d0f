import type { Cancellable, TryRecvResult } from './channel/types.js';
import { ConcurrentReceiveError, LaggedError } from './errors.js';
import { DONE, Iteration } from './iteration.js';
import { Publication, Publisher } from './publisher.js';

/** Sends every item to every receiver that there is. Never waits: a slow receiver misses the oldest. After tokio's `broadcast::Sender`. */
export interface BroadcastSender<T> extends Disposable {
  /** @returns how many receivers will see the item; 0 also after `close` */
  send(item: T): number;
  /** Makes a receiver of the items that are sent from now on. */
  subscribe(): BroadcastReceiver<T>;
  /** No item comes any more: receivers get what is left, then the end. Disposing is closing. */
  close(): void;
  /** Receivers that were not disposed of. */
  readonly receivers: number;
}

/** Receives the items sent since it was made. Leaving a loop over it disposes of it. After tokio's `broadcast::Receiver`. */
export interface BroadcastReceiver<T> extends Disposable, AsyncIterable<T, undefined, undefined> {
  /**
   * Waits for the next item. Cancel safe: rejected with the signal's reason means nothing was received.
   *
   * @throws {LaggedError} as a rejection, when items were overwritten before this receiver took them; the next call goes on with the oldest
   * that is left
   * @throws {ConcurrentReceiveError} as a rejection, while an earlier receive waits
   */
  recv(options?: Cancellable): Promise<IteratorResult<T, undefined>>;
  /** @throws {LaggedError} as `recv` */
  tryRecv(): TryRecvResult<T>;
}

interface Slot<T> {
  readonly item: T;
  /** Receivers that have not taken it; at 0 the item is let go of. */
  unseen: number;
}

const EMPTY = Object.freeze({ ok: false, reason: 'empty' } as const);
const CLOSED = Object.freeze({ ok: false, reason: 'closed' } as const);

class BroadcastState<T> extends Publication {
  readonly capacity: number;
  /** The latest items, by number modulo capacity. */
  readonly slots: (Slot<T> | undefined)[] = [];
  /** The number of the item that is sent next. */
  tail = 0;

  constructor(capacity: number) {
    super();
    this.capacity = capacity;
  }

  /** The number of the oldest item that is still there. */
  get oldest(): number {
    return Math.max(0, this.tail - this.capacity);
  }

  /** One receiver has done with an item. */
  take(number: number): T {
    const at = number % this.capacity;
    const slot = this.slots[at] as Slot<T>;
    if (--slot.unseen === 0) this.slots[at] = undefined;
    return slot.item;
  }
}

class BroadcastSenderHandle<T> extends Publisher<BroadcastState<T>> implements BroadcastSender<T> {
  send(item: T): number {
    const state = this.state;
    if (!state.isOpen) return 0;
    if (state.receivers > 0) state.slots[state.tail % state.capacity] = { item, unseen: state.receivers };
    state.tail++;
    state.wakers.wake();
    return state.receivers;
  }

  subscribe(): BroadcastReceiver<T> {
    return new BroadcastReceiverHandle(this.state);
  }
}

class BroadcastReceiverHandle<T> implements BroadcastReceiver<T> {
  readonly #state: BroadcastState<T>;
  /** The number of the item it gets next. */
  #next: number;
  #isWaiting = false;
  #isDisposed = false;

  constructor(state: BroadcastState<T>) {
    this.#state = state;
    this.#next = state.tail;
    state.receivers++;
  }

  async recv(options?: Cancellable): Promise<IteratorResult<T, undefined>> {
    if (this.#isWaiting) throw new ConcurrentReceiveError('a receive on this broadcast receiver is still waiting');
    options?.signal?.throwIfAborted();
    for (;;) {
      const result = this.tryRecv();
      if (result.ok) return { done: false, value: result.value };
      if (result.reason === 'closed') return DONE;
      this.#isWaiting = true;
      try {
        await this.#state.wakers.wait(options?.signal);
      } finally {
        this.#isWaiting = false;
      }
    }
  }

  tryRecv(): TryRecvResult<T> {
    const state = this.#state;
    if (this.#isDisposed) return CLOSED;
    const skipped = state.oldest - this.#next;
    if (skipped > 0) {
      this.#next = state.oldest;
      throw new LaggedError(skipped);
    }
    if (this.#next === state.tail) return state.isOpen ? EMPTY : CLOSED;
    return { ok: true, value: state.take(this.#next++) };
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<T, undefined, undefined> {
    return new Iteration(
      () => this.recv(),
      () => this[Symbol.dispose](),
    );
  }

  [Symbol.dispose](): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    const state = this.#state;
    state.receivers--;
    for (let number = Math.max(this.#next, state.oldest); number < state.tail; number++) state.take(number);
    // Who waits through this receiver finds it disposed of; the others wait on.
    state.wakers.wake();
  }
}

/**
 * Makes a channel whose every receiver gets every item, with the latest `capacity` items kept for the slow ones. After tokio's
 * `broadcast::channel`. An item is let go of when every receiver has taken it, or when it is overwritten.
 *
 * @param capacity - how far a receiver may lag behind without missing items: a whole number from 1
 * @returns the sender; receivers come from `subscribe`
 * @throws {RangeError} when `capacity` is out of bounds
 */
export function broadcast<T>(capacity: number): BroadcastSender<T> {
  if (!Number.isSafeInteger(capacity) || capacity < 1) throw new RangeError(`a broadcast's capacity is a whole number from 1; it was given ${capacity}`);
  return new BroadcastSenderHandle(new BroadcastState<T>(capacity));
}
