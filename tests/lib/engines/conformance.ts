/** The runtime's promises, as a program that any engine with web-standard globals can run: it prints what did not hold, as JSON. */
import { ByteArena, Bytes, Dispatcher, TaskScope, broadcast, channel, mapConcurrent, oneshot, pipeline, retry, select, snapshot, snapshotStream, spawnActor, spawnBlocking, watch, workerStream } from '../../../lib/index.js';
import { toReadableStream } from '../../../lib/web.js';
import { runAll } from '../channel/sequences.js';

const module = 'data:text/javascript,export const square = (n) => n * n; export function* upTo(n) { for (let i = 1; i <= n; i++) yield i; }';

async function listOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

async function codeOf(promise: PromiseLike<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return (error as { code?: unknown }).code ?? error;
  }
  return 'fulfilled';
}

/** By name: what is done, and what must come of it. */
const promises: Readonly<Record<string, readonly [() => unknown, unknown]>> = {
  'every short history of a channel does what the model says': [
    async () => (await runAll({ names: ['send', 'reserve', 'usePermit', 'releasePermit', 'abortSend', 'recv', 'tryRecv', 'abortReceive', 'closeReceiver', 'closeSender', 'leave'], capacity: 1, length: 5 })) > 10_000,
    true,
  ],
  'also when every receive lets the event loop turn': [async () => (await runAll({ names: ['send', 'abortSend', 'recv', 'abortReceive', 'leave'], capacity: 1, length: 4, doRest: true })) > 50, true],
  'a channel that is always ready lets timers fire': [
    async () => {
      const [tx, rx] = channel<number>(1);
      let hasFired = false;
      setTimeout(() => (hasFired = true), 1);
      for (let n = 0; !hasFired; n++) {
        tx.trySend(n);
        await rx.recv();
      }
      return hasFired;
    },
    true,
  ],
  'a selection does one thing': [
    async () => {
      const [tx, rx] = channel<string>(1);
      const [, idle] = channel<string>(1);
      const chosen = select([{ recv: idle }, { recv: rx }]);
      tx.trySend('a');
      return [(await chosen).index, rx.length];
    },
    [1, 0],
  ],
  'an abort is its own reason': [() => codeOf(channel<number>(1)[1].recv({ signal: AbortSignal.abort('enough') })), 'enough'],
  'leaving refuses who waits': [
    async () => {
      const [tx, rx] = channel<number>(1);
      await tx.send(1);
      void tx.send(2);
      const waiting = codeOf(tx.send(3));
      for await (const _ of rx) break;
      return waiting;
    },
    'ERR_CHANNEL_CLOSED',
  ],
  'a snapshot fills its buffer': [
    () => {
      const copy = snapshot(new Uint16Array([1, 2, 3]).subarray(1));
      return [...copy, copy.buffer.byteLength];
    },
    [2, 0, 3, 0, 4],
  ],
  'a snapshot of lost bytes is refused': [
    async () => {
      const bytes = new Uint8Array(4);
      structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
      return codeOf((async () => Promise.resolve(snapshot(bytes)))());
    },
    'ERR_DETACHED_BUFFER',
  ],
  'an arena refuses stale refs': [
    () => {
      const arena = new ByteArena();
      const ref = arena.alloc(Uint8Array.of(7));
      const seen = arena.with(ref, (bytes) => bytes[0]);
      return [seen, arena.release(ref), arena.release(ref), arena.has(ref), arena.has(arena.alloc(Uint8Array.of(8)))];
    },
    [7, true, false, false, true],
  ],
  'bytes share what is sliced': [() => String(Bytes.copyFrom(new TextEncoder().encode('head|body')).slice(5)), 'body'],
  'a scope waits, and cancels siblings': [
    async () => {
      let wasCancelled = false;
      const failure = await codeOf(
        TaskScope.run((scope) => {
          scope.spawn(async (task) => {
            await task.sleep(60_000).catch(() => (wasCancelled = true));
          });
          scope.spawn(() => Promise.reject(new Error('first')));
        }),
      );
      return [(failure as Error).message, wasCancelled];
    },
    ['first', true],
  ],
  'calls are bounded, and keep their order': [() => mapConcurrent([3, 1, 2], 2, (n) => Promise.resolve(n * 2)), [6, 2, 4]],
  'a retry tries again': [() => retry(({ attempt }) => (attempt < 3 ? Promise.reject(new Error('busy')) : Promise.resolve(attempt)), { maxAttempts: 5, baseMs: 1 }), 3],
  'a pipeline keeps its order': [
    async () => {
      const out: number[][] = [];
      await pipeline([1, 2, 3], { capacity: 1 })
        .map((n) => Promise.resolve(n * n), { concurrency: 2 })
        .batch(2)
        .to((batch) => void out.push(batch));
      return out;
    },
    [[1, 4], [9]],
  ],
  'an actor answers, and swaps between two messages': [
    () =>
      TaskScope.run(async (scope) => {
        const actor = spawnActor<number, number>(scope, { capacity: 4, init: () => (n) => n + 1 });
        const dispatcher = new Dispatcher<{ add: number }>(scope);
        dispatcher.register('add', actor);
        await dispatcher.dispatch('add', 1);
        const first = await actor.ask(1);
        await actor.swap(() => (n) => -n);
        const second = await actor.ask(1);
        await actor.stop({ drain: true });
        return [first, second];
      }),
    [2, -1],
  ],
  'oneshot, watch and broadcast': [
    async () => {
      const [sender, receiver] = oneshot<number>();
      sender.send(1);
      const [config, seen] = watch(1);
      config.send(2);
      const all = broadcast<number>(2);
      const listener = all.subscribe();
      all.send(3);
      return [await receiver, await seen.changed(), seen.latest(), (await listener.recv()).value];
    },
    [1, true, 2, 3],
  ],
  'a stream of snapshots, as a web stream too': [
    async () => {
      const stream = snapshotStream(
        async (emit) => {
          const scratch = new Uint8Array(1);
          for (let n = 1; n <= 3; n++) {
            scratch[0] = n;
            await emit(scratch);
          }
        },
        { capacity: 1 },
      );
      return (await listOf(toReadableStream(stream) as unknown as AsyncIterable<Uint8Array>)).map(([first]) => first);
    },
    [1, 2, 3],
  ],
  'a function runs in a thread': [() => spawnBlocking(module, 'square', 5), 25],
  'a generator runs in a thread': [() => listOf(workerStream<number>(module, { name: 'upTo', input: 3, capacity: 2 })), [1, 2, 3]],
};

const broken: string[] = [];
for (const [name, [attempt, expected]] of Object.entries(promises)) {
  try {
    const found = JSON.stringify(await attempt());
    if (found !== JSON.stringify(expected)) broken.push(`${name}: ${found}, expected ${JSON.stringify(expected)}`);
  } catch (error) {
    broken.push(`${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
}
console.log(JSON.stringify({ count: Object.keys(promises).length, broken }));
