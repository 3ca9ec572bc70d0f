import { BlockingQueueFullError, BlockingTaskError, WorkerTerminatedError, blocking } from 'borrowck-runtime';
import { piscinaPool } from 'borrowck-runtime/adapter-piscina';
import { Piscina } from 'piscina';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MODULE, sign, signs } from './functions.js';
import type { BlockingPool } from 'borrowck-runtime';
import type { Functions } from './functions.js';

let pool: BlockingPool;
beforeEach(() => {
  pool = piscinaPool(new Piscina({ minThreads: 1, maxThreads: 1, maxQueue: 2 }));
});
afterEach(async () => {
  await pool.destroy();
});

const functions = () => blocking<Functions>(MODULE, { pool });

const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.unreachable('it should have rejected'),
    (reason: unknown) => reason,
  );

describe('a piscina', () => {
  test('runs calls and brings results', async () => {
    expect(await functions().add({ a: 1, b: 2 })).toBe(3);
    expect(await functions().later('x')).toBe('x');
  });

  test('gets exactly the bytes shown, and sends exactly those back', async () => {
    expect(await functions().describe({ bytes: Buffer.from('abcde') })).toMatchObject({ held: 5 });
    expect(await functions().describe({ bytes: new Uint8Array(200_000).subarray(1, 100_001) })).toMatchObject({ held: 100_000 });
    expect((await functions().part(50_000)).buffer.byteLength).toBe(50_000);
    expect((await functions().moved(9)).bytes).toEqual(new Uint8Array([3, 3]));
    expect(await functions().scratchLength()).toBe(100_000);
  });

  test('reports errors as the own pool does', async () => {
    const error = await rejection(functions().fail('no good'));
    expect(error).toBeInstanceOf(BlockingTaskError);
    expect((error as Error).cause).toMatchObject({ name: 'RangeError', message: 'no good', code: 'ERR_OWN' });
    expect(await rejection(functions().exit(3))).toMatchObject({ name: 'WorkerTerminatedError', exitCode: 3 });
    expect(await rejection(functions().echo(() => 1))).toBeInstanceOf(TypeError);
  });

  test('ends a running call\'s thread when it is given up, and rejects with the reason', async () => {
    const controller = new AbortController();
    const shared = signs();
    const running = rejection(functions().hang({ signs: shared }, { signal: controller.signal }));
    await sign(shared, 0);
    controller.abort('mine');
    expect(await running).toBe('mine');
    expect(await functions().add({ a: 1, b: 2 })).toBe(3);
  });

  test('settles everything when it is destroyed, and says when there is no room', async () => {
    const shared = signs();
    const calls: Promise<unknown>[] = [functions().hang({ signs: shared })];
    await sign(shared, 0);
    calls.push(functions().later('b'), functions().later('c'), functions().later('d'));
    const errors = Promise.all(calls.map(rejection));
    await new Promise((resolve) => setTimeout(resolve, 20));
    await pool.destroy();
    const settled = await errors;
    expect(settled.map((error) => (error as Error).constructor)).toEqual([WorkerTerminatedError, WorkerTerminatedError, WorkerTerminatedError, BlockingQueueFullError]);
  });
});
