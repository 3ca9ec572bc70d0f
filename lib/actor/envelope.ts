import { deferred } from '../scope/deferred.js';
import type { Deferred } from '../scope/deferred.js';

/** A message on its way, settled exactly once: answered, handled, dead, or given up by its asker. */
export class Envelope<M> {
  readonly message: M;
  /** Where the answer goes, if one was asked for. */
  readonly reply: Deferred<unknown> | undefined;
  /** Instead of a message: somebody's own call, which is let go and waited for. */
  readonly visit: Visit | undefined;
  /** Between which swaps it was sent. */
  readonly epoch: number;
  attempt = 1;
  isSettled = false;
  /** How long to wait before the next attempt. */
  nextWait: (() => number) | undefined = undefined;
  /** Ends what an asker holds: timer, listener. */
  onSettled: (() => void) | undefined = undefined;

  readonly #ledger: Ledger;

  constructor(ledger: Ledger, message: M, reply?: Deferred<unknown>, visit?: Visit) {
    this.#ledger = ledger;
    this.message = message;
    this.reply = reply;
    this.visit = visit;
    this.epoch = ledger.open();
  }

  answer(value: unknown): void {
    if (this.#settle()) this.reply?.resolve(value);
  }

  /** @returns whether there is somebody who is told */
  refuse(error: unknown): boolean {
    if (!this.#settle()) return true;
    this.reply?.reject(error);
    this.visit?.go.reject(error);
    return this.reply !== undefined || this.visit !== undefined;
  }

  /** It was not sent, or is settled as far as the actor is concerned. */
  settle(): void {
    this.#settle();
  }

  #settle(): boolean {
    if (this.isSettled) return false;
    this.isSettled = true;
    this.#ledger.close(this.epoch);
    this.onSettled?.();
    return true;
  }
}

/** How many messages are not settled, by when they were sent. */
export class Ledger {
  readonly #open = new Map<number, number>();
  #epoch = 0;

  open(): number {
    this.#open.set(this.#epoch, (this.#open.get(this.#epoch) ?? 0) + 1);
    return this.#epoch;
  }

  close(epoch: number): void {
    const left = (this.#open.get(epoch) ?? 0) - 1;
    if (left > 0) this.#open.set(epoch, left);
    else this.#open.delete(epoch);
  }

  /** Begins a new epoch. @returns the one that ended */
  turn(): number {
    return this.#epoch++;
  }

  hasOpenUntil(epoch: number): boolean {
    for (const each of this.#open.keys()) if (each <= epoch) return true;
    return false;
  }
}

/** Somebody's own call in an actor's line. */
export interface Visit {
  readonly go: Deferred<void>;
  readonly left: Deferred<void>;
}

/** A visit that has not begun. Whoever runs the line settles `go`; the visitor settles `left`. */
export function visit(): Visit {
  const go = deferred();
  // A visitor who cannot even get in line learns it there.
  go.promise.catch(() => undefined);
  return { go, left: deferred() };
}
