import { EventEmitter, on, once } from 'node:events';
import type { AddressInfo } from 'node:net';
import * as stream from 'node:stream';
import * as asyncPackage from 'async';
import Bottleneck from 'bottleneck';
import Denque from 'denque';
import fastq from 'fastq';
import pMap, { pMapSettled } from 'p-map';
import PQueue from 'p-queue';
import PiscinaItself, { Piscina } from 'piscina';
import { from, lastValueFrom, mergeMap, ReplaySubject, shareReplay, Subject, toArray } from 'rxjs';
import { expect } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import Queue from 'yocto-queue';

/** Each shows what the catalog claims: without the bound it grows, or starts all there is; with it, it does not. */

type Proof = () => void | Promise<void>;

const many = 2000;
const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const forever = (): Promise<never> => new Promise(() => undefined);

/** How many tasks of a mapper run at once. */
async function mostAtOnce(run: (task: (item: number) => Promise<number>) => PromiseLike<unknown>): Promise<number> {
  let running = 0;
  let most = 0;
  await run(async (item) => {
    most = Math.max(most, ++running);
    await turn();
    running--;
    return item;
  });
  return most;
}

function keepsAll(collection: { readonly put: (value: number) => unknown; readonly take: () => unknown; readonly size: () => number }): void {
  for (const value of range(many)) collection.put(value);
  expect(collection.size()).toBe(many);
  collection.take();
  expect(collection.size()).toBe(many - 1);
}

/** What a stream with that high-water mark takes without asking to wait. */
const takenBy = (make: (highWaterMark: number) => stream.Writable | stream.Readable) => (): void => {
  const taken = (highWaterMark: number): number => {
    const made = make(highWaterMark);
    let count = 0;
    const hand = (value: number): boolean => (made instanceof stream.Writable ? made.write(value) : made.push(value));
    while (count < many && hand(count)) count++;
    made.destroy();
    return count;
  };
  // A number that is none, such as Infinity, Node.js refuses.
  expect(() => taken(Infinity)).toThrow(/highWaterMark|HighWaterMark/);
  expect(taken(Number.MAX_SAFE_INTEGER)).toBe(many);
  // Both sides of a transform have room.
  expect(taken(16)).toBeLessThanOrEqual(32);
};

const stuck = { objectMode: true, read: () => undefined, write: () => undefined, transform: () => undefined };

/** How many chunks a web stream with that strategy takes before it says that it is full. */
async function takenByWeb(strategy: QueuingStrategy<string>): Promise<number> {
  let taken = 0;
  const start = (controller: ReadableStreamDefaultController<string>): void => {
    for (; taken < many && (controller.desiredSize ?? 0) > 0; taken++) controller.enqueue('x');
  };
  await new ReadableStream({ start }, strategy).cancel();
  return taken;
}

async function isBoundedOnlyWith(bounded: QueuingStrategy<string>, endless: QueuingStrategy<string>): Promise<void> {
  expect(await takenByWeb(bounded)).toBe(16);
  expect(await takenByWeb(endless)).toBe(many);
}

/** A task that never ends, in a worker. */
const endlessTask = 'data:text/javascript,export default () => new Promise(() => undefined)';

export const queueProofs: { readonly [claim: string]: Proof } = {
  'denque#Denque collects': () => {
    const deque = new Denque<number>();
    keepsAll({ put: (value) => deque.push(value), take: () => deque.shift(), size: () => deque.length });
  },
  'yocto-queue#Queue collects': () => {
    const queue = new Queue<number>();
    keepsAll({ put: (value) => { queue.enqueue(value); }, take: () => queue.dequeue(), size: () => queue.size });
  },
  'p-queue#PQueue#add signals': () => {
    const queue = new PQueue({ concurrency: 1 });
    for (const _ of range(many)) void queue.add(forever);
    expect(queue.size).toBe(many - 1);
  },
  'fastq#queueAsPromised#push signals': () => {
    const queue = fastq.promise(forever, 1);
    for (const value of range(many)) void queue.push(value);
    expect(queue.length()).toBe(many - 1);
  },
  'fastq#queueAsPromised#unshift signals': () => {
    const queue = fastq.promise(forever, 1);
    for (const value of range(many)) void queue.unshift(value);
    expect(queue.length()).toBe(many - 1);
  },
  'bottleneck#Bottleneck#schedule signals': async () => {
    const limiter = new Bottleneck({ maxConcurrent: 1 });
    for (const _ of range(100)) void limiter.schedule(forever);
    await turn();
    expect(limiter.counts().QUEUED + limiter.counts().RECEIVED).toBeGreaterThan(90);
  },
  'bottleneck opens': async () => {
    const waiting = async (options: Bottleneck.ConstructorOptions): Promise<number> => {
      const limiter = new Bottleneck({ maxConcurrent: 1, ...options });
      for (const _ of range(40)) limiter.schedule(forever).catch(() => undefined);
      while (limiter.counts().RECEIVED > 0) await new Promise((resolve) => setTimeout(resolve, 5));
      return limiter.counts().QUEUED;
    };
    expect(await waiting({})).toBe(39);
    expect(await waiting({ highWater: 10, strategy: Bottleneck.strategy.OVERFLOW })).toBeLessThanOrEqual(10);
  },
  'piscina opens': async () => {
    const refused = async (options: { readonly maxQueue?: number }): Promise<number> => {
      const pool = new Piscina({ filename: endlessTask, maxThreads: 1, ...options });
      let count = 0;
      for (const value of range(50)) void pool.run(value).catch((error: unknown) => { if (/limit/.test(String(error))) count++; });
      await turn();
      await pool.destroy();
      return count;
    };
    expect(await refused({})).toBe(0);
    expect(await refused({ maxQueue: 10 })).toBeGreaterThan(30);
  },
  'piscina#Piscina opens': () => {
    expect(Piscina).toBe(PiscinaItself);
  },
  'piscina#Piscina#run signals': async () => {
    const pool = new Piscina({ filename: endlessTask, maxThreads: 1 });
    for (const value of range(100)) void pool.run(value).catch(() => undefined);
    expect(pool.queueSize).toBeGreaterThan(90);
    await pool.destroy();
  },
  'p-map opens': async () => {
    expect(await mostAtOnce((task) => pMap(range(100), task))).toBe(100);
    expect(await mostAtOnce((task) => pMap(range(100), task, { concurrency: 8 }))).toBe(8);
  },
  'p-map#pMapSettled opens': async () => {
    expect(await mostAtOnce((task) => pMapSettled(range(100), task))).toBe(100);
    expect(await mostAtOnce((task) => pMapSettled(range(100), task, { concurrency: 8 }))).toBe(8);
  },
  ...Object.fromEntries(
    (['map', 'each', 'forEach', 'eachOf', 'forEachOf', 'filter'] as const).map((name): [string, Proof] => [
      `async#${name} opens`,
      async () => {
        const run = asyncPackage[name] as unknown as (list: readonly number[], task: (item: number) => Promise<unknown>) => Promise<unknown>;
        expect(await mostAtOnce((task) => run(range(100), task))).toBe(100);
      },
    ]),
  ),
  'rxjs#ReplaySubject opens': async () => {
    const kept = async (subject: ReplaySubject<number>): Promise<number> => {
      for (const value of range(many)) subject.next(value);
      subject.complete();
      return (await lastValueFrom(subject.pipe(toArray()))).length;
    };
    expect(await kept(new ReplaySubject<number>())).toBe(many);
    expect(await kept(new ReplaySubject<number>(100))).toBe(100);
  },
  'rxjs#shareReplay opens': async () => {
    const kept = async (bufferSize?: number): Promise<number> => {
      const source = new Subject<number>();
      const shared = source.pipe(shareReplay(bufferSize));
      shared.subscribe();
      for (const value of range(many)) source.next(value);
      source.complete();
      return (await lastValueFrom(shared.pipe(toArray()))).length;
    };
    expect(await kept()).toBe(many);
    expect(await kept(1)).toBe(1);
  },
  'rxjs#mergeMap opens': async () => {
    expect(await mostAtOnce((task) => lastValueFrom(from(range(100)).pipe(mergeMap(task))))).toBe(100);
    expect(await mostAtOnce((task) => lastValueFrom(from(range(100)).pipe(mergeMap(task, 8))))).toBe(8);
  },
  'ws#WebSocket#send signals': async () => {
    const server = new WebSocketServer({ port: 0 });
    server.on('connection', (socket) => { socket.pause(); });
    await once(server, 'listening');
    const socket = new WebSocket(`ws://localhost:${(server.address() as AddressInfo).port}`);
    await once(socket, 'open');
    for (const _ of range(200)) socket.send(Buffer.alloc(1 << 20));
    expect(socket.bufferedAmount).toBeGreaterThan(100 << 20);
    socket.terminate();
    for (const client of server.clients) client.terminate();
    server.close();
  },
  'node:events#on opens': async () => {
    const waiting = async (options?: { readonly highWaterMark: number }): Promise<boolean> => {
      const emitter = Object.assign(new EventEmitter(), { isPaused: false, pause() { this.isPaused = true; }, resume() { this.isPaused = false; } });
      const events = on(emitter, 'event', options as never);
      for (const value of range(many)) if (!emitter.isPaused) emitter.emit('event', value);
      await events.return?.();
      return emitter.isPaused;
    };
    expect(await waiting()).toBe(false);
    expect(await waiting({ highWaterMark: 1024 })).toBe(true);
  },
  'node:stream#Readable opens': takenBy((highWaterMark) => new stream.Readable({ ...stuck, highWaterMark })),
  'node:stream#Writable opens': takenBy((highWaterMark) => new stream.Writable({ ...stuck, highWaterMark })),
  'node:stream#Duplex opens': takenBy((highWaterMark) => new stream.Duplex({ ...stuck, highWaterMark })),
  'node:stream#Transform opens': takenBy((highWaterMark) => new stream.Transform({ ...stuck, highWaterMark })),
  'node:stream#PassThrough opens': takenBy((highWaterMark) => new stream.PassThrough({ objectMode: true, highWaterMark })),
  'global#ReadableStream opens': () => isBoundedOnlyWith({ highWaterMark: 16 }, { highWaterMark: Infinity }),
  'global#CountQueuingStrategy opens': () => isBoundedOnlyWith(new CountQueuingStrategy({ highWaterMark: 16 }), new CountQueuingStrategy({ highWaterMark: Infinity })),
  'global#ByteLengthQueuingStrategy opens': () => {
    expect(new ByteLengthQueuingStrategy({ highWaterMark: Infinity }).highWaterMark).toBe(Infinity);
  },
  'global#WritableStream opens': () => {
    const room = (highWaterMark: number): number | null => new WritableStream({}, { highWaterMark }).getWriter().desiredSize;
    expect(room(16)).toBe(16);
    expect(room(Infinity)).toBe(Infinity);
  },
  'global#TransformStream opens': async () => {
    const { readable, writable } = new TransformStream({}, undefined, { highWaterMark: Infinity });
    const writer = writable.getWriter();
    for (const value of range(many)) await writer.write(value);
    await readable.cancel();
  },
  'node:stream#Readable#push signals': () => {
    const readable = new stream.Readable({ highWaterMark: 16, read: () => undefined });
    expect([readable.push('x'.repeat(20)), readable.push('more'), readable.readableLength]).toEqual([false, false, 24]);
  },
  'node:stream#Writable#write signals': () => {
    const writable = new stream.Writable({ highWaterMark: 16, write: () => undefined });
    expect([writable.write('x'.repeat(20)), writable.write('more'), writable.writableLength]).toEqual([false, false, 24]);
  },
  'node:stream#Duplex#push signals': () => {
    expect(new stream.Duplex({ readableHighWaterMark: 1, read: () => undefined }).push('xx')).toBe(false);
  },
  'node:stream#Duplex#write signals': () => {
    expect(new stream.Duplex({ writableHighWaterMark: 1, write: () => undefined }).write('xx')).toBe(false);
  },
  'global#ReadableStreamController#enqueue signals': async () => {
    let controller: ReadableStreamDefaultController<string> | undefined;
    const readable = new ReadableStream<string>({ start: (given) => { controller = given; } });
    for (const _ of range(many)) controller?.enqueue('x');
    expect(controller?.desiredSize).toBe(1 - many);
    await readable.cancel();
  },
  'global#ReadableByteStreamController#enqueue signals': async () => {
    let controller: ReadableByteStreamController | undefined;
    const readable = new ReadableStream({ type: 'bytes', start: (given) => { controller = given; } });
    for (const _ of range(100)) controller?.enqueue(new Uint8Array(10));
    expect(controller?.desiredSize).toBe(-1000);
    await readable.cancel();
  },
  'global#TransformStreamDefaultController#enqueue signals': () => {
    let left: number | null = 0;
    new TransformStream<string, string>({ start: (controller) => {
      for (const _ of range(100)) controller.enqueue('x');
      left = controller.desiredSize;
    } });
    expect(left).toBe(-100);
  },
  'global#WritableStreamDefaultWriter#write signals': () => {
    const writer = new WritableStream({ write: forever }).getWriter();
    for (const _ of range(100)) void writer.write('x');
    expect(writer.desiredSize).toBe(-99);
  },
};
