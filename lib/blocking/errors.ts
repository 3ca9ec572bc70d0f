import { coded } from '../coded.js';

/** The thread that held a task ended before the task did: it exited, crashed, ran out of memory, or its pool was closed. */
export class WorkerTerminatedError extends /* @__PURE__ */ coded(Error, 'WorkerTerminatedError', 'ERR_WORKER_TERMINATED') {
  /** What the thread exited with, where there is such a thing. */
  readonly exitCode: number | undefined;

  constructor(message: string, exitCode?: number, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** A function threw in its thread. `cause` is what it threw, with the stack it had there. */
export class BlockingTaskError extends /* @__PURE__ */ coded(Error, 'BlockingTaskError', 'ERR_BLOCKING_TASK') {}

/** Every thread is busy and as many tasks wait as may. */
export class BlockingQueueFullError extends /* @__PURE__ */ coded(Error, 'BlockingQueueFullError', 'ERR_BLOCKING_QUEUE_FULL') {}
