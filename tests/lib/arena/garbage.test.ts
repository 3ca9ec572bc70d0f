import { GCProfiler } from 'node:v8';
import { expect, test } from 'vitest';
import { Arena, ByteArena } from '../../../lib/index.js';

/** Bytes of heap that each of `count` runs takes, collections in between included. */
function heapPerRun(count: number, run: () => void): number {
  for (let warm = 0; warm < 20_000; warm++) run();
  global.gc?.();
  const profiler = new GCProfiler();
  profiler.start();
  let last = process.memoryUsage().heapUsed;
  for (let at = 0; at < count; at++) run();
  const end = process.memoryUsage().heapUsed;
  let taken = 0;
  for (const { beforeGC, afterGC } of profiler.stop()?.statistics ?? []) {
    taken += Math.max(0, beforeGC.heapStatistics.usedHeapSize - last);
    last = afterGC.heapStatistics.usedHeapSize;
  }
  return (taken + Math.max(0, end - last)) / count;
}

/** A ref: three fields and what every object has. Slack for the profiler's own objects. */
const REF = 48 + 4;

test('in the steady state, a block costs its ref and nothing else, whatever its size', () => {
  const arena = new ByteArena({ poison: false });
  const sources = [64, 1024, 16_384].map((size) => new Uint8Array(size));
  const refs = sources.map((source) => arena.alloc(source));
  let at = 0;
  let sum = 0;
  const look = (bytes: { readonly [index: number]: number }): void => {
    sum += bytes[0] ?? 0;
  };
  const heap = heapPerRun(200_000, () => {
    at = (at + 1) % 3;
    arena.release(refs[at]!);
    refs[at] = arena.alloc(sources[at]!);
    arena.with(refs[at]!, look);
  });
  expect(sum).toBe(0);
  expect(heap).toBeLessThanOrEqual(REF);
  expect(arena.heldBytes).toBe(64 + 1024 + 16_384);
});

test('in the steady state, a value costs its ref and nothing else', () => {
  const arena = new Arena<object>();
  const value = {};
  const heap = heapPerRun(200_000, () => arena.remove(arena.insert(value)));
  expect(heap).toBeLessThanOrEqual(REF);
});

test('a million blocks leave no memory behind', () => {
  const arena = new ByteArena({ poison: false });
  const source = new Uint8Array(512);
  const turn = (): void => void arena.release(arena.alloc(source));
  for (let warm = 0; warm < 1000; warm++) turn();
  global.gc?.();
  const before = process.memoryUsage();
  for (let at = 0; at < 1_000_000; at++) turn();
  global.gc?.();
  const after = process.memoryUsage();
  expect(after.heapUsed - before.heapUsed).toBeLessThan(256 * 1024);
  expect(after.arrayBuffers - before.arrayBuffers).toBeLessThanOrEqual(0);
});
