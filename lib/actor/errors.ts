import { coded } from '../coded.js';

/** What an error about a message hands back. */
class MessageError extends Error {
  /** The message it is about: whoever sent it owns it again. */
  readonly actorMessage: unknown;

  constructor(message: string, actorMessage: unknown, options?: ErrorOptions) {
    super(message, options);
    this.actorMessage = actorMessage;
  }
}

/** The actor takes no more messages, or ended before it came to this one. */
export class ActorStoppedError extends /* @__PURE__ */ coded(MessageError, 'ActorStoppedError', 'ERR_ACTOR_STOPPED') {}

/** The handler was interrupted at this message, because another actor's failure restarts this one too. */
export class ActorRestartingError extends /* @__PURE__ */ coded(MessageError, 'ActorRestartingError', 'ERR_ACTOR_RESTARTING') {}

/** No answer came in time. The message is not handled any more if its turn has not come yet. */
export class AskTimeoutError extends /* @__PURE__ */ coded(MessageError, 'AskTimeoutError', 'ERR_ASK_TIMEOUT') {}

/** Actors wait for each other's answers in a circle: none would ever come. */
export class AskCycleError extends /* @__PURE__ */ coded(MessageError, 'AskCycleError', 'ERR_ASK_CYCLE') {}

/** A delivery was acknowledged twice, too late, or without `ack: 'manual'`. */
export class AckError extends /* @__PURE__ */ coded(Error, 'AckError', 'ERR_ACK') {}

/** The next handler could not be made; the one before stays. Its `cause` says why. */
export class SwapError extends /* @__PURE__ */ coded(Error, 'SwapError', 'ERR_SWAP') {}

/** An actor failed more often than its supervision allows. Its `cause` is the last failure. */
export class RestartLimitError extends /* @__PURE__ */ coded(Error, 'RestartLimitError', 'ERR_RESTART_LIMIT') {}
