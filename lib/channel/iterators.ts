import { DONE } from '../iteration.js';
import type { ChannelCore } from './core.js';
import type { ReceiveWaiter } from './waiters.js';

/** What both iterations share: how they end. */
abstract class ChannelIterator<T, R> implements AsyncIterableIterator<R, undefined, undefined> {
  protected readonly core: ChannelCore<T>;
  readonly #isOwner: boolean;
  /** Kept: a loop over a receiver has not lost it. */
  protected readonly receiver: object | undefined;
  #isDone = false;
  /** The receive this iteration waits for, so that it ends no other. */
  #pending: ReceiveWaiter<T> | undefined = undefined;

  constructor(core: ChannelCore<T>, isOwner: boolean, receiver: object | undefined) {
    this.core = core;
    this.#isOwner = isOwner;
    this.receiver = receiver;
  }

  next(): Promise<IteratorResult<R, undefined>> {
    if (this.#isDone) return Promise.resolve(DONE);
    const result = this.receive();
    this.#pending = this.core.pending;
    return result;
  }

  return(): Promise<IteratorReturnResult<undefined>> {
    this.#isDone = true;
    this.core.endPending(this.#pending);
    this.#pending = undefined;
    if (this.#isOwner) this.core.leave();
    return Promise.resolve(DONE);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  protected abstract receive(): Promise<IteratorResult<R, undefined>>;
}

export class ItemIterator<T> extends ChannelIterator<T, T> {
  protected override receive(): Promise<IteratorResult<T, undefined>> {
    return this.core.recv(undefined);
  }
}

export class BatchIterator<T> extends ChannelIterator<T, T[]> {
  readonly #limit: number;

  constructor(core: ChannelCore<T>, isOwner: boolean, receiver: object | undefined, limit: number) {
    super(core, isOwner, receiver);
    this.#limit = limit;
  }

  protected override async receive(): Promise<IteratorResult<T[], undefined>> {
    const items: T[] = [];
    return (await this.core.recvMany(items, this.#limit, undefined)) === 0 ? DONE : { done: false, value: items };
  }
}
