import type { Linear } from './linear.js';
import { formOf, type HeapObject } from './state.js';
import type { Value } from './value.js';

/** What an object's fields say of numbers. */
export interface Numerics {
  /** The fields that hold a number. */
  readonly fields: readonly { readonly field: string; readonly value: Value; readonly form: Linear }[];
  /** The names that its numbers, its views' bounds and its unknown values go by, and those that these stand inside of. */
  readonly names: ReadonlySet<string>;
}

const none: Numerics = { fields: [], names: new Set() };
const ofObjects = new WeakMap<HeapObject, Numerics>();

/** What an object's fields say of numbers; worked out once, as objects never change. */
export function numericsOf(object: HeapObject): Numerics {
  let numerics = ofObjects.get(object);
  if (numerics === undefined) ofObjects.set(object, (numerics = numericsIn(object)));
  return numerics;
}

function numericsIn(object: HeapObject): Numerics {
  const fields: { readonly field: string; readonly value: Value; readonly form: Linear }[] = [];
  const names = new Set<string>();
  object.fields.forEach((value, field) => {
    const form = formOf(value);
    if (form !== undefined) fields.push({ field, value, form });
    if (value.kind === 'opaque') addName(value.id, names);
    else if (value.kind === 'number') addNames(value.form, names);
    else if (value.kind === 'view') {
      addNames(value.low, names);
      addNames(value.high, names);
    }
  });
  return fields.length === 0 && names.size === 0 ? none : { fields, names };
}

function addNames(form: Linear | undefined, names: Set<string>): void {
  if (form !== undefined) for (const term of form.terms) addName(term.symbol, names);
}

function addName(name: string, names: Set<string>): void {
  names.add(name);
  for (const prefix of surroundingsOf(name)) names.add(prefix);
}

/** The names that a symbol stands inside of: `call:12.bytesRead` is inside `call:12`. */
const surroundings = new Map<string, readonly string[]>();
const surroundingsLimit = 50_000;

function surroundingsOf(name: string): readonly string[] {
  let found = surroundings.get(name);
  if (found === undefined) {
    const prefixes: string[] = [];
    for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) prefixes.push(name.slice(0, dot));
    if (surroundings.size > surroundingsLimit) surroundings.clear();
    surroundings.set(name, (found = prefixes));
  }
  return found;
}

/** A symbol is one of the names, or something inside one. */
export function isNamed(names: ReadonlySet<string>, name: string): boolean {
  if (names.has(name)) return true;
  for (const prefix of surroundingsOf(name)) if (names.has(prefix)) return true;
  return false;
}

/** A form is told by one of the names. */
export function isTold(names: ReadonlySet<string>, form: Linear | undefined): boolean {
  if (form !== undefined) for (const term of form.terms) if (isNamed(names, term.symbol)) return true;
  return false;
}

/** Some number of the object is told by one of the names. */
export function mentions(object: HeapObject, names: ReadonlySet<string>): boolean {
  const own = numericsOf(object).names;
  const [few, many] = own.size < names.size ? [own, names] : [names, own];
  for (const name of few) if (many.has(name)) return true;
  return false;
}
