import type { ApiType } from '../contracts/api.js';
import type { ClassIr, Variable } from '../ir/index.js';
import { hashOf, hashOfName, hashOfPair, type Hash } from './hash.js';
import type { Activity } from './activity.js';
import { mapLike, setLike, without } from './copies.js';
import { CowMap, HashedMap } from './cow-map.js';
import { doubtDuties, type Duty } from './duties.js';
import { areEqual, isAtLeast, isConstant, symbol, type Linear } from './linear.js';
import { loanKey, mergeLoans, type Loan } from './loan.js';
import { forgetMoves, doubtMoves, type Move } from './moves.js';
import { alternatives, anyOf, functionKey, isWeak, movable, primitive, valueKey, type Closure, type ObjectId, type RegionId, type TaskId, type Value } from './value.js';

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
  /** Given to code of which nothing is known: whether it is called more than once is not known. */
  readonly isGuess?: boolean | undefined;
  /** Nothing else is called after it. */
  readonly isLast?: boolean | undefined;
  /** Views that are refilled just before each call. */
  readonly refills: readonly Value[];
  /** What is done once it has been called. */
  readonly tasks?: readonly TaskId[] | undefined;
}

/** Old numbers kept for a loan. */
const floorLimit = 4;

let versions = 0;

let nextVariableKey = 0;
const variableKeys = new WeakMap<Variable, string>();
const variablesByPlace = new Map<string, WeakRef<Variable>>();

function variableAt(place: string): Variable | undefined {
  return variablesByPlace.get(place)?.deref();
}

/** A name for a variable that is unique over all files. */
export function variablePlace(variable: Variable): string {
  let key = variableKeys.get(variable);
  if (key === undefined) {
    key = `x${nextVariableKey++}`;
    variableKeys.set(variable, key);
    variablesByPlace.set(key, new WeakRef(variable));
  }
  return key;
}

export function fieldPlace(object: ObjectId, field: string): string {
  return `${object}.${field}`;
}

const windowMark = '^';

/** Names where the view at a place begins: `room = room.subarray(n)` moves on as a cursor does. */
export function windowPlace(place: string): string {
  return `${place}${windowMark}`;
}

/** What lies below every state of a unit; it grows when the unit enters another module, and never changes otherwise. */
export interface Frozen {
  readonly variables: ReadonlyMap<Variable, Value>;
  readonly objects: ReadonlyMap<ObjectId, HeapObject>;
  /** Memory that it refers to: always reachable. */
  readonly regions: ReadonlySet<RegionId>;
}

/**
 * What holds at one point of a path. Two states whose *keys* agree (same aliases, same known constants) are merged: their loans
 * are united and their numbers widened, which loses nothing, because loans do not influence each other.
 */
export class State {
  /** Below the state's own places: what modules' top levels left behind, for all that was not changed since. */
  readonly frozen: Frozen;
  readonly variables: HashedMap<Variable, Value>;
  readonly objects: HashedMap<ObjectId, HeapObject>;
  readonly loans: CowMap<string, Loan>;
  readonly scheduled: CowMap<string, Scheduled>;
  /** What was given away, went stale or was handed back. */
  readonly moves: CowMap<RegionId, Move>;
  /** What was taken and has to be handed back. */
  readonly duties: CowMap<RegionId, Duty>;
  /** Which way the path went at tests of unknown values; kept only where something can be moved. */
  readonly facts: CowMap<string, boolean>;
  /** The work that is being done here, where it outlives the call that began it. */
  activity: Activity | undefined;
  /** Some memory exists that loans can be about. Until then numbers do not matter, and nothing is computed with them. */
  hasMemory: boolean;
  /** Tells what a handler can see (heap, loans, declared variables) from what it could see before. */
  version: number;
  /** The same for a caller: a function's own variables are not among it. */
  outerVersion: number;
  /** The content for which it was last noted which places are past which loans. */
  private settled: readonly [variables: number, objects: number, loans: number] | undefined;

  /** @param from the state to copy, or what lies below an empty one */
  constructor(from: State | Frozen) {
    if (!(from instanceof State)) {
      this.frozen = from;
      this.variables = new HashedMap(hashOfBinding);
      this.objects = new HashedMap(hashOfObject);
      this.loans = new CowMap();
      this.scheduled = new CowMap();
      this.moves = new CowMap();
      this.duties = new CowMap();
      this.facts = new CowMap();
      this.version = 0;
      this.outerVersion = 0;
      this.hasMemory = from.regions.size > 0;
      return;
    }
    this.frozen = from.frozen;
    this.variables = from.variables.clone();
    this.objects = from.objects.clone();
    this.loans = from.loans.clone();
    this.scheduled = from.scheduled.clone();
    this.moves = from.moves.clone();
    this.duties = from.duties.clone();
    this.facts = from.facts.clone();
    this.version = from.version;
    this.outerVersion = from.outerVersion;
    this.settled = from.settled;
    this.hasMemory = from.hasMemory;
    this.activity = from.activity;
  }

  clone(): State {
    return new State(this);
  }

  variable(variable: Variable): Value | undefined {
    return this.variables.get(variable) ?? this.frozen.variables.get(variable);
  }

  setVariable(variable: Variable, value: Value | undefined): void {
    if (variable.isCaptured) {
      this.touch();
      if (this.duties.size > 0) this.leaveToClosures(variable);
    } else if (variable.storage !== 'temporary') this.version = ++versions;
    const form = value === undefined ? undefined : formOf(value);
    if (this.loans.size > 0) {
      this.movePlace(variablePlace(variable), () => form);
      if (variable.storage !== 'temporary') this.moveWindow(variablePlace(variable), this.variable(variable), value);
    }
    if ((this.moves.size > 0 || this.duties.size > 0) && variable.storage !== 'temporary') this.forgetUnnamed(variable);
    if (value === undefined) this.variables.delete(variable);
    else this.variables.set(variable, value);
  }

  /** A variable of a loop is another one on each turn: what the last one held, the closures that were made on that turn may hand back. */
  private leaveToClosures(variable: Variable): void {
    const held = this.variables.get(variable);
    for (const one of held === undefined ? [] : alternatives(held)) {
      const id = movable(one);
      if (id !== undefined) this.duties.delete(id);
    }
  }

  /** Something changes that code outside the function can see. */
  touch(): void {
    this.version = this.outerVersion = ++versions;
  }

  /** What an unknown variable held goes by the variable's own name: not any longer. */
  private forgetUnnamed(variable: Variable): void {
    const id = `v:${variablePlace(variable)}`;
    forgetMoves(this, (name) => name === id || name.startsWith(`${id}.`));
  }

  object(id: ObjectId): HeapObject | undefined {
    return this.objects.get(id) ?? this.frozen.objects.get(id);
  }

  setObject(id: ObjectId, object: HeapObject): void {
    this.touch();
    this.objects.set(id, object);
  }

  setField(id: ObjectId, field: string, value: Value | undefined): void {
    const object = this.object(id);
    if (object === undefined) return;
    if (this.loans.size > 0) {
      const form = value === undefined ? undefined : formOf(value);
      this.movePlace(fieldPlace(id, field), () => form);
      this.moveWindow(fieldPlace(id, field), object.fields.get(field), value);
    }
    const fields = mapLike(object.fields);
    if (value === undefined) fields.delete(field);
    else fields.set(field, value);
    this.setObject(id, { ...object, fields });
  }

  addElement(id: ObjectId, value: Value): void {
    const object = this.object(id);
    // Elements that hold no bytes say nothing about those that do.
    const strong = alternatives(value).filter((one) => !isWeak(one));
    if (object === undefined || strong.length === 0) return;
    this.setObject(id, { ...object, elements: anyOf(object.elements === undefined ? strong : [object.elements, ...strong]) });
  }

  setLoan(loan: Loan): void {
    this.touch();
    const key = loanKey(loan);
    const old = this.loans.get(key);
    this.loans.set(key, old === undefined ? loan : mergeLoans(old, loan));
  }

  replaceLoan(key: string, loan: Loan | undefined): void {
    this.touch();
    this.loans.delete(key);
    if (loan !== undefined) this.setLoan(loan);
  }

  /**
   * Control comes here in a way that is possible but hardly intended (an allocation that fails, a consumer that leaves early):
   * loans that this path alone keeps alive are not worth a certain finding.
   */
  doubtLoans(): void {
    doubtMoves(this);
    doubtDuties(this);
    for (const [key, loan] of [...this.loans]) {
      // An exception is meant to be seen.
      if (loan.escape.certainty === 'certain' && loan.escape.how !== 'throw') this.replaceLoan(key, { ...loan, escape: { ...loan.escape, certainty: 'potential' } });
    }
  }

  schedule(scheduled: Scheduled): void {
    const key = valueKey(scheduled.closure);
    const old = this.scheduled.get(key);
    const tasks = old?.tasks === undefined ? scheduled.tasks : [...new Set([...old.tasks, ...(scheduled.tasks ?? [])])];
    if (old !== undefined && (old.times === 'many' || scheduled.times === 'once') && (old.isPublic || !scheduled.isPublic) && (old.isGuess !== true || scheduled.isGuess === true) && tasks?.length === old.tasks?.length) return;
    this.touch();
    this.scheduled.set(key, old === undefined ? scheduled : { ...old, tasks, isGuess: old.isGuess === true && scheduled.isGuess === true, times: old.times === 'many' ? 'many' : scheduled.times, isPublic: old.isPublic || scheduled.isPublic });
  }

  /** The number at a place named by `variablePlace`, `fieldPlace` or `windowPlace`. */
  formAt(place: string): Linear | undefined {
    if (place.endsWith(windowMark)) {
      const view = this.valueAt(place.slice(0, -windowMark.length));
      return view?.kind === 'view' ? view.low : undefined;
    }
    const value = this.valueAt(place);
    return value === undefined ? undefined : formOf(value);
  }

  private valueAt(place: string): Value | undefined {
    const variable = variableAt(place);
    if (variable !== undefined) return this.variable(variable);
    const dot = place.lastIndexOf('.');
    return this.object(place.slice(0, dot))?.fields.get(place.slice(dot + 1));
  }

  /** The same when it takes a new view: where that begins counts for what was lent of its own memory. */
  private moveWindow(place: string, before: Value | undefined, after: Value | undefined): void {
    if (before?.kind !== 'view' && after?.kind !== 'view') return;
    this.movePlace(windowPlace(place), ({ region }) => (after?.kind === 'view' && after.region === region ? after.low : undefined));
  }

  /** Keeps the loans' `past` true when a place takes a new number. */
  private movePlace(place: string, formFor: (loan: Loan) => Linear | undefined): void {
    this.loans.forEach((loan, key) => {
      const form = formFor(loan);
      const isPast = form !== undefined && this.isPast(loan, form);
      const wasPast = loan.past.has(place);
      if (isPast && !wasPast) this.loans.set(key, { ...loan, past: setLike(loan.past).add(place) });
      if (!wasPast) return;
      // The place moves on; that its old number was past the loan stays true.
      const past = isPast ? loan.past : without(loan.past, place);
      const old = this.formAt(place);
      const floors = old === undefined || loan.floors.length >= floorLimit || loan.floors.some((floor) => areEqual(floor, old)) ? loan.floors : [...loan.floors, old];
      const isRewound = loan.isRewound || (!isPast && form !== undefined && (isConstant(form) || (old !== undefined && isAtLeast(old, form))));
      if (isRewound && !loan.isRewound) this.touch();
      if (past !== loan.past || floors !== loan.floors || isRewound !== loan.isRewound) this.loans.set(key, { ...loan, past, floors, isRewound });
    });
  }

  private isPast(loan: Loan, form: Linear): boolean {
    if (loan.high !== undefined && isAtLeast(form, loan.high)) return true;
    if (loan.floors.some((floor) => isAtLeast(form, floor))) return true;
    for (const place of loan.past) {
      const at = this.formAt(place);
      if (at !== undefined && isAtLeast(form, at)) return true;
    }
    return false;
  }

  /** True when nothing changed since it was noted which places are past which loans; notes that it is being noted now. */
  settle(): boolean {
    const { settled, variables, objects, loans } = this;
    if (settled?.[0] === variables.revision && settled[1] === objects.revision && settled[2] === loans.revision) return true;
    this.settled = [variables.revision, objects.revision, loans.revision];
    return false;
  }

  /** What tells this state from others at the same point. */
  key(): string {
    return `${this.variables.hash().toString()} ${this.objects.hash().toString()}`;
  }
}

const valueHashes = new WeakMap<Value, Hash>();

function hashOfValue(value: Value): Hash {
  let hash = valueHashes.get(value);
  if (hash === undefined) valueHashes.set(value, (hash = hashOf(valueKey(value))));
  return hash;
}

function hashOfBinding(variable: Variable, value: Value): Hash | undefined {
  return isWeak(value) ? undefined : hashOfPair(hashOfName(variablePlace(variable)), hashOfValue(value));
}

const contentHashes = new WeakMap<HeapObject, Hash>();

function hashOfObject(id: ObjectId, object: HeapObject): Hash {
  let content = contentHashes.get(object);
  if (content === undefined) {
    let a = 0;
    let b = 0;
    const add = (hash: Hash): void => {
      a = (a + hash.a) >>> 0;
      b = (b + hash.b) >>> 0;
    };
    for (const [field, value] of object.fields) if (!isWeak(value)) add(hashOfPair(hashOfName(field), hashOfValue(value)));
    if (object.elements !== undefined) add(hashOfPair(elementsHash, hashOfValue(object.elements)));
    contentHashes.set(object, (content = { a, b }));
  }
  return hashOfPair(hashOfName(id), content);
}

/** Stands for the name of what has none. */
const elementsHash = hashOf('[]');

/** Memory and objects that this unit did not make: they live on whether or not anything here refers to them. */
export function isForeign(id: string): boolean {
  return id.startsWith('?');
}

/** The object a function is, for properties stored on it. */
export function closureObject(closure: Closure): ObjectId {
  return functionKey(closure.function);
}

/** The number a value stands for, where it can be one. */
export function formOf(value: Value): Linear | undefined {
  if (value.kind === 'number') return value === primitive ? undefined : value.form;
  return value.kind === 'opaque' && value.isObject !== true ? symbol(value.id) : undefined;
}

/** Where a class's static fields live. */
export function classObject(class_: ClassIr): ObjectId {
  return `c:${class_.module.file}:${class_.id}`;
}
