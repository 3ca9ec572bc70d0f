import type { Cancellable, TrySendResult } from '../channel/types.js';
import { after, requireDelay } from '../delay.js';
import { isDevelopment } from '../development.js';
import { SendError } from '../errors.js';
import { onAbort } from '../scope/cancel-token.js';
import { deferred } from '../scope/deferred.js';
import type { TaskScope } from '../scope/task-scope.js';
import { beginAsk, endAsk, whoAsks } from './ask-graph.js';
import { Cell } from './cell.js';
import { Envelope, visit } from './envelope.js';
import { ActorStoppedError, AskCycleError, AskTimeoutError } from './errors.js';
import { groupOf, siblingsOf } from './group.js';
import type { ActorOptions, ActorRef, AskOptions, Init, StopOptions, SwapOptions } from './types.js';

class Ref<M, R> implements ActorRef<M, R> {
  readonly #cell: Cell<M, R>;

  constructor(options: ActorOptions<M, R>, scope: TaskScope) {
    const siblings = siblingsOf(scope);
    this.#cell = new Cell(options, groupOf(siblings, options.supervise?.strategy), () => this);
    siblings.add(this.#cell);
    try {
      scope.spawn((task) => this.#cell.run(task), { name: this.name });
    } catch (error) {
      siblings.delete(this.#cell);
      throw error;
    }
  }

  get name(): string {
    return this.#cell.name;
  }

  get isStopped(): boolean {
    return this.#cell.isStopped;
  }

  get length(): number {
    return this.#cell.inbox.length;
  }

  async tell(message: M, options?: Cancellable): Promise<void> {
    await this.#send(new Envelope(this.#cell.ledger, message), options?.signal);
  }

  tryTell(message: M): TrySendResult {
    const envelope = new Envelope(this.#cell.ledger, message);
    const sent = this.#cell.inbox.sender.trySend(envelope);
    if (!sent.ok) envelope.settle();
    return sent;
  }

  async ask(message: M, options: AskOptions = {}): Promise<R> {
    const cell = this.#cell;
    const { timeoutMs = cell.options.askTimeoutMs ?? 5000, signal } = options;
    requireDelay(timeoutMs, 'the time-out of an ask');
    signal?.throwIfAborted();
    const asker = (cell.options.detectAskCycles ?? isDevelopment()) ? whoAsks() : undefined;
    const circle = asker && beginAsk(asker, cell);
    if (circle !== undefined) throw new AskCycleError(`nobody would ever answer: ${circle.join(' asks ')}`, message);
    const reply = deferred<unknown>();
    const envelope = new Envelope(cell.ledger, message, reply);
    // Calls a send off that waits for room; made only if one does.
    let waiting: AbortController | undefined;
    const giveUp = (error: unknown): void => {
      envelope.refuse(error);
      waiting?.abort(error);
      cell.inbox.ring();
    };
    const timer = after(timeoutMs, () => giveUp(new AskTimeoutError(`${cell.name} did not answer within ${timeoutMs} ms`, message)));
    const tie = signal && onAbort(signal, giveUp);
    envelope.onSettled = () => {
      clearTimeout(timer);
      tie?.[Symbol.dispose]();
      if (asker !== undefined) endAsk(asker, cell);
    };
    if (!cell.inbox.sender.trySend(envelope).ok) {
      waiting = new AbortController();
      // Whoever asks is told through the envelope.
      this.#send(envelope, waiting.signal).catch(() => undefined);
    }
    return (await reply.promise) as R;
  }

  async run<A>(call: () => PromiseLike<A> | A, options?: Cancellable): Promise<A> {
    const visitor = visit();
    // It has a message's place in line, and no message.
    const envelope = new Envelope<M>(this.#cell.ledger, undefined as M, undefined, visitor);
    await this.#send(envelope, options?.signal);
    // Until its turn comes it can be called off; its place in line is passed over then.
    const tie = options?.signal && onAbort(options.signal, (reason) => void envelope.refuse(reason));
    try {
      await visitor.go.promise;
    } finally {
      tie?.[Symbol.dispose]();
    }
    try {
      return await call();
    } finally {
      visitor.left.resolve();
    }
  }

  swap(init: Init<M, R>, options: SwapOptions = {}): Promise<void> {
    return this.#cell.swap(init, options.drain ?? 'current');
  }

  async stop(options: StopOptions = {}): Promise<void> {
    this.#cell.stop(options.drain === true);
    await this.#cell.ended.promise;
  }

  /** Handles what waits, then ends. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop({ drain: true });
  }

  async #send(envelope: Envelope<M>, signal: AbortSignal | undefined): Promise<void> {
    try {
      await this.#cell.inbox.sender.send(envelope, { signal });
    } catch (error) {
      const refusal = error instanceof SendError ? new ActorStoppedError(`${this.name} takes no more messages`, envelope.message) : error;
      envelope.refuse(refusal);
      throw refusal;
    }
  }
}

/**
 * Starts an actor: a handler with a bounded mailbox, that is given one message at a time, and restarted when it fails.
 *
 * ```ts
 * await using counter = spawnActor<number, number>(scope, {
 *   name: 'counter',
 *   capacity: 100,
 *   init: () => {
 *     let sum = 0;
 *     return (n) => (sum += n);
 *   },
 * });
 * await counter.tell(1);
 * console.log(await counter.ask(2)); // 3
 * ```
 *
 * - Control (stop, swap, restart, time-outs) never waits for room in the mailbox, nor behind its messages.
 * - A message is settled exactly once: handled, or handed back to whoever asked or waits to send, or told to `onDeadLetter`.
 * - The mailbox outlives restarts, in order. Nothing outlives the process.
 *
 * Semantics of Erlang's `gen_server` under a supervisor, with the bounded mailbox of tokio's actors.
 *
 * @param scope - waits for the actor, cancels it, and fails when the actor fails more often than `supervise` allows. The actor takes a
 * place of the scope's `limit`, and ends only by `stop`, failure or cancellation: dispose of it, or stop it
 * @throws {RangeError} when an option is out of bounds
 * @throws {ScopeClosedError} when the scope takes no more tasks
 */
export function spawnActor<M, R = unknown>(scope: TaskScope, options: ActorOptions<M, R>): ActorRef<M, R> {
  return new Ref(options, scope);
}
