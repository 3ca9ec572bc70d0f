import type { ApiData, ContractData, ModuleData } from '../engine/contracts/catalog-format.js';
import type { QueueUse } from '../engine/contracts/contract.js';
import { callsLater, each, gives, instance, iterable, opaque, primitive, promise, self, unknown } from './shorthand.js';

/** Packages that keep what has not been dealt with: collections, queues of tasks, pools, sources that buffer for who iterates. */

type Opening = Omit<Extract<QueueUse, { does: 'open' }>, 'does'>;

const opens = (opening: Opening, contract: ContractData = { result: unknown }): ContractData => ({ ...contract, queue: { does: 'open', ...opening } });

/** A collection that never refuses: methods by what they do, separated by blanks. */
function collection(module: string, name: string, does: { readonly put: string; readonly take: string; readonly clear?: string }, isDefault = true): ModuleData {
  const methods = Object.fromEntries(
    (['put', 'take', 'clear'] as const).flatMap((what) => (does[what] ?? '').split(' ').filter(Boolean).map((method): [string, ContractData] => [method, { result: unknown, queue: { does: what } }])),
  );
  const made: ApiData = { type: name, construct: gives(instance(name)), call: gives(instance(name)) };
  return { module, ...(isDefault && { default: made }), exports: { [name]: made }, types: { [name]: { methods } } };
}

const collections: readonly ModuleData[] = [
  collection('denque', 'Denque', { put: 'push unshift', take: 'shift pop', clear: 'clear' }),
  collection('double-ended-queue', 'Deque', { put: 'push enqueue unshift insertFront', take: 'shift dequeue pop removeFront', clear: 'clear' }),
  collection('fast-fifo', 'FIFO', { put: 'push', take: 'shift', clear: 'clear' }),
  collection('tinyqueue', 'TinyQueue', { put: 'push', take: 'pop' }),
  collection('yallist', 'Yallist', { put: 'push unshift', take: 'shift pop' }),
  collection('yocto-queue', 'Queue', { put: 'enqueue', take: 'dequeue', clear: 'clear' }),
];

/** Whoever waits for what the call gives is not ahead of it. */
const awaited: ContractData = { ...gives(promise(unknown)), sink: 'promise' };

const pQueue: ApiData = { type: 'PQueue', construct: gives(instance('PQueue')) };
const fastq: ApiData = { call: gives(instance('queue')), members: { promise: { call: gives(instance('queueAsPromised')) } } };

/** Queues of tasks: `add` and `push` never refuse one. */
const taskQueues: readonly ModuleData[] = [
  { module: 'p-queue', default: pQueue, exports: {}, types: { PQueue: { methods: { add: awaited, onSizeLessThan: gives(promise(primitive)) } } } },
  { module: 'fastq', default: fastq, exports: {}, types: { queue: {}, queueAsPromised: { methods: { push: awaited, unshift: awaited } } } },
  {
    module: 'bottleneck',
    default: {
      type: 'Bottleneck',
      construct: opens(
        { holds: 'jobs that wait', bound: { argument: 0, property: 'highWater' }, isUnlimitedByDefault: true, isBoundedElsewhere: true, example: '1000', advice: 'Give `highWater`, and the `strategy` by which jobs beyond it are dropped or refused' },
        gives(instance('Bottleneck')),
      ),
    },
    exports: {},
    types: { Bottleneck: { methods: { schedule: awaited } } },
  },
];

const maxQueue: Opening = { holds: 'tasks that wait', bound: { argument: 0, property: 'maxQueue' }, isUnlimitedByDefault: true, isBoundedElsewhere: true, example: "'auto'", advice: 'Give `maxQueue`: beyond it, `run()` refuses' };
const pool = (name: string, opening: Opening, methods: { readonly [name: string]: ContractData }): { readonly made: ApiData; readonly types: ModuleData['types'] } => ({
  made: { type: name, construct: opens(opening, gives(instance(name))) },
  types: { [name]: { methods } },
});
const piscina = pool('Piscina', maxQueue, { run: awaited });
const tinypool = pool('Tinypool', maxQueue, { run: awaited });

/** Pools: who comes when all are busy waits in a list. */
const pools: readonly ModuleData[] = [
  { module: 'piscina', default: piscina.made, exports: { Piscina: piscina.made }, types: piscina.types ?? {} },
  { module: 'tinypool', default: tinypool.made, exports: { Tinypool: tinypool.made }, types: tinypool.types ?? {} },
  {
    module: 'workerpool',
    exports: { pool: { call: opens({ holds: 'tasks that wait', bound: { argument: 1, property: 'maxQueueSize' }, isUnlimitedByDefault: true, isBoundedElsewhere: true, example: '1000', advice: 'Give `maxQueueSize`: beyond it, `exec()` refuses' }) } },
  },
  {
    module: 'generic-pool',
    exports: {
      createPool: { call: opens({ holds: 'callers that wait', bound: { argument: 1, property: 'maxWaitingClients' }, isUnlimitedByDefault: true, isBoundedElsewhere: true, example: '1000', advice: 'Give `maxWaitingClients`: beyond it, `acquire()` refuses' }) },
    },
  },
  ...['mysql', 'mysql2', 'mysql2/promise'].map((module): ModuleData => {
    const createPool: ApiData = {
      call: opens({ holds: 'callers that wait for a connection', bound: { argument: 0, property: 'queueLimit' }, isZeroUnlimited: true, isUnlimitedByDefault: true, isBoundedElsewhere: true, example: '1000', advice: 'Give `queueLimit`: beyond it, the pool refuses' }),
    };
    return { module, default: { members: { createPool } }, exports: { createPool } };
  }),
];

/** Sources that keep what nobody has asked for yet. */
const buffers: readonly ModuleData[] = [
  {
    module: 'emittery',
    default: { type: 'Emittery', construct: gives(instance('Emittery')) },
    exports: {},
    types: { Emittery: { methods: each('anyEvent events', opens({ holds: 'events', isBoundedElsewhere: true, advice: 'Iterate without waiting for anything else, or listen with `on()` and a queue that has a bound' }, gives(iterable(unknown, true)))) } },
  },
  ...['graphql-subscriptions', 'graphql-redis-subscriptions'].map((module): ModuleData => ({
    module,
    exports: each('PubSub RedisPubSub', { type: 'PubSub' } satisfies ApiData),
    types: { PubSub: { methods: each('asyncIterableIterator asyncIterator', opens({ holds: 'messages', isBoundedElsewhere: true, advice: 'Count what each subscriber has not taken, and end the subscription beyond a limit' }, gives(iterable(unknown, true)))) } },
  })),
  {
    module: 'it-pushable',
    exports: each('pushable pushableV', { call: opens({ holds: 'values', isBoundedElsewhere: true, advice: 'Look at `readableLength` before each push, or take it-queueless-pushable, whose push can be awaited' }) } satisfies ApiData),
  },
  {
    module: 'effect',
    exports: {
      Queue: { members: { unbounded: { call: opens({ holds: 'values', advice: 'Take `Queue.bounded(n)`, `Queue.dropping(n)` or `Queue.sliding(n)`' }) } } },
      PubSub: { members: { unbounded: { call: opens({ holds: 'messages', advice: 'Take `PubSub.bounded(n)`, `PubSub.dropping(n)` or `PubSub.sliding(n)`' }) } } },
    },
  },
];

/** One task for each element at once. */
const spawning = (bound: NonNullable<Opening['bound']>, input: number | undefined, task: number, advice: string, example = '8'): ContractData =>
  opens({ holds: 'tasks', bound, isUnlimitedByDefault: true, spawns: { ...(input !== undefined && { input }), task }, example, advice });
/** The contract of `map(list, task, { concurrency })`. */
export const limitedMapping = spawning({ argument: 2, property: 'concurrency' }, 0, 1, 'Give `concurrency`');
const asyncOf = (names: string, limited: string): { readonly [name: string]: ApiData } =>
  each<ApiData>(names, { call: { result: unknown, queue: { does: 'open', holds: 'tasks', isUnlimitedByDefault: true, spawns: { input: 0, task: 1 }, advice: `Take ${limited}, which runs a limited number at a time` } } });
const asyncExports = { ...asyncOf('map', '`mapLimit`'), ...asyncOf('each forEach eachOf forEachOf', '`eachLimit`'), ...asyncOf('filter', '`filterLimit`') };

const mappers: readonly ModuleData[] = [
  { module: 'p-map', default: { call: limitedMapping }, exports: { pMapSettled: { call: limitedMapping } } },
  { module: 'async', default: { members: asyncExports }, exports: asyncExports },
];

const keepsAll: Opening = { holds: 'every value it was ever given', bound: { argument: 0 }, isUnlimitedByDefault: true, example: '100', advice: 'Say how many values are kept' };
const replays: ContractData = opens({ ...keepsAll, isBoundedElsewhere: true, example: '1' });
/** Its options need `refCount` beside the bound, which is for the program to choose. */
const sharedReplays: ContractData = opens({ ...keepsAll, isBoundedElsewhere: true, bound: { argument: 0, property: 'bufferSize', isNeverAlone: true }, example: '1' });

const rxjs: ModuleData = {
  module: 'rxjs',
  aliases: ['rxjs/operators'],
  exports: {
    ReplaySubject: { type: 'ReplaySubject', construct: opens(keepsAll, gives(instance('ReplaySubject'))) },
    shareReplay: { call: sharedReplays },
    publishReplay: { call: replays },
    ...each('mergeMap flatMap', { call: spawning({ argument: 1 }, undefined, 0, 'Say how many run at a time, as the second argument, or take `concatMap`, `switchMap` or `exhaustMap`', '8') } satisfies ApiData),
  },
  types: { Observable: { methods: { subscribe: { parameters: [callsLater('many', [unknown])], result: opaque }, pipe: gives(instance('Observable')) } }, Subject: { extends: 'Observable' }, ReplaySubject: { extends: 'Subject' } },
};

/** Connections that keep what the other side has not taken. */
const connections: readonly ModuleData[] = [
  {
    module: 'amqplib',
    exports: { connect: { call: gives(promise(instance('ChannelModel'))) } },
    types: {
      ChannelModel: { methods: { createChannel: gives(promise(instance('Channel'))), createConfirmChannel: gives(promise(instance('Channel'))) } },
      Channel: { extends: 'node:events#EventEmitter', methods: { ...each('publish sendToQueue', { result: primitive, sink: 'false' } satisfies ContractData), ack: gives(opaque), prefetch: gives(promise(opaque)) } },
      ConfirmChannel: { extends: 'Channel' },
    },
  },
  { module: 'bullmq', exports: { Queue: { type: 'Queue' } }, types: { Queue: { extends: 'node:events#EventEmitter', methods: { add: awaited, addBulk: awaited, on: gives(self) } } } },
];

export const queuePackages: readonly ModuleData[] = [...collections, ...taskQueues, ...pools, ...buffers, ...mappers, rxjs, ...connections];
