import { graphOf } from '../flow/graph.js';
import type { Edge } from '../flow/solver.js';
import { originKey, type Block, type FunctionIr, type Origin, type Terminal, type Variable } from '../ir/index.js';
import { isWhole } from './activity.js';
import { hasCleanup, iteratorResult } from './iteration.js';
import { handOn, settleDuties } from './handing.js';
import { issueLoans } from './effects.js';
import { endAtReturn, suspendAll } from './lending.js';
import { areEqual, zero } from './linear.js';
import { siteFor, type Machine } from './machine.js';
import type { Outcomes } from './outcomes.js';
import { assume, factOf, isExhausted } from './refine.js';
import { scheduleAll } from './schedule.js';
import { elementOf, lendFrom } from './sources.js';
import type { State } from './state.js';
import { doubtEarlierTurns, doubtTasks, endTasks, handBack, microtasks, settle, tasksOf, withTasks, type Extent } from './tasks.js';
import type { Frame } from './frame.js';
import { useValue } from './uses.js';
import type { Unit } from './unit.js';
import { alternatives, awaited, primitive, promiseOf, undefinedValue, type Value, type View } from './value.js';

/** What the end of a block asks of the interpreter. */
export interface Leaver extends Machine {
  /** The activation's own variables are gone; what it returns is not. */
  leave(state: State, fn: FunctionIr, value: Value | undefined): void;
  /** A value is made anew under a name that earlier values may still be known by. */
  renewSymbol(state: State, id: string): void;
}

/** Where control goes from the end of a block, and in which states. */
export function leaveBlock(machine: Leaver, block: Block, state: State, frame: Frame, outcomes: Outcomes): Edge<State>[] {
  const { terminal } = block;
  switch (terminal.kind) {
    case 'goto':
      return [{ target: terminal.target, state }];
    case 'branch': {
      const edges: Edge<State>[] = [];
      const otherwise = state.clone();
      const fact = machine.unit.tracksMoves ? factOf(machine, state, terminal.test) : undefined;
      if (fact !== undefined) {
        state.facts.set(fact, true);
        otherwise.facts.set(fact, false);
      }
      if (assume(machine, state, terminal.test, true)) edges.push({ target: terminal.then, state });
      if (assume(machine, otherwise, terminal.test, false) && !(fact !== undefined && isExhausted(machine, otherwise, terminal.test))) edges.push({ target: terminal.otherwise, state: otherwise });
      return edges;
    }
    case 'return':
      returnFrom(machine, terminal.value, state, terminal.origin, frame, outcomes);
      return [];
    case 'throw': {
      const value = machine.read(state, terminal.value);
      handOn(state, value);
      if (frame.isRoot && block.handler === undefined) {
        settleDuties(machine.unit, state, frame.function, terminal.origin);
        issueLoans(machine.unit, state, value, { how: 'throw', at: terminal.origin, view: undefined, via: undefined, certainty: 'certain', holder: undefined });
      }
      if (block.handler !== undefined) return [{ target: block.handler, state }];
      machine.leave(state, frame.function, value);
      outcomes.throw(state);
      return [];
    }
    case 'yield':
      return yieldFrom(machine, terminal, state, frame);
    case 'next':
      return next(machine, terminal, turnAt(block, frame.function), state, frame);
    case 'unreachable':
      return [];
  }
}

function returnFrom(machine: Leaver, variable: Variable | undefined, state: State, at: Origin, frame: Frame, outcomes: Outcomes): void {
  const fn = frame.function;
  let value = variable === undefined ? undefinedValue : machine.read(state, variable);
  if (fn.isAsync && !fn.isGenerator) value = withTasks(promiseOf(awaited(value)), tasksOf(value));
  if (frame.isRoot) {
    useValue(machine, state, awaited(value), at, frame);
    if (machine.unit.lendings.size > 0 && !fn.isGenerator) endAtReturn(machine.unit, state, frame, at, value);
    handBack(state, value);
    handOn(state, value);
    settleDuties(machine.unit, state, fn, at);
    // What a pending operation gives back is what it was given.
    if (!fn.isGenerator && frame.isPublic && tasksOf(value).length === 0 && !machine.unit.world.isLending(fn)) handOut(machine, state, value, at, fn);
    scheduleAll(machine, state, value);
  }
  machine.leave(state, fn, value);
  outcomes.return(state, value);
}

/** A public function returns: the caller holds what it is given. */
function handOut(machine: Leaver, state: State, value: Value, at: Origin, fn: FunctionIr): void {
  const result = iteratorResult(state, awaited(value));
  const isStep = result !== undefined && fn.name.split(/[#.]/).at(-1) === 'next';
  issueLoans(machine.unit, state, value, { how: isStep ? 'iterator result' : 'return', at, view: machine.unit.source.operandOf(at), via: fn.name, certainty: fn.kind === 'getter' && isWholeBuffer(machine, value) ? 'potential' : 'certain', holder: undefined });
}

/** All of a buffer, or of a memory: a getter that gives it is an accessor to the storage, and says so by being one. */
function isWholeBuffer({ unit }: Leaver, value: Value): boolean {
  return alternatives(value).every((one) => one.kind === 'view' && (isWhole(unit, one) || isWholeMemory(unit, one)));
}

/** Of a memory that an object lends, nobody knows where it ends. */
function isWholeMemory(unit: Unit, { region, low, high }: View): boolean {
  return unit.originOf(region)?.isLent === true && low !== undefined && areEqual(low, zero) && high === undefined;
}

function yieldFrom(machine: Leaver, terminal: Extract<Terminal, { kind: 'yield' }>, state: State, frame: Frame): Edge<State>[] {
  // Async generators await what they yield.
  const isAwaited = frame.function.isAsync && state.activity === undefined;
  if (isAwaited) endTasks(state, [microtasks]);
  if (terminal.value !== undefined && !machine.unit.world.isLending(frame.function)) {
    const value = machine.read(state, terminal.value);
    useValue(machine, state, value, terminal.origin, frame);
    if (isAwaited && !terminal.isDelegate) settle(state, value);
    handOn(state, value);
    const item = terminal.isDelegate ? elementOf(state, value) : value;
    if (item !== undefined) {
      issueLoans(machine.unit, state, item, { how: 'yield', at: terminal.origin, view: terminal.isDelegate ? undefined : machine.unit.source.operandOf(terminal.origin), via: undefined, certainty: 'certain', holder: undefined });
      scheduleAll(machine, state, item);
    }
  }
  const abandoned = state.clone();
  if (!hasCleanup(frame.function, terminal.abandon)) abandoned.doubtLoans();
  const id = `yield:${terminal.origin.start}${frame.context}`;
  state.setVariable(terminal.result, { kind: 'opaque', id, origin: terminal.origin, root: { kind: 'elsewhere' } });
  return [{ target: terminal.resume, state }, { target: terminal.abandon, state: abandoned }];
}

const turns = new WeakMap<Block, Extent>();

/** Where the code is that runs for each item; the block that takes the next one is the head of its loop. */
function turnAt(block: Block, { body, origin }: FunctionIr): Extent {
  let turn = turns.get(block);
  if (turn === undefined) {
    const inside = body === undefined ? [] : [...(graphOf(body).loops.get(block.id)?.blocks ?? [])].flatMap((id) => body.blocks[id]?.instructions ?? []).map((instruction) => instruction.origin);
    turns.set(block, (turn = { file: origin.file, start: Math.min(...inside.map(({ start }) => start)), end: Math.max(...inside.map(({ end }) => end)) }));
  }
  return turn;
}

function next(machine: Leaver, terminal: Extract<Terminal, { kind: 'next' }>, turn: Extent, state: State, frame: Frame): Edge<State>[] {
  if (terminal.mode === 'async') suspendAll(machine.unit, state, frame, terminal.origin);
  const done = state.clone();
  const iterator = machine.read(state, terminal.iterator);
  const id = `item:${terminal.origin.start}${frame.context}`;
  machine.renewSymbol(state, id);
  const item = terminal.mode === 'keys' ? primitive : elementOf(state, iterator);
  if (terminal.mode === 'async' && item !== undefined) settle(state, item);
  if (item !== undefined && terminal.mode === 'sync') doubtEarlierTurns(state, item, turn);
  // `for (const job of jobs) await job`: who goes over all the promises may well have awaited them.
  if (item !== undefined) doubtTasks(done, tasksOf(item));
  const element = terminal.mode === 'async' && item !== undefined ? awaited(item) : item;
  const lender = alternatives(iterator).find((one) => one.kind === 'iterator' && one.id.startsWith('?'));
  const iterable = machine.unit.iterables.get(terminal.iterator) ?? terminal.origin;
  const isLending = lender !== undefined || machine.unit.lendingIterables.has(originKey(iterable));
  if (isLending) {
    const value = lendFrom(machine, state, lender?.kind === 'iterator' ? lender.id : `?items:${iterable.start}`, siteFor(terminal.origin, frame), 'Uint8Array');
    state.setVariable(terminal.value, value);
  } else {
    state.setVariable(terminal.value, element ?? { kind: 'opaque', id, origin: terminal.value.origin, root: { kind: 'item', iterable, key: id } });
  }
  return [{ target: terminal.body, state }, { target: terminal.done, state: done }];
}
