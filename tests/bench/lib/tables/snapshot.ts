import { Bytes, snapshot } from '../../../../lib/index.js';
import type { Contender, Table } from '../table.js';

/** Eight results are held at a time, so that none is gone before it was made. */
function copying(kind: Contender['kind'], make: (source: Uint8Array) => () => { readonly length: number }, isRival = false): Contender {
  return {
    kind,
    isRival,
    make: () => {
      let copy: (() => { readonly length: number }) | undefined;
      const kept: unknown[] = new Array(8).fill(undefined);
      return (count, size) => {
        copy ??= make(new Uint8Array(new ArrayBuffer(size * 4 + 256), 128, size));
        let sum = 0;
        for (let turn = 0; turn < count; turn++) {
          const result = copy();
          kept[turn & 7] = result;
          sum += result.length;
        }
        return sum;
      };
    },
  };
}

/** A view of a quarter of a larger buffer, copied. */
export const snapshotTable: Table = {
  name: 'snapshot',
  title: 'An owned copy of a view',
  parameterTitle: 'bytes',
  parameters: [64, 1024, 4096, 65_536],
  time: 'cpu',
  floor: 'view.slice()',
  least: () => 500,
  contenders: {
    'view.slice()': copying('floor', (source) => () => source.slice()),
    'snapshot()': copying('ours', (source) => () => snapshot(source)),
    'Bytes.copyFrom()': copying('ours', (source) => () => Bytes.copyFrom(source)),
    'memcpy into one buffer': copying('floor', (source) => {
      const target = new Uint8Array(source.length);
      return () => {
        target.set(source);
        return target;
      };
    }),
    'Buffer.from(view), pooled': copying('peer', (source) => () => Buffer.from(source)),
    'structuredClone(view)': copying('peer', (source) => () => structuredClone(source)),
    'not a copy: subarray()': copying('floor', (source) => () => source.subarray(0)),
    'not a copy: Bytes.slice()': copying('floor', (source) => {
      const bytes = Bytes.copyFrom(source);
      return () => bytes.slice(0);
    }),
  },
  bars: [64, 1024, 4096, 65_536].map((parameter) => ({ contender: 'snapshot()', parameter, ratio: 1.15 })),
  check: (count, size) => count * size,
  peers: {},
};
