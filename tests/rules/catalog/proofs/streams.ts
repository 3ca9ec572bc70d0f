import { strict as assert } from 'node:assert';
import { channel } from 'node:diagnostics_channel';
import { EventEmitter } from 'node:events';
import * as processModule from 'node:process';
import { Duplex, Readable, Transform, Writable, type TransformCallback } from 'node:stream';
import * as web from 'node:stream/web';
import * as timers from 'node:timers';
import { Worker, MessageChannel as NodeMessageChannel } from 'node:worker_threads';
import { forEachOf, isDetached, type Proofs } from './proof.js';

/** Streams, emitters and messages: who holds the bytes after the call. */

/** What was handed over is the very memory: overwriting it afterwards changes what the other side has. */
function isSameMemory(handed: Uint8Array, received: unknown): void {
  assert.ok(received instanceof Uint8Array, 'no bytes arrived');
  const before = received[0];
  handed.fill((before ?? 0) + 1);
  assert.notEqual(received[0], before, 'a copy arrived');
}

const bytes = (): Buffer => Buffer.alloc(4, 1);

/** A readable keeps what is pushed until somebody reads it. */
function pushes(make: () => Readable, name: 'push' | 'unshift'): () => void {
  return () => {
    const stream = make();
    const chunk = bytes();
    stream[name](chunk);
    isSameMemory(chunk, stream.read());
  };
}
const readable = (): Readable => new Readable({ read() {} });
const duplex = (): Duplex => new Duplex({ read() {}, write(_chunk, _encoding, done) { done(); } });

/** While an earlier chunk is being written, a later one waits by reference. */
function keepsWritten(make: (seen: Uint8Array[]) => Writable, name: 'write' | 'end'): () => Promise<void> {
  return async () => {
    const seen: Uint8Array[] = [];
    const stream = make(seen);
    const chunk = bytes();
    stream.write(bytes());
    stream[name](chunk);
    chunk.fill(9);
    await new Promise<void>((resolve) => (name === 'end' ? stream.on('finish', resolve) : stream.write(bytes(), () => resolve())));
    assert.equal(seen[1]?.[0], 9, 'the chunk was copied by write()');
  };
}
const slow = (seen: Uint8Array[]) => (chunk: Uint8Array, _encoding: string, done: () => void): void => {
  setImmediate(() => {
    seen.push(Uint8Array.from(chunk));
    done();
  });
};

/** A transform that hands its own buffer to the callback of one of its steps. */
function transforms(step: 'transform' | 'flush', make: (options: ConstructorParameters<typeof Transform>[0]) => Transform): () => Promise<void> {
  return async () => {
    const own = bytes();
    const stream = make({
      transform: (_chunk: unknown, _encoding: string, done: TransformCallback) => (step === 'transform' ? done(null, own) : done()),
      flush: (done: TransformCallback) => (step === 'flush' ? done(null, own) : done()),
    });
    stream.end(bytes());
    await new Promise((resolve) => stream.once('readable', resolve));
    isSameMemory(own, stream.read());
  };
}
class Own extends Transform {
  readonly #options: ConstructorParameters<typeof Transform>[0];
  constructor(options: ConstructorParameters<typeof Transform>[0]) {
    super();
    this.#options = options;
  }
  override _transform(chunk: unknown, encoding: BufferEncoding, done: TransformCallback): void {
    this.#options?.transform?.call(this, chunk, encoding, done);
  }
  override _flush(done: TransformCallback): void {
    this.#options?.flush?.call(this, done);
  }
}
const calledTransform = (options: ConstructorParameters<typeof Transform>[0]): Transform => Reflect.apply(Transform, undefined, [options]) as Transform;

const transfersOn = (port: { postMessage(value: unknown, transfer: ArrayBuffer[]): void; close?(): void }): void => {
  const moved = new Uint8Array(4);
  port.postMessage(moved, [moved.buffer]);
  isDetached(moved);
  const copied = new Uint8Array(4);
  port.postMessage(copied, []);
  assert.equal(copied.length, 4, 'detached without being listed');
  port.close?.();
};

async function byobRequest(act: (request: ReadableStreamBYOBRequest, view: Uint8Array) => void): Promise<void> {
  let controller: ReadableByteStreamController | undefined;
  const stream = new ReadableStream({ type: 'bytes', start: (given) => void (controller = given) });
  const result = stream.getReader({ mode: 'byob' }).read(new Uint8Array(4));
  const request = controller?.byobRequest;
  assert.ok(request?.view);
  act(request, request.view as Uint8Array);
  await result;
}

const keepsArgument = (schedule: (callback: (given: Uint8Array) => void, given: Uint8Array) => unknown) => async () => {
  const given = bytes();
  const received = await new Promise<Uint8Array>((resolve) => schedule(resolve, given));
  isSameMemory(given, received);
};
const interval = (source: typeof timers) => (callback: (given: Uint8Array) => void, given: Uint8Array): void => {
  const timer = source.setInterval((value: Uint8Array) => (clearInterval(timer), callback(value)), 1, given);
};
const globalTimers = globalThis as unknown as typeof timers;

export const streamProofs: Proofs = {
  ...forEachOf('push unshift', (name) => `node:stream#Readable#${name} escapes`, (name) => pushes(readable, name as 'push')),
  ...forEachOf('push unshift', (name) => `node:stream#Duplex#${name} escapes`, (name) => pushes(duplex, name as 'push')),
  ...forEachOf('write end', (name) => `node:stream#Writable#${name} keeps`, (name) => keepsWritten((seen) => new Writable({ write: slow(seen) }), name as 'write')),
  ...forEachOf('write end', (name) => `node:stream#Duplex#${name} keeps`, (name) => keepsWritten((seen) => new Duplex({ read() {}, write: slow(seen) }), name as 'write')),
  'node:stream#Readable.from escapes': async () => {
    const own = bytes();
    const items = Readable.from([own]);
    await new Promise((resolve) => items.once('readable', resolve));
    isSameMemory(own, items.read());
  },
  'node:stream#Transform escapes': transforms('transform', calledTransform),
  'new node:stream#Transform escapes': transforms('transform', (options) => new Transform(options)),
  'node:stream#Transform#_transform escapes': transforms('transform', (options) => new Own(options)),
  'node:stream#Transform#_flush escapes': transforms('flush', (options) => new Own(options)),
  'node:events#EventEmitter#emit escapes': () => {
    const kept: Uint8Array[] = [];
    const emitter = new EventEmitter().on('chunk', (chunk: Uint8Array) => kept.push(chunk));
    const chunk = bytes();
    emitter.emit('chunk', chunk);
    isSameMemory(chunk, kept[0]);
  },
  'node:diagnostics_channel#Channel#publish escapes': () => {
    const kept: unknown[] = [];
    const topic = channel('borrowck');
    const keep = (message: unknown): void => void kept.push(message);
    topic.subscribe(keep);
    const chunk = bytes();
    topic.publish(chunk);
    topic.unsubscribe(keep);
    isSameMemory(chunk, kept[0]);
  },
  'global#EventTarget#dispatchEvent escapes': () => {
    const kept: unknown[] = [];
    const target = new EventTarget();
    target.addEventListener('chunk', (event) => kept.push((event as CustomEvent<unknown>).detail));
    const chunk = bytes();
    target.dispatchEvent(new CustomEvent('chunk', { detail: chunk }));
    isSameMemory(chunk, kept[0]);
  },
  ...forEachOf('global#ReadableStream node:stream/web#ReadableStream', (name) => `${name}.from escapes`, (name) => async () => {
    const own = bytes();
    const streams = name.startsWith('node') ? web.ReadableStream : (ReadableStream as unknown as typeof web.ReadableStream);
    const { value } = await streams.from([own]).getReader().read();
    isSameMemory(own, value);
  }),
  'global#ReadableStreamController#enqueue escapes': async () => {
    const own = bytes();
    const stream = new ReadableStream({ start: (controller) => controller.enqueue(own) });
    isSameMemory(own, (await stream.getReader().read()).value);
  },
  'global#TransformStreamDefaultController#enqueue escapes': async () => {
    const own = bytes();
    const stream = new TransformStream({ start: (controller) => controller.enqueue(own) }, undefined, { highWaterMark: 1 });
    isSameMemory(own, (await stream.readable.getReader().read()).value);
  },
  ...forEachOf('escapes transfers', (kind) => `global#ReadableByteStreamController#enqueue ${kind}`, () => async () => {
    const own = new Uint8Array(4).fill(1);
    const stream = new ReadableStream({ type: 'bytes', start: (controller) => controller.enqueue(own) });
    isDetached(own);
    const { value } = await stream.getReader().read();
    assert.deepEqual([...(value as Uint8Array)], [1, 1, 1, 1], 'the bytes did not arrive');
  }),
  ...forEachOf('escapes transfers', (kind) => `global#ReadableStreamBYOBRequest#respondWithNewView ${kind}`, () => () =>
    byobRequest((request, view) => {
      const same = new Uint8Array(view.buffer as ArrayBuffer, view.byteOffset, 2);
      request.respondWithNewView(same);
      isDetached(same);
    })),
  'global#ReadableStreamBYOBRequest#view lent': () =>
    byobRequest((request, view) => {
      request.respond(2);
      isDetached(view);
    }),
  'global#ReadableStreamBYOBReader#read transfers': async () => {
    const own = new Uint8Array(4);
    const stream = new ReadableStream({ type: 'bytes', start: (controller) => controller.enqueue(new Uint8Array(2).fill(3)) });
    const result = stream.getReader({ mode: 'byob' }).read(own);
    isDetached(own);
    assert.deepEqual([...((await result).value as Uint8Array)], [3, 3]);
  },
  'global#WritableStreamDefaultWriter#write keeps': async () => {
    const seen: number[] = [];
    const stream = new WritableStream<Uint8Array>({ write: (chunk) => void seen.push(chunk[0] ?? 0) });
    const chunk = bytes();
    const written = stream.getWriter().write(chunk);
    chunk.fill(9);
    await written;
    assert.deepEqual(seen, [9], 'the chunk was copied by write()');
  },
  'global#MessagePort#postMessage transfers': () => transfersOn(new MessageChannel().port1),
  'node:worker_threads#MessagePort#postMessage transfers': () => transfersOn(new NodeMessageChannel().port1),
  'new node:worker_threads#Worker transfers': async () => {
    const view = new Uint8Array(8);
    const worker = new Worker('', { eval: true, workerData: view, transferList: [view.buffer] });
    isDetached(view);
    await worker.terminate();
  },
  'node:worker_threads#Worker#postMessage transfers': async () => {
    const worker = new Worker('', { eval: true });
    transfersOn({ postMessage: (value, transfer) => worker.postMessage(value, transfer) });
    await worker.terminate();
  },
  'global#WebAssembly.Memory#grow releases': () => {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const view = new Uint8Array(memory.buffer);
    memory.grow(0);
    isDetached(view);
  },
  'global#WebAssembly.Memory#buffer lent': () => {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const { buffer } = memory;
    assert.equal(memory.buffer, buffer, 'another buffer without growth');
    memory.grow(1);
    isDetached(buffer);
    assert.equal(memory.buffer.byteLength, 2 * 65_536);
  },
  'global#setTimeout keeps': keepsArgument((callback, given) => globalTimers.setTimeout(callback, 1, given)),
  'global#setInterval keeps': keepsArgument(interval(globalTimers)),
  'global#setImmediate keeps': keepsArgument((callback, given) => globalTimers.setImmediate(callback, given)),
  'node:timers#setTimeout keeps': keepsArgument((callback, given) => timers.setTimeout(callback, 1, given)),
  'node:timers#setInterval keeps': keepsArgument(interval(timers)),
  'node:timers#setImmediate keeps': keepsArgument((callback, given) => timers.setImmediate(callback, given)),
  'global#process.nextTick keeps': keepsArgument((callback, given) => process.nextTick(callback, given)),
  'node:process#nextTick keeps': keepsArgument((callback, given) => processModule.nextTick(callback, given)),
};
