import { expect, test } from 'vitest';
import { oneshot } from '../../lib/index.js';

test('a value reaches whoever waits, and whoever asks later', async () => {
  const [tx, rx] = oneshot<string>();
  const early = rx.then((value) => `early ${value}`);
  expect(rx.tryRecv()).toEqual({ ok: false, reason: 'empty' });
  expect(tx.send('a')).toBe(true);
  expect(await early).toBe('early a');
  expect(await rx).toBe('a');
  expect(rx.tryRecv()).toEqual({ ok: true, value: 'a' });
});

test('a second send is a mistake', () => {
  const [tx] = oneshot<number>();
  tx.send(1);
  expect(() => tx.send(2)).toThrow(expect.objectContaining({ code: 'ERR_PERMIT_USED' }));
});

test('a sender that goes without sending tells so', async () => {
  const [tx, rx] = oneshot<number>();
  const waiting = rx.then();
  tx[Symbol.dispose]();
  await expect(waiting).rejects.toMatchObject({ name: 'RecvError', code: 'ERR_SENDER_DROPPED' });
  expect(rx.tryRecv()).toEqual({ ok: false, reason: 'closed' });
});

test('disposing after sending changes nothing', async () => {
  const [tx, rx] = oneshot<undefined>();
  tx.send(undefined);
  tx[Symbol.dispose]();
  tx[Symbol.dispose]();
  expect(await rx).toBeUndefined();
});

test('a closed receiver gets nothing, but keeps what was sent before', async () => {
  const [tx, rx] = oneshot<number>();
  expect(tx.isClosed).toBe(false);
  rx.close();
  expect(tx.isClosed).toBe(true);
  expect(tx.send(1)).toBe(false);
  await expect(rx).rejects.toMatchObject({ code: 'ERR_SENDER_DROPPED' });
  const [tx2, rx2] = oneshot<number>();
  tx2.send(2);
  rx2.close();
  expect(await rx2).toBe(2);
});

test('tryRecv gives a thenable as it is', () => {
  const [tx, rx] = oneshot<PromiseLike<number>>();
  const thenable = Promise.resolve(1);
  tx.send(thenable);
  expect(rx.tryRecv()).toEqual({ ok: true, value: thenable });
});
