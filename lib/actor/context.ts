import { Cancelled } from '../scope/cancel-token.js';
import type { Cancellation } from '../scope/cancel-token.js';
import type { ActorContext, ActorRef } from './types.js';

/** What `init` is given. */
export class ContextOf<M, R> extends Cancelled implements ActorContext<M, R> {
  readonly self: ActorRef<M, R>;

  constructor(task: Cancellation, self: ActorRef<M, R>) {
    super(task);
    this.self = self;
  }
}
