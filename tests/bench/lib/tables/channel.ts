import { channel, type Receiver, type Sender } from '../../../../lib/index.js';
import type { Bar, Contender, Table, Work } from '../table.js';
import { packagePeers, peerVersions } from './channel-packages.js';
import { platformPeers } from './channel-platform.js';
import { pair } from './pair.js';

/** Every contender moves 0 … n - 1 from one producer to one consumer, who adds them up. */
function through(produce: (tx: Sender<number>, count: number) => Promise<void>, consume: (rx: Receiver<number>, capacity: number) => Promise<number>): Contender {
  const work: Work = (count, capacity) => {
    const [tx, rx] = channel<number>(capacity);
    return pair(
      async () => {
        await produce(tx, count);
        tx.close();
      },
      () => consume(rx, capacity),
    );
  };
  return { kind: 'ours', make: () => work };
}

const awaitSend = async (tx: Sender<number>, count: number): Promise<void> => {
  for (let i = 0; i < count; i++) await tx.send(i);
};

const trySend = async (tx: Sender<number>, count: number): Promise<void> => {
  for (let i = 0; i < count; i++) if (!tx.trySend(i).ok) await tx.send(i);
};

const awaitRecv = async (rx: Receiver<number>): Promise<number> => {
  let sum = 0;
  for (let result = await rx.recv(); result.done !== true; result = await rx.recv()) sum += result.value;
  return sum;
};

const signal = new AbortController().signal;

const ours = {
  'await send, await recv': through(awaitSend, awaitRecv),
  'await send, for await': through(awaitSend, async (rx) => {
    let sum = 0;
    for await (const value of rx) sum += value;
    return sum;
  }),
  'await send, await recv, a signal each': through(
    async (tx, count) => {
      for (let i = 0; i < count; i++) await tx.send(i, { signal });
    },
    async (rx) => {
      let sum = 0;
      for (let result = await rx.recv({ signal }); result.done !== true; result = await rx.recv({ signal })) sum += result.value;
      return sum;
    },
  ),
  'parked senders: trySend or send, await recv': through(trySend, awaitRecv),
  'trySend or send, tryRecv or recv': through(trySend, async (rx) => {
    let sum = 0;
    for (;;) {
      const ready = rx.tryRecv();
      if (ready.ok) {
        sum += ready.value;
        continue;
      }
      const result = await rx.recv();
      if (result.done === true) return sum;
      sum += result.value;
    }
  }),
  'trySend or send, recvMany': through(trySend, async (rx, capacity) => {
    let sum = 0;
    const items: number[] = [];
    while ((await rx.recvMany(items, capacity)) > 0) {
      for (const item of items) sum += item;
      items.length = 0;
    }
    return sum;
  }),
  'trySend or send, batches': through(trySend, async (rx, capacity) => {
    let sum = 0;
    for await (const items of rx.batches(capacity)) for (const item of items) sum += item;
    return sum;
  }),
  'permits: await reserve, await recv': through(async (tx, count) => {
    for (let i = 0; i < count; i++) (await tx.reserve()).send(i);
  }, awaitRecv),
} satisfies Record<string, Contender>;

const RESOLVED = Promise.resolve();

const floors: Readonly<Record<string, Contender>> = {
  'two hops': {
    kind: 'floor',
    make: () => async (count) => {
      let sum = 0;
      const produce = async (): Promise<void> => {
        for (let i = 0; i < count; i++) await RESOLVED;
      };
      const consume = async (): Promise<void> => {
        for (let i = 0; i < count; i++) {
          await RESOLVED;
          sum += i;
        }
      };
      await Promise.all([produce(), consume()]);
      return sum;
    },
  },
  'async generator': {
    kind: 'floor',
    make: () => async (count) => {
      // eslint-disable-next-line @typescript-eslint/require-await -- what it costs without waiting for anything is the question
      async function* produce(): AsyncGenerator<number> {
        for (let i = 0; i < count; i++) yield i;
      }
      let sum = 0;
      for await (const value of produce()) sum += value;
      return sum;
    },
  },
};

const parameters = [1, 16, 1024];

function barsOf(contender: keyof typeof ours, ratio: number | readonly (number | undefined)[], heapBytes?: number): Bar[] {
  return parameters.flatMap((parameter, at) => {
    const most = typeof ratio === 'number' ? ratio : ratio[at];
    if (most === undefined) return [];
    return [{ contender, parameter, ratio: most, ...(heapBytes !== undefined && { heapBytes }) }];
  });
}

export const channelTable: Table = {
  name: 'channel',
  title: 'One producer, one consumer, a bounded channel: per item',
  parameterTitle: 'capacity',
  parameters,
  time: 'cpu',
  floor: 'two hops',
  contenders: { ...floors, ...ours, ...platformPeers, ...packagePeers },
  bars: [
    ...barsOf('await send, await recv', 1.5, 620),
    ...barsOf('parked senders: trySend or send, await recv', 2),
    ...barsOf('await send, for await', 1.6),
    ...barsOf('trySend or send, tryRecv or recv', [undefined, 0.45, 0.3], 150),
    ...barsOf('trySend or send, recvMany', [undefined, 0.45, 0.3]),
    ...barsOf('trySend or send, batches', [undefined, 0.45, 0.3]),
  ],
  check: (count) => (count * (count - 1)) / 2,
  peers: peerVersions,
};
