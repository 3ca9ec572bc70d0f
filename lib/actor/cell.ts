import { DEFAULT_BUDGET_MS, budget } from '../budget.js';
import { reportAll } from '../report.js';
import { decorrelatedJitter, mayRetry } from '../retry.js';
import { deferred } from '../scope/deferred.js';
import type { Deferred } from '../scope/deferred.js';
import { isCancellation } from '../scope/cancel-token.js';
import { nextTurn } from '../scope/sleep.js';
import type { TaskContext } from '../scope/task.js';
import { askingAs, endTurn } from './ask-graph.js';
import { ContextOf } from './context.js';
import { Ledger } from './envelope.js';
import type { Envelope } from './envelope.js';
import { ActorRestartingError, ActorStoppedError, RestartLimitError, SwapError } from './errors.js';
import type { Group, Sibling } from './group.js';
import { Inbox } from './inbox.js';
import { Intensity } from './intensity.js';
import { Delivery } from './turn.js';
import type { TurnOwner } from './turn.js';
import { Unacked } from './unacked.js';
import type { ActorContext, ActorEvent, ActorOptions, ActorRef, AskOptions, Behaviour, DeadLetter, Handler, Init } from './types.js';

/** A handler at work, and how to make it anew. */
interface Instance<M, R> {
  readonly init: Init<M, R>;
  behaviour: Behaviour<M, R> | undefined;
}

/** A swap whose next handler is ready. */
interface Swap<M, R> {
  readonly next: Instance<M, R>;
  /** The old handler gets what was sent until then; nothing more, if there is none. */
  readonly until: number | undefined;
  readonly done: Deferred<void>;
}

/** One actor: a loop over its inbox, and what can happen between two messages. */
export class Cell<M, R> implements TurnOwner<M>, Sibling {
  readonly name: string;
  /** Without its `init`: what a handler that was swapped refers to goes with it. */
  readonly options: Omit<ActorOptions<M, R>, 'init'>;
  readonly inbox: Inbox<M>;
  readonly ledger = new Ledger();
  readonly ended = deferred();
  readonly #group: Group;
  readonly #self: () => ActorRef<M, R>;
  readonly #intensity: Intensity;
  readonly #prefetch: number;
  readonly #unacked: Unacked<M>;
  #task!: TaskContext;
  #instance: Instance<M, R>;
  /** The handler before the last swap, which still has messages to come. */
  #retiring: (Swap<M, R> & { readonly old: Instance<M, R>; readonly until: number }) | undefined = undefined;
  #swap: Swap<M, R> | undefined = undefined;
  #swaps: Promise<unknown> = Promise.resolve();
  #stop: 'drain' | 'now' | undefined = undefined;
  #restart: { readonly cause: unknown } | undefined = undefined;
  #current: Delivery<M> | undefined = undefined;

  constructor(options: ActorOptions<M, R>, group: Group, self: () => ActorRef<M, R>) {
    const { init, ...others } = options;
    this.name = options.name ?? 'actor';
    this.options = others;
    this.#group = group;
    this.#self = self;
    this.#instance = { init, behaviour: undefined };
    this.#intensity = new Intensity(options.supervise ?? {});
    this.#prefetch = options.prefetch ?? 1;
    if (!Number.isSafeInteger(this.#prefetch) || this.#prefetch < 1) throw new RangeError(`prefetch is a whole number from 1; it was ${this.#prefetch}`);
    this.inbox = new Inbox(options.capacity, this.name);
    this.#unacked = new Unacked(this.inbox, options.ackTimeoutMs);
  }

  /** An answer is its message's acknowledgement. */
  isManual(envelope: Envelope<M>): boolean {
    return this.options.ack === 'manual' && envelope.reply === undefined;
  }

  get isStopped(): boolean {
    return this.#stop !== undefined;
  }

  // Control: never waits for room or behind messages

  stop(drain: boolean): void {
    if (this.#stop === 'now') return;
    this.#stop = drain ? 'drain' : 'now';
    this.inbox.close();
  }

  /** A sibling failed, and this one restarts with it. */
  restartWith(cause: unknown): void {
    this.#restart ??= { cause };
    const current = this.#current;
    current?.interrupt(new ActorRestartingError(`${this.name} restarts with a sibling that failed`, current.envelope.message, { cause }));
    this.inbox.ring();
  }

  swap(init: Init<M, R>, drain: 'current' | 'mailbox'): Promise<void> {
    const until = drain === 'mailbox' ? this.ledger.turn() : undefined;
    const swapped = this.#swaps.then(() => this.#swapFor(init, until));
    this.#swaps = swapped.catch(() => undefined);
    return swapped;
  }

  async #swapFor(init: Init<M, R>, until: number | undefined): Promise<void> {
    this.#requireRunning();
    const next: Instance<M, R> = { init, behaviour: undefined };
    try {
      next.behaviour = behaviourOf(await init(this.#context()));
    } catch (cause) {
      throw new SwapError(`${this.name} keeps its handler: the next one could not be made`, { cause });
    }
    if (this.#stop === 'now') {
      await this.#dispose(next);
      this.#requireRunning();
    }
    const done = deferred();
    this.#swap = { next, until, done };
    this.inbox.ring();
    await done.promise;
  }

  #requireRunning(): void {
    if (this.#stop === 'now') throw new ActorStoppedError(`${this.name} has stopped: its handler cannot be swapped`, undefined);
  }

  // The loop

  async run(task: TaskContext): Promise<void> {
    this.#task = task;
    task.onCancel(() => this.stop(false));
    let failure: { readonly error: unknown } | undefined;
    try {
      await this.#begin(this.#instance);
      this.#event('started');
      await this.#work();
    } catch (error) {
      failure = { error };
    }
    await this.#end(failure === undefined ? task.reason : failure.error);
    if (failure !== undefined) throw failure.error;
    task.throwIfCancelled();
  }

  async #work(): Promise<void> {
    for (;;) {
      await this.#obey();
      if (this.#stop === 'now' || (this.#stop === 'drain' && this.inbox.isExhausted)) return;
      if (budget.ticks <= 0 && budget.isSpent(DEFAULT_BUDGET_MS)) await nextTurn();
      const envelope = this.#unacked.size < this.#prefetch ? this.inbox.next() : undefined;
      if (envelope !== undefined) await this.#deliver(envelope);
      else if (this.#stop !== 'drain' || !this.inbox.isExhausted) await this.inbox.news();
    }
  }

  /** Does what control has asked for. */
  async #obey(): Promise<void> {
    if (this.#swap !== undefined) await this.#change(this.#swap);
    await this.#retire();
    const restart = this.#restart;
    if (restart === undefined || this.#stop === 'now') return;
    this.#restart = undefined;
    for (const instance of [this.#instance, ...(this.#retiring === undefined ? [] : [this.#retiring.old])]) {
      await this.#dispose(instance);
      if (await this.#begin(instance)) this.#event('restarted', restart.cause);
    }
  }

  async #deliver(envelope: Envelope<M>): Promise<void> {
    if (envelope.isSettled) return;
    if (envelope.visit !== undefined) {
      envelope.visit.go.resolve();
      await envelope.visit.left.promise;
      envelope.settle();
      return;
    }
    for (;;) {
      const delivery = new Delivery<M>(this, this.#task, envelope);
      this.#current = delivery;
      if (this.isManual(envelope)) this.#unacked.add(delivery);
      try {
        const value = await this.#call(delivery);
        if (!this.isManual(envelope)) envelope.answer(value);
        return;
      } catch (error) {
        if (!(await this.#failed(delivery, error))) return;
      } finally {
        delivery.end();
        endTurn(this);
        this.#current = undefined;
      }
    }
  }

  async #call(delivery: Delivery<M>): Promise<R> {
    const { behaviour } = this.#instanceFor(delivery.envelope);
    const { breaker } = this.options.retry ?? {};
    const receive = (): PromiseLike<R> | R => askingAs(this, () => (behaviour as Behaviour<M, R>).receive(delivery.envelope.message, delivery));
    return await (breaker === undefined ? receive() : breaker.execute(receive, delivery.signal));
  }

  #instanceFor(envelope: Envelope<M>): Instance<M, R> {
    const retiring = this.#retiring;
    return retiring !== undefined && envelope.epoch <= retiring.until ? retiring.old : this.#instance;
  }

  // Failure

  /** @returns whether the message is to be tried again right now */
  async #failed(delivery: Delivery<M>, error: unknown): Promise<boolean> {
    const { envelope } = delivery;
    const { retry } = this.options;
    if (isCancellation(error, delivery)) {
      this.#setAside(delivery, this.#task.cancelled ? 'stopped' : 'restarted', error);
      return false;
    }
    const isOwed = this.isManual(envelope) ? delivery.isOpen : !envelope.isSettled;
    if (isOwed && retry !== undefined && mayRetry(retry, error, envelope.attempt)) {
      envelope.nextWait ??= decorrelatedJitter(retry);
      this.#unacked.expire(delivery, 'it is tried again');
      envelope.attempt++;
      if (retry.order === 'requeue') {
        this.inbox.againAfter(envelope.nextWait(), envelope);
        return false;
      }
      await this.#pause(envelope.nextWait());
      if (this.#stop !== 'now' && !envelope.isSettled) return true;
      this.#refuse(envelope, 'stopped', error);
      return false;
    }
    const instance = this.#instanceFor(envelope);
    this.#event('failed', error);
    if (isOwed) this.#setAside(delivery, 'failed', error);
    this.#group.restartWith(this, error);
    await this.#recover(instance, error);
    return false;
  }

  /** A message whose handler did not get through: it is owed to whoever acknowledges by hand, otherwise it is done with. */
  #setAside(delivery: Delivery<M>, why: DeadLetter<M>['reason'], error: unknown): void {
    const { envelope } = delivery;
    const isManual = this.isManual(envelope);
    if (isManual && !delivery.isOpen) return;
    this.#unacked.expire(delivery, 'its handler failed');
    if (isManual && why !== 'stopped') this.#unacked.again(delivery);
    else this.#refuse(envelope, why, error);
  }

  /** Restarts a handler that failed, as often as supervision allows. */
  async #recover(instance: Instance<M, R>, cause: unknown): Promise<void> {
    const { backoff } = this.options.supervise ?? {};
    const nextWait = backoff && decorrelatedJitter(backoff);
    for (let last = cause; ; ) {
      if (!this.#intensity.allows()) throw new RestartLimitError(`${this.name} failed more often than its supervision allows: ${this.#intensity.limit}`, { cause: last });
      await this.#dispose(instance);
      if (nextWait !== undefined) await this.#pause(nextWait());
      // Stopped meanwhile, or replaced by another that works.
      if (this.#stop === 'now' || (this.#instance !== instance && this.#retiring?.old !== instance)) return;
      try {
        instance.behaviour = behaviourOf(await instance.init(this.#context()));
        this.#restart = undefined;
        this.#event('restarted', last);
        return;
      } catch (error) {
        this.#event('failed', error);
        last = error;
      }
    }
  }

  /** @returns whether the first try worked */
  async #begin(instance: Instance<M, R>): Promise<boolean> {
    try {
      instance.behaviour = behaviourOf(await instance.init(this.#context()));
      return true;
    } catch (error) {
      if (this.#task.cancelled) throw error;
      this.#event('failed', error);
      await this.#recover(instance, error);
      return false;
    }
  }

  /** Waits, but not for control: a stop ends it, a swap is done meanwhile. */
  async #pause(ms: number): Promise<void> {
    let isOver = false;
    const timer = setTimeout(() => {
      isOver = true;
      this.inbox.ring();
    }, ms);
    while (!isOver && this.#stop !== 'now') {
      await this.inbox.news();
      if (this.#swap !== undefined) await this.#change(this.#swap);
    }
    clearTimeout(timer);
    // Whatever else rang is still to be seen.
    this.inbox.ring();
  }

  // Swapping

  async #change(swap: Swap<M, R>): Promise<void> {
    this.#swap = undefined;
    const old = this.#instance;
    this.#instance = swap.next;
    this.#event('swapped');
    if (swap.until !== undefined) {
      this.#retiring = { ...swap, old, until: swap.until };
      return;
    }
    await this.#dispose(old);
    swap.done.resolve();
  }

  /** Lets the old handler go when it had its last message. */
  async #retire(): Promise<void> {
    const retiring = this.#retiring;
    if (retiring === undefined || this.ledger.hasOpenUntil(retiring.until)) return;
    this.#retiring = undefined;
    await this.#dispose(retiring.old);
    retiring.done.resolve();
  }

  // Acknowledgement

  acked(delivery: Delivery<M>): void {
    this.#unacked.delete(delivery);
    delivery.envelope.settle();
    this.inbox.ring();
  }

  nacked(delivery: Delivery<M>, requeue: boolean, reason: unknown): void {
    this.#unacked.delete(delivery);
    if (requeue) this.#unacked.again(delivery);
    else this.#refuse(delivery.envelope, 'nacked', reason);
    this.inbox.ring();
  }

  // The end

  async #end(cause: unknown): Promise<void> {
    this.stop(false);
    for (const { envelope } of this.#unacked.expireAll('the actor has stopped')) this.#refuse(envelope, 'stopped', cause);
    for (const envelope of await this.inbox.empty()) this.#refuse(envelope, 'stopped', cause);
    const handlers = [this.#instance, this.#retiring?.old, this.#swap?.next];
    for (const instance of handlers) if (instance !== undefined) await this.#dispose(instance);
    const error = new ActorStoppedError(`${this.name} stopped before its handler was swapped`, undefined, { cause });
    this.#swap?.done.reject(error);
    this.#retiring?.done.resolve();
    this.#group.leave(this);
    this.#event('stopped', cause);
    this.ended.resolve();
  }

  #refuse(envelope: Envelope<M>, reason: DeadLetter<M>['reason'], cause: unknown): void {
    if (envelope.isSettled) return;
    const error = reason === 'failed' || reason === 'restarted' ? cause : new ActorStoppedError(`${this.name} stopped before it handled a message`, envelope.message, { cause });
    if (envelope.refuse(error)) return;
    const { onDeadLetter } = this.options;
    if (onDeadLetter !== undefined) reportAll([{ actor: this.name, message: envelope.message, reason, cause }], onDeadLetter);
  }

  async #dispose(instance: Instance<M, R>): Promise<void> {
    const { behaviour } = instance;
    instance.behaviour = undefined;
    try {
      await behaviour?.dispose?.();
    } catch (error) {
      this.#event('dispose-failed', error);
    }
  }

  #event(type: ActorEvent['type'], cause?: unknown): void {
    const { onEvent } = this.options;
    if (onEvent !== undefined) reportAll([{ actor: this.name, type, ...(cause === undefined ? {} : { cause }) }], onEvent);
  }

  #context(): ActorContext<M, R> {
    return new ContextOf(this.#task, this.#self());
  }

  askFor<A, B>(to: ActorRef<A, B>, message: A, options: AskOptions | undefined): Promise<B> {
    return askingAs(this, () => to.ask(message, options));
  }
}

function behaviourOf<M, R>(handler: Handler<M, R>): Behaviour<M, R> {
  return typeof handler === 'function' ? { receive: handler } : handler;
}
