import { BlockingQueueFullError, BlockingTaskError, WorkerTerminatedError } from '../blocking/errors.js';
import { reviveError } from '../blocking/protocol.js';
import type { BlockingPool, RunOptions } from '../blocking/pool.js';
import type { BlockingTask, RemoteError } from '../blocking/protocol.js';

/** What is used of a piscina 5. */
export interface PiscinaLike {
  run(task: unknown, options: { filename: string; transferList: ArrayBuffer[]; signal: AbortSignal | null }): Promise<unknown>;
  close(): Promise<void>;
  destroy(): Promise<void>;
}

/** How a task ended in a piscina's thread. */
export type Outcome = { readonly value: unknown } | { readonly error: RemoteError };

const filename = new URL('./worker.js', import.meta.url).href;

/**
 * Runs blocking calls in a piscina, for its limits, idle scaling and histograms: `blocking(url, { pool: piscinaPool(new Piscina()) })`.
 *
 * It differs from the pool that comes with this package in one point: a call cancelled while it runs ends its thread at once, as piscina
 * does it, so that `hardKillMs` has no meaning and the context's `cancelled` never changes.
 */
export function piscinaPool(piscina: PiscinaLike): BlockingPool {
  return {
    run: (task, input, options) => runIn(piscina, task, input, options),
    close: () => piscina.close(),
    destroy: () => piscina.destroy(),
  };
}

async function runIn(piscina: PiscinaLike, task: BlockingTask, input: unknown, { signal, transfer }: RunOptions): Promise<unknown> {
  let outcome: Outcome;
  try {
    outcome = (await piscina.run({ ...task, input }, { filename, transferList: transfer as ArrayBuffer[], signal: signal ?? null })) as Outcome;
  } catch (cause) {
    throw signal?.aborted === true ? signal.reason : failure(task, cause);
  }
  if ('error' in outcome) throw new BlockingTaskError(`${task.name} failed: ${outcome.error.message}`, { cause: reviveError(outcome.error) });
  return outcome.value;
}

/** A function's own errors come as outcomes: what piscina rejects with says that there was no room, or no thread any more. */
function failure({ name }: BlockingTask, cause: unknown): Error {
  const message = cause instanceof Error ? cause.message : String(cause);
  if (/queue/i.test(message)) return new BlockingQueueFullError(`no room for ${name}: ${message}`, { cause });
  const exitCode = /exited with code: (\d+)/.exec(message)?.[1];
  return new WorkerTerminatedError(`the thread ended while ${name} ran: ${message}`, exitCode === undefined ? undefined : Number(exitCode), { cause });
}
