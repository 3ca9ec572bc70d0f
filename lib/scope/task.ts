import { CancelToken, isCancellation } from './cancel-token.js';
import type { Cancellation } from './cancel-token.js';
import { deferred } from './deferred.js';
import type { Deferred } from './deferred.js';
import { nextTurn, sleep } from './sleep.js';
import { isThenable } from './thenable.js';

/** What a task is given: its cancellation, and ways to wait that heed it. */
export interface TaskContext extends Cancellation {
  readonly name: string;
  /**
   * Waits.
   *
   * @param ms - milliseconds, 0 to 2^31 - 1
   * @throws the reason of the cancellation, at once
   */
  sleep(ms: number): Promise<void>;
  /**
   * Gives the event loop one turn.
   *
   * @throws the reason of the cancellation
   */
  yieldNow(): Promise<void>;
}

/**
 * A hold on a task: awaiting it gives the task's result.
 *
 * Letting go of the handle, or disposing of it, does not touch the task's scope: disposing cancels the task, the scope still waits for it.
 */
export interface JoinHandle<R> extends PromiseLike<R>, Disposable {
  readonly name: string;
  /** Whether the task has ended, one way or the other. */
  readonly done: boolean;
  /**
   * Cancels this task alone. Its scope does not take that for a failure.
   *
   * @param reason - handed to the task untouched; an `AbortError` when left out
   */
  cancel(reason?: unknown): void;
}

/** The side of a scope that its tasks see. */
export interface TaskOwner {
  ended(task: Task<unknown>): void;
}

export class Context extends CancelToken implements TaskContext {
  readonly name: string;

  constructor(name: string) {
    super();
    this.name = name;
  }

  sleep(ms: number): Promise<void> {
    return sleep(ms, this);
  }

  async yieldNow(): Promise<void> {
    this.throwIfCancelled();
    await nextTurn();
    this.throwIfCancelled();
  }
}

type State = 'waiting' | 'running' | 'fulfilled' | 'rejected';

/** One task of a scope, and its handle. */
export class Task<R> implements JoinHandle<R> {
  readonly context: Context;
  readonly #owner: TaskOwner;
  #body: ((context: TaskContext) => PromiseLike<R> | R) | undefined;
  #state: State = 'waiting';
  #outcome: unknown = undefined;
  /** Made when somebody asks for the result before there is one. */
  #asked: Deferred<unknown> | undefined = undefined;
  /** Whether somebody has asked for the result: its failure is known outside of the scope. */
  isObserved = false;

  constructor(owner: TaskOwner, name: string, body: (context: TaskContext) => PromiseLike<R> | R) {
    this.#owner = owner;
    this.#body = body;
    this.context = new Context(name);
  }

  get name(): string {
    return this.context.name;
  }

  get done(): boolean {
    return this.#state === 'fulfilled' || this.#state === 'rejected';
  }

  get hasFailed(): boolean {
    return this.#state === 'rejected';
  }

  /** What it ended with, value or error. */
  get outcome(): unknown {
    return this.#outcome;
  }

  /** Whether it ended only because it was told to. */
  get wasCutShort(): boolean {
    return this.#state === 'rejected' && isCancellation(this.#outcome, this.context);
  }

  /** Calls the body, unless the task was cancelled while it waited. */
  start(): void {
    const body = this.#body;
    if (this.#state !== 'waiting' || body === undefined) return;
    this.#state = 'running';
    this.#body = undefined;
    let result: PromiseLike<R> | R;
    try {
      result = body(this.context);
    } catch (error) {
      this.#end('rejected', error);
      return;
    }
    if (isThenable(result)) {
      const ended = result instanceof Promise ? (result as Promise<R>) : Promise.resolve(result);
      ended.then(
        (value) => this.#end('fulfilled', value),
        (error: unknown) => this.#end('rejected', error),
      );
    } else this.#end('fulfilled', result);
  }

  cancel(reason?: unknown): void {
    if (this.done) return;
    this.context.cancel(reason);
    // One that has not begun never will.
    if (this.#state === 'waiting') this.#end('rejected', this.context.reason);
  }

  then<A = R, B = never>(onFulfilled?: ((value: R) => A | PromiseLike<A>) | null, onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<A | B> {
    this.isObserved = true;
    return this.#promise().then(onFulfilled, onRejected);
  }

  [Symbol.dispose](): void {
    this.cancel();
  }

  #promise(): Promise<R> {
    if (this.#asked === undefined) {
      this.#asked = deferred<unknown>();
      // The scope has the failure; nobody has to take it here as well.
      this.#asked.promise.catch(() => undefined);
      this.#tell();
    }
    return this.#asked.promise as Promise<R>;
  }

  #tell(): void {
    if (this.#state === 'fulfilled') this.#asked?.resolve(this.#outcome);
    else if (this.#state === 'rejected') this.#asked?.reject(this.#outcome);
  }

  #end(state: 'fulfilled' | 'rejected', outcome: unknown): void {
    this.#state = state;
    this.#outcome = outcome;
    this.#body = undefined;
    this.#owner.ended(this);
    this.#tell();
  }
}
