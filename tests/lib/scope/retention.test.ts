import { describe, expect, test } from 'vitest';
import { TaskScope } from '../../../lib/index.js';
import { collected, settle } from '../../support/promises.js';

describe('nothing is kept', () => {
  test('of a million short tasks', { timeout: 120_000 }, async () => {
    const scope = new TaskScope();
    const round = async (): Promise<void> => {
      for (let i = 0; i < 1000; i++) scope.spawn(async () => Promise.resolve());
      await scope.join();
    };
    await round();
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < 1000; i++) await round();
    globalThis.gc?.();
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(3_000_000);
    expect(scope.size).toBe(0);
  });

  test('of a task’s result once its handle is gone', async () => {
    const scope = new TaskScope();
    await collected(async () => {
      const big = { bytes: new Uint8Array(10) };
      await scope.spawn(async () => Promise.resolve(big));
      return big;
    });
    expect(scope.size).toBe(0);
  });

  test('of a scope by the signal it listened to', async () => {
    const { signal } = new AbortController();
    await collected(async () => {
      const scope = new TaskScope({ signal });
      scope.spawn(() => settle());
      await scope.join();
      return scope;
    });
    expect(signal.aborted).toBe(false);
  });
});
