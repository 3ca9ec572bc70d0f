import type { State, HeapObject } from './state.js';
import { renameActivity } from './activity.js';
import { mapLike } from './copies.js';
import { renameDuties } from './duties.js';
import { mergeObjects } from './merging.js';
import { renameMoves } from './moves.js';
import { anyOf, type RegionId, type Value } from './value.js';

/** Rewrites region and object names everywhere (an allocation runs again: the last instance becomes an older one). */
export function renameIdentities(state: State, rename: (id: string) => string): void {
  const inValue = (value: Value): Value => renameValue(value, rename);
  state.variables.forEach((value, variable) => {
    const next = inValue(value);
    if (next !== value) state.variables.set(variable, next);
  });
  for (const [id, object] of [...state.objects]) {
    let fields: Map<string, Value> | undefined;
    for (const [field, value] of object.fields) {
      const next = inValue(value);
      if (next !== value) (fields ??= mapLike(object.fields)).set(field, next);
    }
    const elements = object.elements === undefined ? undefined : inValue(object.elements);
    const prototype = object.prototype?.kind === 'object' ? { kind: 'object' as const, id: rename(object.prototype.id) } : object.prototype;
    const renamed = rename(id);
    if (fields === undefined && elements === object.elements && renamed === id) continue;
    const next: HeapObject = { ...object, fields: fields ?? object.fields, elements, prototype };
    if (renamed !== id) state.objects.delete(id);
    const clash = renamed === id ? undefined : state.objects.get(renamed);
    state.objects.set(renamed, clash === undefined ? next : mergeObjects(clash, next));
  }
  for (const [key, loan] of [...state.loans]) {
    const region = rename(loan.region);
    const holder = loan.escape.holder === undefined ? undefined : rename(loan.escape.holder);
    const tasks = renameAll(loan.escape.tasks, rename);
    if (region === loan.region && holder === loan.escape.holder && tasks === loan.escape.tasks) continue;
    state.loans.delete(key);
    state.setLoan({ ...loan, region, escape: { ...loan.escape, holder, tasks } });
  }
  if (state.moves.size > 0) renameMoves(state, rename);
  if (state.duties.size > 0) renameDuties(state, rename);
  for (const [key, scheduled] of [...state.scheduled]) {
    const closure = inValue(scheduled.closure);
    const tasks = renameAll(scheduled.tasks, rename);
    if ((closure === scheduled.closure && tasks === scheduled.tasks) || closure.kind !== 'closure') continue;
    state.scheduled.delete(key);
    state.schedule({ ...scheduled, closure, tasks });
  }
  if (state.activity !== undefined) state.activity = renameActivity(state.activity, rename);
}

/** The same list where no name changes. */
function renameAll(ids: readonly string[] | undefined, rename: (id: string) => string): readonly string[] | undefined {
  if (ids === undefined) return undefined;
  const renamed = ids.map(rename);
  return renamed.every((id, at) => id === ids[at]) ? ids : [...new Set(renamed)];
}

/** Rewrites names in a value. */
export function renameValue(value: Value, rename: (id: string) => string): Value {
  switch (value.kind) {
    case 'view': {
      const region: RegionId = rename(value.region);
      return region === value.region ? value : { ...value, region };
    }
    case 'object': {
      const id = rename(value.id);
      return id === value.id ? value : { ...value, id };
    }
    case 'instance': {
      const id = rename(value.id);
      return id === value.id ? value : { ...value, id };
    }
    case 'closure': {
      const self = value.self === undefined ? undefined : renameValue(value.self, rename);
      return self === value.self ? value : { ...value, self };
    }
    case 'method': {
      const receiver = renameValue(value.receiver, rename);
      return receiver === value.receiver ? value : { ...value, receiver };
    }
    case 'promise': {
      const of = renameValue(value.of, rename);
      const tasks = renameAll(value.tasks, rename);
      return of === value.of && tasks === value.tasks ? value : { ...value, of, tasks };
    }
    case 'iterator': {
      const of = renameValue(value.of, rename);
      return of === value.of ? value : { ...value, of };
    }
    case 'any': {
      const of = value.of.map((one) => renameValue(one, rename));
      return of.every((one, i) => one === value.of[i]) ? value : anyOf(of);
    }
    default:
      return value;
  }
}
