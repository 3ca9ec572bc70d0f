import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, test, vi } from 'vitest';
import { budget } from '../../../lib/budget.js';
import { channel, type Receiver, type Sender } from '../../../lib/index.js';

const CLOSED = expect.objectContaining({ name: 'SendError', code: 'ERR_CHANNEL_CLOSED' });
const END = { done: true, value: undefined };
const item = <T>(value: T): { done: false; value: T } => ({ done: false, value });

describe('receiving', () => {
  test('a second receive while one waits is a mistake, thrown at once', async () => {
    const [tx, rx] = channel<string>(1);
    const waiting = rx.recv();
    const mistake = expect.objectContaining({ name: 'ConcurrentReceiveError', code: 'ERR_CONCURRENT_RECEIVE' });
    expect(() => rx.recv()).toThrow(mistake);
    expect(() => rx.recvMany([], 1)).toThrow(mistake);
    expect(() => rx.tryRecv()).toThrow(mistake);
    expect(() => rx.tryRecvMany([], 1)).toThrow(mistake);
    tx.trySend('a');
    expect(await waiting).toEqual(item('a'));
  });

  test('recvMany takes what is there, appends, and counts', async () => {
    const [tx, rx] = channel<string>(4);
    const into = ['already here'];
    expect(await rx.recvMany(into, 0)).toBe(0);
    for (const each of ['a', 'b', 'c']) tx.trySend(each);
    expect(await rx.recvMany(into, 2)).toBe(2);
    expect(rx.tryRecvMany(into, Infinity)).toBe(1);
    expect(into).toEqual(['already here', 'a', 'b', 'c']);
    expect(() => rx.recvMany(into, -1)).toThrow(RangeError);
    expect(() => rx.batches(0)).toThrow(RangeError);
    tx.close();
    expect(await rx.recvMany(into, 1)).toBe(0);
  });

  test('batches gives arrays of its own, up to the limit, and ends', async () => {
    const [tx, rx] = channel<number>(5);
    for (let n = 0; n < 5; n++) tx.trySend(n);
    tx.close();
    const batches: number[][] = [];
    for await (const batch of rx.batches(2)) batches.push(batch);
    expect(batches).toEqual([[0, 1], [2, 3], [4]]);
  });

  test('a wake-up may send again', async () => {
    const [tx, rx] = channel<string>(1);
    const waiting = rx.recv().then((result) => (tx.trySend('again'), result));
    tx.trySend('a');
    expect(await waiting).toEqual(item('a'));
    expect(rx.tryRecv()).toEqual({ ok: true, value: 'again' });
  });
});

describe('leaving', () => {
  const ways: Readonly<Record<string, (rx: Receiver<string>) => Promise<unknown>>> = {
    break: async (rx) => {
      for await (const each of rx) if (each === 'first') break;
    },
    return: async (rx) => {
      for await (const each of rx) return each;
      return undefined;
    },
    throw: async (rx) => {
      for await (const each of rx) throw new Error(each);
    },
    dispose: async (rx) => {
      await rx.recv();
      rx[Symbol.dispose]();
    },
  };

  test.each(Object.entries(ways))('by %s refuses waiting sends and drops what is buffered', async (_, leave) => {
    const dropped: string[] = [];
    const [tx, rx] = channel<string>(1, { onUndelivered: (each, why) => dropped.push(`${each} ${why}`) });
    tx.trySend('first');
    const second = tx.send('second');
    const third = tx.send('third').catch((error: unknown) => error);
    await leave(rx).catch(() => undefined);
    await second;
    expect(await third).toEqual(CLOSED);
    expect(dropped).toEqual(['second dropped']);
    expect(await rx.recv()).toEqual(END);
  });

  test('with preventClose leaves everything as it is', async () => {
    const [tx, rx] = channel<string>(2);
    tx.trySend('a');
    tx.trySend('b');
    for await (const each of rx.values({ preventClose: true })) if (each === 'a') break;
    expect([rx.isClosed, rx.tryRecv()]).toEqual([false, { ok: true, value: 'b' }]);
  });

  test.each([true, false])('return() ends a next() that waits (preventClose: %s)', async (preventClose) => {
    const [tx, rx] = channel<string>(1);
    const iterator = rx.values({ preventClose });
    const waiting = iterator.next();
    expect(await iterator.return?.()).toEqual(END);
    expect(await waiting).toEqual(END);
    expect(await iterator.next()).toEqual(END);
    expect(tx.isClosed).toBe(!preventClose);
  });

  test('a permit used afterwards reports its item as closed', async () => {
    const undelivered: string[] = [];
    const [tx, rx] = channel<string>(1, { onUndelivered: (each, why) => undelivered.push(`${each} ${why}`) });
    const permit = await tx.reserve();
    rx[Symbol.dispose]();
    permit.send('a');
    expect(undelivered).toEqual(['a closed']);
  });

  test('a receive afterwards ends at once, also while a permit is still held', async () => {
    const [tx, rx] = channel<string>(1);
    using permit = await tx.reserve();
    rx[Symbol.dispose]();
    expect(rx.tryRecv()).toEqual({ ok: false, reason: 'closed' });
    expect(await rx.recv()).toEqual(END);
    expect(await rx.recvMany([], 1)).toBe(0);
    for await (const each of rx) expect.unreachable(each);
    permit.send('to nobody');
    expect(await rx.recv()).toEqual(END);
  });

  test('what onUndelivered throws is reported, and it may try to send', () => {
    const warnings = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    try {
      const seen: unknown[] = [];
      const [tx, rx] = channel<string>(2, {
        onUndelivered: (each) => {
          seen.push(each, tx.trySend('again'));
          throw new Error(`cannot release ${each}`);
        },
      });
      tx.trySend('a');
      tx.trySend('b');
      rx[Symbol.dispose]();
      expect(seen).toEqual(['a', { ok: false, reason: 'closed' }, 'b', { ok: false, reason: 'closed' }]);
      expect(warnings.mock.calls.map(([error]) => String(error))).toEqual(['Error: cannot release a', 'Error: cannot release b']);
    } finally {
      warnings.mockRestore();
    }
  });
});

describe('the budget', () => {
  test('an always ready channel lets the event loop turn', async () => {
    const [tx, rx] = channel<number>(16);
    let turns = 0;
    let isOver = false;
    const beat = (): void => {
      turns++;
      if (!isOver) setImmediate(beat);
    };
    setImmediate(beat);
    const producing = (async () => {
      while (!tx.isClosed) if (!tx.trySend(1).ok) await tx.send(1).catch(() => undefined);
    })();
    // Of the processor's time: what a busy machine does meanwhile is no fault of the channel's.
    const begin = process.cpuUsage();
    while (process.cpuUsage(begin).user < 100_000) await rx.recv();
    isOver = true;
    rx[Symbol.dispose]();
    await producing;
    expect(turns).toBeGreaterThan(3);
  });

  test('a receive that lets it turn can be called off, ended, and found waiting', async () => {
    const resting = (): [Sender<string>, Receiver<string>] => {
      const [tx, rx] = channel<string>(1, { budgetMs: 0 });
      tx.trySend('a');
      budget.ticks = 0;
      return [tx, rx];
    };
    const [, called] = resting();
    const controller = new AbortController();
    const receiving = called.recv({ signal: controller.signal });
    expect(() => called.tryRecv()).toThrow('still waiting');
    controller.abort('enough');
    await expect(receiving).rejects.toBe('enough');
    expect(called.tryRecv()).toEqual({ ok: true, value: 'a' });
    const [, left] = resting();
    const ended = left.recv();
    left[Symbol.dispose]();
    expect(await ended).toEqual(END);
  });

  test('is a number from 0', () => {
    expect(() => channel(1, { budgetMs: -1 })).toThrow(RangeError);
    expect(() => channel(1, { budgetMs: NaN })).toThrow(RangeError);
  });
});

test('senders and receivers keep their own async context', async () => {
  const storage = new AsyncLocalStorage<string>();
  const [tx, rx] = channel<string>(1);
  const consumer = storage.run('consumer', async () => {
    await rx.recv();
    await rx.recv();
    return storage.getStore();
  });
  const producer = storage.run('producer', async () => {
    await tx.send('a');
    await tx.send('b');
    await tx.send('c');
    return storage.getStore();
  });
  expect(await Promise.all([consumer, producer])).toEqual(['consumer', 'producer']);
});

test('errors are told by code, so that two copies of the package work side by side', async () => {
  vi.resetModules();
  const copy = (await import('../../../lib/index.js')) as typeof import('../../../lib/index.js');
  const [tx, rx] = copy.channel<string>(1);
  expect(copy.channel).not.toBe(channel);
  const [out, back] = channel<Sender<string>>(1);
  await out.send(tx);
  const sender = (await back.recv()).value;
  rx.close();
  await expect(sender?.send('a')).rejects.toEqual(CLOSED);
});
