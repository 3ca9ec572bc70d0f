import { expect, test } from 'vitest';
import { channel } from '../../../lib/index.js';

test('items arrive in order, and the end after the last sender', async () => {
  const [tx, rx] = channel<number>(2);
  const sent = (async () => {
    for (let i = 0; i < 10; i++) await tx.send(i);
    tx.close();
  })();
  const items: number[] = [];
  for await (const item of rx) items.push(item);
  await sent;
  expect(items).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});
