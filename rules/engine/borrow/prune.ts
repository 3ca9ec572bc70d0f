import type { Variable } from '../ir/index.js';
import { classObject, closureObject, isForeign, type State } from './state.js';
import type { ObjectId, RegionId, Value } from './value.js';

/** Drops what can no longer matter: dead variables, objects nothing refers to, loans of memory nobody can write any more. */
export function prune(state: State, isLive: (variable: Variable) => boolean, pinned: Iterable<Value>, keptObjects: Iterable<ObjectId>): void {
  for (const variable of state.variables.keys()) if (!isLive(variable)) state.variables.delete(variable);
  if (state.objects.size === 0 && state.loans.size === 0) return;
  const objects = new Set<ObjectId>();
  const regions = new Set<RegionId>();
  const work: Value[] = [...state.variables.values(), ...pinned];
  const visitObject = (id: ObjectId): void => {
    if (objects.has(id)) return;
    objects.add(id);
    const object = state.objects.get(id);
    if (object === undefined) return;
    work.push(...object.fields.values());
    if (object.elements !== undefined) work.push(object.elements);
    if (object.prototype?.kind === 'object') visitObject(object.prototype.id);
  };
  for (const id of keptObjects) visitObject(id);
  for (const id of state.objects.keys()) if (state.frozen.objects.has(id)) visitObject(id);
  for (const scheduled of state.scheduled.values()) work.push(scheduled.closure, ...scheduled.arguments, ...scheduled.refills);
  for (let value = work.pop(); value !== undefined; value = work.pop()) {
    switch (value.kind) {
      case 'view':
        regions.add(value.region);
        break;
      case 'object':
        visitObject(value.id);
        break;
      case 'closure':
        if (value.self !== undefined) work.push(value.self);
        visitObject(closureObject(value));
        break;
      case 'class':
        visitObject(classObject(value.class));
        break;
      case 'method':
        work.push(value.receiver);
        break;
      case 'promise':
      case 'iterator':
        work.push(value.of);
        break;
      case 'any':
        work.push(...value.of);
        break;
      default:
    }
  }
  for (const id of state.objects.keys()) if (!objects.has(id)) state.objects.delete(id);
  for (const [key, loan] of state.loans) {
    const isHeld = loan.escape.holder === undefined || objects.has(loan.escape.holder) || state.frozen.objects.has(loan.escape.holder) || isForeign(loan.escape.holder);
    if (!isHeld || (!regions.has(loan.region) && !state.frozen.regions.has(loan.region) && !isForeign(loan.region))) state.loans.delete(key);
  }
}
