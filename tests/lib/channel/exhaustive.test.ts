import { describe, expect, test } from 'vitest';
import type { OperationName } from './operations.js';
import { runAll, type Family } from './sequences.js';

/** What is combined in long histories. */
const families: Readonly<Record<string, readonly OperationName[]>> = {
  'items, aborts and the last sender': ['send', 'trySend', 'abortSend', 'recv', 'tryRecv', 'recvTwo', 'abortReceive', 'closeSender'],
  'permits, aborts and close': ['send', 'reserve', 'reserveTwo', 'usePermit', 'releasePermit', 'abortSend', 'recv', 'closeReceiver'],
  'aborts on both sides, and permits': ['send', 'reserve', 'usePermit', 'releasePermit', 'abortSend', 'recv', 'abortReceive', 'closeReceiver'],
  'every way to end': ['send', 'reserve', 'usePermit', 'recv', 'closeReceiver', 'closeSender', 'failSender', 'leave'],
};
/** Shorter histories of all there is. */
const everything: readonly OperationName[] = [...new Set(Object.values(families).flat()), 'tryReserve', 'abortFirstSend'];

const runs: readonly (readonly [string, Family, number])[] = [1, 2].flatMap((capacity) => [
  ...Object.entries(families).map(([title, names]) => [`${title}, capacity ${capacity}`, { names, capacity, length: 7 }, 25_000] as const),
  [`everything, capacity ${capacity}`, { names: everything, capacity, length: 4 }, 10_000] as const,
  [`everything, capacity ${capacity}, where every receive lets the event loop turn`, { names: everything, capacity, length: 4, doRest: true }, 10_000] as const,
]);

describe('every valid history does what the model says', () => {
  test.each(runs)('%s', async (_, family, least) => {
    expect(await runAll(family)).toBeGreaterThan(least);
  });
});
