import type { Source, Until } from '../contracts/contract.js';
import type { FunctionIr, Origin, Variable } from '../ir/index.js';
import { suspend } from './activity.js';
import { invalidate, whole } from './effects.js';
import type { Frame } from './frame.js';
import { renameIdentities, renameValue } from './identities.js';
import { symbol, zero } from './linear.js';
import { weakest, type Invalidation } from './loan.js';
import { forgetMoves, recordMove } from './moves.js';
import { prune } from './prune.js';
import { variablePlace, type State } from './state.js';
import { callersTask, doubted, endTasks, microtasks, tasksOf } from './tasks.js';
import { lentBy } from './growth.js';
import { stale } from './region-names.js';
import type { Site } from './machine.js';
import { calleeText } from './reports.js';
import type { Unit } from './unit.js';
import { rootOf } from './uses.js';
import { alternatives, foreignRegion, movable, type Opaque, type RegionId, type Value } from './value.js';

/** Something that code has for a while only: memory, or an object, that belongs to whoever calls it or answers it. */
export interface Lending {
  readonly until: Until;
  /** Who was lent it; undefined for what a call gave. */
  readonly to: FunctionIr | undefined;
  readonly at: Origin;
  readonly name: string;
}

/** Borrows that are over when the function that has them gives control back: when it returns, or waits. */
const short: ReadonlySet<Until> = new Set<Until>(['return', 'callback', 'first await']);

/** Stands for the first suspension of the call from outside that runs. */
const waited: RegionId = '?waited';

/** Hand-overs that are borrows themselves more often than not: a listener, a callback. */
const passedOn: ReadonlySet<string> = new Set(['callback', 'emit']);

/** A parameter that its function declares to have borrowed: by the runtime's type, or by a tag. */
export function lentParameter(unit: Unit, state: State, fn: FunctionIr, parameter: Variable, index: number): Value | undefined {
  const { world, lendings } = unit;
  if (fn.isGenerator || parameter.storage !== 'parameter') return undefined;
  const until = world.lentUntil(fn, index);
  if (until === undefined) return undefined;
  const type = world.typeOf(parameter.origin);
  const own = type.kind === 'branded' ? type.of : type;
  const view = own.kind === 'instance' ? own.type.view : undefined;
  state.hasMemory = true;
  if (view === undefined) {
    const id = `p:${fn.id}:${index}`;
    lendings.set(foreignRegion(id), { until, to: fn, at: parameter.origin, name: parameter.name });
    forgetMoves(state, (name) => name === id || name.startsWith(`${id}.`));
    return { kind: 'opaque', id, origin: parameter.origin, root: { kind: 'parameter', function: fn, index, path: '' }, isObject: true };
  }
  // Not this code's own: others may write it when nothing here refers to it any more.
  const region = `?lent:${variablePlace(parameter)}`;
  lendings.set(region, { until, to: fn, at: parameter.origin, name: parameter.name });
  if (!unit.regions.has(region)) unit.regions.set(region, { at: parameter.origin, name: parameter.name, isLent: true });
  return { kind: 'view', region, type: view, low: zero, high: symbol(`len:${region}`) };
}

/** A call from outside begins: it has not waited yet, and what was taken back after the last one was another's. */
export function beginCall(unit: Unit, state: State, args: readonly Value[]): void {
  state.moves.delete(waited);
  for (const given of args) if (given.kind === 'opaque' && unit.lendings.has(foreignRegion(given.id))) forgetMoves(state, (name) => name === given.id || name.startsWith(`${given.id}.`));
}

/** A property of an argument, which its owner takes back when the code that was given the argument waits: `event.dataTransfer`. */
export function lentProperty(unit: Unit, state: State, object: Opaque, name: string, at: Origin): Value | undefined {
  if (!unit.tracksMoves || object.root.kind !== 'parameter' || !unit.world.catalog.lenders.names.has(name)) return undefined;
  const type = unit.world.typeOf(object.origin);
  const source = type.kind === 'instance' ? type.type.property(name) : undefined;
  const lent = source?.from === 'lent' && source.of?.from === 'instance' ? unit.world.catalog.type(source.of.type) : undefined;
  if (lent === undefined || source?.from !== 'lent') return undefined;
  const id = `g:${object.id}.${name}`;
  const before = state.moves.get(waited);
  // A helper's own argument says nothing of what its caller waited for.
  if (before !== undefined && before.root !== object.root.function) return undefined;
  if (before === undefined) unit.lendings.set(id, { until: source.until, to: undefined, at, name });
  else if (state.moves.get(stale(id)) === undefined) recordMove(state, stale(id), { ...before, name, origin: at });
  return { kind: 'instance', type: lent, id: before === undefined ? id : stale(id) };
}

/** What an API passes to a function of ours, where it is only lent. */
export function noteLent(unit: Unit, source: Source, value: Value, to: FunctionIr, index: number): void {
  if (source.from !== 'lent' || !short.has(source.until)) return;
  const parameter = to.parameters[index];
  if (parameter === undefined) return;
  for (const one of alternatives(value)) {
    const id = movable(one);
    if (id === undefined) continue;
    unit.lendings.set(id, { until: source.until, to, at: parameter.origin, name: parameter.name });
    const info = unit.regions.get(id);
    if (info !== undefined) unit.regions.set(id, { ...info, at: parameter.origin, name: parameter.name });
  }
}

/**
 * A call from outside returns: what it was lent goes back. Work that the returned promise stands for is the caller's to wait for; where
 * it was lent something until it has settled, so is work that calls the caller back.
 */
export function endAtReturn(unit: Unit, state: State, frame: Frame, at: Origin, value: Value): void {
  const fn = frame.function;
  const lent = lendingsTo(unit, fn, (until) => short.has(until) || until === 'settle');
  if (lent.length === 0) return;
  endTasks(state, tasksOf(value));
  for (const [id, lending] of lent) {
    if (lending.until === 'settle') endTasks(state, [callersTask]);
    takeBack(unit, state, id, lending, { how: 'callback return', at: fn.origin, by: '', certainty: 'certain' }, frame, { at, by: `the return of \`${fn.name}\`` }, (one) => isKept(unit, one, id, fn));
  }
}

/** The code waits: other code runs, and whoever lent it something goes on. */
export function suspendAll(unit: Unit, state: State, frame: Frame, at: Origin): void {
  // Work that nobody waits for has its own account of what it holds.
  if (state.activity === undefined && (unit.lendings.size > 0 || unit.tracksMoves)) endAtSuspension(unit, state, frame, at);
  // Who began this without waiting for it goes on before any microtask runs.
  if (state.activity === undefined) endTasks(state, [microtasks]);
  suspend(unit, state, frame);
}

function endAtSuspension(unit: Unit, state: State, frame: Frame, at: Origin): void {
  const root = rootOf(frame);
  const by = 'the `await`';
  if (unit.tracksMoves && !state.moves.has(waited)) recordMove(state, waited, { how: 'lapse', at, by, certainty: 'certain', name: '', origin: undefined, remedy: undefined, limit: undefined, facts: new Map(state.facts), root });
  for (const [id, lending] of lendingsTo(unit, root, (until) => short.has(until))) {
    takeBack(unit, state, id, lending, { how: 'suspension', at, by: '', certainty: 'certain' }, frame, { at, by }, () => false);
  }
}

/**
 * A function that was called on the spot has returned: what it was lent goes back.
 *
 * @returns what the value that it gave is now
 */
export function endAfterCall(unit: Unit, state: State, fn: FunctionIr, frame: Frame, value: Value): Value {
  let result = value;
  for (const [id, lending] of lendingsTo(unit, fn, (until) => short.has(until))) {
    takeBack(unit, state, id, lending, { how: 'callback return', at: fn.origin, by: '', certainty: 'certain' }, frame, { at: fn.origin, by: 'the return of its callback' }, () => false);
    result = renameValue(result, (one) => (one === id ? stale(id) : one));
  }
  return result;
}

/** An object uses the memory again that its methods gave. */
export function takeBackFrom(unit: Unit, state: State, owner: Value, site: Site): void {
  const by = `the next \`${calleeText(unit, site)}\``;
  for (const id of lentBy(unit, owner)) {
    const info = unit.regions.get(id);
    if (info === undefined) continue;
    const lending: Lending = { until: 'next call', to: undefined, at: info.at, name: info.name ?? '' };
    takeBack(unit, state, id, lending, { how: 'next call', at: site.at, by, certainty: 'certain' }, site.frame, { at: site.at, by }, () => false);
  }
}

function lendingsTo(unit: Unit, fn: FunctionIr, isOver: (until: Until) => boolean): readonly (readonly [RegionId, Lending])[] {
  return [...unit.lendings].filter(([, { to, until }]) => isOver(until) && (to === fn || (to === undefined && until === 'first await')));
}

/** What was passed on to a listener or a callback may well have been borrowed only. */
export function doubtPassedOn(state: State, region: RegionId): void {
  for (const [key, loan] of [...state.loans]) if (loan.region === region && passedOn.has(loan.escape.how)) state.replaceLoan(key, doubted(loan));
}

function takeBack(unit: Unit, state: State, id: RegionId, lending: Lending, invalidation: Invalidation, frame: Frame, move: { readonly at: Origin; readonly by: string }, isKept: (state: State) => boolean): void {
  doubtPassedOn(state, id);
  for (const loan of [...state.loans.values()]) {
    if (loan.region === id && !passedOn.has(loan.escape.how) && loan.escape.holder !== undefined && isKept(state)) unit.reporter.loan(loan, invalidation, weakest(loan.escape.certainty, invalidation.certainty));
  }
  invalidate(unit, state, id, whole, invalidation);
  for (const [key, loan] of [...state.loans]) if (loan.region === id && loan.escape.holder === undefined) state.replaceLoan(key, undefined);
  const gone = id.startsWith('?bytes:') ? id : stale(id);
  const info = unit.regions.get(id);
  if (info !== undefined && !unit.regions.has(gone)) unit.regions.set(gone, info);
  if (gone !== id) renameIdentities(state, (one) => (one === id ? gone : one));
  recordMove(state, gone, { how: 'lapse', at: move.at, by: move.by, certainty: 'certain', name: lending.name, origin: lending.at, remedy: undefined, limit: undefined, facts: new Map(state.facts), root: rootOf(frame) });
}

/** Something that outlives the call holds the memory in a container. */
function isKept(unit: Unit, state: State, id: RegionId, fn: FunctionIr): boolean {
  const after = state.clone();
  prune(after, (variable) => variable.owner !== fn, [], unit.keptObjects);
  return [...after.loans.values()].some((loan) => loan.region === id && loan.escape.holder !== undefined);
}
