import { PermitUsedError, RecvError } from './errors.js';
import { leakWatch } from './leaks.js';
import type { Loss } from './leaks.js';
import type { TryRecvResult } from './channel/types.js';

/** Sends one value, once. Disposing without having sent tells the receiver so. After tokio's `oneshot::Sender`. */
export interface OneshotSender<T> extends Disposable {
  /**
   * Hands the value over; never waits.
   *
   * @returns whether the receiver is there; `false`: it was closed, the value goes nowhere
   * @throws {PermitUsedError} when this sender has sent or was disposed of
   */
  send(value: T): boolean;
  /** Whether the receiver was closed, so that work on the value can stop. */
  readonly isClosed: boolean;
}

/**
 * Waits for one value: `await receiver`. Like a promise it can be awaited many times and gives the same value; as with any promise, a
 * value that has a `then` is adopted by `await`, and given as it is by `tryRecv`. After tokio's `oneshot::Receiver`.
 */
export interface OneshotReceiver<T> extends PromiseLike<T>, Disposable {
  /** @returns the value if it is here; `empty` while it may come; `closed` when it never will */
  tryRecv(): TryRecvResult<T>;
  /** Wants no value any more: `send` says so, and whoever waits here is rejected. A value sent before stays readable. Disposing is closing. */
  close(): void;
}

const EMPTY = Object.freeze({ ok: false, reason: 'empty' } as const);
const CLOSED = Object.freeze({ ok: false, reason: 'closed' } as const);

/** What the two handles share: at most one of a value and an error. */
class OneshotState<T> {
  value: { readonly value: T } | undefined = undefined;
  error: RecvError | undefined = undefined;
  /** Those who wait, told once; there is a list only once somebody does. */
  #waiting: (() => void)[] | undefined = undefined;

  get isSettled(): boolean {
    return this.value !== undefined || this.error !== undefined;
  }

  succeed(value: T): void {
    this.value = { value };
    this.#wake();
  }

  fail(message: string): void {
    this.error = new RecvError(message);
    this.#wake();
  }

  /** Whether somebody waits. */
  get isAwaited(): boolean {
    return this.#waiting !== undefined;
  }

  whenSettled(callback: () => void): void {
    if (this.isSettled) callback();
    else (this.#waiting ??= []).push(callback);
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.forEach((callback) => callback());
  }
}

class OneshotSenderHandle<T> implements OneshotSender<T> {
  #state: OneshotState<T> | undefined;

  constructor(state: OneshotState<T>) {
    this.#state = state;
    if (leakWatch !== undefined) leakWatch.opened(this, senderLost(state));
  }

  send(value: T): boolean {
    const state = this.#state;
    if (state === undefined) throw new PermitUsedError('a oneshot sends once: this sender has sent or was disposed of');
    this.#state = undefined;
    if (leakWatch !== undefined) leakWatch.closed(this);
    if (state.isSettled) return false;
    state.succeed(value);
    return true;
  }

  get isClosed(): boolean {
    return this.#state?.isSettled ?? true;
  }

  [Symbol.dispose](): void {
    const state = this.#state;
    this.#state = undefined;
    if (leakWatch !== undefined) leakWatch.closed(this);
    if (state?.isSettled === false) state.fail('the sender of this oneshot was dropped without sending');
  }
}

function senderLost<T>(state: OneshotState<T>): Loss {
  return () => (state.isAwaited ? 'the sender of a oneshot was lost that had not sent: the receiver waits for ever. Hold it with using' : undefined);
}

class OneshotReceiverHandle<T> implements OneshotReceiver<T> {
  readonly #state: OneshotState<T>;

  constructor(state: OneshotState<T>) {
    this.#state = state;
  }

  then<A = T, B = never>(onFulfilled?: ((value: T) => A | PromiseLike<A>) | null, onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<A | B> {
    const state = this.#state;
    const settled = new Promise<T>((resolve, reject) => {
      state.whenSettled(() => {
        if (state.value !== undefined) resolve(state.value.value);
        else if (state.error !== undefined) reject(state.error);
      });
    });
    return settled.then(onFulfilled, onRejected);
  }

  tryRecv(): TryRecvResult<T> {
    const { value, isSettled } = this.#state;
    if (value !== undefined) return { ok: true, value: value.value };
    return isSettled ? CLOSED : EMPTY;
  }

  close(): void {
    if (!this.#state.isSettled) this.#state.fail('this oneshot was closed by its receiver');
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/**
 * Makes a channel for exactly one value, such as the answer to a request that travels with it. After tokio's `oneshot::channel`.
 *
 * A rejection that nobody waits for is no unhandled one: it exists only once somebody does.
 *
 * @returns the sender and the receiver. Awaiting the receiver rejects with a `RecvError` when the sender was disposed of without
 * sending, or when the receiver was closed before
 */
export function oneshot<T>(): [OneshotSender<T>, OneshotReceiver<T>] {
  const state = new OneshotState<T>();
  return [new OneshotSenderHandle(state), new OneshotReceiverHandle(state)];
}
