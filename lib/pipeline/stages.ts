import type { Permit, Receiver, Sender } from '../channel/types.js';
import { after } from '../delay.js';
import type { Timer } from '../delay.js';
import { SendError } from '../errors.js';
import { deferred } from '../scope/deferred.js';
import { Puller } from '../scope/source.js';
import type { Source } from '../scope/source.js';
import type { TaskContext } from '../scope/task.js';
import { take } from './run.js';
import type { Run } from './run.js';

/** Pulls from the source, once there is room for what comes. */
export async function pump<T>(run: Run, source: Source<T>, output: Sender<T>, task: TaskContext): Promise<void> {
  const puller = new Puller(source, task, (item) => run.undelivered(item));
  let permit: Permit<T> | undefined;
  try {
    for (;;) {
      permit = output.tryReserve() ?? (await output.reserve());
      const pull = puller.next();
      const next = pull instanceof Promise ? await pull : pull;
      if (next.done === true) break;
      permit.send(next.value);
    }
  } catch (error) {
    // Told before the source is left: that may take long, and what it throws is only a consequence.
    run.fail(error);
  } finally {
    permit?.release();
    await puller.close();
    output.close();
  }
}

export interface MapSettings {
  readonly concurrency: number;
  readonly isOrdered: boolean;
  /** Whether the item goes on, instead of what the call made of it. */
  readonly passesItem: boolean;
}

/** An item on its way through a function, with the place that is kept for its result. */
interface Job<U> {
  readonly permit: Permit<U>;
  result: { readonly value: U } | undefined;
  hasFailed: boolean;
}

/** Calls a function for each item. Nothing is received before there is a place for its result. */
export async function mapItems<T, U>(run: Run, input: Receiver<T>, output: Sender<T | U>, call: (item: T, task: TaskContext) => PromiseLike<U> | U, settings: MapSettings, task: TaskContext): Promise<void> {
  /** In the order of their items: the first that is not ready keeps the others back. */
  const jobs: Job<T | U>[] = [];
  let running = 0;
  let ended = deferred();

  const passOn = (): void => {
    while (jobs[0] !== undefined && (jobs[0].result !== undefined || jobs[0].hasFailed)) {
      const { permit, result } = jobs.shift() as Job<T | U>;
      if (result === undefined) permit.release();
      else permit.send(result.value);
    }
  };
  const start = async (item: T, permit: Permit<T | U>): Promise<void> => {
    const job: Job<T | U> = { permit, result: undefined, hasFailed: false };
    if (settings.isOrdered) jobs.push(job);
    running++;
    try {
      const result = await call(item, task);
      const value = settings.passesItem ? item : result;
      if (settings.isOrdered) job.result = { value };
      else permit.send(value);
    } catch (error) {
      job.hasFailed = true;
      if (!settings.isOrdered) permit.release();
      run.undelivered(item, error);
      run.fail(error);
    }
    running--;
    passOn();
    ended.resolve();
  };
  const wait = async (): Promise<void> => {
    await ended.promise;
    ended = deferred();
  };

  try {
    for (;;) {
      while (running >= settings.concurrency) await wait();
      const permit = output.tryReserve() ?? (await output.reserve());
      const next = await take(input);
      if (next.done === true) {
        permit.release();
        break;
      }
      void start(next.value, permit);
    }
  } catch (error) {
    run.fail(error);
  }
  while (running > 0) await wait();
  output.close();
}

export interface BatchSettings {
  readonly size: number;
  readonly maxWaitMs: number | undefined;
}

/** Collects items. A batch that is not full goes on when its first item has waited long enough, or when the input ends. */
export async function batchItems<T>(run: Run, input: Receiver<T>, output: Sender<T[]>, { size, maxWaitMs }: BatchSettings): Promise<void> {
  let batch: T[] = [];
  let isReceiving = false;
  let isOver = false;
  let isDue = false;
  let timer: Timer;
  let news = deferred();

  const receive = async (): Promise<void> => {
    isReceiving = true;
    const next = await input.recv();
    isReceiving = false;
    if (next.done === true) isOver = true;
    else batch.push(next.value);
    news.resolve();
  };
  const flush = async (): Promise<void> => {
    const full = batch;
    batch = [];
    isDue = false;
    clearTimeout(timer);
    timer = undefined;
    try {
      await output.send(full);
    } catch (error) {
      for (const item of full) run.undelivered(item);
      throw error;
    }
  };

  try {
    for (;;) {
      if (!isReceiving) input.tryRecvMany(batch, size - batch.length);
      if (batch.length >= size || (batch.length > 0 && (isDue || isOver) && !run.scope.cancelled)) {
        await flush();
        continue;
      }
      if (isOver) return;
      if (batch.length > 0 && maxWaitMs !== undefined) {
        timer ??= after(maxWaitMs, () => {
          isDue = true;
          news.resolve();
        });
      }
      if (!isReceiving) void receive();
      await news.promise;
      news = deferred();
    }
  } finally {
    clearTimeout(timer);
    for (const item of batch) run.undelivered(item);
    output.close();
  }
}

/** Hands every item to a function, one after the other. */
export async function drainInto<T>(run: Run, input: Receiver<T>, sink: (item: T, task: TaskContext) => unknown, task: TaskContext): Promise<void> {
  for (let next = await take(input); next.done !== true; next = await take(input)) {
    try {
      await sink(next.value, task);
    } catch (error) {
      run.undelivered(next.value, error);
      throw error;
    }
  }
  run.delivered();
}

/** A sink that sends into a channel of somebody else's. */
export function sending<T>(sender: Sender<T>): (item: T, task: TaskContext) => Promise<void> {
  return async (item, task) => {
    const { ok } = sender.trySend(item);
    if (ok) return;
    try {
      await sender.send(item, { signal: task.signal });
    } catch (error) {
      // The item is told of by the pipeline; the error need not hold it as well.
      throw error instanceof SendError ? new SendError(error.message, undefined, { cause: error.cause }) : error;
    }
  };
}
