import { retry } from '../../../../lib/index.js';
import type { Contender, Table } from '../table.js';

const settled = Promise.resolve();

function calling(kind: Contender['kind'], call: () => Promise<unknown>, isRival = false): Contender {
  return {
    kind,
    isRival,
    make: () => async (count) => {
      for (let turn = 0; turn < count; turn++) await call();
      return count;
    },
  };
}

const attempt = async (): Promise<void> => {
  await settled;
};

/** What is used of the package. */
interface Cockatiel {
  readonly ExponentialBackoff: new () => object;
  readonly handleAll: object;
  retry(policy: object, options: { maxAttempts: number; backoff: object }): { execute(call: () => Promise<void>): Promise<void> };
}

/** A call that succeeds at once: what being able to try again costs those who need not. */
export const retryTable: Table = {
  name: 'retry',
  title: 'A call under a retry policy that succeeds at once',
  parameterTitle: 'attempts at most',
  parameters: [3],
  time: 'cpu',
  floor: 'a loop with try and catch',
  contenders: {
    'a loop with try and catch': calling('floor', async () => {
      for (let turn = 1; ; turn++) {
        try {
          return await attempt();
        } catch (error) {
          if (turn === 3) throw error;
        }
      }
    }),
    'no policy': calling('floor', attempt),
    retry: calling('ours', () => retry(attempt)),
    'cockatiel, retry': {
      kind: 'peer',
      isRival: true,
      make: async (load) => {
        const { ExponentialBackoff, handleAll, retry: policyOf } = await load<Cockatiel>('cockatiel');
        const policy = policyOf(handleAll, { maxAttempts: 3, backoff: new ExponentialBackoff() });
        return await calling('peer', () => policy.execute(attempt)).make(load);
      },
    },
  },
  bars: [],
  check: (count) => count,
  peers: { cockatiel: '3.2.1' },
};
