import { add, areEqual, isConstant, symbol, type Linear } from './linear.js';
import { mergeActivities } from './activity.js';
import { mapLike } from './copies.js';
import { mergeDuties } from './duties.js';
import { loanKey, mergeLoans, type Loan } from './loan.js';
import { doubtMoves, mergeFacts, mergeMoves } from './moves.js';
import { forgetSymbols, isWindow, settleLoans } from './numbers.js';
import { fieldPlace, formOf, variablePlace, windowPlace, type HeapObject, type State } from './state.js';
import { anyOf, areSame, areSameBound, isWeak, number, valueKey, type RegionId, type Value, type View } from './value.js';

interface Pair {
  readonly place: string;
  readonly mine: Value;
  readonly theirs: Value | undefined;
  /** What the place holds when nothing is known of it: not there, or what lies below is not what it holds. */
  readonly unknown: Value | undefined;
  set(value: Value | undefined): void;
}

/** Numbers that others are related to at one merge. */
const anchorLimit = 8;

/** Says what two different numbers have in common: `undefined` where nothing is known. */
type Relate = (mine: Linear | undefined, theirs: Linear | undefined) => Linear | undefined;

/**
 * Merges a state with the same key into another. Numbers that differ are widened to a name of the merge point's; others keep
 * their distance to one of those, so that `end = offset + n` stays true through a merge that changes `offset`.
 *
 * @param tag names the merge point
 * @returns whether `state` changed; `other` must not be used afterwards
 */
export function mergeStates(state: State, other: State, tag: string): boolean {
  const differing = differences(state, other);
  const hasMemory = state.hasMemory || other.hasMemory;
  const isNumeric = ({ mine, theirs }: Pair): boolean => theirs !== undefined && formOf(mine) !== undefined && formOf(theirs) !== undefined;
  const nameOf = (pair: Pair): string => `φ${tag}:${pair.place}`;
  const windows = windowsAmong(differing, state, other);
  const windowOf = (pair: Pair): string => windowPlace(nameOf(pair));
  const redefined = new Set([...differing.filter(isNumeric).map(nameOf), ...[...windows].map(windowOf)]);
  state.hasMemory = hasMemory;
  if (redefined.size > 0) forgetSymbols(other, redefined);

  const anchors: { readonly mine: Linear; readonly theirs: Linear; readonly merged: Linear }[] = [];
  const relate: Relate = (mine, theirs) => {
    if (mine === undefined || theirs === undefined) return undefined;
    if (areEqual(mine, theirs)) return mine;
    for (const anchor of anchors) {
      const distance = add(mine, anchor.mine, -1);
      if (areEqual(distance, add(theirs, anchor.theirs, -1))) return add(anchor.merged, distance);
    }
    return undefined;
  };
  const changes: { readonly pair: Pair; readonly value: Value | undefined }[] = [];
  for (const pair of differing) {
    const { mine, theirs } = pair;
    if (!hasMemory && (isWeak(mine) || theirs === undefined || isWeak(theirs))) {
      changes.push({ pair, value: pair.unknown });
      continue;
    }
    const myForm = formOf(mine);
    const theirForm = theirs === undefined ? undefined : formOf(theirs);
    if (myForm !== undefined && theirForm !== undefined) {
      const related = mine.kind === 'number' ? relate(myForm, theirForm) : undefined;
      const merged = related ?? symbol(nameOf(pair));
      if (related === undefined && anchors.length < anchorLimit) anchors.push({ mine: myForm, theirs: theirForm, merged });
      const source = mine.kind === 'opaque' ? mine : theirs?.kind === 'opaque' && related === undefined ? theirs : undefined;
      changes.push({ pair, value: source === undefined ? number(merged) : { ...source, id: nameOf(pair), root: { kind: 'elsewhere' } } });
    } else if (mine.kind === 'view' && theirs?.kind === 'view') {
      const view = relateView(mine, theirs, relate);
      changes.push({ pair, value: view.low === undefined && windows.has(pair) ? { ...view, low: symbol(windowOf(pair)) } : view });
    } else if (isWeak(mine) || theirs === undefined || isWeak(theirs)) {
      // Nothing in common; the place still holds something, and it is not what it held at another time.
      const source = [mine, theirs].find((value) => value?.kind === 'opaque');
      changes.push({ pair, value: source?.kind === 'opaque' ? { ...source, id: nameOf(pair), root: { kind: 'elsewhere' } } : number(symbol(nameOf(pair))) });
    }
  }
  let hasChanged = mergeLoanMaps(state, other, relate, anchors.length > 0);
  if (mergeMoves(state, other)) hasChanged = true;
  if (mergeDuties(state, other)) hasChanged = true;
  if (mergeFacts(state, other)) hasChanged = true;
  for (const { pair, value } of changes) {
    if (value !== undefined && areSame(pair.mine, value)) continue;
    hasChanged = true;
    pair.set(value);
  }
  if (!state.objects.isSameAs(other.objects)) state.objects.forEach((object, id) => {
    if (!object.isClosed || other.object(id)?.isClosed !== false) return;
    hasChanged = true;
    state.objects.set(id, { ...object, isClosed: false });
  });
  if (!state.scheduled.isSameAs(other.scheduled)) other.scheduled.forEach((scheduled, key) => {
    if (state.scheduled.get(key) === scheduled) return;
    const before = state.version;
    state.schedule(scheduled);
    if (state.version !== before) hasChanged = true;
  });
  const activity = mergeActivities(state.activity, other.activity);
  if (activity !== state.activity) {
    hasChanged = true;
    state.activity = activity;
  }
  if (!state.variables.isSameAs(other.variables)) other.variables.forEach((value, variable) => {
    if (!variable.isCaptured || !isWeak(value) || state.variables.has(variable)) return;
    hasChanged = true;
    state.variables.set(variable, value);
  });
  return hasChanged;
}

/** The places that hold views which moved on differently, behind what is lent of their memory. */
function windowsAmong(differing: readonly Pair[], state: State, other: State): ReadonlySet<Pair> {
  const found = new Set<Pair>();
  if (state.loans.size === 0 && other.loans.size === 0) return found;
  for (const pair of differing) {
    const { mine, theirs, place } = pair;
    if (mine.kind !== 'view' || theirs?.kind !== 'view' || mine.low === undefined || theirs.low === undefined || areEqual(mine.low, theirs.low)) continue;
    settleLoans(state);
    settleLoans(other);
    if (isWindow(state, mine.region, place) || isWindow(other, mine.region, place)) found.add(pair);
  }
  return found;
}

/** The places that hold something else in the other state, each with what it holds here and there. */
function differences(state: State, other: State): Pair[] {
  const found: Pair[] = [];
  if (!state.variables.isSameAs(other.variables)) state.variables.forEach((mine, variable) => {
    const theirs = other.variable(variable);
    if (theirs !== undefined && areSame(mine, theirs)) return;
    // A captured variable that is not there yet belongs to a function that has not run: what it will hold is known here.
    if (theirs === undefined && variable.isCaptured && isWeak(mine)) return;
    const set = (value: Value | undefined): void => {
      if (value !== undefined) state.variables.set(variable, value);
      else state.variables.delete(variable);
    };
    const place = variablePlace(variable);
    const unknown: Value | undefined = variable.isCaptured || state.frozen.variables.has(variable) ? { kind: 'opaque', id: `v:${place}`, origin: variable.origin, root: { kind: 'elsewhere' } } : undefined;
    found.push({ place, mine, theirs, unknown, set });
  });
  if (!state.objects.isSameAs(other.objects)) state.objects.forEach((object, id) => {
    const others = other.object(id);
    if (others === object) return;
    object.fields.forEach((mine, field) => {
      const theirs = others?.fields.get(field);
      if (theirs !== undefined && areSame(mine, theirs)) return;
      const set = (value: Value | undefined): void => {
        const now = state.object(id) ?? object;
        const fields = mapLike(now.fields);
        if (value === undefined) fields.delete(field);
        else fields.set(field, value);
        state.objects.set(id, { ...now, fields });
      };
      found.push({ place: fieldPlace(id, field), mine, theirs, unknown: undefined, set });
    });
  });
  return found;
}

function mergeLoanMaps(state: State, other: State, relate: Relate, hasWidened: boolean): boolean {
  if (state.loans.size === 0 && other.loans.size === 0) return false;
  let hasChanged = false;
  if (state.loans.isSameAs(other.loans) && !hasWidened) return false;
  if (hasWidened) settleLoans(state);
  for (const [key, theirs] of other.loans) {
    const mine = state.loans.get(key);
    if (mine === theirs) continue;
    const bounds = mine === undefined ? undefined : { low: relate(mine.low, theirs.low), high: relate(mine.high, theirs.high) };
    const next = mine === undefined || bounds === undefined ? theirs : mergeLoans({ ...mine, ...bounds }, { ...theirs, ...bounds });
    if (mine !== undefined && isSameLoan(mine, next)) continue;
    hasChanged = true;
    state.loans.set(key, next);
  }
  return hasChanged;
}

function isSameLoan(a: ReturnType<typeof mergeLoans>, b: typeof a): boolean {
  return a.past.size === b.past.size && a.floors.length === b.floors.length && a.isRewound === b.isRewound && a.type === b.type && a.invalidation === b.invalidation && areSameBound(a.low, b.low) && areSameBound(a.high, b.high);
}

/**
 * Merges a state whose key differs: aliases that disagree become alternatives, and what follows from them is potential.
 *
 * @returns whether `state` changed
 */
export function joinStates(state: State, other: State, tag: string): boolean {
  doubtCorrelated(state, other);
  const before = state.key();
  for (const [variable, mine] of [...state.variables]) {
    const theirs = other.variable(variable);
    if (theirs === undefined) {
      if (!variable.isCaptured) state.variables.delete(variable);
    } else if (mine !== theirs && !(isWeak(mine) && isWeak(theirs)) && valueKey(mine) !== valueKey(theirs)) state.variables.set(variable, anyOf([mine, theirs]));
  }
  const aligned = other.clone();
  for (const [id, theirs] of other.objects) {
    const mine = state.object(id);
    if (mine === theirs) continue;
    const merged = mine === undefined ? theirs : mergeObjects(mine, theirs);
    // Numbers are left to the merge below, which knows how to widen them.
    state.objects.set(id, mine === undefined ? theirs : { ...merged, fields: withWeak(merged, mine) });
    aligned.objects.set(id, { ...merged, fields: withWeak(merged, theirs) });
  }
  for (const [id, object] of state.objects) {
    if (aligned.objects.has(id)) continue;
    const below = state.frozen.objects.get(id);
    const merged = below === undefined ? object : mergeObjects(object, below);
    if (merged !== object) state.objects.set(id, merged);
    aligned.objects.set(id, merged);
  }
  for (const [variable, theirs] of other.variables) {
    if (state.variables.has(variable)) continue;
    const mine = state.frozen.variables.get(variable);
    if (mine === undefined) {
      // A captured variable that is not there yet belongs to a function that has not run: what it will hold is known there.
      if (variable.isCaptured) state.variables.set(variable, theirs);
    } else state.variables.set(variable, valueKey(mine) === valueKey(theirs) || (isWeak(mine) && isWeak(theirs)) ? mine : anyOf([mine, theirs]));
  }
  for (const [variable, value] of state.variables) if (!isWeak(value) && aligned.variables.get(variable) !== value) aligned.variables.set(variable, value);
  return mergeStates(state, aligned, tag) || state.key() !== before;
}

/**
 * A loan that only one of two states has goes with that state's aliases. Where the other refers to the same memory from other
 * places, what follows from both together need not be a path of the program.
 */
function doubtCorrelated(state: State, other: State): void {
  if (state.loans.size === 0 && other.loans.size === 0 && state.moves.size === 0 && other.moves.size === 0) return;
  let known: { readonly mine: ReadonlyMap<RegionId, string>; readonly theirs: ReadonlyMap<RegionId, string> } | undefined;
  const areApart = (region: RegionId): boolean => {
    known ??= { mine: references(state, other), theirs: references(other, state) };
    return known.mine.get(region) !== known.theirs.get(region);
  };
  for (const [one, another] of [[state, other], [other, state]] as const) {
    doubtMoves(one, (_, region) => !another.moves.has(region) && areApart(region));
    for (const [key, loan] of [...one.loans]) {
      if (loan.escape.certainty !== 'certain' || another.loans.has(key) || !areApart(loan.region)) continue;
      one.replaceLoan(key, inDoubt(loan));
    }
  }
  // What was in doubt once stays so: or else two states that come here in turn doubt each other's for ever.
  doubtMoves(other, (_, region) => state.moves.get(region)?.certainty === 'potential');
  for (const [key, loan] of [...other.loans]) {
    if (loan.escape.certainty === 'certain' && !state.loans.has(key) && state.loans.has(loanKey(inDoubt(loan)))) other.replaceLoan(key, inDoubt(loan));
  }
}

function inDoubt(loan: Loan): Loan {
  return { ...loan, escape: { ...loan.escape, certainty: 'potential' } };
}

/** By region: the places that refer to it, in one text. */
function references(state: State, other: State): ReadonlyMap<string, string> {
  const places = new Map<string, string[]>();
  const add = (place: string, value: Value | undefined): void => {
    if (value?.kind === 'any') for (const one of value.of) add(place, one);
    if (value?.kind === 'view') places.set(value.region, [...(places.get(value.region) ?? []), place]);
  };
  for (const variable of new Set([...state.variables.keys(), ...other.variables.keys()])) add(variablePlace(variable), state.variable(variable));
  for (const id of new Set([...state.objects.keys(), ...other.objects.keys()])) {
    const object = state.object(id);
    for (const [field, value] of object?.fields ?? []) add(fieldPlace(id, field), value);
    add(fieldPlace(id, '*'), object?.elements);
  }
  return new Map([...places].map(([region, found]) => [region, found.sort().join(' ')]));
}

function withWeak(merged: HeapObject, from: HeapObject): ReadonlyMap<string, Value> {
  const fields = mapLike(merged.fields);
  for (const [field, value] of from.fields) if (isWeak(value) && (!fields.has(field) || isWeak(fields.get(field) ?? value))) fields.set(field, value);
  return fields;
}

/** One object that stands for two. */
export function mergeObjects(a: HeapObject, b: HeapObject): HeapObject {
  if (a === b) return a;
  const fields = new Map<string, Value>();
  for (const [field, mine] of a.fields) {
    const theirs = b.fields.get(field);
    if (theirs === undefined) {
      if (!isWeak(mine)) fields.set(field, mine);
    } else if (areSame(mine, theirs)) fields.set(field, mine);
    else if (mine.kind === 'view' && theirs.kind === 'view' && valueKey(mine) === valueKey(theirs)) fields.set(field, relateView(mine, theirs, (a, b) => (areSameBound(a, b) ? a : undefined)));
    else if (!isWeak(mine) || !isWeak(theirs)) fields.set(field, anyOf([mine, theirs]));
  }
  for (const [field, theirs] of b.fields) if (!a.fields.has(field) && !isWeak(theirs)) fields.set(field, theirs);
  const elements = a.elements === undefined ? b.elements : b.elements === undefined ? a.elements : anyOf([a.elements, b.elements]);
  return { fields, elements, shape: a.shape, prototype: a.prototype ?? b.prototype, isClosed: a.isClosed && b.isClosed };
}

function relateView(mine: View, theirs: View, relate: Relate): View {
  const low = relate(mine.low, theirs.low);
  const high = relate(mine.high, theirs.high);
  // Bounds that the code works out may be one and the same part at another time.
  const isLost = (low === undefined && areConstant(mine.low, theirs.low)) || (high === undefined && areConstant(mine.high, theirs.high));
  return { ...mine, low, high, isMerged: isLost || mine.isMerged === true || theirs.isMerged === true };
}

function areConstant(mine: Linear | undefined, theirs: Linear | undefined): boolean {
  return mine !== undefined && theirs !== undefined && isConstant(mine) && isConstant(theirs);
}
