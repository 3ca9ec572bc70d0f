import type { Contract } from '../contracts/contract.js';
import type { Certainty } from '../findings.js';
import type { FunctionIr, Origin } from '../ir/index.js';
import { isAsked, isProbed, isTried } from './asking.js';
import { isConstant } from './linear.js';
import { weakest } from './loan.js';
import type { Machine, Site } from './machine.js';
import { moveOf, type Move, type MoveUse } from './moves.js';
import { elementsOf } from './sources.js';
import type { State } from './state.js';
import type { Frame } from './frame.js';
import { alternatives, foreignRegion, movable, type RegionId, type Value } from './value.js';
import { baseRegion } from './region-names.js';

/** Members that look at the object itself, not at its bytes, or that end its use. */
const harmless: ReadonlySet<string> = new Set([
  'buffer', 'parent', 'constructor', 'detached', 'resizable', 'maxByteLength', 'close', 'cancel', 'releaseLock', 'removeEventListener', 'removeAllListeners', 'off', 'unref',
]);

/** Collections look a value up by identity: none of its bytes are read. */
const lookUps: ReadonlySet<string> = new Set(['has', 'get', 'delete', 'includes', 'indexOf', 'lastIndexOf', 'is', 'isBuffer', 'isView']);

/** Methods of views that write. */
const writing = /^(?:fill|set|copyWithin|reverse|sort|write\w*|set(?:Uint|Int|Float|Big)\w*)$/;

/** A member of something is read, or called. */
export function useMember(machine: Machine, state: State, object: Value, name: string | undefined, at: Origin, frame: Frame, isCall: boolean): void {
  if (state.moves.size === 0 || (name !== undefined && harmless.has(name))) return;
  const certainty: Certainty = object.kind === 'any' ? 'potential' : 'certain';
  for (const one of alternatives(object)) {
    // What may be handed back twice says so.
    if (one.kind === 'instance' && isCall && name !== undefined && one.type.method(name)?.receiver?.ends !== undefined) continue;
    // What an object is, it stays; only what it does is gone.
    if (one.kind === 'instance' && !isCall && state.moves.get(one.id)?.how !== 'lapse') continue;
    const form = name !== undefined && writing.test(name) ? 'write' : one.kind === 'instance' ? 'use' : 'read';
    const isLength = name === 'length' || name === 'byteLength';
    // What was taken back is as long as before.
    if (isLength && (isProbed(frame.function, at) || state.moves.get(movable(one) ?? '')?.how === 'lapse')) continue;
    reportValue(machine, state, one, { form, at, certainty: isLength && isAsked(frame.function, at) ? 'potential' : certainty }, frame);
    // Plain JavaScript: what was moved is `x.buffer`, and only views have such members.
    if (one.kind === 'opaque' && isMemberOfViews(machine, name)) report(machine, state, foreignRegion(`${one.id}.buffer`), { form, at, certainty }, frame);
  }
}

function isMemberOfViews(machine: Machine, name: string | undefined): boolean {
  if (name === undefined || /^\d+$/.test(name) || name === 'length' || name === 'byteLength') return true;
  const type = machine.unit.world.catalog.viewType('Uint8Array');
  return type.method(name) !== undefined;
}

/** An element is written. */
export function useElement(machine: Machine, state: State, object: Value, at: Origin, frame: Frame): void {
  if (state.moves.size === 0) return;
  const certainty: Certainty = object.kind === 'any' ? 'potential' : 'certain';
  for (const one of alternatives(object)) {
    reportValue(machine, state, one, { form: 'write', at, certainty }, frame);
    if (one.kind === 'opaque') report(machine, state, foreignRegion(`${one.id}.buffer`), { form: 'write', at, certainty }, frame);
  }
}

/** Values are handed to code that is not followed. What the callee moves itself is looked at when it does. */
export function useArguments(machine: Machine, state: State, args: readonly Value[], site: Site, contract: Contract | undefined): void {
  if (state.moves.size === 0 || (site.name !== undefined && lookUps.has(site.name))) return;
  // What a call moves once more is told of when it does.
  const listed = new Set(args.flatMap((value) => (value.kind === 'object' ? elementsOf(state, value) : [])).flatMap(alternatives).map(movable));
  args.forEach((value, index) => {
    if (contract !== undefined && alternatives(value).some((one) => listed.has(movable(one)) && movable(one) !== undefined)) return;
    const effect = contract?.parameters?.[index] ?? contract?.rest;
    if (effect?.transfers === true || effect?.releases === true || effect?.ends !== undefined) return;
    useValue(machine, state, value, site.argumentOrigins[index] ?? site.at, site.frame);
  });
}

/** A value leaves as it is: an argument, a result, what is iterated. */
export function useValue(machine: Machine, state: State, value: Value, at: Origin, frame: Frame, form: MoveUse['form'] = 'pass'): void {
  if (state.moves.size === 0) return;
  const certainty: Certainty = value.kind === 'any' ? 'potential' : 'certain';
  for (const one of alternatives(value)) reportValue(machine, state, one, { form, at, certainty }, frame);
}

/** What is moved here was moved before. */
export function useAgain(machine: Machine, state: State, region: RegionId, site: Site, certainty: Certainty): void {
  report(machine, state, region, { form: 'again', at: site.at, certainty }, site.frame);
}

function reportValue(machine: Machine, state: State, value: Value, use: MoveUse, frame: Frame): void {
  const region = movable(value);
  const limit = region === undefined ? undefined : state.moves.get(region)?.limit;
  const certainty = limit === undefined ? use.certainty : reachesBehind(value, limit);
  if (certainty !== undefined) report(machine, state, region, { ...use, certainty: weakest(use.certainty, certainty) }, frame);
}

/** Whether a value needs bytes that a buffer lost when it shrank: a view of a part that is still there is as good as before. */
function reachesBehind(value: Value, limit: number): Certainty | undefined {
  if (value.kind !== 'view' || value.type === 'ArrayBuffer') return undefined;
  // Made in one way or another: of a part that is gone, perhaps.
  if (value.high === undefined) return 'potential';
  return isConstant(value.high) && value.high.constant > limit ? 'certain' : undefined;
}

function report(machine: Machine, state: State, region: RegionId | undefined, use: MoveUse, frame: Frame): void {
  const move = region === undefined ? undefined : moveOf(state, region);
  if (region === undefined || move === undefined || isOlder(region, move) || isTried(frame, use.at)) return;
  const certainty = weakest(use.certainty, move.certainty);
  machine.unit.reporter.move(region, move, { ...use, certainty }, frame);
  // One report for what follows from one move on a path: the next use says nothing new.
  if (certainty === 'certain') {
    state.touch();
    state.moves.delete(region);
  }
}

/** One of several buffers of an allocation: whether it is the one that was moved is not known. What went stale, went stale whole. */
function isOlder(region: RegionId, move: Move): boolean {
  return move.how !== 'growth' && baseRegion(region) !== region;
}

/** The function that code outside called to get here. */
export function rootOf(frame: Frame): FunctionIr {
  return frame.caller === undefined ? frame.function : rootOf(frame.caller);
}
