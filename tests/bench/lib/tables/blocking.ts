import { Worker } from 'node:worker_threads';
import { WorkerPool, blocking } from 'borrowck-runtime';
import { piscinaPool } from 'borrowck-runtime/adapter-piscina';
import { Piscina } from 'piscina';
import type { BlockingPool } from 'borrowck-runtime';
import type { Table, Work } from '../table.js';

type Input = Uint8Array | number;
type Echo = (input: Input) => Promise<unknown>;

const at = (path: string): URL => new URL(`../threads/${path}`, import.meta.url);

/** One call after the other. */
function serially(call: Echo): Work {
  return async (count, size) => {
    const input = size === 0 ? 1 : new Uint8Array(size).fill(7);
    for (let turn = 0; turn < count; turn++) await call(input);
    return count;
  };
}

function through(pool: BlockingPool): Work {
  return serially(blocking<{ echo(input: Input): unknown }>(at('functions.mjs'), { pool }).echo);
}

/** A thread that answers each message with it. */
function bare(): Work {
  const worker = new Worker(at('echo.mjs'));
  let answer: (value: unknown) => void = () => undefined;
  worker.on('message', (value: unknown) => answer(value));
  return serially(
    (input) =>
      new Promise((resolve) => {
        answer = resolve;
        worker.postMessage(input);
      }),
  );
}

interface Pool {
  run(input: Input): Promise<unknown>;
}

/** A function called in a thread, one call at a time: what a pool adds to the message itself. */
export const blockingTable: Table = {
  name: 'blocking',
  title: 'A call to a thread and back, one at a time',
  parameterTitle: 'bytes',
  parameters: [0, 65_536],
  time: 'wall',
  floor: 'bare messages',
  least: () => 200,
  contenders: {
    'bare messages': { kind: 'floor', make: bare },
    blocking: { kind: 'ours', make: () => through(new WorkerPool({ threads: 1 })) },
    'blocking, piscinaPool': { kind: 'floor', make: () => through(piscinaPool(new Piscina({ minThreads: 1, maxThreads: 1 }))) },
    comlink: {
      kind: 'peer',
      isRival: true,
      make: async (load) => {
        const { wrap } = await load<{ wrap(endpoint: unknown): { echo(input: Input): Promise<unknown> } }>('comlink');
        const { default: nodeEndpoint } = await load<{ default: (worker: Worker) => unknown }>('comlink/dist/esm/node-adapter.mjs');
        const { echo } = wrap(nodeEndpoint(new Worker(at('comlink.mjs'))));
        return serially((input) => echo(input));
      },
    },
    piscina: {
      kind: 'peer',
      isRival: true,
      make: () => {
        const pool = new Piscina({ filename: at('echo-task.mjs').href, minThreads: 1, maxThreads: 1 });
        return serially((input) => pool.run(input) as Promise<unknown>);
      },
    },
    tinypool: {
      kind: 'peer',
      isRival: true,
      make: async (load) => {
        const { default: Tinypool } = await load<{ default: new (options: object) => Pool }>('tinypool');
        const pool = new Tinypool({ filename: at('echo-task.mjs').href, minThreads: 1, maxThreads: 1 });
        return serially((input) => pool.run(input));
      },
    },
  },
  bars: [{ contender: 'blocking', parameter: 0, ratio: 1.4 }],
  check: (count) => count,
  peers: { tinypool: '2.2.0', comlink: '4.4.2' },
};
