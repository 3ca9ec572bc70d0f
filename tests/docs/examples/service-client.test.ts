import { expect, onTestFinished, test } from 'vitest';
import { NoInstanceError, ServiceClient } from '../../../docs/examples/service-client.js';
import type { ServiceClientOptions } from '../../../docs/examples/service-client.js';
import { errorOf, settle, watch } from '../../support/promises.js';

/** A service whose instances can be made to fail. */
class Fleet {
  addresses = ['a', 'b', 'c'];
  readonly ill = new Set<string>();
  readonly failing = new Set<string>();
  readonly silent = new Set<string>();
  readonly calls: string[] = [];
  aborted = 0;

  options(more: Partial<ServiceClientOptions<string, string>> = {}): ServiceClientOptions<string, string> {
    return {
      discover: () => Promise.resolve(this.addresses),
      check: (address) => (this.ill.has(address) ? Promise.reject(new Error('ill')) : Promise.resolve(true)),
      call: (address, request, signal) => this.#call(address, request, signal),
      refreshMs: 5,
      timeoutMs: 2000,
      maxAttempts: 3,
      breaker: { failures: 3, halfOpenAfterMs: 50 },
      ...more,
    };
  }

  async #call(address: string, request: string, signal: AbortSignal): Promise<string> {
    this.calls.push(address);
    if (this.silent.has(address)) {
      await new Promise((_, reject) =>
        signal.addEventListener('abort', () => {
          this.aborted++;
          reject(signal.reason as Error);
        }),
      );
    }
    await settle();
    if (this.failing.has(address)) throw new Error(`${address} failed`);
    return `${request} from ${address}`;
  }
}

async function connected(fleet: Fleet, more?: Partial<ServiceClientOptions<string, string>>): Promise<ServiceClient<string, string>> {
  const client = await ServiceClient.connect(fleet.options(more));
  onTestFinished(() => client[Symbol.asyncDispose]());
  return client;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await settle();
}

test('calls are spread over the instances that are well, as they come and go', async () => {
  const fleet = new Fleet();
  fleet.ill.add('b');
  const client = await connected(fleet);
  expect(client.healthy).toEqual(['a', 'c']);
  await Promise.all(Array.from({ length: 10 }, () => client.request('x')));
  expect([...fleet.calls].sort()).toEqual(['a', 'a', 'a', 'a', 'a', 'c', 'c', 'c', 'c', 'c']);
  fleet.ill.clear();
  fleet.addresses = ['b', 'd'];
  await until(() => client.healthy.join() === 'b,d');
  expect(await client.request('x')).toBe('x from b');
});

test('a call that fails is tried on another instance', async () => {
  const fleet = new Fleet();
  fleet.failing.add('a').add('b');
  const client = await connected(fleet);
  expect([await client.request('x'), fleet.calls]).toEqual(['x from c', ['a', 'b', 'c']]);
});

test('an instance that fails again and again is left alone, and tried again later', async () => {
  const fleet = new Fleet();
  fleet.addresses = ['a'];
  fleet.failing.add('a');
  const client = await connected(fleet, { maxAttempts: 1 });
  for (let i = 0; i < 3; i++) expect(await errorOf(client.request('x'))).toEqual(new Error('a failed'));
  expect(((await errorOf(client.request('x'))) as Error).constructor.name).toBe('BrokenCircuitError');
  expect(fleet.calls).toHaveLength(3);
  fleet.failing.clear();
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(await client.request('x')).toBe('x from a');
});

test('a call that takes too long is aborted, and tried on another instance', async () => {
  const fleet = new Fleet();
  fleet.silent.add('a');
  const client = await connected(fleet, { timeoutMs: 20 });
  expect([await client.request('x'), fleet.aborted]).toEqual(['x from b', 1]);
  fleet.silent.add('b').add('c');
  expect(await errorOf(client.request('x'))).toMatchObject({ message: 'c did not answer within 20 ms' });
});

test('the caller, or closing the client, calls off what is under way', async () => {
  const fleet = new Fleet();
  fleet.silent.add('a').add('b').add('c');
  const client = await connected(fleet);
  const controller = new AbortController();
  const [called, closed] = [watch(client.request('x', controller.signal)), watch(client.request('y'))];
  await settle();
  controller.abort('changed my mind');
  await settle();
  expect(called.error).toBe('changed my mind');
  await client[Symbol.asyncDispose]();
  await settle();
  expect([closed.error, fleet.aborted]).toEqual([new Error('the client was closed'), 2]);
});

test('without an instance there is nothing to call; failing discovery keeps what is known', async () => {
  const fleet = new Fleet();
  fleet.ill.add('a').add('b').add('c');
  let discovered = 0;
  const client = await connected(fleet, {
    discover: () => {
      if (++discovered > 1) throw new Error('no discovery');
      return Promise.resolve(fleet.addresses);
    },
    maxAttempts: 1,
  });
  expect(await errorOf(client.request('x'))).toBeInstanceOf(NoInstanceError);
  await until(() => discovered > 3);
  expect(client.healthy).toEqual([]);
});
