import { expect, test } from 'vitest';
import { TaskScope, broadcast, channel, oneshot, select, snapshotStream, spawnActor, watch } from '../../lib/index.js';
import { collected, settle } from '../support/promises.js';

/** What is alive while an item is looked for. */
type Alive = readonly unknown[];

/** An actor's handler that refers to an item; made apart, since functions made in one place keep each other's variables. */
const holding = (item: object) => () => (n: number) => (n === 0 ? item : undefined);

/** Each gives an item to something, ends it, and hands back what a program may still hold of it. */
const cases: Readonly<Record<string, (item: object) => Promise<Alive>>> = {
  'a oneshot that was received from and let go': async (item) => {
    const [tx, rx] = oneshot<object>();
    tx.send(item);
    await rx;
    return [tx];
  },
  'a oneshot that was closed before it was sent to': async (item) => {
    const [tx, rx] = oneshot<object>();
    rx.close();
    tx.send(item);
    return Promise.resolve([tx, rx]);
  },
  'a watch whose value has changed': async (item) => {
    const [tx, rx] = watch<object>(item);
    tx.send({});
    await rx.changed();
    return [tx, rx];
  },
  'a broadcast that every receiver has taken it from': async (item) => {
    const tx = broadcast<object>(4);
    const receivers = [tx.subscribe(), tx.subscribe()];
    tx.send(item);
    for (const rx of receivers) await rx.recv();
    return [tx, receivers];
  },
  'a broadcast whose receivers have left': async (item) => {
    const tx = broadcast<object>(4);
    const rx = tx.subscribe();
    tx.send(item);
    rx[Symbol.dispose]();
    return Promise.resolve([tx, rx]);
  },
  'a broadcast that has overwritten it': async (item) => {
    const tx = broadcast<object>(1);
    const rx = tx.subscribe();
    tx.send(item);
    tx.send({});
    return Promise.resolve([tx, rx]);
  },
  'a channel that sends were waiting for when it closed': async (item) => {
    const [tx, rx] = channel<object>(1);
    await tx.send({});
    const refused = tx.send(item).catch(() => undefined);
    rx[Symbol.dispose]();
    await refused;
    return [tx, rx];
  },
  'a channel that let a waiting send in': async (item) => {
    const [tx, rx] = channel<object>(1);
    await tx.send({});
    const sent = tx.send(item);
    await rx.recv();
    await rx.recv();
    await sent;
    return [tx, rx];
  },
  'a selection that received it': async (item) => {
    const [tx, rx] = channel<object>(1);
    const [other, idle] = channel<object>(1);
    const chosen = select([{ recv: idle }, { recv: rx }]);
    await tx.send(item);
    await chosen;
    return [tx, rx, other, idle];
  },
  'a stream of snapshots whose consumer has left': async (item) => {
    const stream = snapshotStream(
      async (emit) => {
        // What the worker holds goes with it.
        for (; item !== undefined; ) await emit(new Uint8Array(1));
      },
      { capacity: 1 },
    );
    for await (const _ of stream) break;
    await settle();
    return [stream];
  },
  'a scope whose tasks have ended': async (item) => {
    const scope = new TaskScope();
    scope.spawn(() => item);
    await scope.join();
    return [scope];
  },
  'an actor that has handled it': async (item) => {
    const scope = new TaskScope();
    const actor = spawnActor<object>(scope, { capacity: 2, init: () => () => undefined });
    await actor.ask(item);
    await actor.ask({});
    return [scope, actor];
  },
  'an actor that has stopped before it came to it': async (item) => {
    const scope = new TaskScope();
    const actor = spawnActor<object>(scope, { capacity: 2, init: () => (_, turn) => new Promise((resolve) => turn.onCancel(resolve)) });
    await actor.tell({});
    await actor.tell(item);
    scope.cancel();
    await actor.stop();
    return [scope, actor];
  },
  'an actor whose handler was swapped': async (item) => {
    const scope = new TaskScope();
    const actor = spawnActor<number>(scope, { capacity: 2, init: holding(item) });
    await actor.ask(1);
    await actor.swap(() => () => undefined);
    await actor.ask(1);
    return [scope, actor];
  },
};

test.each(Object.entries(cases))('nothing is kept by %s', async (_, run) => {
  const alive: Alive[] = [];
  await collected(async () => {
    const item = {};
    alive.push(await run(item));
    return item;
  });
  expect(alive).toHaveLength(10);
});
