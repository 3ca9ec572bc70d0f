import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TaskScope, spawnActor } from '../../../lib/index.js';
import type { DeadLetter, Init } from '../../../lib/index.js';
import { settle, unhandledDuring, watch } from '../../support/promises.js';

interface Message {
  readonly id: number;
  /** How many times its handler fails. */
  readonly fails: number;
}

const message = fc.constantFrom(0, 0, 0, 1, 2, 9);
const operation = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constantFrom('tell' as const, 'tryTell' as const, 'ask' as const), fails: message, isCancelled: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('swap' as const), drain: fc.constantFrom('current' as const, 'mailbox' as const), fails: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('run' as const) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('step' as const) }) },
);
const ending = fc.constantFrom('drain' as const, 'stop' as const, 'cancel' as const);
const settings = fc.record({
  capacity: fc.integer({ min: 1, max: 3 }),
  ack: fc.constantFrom('auto' as const, 'manual' as const),
  retry: fc.constantFrom(undefined, { maxAttempts: 2, baseMs: 0, capMs: 0 }, { maxAttempts: 2, baseMs: 0, capMs: 0, order: 'requeue' as const }),
});

test('whatever is sent, fails, is swapped, called off and stopped: every message is settled once, one is handled at a time, every promise settles', async () => {
  const unhandled = await unhandledDuring(() =>
    fc.assert(
      fc.asyncProperty(settings, fc.array(operation, { maxLength: 25 }), ending, fc.scheduler(), async (options, operations, end, scheduler) => {
        const scope = new TaskScope();
        const letters: DeadLetter<Message>[] = [];
        const handled: number[] = [];
        let inside = 0;
        let made = 0;
        let disposed = 0;
        const init: Init<Message, number> = () => {
          made++;
          return {
            receive: async ({ id, fails }, turn) => {
              inside++;
              expect(inside).toBe(1);
              await scheduler.schedule(Promise.resolve());
              inside--;
              if (turn.attempt <= fails) throw new Error(`message ${id}`);
              handled.push(id);
              if (options.ack === 'manual' && !asked.has(id)) turn.ack();
              return id;
            },
            dispose: () => void disposed++,
          };
        };
        const ref = spawnActor<Message, number>(scope, { ...options, supervise: { maxRestarts: 1000 }, onDeadLetter: (letter) => letters.push(letter), init });
        const asked = new Set<number>();
        const sent = new Map<number, ReturnType<typeof watch>>();
        const others: ReturnType<typeof watch>[] = [];
        const refused: number[] = [];
        let next = 0;
        const act = async (each: (typeof operations)[number]): Promise<void> => {
          if (each.kind === 'step') await settle();
          else if (each.kind === 'run') others.push(watch(ref.run(() => expect(inside).toBe(0))));
          else if (each.kind === 'swap') others.push(watch(ref.swap(each.fails ? () => Promise.reject(new Error('init')) : init, { drain: each.drain })));
          else {
            const id = next++;
            const controller = new AbortController();
            const { signal } = controller;
            if (each.kind === 'tryTell') {
              if (!ref.tryTell({ id, fails: each.fails }).ok) refused.push(id);
              return;
            }
            if (each.kind === 'ask') asked.add(id);
            sent.set(id, watch<unknown>(each.kind === 'ask' ? ref.ask({ id, fails: each.fails }, { signal, timeoutMs: Infinity }) : ref.tell({ id, fails: each.fails }, { signal })));
            if (each.isCancelled) void scheduler.schedule(Promise.resolve()).then(() => controller.abort('called off'));
          }
        };
        /** Lets the scheduler go on until nothing moves any more. */
        const run = async (isOver: () => boolean): Promise<void> => {
          for (let idle = 0; idle < 500 && !isOver(); idle++) {
            await settle();
            while (scheduler.count() > 0) {
              idle = 0;
              await scheduler.waitOne();
            }
          }
        };
        for (const each of operations) {
          await act(each);
          if (scheduler.count() > 0 && each.kind === 'step') await scheduler.waitOne();
        }
        if (end === 'cancel') scope.cancel('over');
        else others.push(watch(ref.stop({ drain: end === 'drain' })));
        await run(() => scope.size === 0);
        await settle();

        expect(scope.size).toBe(0);
        expect([...sent.values(), ...others].filter(({ state }) => state === 'pending')).toEqual([]);
        expect(disposed).toBe(made);
        const dead = letters.map(({ message: { id } }) => id);
        for (let id = 0; id < next; id++) {
          const outcome = sent.get(id);
          const isHandled = handled.filter((each) => each === id).length;
          const isDead = dead.filter((each) => each === id).length;
          if (asked.has(id)) {
            // Answered, or told why not; called off while it was handled, it may have been handled all the same.
            expect([isDead, outcome?.state === 'fulfilled' ? isHandled : Math.min(isHandled, 1)]).toEqual([0, outcome?.state === 'fulfilled' ? 1 : isHandled]);
          } else {
            const isAccepted = !refused.includes(id) && outcome?.state !== 'rejected';
            expect([id, isHandled + isDead]).toEqual([id, isAccepted ? 1 : 0]);
          }
        }
        // Without failures and requeueing, tells are handled in the order in which they were accepted.
        if (operations.every((each) => !('fails' in each) || each.fails === 0 || each.kind === 'swap')) expect(handled).toEqual([...handled].sort((a, b) => a - b));
      }),
      { numRuns: 300 },
    ),
  );
  expect(unhandled).toEqual([]);
});
