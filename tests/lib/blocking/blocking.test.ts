import { BlockingQueueFullError, BlockingTaskError, WorkerPool, WorkerTerminatedError, blocking, spawnBlocking } from 'borrowck-runtime';
import { spawnSync } from 'node:child_process';
import { getEventListeners } from 'node:events';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { MODULE, sign, signs } from './functions.js';
import type { Functions } from './functions.js';

// The threads of a pool load what is built: this is the package as it is installed.
let pool: WorkerPool;
beforeEach(() => {
  pool = new WorkerPool({ threads: 1 });
});
afterEach(async () => {
  await pool.destroy();
});

const on = (each: WorkerPool, options: { hardKillMs?: number } = {}) => blocking<Functions>(MODULE, { pool: each, ...options });

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.unreachable('it should have rejected'),
    (reason: unknown) => reason,
  );
}

const run = (script: string, ...flags: string[]) => spawnSync(process.execPath, [...flags, join(import.meta.dirname, script)], { encoding: 'utf8', timeout: 60_000 });

describe('a call', () => {
  test('runs in a thread and comes back with the result, sync or async', async () => {
    const { add, later, thenable } = on(pool);
    expect(await Promise.all([add({ a: 1, b: 2 }), later('x'), thenable('y')])).toEqual([3, 'x', 'y']);
    expect(pool.threads).toBe(1);
  });

  test('uses the shared pool when none is given, by name as well', async () => {
    expect(await spawnBlocking(MODULE, 'add', { a: 2, b: 3 })).toBe(5);
  });

  test('names are looked up when they are called: an object of functions is no promise', async () => {
    const functions = on(pool);
    expect(await Promise.resolve(functions)).toBe(functions);
    expect(functions.add).toBe(functions.add);
    expect(await rejection(functions.missing())).toMatchObject({ name: 'BlockingTaskError', message: expect.stringContaining('exports no function named missing') });
    expect(await rejection(functions.notAFunction())).toBeInstanceOf(BlockingTaskError);
  });

  test('a module that cannot be loaded fails the call, and the pool goes on', async () => {
    expect(await rejection(spawnBlocking(new URL('./nowhere.mjs', MODULE), 'f', 1, { pool }))).toBeInstanceOf(BlockingTaskError);
    expect(await on(pool).add({ a: 1, b: 1 })).toBe(2);
    expect(() => blocking('./relative.js')).toThrow(TypeError);
  });

  test('what the function throws is the cause, with its own stack', async () => {
    const error = await rejection(on(pool).fail('no good'));
    expect(error).toBeInstanceOf(BlockingTaskError);
    expect(error).toMatchObject({ code: 'ERR_BLOCKING_TASK', message: 'fail failed: no good' });
    expect((error as Error).cause).toMatchObject({ name: 'RangeError', message: 'no good', code: 'ERR_OWN' });
    expect(((error as Error).cause as Error).stack).toContain('functions.mjs');
    expect(await rejection(on(pool).failLater('text'))).toMatchObject({ cause: { message: 'text' } });
  });

  test('a result that cannot cross fails the call', async () => {
    expect(await rejection(on(pool).uncloneable())).toMatchObject({ cause: { name: 'TypeError' } });
  });
});

describe('an input', () => {
  test.each<[string, unknown]>([
    ['a function', () => 1],
    ['a symbol deep inside', { a: [new Map([[1, Symbol('x')]])] }],
    ['a promise', Promise.resolve()],
    ['a method of an instance', new (class Own { method = (): number => 1; })()],
    ['a WeakMap', new WeakMap()],
  ])('%s is refused before it queues', async (_, input) => {
    expect(await rejection(on(pool).echo(input))).toBeInstanceOf(TypeError);
    expect([pool.threads, pool.waiting]).toEqual([0, 0]);
  });

  test.each<[string, () => ArrayBufferView | ArrayBuffer, string, number]>([
    ['a pooled Buffer', () => Buffer.from('abcde'), 'Uint8Array', 5],
    ['a part of a scratch buffer', () => new Uint8Array(4096).subarray(10, 15), 'Uint8Array', 5],
    ['a Uint16Array', () => new Uint16Array(new ArrayBuffer(64), 2, 3), 'Uint16Array', 6],
    ['a DataView', () => new DataView(new ArrayBuffer(64), 1, 7), 'DataView', 7],
    ['a BigInt64Array', () => new BigInt64Array(new ArrayBuffer(64), 8, 2), 'BigInt64Array', 16],
    ['a large view', () => new Uint8Array(200_000).subarray(1, 100_001), 'Uint8Array', 100_000],
    ['an ArrayBuffer', () => new ArrayBuffer(50_000), 'ArrayBuffer', 50_000],
  ])('%s crosses as exactly its bytes, and its owner keeps them', async (_, make, kind, held) => {
    const bytes = make();
    const before = bytes.byteLength;
    expect(await on(pool).describe({ bytes })).toMatchObject({ kind, held });
    expect(bytes.byteLength).toBe(before);
  });

  test('views inside instances, arrays, maps and sets bring no pool either', async () => {
    class Message {
      readonly body = Buffer.from('hi');
    }
    const small = Buffer.from('yo');
    const back = (await on(pool).echo({ message: new Message(), list: [small], map: new Map([[small, new Set([small])]]) })) as { message: { body: Uint8Array }; list: Uint8Array[]; map: Map<Uint8Array, Set<Uint8Array>> };
    const [[key, set]] = [...back.map] as [[Uint8Array, Set<Uint8Array>]];
    expect([back.message.body, back.list[0]!, key, [...set][0]!].map(({ buffer }) => buffer.byteLength)).toEqual([2, 2, 2, 2]);
    // One value twice is one value twice.
    expect([...set][0]).toBe(key);
  });

  test('cycles, dates, errors, holes and a key named __proto__ arrive', async () => {
    const input: Record<string, unknown> = { at: new Date(5), error: new RangeError('x'), pattern: /a/g, none: undefined, nothing: null };
    input['self'] = input;
    Object.defineProperty(input, '__proto__', { value: 1, enumerable: true });
    const back = (await on(pool).echo(input)) as Record<string, unknown>;
    expect(back['self']).toBe(back);
    expect(back).toMatchObject({ at: new Date(5), pattern: /a/g, none: undefined, nothing: null });
    expect(back['error']).toBeInstanceOf(RangeError);
    expect(Object.getOwnPropertyDescriptor(back, '__proto__')?.value).toBe(1);
  });

  test('shared memory stays shared', async () => {
    const shared = signs();
    const controller = new AbortController();
    const spinning = rejection(on(pool).spin({ signs: shared }, { signal: controller.signal }));
    await sign(shared, 0);
    controller.abort();
    await spinning;
    await sign(shared, 1);
  });

  test('is what it was at the call, however long it waits', async () => {
    const { later, echo } = on(pool);
    const bytes = new Uint8Array([1, 2]);
    const input = { bytes, text: 'before' };
    const [, back] = await Promise.all([
      later('first'),
      (() => {
        const promise = echo(input);
        bytes.fill(9);
        input.text = 'after';
        return promise;
      })(),
    ]);
    expect(back).toEqual({ bytes: new Uint8Array([1, 2]), text: 'before' });
  });

  test('what is listed is given away at the call, and only that', async () => {
    const { later, describe: say } = on(pool);
    const given = new Uint8Array(10).fill(4);
    const first = later('busy');
    const answer = say({ bytes: given }, { transfer: [given.buffer] });
    expect(given.byteLength).toBe(0);
    await first;
    expect(await answer).toMatchObject({ held: 10, bytes: [4, 4, 4, 4, 4, 4, 4, 4] });
    expect(await rejection(say({ bytes: given }, { transfer: [given.buffer] }))).toBeInstanceOf(TypeError);
  });
});

describe('a result', () => {
  test.each([5, 50_000])('of %d bytes is a copy: the thread keeps what it took it from', async (length) => {
    const { part, scratchLength } = on(pool);
    const bytes = await part(length);
    expect([bytes.length, bytes.buffer.byteLength, bytes[0]]).toEqual([length, length, 7]);
    expect(await scratchLength()).toBe(100_000);
  });

  test('can be given away by the function', async () => {
    const { bytes } = await on(pool).moved(1000);
    expect([[...bytes], bytes.buffer.byteLength]).toEqual([[3, 3], 1000]);
  });
});

describe('a call given up', () => {
  test('before it is made, does nothing', async () => {
    const reason = new Error('own');
    expect(await rejection(on(pool).add({ a: 1, b: 2 }, { signal: AbortSignal.abort(reason) }))).toBe(reason);
    expect(pool.threads).toBe(0);
  });

  test('while it waits, leaves the queue', async () => {
    const { later, add } = on(pool);
    const controller = new AbortController();
    const first = later('x');
    const waiting = add({ a: 1, b: 2 }, { signal: controller.signal });
    await Promise.resolve();
    expect(pool.waiting).toBe(1);
    controller.abort('mine');
    expect(await rejection(waiting)).toBe('mine');
    expect(pool.waiting).toBe(0);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    expect(await first).toBe('x');
  });

  test('while it runs, rejects at once and is told so; the thread goes on', async () => {
    const { spin, add, check } = on(pool);
    const controller = new AbortController();
    const shared = signs();
    const running = spin({ signs: shared }, { signal: controller.signal });
    await sign(shared, 0);
    controller.abort('mine');
    expect(await rejection(running)).toBe('mine');
    await sign(shared, 1);
    expect(await add({ a: 1, b: 2 })).toBe(3);
    // The next task is not the one that was cancelled.
    expect(await check()).toBe(false);
    expect(pool.threads).toBe(1);
  });

  test('after it is done, changes nothing and leaves no listener', async () => {
    const controller = new AbortController();
    expect(await on(pool).add({ a: 1, b: 2 }, { signal: controller.signal })).toBe(3);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    controller.abort();
    expect(await on(pool).add({ a: 1, b: 2 })).toBe(3);
  });

  test('ends its thread after hardKillMs, and no other call', async () => {
    const { hang, add } = on(pool, { hardKillMs: 20 });
    const controller = new AbortController();
    const shared = signs();
    const running = hang({ signs: shared }, { signal: controller.signal });
    const waiting = add({ a: 1, b: 2 });
    await sign(shared, 0);
    controller.abort('mine');
    expect(await rejection(running)).toBe('mine');
    expect(await waiting).toBe(3);
    expect(pool.threads).toBe(1);
  });

  test('refuses a hardKillMs that no timer takes', async () => {
    expect(await rejection(on(pool, { hardKillMs: 2 ** 31 }).add({ a: 1, b: 2 }))).toBeInstanceOf(RangeError);
    expect(await on(pool, { hardKillMs: Infinity }).add({ a: 1, b: 2 })).toBe(3);
  });
});

describe('a thread that dies settles what it held', () => {
  test.each([0, 3])('when it exits with %d', async (code) => {
    const { exit, add } = on(pool);
    const dying = exit(code);
    const waiting = add({ a: 1, b: 2 });
    const error = await rejection(dying);
    expect(error).toBeInstanceOf(WorkerTerminatedError);
    expect(error).toMatchObject({ code: 'ERR_WORKER_TERMINATED', exitCode: code });
    expect(await waiting).toBe(3);
  });

  test('when something throws outside of the task', async () => {
    expect(await rejection(on(pool).crash())).toMatchObject({ name: 'WorkerTerminatedError', cause: { message: 'outside of any task' } });
  });

  test('when it runs out of memory', () => {
    const { stdout } = run('out-of-memory.mjs', '--max-old-space-size=64');
    expect(stdout.trim().split('\n').at(-1)).toBe('WorkerTerminatedError ERR_WORKER_OUT_OF_MEMORY');
  });

  test('when the pool is destroyed, as do the tasks that wait', async () => {
    const { hang, add } = on(pool);
    const shared = signs();
    const tasks = [hang({ signs: shared }), add({ a: 1, b: 2 })].map(rejection);
    await sign(shared, 0);
    await pool.destroy();
    expect((await Promise.all(tasks)).every((error) => error instanceof WorkerTerminatedError)).toBe(true);
    expect(pool.threads).toBe(0);
    expect(await rejection(on(pool).add({ a: 1, b: 2 }))).toBeInstanceOf(WorkerTerminatedError);
  });
});

describe('a pool', () => {
  test('that is idle does not keep the process', () => {
    const { stdout, status } = run('ends.mjs');
    expect([stdout.trim(), status]).toEqual(['3', 0]);
  });

  test('runs in the order of the calls', async () => {
    const { later } = on(pool);
    const done: string[] = [];
    await Promise.all(['a', 'b', 'c', 'd', 'e'].map(async (name) => done.push(await later(name))));
    expect(done).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  test('starts no more threads than it may', async () => {
    const two = new WorkerPool({ threads: 2 });
    const { later } = on(two);
    expect(await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => later(name)))).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(two.threads).toBe(2);
    await two.close();
    expect(two.threads).toBe(0);
  });

  test('that can start no thread says so, and leaves nothing on the signal', async () => {
    const { signal } = new AbortController();
    const refused = new Error('no more threads');
    const threads = vi.spyOn(process, 'getBuiltinModule').mockReturnValue({
      Worker: function Worker() {
        throw refused;
      },
    });
    expect(await rejection(on(pool).add({ a: 1, b: 2 }, { signal }))).toMatchObject({ code: 'ERR_WORKER_TERMINATED', cause: refused });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    threads.mockRestore();
    expect(await on(pool).add({ a: 1, b: 2 })).toBe(3);
  });

  test('settles those who wait when its thread dies and no other can be started', async () => {
    const { exit, add } = on(pool);
    const all = [exit(1), add({ a: 1, b: 2 }), add({ a: 3, b: 4 })].map(rejection);
    await vi.waitUntil(() => pool.waiting === 2);
    const threads = vi.spyOn(process, 'getBuiltinModule').mockReturnValue({
      Worker: function Worker() {
        throw new Error('no more threads');
      },
    });
    const errors = await Promise.all(all);
    threads.mockRestore();
    expect(errors.map((error) => (error as WorkerTerminatedError).code)).toEqual(Array.from({ length: 3 }, () => 'ERR_WORKER_TERMINATED'));
    await pool.close();
  });

  test('has a bound', async () => {
    const small = new WorkerPool({ threads: 1, queue: 1 });
    const { later } = on(small);
    const accepted = [later('a'), later('b')];
    expect(await rejection(later('c'))).toBeInstanceOf(BlockingQueueFullError);
    expect(await Promise.all(accepted)).toEqual(['a', 'b']);
    await small.close();
  });

  test('closes when what it has is done, once or twice', async () => {
    const { later } = on(pool);
    const tasks = [later('a'), later('b')];
    await Promise.resolve();
    await Promise.all([pool.close(), pool.close()]);
    expect(await Promise.all(tasks)).toEqual(['a', 'b']);
    expect(pool.threads).toBe(0);
    expect(await rejection(later('c'))).toBeInstanceOf(WorkerTerminatedError);
  });

  test.each([{ threads: 0 }, { threads: 1.5 }, { queue: -1 }, { queue: NaN }])('%o is refused', (options) => {
    expect(() => new WorkerPool(options)).toThrow(RangeError);
  });
});
