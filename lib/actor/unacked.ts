import { after, requireDelay } from '../delay.js';
import type { Inbox } from './inbox.js';
import type { Delivery } from './turn.js';

/** Deliveries that were not acknowledged yet, by hand. One that takes too long is delivered again. */
export class Unacked<M> {
  readonly #deliveries = new Set<Delivery<M>>();
  readonly #inbox: Inbox<M>;
  readonly #timeoutMs: number;

  /** @throws {RangeError} when `timeoutMs` is out of bounds */
  constructor(inbox: Inbox<M>, timeoutMs = Infinity) {
    requireDelay(timeoutMs, 'ackTimeoutMs');
    this.#inbox = inbox;
    this.#timeoutMs = timeoutMs;
  }

  get size(): number {
    return this.#deliveries.size;
  }

  add(delivery: Delivery<M>): void {
    this.#deliveries.add(delivery);
    const timeoutMs = this.#timeoutMs;
    delivery.timer = after(timeoutMs, () => {
      this.expire(delivery, `that took longer than ${timeoutMs} ms`);
      this.again(delivery);
    });
  }

  /** Its handler has said what is to become of it. */
  delete(delivery: Delivery<M>): void {
    this.#deliveries.delete(delivery);
  }

  /** It can be acknowledged no more. */
  expire(delivery: Delivery<M>, why: string): void {
    this.#deliveries.delete(delivery);
    delivery.expire(why);
  }

  /** Its message is delivered once more. */
  again({ envelope }: Delivery<M>): void {
    envelope.attempt++;
    this.#inbox.again(envelope);
  }

  /** Takes all of them out of their handlers' hands. */
  expireAll(why: string): Delivery<M>[] {
    const all = [...this.#deliveries];
    for (const delivery of all) this.expire(delivery, why);
    return all;
  }
}
