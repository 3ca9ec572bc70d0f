import { BlockingTaskError, WorkerTerminatedError } from '../blocking/errors.js';
import { detach, pack } from '../blocking/parcel.js';
import { reviveError } from '../blocking/protocol.js';
import { openThread } from '../blocking/thread.js';
import { channel } from '../channel/channel.js';
import { after, requireDelay } from '../delay.js';
import type { Timer } from '../delay.js';
import type { Thread, Transferable } from '../blocking/thread.js';
import type { Permit, Receiver, Sender } from '../channel/types.js';
import type { Grant, Report, Start, Stop } from './protocol.js';

/** How a worker stream is run. */
export interface WorkerStreamOptions {
  /** Items that may be on their way or waiting, 1 or more: the thread makes no further one before the consumer has room for it. */
  readonly capacity: number;
  /** Items in one message between the threads, 1 or more; 32 by default, and never more than fit the capacity. */
  readonly batch?: number | undefined;
  /** What the module exports the function by; `default` by default. */
  readonly name?: string | undefined;
  /** What the function is given, copied. */
  readonly input?: unknown;
  /** Buffers and ports in the input that are given away instead of copied. */
  readonly transfer?: readonly Transferable[] | undefined;
  /** Ends the stream: the consumer gets what is there, then the signal's reason as an error. */
  readonly signal?: AbortSignal | undefined;
  /** How long the function may go on after the consumer has left, in ms up to 2^31 - 1, before its thread is ended; 1,000 by default, `Infinity`: for ever. */
  readonly graceMs?: number | undefined;
}

/**
 * What a generator yields in a thread of its own. The module's function takes the input and a `BlockingContext` and is a generator, or
 * returns an iterable, either kind; it may yield one scratch buffer again and again: each item is copied, views as exactly the bytes
 * they show, when it is yielded.
 *
 * The thread runs ahead by `capacity` items and no more. When the consumer leaves, `return()` of the generator is called, so that its
 * `finally` runs, and the thread ends. When the function throws, the consumer gets what was yielded before, then a
 * {@link BlockingTaskError}; when the thread ends early, a {@link WorkerTerminatedError}.
 *
 * @param module - an absolute URL
 * @throws {RangeError} when an option is out of its bounds
 * @throws {TypeError} when the module is no absolute URL, or the input cannot cross to a thread
 */
export function workerStream<T>(module: URL | string, options: WorkerStreamOptions): Receiver<T> {
  const { capacity, batch = 32, name = 'default', input, transfer = [], signal, graceMs } = options;
  if (!Number.isInteger(batch) || batch < 1) throw new RangeError(`batch is a positive integer; it was given ${batch}`);
  if (graceMs !== undefined) requireDelay(graceMs, 'graceMs');
  const [sender, receiver] = channel<T>(capacity);
  const { href } = new URL(module);
  if (signal?.aborted === true) {
    sender.close(signal.reason);
    return receiver;
  }
  const packed = pack(input, transfer);
  const parcel = transfer.length === 0 ? packed : detach(packed);
  const stopped = typeof SharedArrayBuffer === 'undefined' ? undefined : new Int32Array(new SharedArrayBuffer(4));
  const link = new Link<T>(sender, options, stopped);
  link.start({ module: href, name, input: parcel.value, batch, stopped }, parcel.transfer);
  return receiver;
}

/** Both ends of one stream, as seen from the consumer's thread. The permits of its channel are the credits of the thread. */
class Link<T> {
  readonly #sender: Sender<T>;
  readonly #options: WorkerStreamOptions;
  readonly #stopped: Int32Array | undefined;
  readonly #thread: Thread;
  /** Slots that the thread knows of and has not filled. */
  readonly #permits: Permit<T>[] = [];
  /** Calls off what waits for room, at the end. */
  readonly #over = new AbortController();
  /** The thread was told that nobody waits for it: how it ends is its own affair. */
  #isLeft = false;
  #graceTimer: Timer;

  constructor(sender: Sender<T>, options: WorkerStreamOptions, stopped: Int32Array | undefined) {
    this.#sender = sender;
    this.#options = options;
    this.#stopped = stopped;
    this.#thread = openThread(new URL('./worker.js', import.meta.url), {
      message: (report) => this.#hear(report as Report),
      ended: (exitCode, cause) => this.#threadEnded(exitCode, cause),
    });
  }

  start(start: Start, transfer: readonly Transferable[]): void {
    this.#thread.post(start, transfer);
    this.#options.signal?.addEventListener('abort', this.#abort);
    void this.#grant();
    void this.#watch();
  }

  /** Credits are given as half the window becomes free: fewer messages, and the thread never waits for the other half. */
  async #grant(): Promise<void> {
    const half = Math.max(1, this.#options.capacity >> 1);
    try {
      for (;;) {
        const permits = await this.#sender.reserveMany(half, { signal: this.#over.signal });
        // Granted just before the end, and heard of just after it.
        if (this.#over.signal.aborted) {
          for (const permit of permits) permit.release();
          return;
        }
        this.#permits.push(...permits);
        this.#thread.post({ grant: half } satisfies Grant, []);
      }
    } catch {
      // Nobody receives any more, or nothing comes any more: both are dealt with where they are noticed.
    }
  }

  /** Tells the thread when the consumer has left. */
  async #watch(): Promise<void> {
    await this.#sender.closed();
    if (this.#over.signal.aborted) return;
    this.#isLeft = true;
    if (this.#stopped !== undefined) Atomics.store(this.#stopped, 0, 1);
    this.#thread.post({ stop: true } satisfies Stop, []);
    this.#graceTimer = after(this.#options.graceMs ?? 1000, () => this.#thread.terminate());
  }

  readonly #abort = (): void => this.#sender.close(this.#options.signal?.reason ?? new DOMException('This operation was aborted', 'AbortError'));

  #hear(report: Report): void {
    if ('items' in report) {
      // The thread sends no more than it was granted, so there is a permit for each.
      for (const item of report.items) (this.#permits.pop() as Permit<T>).send(item as T);
      return;
    }
    const { end } = report;
    this.#finish(end && new BlockingTaskError(`${this.#options.name ?? 'default'} failed: ${end.message}`, { cause: reviveError(end) }));
    this.#thread.terminate();
  }

  #threadEnded(exitCode: number | undefined, cause: unknown): void {
    const how = exitCode === undefined ? '' : ` with exit code ${exitCode}`;
    this.#finish(this.#isLeft ? undefined : new WorkerTerminatedError(`the thread of a stream ended${how}`, exitCode, { cause }));
  }

  /** The first end counts; the thread's own, which follows a proper one, changes nothing. */
  #finish(failure: Error | undefined): void {
    if (this.#over.signal.aborted) return;
    this.#over.abort();
    clearTimeout(this.#graceTimer);
    this.#options.signal?.removeEventListener('abort', this.#abort);
    this.#sender.close(failure);
    for (const permit of this.#permits.splice(0)) permit.release();
  }
}
