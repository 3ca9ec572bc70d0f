import { beforeEach, describe, expect, test } from 'vitest';
import { budget } from '../../../lib/budget.js';
import { channel, select, type Receiver, type Sender } from '../../../lib/index.js';
import { collected, counted, errorOf, settle, watch } from '../../support/promises.js';

// On a busy machine a selection may be due to let the event loop turn: then it looks, and waits, only after that.
beforeEach(() => {
  budget.renew();
  budget.ticks = 1000;
});

const listed = { order: 'listed' } as const;

describe('a branch that is ready', () => {
  test('happens at once, and no other does', async () => {
    const [tx, rx] = channel<string>(2);
    const [otherTx, otherRx] = channel<number>(2);
    await tx.send('a');
    await tx.send('b');
    await otherTx.send(1);
    expect(await select([{ recv: rx }, { recv: otherRx }, { send: otherTx, item: 2 }], listed)).toEqual({ index: 0, result: { done: false, value: 'a' } });
    expect([rx.length, otherRx.length]).toEqual([1, 1]);
  });

  test('may be a send, which hands its item over', async () => {
    const [tx, rx] = channel<string>(1);
    const [, idle] = channel<number>(1);
    expect(await select([{ recv: idle }, { send: tx, item: 'x' }])).toEqual({ index: 1, result: undefined });
    expect(rx.tryRecv()).toEqual({ ok: true, value: 'x' });
  });

  test('is favoured in its turn, so that none starves; with listed the first always wins', async () => {
    const ends = [channel<number>(100), channel<number>(100)] as const;
    for (let n = 0; n < 100; n++) for (const [tx] of ends) tx.trySend(n);
    const wins = [0, 0];
    for (let n = 0; n < 40; n++) wins[(await select([{ recv: ends[0][1] }, { recv: ends[1][1] }])).index]!++;
    expect(wins).toEqual([20, 20]);
    for (let n = 0; n < 40; n++) wins[(await select([{ recv: ends[0][1] }, { recv: ends[1][1] }], listed)).index]!++;
    expect(wins).toEqual([60, 20]);
  });

  test('is also a receive that will never get anything: it gives the end, or the failure', async () => {
    const [tx, rx] = channel<number>(1);
    tx.close();
    const [failing, failed] = channel<number>(1);
    failing.close(new Error('the disk is gone'));
    const [, idle] = channel<number>(1);
    expect(await select([{ recv: idle }, { recv: rx }])).toEqual({ index: 1, result: { done: true, value: undefined } });
    expect(await errorOf(select([{ recv: failed }, { recv: idle }]))).toEqual(new Error('the disk is gone'));
  });

  test('is refused where it sends to a closed channel; the item comes back', async () => {
    const [tx, rx] = channel<number>(1);
    rx.close();
    expect(await errorOf(select([{ send: tx, item: 7 }]))).toMatchObject({ code: 'ERR_CHANNEL_CLOSED', value: 7 });
  });
});

describe('while none is ready', () => {
  test('it waits; the first that is served calls off all others, before they can happen too', async () => {
    const [tx, rx] = channel<string>(1);
    const [otherTx, otherRx] = channel<string>(1);
    const chosen = watch(select([{ recv: rx }, { recv: otherRx }]));
    await settle();
    expect(chosen.state).toBe('pending');
    expect([tx.trySend('a'), otherTx.trySend('b')]).toEqual([{ ok: true }, { ok: true }]);
    await settle();
    expect(chosen.value).toEqual({ index: 0, result: { done: false, value: 'a' } });
    expect([rx.length, otherRx.length]).toEqual([0, 1]);
    expect(await otherRx.recv()).toEqual({ done: false, value: 'b' });
  });

  test('a send has its place in the queue, and leaves it when another branch wins', async () => {
    const [full, fullRx] = channel<string>(1);
    const [tx, rx] = channel<string>(1);
    await full.send('first');
    const chosen = watch(select([{ send: full, item: 'loser' }, { recv: rx }]));
    const behind = watch(full.send('behind'));
    expect(fullRx.pendingSends).toBe(2);
    await tx.send('winner');
    await settle();
    expect([chosen.value, fullRx.pendingSends]).toEqual([{ index: 1, result: { done: false, value: 'winner' } }, 1]);
    expect([await fullRx.recv(), await fullRx.recv()].map(({ value }) => value)).toEqual(['first', 'behind']);
    expect(behind.state).toBe('fulfilled');
  });

  test('a send whose turn comes wins', async () => {
    const [full, fullRx] = channel<string>(1);
    const [tx, rx] = channel<string>(1);
    await full.send('first');
    const chosen = watch(select([{ recv: rx }, { send: full, item: 'second' }]));
    expect([(await fullRx.recv()).value, tx.trySend('late')]).toEqual(['first', { ok: true }]);
    await settle();
    expect([chosen.value, (await fullRx.recv()).value, rx.length]).toEqual([{ index: 1, result: undefined }, 'second', 1]);
  });

  test('an abort calls all off, and leaves no trace', async () => {
    const [full, fullRx] = channel<string>(1);
    const [tx, rx] = channel<string>(1);
    await full.send('first');
    const controller = new AbortController();
    const chosen = select([{ send: full, item: 'never' }, { recv: rx }], { signal: controller.signal });
    controller.abort('enough');
    expect(await errorOf(chosen)).toBe('enough');
    expect(fullRx.pendingSends).toBe(0);
    await tx.send('kept');
    expect([(await rx.recv()).value, (await fullRx.recv()).value, fullRx.length]).toEqual(['kept', 'first', 0]);
    expect(await errorOf(select([{ recv: rx }], { signal: controller.signal }))).toBe('enough');
  });

  test('an abort after one has won changes nothing', async () => {
    const [tx, rx] = channel<string>(1);
    const controller = new AbortController();
    const chosen = select([{ recv: rx }], { signal: controller.signal });
    tx.trySend('a');
    controller.abort();
    expect(await chosen).toEqual({ index: 0, result: { done: false, value: 'a' } });
  });

  test('closing ends it: a receive gets the end, a send is refused', async () => {
    const [tx, rx] = channel<string>(1);
    const [full, fullRx] = channel<string>(1);
    await full.send('first');
    const ended = select([{ recv: rx }]);
    const refused = select([{ send: full, item: 'no' }, { send: full.clone(), item: 'neither' }]);
    tx.close();
    fullRx.close();
    expect(await ended).toEqual({ index: 0, result: { done: true, value: undefined } });
    expect(await errorOf(refused)).toMatchObject({ code: 'ERR_CHANNEL_CLOSED', value: 'no' });
    expect(fullRx.pendingSends).toBe(0);
  });

  test('two sends into one channel: one slot serves one of them, and the other makes way for those behind', async () => {
    const [tx, rx] = channel<string>(2);
    for (const item of ['a', 'b']) await tx.send(item);
    const chosen = watch(select([{ send: tx, item: 'c' }, { send: tx, item: 'd' }]));
    // A selection that comes when the time of its turn is spent gives others theirs before it waits.
    while (rx.pendingSends < 2) await new Promise(setImmediate);
    const behind = watch(tx.send('e'));
    const into: string[] = [];
    expect([rx.tryRecvMany(into, 1), rx.length, rx.pendingSends]).toEqual([1, 2, 1]);
    await settle();
    expect([chosen.value, behind.state]).toEqual([{ index: 0, result: undefined }, 'pending']);
    rx.tryRecvMany(into, Infinity);
    expect(into).toEqual(['a', 'b', 'c', 'e']);
  });

  test('it never receives what it sends itself', async () => {
    const [tx, rx] = channel<string>(1);
    const permit = tx.tryReserve();
    const chosen = watch(select([{ recv: rx }, { send: tx, item: 'own' }]));
    await settle();
    permit?.release();
    await settle();
    expect([chosen.value, rx.length]).toEqual([{ index: 1, result: undefined }, 1]);
  });

  test('two that wait for each other are served once each', async () => {
    const [tx, rx] = channel<string>(1);
    const [, idle] = channel<string>(1);
    const receiving = select([{ recv: rx }, { recv: idle }]);
    expect([await select([{ send: tx, item: 'x' }]), await receiving]).toEqual([
      { index: 0, result: undefined },
      { index: 0, result: { done: false, value: 'x' } },
    ]);
  });

  test('nothing is kept of an item that a lost branch would have sent', async () => {
    const [full] = channel<object>(1);
    await full.send({});
    const [tx, rx] = channel<object>(1);
    await collected(async () => {
      const item = {};
      const chosen = select([{ send: full, item }, { recv: rx }]);
      await tx.send({});
      await chosen;
      return item;
    });
  });
});

describe('what is refused at once', () => {
  test('no branch, a receiver twice, a receiver that waits already', () => {
    const [, rx] = channel<number>(1);
    expect(() => select([])).toThrow(TypeError);
    expect(() => select([{ recv: rx }, { recv: rx }])).toThrow(TypeError);
    void rx.recv();
    expect(() => select([{ recv: rx }])).toThrow(expect.objectContaining({ code: 'ERR_CONCURRENT_RECEIVE' }));
  });

  test('what channel() did not make', async () => {
    const [tx, rx] = channel<number>(1);
    expect(() => select([{ recv: { ...rx } as Receiver<number> }])).toThrow(TypeError);
    await tx.send(1);
    const imitation = { trySend: () => tx.trySend(2) } as unknown as Sender<number>;
    expect(await errorOf(select([{ send: imitation, item: 2 }]))).toBeInstanceOf(TypeError);
  });
});

test('its signal has one listener while it waits, and none afterwards, whoever wins', async () => {
  const { signal, listeners } = counted();
  const [tx, rx] = channel<string>(1);
  const [full, fullRx] = channel<string>(1);
  full.trySend('x');
  const received = select([{ recv: rx }, { send: full, item: 'y' }], { signal });
  expect(listeners()).toBe(1);
  tx.trySend('a');
  await received;
  expect(listeners()).toBe(0);
  const sent = select([{ recv: rx }, { send: full, item: 'y' }], { signal });
  expect(listeners()).toBe(1);
  fullRx.tryRecv();
  await sent;
  expect(listeners()).toBe(0);
});

test('always ready, it lets the event loop turn', async () => {
  const [tx, rx] = channel<number>(1);
  let isOver = false;
  const timer = setTimeout(() => (isOver = true), 1);
  while (!isOver) {
    tx.trySend(1);
    await select([{ recv: rx }]);
  }
  clearTimeout(timer);
  expect(isOver).toBe(true);
});

/** What a history does with two channels of one slot and a selection that receives from the first and sends to the second. */
const steps = ['sendFirst', 'takeFirst', 'sendSecond', 'takeSecond', 'select', 'abort', 'closeFirst', 'closeSecond'] as const;
type Step = (typeof steps)[number];

describe('every history of five steps', () => {
  /** Runs a history, then lets everything end. What went in must come out once, at the one place where it was seen to go. */
  async function run(history: readonly Step[]): Promise<void> {
    const first = channel<string>(1);
    const second = channel<string>(1);
    const accepted: string[] = [];
    const received: string[] = [];
    const rejected: string[] = [];
    const put = (sending: Promise<unknown>, item: string): void => {
      void sending.then(
        () => accepted.push(item),
        () => rejected.push(item),
      );
    };
    let controller: AbortController | undefined;
    const pending: Promise<unknown>[] = [];
    for (const [at, step] of history.entries()) {
      if (step === 'sendFirst') put(first[0].send(`first ${at}`), `first ${at}`);
      if (step === 'sendSecond') put(second[0].send(`second ${at}`), `second ${at}`);
      if (step === 'abort') controller?.abort();
      if (step === 'closeFirst') first[1].close();
      if (step === 'closeSecond') second[1].close();
      if (step === 'takeSecond') take(second[1], received);
      if (step === 'takeFirst' && controller === undefined) take(first[1], received);
      if (step === 'select' && controller === undefined) {
        const mine = (controller = new AbortController());
        const item = `selected ${at}`;
        const selecting = select([{ recv: first[1] }, { send: second[0], item }], { signal: mine.signal }).then(
          (chosen) => {
            if (chosen.index === 1) accepted.push(item);
            else {
              rejected.push(item);
              if (chosen.result.done !== true) received.push(chosen.result.value);
            }
          },
          () => rejected.push(item),
        );
        pending.push(selecting.finally(() => (controller = undefined)));
      }
      for (let hop = 0; hop < 8; hop++) await Promise.resolve();
      if (first[1].length > 1 || second[1].length > 1) throw new Error('capacity exceeded');
    }
    controller?.abort();
    await Promise.all(pending);
    for (const [, rx] of [first, second]) {
      rx.close();
      while (rx.length > 0) take(rx, received);
    }
    for (let hop = 0; hop < 8; hop++) await Promise.resolve();
    const all = history.flatMap((step, at) => (step === 'sendFirst' ? [`first ${at}`] : step === 'sendSecond' ? [`second ${at}`] : []));
    const isWhole = [...accepted].sort().join() === [...received].sort().join() && all.every((item) => accepted.includes(item) !== rejected.includes(item));
    const isOrdered = ['first', 'second'].every((name) => isAscending(received.filter((item) => item.startsWith(name))));
    if (!isWhole || !isOrdered) throw new Error(`${history.join(', ')}: accepted ${accepted.join()}; received ${received.join()}; rejected ${rejected.join()}`);
  }

  test('loses nothing, doubles nothing, reorders nothing', { timeout: 120_000 }, async () => {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    let count = 0;
    let batch: Promise<void>[] = [];
    for (const history of histories(5)) {
      batch.push(run(history));
      count++;
      if (batch.length < 500) continue;
      await Promise.all(batch);
      batch = [];
    }
    await Promise.all(batch);
    Error.stackTraceLimit = stackTraceLimit;
    expect(count).toBeGreaterThan(10_000);
  });
});

/** All histories in which a selection is made, aborts follow one, and nothing is closed twice. */
function* histories(length: number, begun: readonly Step[] = []): Generator<readonly Step[]> {
  if (begun.length === length) {
    if (begun.includes('select')) yield begun;
    return;
  }
  for (const step of steps) {
    const isPointless = (step === 'abort' && !begun.includes('select')) || (step.startsWith('close') && begun.includes(step));
    if (!isPointless) yield* histories(length, [...begun, step]);
  }
}

function take(rx: Receiver<string>, into: string[]): void {
  const result = rx.tryRecv();
  if (result.ok) into.push(result.value);
}

function isAscending(items: readonly string[]): boolean {
  return items.every((item, at) => at === 0 || Number(item.split(' ')[1]) > Number(items[at - 1]?.split(' ')[1]));
}
