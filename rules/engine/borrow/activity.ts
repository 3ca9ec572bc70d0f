import type { Certainty } from '../findings.js';
import type { FunctionIr, Variable } from '../ir/index.js';
import type { Frame } from './frame.js';
import { viewsIn } from './views.js';
import { areEqual, symbol, zero } from './linear.js';
import { weakest } from './loan.js';
import type { State } from './state.js';
import type { Unit } from './unit.js';
import { areSameBound, type Closure, type RegionId, type Value, type View } from './value.js';
import { baseRegion } from './region-names.js';

/**
 * Work that outlives the call that began it: an async function whose promise nobody awaited, a closure that a timer calls. What it
 * has in its hands when it is suspended, and uses afterwards, is borrowed all that time. What it looks up anew is not.
 */
export interface Activity {
  readonly recorder: Recorder;
  /** What it had when it was last suspended, and has not filled anew since. */
  readonly held: ReadonlyMap<RegionId, Holding>;
  /** What the operation fills that it is about to wait for. */
  readonly filling: ReadonlySet<RegionId>;
  readonly isSuspended: boolean;
  /** The work that began it. */
  readonly outer: Activity | undefined;
}

/** A view in the hands of an activity. */
export interface Holding {
  readonly view: View;
  readonly certainty: Certainty;
  /** It is the buffer itself, not a part that was cut for the activity. */
  readonly isShared: boolean;
  /** The captured constant that is the view. */
  readonly variable: Variable | undefined;
}

type Holdings = ReadonlyMap<RegionId, Holding>;

const none: ReadonlySet<RegionId> = new Set();

/** What an activity was given, and what it came to use after a suspension, whichever path it took. */
export class Recorder {
  readonly uses = new Map<RegionId, Holding>();
  /** Where it hands on what it holds: whoever gets it there gets it broken. */
  readonly escapes = new Set<string>();
  readonly offered: Holdings;
  /** The depth of its first activation. */
  readonly depth: number;

  constructor(offered: Holdings, depth: number) {
    this.offered = offered;
    this.depth = depth;
  }
}

/**
 * Begins an activity; what runs in the state from now on is part of it, until `leave`.
 *
 * @param isSuspended it does not begin at once: the code that begins it goes on first
 */
export function enter(state: State, recorder: Recorder, isSuspended: boolean): void {
  state.activity = { recorder, held: isSuspended ? recorder.offered : new Map(), filling: none, isSuspended, outer: state.activity };
}

/** Ends the current activity: what runs from now on is part of the one around it. */
export function leave(state: State): void {
  state.activity = state.activity?.outer;
}

/** The current activity waits: other code runs. */
export function suspend(unit: Unit, state: State, frame: Frame): void {
  const { activity } = state;
  if (activity === undefined) return;
  const held = new Map(activity.recorder.offered);
  const functions = new Set<FunctionIr>();
  for (let at: Frame | undefined = frame; at !== undefined && at.depth >= activity.recorder.depth; at = at.caller) functions.add(at.function);
  for (const [variable, value] of state.variables) if (functions.has(variable.owner)) hold(unit, state, value, 'certain', held);
  for (const region of activity.filling) held.delete(region);
  state.activity = { ...activity, held, filling: none, isSuspended: true };
}

/**
 * The bytes that a value is or holds are looked at.
 *
 * @param escape names the place where they are handed out, if they are
 */
export function noteUse(state: State, value: Value, escape?: string): void {
  if (state.activity === undefined) return;
  for (const { view, certainty } of viewsIn(state, value)) {
    for (let at: Activity | undefined = state.activity; at !== undefined; at = at.isSuspended ? undefined : at.outer) {
      const holding = at.held.get(view.region);
      if (holding !== undefined && escape !== undefined) at.recorder.escapes.add(escape);
      if (holding !== undefined) record(at.recorder.uses, { ...holding, certainty: weakest(certainty, holding.certainty) });
    }
  }
}

/**
 * The activity overwrites a region: what it held of it is of no interest any more.
 *
 * @param isFilling the bytes come while it waits
 */
export function refill(state: State, region: RegionId, isFilling: boolean): void {
  const { activity } = state;
  if (activity === undefined) return;
  const without = (at: Activity): Activity => {
    const held = new Map(at.held);
    held.delete(region);
    return { ...at, held, filling: isFilling ? new Set([...at.filling, region]) : at.filling, outer: at.outer && without(at.outer) };
  };
  state.activity = without(activity);
}

/** What a closure takes along: the views in what it is called with, and those in the variables that it and its helpers capture. */
export function offeredTo(unit: Unit, state: State, closure: Closure, args: readonly Value[], frame: Frame): Holdings {
  const offered = new Map<RegionId, Holding>();
  const seen = new Set<FunctionIr>();
  const takeClosure = (fn: FunctionIr, depth: number): void => {
    if (seen.has(fn) || depth === 0) return;
    seen.add(fn);
    for (const nested of fn.outline.nested) takeClosure(nested, depth);
    for (const variable of fn.outline.captures) {
      const value = state.variable(variable);
      if (value === undefined) continue;
      if (value.kind === 'closure') takeClosure(value.function, depth - 1);
      else hold(unit, state, value, isOwn(variable, frame) ? 'certain' : 'potential', offered, variable);
    }
  };
  takeClosure(closure.function, 3);
  for (const value of args) {
    if (value.kind === 'closure') takeClosure(value.function, 3);
    else hold(unit, state, value, 'certain', offered);
  }
  return offered;
}

/** A constant of an activation that is still running. A variable of the surroundings is shared: it may be meant to see what others write. */
function isOwn(variable: Variable, frame: Frame): boolean {
  if (!variable.isConstant && variable.storage !== 'parameter') return false;
  for (let at: Frame | undefined = frame; at !== undefined; at = at.caller) if (at.function === variable.owner) return variable.owner.kind !== 'module';
  return false;
}

function hold(unit: Unit, state: State, value: Value, certainty: Certainty, into: Map<RegionId, Holding>, variable?: Variable): void {
  for (const held of viewsIn(state, value)) {
    record(into, { view: held.view, certainty: weakest(certainty, held.certainty), isShared: isWhole(unit, held.view), variable: held.path?.length === 0 ? variable : undefined });
  }
}

function record(into: Map<RegionId, Holding>, holding: Holding): void {
  const { region } = holding.view;
  const old = into.get(region);
  into.set(region, old === undefined ? holding : mergeHoldings(old, holding));
}

function mergeHoldings(a: Holding, b: Holding): Holding {
  const isSame = areSameBound(a.view.low, b.view.low) && areSameBound(a.view.high, b.view.high);
  const view: View = isSame ? a.view : { ...a.view, low: undefined, high: undefined };
  const certainty = a.certainty === 'certain' ? a.certainty : b.certainty;
  const isShared = a.isShared && b.isShared;
  const variable = a.variable === b.variable ? a.variable : undefined;
  return isSame && certainty === a.certainty && isShared === a.isShared && variable === a.variable ? a : { view, certainty, isShared, variable };
}

/** All of a buffer. */
export function isWhole(unit: Unit, view: View): boolean {
  const { low, high } = view;
  if (low === undefined || high === undefined || !areEqual(low, zero)) return false;
  return areEqual(high, unit.regions.get(baseRegion(view.region))?.size ?? zero) || areEqual(high, symbol(`len:${view.region}`));
}

/** Two paths meet within one activity: it holds what it held on either. */
export function mergeActivities(a: Activity | undefined, b: Activity | undefined): Activity | undefined {
  if (a === b || a === undefined || b === undefined) return a;
  const held = new Map(a.held);
  for (const holding of b.held.values()) record(held, holding);
  const filling = [...a.filling].every((region) => b.filling.has(region)) ? a.filling : new Set([...a.filling].filter((region) => b.filling.has(region)));
  const outer = mergeActivities(a.outer, b.outer);
  const isSuspended = a.isSuspended || b.isSuspended;
  const isSame = held.size === a.held.size && [...held].every(([region, holding]) => a.held.get(region) === holding);
  return isSame && filling === a.filling && outer === a.outer && isSuspended === a.isSuspended ? a : { ...a, held, filling, outer, isSuspended };
}

/** Gives regions the names that they have from now on. */
export function renameActivity(activity: Activity, rename: (id: string) => string): Activity {
  const outer = activity.outer && renameActivity(activity.outer, rename);
  if (outer === activity.outer && [...activity.held.keys(), ...activity.filling].every((region) => rename(region) === region)) return activity;
  const held = new Map<RegionId, Holding>();
  for (const holding of activity.held.values()) record(held, { ...holding, view: { ...holding.view, region: rename(holding.view.region) } });
  return { ...activity, held, filling: new Set([...activity.filling].map(rename)), outer };
}
