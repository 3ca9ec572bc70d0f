/**
 * A client for a service with several instances: it finds them, checks their health in the background, spreads its calls over those that
 * are well, tries again elsewhere when one fails, gives up in time, and leaves an instance alone that fails again and again. The policies
 * are cockatiel's; whatever has `execute(call, signal)` would do.
 */
import { ConsecutiveBreaker, circuitBreaker, handleAll } from 'cockatiel';
import type { CircuitBreakerPolicy } from 'cockatiel';
import { TaskScope, channel, mapConcurrent, retry } from 'borrowck-runtime';
import type { Receiver, TaskContext } from 'borrowck-runtime';

export interface ServiceClientOptions<Q, A> {
  /** The addresses there are now. */
  readonly discover: (signal: AbortSignal) => Promise<readonly string[]>;
  /** Whether an instance is well; throwing means it is not. */
  readonly check: (address: string, signal: AbortSignal) => Promise<boolean>;
  readonly call: (address: string, request: Q, signal: AbortSignal) => Promise<A>;
  readonly refreshMs: number;
  readonly timeoutMs: number;
  readonly maxAttempts: number;
  /** How many failures in a row open an instance's circuit, and for how long. */
  readonly breaker: { readonly failures: number; readonly halfOpenAfterMs: number };
}

interface Instance {
  readonly address: string;
  readonly breaker: CircuitBreakerPolicy;
  isWell: boolean;
  calls: number;
}

export class NoInstanceError extends Error {
  override readonly name = 'NoInstanceError';
}

export class ServiceClient<Q, A> implements AsyncDisposable {
  readonly #options: ServiceClientOptions<Q, A>;
  readonly #scope = new TaskScope({ name: 'service client', onError: 'collect' });
  readonly #instances = new Map<string, Instance>();

  private constructor(options: ServiceClientOptions<Q, A>) {
    this.#options = options;
  }

  /** Connects: returns when the instances were looked for and checked once. */
  static async connect<Q, A>(options: ServiceClientOptions<Q, A>): Promise<ServiceClient<Q, A>> {
    const client = new ServiceClient(options);
    // Checks that lag behind slow discovery down.
    const [found, addresses] = channel<readonly string[]>(1, { name: 'discovered' });
    const [checked, firstCheck] = channel<undefined>(1, { name: 'checked' });
    client.#scope.spawn(
      async (task) => {
        for (;;) {
          try {
            await found.send(await options.discover(task.signal), { signal: task.signal });
          } catch {
            // What is known already is still good.
            task.throwIfCancelled();
          }
          await task.sleep(options.refreshMs);
        }
      },
      { name: 'discovery' },
    );
    client.#scope.spawn((task) => client.#checkAll(addresses, () => checked.trySend(undefined), task), { name: 'health checks' });
    await firstCheck.recv();
    return client;
  }

  /** The addresses that calls go to. */
  get healthy(): string[] {
    return [...this.#instances.values()].filter(({ isWell }) => isWell).map(({ address }) => address);
  }

  /**
   * Calls the service.
   *
   * @throws the last attempt's error; {@link NoInstanceError} when no instance is well; the signal's reason
   */
  async request(request: Q, signal?: AbortSignal): Promise<A> {
    const tried = new Set<Instance>();
    return await retry(
      async (attempt) => {
        const instance = this.#pick(tried);
        tried.add(instance);
        instance.calls++;
        try {
          return await instance.breaker.execute(() => this.#once(instance, request, attempt.signal), attempt.signal);
        } finally {
          instance.calls--;
        }
      },
      { maxAttempts: this.#options.maxAttempts, baseMs: 5, capMs: 200, signal, parent: this.#scope },
    );
  }

  /** Ends the background work and calls under way. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#scope.cancel(new Error('the client was closed'));
    await this.#scope.join();
  }

  /** One call, with its time-out, as a task of its own scope: when it is over, nothing of it is left. */
  async #once(instance: Instance, request: Q, signal: AbortSignal): Promise<A> {
    const { timeoutMs, call } = this.#options;
    return await TaskScope.run(
      async (scope) => {
        const timer = setTimeout(() => scope.cancel(new Error(`${instance.address} did not answer within ${timeoutMs} ms`)), timeoutMs);
        try {
          return await scope.spawn((task) => call(instance.address, request, task.signal));
        } finally {
          clearTimeout(timer);
        }
      },
      { signal },
    );
  }

  /** The instance that is well and has least to do, preferably one that was not tried yet. */
  #pick(tried: ReadonlySet<Instance>): Instance {
    const well = [...this.#instances.values()].filter(({ isWell }) => isWell);
    const fresh = well.filter((instance) => !tried.has(instance));
    const [first, ...others] = fresh.length > 0 ? fresh : well;
    if (first === undefined) throw new NoInstanceError('no instance is well');
    return others.reduce((least, each) => (each.calls < least.calls ? each : least), first);
  }

  async #checkAll(found: Receiver<readonly string[]>, done: () => void, task: TaskContext): Promise<void> {
    using _leave = task.onCancel(() => found[Symbol.dispose]());
    for await (const addresses of found) {
      for (const known of this.#instances.keys()) if (!addresses.includes(known)) this.#instances.delete(known);
      await mapConcurrent(addresses, 4, (address, _, each) => this.#checkOne(address, each), { parent: task });
      done();
    }
  }

  async #checkOne(address: string, task: TaskContext): Promise<void> {
    const { failures, halfOpenAfterMs } = this.#options.breaker;
    let isWell = false;
    try {
      isWell = await this.#options.check(address, task.signal);
    } catch {
      task.throwIfCancelled();
    }
    const instance = this.#instances.get(address);
    if (instance === undefined) {
      const breaker = circuitBreaker(handleAll, { halfOpenAfter: halfOpenAfterMs, breaker: new ConsecutiveBreaker(failures) });
      this.#instances.set(address, { address, breaker, isWell, calls: 0 });
    } else instance.isWell = isWell;
  }
}
