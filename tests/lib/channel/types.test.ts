// What is asserted here is asserted by the type check of the tests; running it shows that the expressions exist.
import { expect, expectTypeOf, test } from 'vitest';
import { channel, oneshot, select, snapshotStream, watch, type Owned, type Permit, type Receiver, type Sender, type TryRecvResult } from '../../../lib/index.js';

test('handles carry the type of their items', () => {
  const [tx, rx] = channel<string>(1);
  expectTypeOf(tx).toEqualTypeOf<Sender<string>>();
  expectTypeOf(rx).toEqualTypeOf<Receiver<string>>();
  expectTypeOf(tx.send).parameter(0).toEqualTypeOf<string>();
  expectTypeOf(tx.reserve).returns.resolves.toEqualTypeOf<Permit<string>>();
  expectTypeOf(rx.recv).returns.resolves.toEqualTypeOf<IteratorResult<string, undefined>>();
  expectTypeOf(rx.batches(2)).toEqualTypeOf<AsyncIterableIterator<string[], undefined, undefined>>();
  expectTypeOf(rx).toExtend<AsyncIterable<string>>();
  expectTypeOf(rx).toExtend<Disposable>();
  expect([tx.isClosed, rx.isClosed]).toEqual([false, false]);
});

test('an outcome is narrowed by ok', () => {
  const [tx, rx] = channel<number>(1);
  const sent = tx.trySend(1);
  expectTypeOf(sent).extract<{ ok: false }>().toHaveProperty('reason').toEqualTypeOf<'full' | 'closed'>();
  const received: TryRecvResult<number> = rx.tryRecv();
  if (received.ok) expectTypeOf(received.value).toEqualTypeOf<number>();
  else expectTypeOf(received.reason).toEqualTypeOf<'empty' | 'closed'>();
  expect([sent.ok, received.ok]).toEqual([true, true]);
});

test('a snapshot stream gives owned bytes; a oneshot can be awaited; a watch has a value', () => {
  expectTypeOf(snapshotStream).returns.toEqualTypeOf<Receiver<Owned<Uint8Array<ArrayBuffer>>>>();
  expectTypeOf(oneshot<number>).returns.items.toExtend<Disposable>();
  const [, answer] = oneshot<number>();
  expectTypeOf<Awaited<typeof answer>>().toEqualTypeOf<number>();
  const [config] = watch('a' as string);
  expectTypeOf(config.value).toEqualTypeOf<string>();
  expect(config.value).toBe('a');
});

test('a selection’s result goes with its index; a send’s item is its sender’s', async () => {
  const [tx, rx] = channel<number>(1);
  const [, names] = channel<string>(1);
  const chosen = await select([{ recv: names }, { send: tx, item: 1 }]);
  expectTypeOf(chosen.index).toEqualTypeOf<0 | 1>();
  if (chosen.index === 0) expectTypeOf(chosen.result).toEqualTypeOf<IteratorResult<string, undefined>>();
  else expectTypeOf(chosen.result).toEqualTypeOf<undefined>();
  // @ts-expect-error -- the sender takes numbers
  const wrong = (): unknown => select([{ recv: rx }, { send: tx, item: 'one' }]);
  expect([chosen.index, typeof wrong]).toEqual([1, 'function']);
});
