import type { ApiData, ContractData, ModuleData, TypeData } from '../engine/contracts/catalog-format.js';
import type { CallbackUse, ParameterEffect, Source } from '../engine/contracts/contract.js';
import { listening } from './node-events.js';
import { callsNow, completes, each, fresh, functions, gives, handedOut, instance, iterable, opaque, primitive, promise, readUntilSettled, reads, readsLater, self, unknown } from './shorthand.js';

/** Node's streams: what is pushed belongs to the consumer, what is written belongs to the stream until it is flushed. */

/** What a consumer is given. In object mode it is another thing; then its static type says so. */
const chunk: Source = fresh('Buffer');

/** `callback(error)` of `_write`, `_flush`, `_destroy` …: ends the step. */
const done: Source = { from: 'function', contract: { result: primitive } };
/** `callback(error, data)` of `_transform` and `_flush`: pushes the data. */
const doneWithData: Source = { from: 'function', contract: { parameters: [null, handedOut('callback')], result: primitive } };
/** The chunks of `_writev`: `{ chunk, encoding }[]`. */
const written: Source = { from: 'unknown' };

const readableSteps = { _read: [primitive] };
const writableSteps = { _write: [chunk, primitive, done], _writev: [written, done], _final: [done] };
const commonSteps = { _construct: [done], _destroy: [opaque, done] };
const transformSteps = { _transform: [chunk, primitive, doneWithData], _flush: [doneWithData] };

/** A stream calls these when it is done; no other step follows. */
const lastSteps = new Set(['_flush', '_final', '_destroy']);

type Steps = { readonly [name: string]: readonly Source[] };

function implemented(steps: Steps): NonNullable<TypeData['implemented']> {
  return Object.fromEntries(Object.entries(steps).map(([name, sources]) => [name, { arguments: sources, ...(lastSteps.has(name) && { isLast: true }) }]));
}

/** The same steps as properties of the constructor's options: `{ transform(chunk, encoding, callback) {} }`. */
function fromOptions(steps: Steps, type: string): ContractData {
  const properties: Record<string, ParameterEffect> = {};
  for (const [name, sources] of Object.entries(steps)) {
    const callback: CallbackUse = { when: 'later', times: 'many', arguments: sources, entry: 'stream', ...(lastSteps.has(name) && { isLast: true }) };
    properties[name.slice(1)] = { keeps: 'forever', callback };
  }
  return { parameters: [{ keeps: 'forever', properties }], result: instance(type) };
}

function streamClass(type: string, steps: Steps, members?: ApiData['members']): ApiData {
  const make: ContractData = { ...fromOptions(steps, type), queue: { does: 'open', holds: 'chunks', bound: { argument: 0, property: 'highWaterMark' }, example: '16', advice: 'Give `highWaterMark` a number' } };
  return { call: make, construct: make, type, ...(members && { members }) };
}

/** The iterator helpers of a readable: each gives a new stream over what the functions return. */
const visits = callsNow([chunk, opaque]);
const pushed = handedOut('push');

const readable: TypeData = {
  extends: 'Stream',
  methods: {
    push: { parameters: [pushed], result: primitive, sink: 'false' },
    unshift: { parameters: [pushed], result: primitive },
    read: gives(chunk),
    // What an event delivers depends on the event.
    ...listening(unknown),
    ...each('pause resume setEncoding unpipe', gives(self)),
    isPaused: reads,
    destroy: gives(self),
    wrap: gives(self),
    ...each('drop filter flatMap map take compose asIndexedPairs', { parameters: [visits], result: instance('Readable') }),
    ...each('every some forEach', { parameters: [visits], result: promise(primitive) }),
    find: { parameters: [visits], result: promise(chunk) },
    reduce: { parameters: [callsNow([unknown, chunk, opaque])], result: promise(unknown) },
    toArray: gives(promise(unknown)),
    iterator: gives(iterable(chunk, true)),
    '[Symbol.asyncIterator]': gives(iterable(chunk, true)),
    '[Symbol.asyncDispose]': readsLater,
  },
  properties: {
    readableBuffer: unknown,
    ...each(
      `closed destroyed errored readable readableAborted readableDidRead readableEncoding readableEnded readableFlowing
       readableHighWaterMark readableLength readableObjectMode`,
      primitive,
    ),
  },
  implemented: implemented({ ...commonSteps, ...readableSteps }),
};

/** Kept by reference until it is flushed and the callback fires. */
const writes: ContractData = { parameters: [readUntilSettled], completion: completes(opaque), result: primitive };

const writable: TypeData = {
  extends: 'Stream',
  methods: {
    write: { ...writes, sink: 'false' },
    end: { ...writes, result: self },
    ...listening(unknown),
    ...each('cork uncork', reads),
    setDefaultEncoding: gives(self),
    destroy: gives(self),
    '[Symbol.asyncDispose]': readsLater,
  },
  properties: {
    writableBuffer: unknown,
    ...each(
      `closed destroyed errored writable writableAborted writableCorked writableEnded writableFinished writableHighWaterMark
       writableLength writableNeedDrain writableObjectMode`,
      primitive,
    ),
  },
  implemented: implemented({ ...commonSteps, ...writableSteps }),
};

const duplexSteps = { ...commonSteps, ...readableSteps, ...writableSteps };

/** Every item is pushed as it is, and the next is asked for before the consumer took it. */
const fromIterable: ApiData = { call: { parameters: [{ elements: pushed }], result: instance('node:stream#Readable') } };
const toWeb = gives(opaque);

const promises: { readonly [name: string]: ApiData } = {
  pipeline: { call: gives(promise(primitive)) },
  finished: { call: { ...readsLater, drains: [0] } },
};

const streamExports: { readonly [name: string]: ApiData } = {
  Readable: streamClass('node:stream#Readable', { ...commonSteps, ...readableSteps }, {
    from: fromIterable,
    fromWeb: { call: gives(instance('node:stream#Readable')) },
    toWeb: { call: gives(instance('global#ReadableStream')) },
    isDisturbed: { call: reads },
    wrap: { call: gives(instance('node:stream#Readable')) },
  }),
  Writable: streamClass('node:stream#Writable', { ...commonSteps, ...writableSteps }, {
    fromWeb: { call: gives(instance('node:stream#Writable')) },
    toWeb: { call: gives(instance('global#WritableStream')) },
  }),
  Duplex: streamClass('node:stream#Duplex', duplexSteps, {
    from: { call: gives(instance('node:stream#Duplex')) },
    fromWeb: { call: gives(instance('node:stream#Duplex')) },
    toWeb: { call: toWeb },
  }),
  Transform: streamClass('node:stream#Transform', { ...duplexSteps, ...transformSteps }),
  PassThrough: streamClass('node:stream#PassThrough', duplexSteps),
  Stream: { type: 'node:stream#Stream' },
  pipeline: { call: { completion: completes(opaque), result: unknown } },
  compose: { call: gives(instance('node:stream#Duplex')) },
  finished: { call: { completion: completes(opaque), result: opaque, drains: [0] } },
  duplexPair: { call: gives({ from: 'container' }) },
  addAbortSignal: { call: gives({ from: 'place', of: 1 }) },
  ...functions('destroy getDefaultHighWaterMark isDestroyed isDisturbed isErrored isReadable isWritable setDefaultHighWaterMark', reads),
  promises: { members: promises },
};

export const nodeStream: ModuleData = {
  module: 'node:stream',
  aliases: ['stream', 'readable-stream'],
  default: { type: 'Stream', members: streamExports },
  exports: streamExports,
  types: {
    // How older declarations name the module's own class.
    internal: { extends: 'Stream' },
    Stream: { extends: 'node:events#EventEmitter', methods: { pipe: gives({ from: 'place', of: 0 }), compose: gives(instance('Duplex')) } },
    Readable: readable,
    Writable: writable,
    Duplex: {
      ...readable,
      methods: { ...writable.methods, ...readable.methods },
      properties: { ...writable.properties, ...readable.properties },
      implemented: implemented(duplexSteps),
    },
    Transform: { extends: 'Duplex', implemented: implemented(transformSteps) },
    PassThrough: { extends: 'Transform' },
  },
};

export const nodeStreamPromises: ModuleData = {
  module: 'node:stream/promises',
  aliases: ['stream/promises'],
  exports: promises,
};

/** The structural types that other declarations take streams by. */
export const globalNodeStreams: ModuleData = {
  module: 'global',
  exports: {},
  types: {
    'NodeJS.EventEmitter': { extends: 'node:events#EventEmitter' },
    'NodeJS.ReadableStream': { extends: 'node:stream#Readable' },
    'NodeJS.WritableStream': { extends: 'node:stream#Writable' },
    'NodeJS.ReadWriteStream': { extends: 'node:stream#Duplex' },
  },
};
