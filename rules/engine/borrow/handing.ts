import type { Certainty } from '../findings.js';
import type { FunctionIr, Origin } from '../ir/index.js';
import type { Frame } from './frame.js';
import { weakest } from './loan.js';
import type { Machine, Site } from './machine.js';
import { contradicts, recordMove } from './moves.js';
import { calleeText } from './reports.js';
import { namesIn } from './sources.js';
import type { State } from './state.js';
import type { Unit } from './unit.js';
import { rootOf } from './uses.js';
import { alternatives, awaited, movable, type RegionId, type Value } from './value.js';
import { baseRegion } from './region-names.js';

/** A call gives something that has to be handed back. */
export function owe(machine: Machine, state: State, value: Value, self: Value | undefined, site: Site, certainty: Certainty): void {
  if (isLocal(machine.unit, self, site.frame)) return;
  state.hasMemory = true;
  for (const one of alternatives(awaited(value))) {
    const id = movable(one);
    if (id === undefined) continue;
    state.touch();
    state.moves.delete(id);
    state.duties.set(id, { at: site.at, by: calleeText(machine.unit, site), certainty, facts: new Map(state.facts) });
  }
}

/** What an arena holds that is made here goes with it. */
function isLocal(unit: Unit, self: Value | undefined, frame: Frame): boolean {
  const made = self?.kind === 'instance' ? unit.made.get(baseRegion(self.id)) : undefined;
  const root = rootOf(frame);
  return made !== undefined && made.at.file === root.module.file && root.kind !== 'module' && made.at.start >= root.origin.start && made.at.end <= root.origin.end;
}

/** Somebody else has it from here on, and with it the duty. */
export function handOn(state: State, value: Value): void {
  if (state.duties.size === 0) return;
  for (const id of namesIn(state, value)) state.duties.delete(id);
}

/** The value is, or was, something that has to be handed back: what is done with it matters. */
export function isAccountable(state: State, value: Value): boolean {
  return alternatives(value).some((one) => {
    const id = movable(one);
    return id !== undefined && (state.duties.has(id) || state.moves.get(id)?.how === 'release');
  });
}

/** The value is, or holds, something that has to be handed back. */
export function isOwed(state: State, value: Value): boolean {
  if (state.duties.size === 0) return false;
  for (const id of namesIn(state, value)) if (state.duties.has(id)) return true;
  return false;
}

/** A list holds it, with others. */
export function listOwed(state: State, value: Value): void {
  for (const id of namesIn(state, value)) {
    const duty = state.duties.get(id);
    if (duty !== undefined) state.duties.set(id, { ...duty, isListed: true });
  }
}

/** It is handed back. */
export interface Release {
  readonly at: Origin;
  readonly by: string;
  readonly certainty: Certainty;
  /** A second time is one too many. */
  readonly isOnce: boolean;
}

/** Something is handed back: nobody owes it any more, and nobody may use it. */
export function release(machine: Machine, state: State, value: Value, { at, by, certainty, isOnce }: Release, frame: Frame): void {
  const { unit } = machine;
  for (const one of alternatives(value)) {
    const id = movable(one);
    if (id === undefined) continue;
    state.touch();
    const duty = state.duties.get(id);
    if (duty?.isListed === true) unit.reporter.handBack(duty);
    state.duties.delete(id);
    const known = weakest(certainty, value.kind === 'any' || baseRegion(id) !== id ? 'potential' : 'certain');
    const old = state.moves.get(id);
    if (old?.how === 'release' && baseRegion(id) === id && !contradicts(old.facts, state.facts)) {
      // The first release is the one to tell of.
      if (isOnce) unit.reporter.move(id, old, { form: 'release', at, certainty: weakest(old.certainty, known) }, frame);
      continue;
    }
    recordMove(state, id, {
      how: 'release', at, by, certainty: known, name: nameOf(unit, one), origin: one.kind === 'instance' ? unit.made.get(id)?.at : one.kind === 'opaque' ? one.origin : undefined,
      remedy: undefined, limit: undefined, facts: new Map(state.facts), root: rootOf(frame),
    });
  }
}

function nameOf(unit: Unit, value: Value): string {
  if (value.kind === 'instance') return unit.made.get(baseRegion(value.id))?.name ?? '';
  return value.kind === 'opaque' ? unit.source.textOf(value.origin) : '';
}

/**
 * A path of a call from outside ends: what is still owed then, nobody can hand back any more. What other functions can reach, or
 * closures that were made on the way, they may.
 */
export function settleDuties(unit: Unit, state: State, fn: FunctionIr, at: Origin): void {
  if (state.duties.size === 0) return;
  const kept = new Set<RegionId>();
  // A function that ends without a `return` ends with its last character.
  const end = at.start === fn.origin.start && at.end === fn.origin.end ? { file: at.file, start: at.end - 1, end: at.end, syntax: at.syntax } : at;
  for (const [variable, value] of state.variables) if (variable.owner !== fn || variable.isCaptured) for (const id of namesIn(state, value)) kept.add(id);
  for (const [id, duty] of [...state.duties]) {
    state.duties.delete(id);
    if (fn.kind !== 'module' && !kept.has(id) && !contradicts(duty.facts, state.facts)) unit.reporter.leak(duty, unit.made.get(baseRegion(id))?.name ?? '', end);
  }
}
