import type { Variable } from '../ir/index.js';
import { mapLike, setLike } from './copies.js';
import { isAtLeast, symbol, type Linear } from './linear.js';
import type { Loan } from './loan.js';
import { forgetMoves } from './moves.js';
import { isNamed, isTold, mentions, numericsOf } from './numerics.js';
import { fieldPlace, formOf, variablePlace, windowPlace, type State } from './state.js';
import { number, type RegionId, type Value, type View } from './value.js';

/** Arrays longer than this are tables. */
const tableSize = 16;

/** A place that holds a number, and how to put another there. */
interface NumericPlace {
  readonly name: string;
  readonly value: Value;
  readonly variable: Variable | undefined;
  /** Of an object that the file's top level made. */
  readonly field?: string | undefined;
  set(value: Value): void;
}

/** Every place that holds a number. */
function numericPlaces(state: State): NumericPlace[] {
  const places: NumericPlace[] = [];
  state.variables.forEach((value, variable) => {
    if (formOf(value) !== undefined) places.push({ name: variablePlace(variable), value, variable, set: (next) => state.variables.set(variable, next) });
  });
  state.objects.forEach((object, id) => {
    // Tables of numbers are not cursors.
    if (object.shape !== 'object') return;
    for (const { field, value } of numericsOf(object).fields) {
      const set = (next: Value): void => {
        const now = state.objects.get(id) ?? object;
        state.objects.set(id, { ...now, fields: mapLike(now.fields).set(field, next) });
      };
      places.push({ name: fieldPlace(id, field), value, variable: undefined, field: state.frozen.objects.has(id) ? field : undefined, set });
    }
  });
  return places;
}

/** A loan with an upper bound, and the places that are found to be past it. */
interface Bounded {
  readonly key: string;
  readonly loan: Loan;
  readonly high: Linear;
  found: Set<string> | undefined;
}

function notePast(one: Bounded, place: string): void {
  if (!one.loan.past.has(place)) (one.found ??= setLike(one.loan.past)).add(place);
}

/** A view that begins behind what was lent of its memory: `room = room.subarray(lent.length)`. */
function noteWindow(bounded: readonly Bounded[], { region, low }: View, place: string): void {
  if (low === undefined) return;
  for (const one of bounded) if (one.loan.region === region && isAtLeast(low, one.high)) notePast(one, windowPlace(place));
}

/** The place holds a view that moves on behind what is lent of its memory. */
export function isWindow(state: State, region: RegionId, place: string): boolean {
  if (state.loans.size === 0) return false;
  const name = windowPlace(place);
  for (const loan of state.loans.values()) if (loan.region === region && loan.past.has(name)) return true;
  return false;
}

/** Records which places are past each loan, so that the symbols in its bounds may be forgotten. */
export function settleLoans(state: State): void {
  if (state.loans.size === 0 || state.settle()) return;
  const bounded: Bounded[] = [];
  state.loans.forEach((loan, key) => {
    if (loan.high !== undefined) bounded.push({ key, loan, high: loan.high, found: undefined });
  });
  if (bounded.length === 0) return;
  state.variables.forEach((value, variable) => {
    if (value.kind === 'view' && variable.storage !== 'temporary') noteWindow(bounded, value, variablePlace(variable));
    const form = formOf(value);
    if (form === undefined) return;
    for (const one of bounded) if (isAtLeast(form, one.high)) notePast(one, variablePlace(variable));
  });
  state.objects.forEach((object, id) => {
    if (object.shape !== 'object') return;
    object.fields.forEach((value, field) => {
      if (value.kind === 'view') noteWindow(bounded, value, fieldPlace(id, field));
    });
    for (const { field, form } of numericsOf(object).fields) {
      for (const one of bounded) if (isAtLeast(form, one.high)) notePast(one, fieldPlace(id, field));
    }
  });
  for (const { key, loan, found } of bounded) if (found !== undefined) state.loans.set(key, { ...loan, past: found });
  // What was noted changed the loans; they are settled all the same.
  state.settle();
}

/** Symbols are about to stand for other values: whatever was said in terms of them is no longer known. */
export function forgetSymbols(state: State, names: ReadonlySet<string>): void {
  if (names.size === 0 || !state.hasMemory) return;
  settleLoans(state);
  if (state.moves.size > 0 || state.facts.size > 0 || state.duties.size > 0) forgetMoves(state, (name) => isNamed(names, name));
  const known = (form: Linear | undefined): Linear | undefined => (isTold(names, form) ? undefined : form);
  state.loans.forEach((loan, key) => {
    if (isTold(names, loan.low) || isTold(names, loan.high) || loan.floors.some((floor) => isTold(names, floor))) {
      state.loans.set(key, { ...loan, low: known(loan.low), high: known(loan.high), floors: loan.floors.filter((floor) => !isTold(names, floor)) });
    }
  });
  const fresh = (value: Value, place: string): Value => {
    switch (value.kind) {
      case 'number':
        return number(symbol(`old:${place}`));
      case 'opaque':
        return { ...value, id: `old:${place}` };
      case 'view': {
        const low = isTold(names, value.low) && isWindow(state, value.region, place) ? symbol(`old:${windowPlace(place)}`) : known(value.low);
        return { ...value, low, high: known(value.high) };
      }
      default:
        return value;
    }
  };
  state.variables.forEach((value, variable) => {
    if (isStale(value, names)) state.variables.set(variable, fresh(value, variablePlace(variable)));
  });
  state.objects.forEach((object, id) => {
    if ((object.shape !== 'object' && object.fields.size > tableSize) || !mentions(object, names)) return;
    const fields = mapLike(object.fields);
    object.fields.forEach((value, field) => {
      if (isStale(value, names)) fields.set(field, fresh(value, fieldPlace(id, field)));
    });
    state.objects.set(id, { ...object, fields });
  });
}

/** The value is told by a name that is about to stand for another. */
function isStale(value: Value, names: ReadonlySet<string>): boolean {
  switch (value.kind) {
    case 'number':
      return isTold(names, value.form);
    case 'opaque':
      return isNamed(names, value.id);
    case 'view':
      return isTold(names, value.low) || isTold(names, value.high);
    default:
      return false;
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
