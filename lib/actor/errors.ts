import { named } from '../named.js';

/** What an error about a message hands back. */
abstract class MessageError extends Error {
  /** The message it is about: whoever sent it owns it again. */
  readonly actorMessage: unknown;

  constructor(message: string, actorMessage: unknown, options?: ErrorOptions) {
    super(message, options);
    this.actorMessage = actorMessage;
  }
}

/** The actor takes no more messages, or ended before it came to this one. */
export class ActorStoppedError extends MessageError {
  static {
    named(this, 'ActorStoppedError');
  }

  /** Stable across versions; compare this, not the message. */
  readonly code = 'ERR_ACTOR_STOPPED';
}

/** The handler was interrupted at this message, because another actor's failure restarts this one too. */
export class ActorRestartingError extends MessageError {
  static {
    named(this, 'ActorRestartingError');
  }

  /** Stable across versions; compare this, not the message. */
  readonly code = 'ERR_ACTOR_RESTARTING';
}

/** No answer came in time. The message is not handled any more if its turn has not come yet. */
export class AskTimeoutError extends MessageError {
  static {
    named(this, 'AskTimeoutError');
  }

  /** Stable across versions; compare this, not the message. */
  readonly code = 'ERR_ASK_TIMEOUT';
}

/** Actors wait for each other's answers in a circle: none would ever come. */
export class AskCycleError extends MessageError {
  static {
    named(this, 'AskCycleError');
  }

  /** Stable across versions; compare this, not the message. */
  readonly code = 'ERR_ASK_CYCLE';
}

/** A delivery was acknowledged twice, too late, or without `ack: 'manual'`. */
export class AckError extends Error {
  static {
    named(this, 'AckError');
  }

  /** Stable across versions; compare this, not the message. */
  readonly code = 'ERR_ACK';
}

/** The next handler could not be made; the one before stays. Its `cause` says why. */
export class SwapError extends Error {
  static {
    named(this, 'SwapError');
  }

  /** Stable across versions; compare this, not the message. */
  readonly code = 'ERR_SWAP';
}

/** An actor failed more often than its supervision allows. Its `cause` is the last failure. */
export class RestartLimitError extends Error {
  static {
    named(this, 'RestartLimitError');
  }

  /** Stable across versions; compare this, not the message. */
  readonly code = 'ERR_RESTART_LIMIT';
}
