import type { Contender } from '../table.js';
import { pair } from './pair.js';

export const peerVersions = {
  '@repeaterjs/repeater': '3.1.0',
  '@thi.ng/csp': '3.2.44',
  effect: '4.1.0',
  'event-iterator': '2.0.0',
  fastq: '1.20.3',
  'it-pushable': '3.2.4',
  'it-queueless-pushable': '2.0.5',
  'p-limit': '7.3.3',
  'p-queue': '9.3.5',
  'ts-chan': '0.6.0',
} as const;

// Of each package, what is used of it.

interface RepeaterModule {
  readonly FixedBuffer: new (capacity: number) => object;
  readonly Repeater: new (executor: (push: (value: number) => Promise<unknown>, stop: () => void) => Promise<void>, buffer: object) => AsyncIterable<number>;
}
interface Pushable extends AsyncIterable<number> {
  readonly readableLength: number;
  push(value: number): Promise<void> | this;
  onEmpty(): Promise<void>;
  end(): unknown;
}
interface EventQueue {
  push(value: number): void;
  stop(): void;
  on(event: 'highWater' | 'lowWater', listener: () => void): void;
}
interface EventIteratorModule {
  readonly EventIterator: new (listen: (queue: EventQueue) => void, options: { highWaterMark: number; lowWaterMark: number }) => AsyncIterable<number>;
}
type Fiber = Generator<unknown, number, never>;
interface EffectModule {
  readonly Effect: { gen(body: () => Generator): Iterable<never>; forkChild(effect: Iterable<never>): Iterable<never>; runPromise(effect: Iterable<never>): Promise<number> };
  readonly Queue: { bounded(capacity: number): Iterable<never>; offer(queue: unknown, value: number): Iterable<never>; take(queue: unknown): Iterable<never>; takeAll(queue: unknown): Iterable<never> };
}
interface FastqModule {
  readonly default: { promise(worker: (value: number) => Promise<void>, concurrency: number): { push(value: number): Promise<void>; drained(): Promise<void> } };
}
interface PQueueModule {
  readonly default: new (options: { concurrency: number }) => { readonly size: number; add(task: () => Promise<void>): Promise<void>; onSizeLessThan(size: number): Promise<void>; onIdle(): Promise<void> };
}
interface PLimitModule {
  readonly default: (concurrency: number) => { readonly pendingCount: number; (task: () => Promise<void>): Promise<void> };
}
interface Chan {
  send(value: number): Promise<void>;
  recv(): Promise<IteratorResult<number, undefined>>;
  close(): void;
  setUnsafe(isUnsafe: boolean): this;
}
interface CspModule {
  readonly channel: (capacity: number) => { write(value: number): Promise<boolean>; read(): Promise<number | undefined>; close(): void };
}

const sumOf = async (items: AsyncIterable<number>): Promise<number> => {
  let sum = 0;
  for await (const item of items) sum += item;
  return sum;
};

function chan(isUnsafe: boolean): Contender {
  return {
    kind: 'peer',
    isRival: true,
    make: async (load) => {
      const { Chan } = await load<{ Chan: new (capacity: number) => Chan }>('ts-chan');
      return (count, capacity) => {
        const channel = new Chan(capacity).setUnsafe(isUnsafe);
        return pair(
          async () => {
            for (let i = 0; i < count; i++) await channel.send(i);
            channel.close();
          },
          async () => {
            let sum = 0;
            for (let result = await channel.recv(); result.done !== true; result = await channel.recv()) sum += result.value;
            return sum;
          },
        );
      };
    },
  };
}

function effectQueue(doTakeAll: boolean): Contender {
  return {
    kind: 'peer',
    isRival: true,
    make: async (load) => {
      const { Effect, Queue } = await load<EffectModule>('effect');
      return (count, capacity) =>
        Effect.runPromise(
          Effect.gen(function* (): Fiber {
            const queue: unknown = yield* Queue.bounded(capacity);
            yield* Effect.forkChild(
              Effect.gen(function* () {
                for (let i = 0; i < count; i++) yield* Queue.offer(queue, i);
              }),
            );
            let sum = 0;
            for (let got = 0; got < count; ) {
              const items: readonly number[] = doTakeAll ? yield* Queue.takeAll(queue) : [yield* Queue.take(queue)];
              got += items.length;
              for (const item of items) sum += item;
            }
            return sum;
          }),
        );
    },
  };
}

/** What the registry has that is bounded, or is used as if it were. */
export const packagePeers: Readonly<Record<string, Contender>> = {
  '@repeaterjs/repeater, FixedBuffer': {
    kind: 'peer',
    isRival: true,
    make: async (load) => {
      const { Repeater, FixedBuffer } = await load<RepeaterModule>('@repeaterjs/repeater');
      return (count, capacity) =>
        sumOf(
          new Repeater(async (push, stop) => {
            for (let i = 0; i < count; i++) await push(i);
            stop();
          }, new FixedBuffer(capacity)),
        );
    },
  },
  'it-pushable, onEmpty': {
    kind: 'peer',
    isRival: true,
    make: async (load) => {
      const { pushable } = await load<{ pushable(options: { objectMode: boolean }): Pushable }>('it-pushable');
      return (count, capacity) => {
        const items = pushable({ objectMode: true });
        return pair(
          async () => {
            for (let i = 0; i < count; i++) {
              void items.push(i);
              if (items.readableLength >= capacity) await items.onEmpty();
            }
            items.end();
          },
          () => sumOf(items),
        );
      };
    },
  },
  'it-queueless-pushable, no buffer': {
    kind: 'peer',
    isRival: true,
    make: async (load) => {
      const { queuelessPushable } = await load<{ queuelessPushable(): Pushable }>('it-queueless-pushable');
      return (count) => {
        const items = queuelessPushable();
        return pair(
          async () => {
            for (let i = 0; i < count; i++) await items.push(i);
            await items.end();
          },
          () => sumOf(items),
        );
      };
    },
  },
  'event-iterator, water marks': {
    kind: 'peer',
    isRival: true,
    make: async (load) => {
      const { EventIterator } = await load<EventIteratorModule>('event-iterator');
      return (count, capacity) => {
        let isPaused = false;
        let wake: (() => void) | undefined;
        let queue: EventQueue | undefined;
        const items = new EventIterator(
          (own) => {
            queue = own;
            own.on('highWater', () => {
              isPaused = true;
            });
            own.on('lowWater', () => {
              isPaused = false;
              wake?.();
            });
          },
          { highWaterMark: capacity, lowWaterMark: capacity >> 1 },
        );
        const consuming = sumOf(items);
        return pair(
          async () => {
            for (let i = 0; i < count; i++) {
              queue?.push(i);
              if (isPaused) {
                await new Promise<void>((resolve) => {
                  wake = resolve;
                });
              }
            }
            queue?.stop();
          },
          () => consuming,
        );
      };
    },
  },
  'effect Queue, offer and take': effectQueue(false),
  'effect Queue, offer and takeAll': effectQueue(true),
  'fastq.promise, concurrency 1 (a work queue)': {
    kind: 'peer',
    make: async (load) => {
      const { default: fastq } = await load<FastqModule>('fastq');
      return async (count, capacity) => {
        let sum = 0;
        let pending = 0;
        // eslint-disable-next-line @typescript-eslint/require-await -- the work is as small as the others'
        const work = async (value: number): Promise<void> => {
          sum += value;
          pending--;
        };
        const queue = fastq.promise(work, 1);
        for (let i = 0; i < count; i++) {
          const pushed = queue.push(i);
          if (++pending >= capacity) await pushed;
        }
        await queue.drained();
        return sum;
      };
    },
  },
  'p-queue(1), onSizeLessThan (a work queue)': {
    kind: 'peer',
    make: async (load) => {
      const { default: PQueue } = await load<PQueueModule>('p-queue');
      return async (count, capacity) => {
        let sum = 0;
        const queue = new PQueue({ concurrency: 1 });
        for (let i = 0; i < count; i++) {
          // eslint-disable-next-line @typescript-eslint/require-await -- the work is as small as the others'
          void queue.add(async () => {
            sum += i;
          });
          if (queue.size >= capacity) await queue.onSizeLessThan(capacity);
        }
        await queue.onIdle();
        return sum;
      };
    },
  },
  'p-limit(1) (a work queue)': {
    kind: 'peer',
    make: async (load) => {
      const { default: pLimit } = await load<PLimitModule>('p-limit');
      return async (count, capacity) => {
        let sum = 0;
        const limit = pLimit(1);
        let last: Promise<void> | undefined;
        for (let i = 0; i < count; i++) {
          // eslint-disable-next-line @typescript-eslint/require-await -- the work is as small as the others'
          last = limit(async () => {
            sum += i;
          });
          if (limit.pendingCount >= capacity) await last;
        }
        await last;
        return sum;
      };
    },
  },
  'ts-chan': chan(false),
  'ts-chan, unsafe': chan(true),
  '@thi.ng/csp, write and read': {
    kind: 'peer',
    isRival: true,
    make: async (load) => {
      const { channel } = await load<CspModule>('@thi.ng/csp');
      return (count, capacity) => {
        const items = channel(capacity);
        return pair(
          async () => {
            for (let i = 0; i < count; i++) await items.write(i);
            items.close();
          },
          async () => {
            let sum = 0;
            for (let item = await items.read(); item !== undefined; item = await items.read()) sum += item;
            return sum;
          },
        );
      };
    },
  },
};
