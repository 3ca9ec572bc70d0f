import { after, requireDelay } from '../delay.js';
import type { Timer } from '../delay.js';
import { ScopeClosedError, ScopeStuckError } from '../errors.js';
import { leakWatch } from '../leaks.js';
import type { Loss } from '../leaks.js';
import { CancelToken, isCancellation, onAbort } from './cancel-token.js';
import type { Cancellation } from './cancel-token.js';
import { deferred } from './deferred.js';
import type { Deferred } from './deferred.js';
import { Task } from './task.js';
import type { JoinHandle, TaskContext } from './task.js';

/** How a scope is set up. */
export interface ScopeOptions {
  /** Cancels the scope when it is aborted. It has one listener of ours while tasks run, none otherwise. */
  readonly signal?: AbortSignal | undefined;
  /** Cancels the scope when it is cancelled: the context of the task that opens the scope, a scope, a token. Costs less than a signal. */
  readonly parent?: Cancellation | undefined;
  /** Stands before its tasks' names in messages. */
  readonly name?: string | undefined;
  /** `cancel` (the default): the first failure cancels the others. `collect`: the others run on, and all failures are told at the end. */
  readonly onError?: 'cancel' | 'collect' | undefined;
  /** How many tasks run at a time, an integer of at least 1; the rest start later, in order. Unlimited when left out. */
  readonly limit?: number | undefined;
}

/** How long to wait for the tasks of a scope. */
export interface JoinOptions {
  /** How many milliseconds cancelled tasks have to end, 0 to 2^31 - 1. Without it, or with `Infinity`, they are waited for. */
  readonly graceMs?: number | undefined;
}

/** Who cancelled a scope decides whether leaving it is an error. */
type Canceller = 'owner' | 'outside' | 'failure';

/**
 * A scope does not end before its tasks.
 *
 * ```ts
 * await TaskScope.run(async (scope) => {
 *   scope.spawn((task) => serve(task));
 *   scope.spawn((task) => report(task));
 * });
 * ```
 *
 * - A failing task cancels its siblings, and its error is what `join` rejects with. If siblings fail too, other than by obeying, it is
 *   an `AggregateError` of all, the first one first. With `onError: 'collect'` it is always an `AggregateError`.
 * - A failure that belongs to a scope never becomes an unhandled rejection, whether its handle is awaited or not.
 * - A scope that its owner cancels ends quietly; one that is cancelled from outside (`signal`, `parent`) rejects with that reason if it
 *   cut a task short.
 * - A finished task leaves nothing behind but what its handle holds.
 * - Nothing is pre-empted: a task that never looks at its context is waited for.
 *
 * Semantics of Trio's nurseries and of tokio's `TaskTracker` with a `CancellationToken`.
 */
export class TaskScope implements Cancellation, AsyncDisposable {
  readonly name: string;
  readonly #token = new CancelToken();
  readonly #options: ScopeOptions;
  readonly #limit: number;
  readonly #tasks = new Set<Task<unknown>>();
  /** Tasks that wait for a place, each with what lets it go. */
  readonly #waiting = new Map<Task<unknown>, () => void>();
  readonly #failures: Task<unknown>[] = [];
  #running = 0;
  #isClosed = false;
  #isReported = false;
  #isWatched = false;
  #cancelledBy: Canceller | undefined = undefined;
  #wasCutShort = false;
  #ties: Disposable[] = [];
  #idle: Deferred<void> | undefined = undefined;

  /** @throws {RangeError} when `limit` is not an integer of at least 1 */
  constructor(options: ScopeOptions = {}) {
    const { limit = Infinity } = options;
    if (!(limit >= 1 && (limit === Infinity || Number.isInteger(limit)))) throw new RangeError(`a scope's limit is an integer of at least 1; it was ${limit}`);
    this.name = options.name ?? 'scope';
    this.#options = options;
    this.#limit = limit;
  }

  /**
   * Opens a scope around a body, and ends it with the body: it waits for the tasks, and cancels them first if the body throws.
   *
   * @param body - is given the scope
   * @returns what the body returns, once every task has ended
   * @throws what the body or a task threw; an `AggregateError` if several did. What a task threw before comes first
   */
  static async run<R>(body: (scope: TaskScope) => PromiseLike<R> | R, options?: ScopeOptions): Promise<R> {
    const scope = new TaskScope(options);
    let result: R;
    try {
      result = await body(scope);
    } catch (error) {
      const isConsequence = isCancellation(error, scope);
      scope.#cancel(error, 'failure');
      scope.close();
      await scope.#settled();
      const failures = scope.#failures.map((task) => task.outcome);
      throw asOne(isConsequence && failures.length > 0 ? failures : [...failures, error], scope.name);
    }
    await scope.join();
    scope.close();
    return result;
  }

  /** How many tasks have not ended, those that wait for a place included. */
  get size(): number {
    return this.#tasks.size;
  }

  get cancelled(): boolean {
    this.#hear();
    return this.#token.cancelled;
  }

  get reason(): unknown {
    this.#hear();
    return this.#token.reason;
  }

  get signal(): AbortSignal {
    this.#listen();
    return this.#token.signal;
  }

  throwIfCancelled(): void {
    this.#hear();
    this.#token.throwIfCancelled();
  }

  onCancel(callback: (reason: unknown) => void): Disposable {
    this.#listen();
    const subscription = this.#token.onCancel(callback);
    return {
      [Symbol.dispose]: () => {
        subscription[Symbol.dispose]();
        if (this.#tasks.size === 0) this.#unlisten();
      },
    };
  }

  /**
   * Starts a task: its body is called right here, up to its first `await`, unless the scope's `limit` is reached.
   *
   * @param body - is given the task's context. What it throws, now or later, is the task's failure
   * @param options - `name` stands in messages
   * @returns a handle on the task; it need not be kept
   * @throws {ScopeClosedError} after `close` or cancellation
   */
  spawn<R>(body: (context: TaskContext) => PromiseLike<R> | R, options?: { readonly name?: string | undefined }): JoinHandle<R> {
    this.#requireOpen();
    if (leakWatch !== undefined) this.#watch();
    const task = new Task<R>(this.#owner, options?.name ?? 'task', body);
    this.#tasks.add(task);
    if (this.#tasks.size === 1) this.#listen();
    if (this.#running < this.#limit) {
      this.#running++;
      task.start();
    } else {
      // Through a promise, so that the task runs in the async context of whoever spawned it, not of whoever made room.
      const place = deferred();
      this.#waiting.set(task, place.resolve);
      void place.promise.then(() => task.start());
    }
    return task;
  }

  /**
   * Cancels every task, and refuses new ones. The scope then ends quietly.
   *
   * @param reason - handed to the tasks untouched; an `AbortError` when left out
   */
  cancel(reason?: unknown): void {
    this.#cancel(reason, 'owner');
  }

  /** Refuses new tasks from now on. Those that run are left alone. */
  close(): void {
    this.#isClosed = true;
    this.#unwatch();
    if (this.#tasks.size === 0) this.#unlisten();
  }

  /**
   * Waits until no task is left. Tasks may go on spawning tasks meanwhile.
   *
   * @throws the first failure, an `AggregateError` of several, or the reason of a cancellation from outside that cut a task short
   * @throws {RangeError} as a rejection, when `graceMs` is out of bounds
   * @throws {ScopeStuckError} when tasks are cancelled and have not ended within `graceMs`
   *
   * Cancel safe: leaving the promise alone changes nothing.
   */
  async join(options?: JoinOptions): Promise<void> {
    const { graceMs = Infinity } = options ?? {};
    requireDelay(graceMs, 'graceMs');
    await this.#settled(graceMs);
    this.#isReported = true;
    this.#unwatch();
    this.#report();
  }

  /** Waits for every task, closes the scope, and throws what nobody has been told: neither by `join` nor by the failed task's handle. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#settled();
    this.close();
    if (!this.#isReported && !(this.#failures.length > 0 && this.#failures.every((task) => task.isObserved))) this.#report();
  }

  readonly #owner = {
    ended: (task: Task<unknown>): void => {
      this.#tasks.delete(task);
      // One that had no place yet has none to give back.
      if (!this.#waiting.delete(task)) this.#passOn();
      if (task.wasCutShort) this.#wasCutShort ||= this.#cancelledBy !== undefined;
      else if (task.hasFailed) {
        this.#failures.push(task);
        if (this.#options.onError !== 'collect') this.#cancel(task.outcome, 'failure');
      }
      if (this.#tasks.size === 0) this.#rest();
    },
  };

  /** The place of a task that ended goes to the one that has waited longest. */
  #passOn(): void {
    for (const [task, go] of this.#waiting) {
      this.#waiting.delete(task);
      go();
      return;
    }
    this.#running--;
  }

  #rest(): void {
    this.#unlisten();
    this.#idle?.resolve();
    this.#idle = undefined;
  }

  #watch(): void {
    if (this.#isWatched) return;
    this.#isWatched = true;
    leakWatch?.opened(this, scopeLost(this.name));
  }

  #unwatch(): void {
    if (!this.#isWatched) return;
    this.#isWatched = false;
    leakWatch?.closed(this);
  }

  #requireOpen(): void {
    this.#hear();
    if (this.#token.cancelled) throw new ScopeClosedError(`${this.name} was cancelled: it takes no more tasks`, { cause: this.#token.reason });
    if (this.#isClosed) throw new ScopeClosedError(`${this.name} was closed: it takes no more tasks`);
  }

  /** Takes note of a cancellation from outside that came while nobody listened. A scope that is over hears no more. */
  #hear(): void {
    if (this.#token.cancelled || (this.#isClosed && this.#tasks.size === 0)) return;
    const { signal, parent } = this.#options;
    if (parent?.cancelled === true) this.#cancel(parent.reason, 'outside');
    else if (signal?.aborted === true) this.#cancel(signal.reason, 'outside');
  }

  #listen(): void {
    const { signal, parent } = this.#options;
    if ((signal === undefined && parent === undefined) || this.#ties.length > 0 || this.#token.cancelled) return;
    this.#hear();
    if (this.#token.cancelled) return;
    const heard = (reason: unknown): void => this.#cancel(reason, 'outside');
    if (parent !== undefined) this.#ties.push(parent.onCancel(heard));
    const tie = signal && onAbort(signal, heard);
    if (tie !== undefined) this.#ties.push(tie);
  }

  #unlisten(): void {
    const ties = this.#ties;
    if (ties.length === 0 || (this.#cancelledBy === undefined && this.#token.isObserved && !this.#isClosed)) return;
    this.#ties = [];
    for (const tie of ties) tie[Symbol.dispose]();
  }

  #cancel(reason: unknown, by: Canceller): void {
    if (this.#token.cancelled) return;
    this.#cancelledBy = by;
    this.#unlisten();
    this.#token.cancel(reason);
    for (const task of this.#tasks) task.cancel(this.#token.reason);
  }

  async #settled(graceMs = Infinity): Promise<void> {
    while (this.#tasks.size > 0) {
      this.#idle ??= deferred();
      await (graceMs === Infinity ? this.#idle.promise : this.#idleWithin(graceMs, this.#idle.promise));
    }
  }

  /** Settles with the tasks, or rejects when they have been cancelled for too long. */
  #idleWithin(graceMs: number, idle: Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      let timer: Timer;
      const tie = this.#token.onCancel(() => {
        timer = after(graceMs, () => {
          const names = [...this.#tasks].map((task) => task.name);
          const message = `${this.name}: ${names.length} cancelled ${names.length === 1 ? 'task' : 'tasks'} did not end within ${graceMs} ms: ${names.join(', ')}`;
          reject(new ScopeStuckError(message, names, { cause: this.#token.reason }));
        });
      });
      void idle.then(() => {
        clearTimeout(timer);
        tie[Symbol.dispose]();
        resolve();
      });
    });
  }

  #report(): void {
    if (this.#failures.length > 0) {
      const errors = this.#failures.map((task) => task.outcome);
      throw this.#options.onError === 'collect' ? together(errors, this.name) : asOne(errors, this.name);
    }
    if (this.#cancelledBy === 'outside' && this.#wasCutShort) throw this.#token.reason;
  }
}

function scopeLost(name: string): Loss {
  return () => `${name} had tasks and was lost without anybody joining or closing it: what failed in it is told to nobody. Hold it with await using`;
}

/** One error as it is; several together, each once. */
function asOne(errors: readonly unknown[], name: string): unknown {
  const different = [...new Set(errors)];
  return different.length === 1 ? different[0] : together(different, name);
}

function together(errors: readonly unknown[], name: string): AggregateError {
  const first = errors[0] instanceof Error ? `: ${errors[0].message}` : '';
  return new AggregateError(errors, `${errors.length} ${errors.length === 1 ? 'task' : 'tasks'} of ${name} failed${first}`, { cause: errors[0] });
}
