import type { ApiType } from '../contracts/api.js';
import type { ArgumentKind, PlaceRef, RangeRef, Source, ViewType } from '../contracts/contract.js';
import { invalidate, whole } from './effects.js';
import { add, atMost, isAtLeast, isConstant, multiply, symbol, symbolsOf, zero, type Linear } from './linear.js';
import type { Machine, Site } from './machine.js';
import { calleeText } from './reports.js';
import { formOf, type HeapObject, type State } from './state.js';
import { alternatives, anyOf, awaited, foreignRegion, movable, primitive, promiseOf, undefinedValue, valueKey, type ObjectId, type Opaque, type RegionId, type Value, type View } from './value.js';
import { isOfOlder } from './region-names.js';

/** How deep something may be hidden in what holds it. */
const hidingDepth = 3;

/** What a contract's places stand for at one call. */
export interface Places {
  readonly self: Value | undefined;
  readonly arguments: readonly Value[];
}

/** The value at a place of a call; undefined for an argument that it does not have. */
export function placeOf(places: Places, ref: PlaceRef): Value | undefined {
  return ref === 'this' ? places.self : places.arguments[ref];
}

/** Bytes that one element takes: bounds are in bytes, so that views of all types compare. */
export function elementSize(type: ViewType | undefined): number | undefined {
  switch (type) {
    case undefined:
      return undefined;
    case 'Int16Array':
    case 'Uint16Array':
    case 'Float16Array':
      return 2;
    case 'Int32Array':
    case 'Uint32Array':
    case 'Float32Array':
      return 4;
    case 'Float64Array':
    case 'BigInt64Array':
    case 'BigUint64Array':
      return 8;
    default:
      return 1;
  }
}

/** The part of a view that offsets given as arguments select. */
export function narrow(view: View, range: RangeRef | undefined, places: Places, type: ViewType | undefined = view.type): { low: Linear | undefined; high: Linear | undefined } {
  if (range === undefined) return { low: view.low, high: view.high };
  // Offsets into a buffer are bytes; a length counts the elements of the view that is made.
  const size = elementSize(view.type);
  const lengthSize = elementSize(type);
  if (size === undefined || lengthSize === undefined) return { low: undefined, high: undefined };
  const offset = (ref: number | undefined, unit = size): Linear | undefined | 'absent' => {
    if (ref === undefined) return 'absent';
    const value = places.arguments[ref];
    if (value === undefined || (value.kind !== 'number' && value.kind !== 'opaque' && value.kind !== 'any')) return 'absent';
    const form = formOf(value);
    return form === undefined || unit === 1 ? form : multiply(form, unit);
  };
  const start = offset(range.start);
  const low = view.low === undefined || start === undefined ? undefined : start === 'absent' ? view.low : isNegative(start) ? undefined : add(view.low, start);
  const end = offset(range.end);
  if (end !== 'absent') {
    const high = view.low === undefined || end === undefined || isNegative(end) ? undefined : add(view.low, end);
    // No part goes on behind the end of the whole.
    return { low, high: high !== undefined && view.high !== undefined && isAtLeast(high, view.high) ? view.high : high };
  }
  const length = offset(range.length, lengthSize);
  if (length !== 'absent') return { low, high: low === undefined || length === undefined ? undefined : add(low, length) };
  return { low, high: view.high };
}

/** A part of what follows its buffer's length does not go on behind what a `resize` left of that. */
function withinRest(state: State, whole: View, range: RangeRef | undefined, part: Pick<View, 'low' | 'high'>): Pick<View, 'low' | 'high'> {
  const limit = range?.end === undefined || (whole.high !== undefined && isConstant(whole.high)) ? undefined : state.moves.get(whole.region)?.limit;
  if (limit === undefined) return part;
  const clamped = (bound: Linear | undefined): Linear | undefined => (bound !== undefined && isConstant(bound) && bound.constant > limit ? { constant: limit, terms: [] } : bound);
  return { low: clamped(part.low), high: clamped(part.high) };
}

function isNegative(form: Linear): boolean {
  return form.constant < 0 && form.terms.length === 0;
}

/** New memory, made at a call. */
function freshView(machine: Machine, state: State, site: Site, type: ViewType | undefined, size: Linear | undefined): View {
  state.hasMemory = true;
  const region = machine.identity(state, 'r', site.at, site.frame);
  const high = size ?? symbol(`len:${region}`);
  machine.unit.regions.set(region, { at: site.at, name: undefined, isLent: false, size: high });
  return { kind: 'view', region, type, low: zero, high };
}

/** The memory of a value that came from elsewhere and turns out to be bytes. */
export function foreignBytes(machine: Machine, state: State, value: Opaque, type: ViewType | undefined): View {
  const { unit } = machine;
  const region = foreignRegion(value.id);
  state.hasMemory = true;
  if (!unit.regions.has(region)) unit.regions.set(region, { at: value.origin, name: unit.source.textOf(value.origin), isLent: false, isForeign: true });
  return { kind: 'view', region, type, low: undefined, high: undefined };
}

/** A new object, made at a place of the source. */
export function freshObject(machine: Machine, state: State, site: Site, object: HeapObject): Extract<Value, { readonly kind: 'object' }> {
  const id = machine.identity(state, 'o', site.at, site.frame);
  state.setObject(id, object);
  return { kind: 'object', id };
}

/** One of the elements is taken: whether it is one that was moved is not known. */
function doubtElement(state: State, element: Value): void {
  if (state.moves.size > 0) for (const id of namesIn(state, element)) state.moves.delete(id);
}

/** Everything that a value is or holds, by the names that moves and duties go by. */
export function* namesIn(state: State, value: Value, depth = hidingDepth, seen = new Set<ObjectId>()): Iterable<RegionId> {
  for (const one of alternatives(value)) {
    const id = movable(one);
    if (id !== undefined) yield id;
    if (one.kind === 'promise') yield* namesIn(state, one.of, depth, seen);
    if (one.kind !== 'object' || depth === 0 || seen.has(one.id)) continue;
    seen.add(one.id);
    for (const inner of [...(state.object(one.id)?.fields.values() ?? []), ...elementsOf(state, one)]) yield* namesIn(state, inner, depth - 1, seen);
  }
}

/** What a container holds, each element that is known by itself. */
export function elementsOf(state: State, container: Value): readonly Value[] {
  const object = container.kind === 'object' ? state.object(container.id) : undefined;
  if (object?.shape !== 'array') return [elementOf(state, container)].filter((one) => one !== undefined);
  const separate = [...object.fields].flatMap(([name, value]) => (/^\d+$/.test(name) ? [value] : []));
  return object.elements === undefined ? separate : [...separate, object.elements];
}

/** What a container holds. */
export function elementOf(state: State, container: Value | undefined): Value | undefined {
  if (container === undefined) return undefined;
  const found: Value[] = [];
  for (const one of alternatives(container)) {
    if (one.kind === 'iterator') {
      doubtElement(state, one.of);
      found.push(one.of);
    }
    if (one.kind === 'promise') found.push(awaited(one));
    if (one.kind === 'view') found.push(primitive);
    if (one.kind !== 'object') continue;
    const object = state.object(one.id);
    if (object === undefined) continue;
    if (object.elements !== undefined) {
      doubtElement(state, object.elements);
      found.push(object.elements);
    }
    if (object.shape === 'array') for (const [name, value] of object.fields) if (/^\d+$/.test(name)) found.push(value);
  }
  return found.length === 0 ? undefined : anyOf(found);
}

/** The value that a contract's source describes, at a call. */
export function valueOf(machine: Machine, state: State, source: Source | undefined, places: Places, site: Site): Value {
  const unknown = (): Value => unknownResult(site);
  if (source === undefined) return unknown();
  switch (source.from) {
    case 'primitive':
      // A count that a call returns may bound a view later: it keeps its name.
      return { kind: 'number', form: countOf(source, `call:${site.key}`, places) };
    case 'fresh': {
      const receiver = places.self?.kind === 'view' ? places.self : undefined;
      const type = source.type === 'same' ? receiver?.type : source.type;
      const size = places.arguments.length === 1 && places.arguments[0] !== undefined ? sizeOf(places.arguments[0]) : undefined;
      return freshView(machine, state, site, type, size);
    }
    case 'view': {
      const of = placeOf(places, source.of);
      if (of === undefined) return unknown();
      const known = machine.unit.tracksMoves && of.kind === 'opaque' ? foreignBytes(machine, state, of, undefined) : of;
      return mapViews(known, (view) => {
        const type = source.type ?? view.type;
        const { low, high } = withinRest(state, view, source.range, narrow(view, source.range, places, type));
        for (const bound of [low, high]) if (bound !== undefined) machine.unit.noteBound(symbolsOf(bound), view.region);
        const isWhole = type === 'ArrayBuffer' || type === 'SharedArrayBuffer';
        if (isWhole) return { ...view, type, low: zero, high: symbol(`len:${view.region}`) };
        return { ...view, type, low, high };
      }) ?? unknown();
    }
    case 'place':
      return placeOf(places, source.of) ?? undefinedValue;
    case 'element':
      return elementOf(state, placeOf(places, source.of)) ?? unknown();
    case 'container': {
      const elements = [
        ...(source.elementsOf ?? []).map((ref) => elementOf(state, placeOf(places, ref))),
        ...(source.holding ?? []).map((ref) => placeOf(places, ref)),
      ].filter((value) => value !== undefined);
      return freshObject(machine, state, site, { fields: new Map(), elements: elements.length === 0 ? undefined : anyOf(elements), shape: 'array', prototype: undefined, isClosed: false });
    }
    case 'lent':
      return source.of === undefined ? lentView(machine, state, places, site, source) : lentObject(machine, state, source, source.of, places, site);
    case 'property': {
      const of = placeOf(places, source.of);
      return of === undefined ? unknown() : machine.load(state, of, source.name, site.at);
    }
    case 'object': {
      // Some object without bytes; errors are null more often than not.
      if (Object.keys(source.properties).length === 0) return unknown();
      const fields = new Map<string, Value>();
      for (const [name, property] of Object.entries(source.properties)) {
        const value = valueOf(machine, state, property, places, site);
        fields.set(name, value.kind === 'number' ? { kind: 'number', form: countOf(property, `call:${site.key}.${name}`, places) } : value);
      }
      return freshObject(machine, state, site, { fields, elements: undefined, shape: 'object', prototype: undefined, isClosed: false });
    }
    case 'instance': {
      const type = machine.unit.world.catalog.type(source.type);
      return type === undefined ? unknown() : instanceOf(machine, state, type, site);
    }
    case 'promise':
      return promiseOf(source.joins === undefined ? valueOf(machine, state, source.of, places, site) : settled(state, valueOf(machine, state, source.of, places, site)));
    case 'iterable':
      return { kind: 'iterator', of: valueOf(machine, state, source.of, places, site), id: site.key };
    case 'function':
      return { kind: 'method', contract: { ...source.contract, origin: 'catalog', isCertain: true }, receiver: undefinedValue, name: '' };
    case 'choice': {
      const kind = kindOfArgument(machine, places.arguments[source.of], site, source.of);
      return valueOf(machine, state, kind === undefined ? source.otherwise : (source.when[kind] ?? source.otherwise), places, site);
    }
    case 'unknown':
      return unknown();
  }
}

/** A list of what the promises in it settle to. */
function settled(state: State, list: Value): Value {
  const object = list.kind === 'object' ? state.object(list.id) : undefined;
  if (list.kind === 'object' && object?.elements !== undefined) state.setObject(list.id, { ...object, elements: awaited(object.elements) });
  return list;
}

/** A number that a call gives, under a name that is another's when the call is made again. */
function countOf(source: Source, name: string, places: Places): Linear {
  const most = source.from === 'primitive' && source.atMost !== undefined ? places.arguments[source.atMost] : undefined;
  const ceiling = most?.kind === 'number' ? formOf(most) : undefined;
  return ceiling === undefined ? symbol(name) : atMost(`${name}.`, ceiling);
}

/** What an argument turns out to be, as far as overloads care; `undefined` when that is not known. */
function kindOfArgument(machine: Machine, value: Value | undefined, site: Site, index: number): ArgumentKind | undefined {
  if (value === undefined) return 'absent';
  switch (value.kind) {
    case 'constant':
      return value.value === undefined ? 'absent' : 'primitive';
    case 'number':
      return 'primitive';
    case 'view':
      return value.type === 'ArrayBuffer' || value.type === 'SharedArrayBuffer' ? 'buffer' : 'view';
    case 'closure':
    case 'class':
    case 'method':
    case 'api':
      return 'function';
    case 'object':
    case 'instance':
    case 'promise':
    case 'iterator':
      return 'object';
    case 'any': {
      const kinds = new Set(value.of.map((one) => kindOfArgument(machine, one, site, index)));
      return kinds.size === 1 ? [...kinds][0] : undefined;
    }
    default: {
      const origin = site.argumentOrigins[index];
      if (origin === undefined) return undefined;
      const type = machine.unit.world.typeOf(origin);
      if (type.kind === 'primitive') return 'primitive';
      if (type.kind === 'function') return 'function';
      if (type.kind === 'array' || type.kind === 'class' || type.kind === 'promise') return 'object';
      if (type.kind !== 'instance') return undefined;
      const view = type.type.view;
      return view === undefined ? 'object' : view === 'ArrayBuffer' || view === 'SharedArrayBuffer' ? 'buffer' : 'view';
    }
  }
}

/** What a call gives when nothing says what: a value of its own, told apart by the call. */
export function unknownResult(site: Site): Value {
  return { kind: 'opaque', id: `call:${site.key}`, origin: site.at, root: { kind: 'call', call: site.at, key: site.key }, isMadeOnce: site.frame.function.kind === 'module' };
}

/** What is taken and has to be handed back: where its type says that it is bytes, memory that nobody else has meanwhile. */
export function takenValue(machine: Machine, state: State, site: Site): Value {
  const type = machine.unit.world.typeOf(site.at);
  const view = type.kind === 'instance' ? type.type.view : undefined;
  return view === undefined ? unknownResult(site) : freshView(machine, state, site, view, undefined);
}

/** What an API passes to a function of ours: memory that it makes is another at each call. */
export function givenValue(machine: Machine, state: State, source: Source, places: Places, site: Site): Value {
  if (source.from === 'lent' && source.of === undefined) return lendToCallback(machine, state, source.type, site);
  const own = source.from === 'lent' ? source.of : source;
  // Two arguments of one call are two objects.
  const type = own?.from === 'instance' ? machine.unit.world.catalog.type(own.type) : undefined;
  if (type !== undefined && type.view === undefined) return { kind: 'instance', type, id: `g:${site.key}` };
  const value = valueOf(machine, state, source, places, site);
  const info = source.from === 'fresh' && value.kind === 'view' ? machine.unit.regions.get(value.region) : undefined;
  if (info !== undefined) info.isGiven = true;
  return value;
}

/** An object of a catalogued type: new memory where the type is a byte view. */
function instanceOf(machine: Machine, state: State, type: ApiType, site: Site): Value {
  if (type.view !== undefined) return freshView(machine, state, site, type.view, undefined);
  const id = machine.identity(state, 'i', site.at, site.frame);
  if (!machine.unit.made.has(id)) machine.unit.made.set(id, { at: site.at, name: undefined });
  return { kind: 'instance', type, id };
}

/** Memory that the callee owns and reuses: each call of the same method on the same receiver takes back what the last one lent. */
function lentView(machine: Machine, state: State, places: Places, site: Site, { type, until }: Extract<Source, { from: 'lent' }>): View {
  const { unit } = machine;
  const owner = places.self === undefined ? unit.source.textOf(site.at) : `${valueKey(places.self)}.${site.name ?? ''}`;
  const region = `?lent:${owner}`;
  if (until === 'first await') unit.lendings.set(region, { until, to: undefined, at: site.at, name: '' });
  return lendFrom(machine, state, region, site, type);
}

/** An object that is the callee's for good. */
function lentObject(machine: Machine, state: State, { until }: Extract<Source, { from: 'lent' }>, of: Source, places: Places, site: Site): Value {
  const value = valueOf(machine, state, of, places, site);
  const id = movable(value);
  if (id !== undefined) machine.unit.lendings.set(id, { until, to: undefined, at: site.at, name: '' });
  state.hasMemory = true;
  return value;
}

/** Memory that an API lends to a function of ours: each call has its own. */
function lendToCallback({ unit }: Machine, state: State, type: ViewType | undefined, site: Site): View {
  const region = `?given:${site.key}`;
  state.hasMemory = true;
  if (!unit.regions.has(region)) unit.regions.set(region, { at: site.at, name: undefined, isLent: true });
  return { kind: 'view', region, type, low: zero, high: undefined };
}

/** A view of memory that some owner lends until it is asked again. */
export function lendFrom(machine: Machine, state: State, region: RegionId, site: Site, type: ViewType | undefined): View {
  const { unit } = machine;
  state.hasMemory = true;
  const certainty = isOfOlder(region) ? 'potential' : 'certain';
  invalidate(unit, state, region, whole, { how: 'next call', at: site.at, by: `the next \`${calleeText(unit, site)}\``, certainty });
  if (!unit.regions.has(region)) unit.regions.set(region, { at: site.at, name: undefined, isLent: true });
  return { kind: 'view', region, type, low: zero, high: undefined };
}

/** Applies a function to each view among the alternatives; `undefined` when there is none. */
function mapViews(value: Value, apply: (view: View) => Value): Value | undefined {
  const mapped = alternatives(value).map((one) => (one.kind === 'view' ? apply(one) : undefined));
  const found = mapped.filter((one) => one !== undefined);
  return found.length === 0 ? undefined : anyOf(found);
}

function sizeOf(value: Value): Linear | undefined {
  return value.kind === 'number' || value.kind === 'opaque' ? formOf(value) : undefined;
}
