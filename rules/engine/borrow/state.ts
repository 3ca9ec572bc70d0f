import type { ApiType } from '../contracts/api.js';
import type { ClassIr, Variable } from '../ir/index.js';
import { isAtLeast, mentions, symbol, type Linear } from './linear.js';
import { loanKey, mergeLoans, type Loan } from './loan.js';
import {
  anyOf, areSame, areSameBound, isWeak, number, primitive, valueKey,
  type Closure, type ObjectId, type RegionId, type Value, type View,
} from './value.js';

/** An object of the program. Immutable: a write makes a new one. */
export interface HeapObject {
  readonly fields: ReadonlyMap<string, Value>;
  /** Everything stored under names that are not known: pushed, indexed, set. */
  readonly elements: Value | undefined;
  readonly shape: 'object' | 'array' | 'collection';
  readonly prototype: Prototype | undefined;
  /** Made by a literal in sight and never shown to unknown code: a field that is not there is `undefined`. */
  readonly isClosed: boolean;
}

export type Prototype =
  | { readonly kind: 'class'; readonly class: ClassIr }
  | { readonly kind: 'api'; readonly type: ApiType }
  | { readonly kind: 'object'; readonly id: ObjectId };

/** A closure that code outside may call at any time from now on. */
export interface Scheduled {
  readonly closure: Closure;
  readonly times: 'once' | 'many';
  /** What it is called with, where a contract says so. */
  readonly arguments: readonly Value[];
  /** What it returns leaves the unit: it is a public function or method. */
  readonly isPublic: boolean;
  /** Views that are refilled just before each call. */
  readonly refills: readonly Value[];
}

let nextVariableKey = 0;
const variableKeys = new WeakMap<Variable, string>();

/** A name for a variable that is unique over all files. */
export function variablePlace(variable: Variable): string {
  let key = variableKeys.get(variable);
  if (key === undefined) variableKeys.set(variable, (key = `x${nextVariableKey++}`));
  return key;
}

export function fieldPlace(object: ObjectId, field: string): string {
  return `${object}.${field}`;
}

/**
 * What holds at one point of a path. Two states whose *keys* agree (same aliases, same known constants) are merged: their loans
 * are united and their numbers widened, which loses nothing, because loans do not influence each other.
 */
export class State {
  readonly variables: Map<Variable, Value>;
  readonly objects: Map<ObjectId, HeapObject>;
  readonly loans: Map<string, Loan>;
  readonly scheduled: Map<string, Scheduled>;
  /** Files whose module variables are in here. */
  readonly modules: Set<string>;
  /** Counts changes that a handler or a caller can see: heap, loans, declared variables. */
  version: number;

  constructor(from?: State) {
    this.variables = new Map(from?.variables);
    this.objects = new Map(from?.objects);
    this.loans = new Map(from?.loans);
    this.scheduled = new Map(from?.scheduled);
    this.modules = new Set(from?.modules);
    this.version = from?.version ?? 0;
  }

  clone(): State {
    return new State(this);
  }

  /** Takes in what the top level of another module left behind. */
  adopt(file: string, start: State): void {
    this.modules.add(file);
    for (const [variable, value] of start.variables) if (!this.variables.has(variable)) this.variables.set(variable, value);
    for (const [id, object] of start.objects) if (!this.objects.has(id)) this.objects.set(id, object);
    this.version++;
  }

  setVariable(variable: Variable, value: Value | undefined): void {
    if (variable.storage !== 'temporary') this.version++;
    const form = value === undefined ? undefined : formOf(value);
    if (this.loans.size > 0) this.movePlace(variablePlace(variable), form);
    if (value === undefined) this.variables.delete(variable);
    else this.variables.set(variable, value);
  }

  object(id: ObjectId): HeapObject | undefined {
    return this.objects.get(id);
  }

  setObject(id: ObjectId, object: HeapObject): void {
    this.version++;
    this.objects.set(id, object);
  }

  setField(id: ObjectId, field: string, value: Value | undefined): void {
    const object = this.objects.get(id);
    if (object === undefined) return;
    if (this.loans.size > 0) this.movePlace(fieldPlace(id, field), value === undefined ? undefined : formOf(value));
    const fields = new Map(object.fields);
    if (value === undefined) fields.delete(field);
    else fields.set(field, value);
    this.setObject(id, { ...object, fields });
  }

  addElement(id: ObjectId, value: Value): void {
    const object = this.objects.get(id);
    if (object === undefined) return;
    this.setObject(id, { ...object, elements: object.elements === undefined ? value : anyOf([object.elements, value]) });
  }

  setLoan(loan: Loan): void {
    this.version++;
    const key = loanKey(loan);
    const old = this.loans.get(key);
    this.loans.set(key, old === undefined ? loan : mergeLoans(old, loan));
  }

  replaceLoan(key: string, loan: Loan | undefined): void {
    this.version++;
    this.loans.delete(key);
    if (loan !== undefined) this.setLoan(loan);
  }

  schedule(scheduled: Scheduled): void {
    const key = valueKey(scheduled.closure);
    const old = this.scheduled.get(key);
    if (old !== undefined && (old.times === 'many' || scheduled.times === 'once') && (old.isPublic || !scheduled.isPublic)) return;
    this.version++;
    this.scheduled.set(key, old === undefined ? scheduled : { ...old, times: old.times === 'many' ? 'many' : scheduled.times, isPublic: old.isPublic || scheduled.isPublic });
  }

  /** The number at a place named by `variablePlace` or `fieldPlace`. */
  formAt(place: string): Linear | undefined {
    for (const [variable, value] of this.variables) if (variablePlace(variable) === place) return formOf(value);
    const dot = place.lastIndexOf('.');
    const value = dot < 0 ? undefined : this.objects.get(place.slice(0, dot))?.fields.get(place.slice(dot + 1));
    return value === undefined ? undefined : formOf(value);
  }

  /** Keeps the loans' `past` true when a place takes a new number. */
  private movePlace(place: string, form: Linear | undefined): void {
    for (const [key, loan] of this.loans) {
      const isPast = form !== undefined && this.isPast(loan, form);
      if (isPast === loan.past.has(place)) continue;
      const past = new Set(loan.past);
      if (isPast) past.add(place);
      else past.delete(place);
      this.loans.set(key, { ...loan, past });
    }
  }

  private isPast(loan: Loan, form: Linear): boolean {
    if (loan.high !== undefined && isAtLeast(form, loan.high)) return true;
    for (const place of loan.past) {
      const at = this.formAt(place);
      if (at !== undefined && isAtLeast(form, at)) return true;
    }
    return false;
  }

  /** Every place that holds a number. */
  private *numericPlaces(): Generator<readonly [string, Linear]> {
    for (const [variable, value] of this.variables) {
      const form = formOf(value);
      if (form !== undefined) yield [variablePlace(variable), form];
    }
    for (const [id, object] of this.objects) {
      for (const [field, value] of object.fields) {
        const form = formOf(value);
        if (form !== undefined) yield [fieldPlace(id, field), form];
      }
    }
  }

  /** Records which places are past each loan, so that the symbols in its bounds may be forgotten. */
  private settleLoans(): void {
    for (const [key, loan] of this.loans) {
      if (loan.high === undefined) continue;
      const past = new Set(loan.past);
      for (const [place, form] of this.numericPlaces()) if (isAtLeast(form, loan.high)) past.add(place);
      if (past.size !== loan.past.size) this.loans.set(key, { ...loan, past });
    }
  }

  /** A symbol is about to stand for another value: whatever was said in terms of it is no longer known. */
  forgetSymbols(names: ReadonlySet<string>): void {
    if (names.size === 0) return;
    const isStale = (form: Linear | undefined): boolean => form !== undefined && form.terms.some((term) => names.has(term.symbol) || [...names].some((name) => mentions({ constant: 0, terms: [term] }, name)));
    if (this.loans.size > 0) {
      this.settleLoans();
      for (const [key, loan] of this.loans) {
        if (isStale(loan.low) || isStale(loan.high)) {
          this.loans.set(key, { ...loan, low: isStale(loan.low) ? undefined : loan.low, high: isStale(loan.high) ? undefined : loan.high });
        }
      }
    }
    const fresh = (value: Value, place: string): Value => {
      switch (value.kind) {
        case 'number':
          return isStale(value.form) ? number(symbol(`old:${place}`)) : value;
        case 'opaque':
          return names.has(value.id) ? { ...value, id: `old:${place}` } : value;
        case 'view':
          return isStale(value.low) || isStale(value.high)
            ? { ...value, low: isStale(value.low) ? undefined : value.low, high: isStale(value.high) ? undefined : value.high }
            : value;
        default:
          return value;
      }
    };
    for (const [variable, value] of this.variables) {
      const next = fresh(value, variablePlace(variable));
      if (next !== value) this.variables.set(variable, next);
    }
    for (const [id, object] of this.objects) {
      let fields: Map<string, Value> | undefined;
      for (const [field, value] of object.fields) {
        const next = fresh(value, fieldPlace(id, field));
        if (next !== value) (fields ??= new Map(object.fields)).set(field, next);
      }
      if (fields !== undefined) this.objects.set(id, { ...object, fields });
    }
  }

  /** Rewrites region and object names everywhere (an allocation runs again: the last instance becomes an older one). */
  rename(rename: (id: string) => string): void {
    const inValue = (value: Value): Value => renameValue(value, rename);
    for (const [variable, value] of this.variables) {
      const next = inValue(value);
      if (next !== value) this.variables.set(variable, next);
    }
    for (const [id, object] of [...this.objects]) {
      let fields: Map<string, Value> | undefined;
      for (const [field, value] of object.fields) {
        const next = inValue(value);
        if (next !== value) (fields ??= new Map(object.fields)).set(field, next);
      }
      const elements = object.elements === undefined ? undefined : inValue(object.elements);
      const prototype = object.prototype?.kind === 'object' ? { kind: 'object' as const, id: rename(object.prototype.id) } : object.prototype;
      const renamed = rename(id);
      if (fields === undefined && elements === object.elements && renamed === id) continue;
      const next: HeapObject = { ...object, fields: fields ?? object.fields, elements, prototype };
      if (renamed !== id) this.objects.delete(id);
      const clash = renamed === id ? undefined : this.objects.get(renamed);
      this.objects.set(renamed, clash === undefined ? next : mergeObjects(clash, next, 'older'));
    }
    for (const [key, loan] of [...this.loans]) {
      const region = rename(loan.region);
      const holder = loan.escape.holder === undefined ? undefined : rename(loan.escape.holder);
      if (region === loan.region && holder === loan.escape.holder) continue;
      this.loans.delete(key);
      this.setLoan({ ...loan, region, escape: { ...loan.escape, holder } });
    }
    for (const [key, scheduled] of [...this.scheduled]) {
      const closure = inValue(scheduled.closure);
      if (closure === scheduled.closure || closure.kind !== 'closure') continue;
      this.scheduled.delete(key);
      this.schedule({ ...scheduled, closure });
    }
  }

  /** What tells this state from others at the same point. */
  key(): string {
    const parts: string[] = [];
    for (const [variable, value] of this.variables) if (!isWeak(value)) parts.push(`${variablePlace(variable)}=${valueKey(value)}`);
    for (const [id, object] of this.objects) {
      const fields: string[] = [];
      for (const [field, value] of object.fields) if (!isWeak(value)) fields.push(`${field}=${valueKey(value)}`);
      parts.push(`${id}{${fields.sort().join(',')};${object.elements === undefined ? '' : valueKey(object.elements)}}`);
    }
    return parts.sort().join(' ');
  }

  /** Merges a state with the same key into this one. `tag` names the merge point. Returns whether anything changed. */
  merge(other: State, tag: string): boolean {
    let hasChanged = false;
    const redefined = new Set<string>();
    const widened: { readonly set: (value: Value | undefined) => void; readonly value: Value | undefined }[] = [];
    const compare = (place: string, mine: Value | undefined, theirs: Value | undefined, set: (value: Value | undefined) => void): void => {
      if (mine === undefined || (theirs !== undefined && areSame(mine, theirs))) return;
      const next = widen(mine, theirs, `φ${tag}:${place}`);
      if (next !== undefined && (next.kind === 'number' || next.kind === 'opaque')) redefined.add(`φ${tag}:${place}`);
      if (next !== undefined && areSame(next, mine)) return;
      hasChanged = true;
      widened.push({ set, value: next });
    };
    for (const [variable, mine] of this.variables) {
      compare(variablePlace(variable), mine, other.variables.get(variable), (value) => {
        if (value === undefined) this.variables.delete(variable);
        else this.variables.set(variable, value);
      });
    }
    for (const [id, object] of this.objects) {
      const theirs = other.objects.get(id);
      for (const [field, mine] of object.fields) {
        compare(fieldPlace(id, field), mine, theirs?.fields.get(field), (value) => {
          const now = this.objects.get(id);
          if (now === undefined) return;
          const fields = new Map(now.fields);
          if (value === undefined) fields.delete(field);
          else fields.set(field, value);
          this.objects.set(id, { ...now, fields });
        });
      }
      if (theirs !== undefined && object.isClosed && !theirs.isClosed) {
        hasChanged = true;
        widened.push({ set: () => this.objects.set(id, { ...(this.objects.get(id) ?? object), isClosed: false }), value: undefined });
      }
    }
    if (other.loans.size > 0 && redefined.size > 0) other.forgetSymbols(redefined);
    if (widened.length > 0) {
      this.settleLoans();
      for (const change of widened) change.set(change.value);
    }
    for (const [key, loan] of other.loans) {
      const mine = this.loans.get(key);
      const next = mine === undefined ? loan : mergeLoans(mine, loan);
      if (next === mine) continue;
      hasChanged = true;
      this.loans.set(key, next);
    }
    for (const scheduled of other.scheduled.values()) {
      const before = this.version;
      this.schedule(scheduled);
      if (this.version !== before) hasChanged = true;
    }
    return hasChanged;
  }

  /** Merges a state whose key differs: aliases that disagree become alternatives, and what follows from them is potential. */
  join(other: State, tag: string): boolean {
    const before = this.key();
    for (const [variable, mine] of [...this.variables]) {
      const theirs = other.variables.get(variable);
      if (theirs === undefined) this.variables.delete(variable);
      else if (valueKey(mine) !== valueKey(theirs) && !(isWeak(mine) && isWeak(theirs))) this.variables.set(variable, anyOf([mine, theirs]));
    }
    for (const [id, theirs] of other.objects) {
      const mine = this.objects.get(id);
      this.objects.set(id, mine === undefined ? theirs : mergeObjects(mine, theirs, tag));
    }
    const aligned = other.clone();
    for (const [variable, value] of this.variables) if (!isWeak(value)) aligned.variables.set(variable, value);
    return this.merge(aligned, tag) || this.key() !== before;
  }

  /** Drops what can no longer matter: dead variables, objects nothing refers to, loans of memory nobody can write any more. */
  prune(isLive: (variable: Variable) => boolean, roots: Iterable<Value>, keptObjects: Iterable<ObjectId>): void {
    for (const variable of this.variables.keys()) if (!isLive(variable)) this.variables.delete(variable);
    if (this.objects.size === 0 && this.loans.size === 0) return;
    const objects = new Set<ObjectId>();
    const regions = new Set<RegionId>();
    const work: Value[] = [...this.variables.values(), ...roots];
    const visitObject = (id: ObjectId): void => {
      if (objects.has(id)) return;
      objects.add(id);
      const object = this.objects.get(id);
      if (object === undefined) return;
      work.push(...object.fields.values());
      if (object.elements !== undefined) work.push(object.elements);
      if (object.prototype?.kind === 'object') visitObject(object.prototype.id);
    };
    for (const id of keptObjects) visitObject(id);
    for (const scheduled of this.scheduled.values()) work.push(scheduled.closure, ...scheduled.arguments, ...scheduled.refills);
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
    for (const id of this.objects.keys()) if (!objects.has(id)) this.objects.delete(id);
    for (const [key, loan] of this.loans) {
      const isHeld = loan.escape.holder === undefined || objects.has(loan.escape.holder) || isForeign(loan.escape.holder);
      if (!isHeld || (!regions.has(loan.region) && !isForeign(loan.region))) this.loans.delete(key);
    }
  }
}

/** Memory and objects that this unit did not make: they live on whether or not anything here refers to them. */
export function isForeign(id: string): boolean {
  return id.startsWith('?');
}

/** The object a function is, for properties stored on it. */
export function closureObject(closure: Closure): ObjectId {
  return `f:${closure.function.module.file}:${closure.function.id}`;
}

/** The number a value stands for, where it can be one. */
export function formOf(value: Value): Linear | undefined {
  if (value.kind === 'number') return value === primitive ? undefined : value.form;
  return value.kind === 'opaque' ? symbol(value.id) : undefined;
}

function widen(mine: Value, theirs: Value | undefined, name: string): Value | undefined {
  if (theirs === undefined) return undefined;
  if (mine.kind === 'number' && theirs.kind === 'number') return number(symbol(name));
  if (mine.kind === 'view' && theirs.kind === 'view') return widenView(mine, theirs);
  if ((mine.kind === 'opaque' || mine.kind === 'number') && (theirs.kind === 'opaque' || theirs.kind === 'number')) {
    const origin = mine.kind === 'opaque' ? mine : theirs.kind === 'opaque' ? theirs : undefined;
    return origin === undefined ? undefined : { ...origin, id: name, root: { kind: 'elsewhere' } };
  }
  if (isWeak(mine) || isWeak(theirs)) return undefined;
  return mine;
}

function widenView(mine: View, theirs: View): View {
  const low = areSameBound(mine.low, theirs.low) ? mine.low : undefined;
  const high = areSameBound(mine.high, theirs.high) ? mine.high : undefined;
  return { ...mine, low, high };
}

function mergeObjects(a: HeapObject, b: HeapObject, tag: string): HeapObject {
  const fields = new Map<string, Value>();
  for (const [field, mine] of a.fields) {
    const theirs = b.fields.get(field);
    if (theirs === undefined) {
      if (!isWeak(mine)) fields.set(field, mine);
    } else if (valueKey(mine) === valueKey(theirs)) {
      const next = areSame(mine, theirs) ? mine : widen(mine, theirs, `φ${tag}:${field}`);
      if (next !== undefined) fields.set(field, next);
    } else if (!isWeak(mine) || !isWeak(theirs)) fields.set(field, anyOf([mine, theirs]));
  }
  for (const [field, theirs] of b.fields) if (!a.fields.has(field) && !isWeak(theirs)) fields.set(field, theirs);
  const elements = a.elements === undefined ? b.elements : b.elements === undefined ? a.elements : anyOf([a.elements, b.elements]);
  return { fields, elements, shape: a.shape, prototype: a.prototype ?? b.prototype, isClosed: a.isClosed && b.isClosed };
}

function renameValue(value: Value, rename: (id: string) => string): Value {
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
    case 'promise':
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
