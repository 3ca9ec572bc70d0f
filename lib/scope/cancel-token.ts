import { reportAll } from '../report.js';

/** What can be asked of anything that can be cancelled: a token, a task's context, a scope. */
export interface Cancellation {
  /** Whether it was cancelled. Never goes back to false. */
  readonly cancelled: boolean;
  /** Why: what `cancel` was given, or an `AbortError` if it was given nothing. `undefined` while not cancelled. */
  readonly reason: unknown;
  /** The same fact for platform functions that take a signal. Made on first use: it costs what a whole task costs. */
  readonly signal: AbortSignal;
  /** @throws the reason itself, if cancelled */
  throwIfCancelled(): void;
  /**
   * @param callback - called once with the reason, synchronously inside `cancel`; right here if cancelled already. What it throws is
   * reported (`reportError`, or a process warning), and does not keep the others from being told
   * @returns a handle whose disposal takes the callback back, in constant time
   */
  onCancel(callback: (reason: unknown) => void): Disposable;
}

/**
 * A plain cancel token: what an `AbortController` says, at a tenth of its price, with an `AbortSignal` only for those who ask for one.
 *
 * Semantics of tokio's `CancellationToken`: cancelling a token cancels its children, never its parent.
 */
export class CancelToken implements Cancellation, Disposable {
  #isCancelled = false;
  #reason: unknown = undefined;
  #controller: AbortController | undefined = undefined;
  #first: Subscription | undefined = undefined;
  #last: Subscription | undefined = undefined;
  #tie: Disposable | undefined = undefined;

  /** @param parent - whose cancellation is handed down until this token is disposed */
  constructor(parent?: Cancellation) {
    if (parent !== undefined) this.#tie = parent.onCancel((reason) => this.cancel(reason));
  }

  get cancelled(): boolean {
    return this.#isCancelled;
  }

  get reason(): unknown {
    return this.#reason;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#isCancelled) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  /** Whether anybody would notice a cancellation: through a callback or the signal. */
  get isObserved(): boolean {
    return this.#first !== undefined || this.#controller !== undefined;
  }

  throwIfCancelled(): void {
    if (this.#isCancelled) throw this.#reason;
  }

  /** @returns a token that is cancelled with this one; dispose it when it is no longer needed */
  child(): CancelToken {
    return new CancelToken(this);
  }

  /**
   * Cancels this token and everything below it. Only the first call counts.
   *
   * @param reason - handed on untouched; an `AbortError` when left out
   */
  cancel(reason?: unknown): void {
    if (this.#isCancelled) return;
    this.#isCancelled = true;
    this.#reason = reason === undefined ? new DOMException('This operation was aborted', 'AbortError') : reason;
    this.#untie();
    this.#controller?.abort(this.#reason);
    // Taken off before it is called: a callback may add and remove others.
    for (let next = this.#first; next !== undefined; next = this.#first) {
      this.#remove(next);
      reportAll([this.#reason], next.callback);
    }
  }

  onCancel(callback: (reason: unknown) => void): Disposable {
    const subscription = new Subscription(callback, this.#isCancelled ? undefined : (gone) => this.#remove(gone));
    if (this.#isCancelled) {
      reportAll([this.#reason], callback);
      return subscription;
    }
    subscription.previous = this.#last;
    if (this.#last === undefined) this.#first = subscription;
    else this.#last.next = subscription;
    this.#last = subscription;
    return subscription;
  }

  /** Cuts the token off from its parent. It can still be cancelled by itself. */
  [Symbol.dispose](): void {
    this.#untie();
  }

  #untie(): void {
    const tie = this.#tie;
    this.#tie = undefined;
    tie?.[Symbol.dispose]();
  }

  #remove(gone: Subscription): void {
    if (gone.previous === undefined) this.#first = gone.next;
    else gone.previous.next = gone.next;
    if (gone.next === undefined) this.#last = gone.previous;
    else gone.next.previous = gone.previous;
    gone.previous = gone.next = gone.remove = undefined;
  }
}

/** Something else that is cancelled with what it belongs to. */
export abstract class Cancelled implements Cancellation {
  readonly #by: Cancellation;

  constructor(by: Cancellation) {
    this.#by = by;
  }

  get cancelled(): boolean {
    return this.#by.cancelled;
  }

  get reason(): unknown {
    return this.#by.reason;
  }

  get signal(): AbortSignal {
    return this.#by.signal;
  }

  throwIfCancelled(): void {
    this.#by.throwIfCancelled();
  }

  onCancel(callback: (reason: unknown) => void): Disposable {
    return this.#by.onCancel(callback);
  }
}

/** A link of a token's list of callbacks. */
class Subscription implements Disposable {
  readonly callback: (reason: unknown) => void;
  remove: ((self: Subscription) => void) | undefined;
  previous: Subscription | undefined = undefined;
  next: Subscription | undefined = undefined;

  constructor(callback: (reason: unknown) => void, remove: ((self: Subscription) => void) | undefined) {
    this.callback = callback;
    this.remove = remove;
  }

  [Symbol.dispose](): void {
    this.remove?.(this);
  }
}

/**
 * Ties a callback to a platform signal.
 *
 * @returns a handle whose disposal removes the listener, or `undefined` if the signal was aborted already and the callback was called
 */
export function onAbort(signal: AbortSignal, callback: (reason: unknown) => void): Disposable | undefined {
  if (signal.aborted) {
    callback(signal.reason);
    return undefined;
  }
  const listener = (): void => callback(signal.reason);
  signal.addEventListener('abort', listener, { once: true });
  return { [Symbol.dispose]: () => signal.removeEventListener('abort', listener) };
}

/**
 * Whether an error says no more than that its operation was cancelled: it is the reason itself, or the `AbortError` that many platform
 * functions throw in its place.
 */
export function isCancellation(error: unknown, by: Cancellation): boolean {
  if (!by.cancelled) return false;
  return error === by.reason || (typeof error === 'object' && error !== null && (error as { name?: unknown }).name === 'AbortError');
}
