import { Worker } from 'node:worker_threads';
import { workerStream } from 'borrowck-runtime';
import type { Contender, Table } from '../table.js';

const at = (path: string): URL => new URL(`../threads/${path}`, import.meta.url);

const CAPACITY = 64;

function streaming(batch: number): Contender {
  return {
    kind: 'ours',
    make: () => async (count, size) => {
      const receiver = workerStream<Uint8Array>(at('functions.mjs'), { capacity: CAPACITY, batch, name: 'items', input: { count, size } });
      let sum = 0;
      for (;;) {
        const taken = receiver.tryRecv();
        const next = taken.ok ? taken.value : (await receiver.recv()).value;
        if (next === undefined) return sum;
        sum += next.length;
      }
    },
  };
}

/** Batches without credits: nothing bounds what waits here. */
function unbounded(batch: number): Contender {
  return {
    kind: 'floor',
    make: () => async (count, size) => {
      const worker = new Worker(at('unbounded.mjs'), { workerData: { count, size, batch } });
      let sum = 0;
      await new Promise<void>((resolve) => {
        worker.on('message', (items: readonly Uint8Array[]) => {
          for (const item of items) sum += item.length;
          if (sum === count * size) resolve();
        });
      });
      await worker.terminate();
      return sum;
    },
  };
}

/** Items made in a thread from one scratch buffer and consumed here; the start of the thread is part of it. */
export const workerStreamTable: Table = {
  name: 'worker-stream',
  title: 'Items from a thread, 64 ahead at most',
  parameterTitle: 'bytes',
  parameters: [256],
  // Of all threads together: by the wall, a busy machine decides.
  time: 'cpu',
  floor: 'batches of 32, no credits',
  // Many, as the start of a thread counts.
  least: () => 20_000,
  contenders: {
    'batches of 32, no credits': unbounded(32),
    'one a message, no credits': unbounded(1),
    'workerStream, batches of 32': streaming(32),
    'workerStream, one a message': streaming(1),
  },
  bars: [{ contender: 'workerStream, batches of 32', parameter: 256, ratio: 1.5 }],
  check: (count, size) => count * size,
  peers: {},
};
