import { coded } from './coded.js';

/** The bytes are gone: their ArrayBuffer was transferred, or was resized so that the view lies outside of it. */
export class DetachedBufferError extends /* @__PURE__ */ coded(TypeError, 'DetachedBufferError', 'ERR_DETACHED_BUFFER') {}

/**
 * Nothing can be sent: the receiver closed or left, the channel failed, or this very sender was closed. Its `cause` is the one given to
 * `Sender.close(cause)`, if any was.
 */
export class SendError<T = unknown> extends /* @__PURE__ */ coded(Error, 'SendError', 'ERR_CHANNEL_CLOSED') {
  /** What was not sent: the caller owns it again. Undefined when a reservation was refused. */
  readonly value: T | undefined;

  constructor(message: string, value: T | undefined, options?: ErrorOptions) {
    super(message, options);
    this.value = value;
  }
}

/** The sender of a oneshot went away without sending. */
export class RecvError extends /* @__PURE__ */ coded(Error, 'RecvError', 'ERR_SENDER_DROPPED') {}

/** A receiver was asked for an item while an earlier receive still waits. A channel has one consumer. */
export class ConcurrentReceiveError extends /* @__PURE__ */ coded(Error, 'ConcurrentReceiveError', 'ERR_CONCURRENT_RECEIVE') {}

/** A handle that sends once, a permit or a oneshot's sender, was used after it had sent or was given up. */
export class PermitUsedError extends /* @__PURE__ */ coded(Error, 'PermitUsedError', 'ERR_PERMIT_USED') {}

/** A task was given to a scope that takes no more: it was closed or cancelled. */
export class ScopeClosedError extends /* @__PURE__ */ coded(Error, 'ScopeClosedError', 'ERR_SCOPE_CLOSED') {}

/** Tasks went on after they were cancelled, for longer than the grace time they had. */
export class ScopeStuckError extends /* @__PURE__ */ coded(Error, 'ScopeStuckError', 'ERR_SCOPE_STUCK') {
  /** The names of the tasks that are still running. */
  readonly tasks: readonly string[];

  constructor(message: string, tasks: readonly string[], options?: ErrorOptions) {
    super(message, options);
    this.tasks = tasks;
  }
}

/** A broadcast receiver was too slow: items were overwritten before it took them. Its next receive gets the oldest that is left. */
export class LaggedError extends /* @__PURE__ */ coded(Error, 'LaggedError', 'ERR_LAGGED') {
  /** How many items it missed. */
  readonly skipped: number;

  constructor(skipped: number) {
    super(`this receiver was too slow for the broadcast's capacity and missed ${skipped} ${skipped === 1 ? 'item' : 'items'}`);
    this.skipped = skipped;
  }
}
