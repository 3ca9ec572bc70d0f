import type { Api, ApiType } from '../contracts/api.js';
import type { Contract, ViewType } from '../contracts/contract.js';
import type { ClassIr, FunctionIr, Origin } from '../ir/index.js';
import { areEqual, type Linear } from './linear.js';

/** A backing store. `older` ones stand for all earlier buffers of an allocation that runs again and again. */
export type RegionId = string;

/** An object, array or collection of the program, by where it was created. */
export type ObjectId = string;

/** Work that goes on after the call that began it, by where it was begun. `older` ones stand for all that were begun there before. */
export type TaskId = string;

/** What the analysis knows of a value. */
export type Value =
  | { readonly kind: 'constant'; readonly value: null | undefined | boolean | string }
  | { readonly kind: 'number'; readonly form: Linear }
  /** An alias of a region's bytes; `low`/`high` are element offsets from the region's start, absent when unknown. */
  | View
  | { readonly kind: 'object'; readonly id: ObjectId }
  | Closure
  | { readonly kind: 'class'; readonly class: ClassIr }
  /** A catalogued function, class or namespace. */
  | { readonly kind: 'api'; readonly api: Api }
  /** A member function of a catalogued type or container, taken from its receiver. */
  | { readonly kind: 'method'; readonly contract: Contract; readonly receiver: Value; readonly name: string }
  /** An object of a catalogued type. `id` tells two of them apart. */
  | { readonly kind: 'instance'; readonly type: ApiType; readonly id: string }
  | PromiseValue
  | { readonly kind: 'iterator'; readonly of: Value; readonly id: string }
  /** A name of another file of the program, not resolved yet. */
  | { readonly kind: 'import'; readonly specifier: string; readonly imported: string; readonly file: string }
  /** Not known, but named: equal ids are the same value. */
  | Opaque
  /** One of several; only where paths were merged. */
  | { readonly kind: 'any'; readonly of: readonly Value[] };

export interface PromiseValue {
  readonly kind: 'promise';
  readonly of: Value;
  /** What is done when it settles. */
  readonly tasks?: readonly TaskId[] | undefined;
  /** It waits for all the promises of a container, not for one of them. */
  readonly isJoin?: boolean | undefined;
  /** Names the fact that it is fulfilled, where it can be told from others. */
  readonly fate?: string | undefined;
}

export interface View {
  readonly kind: 'view';
  readonly region: RegionId;
  readonly type: ViewType | undefined;
  readonly low: Linear | undefined;
  readonly high: Linear | undefined;
  /** It is one view on one way here and another on another: where they differ, a bound is not known. */
  readonly isMerged?: boolean | undefined;
}

export interface Closure {
  readonly kind: 'closure';
  readonly function: FunctionIr;
  /** The `this` it was bound or looked up with. */
  readonly self: Value | undefined;
}

export interface Opaque {
  readonly kind: 'opaque';
  readonly id: string;
  /** An expression or declaration whose static type is the value's. */
  readonly origin: Origin;
  readonly root: OpaqueRoot;
  /** Its static type says that it is no number. */
  readonly isObject?: boolean | undefined;
  /** What a file's top level makes, once: nobody gives it, and nobody else can put another in its place. */
  readonly isMadeOnce?: boolean;
}

/** Where an unknown value comes from. */
export type OpaqueRoot =
  /** A parameter of the function under analysis, or something inside it. */
  | { readonly kind: 'parameter'; readonly function: FunctionIr; readonly index: number; readonly path: string }
  /** What a call gave, or something inside it. */
  | { readonly kind: 'call'; readonly call: Origin; readonly key: string }
  /** An item of an iteration. */
  | { readonly kind: 'item'; readonly iterable: Origin; readonly key: string }
  /** A field of `this` that nothing in sight assigns. */
  | { readonly kind: 'field' }
  | { readonly kind: 'elsewhere' };

export const undefinedValue: Value = { kind: 'constant', value: undefined };
export const nullValue: Value = { kind: 'constant', value: null };
/** A value that holds no bytes and no objects: a number, string or boolean nobody computes with. */
export const primitive: Value = { kind: 'number', form: { constant: Number.NaN, terms: [] } };

export function number(form: Linear): Value {
  return { kind: 'number', form };
}

/** A promise of a value; a promise of a promise is the promise, as `await` sees it. */
export function promiseOf(value: Value): PromiseValue {
  return value.kind === 'promise' ? value : { kind: 'promise', of: value };
}

/** The name of the memory behind an unknown value that turns out to be bytes. */
export function foreignRegion(id: string): RegionId {
  return `?bytes:${id}`;
}

/** What stands for a value among the moves; undefined for what cannot be moved. */
export function movable(value: Value): RegionId | undefined {
  switch (value.kind) {
    case 'view':
      return value.region;
    case 'opaque':
      return foreignRegion(value.id);
    case 'instance':
      return value.id;
    default:
      return undefined;
  }
}

/** What `await` gives. */
export function awaited(value: Value): Value {
  if (value.kind === 'promise') return awaited(value.of);
  if (value.kind === 'any') return anyOf(value.of.map(awaited));
  return value;
}

const alternativesLimit = 6;

/** One of these; a single one when they agree. `undefined` when there are too many to keep apart. */
export function anyOf(values: readonly Value[]): Value {
  const byKey = new Map<string, Value>();
  for (const value of values) {
    for (const one of value.kind === 'any' ? value.of : [value]) byKey.set(valueKey(one), one);
  }
  const distinct = [...byKey.values()];
  if (distinct.length === 1 && distinct[0] !== undefined) return distinct[0];
  return { kind: 'any', of: distinct.slice(0, alternativesLimit) };
}

/** Everything that a value may be. */
export function alternatives(value: Value): readonly Value[] {
  return value.kind === 'any' ? value.of : [value];
}

const functionKeys = new WeakMap<FunctionIr, string>();

/** Names a function among those of all files. */
export function functionKey(fn: FunctionIr): string {
  let key = functionKeys.get(fn);
  if (key === undefined) functionKeys.set(fn, (key = `f:${fn.module.file}:${fn.id}`));
  return key;
}

/**
 * Equal for values that the analysis keeps apart. Numbers and bounds are not part of it: states that differ only there are
 * merged, so a loop counter does not multiply the states.
 */
export function valueKey(value: Value): string {
  switch (value.kind) {
    case 'constant':
      return typeof value.value === 'string' ? `"${value.value}"` : String(value.value);
    case 'number':
      return '#';
    case 'view':
      return `v:${value.region}:${value.type ?? '?'}`;
    case 'object':
      return `o:${value.id}`;
    case 'closure':
      return value.self === undefined ? functionKey(value.function) : `${functionKey(value.function)}@${valueKey(value.self)}`;
    case 'class':
      return `c:${value.class.module.file}:${value.class.id}`;
    case 'api':
      return `a:${value.api.path}`;
    case 'method':
      return `m:${valueKey(value.receiver)}.${value.name}`;
    case 'instance':
      return `i:${value.type.path}:${value.id}`;
    case 'promise':
      return `p${value.fate ?? ''}${value.tasks === undefined ? '' : `[${value.tasks.join()}]`}:${valueKey(value.of)}`;
    case 'iterator':
      return `t:${value.id}:${valueKey(value.of)}`;
    case 'import':
      return `m:${value.specifier}#${value.imported}`;
    case 'opaque':
      return `?${value.id}`;
    case 'any':
      return `{${value.of.map(valueKey).sort().join('|')}}`;
  }
}

/** Values that are merged rather than kept apart when paths meet. */
export function isWeak(value: Value): boolean {
  return value.kind === 'number' || value.kind === 'opaque' || (value.kind === 'constant' && typeof value.value === 'string');
}

/** The same value, bounds and numbers included. */
export function areSame(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a.kind === 'number' && b.kind === 'number') return a === primitive || b === primitive ? false : areEqual(a.form, b.form);
  if (a.kind === 'view' && b.kind === 'view') {
    return a.region === b.region && a.type === b.type && areSameBound(a.low, b.low) && areSameBound(a.high, b.high);
  }
  return a.kind === b.kind && valueKey(a) === valueKey(b);
}

export function areSameBound(a: Linear | undefined, b: Linear | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && areEqual(a, b));
}
