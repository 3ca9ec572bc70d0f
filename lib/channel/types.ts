/** What an operation that may wait takes: a way to call it off. */
export interface Cancellable {
  /**
   * Calls the operation off: it rejects with `signal.reason`, as it is, and has had no effect. Once an operation happened, an abort
   * changes nothing. A listener is added only while the operation waits.
   */
  readonly signal?: AbortSignal | undefined;
}

/** Why an accepted item reached nobody: it was in the buffer when the receiver left, or came through a permit after that. */
export type UndeliveredReason = 'dropped' | 'closed';

export interface ChannelOptions<T> {
  /**
   * Is told of every accepted item that no receiver will see, once for each, so that what it holds can be released. What it throws is
   * reported (`reportError`, or a process warning) and does not keep the other items from it.
   */
  readonly onUndelivered?: ((item: T, why: UndeliveredReason) => void) | undefined;
  /** Is part of error messages. */
  readonly name?: string | undefined;
  /**
   * How long awaited receives that are always ready may keep the event loop from turning, in milliseconds above or equal to 0; 5 when
   * not given. After that one receive goes through a macrotask. `false`: for as long as they like.
   */
  readonly budgetMs?: number | false | undefined;
}

/** The outcome of `trySend`. */
export type TrySendResult = { readonly ok: true } | { readonly ok: false; readonly reason: 'full' | 'closed' };

/** The outcome of `tryRecv`. */
export type TryRecvResult<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: 'empty' | 'closed' };

/** One of any number of handles that put items into a channel. After tokio's `mpsc::Sender`. */
export interface Sender<T> extends Disposable {
  /**
   * Puts an item into the channel, and waits for room. Sends and reservations are served in the order of their calls.
   *
   * Cancel safe: rejected means not sent.
   *
   * @param item - any value, `undefined` and thenables included; it is handed over as it is
   * @returns a promise that fulfils once the item is in the buffer, or was handed to a receiver that waited
   * @throws {SendError} as a rejection, with the item as `value`, when the channel or this sender is closed, before or while it waits
   */
  send(item: T, options?: Cancellable): Promise<void>;
  /**
   * Puts an item into the channel if that needs no waiting. It does not overtake: while anybody waits for room, it finds the channel full.
   *
   * @returns a shared, frozen outcome; nothing is thrown
   */
  trySend(item: T): TrySendResult;
  /**
   * Waits for a slot before there is an item. The permit holds the slot until it sends or is released, and counts as a sender.
   *
   * Cancel safe: a rejected reservation holds no slot.
   *
   * @returns a permit; dispose of it, best with `using`
   * @throws {SendError} as a rejection, without `value`, when the channel or this sender is closed, before or while it waits
   */
  reserve(options?: Cancellable): Promise<Permit<T>>;
  /**
   * Waits until `count` slots are free at once, and takes them all. Those behind it in the queue wait for it.
   *
   * Cancel safe: a rejected reservation holds no slot.
   *
   * @param count - a whole number from 0 to the channel's capacity
   * @returns as many permits; none at once for 0
   * @throws {RangeError} at once, when `count` is not such a number
   * @throws {SendError} as a rejection, when the channel or this sender is closed, before or while it waits
   */
  reserveMany(count: number, options?: Cancellable): Promise<Permit<T>[]>;
  /** @returns a permit, if a slot is free and nobody waits for one; undefined when the channel is full or closed */
  tryReserve(): Permit<T> | undefined;
  /**
   * Waits until nothing can be sent through this handle any more: the receiver closed or left, the channel failed, or this handle was
   * closed. Lets a producer stop work that nobody will look at.
   *
   * Cancel safe.
   */
  closed(options?: Cancellable): Promise<void>;
  /**
   * Makes another sender of the same channel, to be closed on its own.
   *
   * @throws {SendError} when this sender was closed
   */
  clone(): Sender<T>;
  /** Makes a handle that does not keep the channel open. */
  downgrade(): WeakSender<T>;
  /**
   * Ends this handle: sends through it fail from now on; those that wait still happen. When no sender, permit or waiting send is left,
   * the receiver gets what is buffered, then the end. Closing twice changes nothing; disposing is closing without a cause.
   *
   * @param cause - if not `undefined`, fails the whole channel: every send fails, also waiting ones; the receiver gets what is buffered
   * and what permits still send, then rejects with this very value. The first cause counts
   */
  close(cause?: unknown): void;
  /** Slots that `trySend` could fill now: 0 while anybody waits for one. */
  readonly capacity: number;
  /** Slots there are: what the channel was made with. */
  readonly maxCapacity: number;
  /** Whether nothing can be sent through this handle any more. */
  readonly isClosed: boolean;
}

/** A handle that can become a sender while the channel has one. After tokio's `mpsc::WeakSender`. */
export interface WeakSender<T> {
  /** @returns a new sender; undefined once the last sender, permit and waiting send are gone */
  upgrade(): Sender<T> | undefined;
}

/** A slot of a channel that is kept for one item. Disposing is releasing. After tokio's `mpsc::OwnedPermit`. */
export interface Permit<T> extends Disposable {
  /**
   * Puts an item into the kept slot. Never waits and never fails for the channel's sake: after `Receiver.close` the item still arrives;
   * when the receiver left for good, `onUndelivered` gets it.
   *
   * @throws {PermitUsedError} when the permit has sent or was released
   */
  send(item: T): void;
  /** Gives the slot back. Changes nothing on a permit that has sent or was released. */
  release(): void;
}

/**
 * The one handle that takes items out of a channel. Disposing, like leaving a `for await` loop, closes it and drops what is buffered.
 * After tokio's `mpsc::Receiver`.
 */
export interface Receiver<T> extends Disposable, AsyncIterable<T, undefined, undefined> {
  /**
   * Waits for an item.
   *
   * Cancel safe: rejected means nothing was received. An item handed over before the abort is delivered all the same.
   *
   * @returns the item, wrapped as an iterator wraps it; `done` once the channel is closed and drained
   * @throws {ConcurrentReceiveError} at once, while an earlier receive waits
   * @throws the cause, as a rejection, when the channel failed and is drained
   */
  recv(options?: Cancellable): Promise<IteratorResult<T, undefined>>;
  /**
   * Takes an item if there is one. `closed` means closed and drained, `recv` says whether with a cause.
   *
   * @throws {ConcurrentReceiveError} while an earlier receive waits
   */
  tryRecv(): TryRecvResult<T>;
  /**
   * Waits for at least one item and takes all there are, up to a limit.
   *
   * Cancel safe: rejected means nothing was taken.
   *
   * @param into - is appended to
   * @param limit - how many at most: a whole number from 0, or `Infinity`
   * @returns how many were appended; 0 only for a limit of 0, or when the channel is closed and drained
   * @throws {RangeError} at once, when `limit` is not such a number
   * @throws {ConcurrentReceiveError} at once, while an earlier receive waits
   * @throws the cause, as a rejection, when the channel failed and is drained
   */
  recvMany(into: T[], limit: number, options?: Cancellable): Promise<number>;
  /**
   * Takes what is buffered now, up to a limit, and waits for nothing.
   *
   * @param into - is appended to
   * @param limit - how many at most: a whole number from 0, or `Infinity`
   * @returns how many were appended
   * @throws {RangeError} when `limit` is not such a number
   * @throws {ConcurrentReceiveError} while an earlier receive waits
   */
  tryRecvMany(into: T[], limit: number): number;
  /**
   * Lets nothing more in: sends and reservations fail, also waiting ones. Buffered items and those of outstanding permits can still be
   * received; then comes the end. Closing twice changes nothing.
   */
  close(): void;
  /**
   * Iterates the items. Leaving the loop disposes of the receiver: it is closed, and what is buffered goes to `onUndelivered`.
   *
   * @param options - `preventClose`: leaving the loop leaves the receiver as it is
   */
  values(options?: IterationOptions): AsyncIterableIterator<T, undefined, undefined>;
  /**
   * Iterates arrays of all the items there are, up to a limit: one wait for many items, where a loop over `values` waits for each. Every
   * array is a new one, never empty. Leaving the loop is as with `values`.
   *
   * @param limit - the longest array: a whole number from 1, or `Infinity`
   * @throws {RangeError} when `limit` is not such a number
   */
  batches(limit: number, options?: IterationOptions): AsyncIterableIterator<T[], undefined, undefined>;
  /** Items in the buffer: not those of sends that wait. */
  readonly length: number;
  readonly isEmpty: boolean;
  /** Whether nothing more can be sent. There may still be items to receive. */
  readonly isClosed: boolean;
  /** Sends and reservations that wait for room. */
  readonly pendingSends: number;
}

export interface IterationOptions {
  /** Whether leaving the loop keeps the receiver open and its buffer as it is; it does not when not given. */
  readonly preventClose?: boolean | undefined;
}
