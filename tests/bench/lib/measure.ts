import { GCProfiler } from 'node:v8';
import type { Time, Work } from './table.js';

/** What one child process found out. */
export interface Sample {
  /** Of the least disturbed repeat: other work on the machine only adds time. */
  readonly ns: number;
  /** Heap allocated for each piece of work, in bytes. */
  readonly heapBytes: number;
}

const MOST = 2_000_000;

/** In milliseconds. */
const clocks: Readonly<Record<Time, () => number>> = {
  cpu: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
  wall: () => performance.now(),
};

/** Warms up by time, since cold code would be counted as slow; then chooses a count; then takes the best of several repeats. */
export async function measure(work: Work, parameter: number, time: Time, isQuick: boolean, least = Math.max(2000, parameter * 4)): Promise<Sample> {
  const clock = clocks[time];
  const [warmUpMs, targetMs, repeats] = isQuick ? [20, 5, 2] : [300, 80, 7];
  const timed = async (count: number): Promise<number> => {
    const begin = clock();
    await work(count, parameter);
    return clock() - begin;
  };
  let count = least;
  for (let spent = 0, turn = 0; spent < warmUpMs || turn < 5; turn++) {
    const took = await timed(count);
    spent += took;
    if (took < warmUpMs / 20) count = Math.min(MOST, count * 2);
  }
  for (let turn = 0; turn < 12; turn++) {
    const took = Math.min(await timed(count), await timed(count));
    const wanted = Math.min(MOST, Math.max(least, Math.ceil((count * targetMs) / Math.max(took, 0.01))));
    const isClose = wanted > count * 0.7 && wanted < count * 1.5;
    if (isClose) break;
    count = wanted;
  }
  // Between the repeats no collection is forced: where no object of a shape is alive, the engine would forget the code compiled for it.
  globalThis.gc?.();
  await timed(count);
  let best = Infinity;
  for (let turn = 0; turn < repeats; turn++) {
    best = Math.min(best, await timed(count));
  }
  const heapBytes = await allocated(work, Math.min(count, 200_000), parameter);
  return { ns: rounded((best * 1e6) / count), heapBytes: rounded(heapBytes) };
}

/** To a hundredth: the rest is noise. */
function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Growth of the used heap between collections, so that a collection in the middle hides nothing. */
async function allocated(work: Work, count: number, parameter: number): Promise<number> {
  globalThis.gc?.();
  const profiler = new GCProfiler();
  profiler.start();
  let last = process.memoryUsage().heapUsed;
  await work(count, parameter);
  const end = process.memoryUsage().heapUsed;
  let total = 0;
  for (const { beforeGC, afterGC } of profiler.stop().statistics) {
    total += Math.max(0, beforeGC.heapStatistics.usedHeapSize - last);
    last = afterGC.heapStatistics.usedHeapSize;
  }
  return (total + Math.max(0, end - last)) / count;
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? NaN) : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}
