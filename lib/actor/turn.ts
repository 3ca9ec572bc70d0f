import { CancelToken } from '../scope/cancel-token.js';
import type { Cancellation } from '../scope/cancel-token.js';
import type { Timer } from '../delay.js';
import { AckError } from './errors.js';
import type { Envelope } from './envelope.js';
import type { ActorRef, AskOptions, Turn } from './types.js';

/** What the actor does about an acknowledgement. */
export interface TurnOwner<M> {
  readonly name: string;
  isManual(envelope: Envelope<M>): boolean;
  acked(delivery: Delivery<M>): void;
  nacked(delivery: Delivery<M>, requeue: boolean, reason: unknown): void;
  askFor<A, B>(to: ActorRef<A, B>, message: A, options: AskOptions | undefined): Promise<B>;
}

/** One delivery of a message, as its handler sees it. */
export class Delivery<M> implements Turn {
  readonly envelope: Envelope<M>;
  readonly attempt: number;
  readonly #owner: TurnOwner<M>;
  readonly #actor: Cancellation;
  #token: CancelToken | undefined = undefined;
  #interrupt: { readonly reason: unknown } | undefined = undefined;
  /** Why it can be acknowledged no more. */
  #closed: string | undefined;
  timer: Timer = undefined;

  constructor(owner: TurnOwner<M>, actor: Cancellation, envelope: Envelope<M>) {
    this.#owner = owner;
    this.#actor = actor;
    this.envelope = envelope;
    this.attempt = envelope.attempt;
    this.#closed = owner.isManual(envelope) ? undefined : 'that happens when its handler returns';
  }

  /** Whether it waits for an acknowledgement. */
  get isOpen(): boolean {
    return this.#closed === undefined;
  }

  get cancelled(): boolean {
    return this.#interrupt !== undefined || this.#actor.cancelled;
  }

  get reason(): unknown {
    return this.#interrupt === undefined ? this.#actor.reason : this.#interrupt.reason;
  }

  get signal(): AbortSignal {
    return this.#cancellation().signal;
  }

  throwIfCancelled(): void {
    if (this.cancelled) throw this.reason;
  }

  onCancel(callback: (reason: unknown) => void): Disposable {
    return this.#cancellation().onCancel(callback);
  }

  ack(): void {
    this.#close('it was acknowledged already');
    this.#owner.acked(this);
  }

  nack(options: { readonly requeue?: boolean | undefined; readonly reason?: unknown } = {}): void {
    this.#close('it was refused already');
    this.#owner.nacked(this, options.requeue !== false, options.reason);
  }

  ask<A, B>(to: ActorRef<A, B>, message: A, options?: AskOptions): Promise<B> {
    return this.#owner.askFor(to, message, options);
  }

  /** The handler is to stop: the actor will be restarted. */
  interrupt(reason: unknown): void {
    this.#interrupt ??= { reason };
    this.#token?.cancel(reason);
  }

  /** Takes the acknowledgement out of the handler's hands. */
  expire(why: string): void {
    this.#closed ??= why;
    clearTimeout(this.timer);
  }

  /** The handler returned: nobody is to be told of a cancellation. */
  end(): void {
    this.#token?.[Symbol.dispose]();
  }

  #close(next: string): void {
    if (this.#closed !== undefined) throw new AckError(`a message of ${this.#owner.name} cannot be acknowledged: ${this.#closed}`);
    this.#closed = next;
    clearTimeout(this.timer);
  }

  #cancellation(): CancelToken {
    if (this.#token === undefined) {
      this.#token = new CancelToken(this.#actor);
      if (this.#interrupt !== undefined) this.#token.cancel(this.#interrupt.reason);
    }
    return this.#token;
  }
}
