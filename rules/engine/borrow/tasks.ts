import type { CallbackUse, CaptureHow } from '../contracts/contract.js';
import type { Origin } from '../ir/index.js';
import { enter, leave, offeredTo, Recorder, suspend, type Holding } from './activity.js';
import { issueLoans, renewIdentity } from './effects.js';
import { endSupposition, promised, refute, supposeFulfilled } from './fates.js';
import { initialiserOf } from './initialiser.js';
import type { Loan } from './loan.js';
import type { Completion, Machine, Outcome, Site } from './machine.js';
import { calleeText } from './reports.js';
import type { State } from './state.js';
import { alternatives, undefinedValue, type Closure, type TaskId, type Value } from './value.js';

/** Done when the call from outside that is running has returned, or has answered: what comes after that, its caller decides. */
export const callersTask: TaskId = 'caller';

/** What is done when a promise settles. */
export function tasksOf(value: Value): readonly TaskId[] {
  if (value.kind === 'promise') return [...(value.tasks ?? []), ...tasksOf(value.of)];
  return value.kind === 'any' ? [...new Set(value.of.flatMap(tasksOf))] : [];
}

/** Work that was begun at the same place before. */
export function olderTask(task: TaskId): TaskId {
  return task.endsWith('~') ? task : `${task}~`;
}

/** A promise made by a function that is called for each of several elements: it stands for those that were made before, too. */
export function ofMany(value: Value): Value {
  return withTasks(value, tasksOf(value).map(olderTask));
}

/** The value as a promise with whose settling more is done. */
export function withTasks(value: Value, tasks: readonly TaskId[]): Value {
  if (tasks.length === 0) return value;
  if (value.kind === 'any') return { kind: 'any', of: value.of.map((one) => withTasks(one, tasks)) };
  if (value.kind === 'promise') return { ...value, tasks: [...new Set([...(value.tasks ?? []), ...tasks])] };
  return { kind: 'promise', of: value, tasks };
}

/** Everything that runs before code goes on that waits. */
export const microtasks: TaskId = 'microtasks';

/** Work is done: what it had borrowed it gives back. */
export function endTasks(state: State, tasks: readonly TaskId[]): void {
  changeLoans(state, tasks, () => undefined);
}

/** Work may be done: nothing certain follows from its loans. */
export function doubtTasks(state: State, tasks: readonly TaskId[]): void {
  changeLoans(state, tasks, doubted);
}

function changeLoans(state: State, tasks: readonly TaskId[], change: (loan: Loan) => Loan | undefined): void {
  if (tasks.length === 0) return;
  for (const [key, loan] of [...state.loans]) {
    if (loan.escape.tasks?.some((task) => tasks.includes(task)) === true) state.replaceLoan(key, change(loan));
  }
}

/** The loan, not certain any more. */
export function doubted(loan: Loan): Loan {
  return loan.escape.certainty === 'potential' ? loan : { ...loan, escape: { ...loan.escape, certainty: 'potential' } };
}

/** A part of a file. */
export type Extent = Pick<Origin, 'file' | 'start' | 'end'>;

/**
 * The next element of a list is looked at: what was lent of the ones before it, by the code that goes through them, may be of others.
 *
 * @param turn - that code
 */
export function doubtEarlierTurns(state: State, element: Value, turn: Extent): void {
  const regions = alternatives(element).flatMap((one) => (one.kind === 'view' ? [one.region] : []));
  if (regions.length === 0) return;
  for (const [key, loan] of [...state.loans]) {
    const { at } = loan.escape;
    if (regions.includes(loan.region) && at.file === turn.file && turn.start <= at.start && at.end <= turn.end) state.replaceLoan(key, doubted(loan));
  }
}

/** `await value`. One promise of several is not all of them. */
export function settle(state: State, value: Value): void {
  if (state.loans.size === 0) return;
  const promises = alternatives(value).filter((one) => one.kind === 'promise');
  const [only] = promises;
  if (promises.length === 1 && only !== undefined) {
    const tasks = tasksOf(only);
    const isOfMany = (task: TaskId): boolean => task.endsWith('~') && only.isJoin !== true;
    endTasks(state, tasks.filter((task) => !isOfMany(task)));
    doubtTasks(state, tasks.filter(isOfMany));
  } else doubtTasks(state, tasksOf(value));
}

/** The tasks of the promises that a container holds. */
export function tasksWithin(state: State, container: Value | undefined): readonly TaskId[] {
  const tasks = new Set<TaskId>();
  for (const one of container === undefined ? [] : alternatives(container)) {
    const object = one.kind === 'object' ? state.object(one.id) : undefined;
    for (const value of [...(object?.fields.values() ?? []), ...(object?.elements === undefined ? [] : [object.elements])]) {
      for (const task of tasksOf(value)) tasks.add(task);
    }
  }
  return [...tasks];
}

/** What a call from outside gives back says when it is done: its caller waits for it, or answers for not waiting. */
export function handBack(state: State, value: Value): void {
  endTasks(state, [callersTask, ...tasksOf(value), ...tasksWithin(state, value)]);
}

/** A name for work that is begun at a call; earlier work of that call becomes older work. */
export function newTask(state: State, site: Site): TaskId {
  const task = `t${site.key}`;
  if ([...state.loans.values()].some((loan) => loan.escape.tasks?.includes(task) === true)) renewIdentity(state, task);
  return task;
}

/**
 * Calls an async function whose promise is not awaited at once. The caller goes on at its first suspension; what it was given and
 * uses after that, it has borrowed until its promise settles.
 */
export function spawn(machine: Machine, state: State, closure: Closure, args: readonly Value[], site: Site, run: () => Outcome): Outcome {
  const recorder = new Recorder(offeredTo(machine.unit, state, closure, args, site.frame), site.frame.depth + 1);
  // Work that never ends is never left; the code that began it goes on all the same.
  const before = state.clone();
  enter(state, recorder, false);
  supposeFulfilled(machine.unit, state, site);
  const outcome = run();
  for (const { state: returned } of outcome.returns) endSupposition(returned, site);
  for (const thrown of outcome.throws) refute(machine.unit, thrown, site);
  const ends: Completion[] = [...outcome.returns, ...outcome.throws.map((thrown) => ({ state: thrown, value: undefinedValue }))];
  for (const end of ends) leave(end.state);
  if (ends.length === 0) ends.push({ state: before, value: { kind: 'promise', of: undefinedValue } });
  return { returns: ends.map((end) => ({ state: end.state, value: promised(machine.unit, end.state, issue(machine, end.state, recorder, 'spawn', args, site, end.value), site) })), throws: [] };
}

/** Issues the loans of what an activity used; gives the promise that ends them. */
function issue(machine: Machine, state: State, recorder: Recorder, how: CaptureHow, args: readonly Value[], site: Site, value: Value): Value {
  if (recorder.uses.size === 0) return value;
  const task = newTask(state, site);
  for (const holding of recorder.uses.values()) lend(machine, state, recorder, holding, how, args, site, [task]);
  return withTasks(value, [task]);
}

function lend(machine: Machine, state: State, recorder: Recorder, holding: Holding, how: CaptureHow, args: readonly Value[], site: Site, tasks: readonly TaskId[]): void {
  const { view, certainty, isShared } = holding;
  const index = args.findIndex((arg) => arg.kind === 'view' && arg.region === view.region);
  const captured = index < 0 ? holding.variable : undefined;
  // A variable of a function around it, or of the file, is made once: a copy made there is not one for this work.
  const initialiser = captured?.owner === site.frame.function ? initialiserOf(captured, machine.unit.originOf(view.region)?.at) : undefined;
  const isLent = machine.unit.isLent(view.region);
  issueLoans(machine.unit, state, view, {
    how,
    at: site.at,
    view: index < 0 ? initialiser?.at : site.argumentOrigins[index],
    via: viaOf(machine, site),
    certainty: how === 'listen' && !isLent ? 'potential' : certainty,
    holder: undefined,
    tasks,
    isShared: isShared && !isLent,
    isUsedBesides: initialiser?.isUsedBesides,
    captured: captured?.name,
    leadsTo: recorder.escapes,
  }, site.frame);
}

/** A function that is called where it is written has no name. */
function viaOf(machine: Machine, site: Site): string | undefined {
  const text = calleeText(machine.unit, site);
  return text === '()' ? undefined : text;
}

/**
 * A function is handed over to be called later. It is run once to see what it will use: that is borrowed until it has been called.
 *
 * @param args what it will be called with
 * @param use when it is called, and how often
 * @returns what is done once it has been called
 */
export function capture(machine: Machine, state: State, closure: Closure, args: readonly Value[], use: CallbackUse, site: Site): readonly TaskId[] | undefined {
  if (!state.hasMemory) return undefined;
  const offered = offeredTo(machine.unit, state, closure, args, site.frame);
  if (offered.size === 0) return undefined;
  const recorder = new Recorder(offered, site.frame.depth + 1);
  const trial = state.clone();
  enter(trial, recorder, true);
  machine.unit.probe(() => machine.call(trial, closure, undefined, args, { ...site, key: `${site.key}/${closure.function.id}`, argumentOrigins: [], receiverOrigin: undefined, name: undefined, isAwaited: true }));
  if (recorder.uses.size === 0) return undefined;
  const how = use.times === 'once' ? 'schedule' : 'listen';
  const own = newTask(state, site);
  const answered = [own, ...(use.isMicrotask === true ? [microtasks] : []), ...(answersCaller(state, closure) ? [callersTask] : [])];
  for (const holding of recorder.uses.values()) lend(machine, state, recorder, holding, how, [], site, answered);
  return [own];
}

/** A function of the caller's is in the hands of a closure: the caller is told when the work is done. */
export function answersCaller(state: State, closure: Closure): boolean {
  return capturedValues(state, closure).some((value) => (value.kind === 'opaque' && value.root.kind === 'parameter' && /^p:\d+:\d+$/.test(value.id)) || (value.kind === 'method' && value.receiver === undefinedValue));
}

/** What a closure, and those written inside it, find in the variables around it at this point. */
export function capturedValues(state: State, closure: Closure): readonly Value[] {
  const values: Value[] = [];
  const visit = (fn: Closure['function']): void => {
    for (const variable of fn.outline.captures) {
      const value = state.variable(variable);
      if (value !== undefined) values.push(value);
    }
    for (const nested of fn.outline.nested) visit(nested);
  };
  visit(closure.function);
  return values;
}

/**
 * A handler of a promise, which is called in the order of the chain.
 *
 * @param run runs it; the ways out are those of the promise that the chain gives
 */
export function handle(machine: Machine, state: State, closure: Closure, args: readonly Value[], site: Site, run: (state: State) => State[]): { readonly states: State[]; readonly tasks: readonly TaskId[] } {
  if (!state.hasMemory) return { states: run(state), tasks: [] };
  if (site.isAwaited) {
    suspend(machine.unit, state, site.frame);
    return { states: run(state), tasks: [] };
  }
  const recorder = new Recorder(offeredTo(machine.unit, state, closure, args, site.frame), site.frame.depth + 1);
  enter(state, recorder, true);
  const states = run(state);
  const tasks = new Set<TaskId>();
  for (const one of states) {
    leave(one);
    if (recorder.uses.size === 0) continue;
    const task = newTask(one, site);
    tasks.add(task);
    for (const holding of recorder.uses.values()) lend(machine, one, recorder, holding, 'schedule', [], site, [task]);
  }
  return { states, tasks: [...tasks] };
}
