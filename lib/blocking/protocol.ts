/** A function of a module. */
export interface BlockingTask {
  /** The absolute URL of the module. */
  readonly module: string;
  /** The name it exports the function by. */
  readonly name: string;
}

/** What a function that runs in a thread is given beside its input. */
export interface BlockingContext {
  /**
   * Whether the caller has given up. Look at it between steps of a long computation and return when it is `true`. Where pages may not
   * share memory it changes only while the function awaits.
   */
  readonly cancelled: boolean;
  /** @throws {Error} an `AbortError`, once the caller has given up */
  throwIfCancelled(): void;
  /** Gives buffers or ports in the result away instead of copying them: they are unusable here afterwards. */
  move(...transferables: readonly object[]): void;
}

/** First message to a thread of a pool. */
export interface Greeting {
  /** Holds the id of the task that was cancelled last. */
  readonly cancelled: Int32Array | undefined;
}

/** A task for a thread. */
export interface Order extends BlockingTask {
  readonly id: number;
  readonly input: unknown;
}

/** To a thread that shares no memory: the task with this id is cancelled. */
export interface Cancellation {
  readonly cancel: number;
}

/** From a thread: how a task ended. */
export type Answer = { readonly id: number; readonly value: unknown } | { readonly id: number; readonly error: RemoteError };

/** An error as it crosses: what a clone would lose of it is kept. */
export interface RemoteError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly code: string | undefined;
}

/** What of an error crosses. */
export function describeError(error: unknown): RemoteError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), stack: undefined, code: undefined };
  const code: unknown = Reflect.get(error, 'code');
  return { name: error.name, message: error.message, stack: error.stack, code: typeof code === 'string' ? code : undefined };
}

/** The error that crossed, with the stack it had in its thread. */
export function reviveError({ name, message, stack, code }: RemoteError): Error {
  const error = new Error(message);
  for (const [key, value] of Object.entries({ name, stack, code })) {
    if (value !== undefined) Object.defineProperty(error, key, { value, configurable: true, writable: true });
  }
  return error;
}
