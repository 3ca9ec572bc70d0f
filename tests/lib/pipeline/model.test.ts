import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CancelToken, pipeline } from '../../../lib/index.js';
import type { Pipeline } from '../../../lib/index.js';
import { settle, unhandledDuring, watch } from '../../support/promises.js';

interface Item {
  readonly n: number;
}

const stage = fc.oneof(
  fc.record({ kind: fc.constant('map' as const), concurrency: fc.integer({ min: 1, max: 3 }), capacity: fc.integer({ min: 1, max: 3 }), ordered: fc.boolean() }),
  fc.record({ kind: fc.constant('tap' as const) }),
  fc.record({ kind: fc.constant('batch' as const), size: fc.integer({ min: 1, max: 3 }) }),
);
/** After how many calls of any kind something happens. */
const trouble = fc.option(fc.record({ kind: fc.constantFrom('fail' as const, 'cancel' as const, 'sourceFails' as const), after: fc.nat(60) }), { nil: undefined });

test('whatever fails or is cancelled when, no item is lost or seen twice, no order is broken that was promised, no bound exceeded', async () => {
  const unhandled = await unhandledDuring(() =>
    fc.assert(
      fc.asyncProperty(fc.array(stage, { maxLength: 4 }), fc.nat(20), trouble, fc.scheduler(), async (stages, length, accident, scheduler) => {
        const parent = new CancelToken();
        const failure = new Error('accident');
        let steps = 0;
        /** A step of the run: takes as long as the scheduler likes, and may be the one at which the accident happens. */
        const step = async (): Promise<void> => {
          const isIt = accident !== undefined && accident.kind !== 'sourceFails' && steps++ === accident.after;
          await scheduler.schedule(Promise.resolve());
          if (!isIt) return;
          if (accident.kind === 'fail') throw failure;
          parent.cancel('cancelled');
        };
        let pulled = 0;
        let returns = 0;
        const iterator: AsyncIterator<Item> = {
          next: async () => {
            await scheduler.schedule(Promise.resolve());
            if (accident?.kind === 'sourceFails' && pulled === accident.after) throw failure;
            return pulled < length ? { done: false, value: { n: pulled++ } } : { done: true, value: undefined };
          },
          return: () => {
            returns++;
            return Promise.resolve({ done: true, value: undefined });
          },
        };
        const undelivered: Item[] = [];
        const note = (item: unknown): void => void undelivered.push(...(Array.isArray(item) ? (item as Item[][]).flat(9) : [item as Item]));
        let run: Pipeline<unknown> = pipeline<Item>({ [Symbol.asyncIterator]: () => iterator }, { capacity: 2, parent, onUndelivered: note });
        const running = stages.map(() => 0);
        stages.forEach((each, index) => {
          if (each.kind === 'batch') run = run.batch(each.size);
          else if (each.kind === 'tap') run = run.tap(step);
          else {
            run = run.map(async (item) => {
              running[index] = (running[index] ?? 0) + 1;
              expect(running[index]).toBeLessThanOrEqual(each.concurrency);
              try {
                await step();
              } finally {
                running[index] = (running[index] ?? 0) - 1;
              }
              return item;
            }, each);
          }
        });
        const delivered: Item[] = [];
        const outcome = watch(
          run.to(async (item) => {
            await step();
            delivered.push(...(Array.isArray(item) ? (item as Item[][]).flat(9) : [item as Item]));
          }),
        );
        for (let idle = 0; idle < 3; idle++) {
          await settle();
          while (scheduler.count() > 0) {
            idle = 0;
            await scheduler.waitOne();
          }
        }
        expect(outcome.state).not.toBe('pending');
        expect(running.every((count) => count === 0)).toBe(true);
        const everything = [...delivered, ...undelivered].map(({ n }) => n).sort((a, b) => a - b);
        expect(everything).toEqual(Array.from({ length: pulled }, (_, n) => n));
        if (stages.every((each) => each.kind !== 'map' || each.ordered)) expect(delivered.map(({ n }) => n)).toEqual(delivered.map((_, n) => n));
        if (outcome.state === 'fulfilled') expect([delivered.length, returns, undelivered]).toEqual([length, 0, []]);
        else expect([failure, 'cancelled']).toContain(outcome.error);
        expect(parent.isObserved).toBe(false);
      }),
      { numRuns: 400 },
    ),
  );
  expect(unhandled).toEqual([]);
});
