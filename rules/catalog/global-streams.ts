import type { ContractData, ModuleData, TypeData } from '../engine/contracts/catalog-format.js';
import type { CallbackUse, ParameterEffect, Source } from '../engine/contracts/contract.js';
import { cloned, callsLater, classes, each, fresh, functions, gives, handedOut, instance, iterable, opaque, place, primitive, promise, readUntilSettled, reads, readsLater, self, unknown } from './shorthand.js';

/** WHATWG streams, messages between threads, events of the web platform, WebAssembly memory. */

const transferList: ParameterEffect = { elements: { transfers: true } };
/** A transfer list, or options with one. What is not listed is copied. */
const transfersListed: ContractData = {
  parameters: [cloned, { ...transferList, properties: { transfer: transferList } }],
  result: primitive,
};

/** A stream calls these when it is done; no other step follows. */
const lastSteps = new Set(['flush', 'close', 'abort', 'cancel']);

/** The methods of an underlying source, sink or transformer. */
function steps(methods: { readonly [name: string]: readonly Source[] }): { readonly [name: string]: ParameterEffect } {
  return Object.fromEntries(
    Object.entries(methods).map(([name, sources]) => {
      // `start` runs inside the constructor, but last: to its caller that is no different from running right after it.
      const callback: CallbackUse = { when: 'later', times: name === 'start' ? 'once' : 'many', arguments: sources, entry: 'stream', ...(lastSteps.has(name) && { isLast: true }) };
      return [name, { keeps: 'forever', callback } satisfies ParameterEffect];
    }),
  );
}

const controller = instance('global#ReadableStreamController');
const transformController = instance('global#TransformStreamDefaultController');
const chunk = unknown;

const source = { start: [controller], pull: [controller], cancel: [opaque] };
const sink = { start: [opaque], write: [chunk, opaque], close: [], abort: [opaque] };
const transformer = { start: [transformController], transform: [chunk, transformController], flush: [transformController] };

function constructedWith(methods: { readonly [name: string]: readonly Source[] }, type: string): ContractData {
  return { parameters: [{ keeps: 'forever', properties: steps(methods) }], result: instance(type) };
}

function implemented(methods: { readonly [name: string]: readonly Source[] }): NonNullable<TypeData['implemented']> {
  return Object.fromEntries(Object.entries(methods).map(([name, sources]) => [name, { arguments: sources, ...(lastSteps.has(name) && { isLast: true }) }]));
}

/** `highWaterMark` of the strategy at that position: finite unless the code says otherwise. */
const bounded = (argument: number): NonNullable<ContractData['queue']> => ({ does: 'open', holds: 'chunks', bound: { argument, property: 'highWaterMark' }, example: '16', advice: 'Give `highWaterMark` a number' });

const enqueues: ContractData = { parameters: [handedOut('enqueue')], result: primitive, sink: 'desiredSize' };
/** Waits in memory until the network takes it. */
const sends: ContractData = { ...reads, sink: 'bufferedAmount' };
const readResult = (value: Source): ContractData => gives(promise({ from: 'object', properties: { value, done: primitive } }));

export const globalStreams: ModuleData = {
  module: 'global',
  exports: {
    ReadableStream: {
      construct: { ...constructedWith(source, 'ReadableStream'), queue: bounded(1) },
      type: 'ReadableStream',
      members: { from: { call: { parameters: [{ elements: handedOut('enqueue') }], result: instance('ReadableStream') } } },
    },
    WritableStream: { construct: { ...constructedWith(sink, 'WritableStream'), queue: bounded(1) }, type: 'WritableStream' },
    TransformStream: { construct: { ...constructedWith(transformer, 'TransformStream'), queue: bounded(2) }, type: 'TransformStream' },
    ...classes(
      `ReadableStreamDefaultController ReadableByteStreamController ReadableStreamBYOBRequest ReadableStreamDefaultReader
       ReadableStreamBYOBReader WritableStreamDefaultWriter WritableStreamDefaultController TransformStreamDefaultController
       CompressionStream DecompressionStream TextDecoderStream
       TextEncoderStream EventTarget Event CustomEvent MessageChannel MessagePort BroadcastChannel Worker
       AbortController AbortSignal Response Request WebSocket RTCDataChannel EventSource`,
    ),
    ...Object.fromEntries(['CountQueuingStrategy', 'ByteLengthQueuingStrategy'].map((type) => [type, { type, construct: { ...gives(instance(type)), queue: bounded(0) } }])),
    fetch: { call: gives(promise(instance('Response'))) },
    // In a worker.
    postMessage: { call: transfersListed },
    ...functions('addEventListener', { parameters: [null, callsLater('many', [unknown])], result: primitive }),
    WebAssembly: {
      members: {
        Memory: { type: 'WebAssembly.Memory' },
        ...functions('compile compileStreaming instantiate instantiateStreaming', gives(promise(unknown))),
        validate: { call: reads },
      },
    },
  },
  types: {
    ReadableStream: {
      methods: {
        getReader: gives({ from: 'choice', of: 0, when: { absent: instance('ReadableStreamDefaultReader'), object: instance('ReadableStreamBYOBReader') }, otherwise: instance('ReadableStreamDefaultReader') }),
        cancel: readsLater,
        pipeTo: readsLater,
        pipeThrough: gives({ from: 'property', of: 0, name: 'readable' }),
        tee: gives({ from: 'container' }),
        ...each('values [Symbol.asyncIterator]', gives(iterable(chunk, true))),
      },
      properties: { locked: primitive },
    },
    // What `start` and `pull` are given: which of the two depends on the source's `type`, and the static type says so.
    ReadableStreamController: { methods: { enqueue: enqueues, ...each('close error', reads) }, properties: { desiredSize: primitive, byobRequest: instance('ReadableStreamBYOBRequest') } },
    ReadableStreamDefaultController: { extends: 'ReadableStreamController' },
    ReadableByteStreamController: {
      extends: 'ReadableStreamController',
      methods: { enqueue: { ...enqueues, parameters: [{ ...handedOut('enqueue'), transfers: true }] } },
    },
    ReadableStreamBYOBRequest: {
      // Both hand the filled view to the reader and detach it here.
      methods: {
        respond: reads,
        respondWithNewView: { parameters: [{ ...handedOut('enqueue'), transfers: true }], result: primitive },
      },
      properties: { view: { from: 'lent', until: 'close', type: 'Uint8Array' } },
    },
    ReadableStreamDefaultReader: { methods: { read: readResult(chunk), cancel: readsLater, releaseLock: reads }, properties: { closed: promise(primitive) } },
    ReadableStreamBYOBReader: {
      methods: {
        read: { parameters: [{ transfers: true }], ...readResult({ from: 'fresh' }) },
        cancel: readsLater,
        releaseLock: reads,
      },
      properties: { closed: promise(primitive) },
    },
    WritableStream: { methods: { getWriter: gives(instance('WritableStreamDefaultWriter')), ...each('abort close', readsLater) }, properties: { locked: primitive } },
    WritableStreamDefaultWriter: {
      methods: { write: { parameters: [readUntilSettled], result: promise(primitive), sink: 'promise' }, abort: readsLater, close: { ...readsLater, drains: ['this'] }, releaseLock: reads },
      properties: { closed: promise(primitive), ready: promise(primitive), desiredSize: primitive },
    },
    WritableStreamDefaultController: { methods: { error: reads }, properties: { signal: opaque } },
    TransformStream: { properties: { readable: instance('ReadableStream'), writable: instance('WritableStream') } },
    ...each('CompressionStream DecompressionStream', { extends: 'TransformStream' } satisfies TypeData),
    ...each('TextDecoderStream TextEncoderStream', { extends: 'TransformStream', properties: each('encoding fatal ignoreBOM', primitive) } satisfies TypeData),
    TransformStreamDefaultController: { methods: { enqueue: enqueues, ...each('error terminate', reads) }, properties: { desiredSize: primitive } },
    UnderlyingDefaultSource: { implemented: implemented(source) },
    UnderlyingByteSource: { implemented: implemented(source) },
    UnderlyingSource: { implemented: implemented(source) },
    UnderlyingSink: { implemented: implemented(sink) },
    Transformer: { implemented: implemented(transformer) },
    ...each('CountQueuingStrategy ByteLengthQueuingStrategy', { methods: { size: reads }, properties: { highWaterMark: primitive } } satisfies TypeData),
    EventTarget: {
      methods: {
        addEventListener: { parameters: [null, callsLater('many', [unknown])], result: primitive },
        removeEventListener: reads,
        dispatchEvent: { parameters: [handedOut('emit')], result: primitive },
      },
    },
    Event: { methods: each('composedPath preventDefault stopImmediatePropagation stopPropagation', reads) },
    // The event carries the detail by reference.
    CustomEvent: { extends: 'Event' },
    AbortSignal: { extends: 'EventTarget', methods: { throwIfAborted: reads }, properties: { aborted: primitive, reason: opaque } },
    AbortController: { methods: { abort: reads }, properties: { signal: instance('AbortSignal') } },
    MessageChannel: { properties: { port1: instance('MessagePort'), port2: instance('MessagePort') } },
    MessagePort: { extends: 'EventTarget', methods: { postMessage: transfersListed, ...each('close ref start unref', reads) } },
    Worker: { extends: 'EventTarget', methods: { postMessage: transfersListed, terminate: reads } },
    BroadcastChannel: { extends: 'EventTarget', properties: { name: primitive }, methods: { ...each('close ref unref', reads), postMessage: { parameters: [cloned], result: primitive } } },
    // Queues a copy.
    WebSocket: { extends: 'EventTarget', methods: { close: reads, send: sends }, properties: { bufferedAmount: primitive, readyState: primitive } },
    RTCDataChannel: { extends: 'EventTarget', methods: { close: reads, send: sends }, properties: each('bufferedAmount bufferedAmountLowThreshold readyState', primitive) },
    EventSource: { extends: 'EventTarget', methods: { close: reads } },
    Response: {
      methods: {
        arrayBuffer: gives(promise(fresh('ArrayBuffer'))),
        bytes: gives(promise(fresh('Uint8Array'))),
        blob: gives(promise(instance('Blob'))),
        json: gives(promise(opaque)),
        formData: gives(promise(opaque)),
        text: readsLater,
        clone: gives(self),
      },
      properties: { body: instance('ReadableStream'), ...each('ok redirected status statusText type url', primitive) },
    },
    Request: { extends: 'Response' },
    // What was mapped is detached when the buffer goes back to the GPU.
    GPUBuffer: {
      methods: { getMappedRange: gives({ from: 'lent', until: 'close', type: 'ArrayBuffer' }), ...each('destroy unmap', { receiver: { releases: true }, result: primitive } satisfies ContractData), mapAsync: readsLater },
      properties: each('label mapState size usage', primitive),
    },
    'WebAssembly.Memory': {
      // Growing detaches the buffer that views were made of, even by 0 pages.
      methods: { grow: { receiver: { releases: true }, result: primitive } },
      properties: { buffer: { from: 'lent', until: 'close', type: 'ArrayBuffer' } },
    },
  },
};

/** The same classes as a module of Node's. */
export const nodeStreamWeb: ModuleData = {
  module: 'node:stream/web',
  aliases: ['stream/web'],
  exports: Object.fromEntries(
    Object.entries(globalStreams.exports)
      .filter(([name]) => /Stream|QueuingStrategy/.test(name))
      .map(([name, api]) => [name, { ...api, type: `global#${name}` }]),
  ),
};

/** What a stream gives as a whole: memory of its own. */
export const nodeStreamConsumers: ModuleData = {
  module: 'node:stream/consumers',
  aliases: ['stream/consumers'],
  exports: {
    arrayBuffer: { call: gives(promise(fresh('ArrayBuffer'))) },
    buffer: { call: gives(promise(fresh('Buffer'))) },
    bytes: { call: gives(promise(fresh('Uint8Array'))) },
    blob: { call: gives(promise(instance('global#Blob'))) },
    json: { call: gives(promise(opaque)) },
    text: { call: readsLater },
  },
};

export const nodeWorkerThreads: ModuleData = {
  module: 'node:worker_threads',
  aliases: ['worker_threads'],
  exports: {
    MessageChannel: { type: 'MessageChannel' },
    MessagePort: { type: 'MessagePort' },
    BroadcastChannel: { type: 'global#BroadcastChannel' },
    Worker: { construct: { parameters: [null, { properties: { workerData: cloned, transferList } }], result: instance('Worker') }, type: 'Worker' },
    parentPort: { value: instance('MessagePort') },
    receiveMessageOnPort: { call: gives(opaque) },
    moveMessagePortToContext: { call: gives(instance('MessagePort')) },
    markAsUntransferable: { call: gives(place(0)) },
    getEnvironmentData: { call: gives(unknown) },
    postMessageToThread: { call: { parameters: [null, null, { elements: { transfers: true } }], result: promise(primitive) } },
    ...functions('isMarkedAsUntransferable setEnvironmentData', reads),
    ...each('SHARE_ENV isInternalThread isMainThread locks resourceLimits threadId threadName workerData', { value: unknown } satisfies ModuleData['exports'][string]),
  },
  types: {
    MessageChannel: { properties: { port1: instance('MessagePort'), port2: instance('MessagePort') } },
    MessagePort: {
      extends: 'node:events#EventEmitter',
      methods: { postMessage: transfersListed, ...each('close hasRef ref start unref', reads) },
      properties: each('onmessage onmessageerror', unknown),
    },
    Worker: {
      extends: 'node:events#EventEmitter',
      methods: { postMessage: transfersListed, ...each('ref unref', reads), terminate: readsLater, getHeapSnapshot: gives(promise(instance('node:stream#Readable'))) },
      properties: { stdin: instance('node:stream#Writable'), stdout: instance('node:stream#Readable'), stderr: instance('node:stream#Readable'), resourceLimits: opaque, threadId: primitive },
    },
  },
};
