import type { ClassIr, FunctionIr } from '../ir/index.js';
import { collect, referencesOf, referencesOfScheduled, type Found } from './references.js';
import { variablePlace, type HeapObject, type State } from './state.js';
import type { Unit } from './unit.js';
import type { ObjectId, RegionId, Value } from './value.js';

/**
 * Splits what code outside may call into groups that share no place: what one group does is nothing to another, so each is run by
 * itself. All together, a file of ten independent functions has as many states as there are ways to have called some of them.
 *
 * @param starts the states before the first call from outside
 * @returns for each group, the same states with the group's calls alone
 */
export function groupsOf(unit: Unit, starts: readonly State[]): readonly (readonly State[])[] {
  const groupOf = new Map<string, string>();
  const places = new Map<string, string>();
  const find = (key: string): string => {
    let at = key;
    for (let next = groupOf.get(at); next !== undefined && next !== at; next = groupOf.get(at)) at = next;
    return at;
  };
  for (const state of starts) {
    for (const [key, scheduled] of state.scheduled) {
      if (!groupOf.has(key)) groupOf.set(key, key);
      const touched = new Places(unit, state);
      for (const id of referencesOfScheduled(new Map([[key, scheduled]])).objects) touched.addObject(id);
      touched.addFunction(scheduled.closure.function);
      for (const place of touched.found) {
        const other = places.get(place);
        if (other === undefined) places.set(place, key);
        else groupOf.set(find(key), find(other));
      }
    }
  }
  const groups = new Map<string, Set<string>>();
  for (const key of groupOf.keys()) {
    const root = find(key);
    groups.set(root, (groups.get(root) ?? new Set()).add(key));
  }
  if (groups.size <= 1) return [starts];
  return [...groups.values()].map((keys) => starts.map((state) => only(state, keys)));
}

function only(state: State, keys: ReadonlySet<string>): State {
  const copy = state.clone();
  for (const key of [...copy.scheduled.keys()]) if (!keys.has(key)) copy.scheduled.delete(key);
  return copy;
}

/** The places outside its own activation that a function can come by: variables, objects, memory, other files. */
class Places {
  readonly found = new Set<string>();
  private readonly functions = new Set<FunctionIr>();
  private readonly unit: Unit;
  private readonly state: State;
  private readonly steps: (() => void)[] = [];
  private isAtWork = false;

  constructor(unit: Unit, state: State) {
    this.unit = unit;
    this.state = state;
  }

  addFunction(fn: FunctionIr): void {
    if (this.functions.has(fn)) return;
    this.functions.add(fn);
    this.later(() => {
      this.follow(fn);
    });
  }

  /** Functions that refer to each other may be more than the stack holds. */
  private later(step: () => void): void {
    this.steps.push(step);
    if (this.isAtWork) return;
    this.isAtWork = true;
    for (let next = this.steps.pop(); next !== undefined; next = this.steps.pop()) next();
    this.isAtWork = false;
  }

  private follow(fn: FunctionIr): void {
    for (const variable of fn.outline.captures) {
      const value = this.state.variable(variable);
      if (!variable.isConstant) this.found.add(variablePlace(variable));
      if (value !== undefined) this.addValue(value);
    }
    for (const nested of fn.outline.nested) this.addFunction(nested);
    for (const class_ of fn.outline.classes) this.addClass(class_);
  }

  private addClass(class_: ClassIr): void {
    for (const fn of [class_.constructorFunction, class_.fields, class_.statics, ...class_.members.map((member) => member.function)]) {
      if (fn !== undefined) this.addFunction(fn);
    }
    const base = this.unit.superOf.get(class_);
    if (base !== undefined) this.addValue(base);
  }

  private addValue(value: Value): void {
    switch (value.kind) {
      case 'closure':
        this.addFunction(value.function);
        break;
      case 'class':
        this.addClass(value.class);
        break;
      case 'import':
        // What another file keeps is shared by all that import it; a package's code is not followed.
        if (/^[.#]/.test(value.specifier)) this.found.add(`import:${value.specifier}`);
        return;
      case 'instance':
        this.found.add(`owner:${value.id}`);
        return;
      case 'opaque':
        // What is not known may have memory that grows or moves away; a logger has none.
        if (this.unit.tracksMoves) this.found.add(`owner:${value.id}`);
        return;
      case 'any':
        for (const one of value.of) this.addValue(one);
        return;
      default:
    }
    this.addReferences(value);
  }

  private addReferences(value: Value): void {
    const references: Found = { objects: [], regions: [] };
    collect(value, references);
    for (const region of references.regions) this.addRegion(region);
    for (const id of references.objects) this.addObject(id);
  }

  /** Memory, and the object that lends it. */
  private addRegion(region: RegionId): void {
    this.found.add(`region:${region}`);
    const owner = this.unit.ownerOf(region);
    if (owner !== undefined) this.found.add(`owner:${owner}`);
  }

  addObject(id: ObjectId): void {
    const object = this.state.object(id);
    if (object === undefined || this.found.has(`object:${id}`)) return;
    this.found.add(`object:${id}`);
    this.later(() => {
      this.look(object);
    });
  }

  private look(object: HeapObject): void {
    for (const region of referencesOf(object).regions) this.addRegion(region);
    for (const inner of referencesOf(object).objects) this.addObject(inner);
    for (const field of object.fields.values()) if (field.kind === 'closure' || field.kind === 'class') this.addValue(field);
    // Its methods call each other, those too that nobody outside can.
    if (object.prototype?.kind === 'class') this.addClass(object.prototype.class);
    else if (object.prototype?.kind === 'object') this.addObject(object.prototype.id);
  }
}
