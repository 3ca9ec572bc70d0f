import { detach, pack } from './parcel.js';
import { WorkerPool } from './pool.js';
import type { BlockingPool } from './pool.js';
import type { BlockingContext } from './protocol.js';
import type { Transferable } from './thread.js';

/** How the functions of a module are run. */
export interface BlockingOptions {
  /** Where; the pool that all share by default. */
  readonly pool?: BlockingPool | undefined;
  /**
   * How long a function may go on after its caller gave up, in ms, before its thread is ended with all that is in it. By default it is
   * never ended: a thread is busy until its function returns.
   */
  readonly hardKillMs?: number | undefined;
}

/** How one call is run. */
export interface BlockingCallOptions {
  /** Gives up: the call rejects with the signal's reason at once. A call that waits never runs; a running function is told. */
  readonly signal?: AbortSignal | undefined;
  /** Buffers and ports in the input that are given away instead of copied: they are detached when the call is made. */
  readonly transfer?: readonly Transferable[] | undefined;
}

/** A function that runs in a thread, as its caller sees it. */
export type BlockingCall<F> = F extends (input: infer I, context: BlockingContext) => infer R
  ? undefined extends I
    ? (input?: I, options?: BlockingCallOptions) => Promise<Awaited<R>>
    : (input: I, options?: BlockingCallOptions) => Promise<Awaited<R>>
  : never;

/** The functions of a module, as their callers see them. */
export type Blocking<M> = { readonly [K in keyof M as M[K] extends (input: never, context: BlockingContext) => unknown ? K : never]: BlockingCall<M[K]> };

let shared: WorkerPool | undefined;

/**
 * The functions that a module exports, each to be called here and run in a thread, where it may take its time:
 * `const { hash } = blocking<typeof import('./hash.js')>(new URL('./hash.js', import.meta.url))`.
 *
 * A function takes one input and a {@link BlockingContext}. Input and result are copied: views as exactly the bytes they show, and
 * large ones moved; nothing the caller holds is detached unless `transfer` lists it.
 *
 * @param module - an absolute URL; closures cannot cross to a thread
 * @throws {TypeError} when it is no absolute URL
 * @returns functions that reject with a `TypeError` for an input that cannot cross, the signal's reason, a `BlockingTaskError`, a
 * `WorkerTerminatedError`, and, where the shared pool is concerned, a `BlockingQueueFullError`. Cancelled before it began, a call
 * leaves no trace
 */
export function blocking<M extends object>(module: URL | string, options: BlockingOptions = {}): Blocking<M> {
  const { href } = new URL(module);
  const calls = new Map<string, (input: unknown, call?: BlockingCallOptions) => Promise<unknown>>();
  const handler: ProxyHandler<object> = {
    get(_, name) {
      // Promises look for `then`: an object of functions that wait to be named is none.
      if (typeof name !== 'string' || name === 'then') return undefined;
      let call = calls.get(name);
      if (call === undefined) calls.set(name, (call = (input, each) => spawnBlocking(href, name, input, { ...options, ...each })));
      return call;
    },
  };
  return new Proxy({}, handler) as Blocking<M>;
}

/**
 * Runs one function of a module in a thread. See {@link blocking}.
 *
 * @param module - an absolute URL
 * @param name - what the module exports the function by
 * @param input - what the function is given, copied
 */
export async function spawnBlocking<R = unknown>(module: URL | string, name: string, input: unknown, options: BlockingOptions & BlockingCallOptions = {}): Promise<R> {
  const { signal, transfer = [], hardKillMs } = options;
  signal?.throwIfAborted();
  const packed = pack(input, transfer);
  // A task may wait: what is given away leaves its owner now, so that nobody writes it meanwhile.
  const parcel = transfer.length === 0 ? packed : detach(packed);
  const pool = options.pool ?? (shared ??= new WorkerPool());
  return (await pool.run({ module: String(module), name }, parcel.value, { signal, transfer: parcel.transfer, hardKillMs })) as R;
}
