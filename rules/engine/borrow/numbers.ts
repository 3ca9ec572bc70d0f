import type { Variable } from '../ir/index.js';
import { isAtLeast, symbol, type Linear } from './linear.js';
import { forgetMoves } from './moves.js';
import { fieldPlace, formOf, variablePlace, type State } from './state.js';
import { number, type Value } from './value.js';

/** Arrays longer than this are tables. */
const tableSize = 16;

/** A place that holds a number, and how to put another there. */
interface NumericPlace {
  readonly name: string;
  readonly value: Value;
  readonly form: Linear;
  readonly variable: Variable | undefined;
  /** Of an object that the file's top level made. */
  readonly field?: string | undefined;
  set(value: Value): void;
}

/** Every place that holds a number. */
function numericPlaces(state: State): NumericPlace[] {
  const places: NumericPlace[] = [];
  for (const [variable, value] of state.variables) {
    const form = formOf(value);
    if (form !== undefined) places.push({ name: variablePlace(variable), value, form, variable, set: (next) => state.variables.set(variable, next) });
  }
  for (const [id, object] of state.objects) {
    // Tables of numbers are not cursors.
    if (object.shape !== 'object') continue;
    for (const [field, value] of object.fields) {
      const form = formOf(value);
      if (form === undefined) continue;
      const set = (next: Value): void => {
        const now = state.objects.get(id) ?? object;
        state.objects.set(id, { ...now, fields: new Map(now.fields).set(field, next) });
      };
      places.push({ name: fieldPlace(id, field), value, form, variable: undefined, field: state.frozen.objects.has(id) ? field : undefined, set });
    }
  }
  return places;
}

/** Records which places are past each loan, so that the symbols in its bounds may be forgotten. */
export function settleLoans(state: State): void {
  if (state.loans.size === 0 || state.settle()) return;
  const bounded = [...state.loans].flatMap(([key, loan]) => (loan.high === undefined ? [] : [{ key, loan, high: loan.high, found: undefined as Set<string> | undefined }]));
  if (bounded.length === 0) return;
  const compare = (form: Linear, nameOf: () => string): void => {
    for (const one of bounded) {
      if (!isAtLeast(form, one.high)) continue;
      const name = nameOf();
      if (!one.loan.past.has(name)) (one.found ??= new Set(one.loan.past)).add(name);
    }
  };
  for (const [variable, value] of state.variables) {
    const form = formOf(value);
    if (form !== undefined) compare(form, () => variablePlace(variable));
  }
  for (const [id, object] of state.objects) {
    if (object.shape !== 'object') continue;
    for (const [field, value] of object.fields) {
      const form = formOf(value);
      if (form !== undefined) compare(form, () => fieldPlace(id, field));
    }
  }
  for (const { key, loan, found } of bounded) if (found !== undefined) state.loans.set(key, { ...loan, past: found });
  // What was noted changed the loans; they are settled all the same.
  state.settle();
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
function isNamed(names: ReadonlySet<string>, name: string): boolean {
  return names.has(name) || surroundingsOf(name).some((prefix) => names.has(prefix));
}

/** Symbols are about to stand for other values: whatever was said in terms of them is no longer known. */
export function forgetSymbols(state: State, names: ReadonlySet<string>): void {
  if (names.size === 0 || !state.hasMemory) return;
  const isStale = (form: Linear | undefined): boolean => form !== undefined && form.terms.some((term) => isNamed(names, term.symbol));
  settleLoans(state);
  if (state.moves.size > 0 || state.facts.size > 0 || state.duties.size > 0) forgetMoves(state, (name) => isNamed(names, name));
  for (const [key, loan] of state.loans) {
    if (isStale(loan.low) || isStale(loan.high) || loan.floors.some(isStale)) {
      state.loans.set(key, { ...loan, low: isStale(loan.low) ? undefined : loan.low, high: isStale(loan.high) ? undefined : loan.high, floors: loan.floors.filter((floor) => !isStale(floor)) });
    }
  }
  const fresh = (value: Value, place: string): Value => {
    switch (value.kind) {
      case 'number':
        return isStale(value.form) ? number(symbol(`old:${place}`)) : value;
      case 'opaque':
        return isNamed(names, value.id) ? { ...value, id: `old:${place}` } : value;
      case 'view':
        return isStale(value.low) || isStale(value.high)
          ? { ...value, low: isStale(value.low) ? undefined : value.low, high: isStale(value.high) ? undefined : value.high }
          : value;
      default:
        return value;
    }
  };
  for (const [variable, value] of state.variables) {
    const next = fresh(value, variablePlace(variable));
    if (next !== value) state.variables.set(variable, next);
  }
  for (const [id, object] of state.objects) {
    if (object.shape !== 'object' && object.fields.size > tableSize) continue;
    let fields: Map<string, Value> | undefined;
    for (const [field, value] of object.fields) {
      const next = fresh(value, fieldPlace(id, field));
      if (next !== value) (fields ??= new Map(object.fields)).set(field, next);
    }
    if (fields !== undefined) state.objects.set(id, { ...object, fields });
  }
}

/**
 * A merge point that control comes back to: every number that may have changed by then gets a name of its own, before any turn,
 * so that all turns speak in the same terms. What is known of these numbers against the loans (`past`) stays.
 *
 * @param tag names the merge point
 * @param isFixed whether nobody assigns a field of that name: `offsets.length`, where `offsets` is a table of constants
 */
export function renameNumbers(state: State, tag: string, mayChange: (variable: Variable) => boolean, withFields: boolean, isFixed: (field: string) => boolean): void {
  if (!state.hasMemory) return;
  const places = numericPlaces(state).filter(({ variable, field }) => (variable === undefined ? withFields && (field === undefined || !isFixed(field)) : mayChange(variable)));
  if (places.length === 0) return;
  const nameOf = (place: NumericPlace): string => `φ${tag}:${place.name}`;
  settleLoans(state);
  forgetSymbols(state, new Set(places.map(nameOf)));
  for (const place of places) place.set(place.value.kind === 'opaque' ? { ...place.value, id: nameOf(place) } : number(symbol(nameOf(place))));
}
