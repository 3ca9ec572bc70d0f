import { describe, expect, test } from 'vitest';
import type { OperationName } from './operations.js';
import { runAll, type Family } from './sequences.js';

/** What is done to a channel day by day: every history of these, up to a length of 7. */
const daily: readonly OperationName[] = [
  'send',
  'trySend',
  'abortSend',
  'reserve',
  'usePermit',
  'releasePermit',
  'recv',
  'tryRecv',
  'recvTwo',
  'abortReceive',
  'closeReceiver',
  'closeSender',
];
/** What is rarer, with what it meets: as long. */
const rarer: Readonly<Record<string, readonly OperationName[]>> = {
  'several permits at once, aborts and close': ['send', 'reserve', 'reserveTwo', 'usePermit', 'releasePermit', 'abortSend', 'recv', 'closeReceiver'],
  'every way to end': ['send', 'reserve', 'usePermit', 'recv', 'closeReceiver', 'closeSender', 'failSender', 'leave'],
};
/** Shorter histories of all there is. */
const everything: readonly OperationName[] = [...new Set([...daily, ...Object.values(rarer).flat()]), 'tryReserve', 'abortFirstSend'];

const runs: readonly (readonly [string, Family, number])[] = [1, 2].flatMap((capacity) => [
  [`items, permits, aborts and ends, capacity ${capacity}`, { names: daily, capacity, length: 7 }, 1_400_000] as const,
  ...Object.entries(rarer).map(([title, names]) => [`${title}, capacity ${capacity}`, { names, capacity, length: 7 }, 25_000] as const),
  [`everything, capacity ${capacity}`, { names: everything, capacity, length: 5 }, 100_000] as const,
  [`everything, capacity ${capacity}, where every receive lets the event loop turn`, { names: everything, capacity, length: 4, doRest: true }, 10_000] as const,
]);

describe('every valid history does what the model says', () => {
  test.each(runs)('%s', async (_, family, least) => {
    expect(await runAll(family)).toBeGreaterThan(least);
  });
});
