import { isThenable } from '../scope/thenable.js';
import { Context, findFunction, knownFunction } from './execute.js';
import { pack } from './parcel.js';
import { describeError } from './protocol.js';
import { hostOfThread } from './thread.js';
import type { Answer, Cancellation, Greeting, Order } from './protocol.js';

/** What a pool's thread runs: one task after the other, each answered once. */
const host = hostOfThread();
let shared: Int32Array | undefined;
let lastCancelled = 0;

host.listen((message) => {
  const heard = message as Greeting | Cancellation | Order;
  if ('id' in heard) void run(heard);
  else if ('cancel' in heard) lastCancelled = heard.cancel;
  else shared = heard.cancelled;
});

async function run(order: Order): Promise<void> {
  const { id, input } = order;
  const context = new Context(() => (shared === undefined ? lastCancelled : Atomics.load(shared, 0)) === id);
  try {
    const execute = knownFunction(order) ?? (await findFunction(order));
    const result = execute(input, context);
    // Most return a value: an answer at once saves a turn through the queue of microtasks.
    const { value, transfer } = pack(isThenable(result) ? await result : result, context.moved);
    host.post({ id, value } satisfies Answer, transfer);
  } catch (error) {
    host.post({ id, error: describeError(error) } satisfies Answer, []);
  }
}
