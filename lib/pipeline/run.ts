import { channel } from '../channel/channel.js';
import type { Receiver, Sender } from '../channel/types.js';
import { reportAll } from '../report.js';
import { TaskScope } from '../scope/task-scope.js';
import type { TaskContext } from '../scope/task.js';
import type { PipelineOptions } from './pipeline.js';

/** One run of a pipeline: its stages are tasks of one scope, its boundaries are channels that are closed when it fails. */
export class Run {
  readonly scope: TaskScope;
  readonly #name: string;
  readonly #onUndelivered: PipelineOptions['onUndelivered'];
  readonly #receivers: Disposable[] = [];
  #failure: { readonly error: unknown } | undefined = undefined;
  #isDelivered = false;

  constructor({ signal, parent, name = 'pipeline', onUndelivered }: PipelineOptions) {
    this.scope = new TaskScope({ signal, parent, name });
    this.#name = name;
    this.#onUndelivered = onUndelivered;
    // Nothing moves once it is over: those who wait to send or receive go on and see that.
    this.scope.onCancel(() => {
      for (const receiver of this.#receivers) receiver[Symbol.dispose]();
    });
  }

  /** Makes a boundary between two stages. What is in it when the run ends early is undelivered. */
  boundary<T>(capacity: number, name: string): [Sender<T>, Receiver<T>] {
    const [sender, receiver] = channel<T>(capacity, { name: `${this.#name}: ${name}`, onUndelivered: (item) => this.undelivered(item) });
    this.#receivers.push(receiver);
    return [sender, receiver];
  }

  /** Starts a stage. What it throws ends the run, unless that is how it takes its end. */
  stage(name: string, body: (task: TaskContext) => Promise<void>): void {
    this.scope.spawn(
      async (task) => {
        try {
          // All stages are there before the first of them fails.
          await Promise.resolve();
          await body(task);
        } catch (error) {
          this.fail(error);
        }
      },
      { name },
    );
  }

  /** Ends the run. Only the first error is told; what comes later is a consequence, or is told with its item. */
  fail(error: unknown): void {
    if (this.scope.cancelled || this.#isDelivered) return;
    this.#failure = { error };
    this.scope.cancel(error);
  }

  /** The sink has seen the last item: whatever happens from now on, everything was delivered. */
  delivered(): void {
    this.#isDelivered ||= !this.scope.cancelled;
  }

  /** Somebody is to know of an item that was pulled and will not reach the sink. */
  undelivered(item: unknown, error: unknown = this.scope.reason): void {
    const onUndelivered = this.#onUndelivered;
    if (onUndelivered !== undefined) reportAll([item], (one) => onUndelivered(one, error));
  }

  /** Waits for the stages. */
  async end(): Promise<void> {
    await this.scope.join();
    this.scope.close();
    if (this.#failure !== undefined) throw this.#failure.error;
    if (!this.#isDelivered) throw this.scope.reason;
  }

  /** The consumer has had enough: that is no failure. */
  async leave(): Promise<void> {
    this.scope.cancel();
    await this.scope.join();
    this.scope.close();
  }
}

/** Takes an item out of a boundary, without a promise where one is there. */
export function take<T>(input: Receiver<T>): Promise<IteratorResult<T, undefined>> | IteratorResult<T, undefined> {
  const ready = input.tryRecv();
  return ready.ok ? { done: false, value: ready.value } : input.recv();
}
