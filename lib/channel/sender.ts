import { SendError } from '../errors.js';
import { leakWatch } from '../leaks.js';
import type { Loss } from '../leaks.js';
import type { ChannelCore, CloseWatcher } from './core.js';
import type { Cancellable, Permit, Sender, TrySendResult, WeakSender } from './types.js';

const SENT = Object.freeze({ ok: true } as const);
const FULL = Object.freeze({ ok: false, reason: 'full' } as const);
const CLOSED = Object.freeze({ ok: false, reason: 'closed' } as const);

/**
 * The channel behind a sender.
 *
 * @throws {TypeError} when `channel` did not make it
 */
export let coreOfSender: <T>(sender: Sender<T>) => ChannelCore<T>;

export class SenderHandle<T> implements Sender<T>, CloseWatcher {
  static {
    coreOfSender = <T>(sender: Sender<T>) => {
      if (!(sender instanceof SenderHandle)) throw new TypeError('this is no sender that channel() made');
      return (sender as SenderHandle<T>).#core;
    };
  }

  readonly #core: ChannelCore<T>;
  #isDone = false;
  /** Those who wait in `closed`; there is a set only once somebody does. */
  #waiting: Set<() => void> | undefined = undefined;

  constructor(core: ChannelCore<T>) {
    this.#core = core;
    core.senders++;
    if (leakWatch !== undefined) leakWatch.opened(this, senderLost(core));
  }

  send(item: T, options?: Cancellable): Promise<void> {
    if (this.#isDone) return this.#refuse(item, options);
    return this.#core.send(item, options === undefined ? undefined : options.signal);
  }

  trySend(item: T): TrySendResult {
    if (this.isClosed) return CLOSED;
    return this.#core.trySend(item) ? SENT : FULL;
  }

  reserve(options?: Cancellable): Promise<Permit<T>> {
    return this.#isDone ? this.#refuse(undefined, options) : this.#core.reserve(options?.signal);
  }

  reserveMany(count: number, options?: Cancellable): Promise<Permit<T>[]> {
    const { capacity } = this.#core;
    if (!Number.isInteger(count) || count < 0 || count > capacity) {
      throw new RangeError(`reserveMany() takes a whole number from 0 to the channel's capacity of ${capacity}; it was given ${count}`);
    }
    return this.#isDone ? this.#refuse(undefined, options) : this.#core.reserveMany(count, options?.signal);
  }

  tryReserve(): Permit<T> | undefined {
    return !this.isClosed && this.#core.hasRoom(1) ? this.#core.takeSlot() : undefined;
  }

  closed(options?: Cancellable): Promise<void> {
    const signal = options?.signal;
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(signal.reason);
        return;
      }
      if (this.isClosed) {
        resolve();
        return;
      }
      const waiting = (this.#waiting ??= new Set());
      const settle = (): void => {
        signal?.removeEventListener('abort', abort);
        resolve();
      };
      const abort = (): void => {
        signal?.removeEventListener('abort', abort);
        waiting.delete(settle);
        if (waiting.size === 0) this.#core.watchers.delete(this);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', abort);
      waiting.add(settle);
      this.#core.watchers.add(this);
    });
  }

  clone(): Sender<T> {
    if (this.#isDone) throw this.#closedHandle(undefined);
    return new SenderHandle(this.#core);
  }

  downgrade(): WeakSender<T> {
    return new WeakSenderHandle(this.#core);
  }

  close(cause?: unknown): void {
    if (this.#isDone) return;
    this.#isDone = true;
    if (leakWatch !== undefined) leakWatch.closed(this);
    this.#core.watchers.delete(this);
    this.sendingClosed();
    this.#core.senders--;
    if (cause !== undefined) this.#core.fail(cause);
    this.#core.senderGone();
  }

  get capacity(): number {
    return this.isClosed ? 0 : this.#core.free;
  }

  get maxCapacity(): number {
    return this.#core.capacity;
  }

  get isClosed(): boolean {
    return this.#isDone || !this.#core.isOpen;
  }

  /** For the channel. */
  sendingClosed(): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.forEach((settle) => settle());
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #refuse(item: T | undefined, options: Cancellable | undefined): Promise<never> {
    const signal = options?.signal;
    return Promise.reject(signal?.aborted === true ? signal.reason : this.#closedHandle(item));
  }

  #closedHandle(item: T | undefined): SendError<T> {
    return this.#core.isOpen ? new SendError('nothing can be sent: this sender was closed', item) : this.#core.refusal(item);
  }
}

class WeakSenderHandle<T> implements WeakSender<T> {
  readonly #core: ChannelCore<T>;

  constructor(core: ChannelCore<T>) {
    this.#core = core;
  }

  upgrade(): Sender<T> | undefined {
    return this.#core.hasSenders ? new SenderHandle(this.#core) : undefined;
  }
}

/** Senders may go with their channel. One whose receiver is waiting has left it in the lurch. */
function senderLost<T>(core: ChannelCore<T>): Loss {
  return () => (core.pending === undefined ? undefined : 'a sender was lost that was not closed: the receiver waits for an item or an end that never comes. Hold it with using');
}
