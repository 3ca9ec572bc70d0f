import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TaskScope } from '../../../lib/index.js';
import type { JoinHandle, TaskContext } from '../../../lib/index.js';
import { settle, unhandledDuring, watch } from '../../support/promises.js';

/** How a task takes its own cancellation. */
type Temper = 'obeys' | 'ignores' | 'breaks';

interface Modelled {
  readonly temper: Temper;
  state: 'waiting' | 'running' | 'fulfilled' | 'rejected';
  outcome?: unknown;
  isCancelled: boolean;
}

/** What a scope is supposed to do, in as few words as possible. */
class Model {
  readonly tasks: Modelled[] = [];
  readonly failures: unknown[] = [];
  cancelled: { reason: unknown } | undefined;
  readonly limit: number;
  readonly mode: 'cancel' | 'collect';

  constructor(limit: number, mode: 'cancel' | 'collect') {
    this.limit = limit;
    this.mode = mode;
  }

  get running(): Modelled[] {
    return this.tasks.filter(({ state }) => state === 'running');
  }

  spawn(temper: Temper): boolean {
    if (this.cancelled !== undefined) return false;
    this.tasks.push({ temper, state: 'waiting', isCancelled: false });
    this.fill();
    return true;
  }

  fill(): void {
    if (this.cancelled !== undefined) return;
    for (const task of this.tasks) if (task.state === 'waiting' && this.running.length < this.limit) task.state = 'running';
  }

  end(task: Modelled, state: 'fulfilled' | 'rejected', outcome: unknown): void {
    task.state = state;
    task.outcome = outcome;
    if (state === 'rejected' && !(task.isCancelled && outcome === this.reasonOf(task))) {
      this.failures.push(outcome);
      if (this.mode === 'cancel') this.cancel(outcome);
    }
    this.fill();
  }

  readonly reasons = new Map<Modelled, unknown>();

  reasonOf(task: Modelled): unknown {
    return this.reasons.get(task);
  }

  cancelTask(task: Modelled, reason: unknown): void {
    if (task.state === 'fulfilled' || task.state === 'rejected' || task.isCancelled) return;
    task.isCancelled = true;
    this.reasons.set(task, reason);
    if (task.state === 'waiting' || task.temper === 'obeys') this.end(task, 'rejected', reason);
    else if (task.temper === 'breaks') this.end(task, 'rejected', `broken ${this.tasks.indexOf(task)}`);
  }

  cancel(reason: unknown): void {
    if (this.cancelled !== undefined) return;
    this.cancelled = { reason };
    for (const task of this.tasks) this.cancelTask(task, reason);
  }
}

interface Real {
  readonly scope: TaskScope;
  readonly handles: JoinHandle<unknown>[];
  readonly seen: ReturnType<typeof watch>[];
  readonly contexts: Map<number, { context: TaskContext; fulfil: (value: unknown) => void; fail: (error: unknown) => void }>;
}

type Command = fc.AsyncCommand<Model, Real>;

async function compare(model: Model, real: Real): Promise<void> {
  await settle();
  const running = [...real.contexts.keys()].filter((index) => !real.handles[index]?.done);
  expect(running).toEqual(model.tasks.flatMap((task, index) => (task.state === 'running' ? [index] : [])));
  const outcomes = real.seen.map(({ state, value, error }) => [state, state === 'rejected' ? error : value]);
  expect(outcomes).toEqual(model.tasks.map(({ state, outcome }) => (state === 'fulfilled' || state === 'rejected' ? [state, outcome] : ['pending', undefined])));
  expect(real.scope.size).toBe(model.tasks.filter(({ state }) => state === 'running' || state === 'waiting').length);
  expect([real.scope.cancelled, real.scope.reason]).toEqual([model.cancelled !== undefined, model.cancelled?.reason]);
}

class Spawn implements Command {
  readonly temper: Temper;
  constructor(temper: Temper) {
    this.temper = temper;
  }
  check = (): boolean => true;
  toString = (): string => `spawn(${this.temper})`;
  async run(model: Model, real: Real): Promise<void> {
    const index = real.handles.length;
    if (!model.spawn(this.temper)) {
      expect(() => real.scope.spawn(() => 1)).toThrow('takes no more tasks');
      return;
    }
    const handle = real.scope.spawn(
      (context) =>
        new Promise((fulfil, fail) => {
          real.contexts.set(index, { context, fulfil, fail });
          if (this.temper === 'obeys') context.onCancel((reason) => fail(reason as Error));
          if (this.temper === 'breaks') context.onCancel(() => fail(`broken ${index}` as unknown as Error));
        }),
    );
    real.handles.push(handle);
    real.seen.push(watch(handle));
    await compare(model, real);
  }
}

/** Does something to one of the tasks, whatever state it is in. */
abstract class OnTask implements Command {
  readonly pick: number;
  constructor(pick: number) {
    this.pick = pick;
  }
  check = (model: Readonly<Model>): boolean => model.tasks.length > 0;
  async run(model: Model, real: Real): Promise<void> {
    const index = this.pick % model.tasks.length;
    const task = model.tasks[index];
    if (task !== undefined) this.act(task, index, model, real);
    await compare(model, real);
  }
  protected abstract act(task: Modelled, index: number, model: Model, real: Real): void;
}

class Fulfil extends OnTask {
  override toString = (): string => `fulfil(${this.pick})`;
  protected override act(task: Modelled, index: number, model: Model, real: Real): void {
    if (task.state === 'running') model.end(task, 'fulfilled', index);
    real.contexts.get(index)?.fulfil(index);
  }
}

class Fail extends OnTask {
  override toString = (): string => `fail(${this.pick})`;
  protected override act(task: Modelled, index: number, model: Model, real: Real): void {
    if (task.state === 'running') model.end(task, 'rejected', `failure ${index}`);
    real.contexts.get(index)?.fail(`failure ${index}`);
  }
}

class CancelTask extends OnTask {
  override toString = (): string => `cancelTask(${this.pick})`;
  protected override act(task: Modelled, index: number, model: Model, real: Real): void {
    model.cancelTask(task, `cancel ${index}`);
    real.handles[index]?.cancel(`cancel ${index}`);
  }
}

class Cancel implements Command {
  check = (): boolean => true;
  toString = (): string => 'cancel()';
  async run(model: Model, real: Real): Promise<void> {
    model.cancel('scope');
    real.scope.cancel('scope');
    await compare(model, real);
  }
}

const index = fc.nat(20);
const commands = fc.commands([
  fc.constantFrom<Temper>('obeys', 'ignores', 'breaks').map((temper) => new Spawn(temper)),
  fc.constantFrom<Temper>('obeys', 'obeys').map((temper) => new Spawn(temper)),
  index.map((pick) => new Fulfil(pick)),
  index.map((pick) => new Fail(pick)),
  index.map((pick) => new CancelTask(pick)),
  fc.constant(new Cancel()),
]);

test('whatever its tasks and its owner do, a scope does what its model does', async () => {
  const unhandled = await unhandledDuring(() =>
    fc.assert(
      fc.asyncProperty(commands, fc.constantFrom(1, 2, Infinity), fc.constantFrom<'cancel' | 'collect'>('cancel', 'collect'), async (sequence, limit, onError) => {
        const model = new Model(limit, onError);
        const real: Real = { scope: new TaskScope({ limit, onError }), handles: [], seen: [], contexts: new Map() };
        const joined = { before: watch(real.scope.join()) };
        await fc.asyncModelRun(() => ({ model, real }), sequence);
        // Whoever is left is let go: the scope must end, and say what happened.
        for (const { fulfil } of real.contexts.values()) fulfil('let go');
        await settle();
        for (const { fulfil } of real.contexts.values()) fulfil('let go');
        while (real.scope.size > 0) {
          await settle();
          for (const { fulfil } of real.contexts.values()) fulfil('let go');
        }
        const outcome = watch(real.scope.join());
        await settle();
        expect(joined.before.state).not.toBe('pending');
        const expected = model.failures.length === 0 ? undefined : onError === 'cancel' && model.failures.length === 1 ? model.failures[0] : { errors: model.failures };
        if (expected === undefined) expect(outcome).toEqual({ state: 'fulfilled', value: undefined });
        else expect(outcome).toMatchObject({ state: 'rejected', error: expected });
      }),
      { numRuns: 400 },
    ),
  );
  expect(unhandled).toEqual([]);
});
