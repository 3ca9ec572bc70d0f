import { leakWatch } from '../leaks.js';
import type { Loss } from '../leaks.js';
import type { ChannelCore } from './core.js';
import { BatchIterator, ItemIterator } from './iterators.js';
import type { Cancellable, IterationOptions, Receiver, TryRecvResult } from './types.js';

/**
 * The channel behind a receiver.
 *
 * @throws {TypeError} when `channel` did not make it
 */
export let coreOfReceiver: <T>(receiver: Receiver<T>) => ChannelCore<T>;

export class ReceiverHandle<T> implements Receiver<T> {
  static {
    coreOfReceiver = <T>(receiver: Receiver<T>) => {
      if (!(receiver instanceof ReceiverHandle)) throw new TypeError('this is no receiver that channel() made');
      return (receiver as ReceiverHandle<T>).#core;
    };
  }

  readonly #core: ChannelCore<T>;

  constructor(core: ChannelCore<T>) {
    this.#core = core;
    if (leakWatch !== undefined) leakWatch.opened(this, receiverLost(core));
  }

  recv(options?: Cancellable): Promise<IteratorResult<T, undefined>> {
    return this.#core.recv(options === undefined ? undefined : options.signal);
  }

  tryRecv(): TryRecvResult<T> {
    return this.#core.tryRecv();
  }

  recvMany(into: T[], limit: number, options?: Cancellable): Promise<number> {
    checkLimit('recvMany', limit, 0);
    return this.#core.recvMany(into, limit, options === undefined ? undefined : options.signal);
  }

  tryRecvMany(into: T[], limit: number): number {
    checkLimit('tryRecvMany', limit, 0);
    this.#core.refuseSecond();
    return this.#core.tryRecvMany(into, limit);
  }

  close(): void {
    this.#core.closeSending();
  }

  values(options?: IterationOptions): AsyncIterableIterator<T, undefined, undefined> {
    return new ItemIterator(this.#core, options?.preventClose !== true, this);
  }

  batches(limit: number, options?: IterationOptions): AsyncIterableIterator<T[], undefined, undefined> {
    checkLimit('batches', limit, 1);
    return new BatchIterator(this.#core, options?.preventClose !== true, this, limit);
  }

  get length(): number {
    return this.#core.ring.length;
  }

  get isEmpty(): boolean {
    return this.#core.ring.length === 0;
  }

  get isClosed(): boolean {
    return !this.#core.isOpen;
  }

  get pendingSends(): number {
    return this.#core.queue.size;
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<T, undefined, undefined> {
    return this.values();
  }

  [Symbol.dispose](): void {
    if (leakWatch !== undefined) leakWatch.closed(this);
    this.#core.leave();
  }
}

/** Receivers may go with their channel. One whose senders wait for room has left them in the lurch. */
function receiverLost<T>(core: ChannelCore<T>): Loss {
  return () => (core.queue.first === undefined ? undefined : 'a receiver was lost that was not disposed of: senders wait for room that never comes. Leave its loop, or hold it with using');
}

function checkLimit(method: string, limit: number, least: number): void {
  if ((Number.isInteger(limit) || limit === Infinity) && limit >= least) return;
  throw new RangeError(`${method}() takes a limit that is a whole number from ${least}, or Infinity; it was given ${limit}`);
}
