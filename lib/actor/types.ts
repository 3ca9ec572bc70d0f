import type { Cancellable, TrySendResult } from '../channel/types.js';
import type { Executor, RetryPolicy } from '../retry.js';
import type { Cancellation } from '../scope/cancel-token.js';

/** What handles an actor's messages, one at a time: the next is not touched before the promise for this one settles. */
export interface Behaviour<M, R = unknown> {
  /** @returns what an `ask` is answered with. What it throws is a failure: see `ActorOptions.retry` and `supervise` */
  receive(message: M, turn: Turn): PromiseLike<R> | R;
  /** Called once, after its last message. What it throws is an event (`dispose-failed`). */
  dispose?(): PromiseLike<void> | void;
}

/** A behaviour, or its `receive` alone. */
export type Handler<M, R = unknown> = Behaviour<M, R> | ((message: M, turn: Turn) => PromiseLike<R> | R);

/** Makes the handler: once in the beginning, and again for each restart. */
export type Init<M, R = unknown> = (context: ActorContext<M, R>) => PromiseLike<Handler<M, R>> | Handler<M, R>;

/** What an actor knows of itself. Cancelled with its scope. */
export interface ActorContext<M, R = unknown> extends Cancellation {
  readonly self: ActorRef<M, R>;
}

/** The handling of one message. Cancelled with the actor's scope, and when a sibling's failure restarts the actor. */
export interface Turn extends Cancellation {
  /** How often the message has been delivered, this time included: 1 for the first. */
  readonly attempt: number;
  /**
   * With `ack: 'manual'`: the message is done with. May be called after the handler returned.
   *
   * @throws {AckError} the second time, after `nack`, after `ackTimeoutMs`, when the actor has stopped, for an `ask`, and without `ack: 'manual'`
   */
  ack(): void;
  /**
   * With `ack: 'manual'`: the message is not done with. It is delivered again, before those that wait, unless `requeue` is false: then
   * it is a dead letter with this reason.
   *
   * @throws {AckError} as `ack` does
   */
  nack(options?: { readonly requeue?: boolean | undefined; readonly reason?: unknown }): void;
  /** Asks another actor in this one's name, so that a circle of questions is found out also after an `await`. See `ActorRef.ask`. */
  ask<A, B>(to: ActorRef<A, B>, message: A, options?: AskOptions): Promise<B>;
}

export interface AskOptions extends Cancellable {
  /** How long to wait for the answer, the time in the mailbox included, in milliseconds up to 2^31 - 1; `Infinity` for ever. See `askTimeoutMs`. */
  readonly timeoutMs?: number | undefined;
}

export interface StopOptions {
  /** Whether the messages that wait are handled first; they become dead letters when not given. */
  readonly drain?: boolean | undefined;
}

export interface SwapOptions {
  /** What the old handler still gets: the message under way (`current`, the default), or all that were sent before the call (`mailbox`). */
  readonly drain?: 'current' | 'mailbox' | undefined;
}

/** A hold on an actor: sends messages to it, and ends it. */
export interface ActorRef<M, R = unknown> extends AsyncDisposable {
  readonly name: string;
  /** Whether it takes no more messages. */
  readonly isStopped: boolean;
  /** How many messages wait. */
  readonly length: number;
  /**
   * Puts a message into the mailbox, and waits while that is full. A slow actor slows its senders down; it never throws into them.
   *
   * Cancel safe: rejected means not sent.
   *
   * @throws {ActorStoppedError} as a rejection, with the message
   */
  tell(message: M, options?: Cancellable): Promise<void>;
  /** Puts a message into the mailbox if there is room and nobody waits for some. */
  tryTell(message: M): TrySendResult;
  /**
   * Sends a message and waits for what the handler makes of it.
   *
   * Cancel safe: once rejected, the message is not handled any more unless it is under way already.
   *
   * @throws what the handler throws, after retries
   * @throws {RangeError} as a rejection, when the time-out is out of bounds
   * @throws {AskTimeoutError} as a rejection, when there is no answer in time
   * @throws {AskCycleError} as a rejection, when the asker is (waiting for) the one who is asked; see `detectAskCycles`
   * @throws {ActorStoppedError} as a rejection, when the actor stops first
   * @throws {ActorRestartingError} as a rejection, when a sibling's failure interrupts the handler
   */
  ask(message: M, options?: AskOptions): Promise<R>;
  /**
   * Calls a function in the caller's own async context while no message is being handled: as a message of its own, in its place in line.
   * Never await it in the actor's own handler.
   *
   * Cancel safe: rejected with the signal's reason means not called.
   *
   * @returns what the function returns. What it throws is the caller's, not a failure of the actor
   * @throws {ActorStoppedError} as a rejection
   */
  run<A>(call: () => PromiseLike<A> | A, options?: Cancellable): Promise<A>;
  /**
   * Replaces the handler without losing a message: the next one is made first, and no message waits for that. Swaps are done one after
   * the other. Restarts use the new `init` from then on.
   *
   * @returns a promise that fulfils when the old handler had its last message and was disposed of
   * @throws {SwapError} as a rejection, when the next handler cannot be made: the old one stays
   * @throws {ActorStoppedError} as a rejection
   */
  swap(init: Init<M, R>, options?: SwapOptions): Promise<void>;
  /**
   * Takes no more messages, and ends. The message under way is finished first. Never await it in the actor's own handler.
   *
   * @returns a promise that fulfils when the actor has ended and its handler was disposed of
   */
  stop(options?: StopOptions): Promise<void>;
}

/** What else restarts when an actor fails: nothing, the actors that were spawned after it in its scope, or all of its scope. */
export type Strategy = 'one-for-one' | 'rest-for-one' | 'one-for-all';

export interface Supervision {
  /** `one-for-one` when not given. */
  readonly strategy?: Strategy | undefined;
  /** How many restarts are allowed within `withinMs`, a whole number from 0; 3 when not given. One failure more ends the actor and fails its scope. */
  readonly maxRestarts?: number | undefined;
  /** In milliseconds; 5,000 when not given. */
  readonly withinMs?: number | undefined;
  /** How long to wait before a restart; not at all when not given. */
  readonly backoff?: Pick<RetryPolicy, 'baseMs' | 'capMs' | 'random'> | undefined;
}

export interface ActorRetry extends RetryPolicy {
  /** `block` (the default): the messages behind it wait, order is kept. `requeue`: they do not. */
  readonly order?: 'block' | 'requeue' | undefined;
  /** Each delivery goes through it. */
  readonly breaker?: Executor | undefined;
}

/** A message that nobody handled to the end. */
export interface DeadLetter<M> {
  readonly actor: string;
  readonly message: M;
  /** `failed`: its handler did, for good. `stopped`: the actor ended before. `nacked`: the handler said so. `restarted`: see `ActorRestartingError`. */
  readonly reason: 'failed' | 'stopped' | 'nacked' | 'restarted';
  readonly cause: unknown;
}

export interface ActorEvent {
  readonly actor: string;
  readonly type: 'started' | 'failed' | 'restarted' | 'swapped' | 'stopped' | 'dispose-failed';
  readonly cause?: unknown;
}

export interface ActorOptions<M, R = unknown> {
  /** Stands in messages. */
  readonly name?: string | undefined;
  /** How many messages the mailbox holds, a whole number from 1. */
  readonly capacity: number;
  readonly init: Init<M, R>;
  readonly supervise?: Supervision | undefined;
  /** Whether and when a message whose handler failed is tried again, before that counts as a failure of the actor; it is not when not given. */
  readonly retry?: ActorRetry | undefined;
  /**
   * `manual`: a message is done with when `turn.ack()` says so, until then it is delivered again after a restart, `nack`, or
   * `ackTimeoutMs`. That is at least once while the actor lives and nothing across a crash of the process. An `ask` is acknowledged by its answer.
   */
  readonly ack?: 'auto' | 'manual' | undefined;
  /** How many messages may be delivered and not acknowledged, a whole number from 1; 1 when not given. */
  readonly prefetch?: number | undefined;
  /** After how many milliseconds a delivery that was not acknowledged is repeated; never when not given. */
  readonly ackTimeoutMs?: number | undefined;
  /** How long `ask` waits when it is not told, in milliseconds; 5,000 when not given. */
  readonly askTimeoutMs?: number | undefined;
  /** Whether circles of questions are found out; they are, unless `NODE_ENV` is `production`. */
  readonly detectAskCycles?: boolean | undefined;
  /** Is told of every `tell` that was accepted and not handled to the end, once. What it throws is reported. */
  readonly onDeadLetter?: ((letter: DeadLetter<M>) => void) | undefined;
  /** Is told what happens to the actor. What it throws is reported. */
  readonly onEvent?: ((event: ActorEvent) => void) | undefined;
}
