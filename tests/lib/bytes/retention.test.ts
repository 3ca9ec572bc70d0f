import { expect, test } from 'vitest';
import { Bytes, snapshot } from '../../../lib/index.js';

/** Bytes in ArrayBuffers after a collection. */
async function arrayBuffers(): Promise<number> {
  for (let round = 0; round < 4; round++) {
    global.gc?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return process.memoryUsage().arrayBuffers;
}

const MIB = 2 ** 20;

test('an empty slice keeps nothing of its parent, a compact one what it shows', async () => {
  const before = await arrayBuffers();
  const kept = Array.from({ length: 32 }, () => Bytes.copyFrom(new Uint8Array(MIB))).map((bytes, at) => (at % 2 === 0 ? bytes.slice(5, 5) : bytes.slice(0, 100).compact()));
  expect((await arrayBuffers()) - before).toBeLessThan(MIB);
  expect(kept.reduce((sum, { length }) => sum + length, 0)).toBe(1600);
});

test('a snapshot of a pooled Buffer keeps none of the pool', async () => {
  const before = await arrayBuffers();
  const kept: Uint8Array[] = [];
  for (let count = 0; count < 16_000; count++) {
    const pooled = Buffer.from(new Uint8Array(512));
    if (count % 16 === 0) kept.push(snapshot(pooled));
  }
  expect((await arrayBuffers()) - before).toBeLessThan(kept.length * 512 + MIB / 4);
});

test('a view beyond two gibibytes is copied from where it lies', () => {
  const large = new ArrayBuffer(2 ** 31 + 4096);
  const far = new Uint8Array(large, 2 ** 31 + 8, 3);
  far.set([1, 2, 3]);
  expect([...snapshot(far)]).toEqual([1, 2, 3]);
  expect([...Bytes.copyFrom(far)]).toEqual([1, 2, 3]);
});
