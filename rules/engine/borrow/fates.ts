import type { Site } from './machine.js';
import { forgetMoves } from './moves.js';
import type { State } from './state.js';
import type { Unit } from './unit.js';
import { promiseOf, type Value } from './value.js';

/**
 * How a promise settles is a fact of a path, as the outcome of a test is: of two handlers one runs, and what follows a handler that
 * was called follows a promise that was fulfilled.
 */

/** Names the fact that a promise is fulfilled; undefined where nothing tells it from other promises. */
export function fateOf(value: Value | undefined): string | undefined {
  if (value?.kind === 'opaque') return `${value.id}.fulfils`;
  return value?.kind === 'promise' ? value.fate : undefined;
}

/** Names the fact that the promise which a call gives is fulfilled. The next time the call is made, it is another promise. */
function fateAt(site: Site): string {
  return `call:${site.key}.fulfils`;
}

/**
 * A path on which a promise settles in one way.
 *
 * @returns whether there is one: not where it has settled in the other way before
 */
export function settleAs(unit: Unit, state: State, promise: Value | undefined, isFulfilled: boolean): boolean {
  const fate = fateOf(promise);
  if (fate === undefined || !unit.tracksMoves) return true;
  const known = state.facts.get(fate);
  if (known === undefined && state.hasMemory) state.facts.set(fate, isFulfilled);
  return known === undefined || known === isFulfilled;
}

/** What a call gives, as a promise that is told from others. */
export function promised(unit: Unit, state: State, value: Value, site: Site): Value {
  return unit.tracksMoves && state.hasMemory ? { ...promiseOf(value), fate: fateAt(site) } : value;
}

/** What happens from here on happens where the promise that a call gives is fulfilled. */
export function supposeFulfilled(unit: Unit, state: State, site: Site): void {
  if (unit.tracksMoves && state.hasMemory) state.facts.set(fateAt(site), true);
}

/** What was supposed is not known any more, but what happened meanwhile happened on that supposition. */
export function endSupposition(state: State, site: Site): void {
  state.facts.delete(fateAt(site));
}

/** What was supposed did not come true: what happened meanwhile happened all the same. */
export function refute(unit: Unit, state: State, site: Site): void {
  if (!unit.tracksMoves || !state.hasMemory) return;
  forgetMoves(state, (name) => name === fateAt(site));
  state.facts.set(fateAt(site), false);
}
