/**
 * What a channel is, said as plainly as possible: lists, and no promises. Every operation is a number, its place in the history;
 * `outcomes[operation]` is what became of it, undefined while it waits. The item of an operation is its number too.
 */

interface ParkedSend {
  readonly operation: number;
  readonly kind: 'send' | 'permit' | 'permits';
  readonly need: number;
}

interface ParkedReceive {
  readonly operation: number;
  readonly isMany: boolean;
}

/** What can be seen of a channel from outside. */
export interface Observation {
  readonly outcomes: readonly (string | undefined)[];
  readonly undelivered: readonly string[];
  readonly length: number;
  readonly pendingSends: number;
  /** What the sender calls its capacity. */
  readonly free: number;
  readonly isSendable: boolean;
  readonly isOpen: boolean;
}

export class ChannelModel {
  readonly capacity: number;
  readonly outcomes: (string | undefined)[] = [];
  /** What went to `onUndelivered`, in order. */
  readonly undelivered: string[] = [];
  buffer: number[] = [];
  parked: ParkedSend[] = [];
  receiving: ParkedReceive | undefined = undefined;
  /** Permits held, oldest first, by the operation that reserved them. */
  permits: number[] = [];
  isSenderOpen = true;
  isOpen = true;
  isLeft = false;
  hasFailed = false;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  copy(): ChannelModel {
    const copy = new ChannelModel(this.capacity);
    copy.outcomes.push(...this.outcomes);
    copy.undelivered.push(...this.undelivered);
    copy.buffer = [...this.buffer];
    copy.parked = [...this.parked];
    copy.permits = [...this.permits];
    const { receiving, isSenderOpen, isOpen, isLeft, hasFailed } = this;
    return Object.assign(copy, { receiving, isSenderOpen, isOpen, isLeft, hasFailed });
  }

  send(operation: number): void {
    this.#orPark({ operation, kind: 'send', need: 1 });
  }

  trySend(operation: number): void {
    if (!this.#isSendable()) this.#settle(operation, 'closed');
    else if (!this.#hasRoom(1)) this.#settle(operation, 'full');
    else this.#grant({ operation, kind: 'send', need: 1 });
  }

  reserve(operation: number): void {
    this.#orPark({ operation, kind: 'permit', need: 1 });
  }

  tryReserve(operation: number): void {
    if (this.#isSendable() && this.#hasRoom(1)) this.#grant({ operation, kind: 'permit', need: 1 });
    else this.#settle(operation, 'none');
  }

  reserveMany(operation: number, need: number): void {
    this.#orPark({ operation, kind: 'permits', need });
  }

  /** The oldest permit sends. */
  usePermit(operation: number): void {
    this.permits.shift();
    if (this.isLeft) this.undelivered.push(`${operation} closed`);
    else this.#accept(operation);
    this.#settle(operation, 'used');
    this.#roomOrEnd();
  }

  /** The newest permit is released. */
  releasePermit(operation: number): void {
    this.permits.pop();
    this.#settle(operation, 'released');
    this.#roomOrEnd();
  }

  /** The last who came to the queue leaves it. */
  abortSend(operation: number): void {
    const last = this.parked.pop();
    if (last !== undefined) this.#settle(last.operation, 'aborted');
    this.#settle(operation, 'done');
    this.#roomOrEnd();
  }

  /** The first in the queue leaves it. */
  abortFirstSend(operation: number): void {
    const first = this.parked.shift();
    if (first !== undefined) this.#settle(first.operation, 'aborted');
    this.#settle(operation, 'done');
    this.#roomOrEnd();
  }

  recv(operation: number): void {
    this.#receive({ operation, isMany: false }, 1);
  }

  recvMany(operation: number, limit: number): void {
    this.#receive({ operation, isMany: true }, limit);
  }

  tryRecv(operation: number): void {
    const items = this.#take(1);
    this.#settle(operation, items.length > 0 ? `got ${items.join()}` : this.#isDrained() ? 'closed' : 'empty');
  }

  abortReceive(operation: number): void {
    if (this.receiving !== undefined) this.#settle(this.receiving.operation, 'aborted');
    this.receiving = undefined;
    this.#settle(operation, 'done');
  }

  closeReceiver(operation: number): void {
    this.#settle(operation, 'done');
    this.#closeSending();
  }

  closeSender(operation: number): void {
    this.#settle(operation, 'done');
    this.isSenderOpen = false;
    this.#roomOrEnd();
  }

  failSender(operation: number): void {
    this.#settle(operation, 'done');
    this.isSenderOpen = false;
    if (!this.#isDrained()) this.hasFailed = true;
    this.#closeSending();
  }

  leave(operation: number): void {
    this.#settle(operation, 'done');
    this.isLeft = true;
    this.hasFailed = false;
    if (this.receiving !== undefined) this.#settle(this.receiving.operation, 'end');
    this.receiving = undefined;
    this.#closeSending();
    this.undelivered.push(...this.buffer.map((item) => `${item} dropped`));
    this.buffer = [];
  }

  /** What can be seen from outside. */
  observe(): Observation {
    const { outcomes, undelivered, buffer, parked, isOpen } = this;
    const isSendable = this.#isSendable();
    const free = isSendable && parked.length === 0 ? this.capacity - buffer.length - this.permits.length : 0;
    return { outcomes: [...outcomes], undelivered: [...undelivered], length: buffer.length, pendingSends: parked.length, free, isSendable, isOpen };
  }

  #orPark(waiter: ParkedSend): void {
    if (!this.#isSendable()) this.#settle(waiter.operation, 'refused');
    else if (this.#hasRoom(waiter.need)) this.#grant(waiter);
    else this.#park(waiter);
  }

  #park(waiter: ParkedSend): void {
    this.parked.push(waiter);
    this.outcomes[waiter.operation] = undefined;
  }

  #grant({ operation, kind, need }: ParkedSend): void {
    if (kind === 'send') {
      this.#accept(operation);
      this.#settle(operation, 'sent');
    } else {
      for (let count = 0; count < need; count++) this.permits.push(operation);
      this.#settle(operation, `${need} permitted`);
    }
  }

  #accept(item: number): void {
    const { receiving } = this;
    this.receiving = undefined;
    if (receiving === undefined) this.buffer.push(item);
    else this.#settle(receiving.operation, `got ${item}`);
  }

  #receive(receive: ParkedReceive, limit: number): void {
    const items = this.#take(limit);
    if (items.length > 0) this.#settle(receive.operation, `got ${items.join()}`);
    else if (this.#isDrained()) this.#settle(receive.operation, this.hasFailed ? 'failed' : 'end');
    else {
      this.receiving = receive;
      this.outcomes[receive.operation] = undefined;
    }
  }

  #take(limit: number): number[] {
    const items: number[] = [];
    for (let item = this.buffer[0]; item !== undefined && items.length < limit; item = this.buffer[0]) {
      items.push(item);
      this.buffer.shift();
      this.#roomOrEnd();
    }
    return items;
  }

  /** After anything that may have made room, or may have been the last of the senders. */
  #roomOrEnd(): void {
    for (let first = this.parked[0]; first !== undefined && this.#fits(first.need); first = this.parked[0]) {
      this.parked.shift();
      this.#grant(first);
    }
    if (!this.isSenderOpen && this.permits.length === 0 && this.parked.length === 0) this.#closeSending();
    this.#endReceive();
  }

  #closeSending(): void {
    this.isOpen = false;
    for (const { operation } of this.parked.splice(0)) this.#settle(operation, 'refused');
    this.#endReceive();
  }

  #endReceive(): void {
    if (this.receiving === undefined || !this.#isDrained()) return;
    this.#settle(this.receiving.operation, this.hasFailed ? 'failed' : 'end');
    this.receiving = undefined;
  }

  #isSendable(): boolean {
    return this.isOpen && this.isSenderOpen;
  }

  #hasRoom(need: number): boolean {
    return this.parked.length === 0 && this.#fits(need);
  }

  #fits(need: number): boolean {
    return this.buffer.length + this.permits.length + need <= this.capacity;
  }

  #isDrained(): boolean {
    return !this.isOpen && this.buffer.length === 0 && (this.permits.length === 0 || this.isLeft);
  }

  #settle(operation: number, outcome: string): void {
    this.outcomes[operation] = outcome;
  }
}

/** Whether two observations are of the same behaviour. */
export function isSame(a: Observation, b: Observation): boolean {
  return (
    a.length === b.length &&
    a.pendingSends === b.pendingSends &&
    a.free === b.free &&
    a.isSendable === b.isSendable &&
    a.isOpen === b.isOpen &&
    areSame(a.outcomes, b.outcomes) &&
    areSame(a.undelivered, b.undelivered)
  );
}

function areSame(a: readonly (string | undefined)[], b: readonly (string | undefined)[]): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}
