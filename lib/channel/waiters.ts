import { DONE } from '../iteration.js';

/**
 * What is parked: operations that could not happen at once. Whoever settles one takes it out of its place first, so that nobody else
 * finds it: it settles once, and leaves nothing behind.
 */

/** What a waiter needs to know of where it is parked: how to leave when its signal says so. */
export interface ParkingPlace<T> {
  /** Takes a parked send or reserve out of the queue; those behind it move up. */
  leaveQueue(waiter: SlotWaiter<T>): void;
  /** Takes the parked receive away. Nothing was received. */
  leaveReceive(waiter: ReceiveWaiter<T>): void;
}

/** Something that settles later, through functions that `promiseFor` or a selection puts there. */
export interface Settleable {
  resolve: (value: unknown) => void;
  reject: (reason: unknown) => void;
}

let resolveOfNew: Settleable['resolve'] = unready;
let rejectOfNew: Settleable['reject'] = unready;
const capture = (resolve: Settleable['resolve'], reject: Settleable['reject']): void => {
  resolveOfNew = resolve;
  rejectOfNew = reject;
};

/** The promise that a waiter settles. One function takes the resolvers of every promise, which spares each a closure of its own. */
export function promiseFor<R>(waiter: Settleable): Promise<R> {
  const promise = new Promise<unknown>(capture);
  waiter.resolve = resolveOfNew;
  waiter.reject = rejectOfNew;
  // They lead to the promise, and so to its item: nothing may keep them but the waiter.
  resolveOfNew = unready;
  rejectOfNew = unready;
  return promise as Promise<R>;
}

function unready(): void {
  throw new TypeError('a waiter was settled before anybody waited');
}

/** What a send or a reserve that had to wait is answered with: nothing, a permit, or an array of permits. */
export type SlotAnswer = 'sent' | 'permit' | 'permits';

/** A send or a reserve that waits for slots, a link of `WaiterQueue`. It listens to its signal itself, which spares a closure. */
export class SlotWaiter<T> implements Settleable {
  previous: SlotWaiter<T> | undefined = undefined;
  next: SlotWaiter<T> | undefined = undefined;
  resolve: Settleable['resolve'] = unready;
  reject: Settleable['reject'] = unready;
  readonly place: ParkingPlace<T>;
  readonly answer: SlotAnswer;
  /** How many slots it waits for: 1 for all but `reserveMany`. */
  readonly need: number;
  /** What is sent; undefined for a reserve. */
  readonly item: T | undefined;
  readonly signal: AbortSignal | undefined;
  /** Is called when its turn has come, before its item goes anywhere: a selection calls off its other branches. */
  onTurn: (() => void) | undefined = undefined;
  /** What its promise fulfils with, once its turn has come. */
  result: unknown = undefined;

  constructor(place: ParkingPlace<T>, answer: SlotAnswer, need: number, item: T | undefined, signal: AbortSignal | undefined) {
    this.place = place;
    this.answer = answer;
    this.need = need;
    this.item = item;
    this.signal = signal;
    if (signal !== undefined) signal.addEventListener('abort', this);
  }

  /** To be called once it has left the queue, whatever it is settled with. */
  unlisten(): void {
    if (this.signal !== undefined) this.signal.removeEventListener('abort', this);
  }

  handleEvent(): void {
    this.place.leaveQueue(this);
    this.unlisten();
    this.reject(this.signal?.reason);
  }
}

/** Parked sends and reserves in the order of their calls. Joining, leaving at the front and leaving from anywhere are one step each. */
export class WaiterQueue<T> {
  first: SlotWaiter<T> | undefined = undefined;
  /** How many are parked. */
  size = 0;
  #last: SlotWaiter<T> | undefined = undefined;

  push(waiter: SlotWaiter<T>): void {
    waiter.previous = this.#last;
    if (this.#last === undefined) this.first = waiter;
    else this.#last.next = waiter;
    this.#last = waiter;
    this.size++;
  }

  /** Takes a waiter of this queue out of it. */
  remove(waiter: SlotWaiter<T>): void {
    const { previous, next } = waiter;
    if (previous === undefined) this.first = next;
    else previous.next = next;
    if (next === undefined) this.#last = previous;
    else next.previous = previous;
    waiter.previous = undefined;
    waiter.next = undefined;
    this.size--;
  }
}

/** Why a channel failed: what `Sender.close(cause)` was given. */
export interface Failure {
  readonly cause: unknown;
}

/** A receive that waits: for one item, or for many that go `into` an array. */
export class ReceiveWaiter<T> implements Settleable {
  resolve: Settleable['resolve'] = unready;
  reject: Settleable['reject'] = unready;
  readonly place: ParkingPlace<T>;
  readonly into: T[] | undefined;
  readonly limit: number;
  readonly signal: AbortSignal | undefined;

  constructor(place: ParkingPlace<T>, into: T[] | undefined, limit: number, signal: AbortSignal | undefined) {
    this.place = place;
    this.into = into;
    this.limit = limit;
    this.signal = signal;
    if (signal !== undefined) signal.addEventListener('abort', this);
  }

  /** Hands an item over. It is wrapped: a promise adopts whatever has a `then`. */
  deliver(item: T): void {
    this.#unlisten();
    if (this.into === undefined) {
      this.resolve({ done: false, value: item });
    } else {
      this.into.push(item);
      this.resolve(1);
    }
  }

  /** Says how many items went into the array. */
  delivered(count: number): void {
    this.#unlisten();
    this.resolve(count);
  }

  /** Says that nothing comes any more, or why. */
  end(failure: Failure | undefined): void {
    this.#unlisten();
    if (failure !== undefined) this.reject(failure.cause);
    else this.resolve(this.into === undefined ? DONE : 0);
  }

  handleEvent(): void {
    this.place.leaveReceive(this);
    this.#unlisten();
    this.reject(this.signal?.reason);
  }

  #unlisten(): void {
    if (this.signal !== undefined) this.signal.removeEventListener('abort', this);
  }
}
