import type { ContractData, ModuleData } from '../engine/contracts/catalog-format.js';
import type { ParameterEffect, Source } from '../engine/contracts/contract.js';
import { classes, cloned, each, fresh, functions, gives, handedOut, instance, opaque, primitive, promise, reads, readsLater, unknown, written } from './shorthand.js';

/** What the fixes rewrite to, and what else the runtime offers. */

/** A sent item is the very value, and the channel's until somebody receives it. */
const sends = (result: Source): ContractData => ({ parameters: [handedOut('enqueue')], result });
const makesBytes = gives(instance('Bytes'));
const makesMutable = gives(instance('BytesMut'));
const transferList: ParameterEffect = { elements: { transfers: true } };

/** Called until the promise settles, and not after. */
const callsUntilSettled = (times: 'once' | 'many', ...given: readonly Source[]): ParameterEffect => ({
  keeps: 'settle',
  callback: { when: 'later', times, arguments: given, entry: 'promise' },
});

/** Looks at the bytes while the function that it is given runs. */
const lends: ContractData = {
  parameters: [null, { callback: { when: 'now', times: 'once', arguments: [{ from: 'lent', until: 'callback' }] } }],
  result: unknown,
};

const regions = each<ContractData>('at getUint8 getInt8 getUint16 getInt16 getUint32 getInt32 getBigUint64 getBigInt64 getFloat32 getFloat64', reads);

export const borrowckRuntime: ModuleData = {
  module: 'borrowck-runtime',
  exports: {
    snapshot: { call: gives(fresh('Uint8Array')) },
    // What comes out of them is the items' sender's or consumer's business: pairs of handles, known by their types.
    ...functions('channel oneshot watch', gives(unknown)),
    // An item in a branch is its channel's from some moment on; a contract knows no parameters of lists of objects.
    select: { call: gives(promise(unknown)) },
    broadcast: { call: gives(instance('BroadcastSender')) },
    // The emitted views are copied; that `emit` copies is not to be said of a function that a worker is given.
    snapshotStream: { call: gives(unknown) },
    ...classes('Arena ByteArena'),
    Bytes: {
      type: 'Bytes',
      members: { copyFrom: { call: makesBytes }, empty: { call: makesBytes }, adopt: { call: { parameters: [{ transfers: true }], result: instance('Bytes') } } },
    },
    BytesMut: { type: 'BytesMut', members: { withCapacity: { call: makesMutable } } },
    mapConcurrent: { call: { parameters: [null, null, callsUntilSettled('many', { from: 'element', of: 0 }, primitive, opaque)], result: promise(unknown) } },
    retry: { call: { parameters: [callsUntilSettled('many', opaque)], result: promise(unknown) } },
    decorrelatedJitter: { call: gives(unknown) },
    // A task may outlive the call that starts it, but never its scope; a contract has no word for that, so that tasks, stages of a
    // pipeline and handlers of actors are taken for functions that are only read.
    TaskScope: { construct: gives(unknown), members: { run: { call: { parameters: [callsUntilSettled('once', unknown)], result: promise(unknown) } } } },
    CancelToken: { construct: gives(unknown) },
    Dispatcher: { construct: gives(unknown) },
    ...functions('pipeline spawnActor', gives(unknown)),
    // The input crosses to a thread: it is copied, or given away where it is listed. The functions that `blocking` gives are named by
    // the program, which a contract cannot do.
    blocking: { call: gives(unknown) },
    spawnBlocking: { call: { parameters: [null, null, cloned, { properties: { transfer: transferList } }], result: promise(unknown) } },
    workerStream: { call: { parameters: [null, { properties: { input: cloned, transfer: transferList } }], result: unknown } },
    WorkerPool: { construct: gives(unknown) },
    ...Object.fromEntries(
      [
        ...['DetachedBufferError', 'SendError', 'RecvError', 'ConcurrentReceiveError', 'PermitUsedError', 'ScopeClosedError', 'ScopeStuckError', 'LaggedError'],
        ...['AckError', 'ActorRestartingError', 'ActorStoppedError', 'AskCycleError', 'AskTimeoutError', 'RestartLimitError', 'SwapError'],
        ...['ArenaDisposedError', 'ArenaFullError', 'ForeignRefError', 'StaleRefError'],
        ...['BlockingQueueFullError', 'BlockingTaskError', 'WorkerTerminatedError'],
      ].map((name) => [name, { construct: gives(opaque) }]),
    ),
  },
  types: {
    Sender: {
      methods: {
        send: sends(promise(primitive)),
        trySend: sends(opaque),
        reserve: { result: promise(instance('Permit')), acquires: true },
        reserveMany: gives(promise(unknown)),
        tryReserve: { result: instance('Permit'), acquires: true },
        clone: gives(instance('Sender')),
        downgrade: gives(unknown),
        closed: readsLater,
        close: reads,
      },
      properties: each('capacity maxCapacity isClosed', primitive),
    },
    // A permit sends once; to release one that has sent does nothing.
    Permit: { methods: { send: { ...sends(primitive), receiver: { ends: 'once' } }, ...each<ContractData>('release [Symbol.dispose]', { receiver: { ends: 'idempotent' }, result: primitive }) } },
    OneshotSender: { methods: { send: sends(primitive) }, properties: { isClosed: primitive } },
    WatchSender: { methods: { send: sends(primitive), subscribe: gives(unknown), close: reads }, properties: { value: unknown, receivers: primitive } },
    BroadcastSender: { methods: { send: sends(primitive), subscribe: gives(unknown), close: reads }, properties: { receivers: primitive } },
    Bytes: {
      methods: {
        ...regions,
        ...each<ContractData>('slice splitTo splitOff compact', makesBytes),
        ...each<ContractData>('truncate equals toString isUnique', reads),
        copyTo: { parameters: [written()], result: primitive },
        toUint8Array: gives(fresh('Uint8Array')),
        tryIntoMut: makesMutable,
      },
      properties: { length: primitive },
    },
    BytesMut: {
      methods: { ...regions, ...each<ContractData>('reserve put advance', reads), ...each<ContractData>('split splitTo', makesMutable), freeze: makesBytes },
      properties: { length: primitive, remaining: primitive },
    },
    Arena: {
      methods: {
        insert: { parameters: [{ keeps: 'close' }], result: instance('ArenaRef'), acquires: true },
        // A ref that was removed is refused for ever: its slot has another generation.
        remove: { parameters: [{ ends: 'once' }], result: unknown },
        replace: { parameters: [null, { keeps: 'close' }], result: unknown },
        ...each<ContractData>('get deref entries', gives(unknown)),
        ...each<ContractData>('has clear', reads),
        fromBits: gives(opaque),
      },
      properties: each('size capacity', primitive),
    },
    ArenaRef: { methods: { toBits: reads }, properties: each('index generation', primitive) },
    ByteRef: { extends: 'ArenaRef' },
    ByteLease: { methods: each<ContractData>('[Symbol.dispose]', { receiver: { ends: 'idempotent' }, result: primitive }), properties: { ref: instance('ByteRef') } },
    ByteArena: {
      methods: {
        // Copied in.
        ...each<ContractData>('alloc tryAlloc', { result: instance('ByteRef'), acquires: true }),
        lease: { result: instance('ByteLease'), acquires: true },
        release: { parameters: [{ ends: 'once' }], result: primitive },
        fromBits: gives(opaque),
        with: lends,
        read: makesBytes,
        ...each<ContractData>('has trim clear', reads),
      },
      properties: each('size heldBytes idleBytes', primitive),
    },
  },
};
