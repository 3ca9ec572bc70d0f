import { Context, findFunction } from '../blocking/execute.js';
import { pack } from '../blocking/parcel.js';
import { describeError } from '../blocking/protocol.js';
import { hostOfThread } from '../blocking/thread.js';
import { isThenable } from '../scope/thenable.js';
import { afterTurn } from '../budget.js';
import type { Grant, Report, Start, Stop } from './protocol.js';

/** Bytes from which on an item's buffer is moved: several go in one message, so that a move is cheaper than in a message of its own. */
const MOVE_ABOVE = 4096;

/** How long an item may wait for the others of its batch while the thread computes, in ms. */
const LINGER = 5;

/** What a stream's thread runs: the items of one iterable, sent as far as the consumer has room. */
const host = hostOfThread();
let credits = 0;
let stopped: Int32Array | undefined;
let isStopped = false;
let wake: (() => void) | undefined;

let items: unknown[] = [];
let transfer: object[] = [];
let since = 0;
let isFlushDue = false;

host.listen((message) => {
  const heard = message as Start | Grant | Stop;
  if ('module' in heard) {
    void run(heard);
    return;
  }
  if ('stop' in heard) isStopped = true;
  else credits += heard.grant;
  wake?.();
});

function hasLeft(): boolean {
  return isStopped || (stopped !== undefined && Atomics.load(stopped, 0) !== 0);
}

async function run(start: Start): Promise<void> {
  stopped = start.stopped;
  let end: unknown;
  let hasFailed = false;
  try {
    await sendAll(start);
  } catch (error) {
    hasFailed = true;
    end = error;
  }
  if (!hasLeft()) flush();
  host.post({ end: hasFailed ? describeError(end) : undefined } satisfies Report, []);
  host.close();
}

async function sendAll(start: Start): Promise<void> {
  const context = new Context(hasLeft);
  const make = await findFunction(start);
  const iterator = iteratorOf(start, await make(start.input, context));
  for (;;) {
    // Nothing is made that there is no room for: what the source holds stays in the source.
    while (credits === 0 && !hasLeft()) await nextGrant();
    if (hasLeft()) {
      await iterator.return?.();
      return;
    }
    const step = iterator.next();
    const { done, value } = isThenable(step) ? await step : step;
    if (done === true) return;
    // As `for await` does it: promises in a plain iterable are awaited.
    const parcel = pack(isThenable(value) ? await value : value, context.moved.splice(0), MOVE_ABOVE);
    credits--;
    add(parcel.value, parcel.transfer);
    if (items.length >= start.batch || Date.now() - since >= LINGER) flush();
  }
}

function iteratorOf({ module, name }: Start, made: unknown): Iterator<unknown, unknown, undefined> | AsyncIterator<unknown, unknown, undefined> {
  const iterable = made as Partial<Iterable<unknown, unknown, undefined> & AsyncIterable<unknown, unknown, undefined>> | null | undefined;
  const iterator = iterable?.[Symbol.asyncIterator]?.() ?? iterable?.[Symbol.iterator]?.();
  if (iterator === undefined) throw new TypeError(`${name} of ${module} returned nothing to iterate: a worker stream's function is a generator, or returns an iterable`);
  return iterator;
}

function nextGrant(): Promise<void> {
  // Whoever waits for room has no use for items that wait for company.
  flush();
  return new Promise((resolve) => (wake = resolve));
}

function add(item: unknown, moved: readonly object[]): void {
  if (items.length === 0) {
    since = Date.now();
    if (!isFlushDue) {
      isFlushDue = true;
      // Whenever the loop turns, the source waits for something: items do not wait with it.
      afterTurn(flushDue);
    }
  }
  items.push(item);
  for (const each of moved) transfer.push(each);
}

function flushDue(): void {
  isFlushDue = false;
  flush();
}

function flush(): void {
  if (items.length === 0) return;
  host.post({ items } satisfies Report, transfer);
  items = [];
  transfer = [];
}
