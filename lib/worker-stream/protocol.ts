import type { BlockingTask, RemoteError } from '../blocking/protocol.js';

/** First message to a stream's thread: what to run. */
export interface Start extends BlockingTask {
  readonly input: unknown;
  /** Items in a message, at most. */
  readonly batch: number;
  /** Not 0 once the consumer has left. */
  readonly stopped: Int32Array | undefined;
}

/** To the thread: so many more items may be sent. */
export interface Grant {
  readonly grant: number;
}

/** To the thread: the consumer has left. */
export interface Stop {
  readonly stop: true;
}

/** From the thread. After the end nothing follows. */
export type Report = { readonly items: readonly unknown[] } | { readonly end: RemoteError | undefined };
