import { expect, test } from 'vitest';
import { Dispatcher, TaskScope } from '../../../lib/index.js';
import { errorOf, settle } from '../../support/promises.js';
import { spawned } from './harness.js';

interface Topics {
  readonly orders: number;
  readonly news: string;
}

test('a message goes to every actor of its topic, in order', async () => {
  const scope = new TaskScope();
  const dispatcher = new Dispatcher<Topics>(scope);
  const seen: string[] = [];
  const { ref } = spawned<number>({ init: () => (n) => void seen.push(`actor ${n}`) }, scope);
  dispatcher.register('orders', ref);
  dispatcher.register('orders', (n) => void seen.push(`handler ${n}`));
  dispatcher.register('news', { receive: (text) => void seen.push(text) });
  for (const n of [1, 2]) await dispatcher.dispatch('orders', n);
  await dispatcher.dispatch('news', 'extra');
  await settle();
  expect(seen.filter((entry) => entry.startsWith('handler'))).toEqual(['handler 1', 'handler 2']);
  expect(seen.filter((entry) => entry.startsWith('actor'))).toEqual(['actor 1', 'actor 2']);
  expect(seen).toContain('extra');
});

test('a registration ends with its handle: a handler handles what waits and ends, an actor goes on', async () => {
  const scope = new TaskScope();
  const unrouted: unknown[] = [];
  const dispatcher = new Dispatcher<Topics>(scope, { onUnrouted: (topic, message) => unrouted.push([topic, message]) });
  const seen: number[] = [];
  const { ref } = spawned<number>({ init: () => (n) => void seen.push(-n) }, scope);
  const handles = [dispatcher.register('orders', (n) => void seen.push(n)), dispatcher.register('orders', ref)];
  await dispatcher.dispatch('orders', 1);
  for (const handle of handles) {
    handle[Symbol.dispose]();
    handle[Symbol.dispose]();
  }
  await dispatcher.dispatch('orders', 2);
  await settle();
  expect([seen.sort(), unrouted, scope.size, ref.isStopped]).toEqual([[-1, 1], [['orders', 2]], 1, false]);
  dispatcher.register('news', ref as never);
  dispatcher[Symbol.dispose]();
  await dispatcher.dispatch('news', 'x');
  expect(unrouted).toHaveLength(2);
});

test('the handler of a topic is swapped under load without losing a message', async () => {
  const scope = new TaskScope();
  const dispatcher = new Dispatcher<Topics>(scope, { actor: { capacity: 4 } });
  const seen: [string, number][] = [];
  const handler = (name: string) => async (n: number) => {
    await settle();
    seen.push([name, n]);
  };
  dispatcher.register('orders', handler('first'));
  const sending = (async () => {
    for (let n = 0; n < 300; n++) await dispatcher.dispatch('orders', n);
  })();
  for (const name of ['second', 'third', 'fourth']) {
    await settle();
    await dispatcher.swap('orders', () => handler(name), { drain: name === 'third' ? 'mailbox' : 'current' });
  }
  await sending;
  while (seen.length < 300) await settle();
  expect(seen.map(([, n]) => n)).toEqual(Array.from({ length: 300 }, (_, n) => n));
  expect(new Set(seen.map(([name]) => name)).has('fourth')).toBe(true);
  expect(await errorOf(dispatcher.swap('news', () => () => 1))).toBeInstanceOf(RangeError);
});

test('a topic that everybody left is forgotten, and can be taken up again', async () => {
  const unrouted: string[] = [];
  const dispatcher = new Dispatcher<Topics>(new TaskScope(), { onUnrouted: (topic) => unrouted.push(topic) });
  const { ref, scope } = spawned<number>({ init: () => () => undefined });
  const first = dispatcher.register('orders', ref);
  first[Symbol.dispose]();
  const second = dispatcher.register('orders', ref);
  // The first handle has done its work.
  first[Symbol.dispose]();
  await dispatcher.dispatch('orders', 1);
  second[Symbol.dispose]();
  await dispatcher.dispatch('orders', 2);
  expect(unrouted).toEqual(['orders']);
  scope.cancel();
});
