import { DEFAULT_BUDGET_MS, afterTurn, budget } from '../budget.js';
import { ConcurrentReceiveError, SendError } from '../errors.js';
import { DONE } from '../iteration.js';
import { reportAll } from '../report.js';
import { Answers } from './answers.js';
import { SlotPermit } from './permit.js';
import type { SlotOwner } from './permit.js';
import { Ring } from './ring.js';
import type { ChannelOptions, Permit, TryRecvResult, UndeliveredReason } from './types.js';
import { ReceiveWaiter, SlotWaiter, WaiterQueue, promiseFor } from './waiters.js';
import type { Failure, ParkingPlace, SlotAnswer } from './waiters.js';

const SENT = Promise.resolve();
const EMPTY = Object.freeze({ ok: false, reason: 'empty' } as const);
const ENDED = Object.freeze({ ok: false, reason: 'closed' } as const);

/** Somebody who wants to know when nothing can be sent any more. */
export interface CloseWatcher {
  sendingClosed(): void;
}

/**
 * The state of a channel, which its handles share. What holds between any two operations:
 *
 * - `ring.length + permits` is at most `capacity`;
 * - whoever is first in `queue` does not fit, so nobody is overtaken;
 * - a receive is parked (`receiving`) only while the ring is empty, so an arriving item goes either to it or into the ring;
 * - a receive that lets the event loop turn (`resting`) is neither: items go into the ring, and it looks there afterwards.
 */
export class ChannelCore<T> implements SlotOwner<T>, ParkingPlace<T> {
  readonly capacity: number;
  readonly ring: Ring<T>;
  readonly queue = new WaiterQueue<T>();
  /** Whether anything can still be sent, by whomever. */
  isOpen = true;
  /** Whether the receiver is gone for good. */
  isLeft = false;
  /** Sender handles that were not closed. */
  senders = 0;
  readonly watchers = new Set<CloseWatcher>();
  readonly #answers: Answers<T>;
  #permits = 0;
  #isMovingUp = false;
  /** The receive that waits for an item, also one of a selection. */
  receiving: ReceiveWaiter<T> | undefined = undefined;
  #resting: ReceiveWaiter<T> | undefined = undefined;
  #failure: Failure | undefined = undefined;
  readonly #onUndelivered: ChannelOptions<T>['onUndelivered'];
  readonly #name: string;
  /** Infinity for a channel without a budget. */
  readonly #budgetMs: number;

  constructor(capacity: number, { onUndelivered, name, budgetMs = DEFAULT_BUDGET_MS }: ChannelOptions<T>) {
    this.capacity = capacity;
    this.ring = new Ring(capacity);
    this.#answers = new Answers(capacity, this.ring, this.queue);
    this.#onUndelivered = onUndelivered;
    this.#name = name === undefined ? 'the channel' : `channel ${name}`;
    this.#budgetMs = budgetMs === false ? Infinity : budgetMs;
  }

  // Sending

  send(item: T, signal: AbortSignal | undefined): Promise<void> {
    if (signal !== undefined && signal.aborted) return rejected(signal.reason);
    if (!this.isOpen) return rejected(this.refusal(item));
    if (!this.hasRoom(1)) return this.#wait('sent', 1, item, signal);
    this.#accept(item);
    return SENT;
  }

  trySend(item: T): boolean {
    if (!this.hasRoom(1)) return false;
    this.#accept(item);
    return true;
  }

  reserve(signal: AbortSignal | undefined): Promise<Permit<T>> {
    if (signal !== undefined && signal.aborted) return rejected(signal.reason);
    if (!this.isOpen) return rejected(this.refusal(undefined));
    return this.hasRoom(1) ? Promise.resolve(this.takeSlot()) : this.#wait('permit', 1, undefined, signal);
  }

  reserveMany(count: number, signal: AbortSignal | undefined): Promise<Permit<T>[]> {
    if (signal !== undefined && signal.aborted) return rejected(signal.reason);
    if (!this.isOpen) return rejected(this.refusal(undefined));
    return count === 0 || this.hasRoom(count) ? Promise.resolve(this.#takeSlots(count)) : this.#wait('permits', count, undefined, signal);
  }

  /** Whether so many slots are free and nobody waits for one. */
  hasRoom(count: number): boolean {
    return this.queue.first === undefined && this.#fits(count);
  }

  get free(): number {
    return this.queue.first === undefined ? this.capacity - this.ring.length - this.#permits : 0;
  }

  takeSlot(): Permit<T> {
    this.#permits++;
    return new SlotPermit(this);
  }

  fillSlot(item: T): void {
    this.#permits--;
    if (this.isLeft) this.#undelivered([item], 'closed');
    else this.#accept(item);
    // Handed to a receiver that waited, the item takes no slot.
    this.#moveUp();
  }

  freeSlot(): void {
    this.#permits--;
    this.#moveUp();
  }

  /** Why something cannot be sent. */
  refusal(item: T | undefined): SendError<T> {
    const failure = this.#failure;
    return new SendError(`nothing can be sent: ${this.#name} is closed`, item, failure && { cause: failure.cause });
  }

  /** A waiter of this channel's queue, also one that a selection answers. */
  leaveQueue(waiter: SlotWaiter<T>): void {
    this.queue.remove(waiter);
    // It may have stood in the way of one that fits. Where a closing empties the queue, nobody gets in any more.
    if (this.isOpen) this.#moveUp();
  }

  /** Whether a sender, a permit or a waiting send keeps the channel going. */
  get hasSenders(): boolean {
    return this.senders > 0 || this.#permits > 0 || this.queue.first !== undefined;
  }

  // Closing

  /** A sender, permit or waiting send went away: after the last one, nothing can be sent any more. */
  senderGone(): void {
    if (!this.hasSenders) this.closeSending();
    else if (!this.isOpen) this.#endReceive();
  }

  fail(cause: unknown): void {
    if (!this.#isDrained()) this.#failure ??= { cause };
    this.closeSending();
  }

  /** Lets nothing more in; what is buffered, and items of permits, can still be received. */
  closeSending(): void {
    if (this.isOpen) {
      this.isOpen = false;
      this.#answers.giveAll();
      for (let waiter = this.queue.first; waiter !== undefined; waiter = this.queue.first) {
        this.queue.remove(waiter);
        waiter.unlisten();
        waiter.reject(this.refusal(waiter.item));
      }
      for (const watcher of this.watchers) watcher.sendingClosed();
      this.watchers.clear();
    }
    this.#endReceive();
  }

  /** The receiver goes: nothing more comes in, a receive that waits ends, and what is buffered is dropped. */
  leave(): void {
    if (this.isLeft) return;
    this.isLeft = true;
    this.#failure = undefined;
    this.endPending(this.pending);
    this.closeSending();
    this.#undelivered(this.ring.clear(), 'dropped');
  }

  // Receiving

  /** The receive that waits, if one does. */
  get pending(): ReceiveWaiter<T> | undefined {
    return this.receiving ?? this.#resting;
  }

  recv(signal: AbortSignal | undefined): Promise<IteratorResult<T, undefined>> {
    this.refuseSecond();
    if (signal !== undefined && signal.aborted) return rejected(signal.reason);
    if (--budget.ticks <= 0 && budget.isSpent(this.#budgetMs)) return this.#rest(undefined, 1, signal);
    if (this.ring.length > 0) return Promise.resolve({ done: false, value: this.#take() });
    if (this.#isDrained()) return this.#failure === undefined ? Promise.resolve(DONE) : rejected(this.#failure.cause);
    this.receiving = new ReceiveWaiter(this, undefined, 1, signal);
    return promiseFor(this.receiving);
  }

  /**
   * What a receive gives right now; `undefined` when it would wait.
   *
   * @throws the cause of a failed channel
   */
  poll(): IteratorResult<T, undefined> | undefined {
    this.refuseSecond();
    if (this.ring.length > 0) return { done: false, value: this.#take() };
    if (!this.#isDrained()) return undefined;
    if (this.#failure !== undefined) throw this.#failure.cause;
    return DONE;
  }

  tryRecv(): TryRecvResult<T> {
    this.refuseSecond();
    budget.ticks--;
    if (this.ring.length > 0) return { ok: true, value: this.#take() };
    return this.#isDrained() ? ENDED : EMPTY;
  }

  recvMany(into: T[], limit: number, signal: AbortSignal | undefined): Promise<number> {
    this.refuseSecond();
    if (signal !== undefined && signal.aborted) return rejected(signal.reason);
    if (limit === 0) return Promise.resolve(0);
    if (--budget.ticks <= 0 && budget.isSpent(this.#budgetMs)) return this.#rest(into, limit, signal);
    if (this.ring.length > 0) return Promise.resolve(this.tryRecvMany(into, limit));
    if (this.#isDrained()) return this.#failure === undefined ? Promise.resolve(0) : rejected(this.#failure.cause);
    this.receiving = new ReceiveWaiter(this, into, limit, signal);
    return promiseFor(this.receiving);
  }

  tryRecvMany(into: T[], limit: number): number {
    let count = 0;
    // What is admitted meanwhile counts too: it was there, waiting.
    while (count < limit && this.ring.length > 0) {
      into.push(this.#take());
      count++;
    }
    budget.ticks -= count;
    return count;
  }

  refuseSecond(): void {
    if (this.receiving !== undefined || this.#resting !== undefined) throw new ConcurrentReceiveError(`a receive on ${this.#name} is still waiting: await it, or call it off with a signal`);
  }

  leaveReceive(waiter: ReceiveWaiter<T>): void {
    if (this.receiving === waiter) this.receiving = undefined;
    if (this.#resting === waiter) this.#resting = undefined;
  }

  /** Ends a receive that waits, without a word on the channel's state; not if it is settled. */
  endPending(waiter: ReceiveWaiter<T> | undefined): void {
    if (waiter === undefined || this.pending !== waiter) return;
    this.leaveReceive(waiter);
    waiter.end(undefined);
  }

  /** Nothing is here, and nothing will come: what permits still send after the receiver left goes to `onUndelivered`, not to it. */
  #isDrained(): boolean {
    return !this.isOpen && this.ring.length === 0 && (this.#permits === 0 || this.isLeft);
  }

  #fits(count: number): boolean {
    return this.ring.length + this.#permits + count <= this.capacity;
  }

  #accept(item: T): void {
    const receiving = this.receiving;
    if (receiving === undefined) {
      this.ring.push(item);
    } else {
      this.receiving = undefined;
      receiving.deliver(item);
    }
  }

  #take(): T {
    const item = this.ring.shift();
    if (this.queue.first !== undefined) this.#moveUp();
    else if (this.#answers.isDue) this.#answers.giveIfLow();
    return item;
  }

  #takeSlots(count: number): Permit<T>[] {
    return Array.from({ length: count }, () => this.takeSlot());
  }

  #wait<R>(answer: SlotAnswer, need: number, item: T | undefined, signal: AbortSignal | undefined): Promise<R> {
    const waiter = new SlotWaiter(this, answer, need, item, signal);
    this.queue.push(waiter);
    return promiseFor(waiter);
  }

  /** Serves those who wait for room, in order, as far as there is some; to be called after anything that may have made some. */
  #moveUp(): void {
    // Calling off a selection's other branches may come back here, with this one's item still on its way in.
    if (this.#isMovingUp) return;
    this.#isMovingUp = true;
    for (let waiter = this.queue.first; waiter !== undefined && this.#fits(waiter.need); waiter = this.queue.first) {
      this.queue.remove(waiter);
      waiter.unlisten();
      if (waiter.onTurn !== undefined) waiter.onTurn();
      if (waiter.answer === 'sent') this.#accept(waiter.item as T);
      else waiter.result = waiter.answer === 'permit' ? this.takeSlot() : this.#takeSlots(waiter.need);
      this.#answers.add(waiter);
    }
    this.#isMovingUp = false;
    // What was served may have been the last that kept the channel going.
    this.senderGone();
  }

  /** Lets the event loop turn, then receives. */
  #rest<R>(into: T[] | undefined, limit: number, signal: AbortSignal | undefined): Promise<R> {
    const waiter = new ReceiveWaiter(this, into, limit, signal);
    this.#resting = waiter;
    afterTurn(() => {
      budget.renew();
      if (this.#resting === waiter) this.#resume(waiter);
    });
    return promiseFor(waiter);
  }

  #resume(waiter: ReceiveWaiter<T>): void {
    this.#resting = undefined;
    if (this.ring.length === 0) {
      this.receiving = waiter;
      this.#endReceive();
    } else if (waiter.into === undefined) {
      waiter.deliver(this.#take());
    } else {
      waiter.delivered(this.tryRecvMany(waiter.into, waiter.limit));
    }
  }

  #endReceive(): void {
    const receiving = this.receiving;
    if (receiving === undefined || !this.#isDrained()) return;
    this.receiving = undefined;
    receiving.end(this.#failure);
  }

  #undelivered(items: readonly T[], why: UndeliveredReason): void {
    const onUndelivered = this.#onUndelivered;
    if (onUndelivered !== undefined) reportAll(items, (item) => onUndelivered(item, why));
  }
}

function rejected(reason: unknown): Promise<never> {
  // The reason is the caller's, and goes through as it is, an error or not.
  return Promise.reject(reason);
}
