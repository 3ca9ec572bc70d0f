import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { channel, type Permit, type Receiver, type Sender } from '../../../lib/index.js';

const CLOSED = expect.objectContaining({ name: 'SendError', code: 'ERR_CHANNEL_CLOSED' });
const END = { done: true, value: undefined };
const item = <T>(value: T): { done: false; value: T } => ({ done: false, value });
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function full(): [Sender<string>, Receiver<string>] {
  const [tx, rx] = channel<string>(1);
  tx.trySend('first');
  return [tx, rx];
}

describe('capacity', () => {
  test.each([0, -1, 1.5, NaN, Infinity])('%s is refused', (capacity) => {
    expect(() => channel(capacity)).toThrow(RangeError);
  });

  test('of 1: ping and pong', async () => {
    const [ping, pings] = channel<number>(1);
    const [pong, pongs] = channel<number>(1);
    const player = (async () => {
      for await (const ball of pings) await pong.send(ball + 1);
    })();
    let ball = 0;
    for (let round = 0; round < 100; round++) {
      await ping.send(ball);
      ball = (await pongs.recv()).value ?? NaN;
    }
    ping.close();
    await player;
    expect(ball).toBe(100);
  });
});

describe('items', () => {
  const thenable = { then: () => expect.unreachable('an item was adopted') };
  test.each([undefined, null, NaN, 0, () => 1, thenable, Promise.resolve(1)])('%s arrives as it is, buffered and handed over', async (value) => {
    const [tx, rx] = channel<unknown>(1);
    await tx.send(value);
    expect(Object.is((await rx.recv()).value, value)).toBe(true);
    const waiting = rx.recv();
    tx.trySend(value);
    expect(Object.is((await waiting).value, value)).toBe(true);
  });
});

describe('the queue', () => {
  test('trySend and tryReserve overtake nobody', async () => {
    const [tx, rx] = channel<string>(2);
    const [first, second] = await tx.reserveMany(2);
    const many = tx.reserveMany(2);
    first?.release();
    expect(tx.trySend('late')).toEqual({ ok: false, reason: 'full' });
    expect(tx.tryReserve()).toBeUndefined();
    expect([tx.capacity, rx.pendingSends]).toEqual([0, 1]);
    second?.release();
    expect(await many).toHaveLength(2);
  });

  test('a cancelled reserveMany lets those behind it move up', async () => {
    const [tx, rx] = channel<string>(2);
    await tx.send('a');
    const controller = new AbortController();
    const many = tx.reserveMany(2, { signal: controller.signal });
    const behind = tx.send('b');
    controller.abort('enough');
    await expect(many).rejects.toBe('enough');
    await behind;
    expect(rx.length).toBe(2);
  });

  test('reserveMany of none, of too many, on a closed channel', async () => {
    const [tx, rx] = channel<string>(2);
    expect(await tx.reserveMany(0)).toEqual([]);
    expect(() => tx.reserveMany(3)).toThrow(RangeError);
    expect(() => tx.reserveMany(-1)).toThrow(RangeError);
    rx.close();
    await expect(tx.reserveMany(0)).rejects.toEqual(CLOSED);
  });

  test('10,000 waiting sends are called off from the back in linear time', async () => {
    const timeFor = async (count: number): Promise<number> => {
      const [tx, rx] = full();
      const controllers = Array.from({ length: count }, () => new AbortController());
      const sends = controllers.map(({ signal }) => tx.send('x', { signal }).catch((reason: unknown) => reason));
      const begin = process.cpuUsage();
      for (const controller of controllers.reverse()) controller.abort('enough');
      const { user } = process.cpuUsage(begin);
      expect(new Set(await Promise.all(sends))).toEqual(new Set(['enough']));
      expect(rx.pendingSends).toBe(0);
      return user;
    };
    await timeFor(10_000);
    const [few, many] = [await timeFor(10_000), await timeFor(40_000)];
    // In quadratic time it would be 16 times as much.
    expect(many / few).toBeLessThan(12);
  });
});

describe('cancellation', () => {
  const operations: readonly [string, (tx: Sender<string>, rx: Receiver<string>, signal: AbortSignal) => Promise<unknown>][] = [
    ['send', (tx, _, signal) => tx.send('x', { signal })],
    ['reserve', (tx, _, signal) => tx.reserve({ signal })],
    ['reserveMany', (tx, _, signal) => tx.reserveMany(1, { signal })],
    ['closed', (tx, _, signal) => tx.closed({ signal })],
    ['recv', (_, rx, signal) => (rx.tryRecv(), rx.recv({ signal }))],
    ['recvMany', (_, rx, signal) => (rx.tryRecv(), rx.recvMany([], 5, { signal }))],
  ];

  test.each(operations)('%s with a signal that is aborted already does nothing', async (_, operation) => {
    const [tx, rx] = full();
    rx.tryRecv();
    await expect(operation(tx, rx, AbortSignal.abort('enough'))).rejects.toBe('enough');
    expect([rx.length, rx.pendingSends]).toEqual([0, 0]);
    rx.close();
    await expect(tx.send('x', { signal: AbortSignal.abort('enough') })).rejects.toBe('enough');
  });

  test.each(operations)('%s that waits leaves no listener behind', async (_, operation) => {
    const [tx, rx] = full();
    const controller = new AbortController();
    const waiting = operation(tx, rx, controller.signal);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);
    controller.abort('enough');
    await expect(waiting).rejects.toBe('enough');
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  });

  test('what is ready adds no listener, what settles removes its own', async () => {
    const [tx, rx] = channel<string>(1);
    const { signal } = new AbortController();
    await tx.send('a', { signal });
    const parked = tx.send('b', { signal });
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    await rx.recv({ signal });
    await parked;
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  test('in the same tick, the hand-off before the abort wins', async () => {
    const [tx, rx] = channel<string>(1);
    const controller = new AbortController();
    const receiving = rx.recv({ signal: controller.signal });
    tx.trySend('a');
    controller.abort('too late');
    expect(await receiving).toEqual(item('a'));
  });

  test('in the same tick, the abort before the hand-off wins, and the item stays', async () => {
    const [tx, rx] = channel<string>(1);
    const controller = new AbortController();
    const receiving = rx.recv({ signal: controller.signal });
    controller.abort('in time');
    tx.trySend('a');
    await expect(receiving).rejects.toBe('in time');
    expect(rx.tryRecv()).toEqual({ ok: true, value: 'a' });
  });
});

describe('permits', () => {
  test('the last one, released or used, lets a waiting receive end', async () => {
    for (const finish of [(permit: Permit<string>) => permit.release(), (permit: Permit<string>) => permit[Symbol.dispose]()]) {
      const [tx, rx] = channel<string>(1);
      const permit = await tx.reserve();
      rx.close();
      const waiting = rx.recv();
      await turn();
      finish(permit);
      expect(await waiting).toEqual(END);
    }
    const [tx, rx] = channel<string>(1);
    const permit = await tx.reserve();
    tx.close();
    permit.send('after the close');
    expect([await rx.recv(), await rx.recv()]).toEqual([item('after the close'), END]);
  });

  test('send once; releasing afterwards changes nothing', async () => {
    const [tx, rx] = channel<string>(2);
    const permit = await tx.reserve();
    permit.send('a');
    permit.release();
    permit[Symbol.dispose]();
    expect(() => permit.send('b')).toThrow(expect.objectContaining({ code: 'ERR_PERMIT_USED' }));
    expect([rx.length, tx.capacity]).toEqual([1, 1]);
  });

  test('hold their slot', () => {
    const [tx] = channel<string>(1);
    const permit = tx.tryReserve();
    expect(tx.trySend('a')).toEqual({ ok: false, reason: 'full' });
    permit?.release();
    expect(tx.trySend('a')).toEqual({ ok: true });
  });
});

describe('closing', () => {
  test('by the receiver refuses waiting sends with their items, and drains', async () => {
    const [tx, rx] = full();
    const parked = tx.send('parked');
    rx.close();
    rx.close();
    await expect(parked).rejects.toMatchObject({ code: 'ERR_CHANNEL_CLOSED', value: 'parked' });
    expect(tx.trySend('x')).toEqual({ ok: false, reason: 'closed' });
    expect([await rx.recv(), await rx.recv()]).toEqual([item('first'), END]);
    expect(rx.tryRecv()).toEqual({ ok: false, reason: 'closed' });
  });

  test('by the last sender lets waiting sends arrive', async () => {
    const [tx, rx] = full();
    const parked = tx.send('parked');
    tx.close();
    expect([await rx.recv(), await rx.recv(), await rx.recv()]).toEqual([item('first'), item('parked'), END]);
    await parked;
  });

  test('with a cause: the receiver drains, then rejects with it every time; a loop throws it', async () => {
    const cause = new Error('lost');
    const [tx, rx] = full();
    const parked = tx.send('parked');
    tx.close(cause);
    await expect(parked).rejects.toMatchObject({ value: 'parked', cause });
    expect(await rx.recv()).toEqual(item('first'));
    await expect(rx.recv()).rejects.toBe(cause);
    await expect(rx.recv()).rejects.toBe(cause);
    await expect(
      (async () => {
        for await (const each of rx) expect.unreachable(each);
      })(),
    ).rejects.toBe(cause);
  });

  test('ends a receive that waits', async () => {
    const [tx, rx] = channel<string>(1);
    const waiting = rx.recvMany([], 3);
    tx.close();
    expect(await waiting).toBe(0);
  });

  test('twice, by disposing, and after disposing changes nothing', () => {
    const [tx, rx] = channel<string>(1);
    const other = tx.clone();
    tx.close();
    tx.close(new Error('ignored'));
    tx[Symbol.dispose]();
    expect([tx.isClosed, other.isClosed, rx.isClosed]).toEqual([true, false, false]);
    other.close();
    rx[Symbol.dispose]();
    rx[Symbol.dispose]();
    rx.close();
    expect(rx.isClosed).toBe(true);
  });

  test('a clone keeps the channel open; a closed sender cannot be cloned', async () => {
    const [tx, rx] = channel<string>(1);
    const clone = tx.clone();
    tx.close();
    expect(() => tx.clone()).toThrow(CLOSED);
    await expect(tx.send('x')).rejects.toEqual(CLOSED);
    await clone.send('a');
    clone.close();
    expect([await rx.recv(), await rx.recv()]).toEqual([item('a'), END]);
  });

  test('a weak sender keeps nothing open, and cannot come back after the last', async () => {
    const [tx, rx] = channel<string>(1);
    const weak = tx.downgrade();
    const strong = weak.upgrade();
    tx.close();
    await strong?.send('a');
    strong?.close();
    expect(weak.upgrade()).toBeUndefined();
    expect([await rx.recv(), await rx.recv()]).toEqual([item('a'), END]);
  });

  test('closed() tells each sender', async () => {
    const [tx, rx] = channel<string>(1);
    const clone = tx.clone();
    const told: string[] = [];
    void tx.closed().then(() => told.push('sender'));
    void clone.closed().then(() => told.push('clone'));
    tx.close();
    await turn();
    expect(told).toEqual(['sender']);
    rx.close();
    await turn();
    expect(told).toEqual(['sender', 'clone']);
    await clone.closed();
  });
});
