import type { Ring } from './ring.js';
import type { SlotWaiter, WaiterQueue } from './waiters.js';

const SETTLED = Promise.resolve();
/** Receives that a sender is kept waiting for at most. */
const MOST_HOPS = 32;

/**
 * Sends and reserves whose turn has come, and whose callers are told a little later: their items are in the buffer already, or their
 * slots taken. A sender that goes on at once finds the buffer full, since the receiver, whose turn comes after its own, has taken no
 * second item yet; it would wait for each single item, which costs as much again as all the rest. So the receiver is let go first, and
 * as long as it takes one item after the other, down to half of the buffer. All of that happens in microtasks: no longer than the
 * receiver itself keeps the event loop from turning, and no more than `MOST_HOPS` of them.
 */
export class Answers<T> {
  #first: SlotWaiter<T> | undefined = undefined;
  #last: SlotWaiter<T> | undefined = undefined;
  /** Microtasks since the first of them came. */
  #hops = 0;
  /** What the receiver had before itself at the last look. */
  #ahead = 0;
  #isLooking = false;
  readonly #ring: Ring<T>;
  readonly #queue: WaiterQueue<T>;
  readonly #low: number;
  readonly #look = (): void => {
    const ahead = this.#ring.length + this.#queue.size;
    const isTaking = this.#hops === 0 || (ahead < this.#ahead && this.#hops < MOST_HOPS && this.#ring.length > this.#low);
    if (isTaking && this.isDue) {
      this.#hops++;
      this.#ahead = ahead;
      void SETTLED.then(this.#look);
    } else {
      this.#isLooking = false;
      this.giveAll();
    }
  };

  constructor(capacity: number, ring: Ring<T>, queue: WaiterQueue<T>) {
    this.#low = capacity >> 1;
    this.#ring = ring;
    this.#queue = queue;
  }

  /** Takes in a waiter that has left the queue, with what it is to be answered. */
  add(waiter: SlotWaiter<T>): void {
    if (this.#last === undefined) {
      this.#first = waiter;
      this.#hops = 0;
    } else {
      this.#last.next = waiter;
    }
    this.#last = waiter;
    if (this.#isLooking) return;
    this.#isLooking = true;
    void SETTLED.then(this.#look);
  }

  /** Whether anybody is still to be told. */
  get isDue(): boolean {
    return this.#first !== undefined;
  }

  /** To be called after an item was taken: a receiver that takes many in one go leaves nothing to the senders that it did not wake. */
  giveIfLow(): void {
    if (this.#ring.length <= this.#low) this.giveAll();
  }

  /** Tells all at once. */
  giveAll(): void {
    let waiter = this.#first;
    this.#first = undefined;
    this.#last = undefined;
    while (waiter !== undefined) {
      const { next } = waiter;
      waiter.next = undefined;
      waiter.resolve(waiter.result);
      waiter = next;
    }
  }
}
