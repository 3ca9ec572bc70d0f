import type { ClassIr, FunctionIr } from '../ir/index.js';
import { countOf } from '../work.js';
import { forgetDuties } from './duties.js';
import { overwrite, renewIdentity } from './effects.js';
import type { Frame } from './frame.js';
import { groupsOf } from './groups.js';
import { Interpreter, parameterValue } from './interpreter.js';
import { siteFor } from './machine.js';
import { joinStates, mergeStates } from './merging.js';
import { doubtMoves, type Move } from './moves.js';
import { renameNumbers } from './numbers.js';
import { prune } from './prune.js';
import { scheduleMembers } from './schedule.js';
import type { State, Prototype, Scheduled } from './state.js';
import type { Unit } from './unit.js';
import { doubted, endTasks, olderTask } from './tasks.js';
import { type ObjectId, type Value } from './value.js';

/** Distinguishable states kept between two calls from outside. */
const stateLimit = 12;
/** The analysis is run again while it learns new facts, but not for ever. */
const roundLimit = 4;

/** Rounds of calls from outside after which memory should have shown. */
const idlePasses = 2;

/** A call from outside: nothing is known of its arguments but what a contract says. */
export function rootFrame(fn: FunctionIr, scheduled: { readonly isPublic: boolean; readonly isInternal: boolean }): Frame {
  return { function: fn, caller: undefined, depth: 0, context: '', isRoot: true, isPublic: scheduled.isPublic, isInternal: scheduled.isInternal };
}

/** Runs something to the end, again and again until nothing new is learnt on the way. */
export function analyse(unit: Unit, enter: (interpreter: Interpreter, state: State) => readonly State[], isInternal = false): void {
  for (let round = 0; round < roundLimit; round++) {
    if (round > 0) unit.restart();
    const interpreter = new Interpreter(unit);
    let starts = enter(interpreter, unit.start());
    if (unit.budget.isExhausted && unit.budget.coarsen()) {
      for (const fn of unit.interpreted) unit.noteSecondLook(fn);
      starts = enter(new Interpreter(unit), unit.start());
    }
    if (unit.budget.isExhausted) {
      for (const fn of unit.interpreted) unit.noteGivenUp(fn);
      return;
    }
    const groups = groupsOf(unit, starts);
    for (const group of groups) {
      unit.budget.openGroup();
      const again = group.map((state) => state.clone());
      drive(interpreter, group, isInternal);
      if (unit.budget.isExhausted && unit.budget.coarsen()) {
        for (const fn of calledIn(again)) unit.noteSecondLook(fn);
        drive(interpreter, again, isInternal);
      }
      if (unit.budget.isExhausted) for (const fn of calledIn(group)) unit.noteGivenUp(fn);
    }
    // What was given up learns nothing from another try.
    if (!unit.hasLearnt || countOf(unit.budget.abandoned) >= groups.length) return;
  }
}

function calledIn(group: readonly State[]): ReadonlySet<FunctionIr> {
  return new Set(group.flatMap((state) => [...state.scheduled.values()].map(({ closure }) => closure.function)));
}

/** Calls everything that code outside may call, in every order and any number of times, until no state is new. */
function drive(interpreter: Interpreter, starts: readonly State[], isInternal: boolean): void {
  const { unit } = interpreter;
  const known = new Map<string, { state: State; isPending: boolean }>();
  let hasJoined = false;
  const add = (state: State): void => {
    renameNumbers(state, 'drive', (variable) => !variable.isConstant, true, (field) => unit.isFixed(field));
    prune(state, (variable) => variable.isCaptured, [], unit.keptObjects);
    const key = state.key();
    const same = known.get(key);
    if (same !== undefined) {
      if (mergeStates(same.state, state, 'drive')) same.isPending = true;
    } else if (known.size < (unit.budget.isCoarse ? 1 : stateLimit) && !hasJoined) {
      known.set(key, { state, isPending: true });
    } else {
      hasJoined = true;
      const [first, ...others] = known.values();
      if (first === undefined) return;
      let hasChanged = others.length > 0 || first.isPending;
      for (const other of [...others, { state }]) if (joinStates(first.state, other.state, 'drive')) hasChanged = true;
      known.clear();
      known.set(first.state.key(), { state: first.state, isPending: hasChanged });
    }
  };
  for (const state of starts) add(state);
  const bringers = unit.bringers();
  /** Once there is memory, anything may move a cursor. */
  const isWorthCalling = (fn: FunctionIr, { hasMemory, scheduled }: State): boolean => {
    if (unit.isIdle(fn)) return false;
    if (hasMemory || bringers === undefined || !unit.isHome(fn.origin)) return true;
    return bringers.has(fn, () => new Set([...scheduled.values()].map(({ closure }) => closure.function)), scheduled.size);
  };
  for (let hasPending = true, pass = 0; hasPending && !unit.budget.isExhausted; pass++) {
    // What made no memory when everything ran, and again in every state that this left behind, makes none.
    if (pass >= idlePasses && !unit.hasOwnMemory) return;
    hasPending = false;
    for (const slot of [...known.values()]) {
      if (!slot.isPending) continue;
      slot.isPending = false;
      hasPending = true;
      for (const [key, scheduled] of [...slot.state.scheduled]) {
        if (unit.budget.isExhausted) return;
        if (!isWorthCalling(scheduled.closure.function, slot.state)) continue;
        unit.budget.openSlice();
        const called = slot.state.clone();
        // It may be handed over anew while it runs.
        if (scheduled.times === 'once') called.scheduled.delete(key);
        for (const after of callFromOutside(interpreter, called, scheduled, isInternal)) add(after);
        unit.budget.closeSlice();
      }
    }
  }
}

function callFromOutside(interpreter: Interpreter, state: State, scheduled: Scheduled, isInternal: boolean): readonly State[] {
  const fn = scheduled.closure.function;
  if (fn.body === undefined) return [];
  if (scheduled.tasks !== undefined) endTasks(state, scheduled.tasks.flatMap((task) => [task, olderTask(task)]));
  const frame = rootFrame(fn, { isPublic: scheduled.isPublic, isInternal });
  if (state.moves.size > 0) {
    // That something is closed twice, or used when it is closed, is its user's affair: whether anyone does is not known.
    for (const [id, move] of [...state.moves]) if (move.how === 'release' && !isFollowing(scheduled, move)) state.moves.delete(id);
    doubtMoves(state, (move) => !isFollowing(scheduled, move));
  }
  // What an API passes in is another buffer each time.
  for (const argument of scheduled.arguments) if (argument.kind === 'view' && interpreter.unit.regions.get(argument.region)?.isGiven === true) renewIdentity(state, argument.region);
  for (const refilled of scheduled.refills) {
    overwrite(interpreter.unit, state, refilled, fn.origin, 'the next read', (view) => ({ low: view.low, high: view.high }));
  }
  const outcome = interpreter.run(state, scheduled.closure, scheduled.arguments, frame);
  if (scheduled.isLast === true) return [];
  for (const thrown of outcome.throws) {
    thrown.doubtLoans();
    forgetDuties(thrown);
  }
  for (const { state: after } of outcome.returns) doubtShared(after);
  return [...outcome.returns.map((completion) => completion.state), ...outcome.throws];
}

/** A callback that certainly runs after the move, by the same hand: one that runs again, or one made after it by the function that moved. */
function isFollowing({ closure: { function: fn, self }, times, isGuess, isPublic }: Scheduled, move: Move): boolean {
  // However the code is used, memory that grew has grown, and what went back is gone.
  if (move.how === 'growth' || move.how === 'lapse') return true;
  if (isPublic) return false;
  // A method of nobody in particular runs on another object the next time, for all that is known.
  if (fn === move.root) return times === 'many' && isGuess !== true && (self !== undefined || fn.ownerClass === undefined);
  // Whoever calls it may have let go of it by then.
  if (isGuess === true) return false;
  return isInside(fn, move.root) && fn.origin.file === move.at.file && fn.origin.start > move.at.start;
}

function isInside(fn: FunctionIr, outer: FunctionIr): boolean {
  for (let at = fn.parent; at !== undefined; at = at.parent) if (at === outer) return true;
  return false;
}

/** A call from outside is over: what others write into a buffer that running work looks at may be meant for it. */
function doubtShared(state: State): void {
  for (const [key, loan] of [...state.loans]) if (loan.escape.isShared === true) state.replaceLoan(key, doubted(loan));
}

const receiver: ObjectId = 'this';

/** An instance that code outside made, with everything that it can call on it. */
function enterInstance(interpreter: Interpreter, state: State, prototype: Prototype, construct: (self: Value) => readonly State[]): readonly State[] {
  interpreter.unit.keptObjects.add(receiver);
  state.setObject(receiver, { fields: new Map(), elements: undefined, shape: 'object', prototype, isClosed: false });
  const self: Value = { kind: 'object', id: receiver };
  const states = construct(self);
  for (const one of states) scheduleMembers(interpreter, one, prototype, self);
  return states;
}

export function enterClass(interpreter: Interpreter, state: State, class_: ClassIr): readonly State[] {
  return enterInstance(interpreter, state, { kind: 'class', class: class_ }, (self) => construct(interpreter, state, class_, self));
}

/** Code outside makes an instance. */
function construct(interpreter: Interpreter, state: State, class_: ClassIr, self: Value): readonly State[] {
  const fn = class_.constructorFunction ?? class_.fields ?? class_.parent;
  const frame = rootFrame(fn, { isPublic: false, isInternal: false });
  // The frame names the class's own code, so that a constructor is not taken for a recursive call of itself.
  const site = siteFor(class_.origin, { ...frame, function: class_.parent });
  const outcome = interpreter.constructClass(state, class_, self, unknownArguments(interpreter.unit, class_.constructorFunction), site);
  const states = outcome.returns.map((completion) => completion.state);
  return states.length > 0 ? states : [state];
}

/** A module's top level, with one instance of each class that takes part in what the module's functions share. */
export function enterTop(interpreter: Interpreter, state: State, top: FunctionIr): readonly State[] {
  const outcome = interpreter.run(state, { kind: 'closure', function: top, self: undefined }, [], rootFrame(top, { isPublic: false, isInternal: false }));
  let states: readonly State[] = outcome.returns.map((completion) => completion.state);
  for (const [id, class_] of interpreter.unit.instances) states = states.flatMap((one) => construct(interpreter, one, class_, { kind: 'object', id }));
  return states;
}

function unknownArguments(unit: Unit, fn: FunctionIr | undefined): Value[] {
  return fn === undefined ? [] : fn.parameters.map((parameter, index) => parameterValue(unit, fn, parameter, index));
}

/** A function used with `new`, and the methods on its prototype. */
export function enterPrototype(interpreter: Interpreter, state: State, constructor_: FunctionIr, prototypeId: ObjectId): readonly State[] {
  return enterInstance(interpreter, state, { kind: 'object', id: prototypeId }, (self) => {
    const frame = rootFrame(constructor_, { isPublic: false, isInternal: false });
    const outcome = interpreter.run(state, { kind: 'closure', function: constructor_, self }, [], frame);
    return outcome.returns.map((completion) => completion.state);
  });
}

/** A lone function. */
export function enterFunction(interpreter: Interpreter, state: State, fn: FunctionIr, isPublic: boolean, isInternal: boolean): readonly State[] {
  const outcome = interpreter.run(state, { kind: 'closure', function: fn, self: undefined }, [], rootFrame(fn, { isPublic, isInternal }));
  // Called once more from outside: what it left in shared places it may overwrite then.
  for (const { state: after } of outcome.returns) doubtShared(after);
  for (const { state: after } of outcome.returns) after.schedule({ closure: { kind: 'closure', function: fn, self: undefined }, times: 'many', arguments: [], isPublic, refills: [] });
  return outcome.returns.map((completion) => completion.state);
}

