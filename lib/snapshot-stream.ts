import { channel } from './channel/channel.js';
import type { Receiver } from './channel/types.js';
import { SendError } from './errors.js';
import { report } from './report.js';
import { snapshot } from './snapshot.js';
import type { Owned } from './types.js';

/**
 * Sends the bytes that a view shows now: they are copied before `emit` returns, so the view may be overwritten at once. The promise
 * fulfils when there is room for them, and rejects with a `SendError` when the consumer has left; await it, or memory is not bounded.
 */
export type Emit = (view: ArrayBufferView | ArrayBufferLike) => Promise<void>;

export interface SnapshotWorkerContext {
  /** Aborts when the consumer leaves, or when the stream's own signal does. */
  readonly signal: AbortSignal;
}

export interface SnapshotStreamOptions {
  /** How many copies wait for the consumer at most: a whole number from 1. */
  readonly capacity: number;
  /** Aborts the worker; the consumer gets what was sent, then the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs a worker that reads into a buffer of its own and hands out copies: what a generator that yields views of its scratch buffer
 * should be. The worker starts at once and waits whenever `capacity` copies are not consumed yet.
 *
 * Leaving the loop, or disposing of the receiver, aborts the worker's signal. What the worker throws before that arrives at the consumer
 * after everything that was sent; what it throws later, other than to say that it was aborted, has no consumer any more and is reported
 * (`reportError`, or a process warning). When the worker returns, the stream ends.
 *
 * @param work - fills its buffer, and calls `emit` with a view of what is there
 * @returns the copies, as an async iterable. `toReadable` of `borrowck-runtime/node` and `toReadableStream` of `borrowck-runtime/web`
 * make streams of it
 * @throws {RangeError} when `capacity` is out of bounds
 */
export function snapshotStream(work: (emit: Emit, context: SnapshotWorkerContext) => Promise<void>, { capacity, signal }: SnapshotStreamOptions): Receiver<Owned<Uint8Array<ArrayBuffer>>> {
  const [tx, rx] = channel<Owned<Uint8Array<ArrayBuffer>>>(capacity, { name: 'of a snapshotStream' });
  const controller = new AbortController();
  const abort = (): void => {
    tx.close(signal?.reason);
    controller.abort(signal?.reason);
  };
  if (signal?.aborted === true) abort();
  else signal?.addEventListener('abort', abort);
  void tx.closed().then(() => {
    signal?.removeEventListener('abort', abort);
    controller.abort(new DOMException('the consumer of the stream has left, or the stream has ended', 'AbortError'));
  });
  // A copy that waits has nobody left to take it once the consumer is gone: its rejection tells the worker, if that still listens.
  const emit: Emit = (view) => {
    const sent = tx.send(snapshot(view));
    sent.catch(() => undefined);
    return sent;
  };
  const run = async (): Promise<void> => work(emit, { signal: controller.signal });
  void run().then(
    () => tx.close(),
    (thrown: unknown) => {
      const isExpected = rx.isClosed && isFarewell(thrown, controller.signal);
      const isTooLate = rx.isClosed && (rx.isEmpty || signal?.aborted === true);
      const error = thrown === undefined ? new Error('the worker of a snapshotStream threw undefined') : thrown;
      tx.close(isExpected ? undefined : error);
      if (isTooLate && !isExpected) report(error);
    },
  );
  return rx;
}

/** Whether a worker that was aborted says no more than that: with the signal's reason, a refused `emit`, or a platform function's `AbortError`. */
function isFarewell(error: unknown, signal: AbortSignal): boolean {
  return error === signal.reason || error instanceof SendError || (error instanceof Error && error.name === 'AbortError');
}
