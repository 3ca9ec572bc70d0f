import { channel } from '../channel/channel.js';
import type { Receiver, Sender } from '../channel/types.js';
import { deferred } from '../scope/deferred.js';
import type { Deferred } from '../scope/deferred.js';
import type { Envelope } from './envelope.js';

/**
 * Where an actor's messages come from: the mailbox, and beside it those that are delivered again. A bell tells the actor of anything
 * new, control included, so that control never waits behind messages or for room.
 */
export class Inbox<M> {
  readonly sender: Sender<Envelope<M>>;
  readonly #receiver: Receiver<Envelope<M>>;
  readonly #again: Envelope<M>[] = [];
  readonly #delayed = new Map<Envelope<M>, ReturnType<typeof setTimeout>>();
  /** What a receive that waited was given. */
  #arrived: Envelope<M> | undefined = undefined;
  #isReceiving = false;
  #isEnded = false;
  #bell: Deferred<void> | undefined = undefined;
  #hasRung = false;

  constructor(capacity: number, name: string) {
    [this.sender, this.#receiver] = channel<Envelope<M>>(capacity, { name: `mailbox of ${name}` });
  }

  /** How many wait in the mailbox. */
  get length(): number {
    return this.#receiver.length + (this.#arrived === undefined ? 0 : 1);
  }

  /** Whether nothing is here and nothing will come. */
  get isExhausted(): boolean {
    const isOver = this.#isEnded || (this.#receiver.isClosed && this.#receiver.isEmpty && !this.#isReceiving);
    return isOver && this.#arrived === undefined && this.#again.length === 0 && this.#delayed.size === 0;
  }

  /** The next one to handle, if it is here; otherwise the bell will ring when it comes. */
  next(): Envelope<M> | undefined {
    const again = this.#again.shift();
    if (again !== undefined) return again;
    const arrived = this.#arrived ?? this.#ready();
    this.#arrived = undefined;
    return arrived;
  }

  /** To be delivered before those that wait. */
  again(envelope: Envelope<M>): void {
    this.#again.push(envelope);
    this.ring();
  }

  /** To be delivered again later. */
  againAfter(ms: number, envelope: Envelope<M>): void {
    const timer = setTimeout(() => {
      this.#delayed.delete(envelope);
      this.again(envelope);
    }, ms);
    this.#delayed.set(envelope, timer);
  }

  ring(): void {
    this.#hasRung = true;
    this.#bell?.resolve();
  }

  /** Waits for the bell; not if it has rung since the last time. */
  async news(): Promise<void> {
    if (!this.#hasRung) {
      this.#bell = deferred();
      await this.#bell.promise;
      this.#bell = undefined;
    }
    this.#hasRung = false;
  }

  /** Lets no more in. */
  close(): void {
    this.#receiver.close();
    this.ring();
  }

  /** Closes, and takes out everything there is. */
  async empty(): Promise<Envelope<M>[]> {
    this.close();
    for (const timer of this.#delayed.values()) clearTimeout(timer);
    const rest = [...this.#again.splice(0), ...this.#delayed.keys()];
    this.#delayed.clear();
    while (this.#isReceiving) await this.news();
    for (let next = this.next(); next !== undefined; next = this.next()) rest.push(next);
    return rest;
  }

  #ready(): Envelope<M> | undefined {
    if (this.#isReceiving || this.#isEnded) return undefined;
    const ready = this.#receiver.tryRecv();
    if (ready.ok) return ready.value;
    if (ready.reason === 'closed') this.#isEnded = true;
    else void this.#receive();
    return undefined;
  }

  async #receive(): Promise<void> {
    this.#isReceiving = true;
    const next = await this.#receiver.recv();
    this.#isReceiving = false;
    if (next.done === true) this.#isEnded = true;
    else this.#arrived = next.value;
    this.ring();
  }
}
