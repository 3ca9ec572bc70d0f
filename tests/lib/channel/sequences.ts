import { ChannelModel, isSame, type Observation } from './model.js';
import { RealChannel, operations, settled, type Operation, type OperationName } from './operations.js';

/** A step of a history, shared by all histories that begin alike: what is done, and what is to be seen afterwards. */
interface Step {
  readonly name: OperationName;
  /** The operation it calls off. */
  readonly aborts: number | undefined;
  readonly expected: Observation;
  readonly previous: Step | undefined;
  /** Whether a history that begins like this has been compared here: a channel does the same again. */
  isCompared: boolean;
}

/** All steps, and what the model is like after them. */
interface History {
  readonly steps: readonly Step[];
  readonly model: ChannelModel;
}

export interface Family {
  readonly names: readonly OperationName[];
  readonly capacity: number;
  readonly length: number;
  /** Whether every awaited receive lets the event loop turn first. */
  readonly doRest?: boolean;
}

/** Histories that run side by side: between two steps, microtasks run once for all. */
const SIDE_BY_SIDE = 100;

/**
 * Runs every valid history of a length, on the channel and on the model.
 *
 * @returns how many there were
 * @throws {Error} when a channel does not do what the model says, with the history
 */
export async function runAll({ names, capacity, length, doRest = false }: Family): Promise<number> {
  // Of the time, most would go into the stacks of rejections.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    let count = 0;
    let batch: History[] = [];
    for (const history of histories(names, length, new ChannelModel(capacity), undefined, 0)) {
      batch.push(history);
      if (batch.length < SIDE_BY_SIDE) continue;
      count += batch.length;
      await runBatch(batch, capacity, doRest);
      batch = [];
    }
    await runBatch(batch, capacity, doRest);
    return count + batch.length;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function* histories(names: readonly OperationName[], length: number, model: ChannelModel, previous: Step | undefined, id: number): Generator<History> {
  if (id === length) {
    yield { steps: pathTo(previous), model };
    return;
  }
  for (const name of names) {
    const operation: Operation = operations[name];
    if (!operation.isValid(model)) continue;
    const next = model.copy();
    const aborts = operation.aborts?.(model);
    operation.model(next, id);
    yield* histories(names, length, next, { name, aborts, expected: next.observe(), previous, isCompared: false }, id + 1);
  }
}

function pathTo(last: Step | undefined): Step[] {
  const path: Step[] = [];
  for (let step = last; step !== undefined; step = step.previous) path.push(step);
  return path.reverse();
}

async function runBatch(batch: readonly History[], capacity: number, doRest: boolean): Promise<void> {
  const runs = batch.map(({ steps, model }) => ({ steps, model, real: new RealChannel(capacity, abortsOf(steps), doRest) }));
  const length = batch[0]?.steps.length ?? 0;
  for (let id = 0; id < length; id++) {
    for (const { steps, real } of runs) real.apply(steps[id]!.name, id);
    await settled(doRest);
    for (const { steps, real } of runs) {
      const step = steps[id]!;
      if (!step.isCompared) compare(steps, id, real.observe(), step.expected);
      step.isCompared = true;
    }
  }
  // Whatever is still waiting settles when the receiver leaves and the permits go.
  for (const { model, real } of runs) {
    endModel(model, length);
    real.end(length);
  }
  await settled(doRest);
  for (const { steps, model, real } of runs) compare(steps, length, real.observe(), model.observe());
}

function endModel(model: ChannelModel, id: number): void {
  if (!model.isLeft) model.leave(id);
  model.closeSender(id);
  while (model.permits.length > 0) model.releasePermit(id);
  model.outcomes[id] = 'done';
  if (model.outcomes.includes(undefined)) throw new Error('the model itself leaves an operation waiting');
}

function abortsOf(steps: readonly Step[]): Map<number, number> {
  const aborts = new Map<number, number>();
  for (let id = 0; id < steps.length; id++) {
    const target = steps[id]!.aborts;
    if (target !== undefined) aborts.set(id, target);
  }
  return aborts;
}

function compare(steps: readonly Step[], id: number, real: Observation, expected: Observation): void {
  if (isSame(real, expected)) return;
  const names = steps.map(({ name }) => name).slice(0, id + 1);
  throw new Error(`${names.join(', ')}${id === steps.length ? ', end' : ''}\n  channel ${JSON.stringify(real)}\n  model   ${JSON.stringify(expected)}`);
}
