import { BlockingTaskError, WorkerPool, WorkerTerminatedError, blocking, workerStream } from 'borrowck-runtime';
import { afterAll, expect, test } from 'vitest';

// Names nothing of Node: it runs there and in a browser.
interface Functions {
  add(input: { a: number; b: number }): number;
  later(input: string): Promise<string>;
  fail(message: string): never;
  part(length: number): Uint8Array;
  hang(input: { signs: Int32Array }): never;
}

const pool = new WorkerPool({ threads: 1 });
const functions = blocking<Functions>(new URL('./functions.mjs', import.meta.url), { pool, hardKillMs: 20 });
afterAll(() => pool.destroy());

const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.unreachable('it should have rejected'),
    (reason: unknown) => reason,
  );

test('functions run in a thread, and their bytes come back exact', async () => {
  expect(await Promise.all([functions.add({ a: 1, b: 2 }), functions.later('x')])).toEqual([3, 'x']);
  const bytes = await functions.part(50_000);
  expect([bytes.length, bytes.buffer.byteLength]).toEqual([50_000, 50_000]);
});

test('errors carry what was thrown', async () => {
  const error = await rejection(functions.fail('no good'));
  expect(error).toBeInstanceOf(BlockingTaskError);
  expect((error as Error).cause).toMatchObject({ name: 'RangeError', message: 'no good' });
});

test('a thread that does not look is ended, and replaced', async () => {
  const controller = new AbortController();
  const signs = new Int32Array(new SharedArrayBuffer(8));
  const running = rejection(functions.hang({ signs }, { signal: controller.signal }));
  while (Atomics.load(signs, 0) === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  controller.abort('mine');
  expect(await running).toBe('mine');
  expect(await functions.add({ a: 2, b: 2 })).toBe(4);
});

test('a destroyed pool settles what it held', async () => {
  const other = new WorkerPool({ threads: 1 });
  const call = rejection(blocking<Functions>(new URL('./functions.mjs', import.meta.url), { pool: other }).later('x'));
  await Promise.resolve();
  await other.destroy();
  expect(await call).toBeInstanceOf(WorkerTerminatedError);
});

test('a stream brings its items in order, and ends when it is left', async () => {
  const module = new URL('../worker-stream/sources.mjs', import.meta.url);
  const firsts: unknown[] = [];
  for await (const bytes of workerStream<Uint8Array>(module, { capacity: 4, input: { to: 100 } })) {
    firsts.push(bytes[0]);
    if (firsts.length === 50) break;
  }
  expect(firsts).toEqual(Array.from({ length: 50 }, (_, at) => at));
});
