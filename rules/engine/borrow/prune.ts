import type { Variable } from '../ir/index.js';
import { collect, referencesOf, referencesOfScheduled, type Found, type References } from './references.js';
import { isForeign, type State } from './state.js';
import type { ObjectId, RegionId, Value } from './value.js';

/** Drops what can no longer matter: dead variables, objects nothing refers to, loans of memory nobody can write any more. */
export function prune(state: State, isLive: (variable: Variable) => boolean, pinned: Iterable<Value>, keptObjects: Iterable<ObjectId>): void {
  state.variables.forEach((_, variable) => {
    if (!isLive(variable)) state.variables.delete(variable);
  });
  if (state.objects.size === 0 && state.loans.size === 0) return;
  const { objects, regions } = reach(state, pinned, keptObjects);
  state.objects.forEach((_, id) => {
    if (!objects.has(id)) state.objects.delete(id);
  });
  state.loans.forEach((loan, key) => {
    const isHeld = loan.escape.holder === undefined || objects.has(loan.escape.holder) || state.frozen.objects.has(loan.escape.holder) || isForeign(loan.escape.holder);
    if (!isHeld || (!regions.has(loan.region) && !state.frozen.regions.has(loan.region) && !isForeign(loan.region))) state.loans.delete(key);
  });
}

/** Everything that something can still refer to. */
function reach(state: State, pinned: Iterable<Value>, keptObjects: Iterable<ObjectId>): { readonly objects: ReadonlySet<ObjectId>; readonly regions: ReadonlySet<RegionId> } {
  const found: Found = { objects: [...keptObjects], regions: [] };
  state.objects.forEach((_, id) => {
    if (state.frozen.objects.has(id)) found.objects.push(id);
  });
  state.variables.forEach((value) => { collect(value, found); });
  for (const value of pinned) collect(value, found);
  const objects = new Set<ObjectId>();
  const regions = new Set<RegionId>(found.regions);
  const work = found.objects;
  const add = (references: References): void => {
    for (const id of references.objects) if (!objects.has(id)) work.push(id);
    for (const region of references.regions) regions.add(region);
  };
  add(state.scheduled.derived(referencesOfScheduled));
  for (let id = work.pop(); id !== undefined; id = work.pop()) {
    if (objects.has(id)) continue;
    objects.add(id);
    const object = state.objects.get(id);
    if (object !== undefined) add(referencesOf(object));
  }
  return { objects, regions };
}
