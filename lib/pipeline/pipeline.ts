import type { Receiver, Sender } from '../channel/types.js';
import { requireDelay } from '../delay.js';
import { Iteration } from '../iteration.js';
import type { Cancellation } from '../scope/cancel-token.js';
import type { Source } from '../scope/source.js';
import type { TaskContext } from '../scope/task.js';
import { Run, take } from './run.js';
import { batchItems, drainInto, mapItems, pump, sending } from './stages.js';

export interface PipelineOptions {
  /** Ends the run: its reason is what the run rejects with. */
  readonly signal?: AbortSignal | undefined;
  /** The same as `signal`, for those who have a token, a task's context or a scope. */
  readonly parent?: Cancellation | undefined;
  /** Stands in messages. */
  readonly name?: string | undefined;
  /** How many items a boundary between two stages holds, where the stage does not say: a whole number from 1; 16 when not given. */
  readonly capacity?: number | undefined;
  /**
   * Is told of every item that was pulled and did not reach the sink, once, as it was at that place (a batch as a batch), and why: the
   * error of its own call, else what ended the run. What it throws is reported, and does not keep the other items from it.
   */
  readonly onUndelivered?: ((item: unknown, reason: unknown) => void) | undefined;
}

export interface MapOptions {
  /** How many calls run at a time, a whole number from 1; 1 when not given. */
  readonly concurrency?: number | undefined;
  /** How many results the boundary behind it holds beside those of running calls. */
  readonly capacity?: number | undefined;
  /** Whether results keep the order of their items; they do when not given. Then a slow call keeps back at most `concurrency + capacity`. */
  readonly ordered?: boolean | undefined;
  readonly name?: string | undefined;
}

export interface BatchOptions {
  /** How long the first item of a batch waits for others, in milliseconds up to 2^31 - 1; without a limit when not given. */
  readonly maxWaitMs?: number | undefined;
  /** How many batches the boundary behind it holds. */
  readonly capacity?: number | undefined;
}

/** Starts the stages up to some place, and gives the end of the last boundary. */
type Start<T> = (run: Run) => Receiver<T>;

/**
 * A description of stages with a bounded channel between each two. Nothing runs before `to`, or a loop over it, starts it; each of
 * these is a run of its own.
 *
 * ```ts
 * await pipeline(readLines(path), { signal })
 *   .map(parse, { concurrency: 4 })
 *   .batch(100, { maxWaitMs: 50 })
 *   .to((rows) => insert(rows));
 * ```
 *
 * The first error ends everything: the source is left (`return` is called), calls under way are cancelled through their context and
 * waited for, and what is in between goes to `onUndelivered`. Only then does the run's promise settle.
 */
export class Pipeline<T> implements AsyncIterable<T, undefined, undefined> {
  readonly #options: PipelineOptions;
  readonly #start: Start<T>;

  /** Use `pipeline()`. */
  constructor(options: PipelineOptions, start: Start<T>) {
    this.#options = options;
    this.#start = start;
  }

  /**
   * Calls a function for each item. Nothing is taken from the stage before until there is room for its result.
   *
   * @param call - is given the item and the stage's task context
   * @throws {RangeError} when `concurrency` or `capacity` is out of bounds
   */
  map<U>(call: (item: T, task: TaskContext) => PromiseLike<U> | U, options: MapOptions = {}): Pipeline<U> {
    return this.#calling<U, U>(call, options, false);
  }

  /**
   * Calls a function for each item, waits for it, and passes the item on.
   *
   * @param call - is given the item and the stage's task context; its result is not looked at
   */
  tap(call: (item: T, task: TaskContext) => unknown): Pipeline<T> {
    return this.#calling<unknown, T>(call, { name: 'tap' }, true);
  }

  /**
   * Collects items into arrays.
   *
   * @param size - how many items a batch has, a whole number from 1; the last one, and one whose time is over, may have fewer
   * @throws {RangeError} when `size`, `maxWaitMs` or `capacity` is out of bounds
   */
  batch(size: number, options: BatchOptions = {}): Pipeline<T[]> {
    const { maxWaitMs } = options;
    whole('size', size);
    if (maxWaitMs !== undefined) requireDelay(maxWaitMs, "a pipeline's maxWaitMs");
    return this.#then('batch', whole('capacity', options.capacity ?? this.#capacity), (run, input, output: Sender<T[]>) => batchItems(run, input, output, { size, maxWaitMs }));
  }

  /**
   * Runs the pipeline into a sink.
   *
   * @param sink - a function, called for one item at a time and waited for; or a channel's sender, which is left open
   * @returns a promise that fulfils when the sink has taken the last item and every stage has ended
   * @throws the first error of the source, a stage or the sink; the reason of a cancellation from outside
   *
   * Cancel safe through `signal` and `parent` only: leaving the promise alone does not stop the run.
   */
  async to(sink: Sender<T> | ((item: T, task: TaskContext) => unknown)): Promise<void> {
    const run = new Run(this.#options);
    const input = this.#start(run);
    const call = typeof sink === 'function' ? sink : sending(sink);
    run.stage('sink', (task) => drainInto(run, input, call, task));
    await run.end();
  }

  /** Runs the pipeline into a loop. Leaving the loop ends the run: what is in between goes to `onUndelivered`. */
  [Symbol.asyncIterator](): AsyncIterableIterator<T, undefined, undefined> {
    let started: { readonly run: Run; readonly input: Receiver<T> } | undefined;
    const start = (): { readonly run: Run; readonly input: Receiver<T> } => {
      const run = new Run(this.#options);
      return { run, input: this.#start(run) };
    };
    return new Iteration(
      async () => {
        const { run, input } = (started ??= start());
        const next = await take(input);
        if (next.done === true) {
          run.delivered();
          await run.end();
        }
        return next;
      },
      () => started?.run.leave(),
    );
  }

  get #capacity(): number {
    return this.#options.capacity ?? 16;
  }

  #calling<U, V extends T | U>(call: (item: T, task: TaskContext) => PromiseLike<U> | U, options: MapOptions, passesItem: boolean): Pipeline<V> {
    const concurrency = whole('concurrency', options.concurrency ?? 1);
    const capacity = whole('capacity', options.capacity ?? this.#capacity);
    const settings = { concurrency, isOrdered: options.ordered !== false, passesItem };
    return this.#then<V>(options.name ?? 'map', concurrency + capacity, (run, input, output, task) => mapItems(run, input, output as Sender<T | U>, call, settings, task));
  }

  #then<U>(name: string, capacity: number, stage: (run: Run, input: Receiver<T>, output: Sender<U>, task: TaskContext) => Promise<void>): Pipeline<U> {
    return new Pipeline<U>(this.#options, (run) => {
      const input = this.#start(run);
      const [sender, receiver] = run.boundary<U>(capacity, name);
      run.stage(name, (task) => stage(run, input, sender, task));
      return receiver;
    });
  }
}

/**
 * Begins a pipeline.
 *
 * @param source - an iterable or async iterable, pulled only when there is room for an item
 * @param options - what holds for the whole run
 * @throws {RangeError} when `capacity` is out of bounds
 */
export function pipeline<T>(source: Source<T>, options: PipelineOptions = {}): Pipeline<T> {
  const capacity = whole('capacity', options.capacity ?? 16);
  return new Pipeline<T>(options, (run) => {
    const [sender, receiver] = run.boundary<T>(capacity, 'source');
    run.stage('source', (task) => pump(run, source, sender, task));
    return receiver;
  });
}

function whole(what: string, value: number): number {
  if (!Number.isSafeInteger(value) || value < 1) throw new RangeError(`a pipeline's ${what} is a whole number from 1; it was ${value}`);
  return value;
}
