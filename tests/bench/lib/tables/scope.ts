import { TaskScope, mapConcurrent, spawnActor } from '../../../../lib/index.js';
import type { Contender, Table, Work } from '../table.js';

const settled = Promise.resolve();
const parent = new TaskScope({ name: 'parent' });

/** A task that waits once and is counted. */
function counter(): { readonly task: () => Promise<void>; readonly done: () => number } {
  let count = 0;
  return {
    task: async () => {
      await settled;
      count++;
    },
    done: () => count,
  };
}

/** As many groups of tasks as there are tasks to do, one after the other. */
function inGroups(run: (task: () => Promise<void>, size: number) => Promise<unknown>): Work {
  return async (count, size) => {
    const { task, done } = counter();
    for (let left = count; left > 0; left -= size) await run(task, Math.min(size, left));
    return done();
  };
}

const ours = (work: Work): Contender => ({ kind: 'ours', make: () => work });

/** What is used of the package. */
interface Effection {
  run(body: () => Generator<unknown, void, unknown>): Promise<void>;
  spawn(body: () => Generator<unknown, void, unknown>): Iterable<unknown>;
  until(promise: Promise<void>): Iterable<unknown>;
}

/** What is used of the package. */
interface EffectModule {
  readonly Effect: {
    gen(body: () => Generator): Iterable<never>;
    forkChild(effect: unknown): Iterable<never>;
    promise(call: () => Promise<void>): unknown;
    runPromise(effect: unknown): Promise<void>;
  };
  readonly Fiber: { join(fiber: unknown): Iterable<never> };
}

/** What is used of the package. */
interface PMapModule {
  readonly default: (items: readonly undefined[], mapper: () => Promise<void>, options: { concurrency: number }) => Promise<unknown>;
}

/** Tasks are started and waited for, in groups. `Promise.all` is the floor: it cancels nothing and waits for nobody after an error. */
export const scopeTable: Table = {
  name: 'scope',
  title: 'Task scopes: one task spawned and joined',
  parameterTitle: 'tasks in a scope',
  parameters: [10, 100],
  floor: 'Promise.all',
  time: 'cpu',
  contenders: {
    'Promise.all': { kind: 'floor', make: () => inGroups((task, size) => Promise.all(Array.from({ length: size }, task))) },
    'spawn and join': ours(
      inGroups(async (task, size) => {
        const scope = new TaskScope();
        for (let i = 0; i < size; i++) scope.spawn(task);
        await scope.join();
      }),
    ),
    'spawn and join, in a parent': ours(
      inGroups(async (task, size) => {
        const scope = new TaskScope({ parent });
        for (let i = 0; i < size; i++) scope.spawn(task);
        await scope.join();
      }),
    ),
    'spawn and join, each looks at its signal': ours(
      inGroups(async (task, size) => {
        const scope = new TaskScope();
        for (let i = 0; i < size; i++) {
          scope.spawn((context) => {
            context.signal.throwIfAborted();
            return task();
          });
        }
        await scope.join();
      }),
    ),
    'spawn, await each handle': ours(
      inGroups((task, size) =>
        TaskScope.run(async (scope) => {
          const handles = Array.from({ length: size }, () => scope.spawn(task));
          for (const handle of handles) await handle;
        }),
      ),
    ),
    'mapConcurrent, 8 at a time': {
      ...ours(inGroups((task, size) => mapConcurrent(Array.from({ length: size }), 8, task))),
      rivals: ['p-map, 8 at a time'],
    },
    'actor, tell': ours(
      inGroups(async (task, size) => {
        const scope = new TaskScope();
        const actor = spawnActor<undefined>(scope, { capacity: 64, init: () => task });
        for (let i = 0; i < size; i++) if (!actor.tryTell(undefined).ok) await actor.tell(undefined);
        await actor.stop({ drain: true });
      }),
    ),
    'p-map, 8 at a time': {
      kind: 'peer',
      make: async (load) => {
        const { default: pMap } = await load<PMapModule>('p-map');
        return inGroups((task, size) => pMap(Array.from<undefined>({ length: size }), task, { concurrency: 8 }));
      },
    },
    'effect, fork and join': {
      kind: 'peer',
      isRival: true,
      make: async (load) => {
        const { Effect, Fiber } = await load<EffectModule>('effect');
        return inGroups((task, size) =>
          Effect.runPromise(
            Effect.gen(function* () {
              const fibers: unknown[] = [];
              for (let i = 0; i < size; i++) fibers.push(yield* Effect.forkChild(Effect.promise(task)));
              for (const fiber of fibers) yield* Fiber.join(fiber);
            }),
          ),
        );
      },
    },
    effection: {
      kind: 'peer',
      isRival: true,
      make: async (load) => {
        const { run, spawn, until } = await load<Effection>('effection');
        return inGroups((task, size) =>
          run(function* () {
            const tasks: Iterable<unknown>[] = [];
            for (let i = 0; i < size; i++) {
              tasks.push(
                (yield* spawn(function* () {
                  yield* until(task());
                })) as Iterable<unknown>,
              );
            }
            for (const each of tasks) yield* each;
          }),
        );
      },
    },
  },
  // 450 ns against the 102 of `Promise.all`, measured on a quiet machine.
  bars: [{ contender: 'spawn and join', parameter: 100, ratio: 4.4 }],
  check: (count) => count,
  peers: { effection: '4.1.1', effect: '4.1.0', 'p-map': '7.1.1' },
};
