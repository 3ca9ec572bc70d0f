import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { settle } from '../support/promises.js';
import { ByteArena, TaskScope, channel, oneshot, type Receiver, type Sender } from '../../lib/index.js';
import { watchLeaks } from '../../lib/leaks.js';

/** What was told of since the last time. */
let warnings: { readonly message: string; readonly detail: string }[] = [];

let stop: () => void;

beforeAll(() => {
  stop = watchLeaks();
  vi.spyOn(process, 'emitWarning').mockImplementation((message, options) => {
    const { type, detail } = options as { type: string; detail: string };
    if (type === 'LeakWarning') warnings.push({ message: String(message), detail });
  });
});

afterAll(() => {
  stop();
  vi.restoreAllMocks();
});

/** The warnings after a body has run twenty times and what it left was collected; the engine itself may hold the last one or two. */
async function warningsAfter(body: () => unknown): Promise<string[]> {
  warnings = [];
  for (let n = 0; n < 20; n++) await body();
  for (let n = 0; n < 10; n++) {
    await settle();
    globalThis.gc?.();
  }
  await settle();
  return warnings.map(({ message }) => message);
}

/** What is alive while a test runs. */
const alive: unknown[] = [];

describe('a handle that is lost unclosed is told of', () => {
  test('a permit', async () => {
    const lost = await warningsAfter(() => {
      const [tx] = channel<number>(1);
      tx.tryReserve();
      alive.push(tx);
    });
    expect(lost.length).toBeGreaterThan(15);
    expect(lost[0]).toMatch(/^a permit was lost that was neither used nor released/);
    expect(warnings[0]?.detail).toMatch(/leaks\.test\.ts/);
  });

  test('a sender whose receiver waits', async () => {
    const lost = await warningsAfter(() => {
      const [, rx] = channel<number>(1);
      alive.push(rx, rx.recv());
    });
    expect(lost.length).toBeGreaterThan(15);
    expect(lost[0]).toMatch(/^a sender was lost that was not closed/);
  });

  test('a receiver whose senders wait', async () => {
    const lost = await warningsAfter(() => {
      const [tx] = channel<number>(1);
      tx.trySend(1);
      alive.push(tx, tx.send(2));
    });
    expect(lost.length).toBeGreaterThan(15);
    expect(lost[0]).toMatch(/^a receiver was lost that was not disposed of: senders wait/);
  });

  test('the sender of a oneshot that is waited for', async () => {
    const lost = await warningsAfter(() => {
      const [, rx] = oneshot<number>();
      alive.push(rx, rx.then());
    });
    expect(lost.length).toBeGreaterThan(15);
    expect(lost[0]).toMatch(/^the sender of a oneshot was lost that had not sent/);
  });

  test('a ref of a block', async () => {
    const arena = new ByteArena();
    const lost = await warningsAfter(() => {
      arena.alloc(new Uint8Array(100));
    });
    expect(lost.length).toBeGreaterThan(15);
    expect(lost[0]).toMatch(/^a block of 100 bytes was never released/);
    expect(arena.size).toBe(20);
  });

  test('a scope that had tasks', async () => {
    const lost = await warningsAfter(async () => {
      await new TaskScope({ name: 'orphan' }).spawn(() => 1);
    });
    expect(lost.length).toBeGreaterThan(15);
    expect(lost[0]).toMatch(/^orphan had tasks and was lost/);
  });
});

describe('nothing is said of', () => {
  test('handles that were closed, in whatever way', async () => {
    const arena = new ByteArena();
    const receivers: Receiver<number>[] = [];
    const lost = await warningsAfter(async () => {
      const [tx, rx] = channel<number>(2);
      receivers.push(rx);
      (await tx.reserve()).send(1);
      (await tx.reserve()).release();
      alive.push(await rx.recv(), rx.recv());
      tx.close();
      arena.release(arena.alloc(new Uint8Array(1)));
      const scope = new TaskScope();
      scope.spawn(() => 1);
      await scope.join();
      await TaskScope.run((inner) => void inner.spawn(() => 2));
    });
    expect(lost).toEqual([]);
  });

  test('what was lost altogether, or lives on as bits, or was never used', async () => {
    const arena = new ByteArena();
    const lost = await warningsAfter(() => {
      channel<number>(1);
      alive.push(arena.alloc(new Uint8Array(1)).toBits());
      new TaskScope();
    });
    expect(lost).toEqual([]);
  });

  test('receivers that a loop goes over, and oneshots that nobody waits for, or that were sent or given up', async () => {
    const lost = await warningsAfter(async () => {
      alive.push(...(await looping()));
      alive.push(oneshot<number>()[1]);
      const [sent, answer] = oneshot<number>();
      sent.send(1);
      const [dropped, nothing] = oneshot<number>();
      dropped[Symbol.dispose]();
      alive.push(answer.then(), nothing.then(undefined, () => undefined));
    });
    expect(lost).toEqual([]);
  });

  test('blocks of an arena that was cleared', async () => {
    const arena = new ByteArena();
    const lost = await warningsAfter(() => {
      arena.alloc(new Uint8Array(1));
      arena.clear();
    });
    expect(lost).toEqual([]);
  });
});

/** A sender that waits, and the loop that is all that is left of its receiver. */
async function looping(): Promise<readonly [Sender<number>, AsyncIterator<number>, Promise<void>]> {
  const [tx, rx] = channel<number>(1);
  const items = rx.values();
  tx.trySend(1);
  await items.next();
  tx.trySend(2);
  return [tx, items, tx.send(3)];
}

describe('the package', () => {
  /** What a program says that loses a permit. */
  function run(...flags: readonly string[]): string {
    const program = `
      import { channel } from 'borrowck-runtime';
      process.on('warning', ({ code }) => console.log(code));
      const [tx] = channel(1);
      (() => void tx.tryReserve())();
      for (let n = 0; n < 20; n++) { await new Promise(setImmediate); gc(); }
      tx.close();
    `;
    return execFileSync(process.execPath, ['--expose-gc', '--no-warnings', ...flags, '--input-type=module', '-e', program], { cwd: fileURLToPath(new URL('../..', import.meta.url)), encoding: 'utf8' });
  }

  test('tells of leaks under the development condition, and only there', () => {
    expect([run('--conditions=development'), run()]).toEqual(['BORROWCK_LEAK\n', '']);
  });
});
