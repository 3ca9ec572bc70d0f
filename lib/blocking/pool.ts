import { after, requireDelay } from '../delay.js';
import type { Timer } from '../delay.js';
import { BlockingQueueFullError, BlockingTaskError, WorkerTerminatedError } from './errors.js';
import { reviveError } from './protocol.js';
import { openThread } from './thread.js';
import type { Answer, BlockingTask, Cancellation, Greeting, Order } from './protocol.js';
import type { Thread, Transferable } from './thread.js';

/** How one task is run. */
export interface RunOptions {
  /** Gives the task up: it leaves the queue, or is told so while it runs. */
  readonly signal?: AbortSignal | undefined;
  /** What of the input goes over without a copy. */
  readonly transfer: readonly Transferable[];
  /** After the signal, how long a running task may go on before its thread is ended, in ms up to 2^31 - 1; `undefined`: as long as it likes. */
  readonly hardKillMs?: number | undefined;
}

/** Threads that run tasks. What comes in belongs to the pool: nobody else refers to it. */
export interface BlockingPool {
  /**
   * Runs a task in a thread.
   *
   * @returns what the function returned. Rejects with a {@link BlockingTaskError} when it threw, a {@link WorkerTerminatedError} when
   * its thread ended, and with the signal's reason, untouched
   */
  run(task: BlockingTask, input: unknown, options: RunOptions): Promise<unknown>;
  /** Takes no more tasks; settles when those it has are done and the threads are gone. */
  close(): Promise<void>;
  /** Takes no more tasks, ends the threads at once and rejects every task with a {@link WorkerTerminatedError}. */
  destroy(): Promise<void>;
}

/** How a {@link WorkerPool} is set up. */
export interface WorkerPoolOptions {
  /** Threads at most, 1 or more; started when they are needed. As many as the machine has cores by default, and at most 4. */
  readonly threads?: number | undefined;
  /** Tasks that may wait for a thread, 0 or more. 1,024 by default. */
  readonly queue?: number | undefined;
}

interface Job {
  readonly id: number;
  readonly task: BlockingTask;
  readonly input: unknown;
  readonly options: RunOptions;
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
  runner: Runner | undefined;
  isSettled: boolean;
  abort: (() => void) | undefined;
  killTimer: Timer;
}

interface Runner {
  readonly thread: Thread;
  readonly cancelled: Int32Array | undefined;
  job: Job | undefined;
}

/**
 * A fixed number of threads and a bounded queue, first come, first served. Runs on Node, Deno, Bun and in browsers. Idle threads do
 * not keep the process alive.
 */
export class WorkerPool implements BlockingPool, AsyncDisposable {
  readonly #limit: number;
  readonly #queueLimit: number;
  readonly #runners = new Set<Runner>();
  /** The one that was busy last is taken first: its code and data are still warm. */
  readonly #idle: Runner[] = [];
  readonly #waiting = new Set<Job>();
  #lastId = 0;
  #isClosed = false;
  readonly #closing: (() => void)[] = [];

  /** @throws {RangeError} when an option is out of its bounds */
  constructor({ threads = Math.min(4, cores()), queue = 1024 }: WorkerPoolOptions = {}) {
    if (!Number.isInteger(threads) || threads < 1) throw new RangeError(`threads is a positive integer; it was given ${threads}`);
    if (!(queue >= 0)) throw new RangeError(`queue is 0 or more; it was given ${queue}`);
    this.#limit = threads;
    this.#queueLimit = queue;
  }

  /** Threads started. */
  get threads(): number {
    return this.#runners.size;
  }

  /** Tasks that wait for a thread. */
  get waiting(): number {
    return this.#waiting.size;
  }

  run(task: BlockingTask, input: unknown, options: RunOptions): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (options.signal?.aborted === true) throw options.signal.reason;
      if (options.hardKillMs !== undefined) requireDelay(options.hardKillMs, 'hardKillMs');
      if (this.#isClosed) throw new WorkerTerminatedError('this pool is closed');
      const isStarting = this.#idle.length > 0 || this.#runners.size < this.#limit;
      if (!isStarting && this.#waiting.size >= this.#queueLimit) throw new BlockingQueueFullError(`${this.#waiting.size} tasks wait for ${this.#limit} threads; no more may`);

      // An id fits a slot of shared memory; 0 is no task's.
      this.#lastId = (this.#lastId % 0x7fffffff) + 1;
      const job: Job = { id: this.#lastId, task, input, options, resolve, reject, runner: undefined, isSettled: false, abort: undefined, killTimer: undefined };
      if (options.signal !== undefined) {
        job.abort = () => this.#cancel(job, options.signal?.reason);
        options.signal.addEventListener('abort', job.abort);
      }
      if (isStarting) this.#begin(job);
      else this.#waiting.add(job);
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#whenEmpty(() => this.#endIdle());
  }

  async destroy(): Promise<void> {
    this.#isClosed = true;
    await this.#whenEmpty(() => {
      for (const job of this.#waiting) settle(job, () => job.reject(new WorkerTerminatedError('the pool was destroyed before this task began')));
      this.#waiting.clear();
      for (const { thread, job } of this.#runners) {
        if (job !== undefined) settle(job, () => job.reject(new WorkerTerminatedError('the pool was destroyed while this task ran')));
        thread.terminate();
      }
    });
  }

  /** As `close`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #open(): Runner {
    const cancelled = typeof SharedArrayBuffer === 'undefined' ? undefined : new Int32Array(new SharedArrayBuffer(4));
    const thread = openThread(new URL('./worker.js', import.meta.url), {
      message: (answer) => this.#answered(runner, answer as Answer),
      ended: (exitCode, cause) => this.#ended(runner, exitCode, cause),
    });
    const runner: Runner = { thread, cancelled, job: undefined };
    this.#runners.add(runner);
    thread.post({ cancelled } satisfies Greeting, []);
    return runner;
  }

  /** @returns whether there was a thread for it, or one could be made */
  #begin(job: Job): boolean {
    let runner: Runner;
    try {
      runner = this.#idle.pop() ?? this.#open();
    } catch (cause) {
      settle(job, () => job.reject(new WorkerTerminatedError(`no thread could be started for ${job.task.name}`, undefined, { cause })));
      return false;
    }
    this.#start(runner, job);
    return true;
  }

  #start(runner: Runner, job: Job): void {
    runner.job = job;
    job.runner = runner;
    runner.thread.keepAlive(true);
    const { id, task, input, options } = job;
    try {
      runner.thread.post({ id, module: task.module, name: task.name, input } satisfies Order, options.transfer);
    } catch (cause) {
      settle(job, () => job.reject(new TypeError('this input cannot cross to a thread', { cause })));
      this.#next(runner);
    }
  }

  #answered(runner: Runner, answer: Answer): void {
    const { job } = runner;
    if (job?.id !== answer.id) return;
    if ('error' in answer) {
      settle(job, () => job.reject(new BlockingTaskError(`${job.task.name} failed: ${answer.error.message}`, { cause: reviveError(answer.error) })));
    } else {
      settle(job, () => job.resolve(answer.value));
    }
    this.#next(runner);
  }

  /** Gives a thread that has nothing to do the next task. */
  #next(runner: Runner): void {
    clearTimeout(runner.job?.killTimer);
    runner.job = undefined;
    const [job] = this.#waiting;
    if (job !== undefined) {
      this.#waiting.delete(job);
      this.#start(runner, job);
      return;
    }
    this.#idle.push(runner);
    runner.thread.keepAlive(false);
    if (this.#isClosed) this.#endIdle();
  }

  #endIdle(): void {
    for (const { thread } of this.#idle) {
      // Until it is gone, the process waits for it: so does `close`.
      thread.keepAlive(true);
      thread.terminate();
    }
    this.#idle.length = 0;
  }

  #cancel(job: Job, reason: unknown): void {
    settle(job, () => job.reject(reason));
    if (job.runner === undefined) {
      this.#waiting.delete(job);
      return;
    }
    const { thread, cancelled } = job.runner;
    if (cancelled === undefined) thread.post({ cancel: job.id } satisfies Cancellation, []);
    else Atomics.store(cancelled, 0, job.id);
    job.killTimer = after(job.options.hardKillMs ?? Infinity, () => thread.terminate());
  }

  #ended(runner: Runner, exitCode: number | undefined, cause: unknown): void {
    this.#runners.delete(runner);
    const at = this.#idle.indexOf(runner);
    if (at >= 0) this.#idle.splice(at, 1);
    const { job } = runner;
    if (job !== undefined) {
      clearTimeout(job.killTimer);
      const how = exitCode === undefined ? '' : ` with exit code ${exitCode}`;
      settle(job, () => job.reject(new WorkerTerminatedError(`the thread ended${how} while ${job.task.name} ran`, exitCode, { cause })));
    }
    for (const next of this.#waiting) {
      this.#waiting.delete(next);
      if (this.#begin(next)) break;
    }
    if (this.#runners.size === 0) for (const done of this.#closing.splice(0)) done();
  }

  async #whenEmpty(begin: () => void): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#closing.push(resolve);
      begin();
      if (this.#runners.size === 0) for (const done of this.#closing.splice(0)) done();
    });
  }
}

/** Settles a task once, and leaves nothing on its signal. */
function settle(job: Job, how: () => void): void {
  if (job.isSettled) return;
  job.isSettled = true;
  if (job.abort !== undefined) job.options.signal?.removeEventListener('abort', job.abort);
  how();
}

function cores(): number {
  const { navigator } = globalThis as { readonly navigator?: { readonly hardwareConcurrency?: number } };
  return navigator?.hardwareConcurrency ?? process.getBuiltinModule('node:os').availableParallelism();
}
