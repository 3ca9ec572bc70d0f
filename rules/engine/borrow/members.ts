import type { ApiType } from '../contracts/api.js';
import type { Origin } from '../ir/index.js';
import { add, constant, symbol, zero } from './linear.js';
import { noteUse } from './activity.js';
import { handOn } from './handing.js';
import { issueLoans } from './effects.js';
import { lentProperty } from './lending.js';
import { viewsIn } from './views.js';
import type { Machine } from './machine.js';
import { moveOf } from './moves.js';
import { isPutInPlace } from './put-in-place.js';
import { assignedText } from './reports.js';
import { scheduleAll } from './schedule.js';
import { apiMember, findMember, lookUpPrototype, sourceInstance } from './prototypes.js';
import { elementOf, elementSize, foreignBytes } from './sources.js';
import { classObject, closureObject, type HeapObject, type State } from './state.js';
import type { Frame } from './frame.js';
import {
  alternatives, anyOf, foreignRegion, isWeak, number, primitive, undefinedValue, valueKey,
  type ObjectId, type Opaque, type RegionId, type Value,
} from './value.js';

/** How far paths into unknown values are named: `options.pool.buffer`. */
const pathDepth = 3;

/** Reads a member. `name` undefined: a computed one. */
export function loadMember(machine: Machine, state: State, object: Value, name: string | undefined, at: Origin): Value {
  switch (object.kind) {
    case 'object':
      return loadField(machine, state, object.id, name, at);
    case 'view':
      if (name === undefined || /^\d+$/.test(name)) noteUse(state, object);
      return (name === undefined ? undefined : goneMember(state, object.region, name)) ?? loadViewMember(machine, state, object, name);
    case 'closure': {
      const id = closureObject(object);
      if (name === 'prototype' && state.object(id)?.fields.get(name) === undefined) return makePrototype(state, id);
      const method = functionMethods(object, name);
      if (method !== undefined) return method;
      return state.object(id) === undefined ? child(object, name, at) : loadField(machine, state, id, name, at);
    }
    case 'class': {
      const member = name === undefined ? undefined : findMember(object.class, name, true);
      if (member?.function.kind === 'method') return { kind: 'closure', function: member.function, self: object };
      return loadField(machine, state, classObject(object.class), name, at);
    }
    case 'api': {
      const member = name === undefined ? undefined : object.api.member(name);
      // `Uint8Array.prototype.slice.call(view)`
      if (member === undefined && name === 'prototype' && object.api.instance !== undefined) return { kind: 'instance', type: object.api.instance, id: 'prototype' };
      // The class that a class's methods make instances with is, for all that the language and Node bring along, one that makes the same.
      if (member === undefined && name === '[Symbol.species]' && object.api.construct !== undefined) return object;
      if (member === undefined) return child(object, name, at);
      return member.value === undefined ? { kind: 'api', api: member } : sourceInstance(machine, member.value.from === 'instance' ? member.value.type : undefined, member.path) ?? { kind: 'api', api: member };
    }
    case 'instance':
      return (name === undefined ? undefined : apiMember(machine, state, exactType(machine, object.type, at), object, name)) ?? child(object, name, at);
    case 'promise':
    case 'iterator': {
      const type = machine.unit.world.catalog.type(object.kind === 'promise' ? 'global#Promise' : 'global#Iterator');
      return (type === undefined || name === undefined ? undefined : apiMember(machine, state, type, object, name)) ?? child(object, name, at);
    }
    case 'any':
      return anyOf(object.of.map((one) => loadMember(machine, state, one, name, at)));
    case 'opaque':
      return (name === undefined ? undefined : goneMember(state, foreignRegion(object.id), name)) ?? (name === 'buffer' ? bufferOf(machine, state, object) : undefined) ?? (name === undefined ? undefined : lentProperty(machine.unit, state, object, name, at)) ?? child(object, name, at);
    default:
      return child(object, name, at);
  }
}

function loadField(machine: Machine, state: State, id: ObjectId, name: string | undefined, at: Origin): Value {
  const object = state.object(id);
  if (object === undefined) return { kind: 'opaque', id: `${id}.${name ?? '*'}`, origin: at, root: { kind: 'elsewhere' } };
  if (name === undefined) {
    const element = elementOf(state, { kind: 'object', id });
    const unknown: Value = { kind: 'opaque', id: `${id}.*`, origin: at, root: { kind: 'elsewhere' } };
    if (object.shape === 'array') return element ?? unknown;
    // Any public member, or none of those known; private names are out of reach.
    const members = [...object.fields].filter(([field, value]) => !isWeak(value) && !field.startsWith('#') && !field.startsWith('@')).map(([, value]) => value);
    if (element !== undefined) members.push(element);
    return members.length === 0 ? unknown : object.prototype === undefined ? anyOf(members) : anyOf([...members, unknown]);
  }
  const field = object.fields.get(name);
  if (field !== undefined) return field;
  const inherited = lookUpPrototype(machine, state, object.prototype, { kind: 'object', id }, name);
  if (inherited !== undefined) return inherited;
  if (object.shape !== 'object') {
    const type = machine.unit.world.catalog.type(object.shape === 'array' ? 'global#Array' : 'global#Map');
    const method = type === undefined ? undefined : apiMember(machine, state, type, { kind: 'object', id }, name);
    if (method !== undefined) return method;
    if (/^\d+$/.test(name) && object.elements !== undefined) return object.elements;
    if (name === 'length') return number(symbol(`len:${id}`));
  }
  if (object.isClosed) return undefinedValue;
  return { kind: 'opaque', id: `${id}.${name}`, origin: at, root: { kind: object.prototype?.kind === 'class' ? 'field' : 'elsewhere' } };
}

function loadViewMember(machine: Machine, state: State, view: Extract<Value, { kind: 'view' }>, name: string | undefined): Value {
  if (name === undefined || /^\d+$/.test(name)) return primitive;
  if (name === 'length' || name === 'byteLength') {
    if (name === 'length' && elementSize(view.type) !== 1) return number(symbol(`${name}:${view.region}`));
    if (view.high !== undefined && view.low !== undefined) return number(add(view.high, view.low, -1));
    return number(symbol(`len:${view.region}`));
  }
  if (name === 'byteOffset') return view.low !== undefined ? number(view.low) : primitive;
  if (name === 'buffer' || name === 'parent') return { ...view, type: 'ArrayBuffer', low: zero, high: symbol(`len:${view.region}`) };
  const type = view.type === undefined ? undefined : machine.unit.world.catalog.viewType(view.type);
  return (type === undefined ? undefined : apiMember(machine, state, type, view, name)) ?? primitive;
}

/** Which controller a stream has depends on its source; the static type of the expression says so. */
function exactType(machine: Machine, type: ApiType, at: Origin): ApiType {
  if (type.path !== 'global#ReadableStreamController') return type;
  const described = machine.unit.world.typeOf(at);
  return described.kind === 'instance' && described.type.base?.path === type.path ? described.type : type;
}

/** What is left of a view that is gone; where that is only likely, what follows from its being there is of no interest. */
function goneMember(state: State, region: RegionId, name: string): Value | undefined {
  const move = state.moves.size === 0 ? undefined : moveOf(state, region);
  if (move === undefined || move.limit !== undefined || move.how === 'release') return undefined;
  if (name === 'detached') return { kind: 'constant', value: true };
  return name === 'length' || name === 'byteLength' ? number(constant(0)) : undefined;
}

/** `call`, `apply` and `bind` of a function in sight. */
function functionMethods(closure: Extract<Value, { kind: 'closure' }>, name: string | undefined): Value | undefined {
  if (name !== 'bind') return undefined;
  return { kind: 'method', contract: { origin: 'catalog', isCertain: true, result: { from: 'place', of: 'this' } }, receiver: closure, name };
}

/** The object behind `F.prototype` for a function used as a constructor. */
function makePrototype(state: State, functionId: ObjectId): Value {
  const id = `${functionId}.prototype`;
  const empty: HeapObject = { fields: new Map(), elements: undefined, shape: 'object', prototype: undefined, isClosed: false };
  if (state.object(id) === undefined) state.setObject(id, empty);
  const holder = state.object(functionId) ?? empty;
  state.setObject(functionId, { ...holder, fields: new Map(holder.fields).set('prototype', { kind: 'object', id }) });
  return { kind: 'object', id };
}

/** The buffer of a view that came from elsewhere; the bytes of a WebAssembly memory, which any function of its instance may write. */
function bufferOf(machine: Machine, state: State, memory: Opaque): Value | undefined {
  const type = machine.unit.world.typeOf(memory.origin);
  if (type.kind !== 'instance') return undefined;
  if (type.type.view !== undefined && machine.unit.tracksMoves) return foreignBytes(machine, state, memory, 'ArrayBuffer');
  if (type.type.property('buffer')?.from !== 'lent') return undefined;
  const region = `?wasm:${memory.id}`;
  if (!machine.unit.regions.has(region)) machine.unit.regions.set(region, { at: memory.origin, name: `${machine.unit.source.textOf(memory.origin)}.buffer`, isLent: true });
  state.hasMemory = true;
  return { kind: 'view', region, type: 'ArrayBuffer', low: zero, high: undefined };
}

/** Something inside an unknown value: named by its path, so that two reads are the same value. */
function child(parent: Value, name: string | undefined, at: Origin): Value {
  const parentId = parent.kind === 'opaque' ? parent.id : valueKey(parent);
  const depth = parentId.split('.').length;
  const id = name === undefined || depth > pathDepth ? `at:${at.start}:${at.end}` : `${parentId}.${name}`;
  return { kind: 'opaque', id, origin: at, root: childRoot(parent, name) };
}

function childRoot(parent: Value, name: string | undefined): Opaque['root'] {
  if (parent.kind !== 'opaque') return { kind: 'elsewhere' };
  if (parent.root.kind === 'parameter') return { ...parent.root, path: `${parent.root.path}.${name ?? '*'}` };
  return parent.root;
}

/** Writes a member. */
export function storeMember(machine: Machine, state: State, object: Value, name: string | undefined, value: Value, at: Origin, frame: Frame): void {
  handOn(state, value);
  for (const target of alternatives(object)) {
    switch (target.kind) {
      case 'object':
        storeField(machine, state, target.id, name, value);
        break;
      case 'closure':
        storeOn(state, closureObject(target), name, value);
        break;
      case 'class':
        storeOn(state, classObject(target.class), name, value);
        if (value.kind === 'view') machine.unit.nameRegion(value.region, `${target.class.name}.${name ?? ''}`);
        break;
      case 'opaque':
      case 'instance':
        // A property of an object that belongs to somebody else: a request, a message, an error.
        if (viewsIn(state, value).length > 0 && !isThisLike(target)) {
          const isGiven = target.kind === 'opaque' && (target.root.kind === 'parameter' || target.root.kind === 'item');
          const certainty = isGiven && !isPutInPlace(machine.unit, value, at, frame.function) ? 'certain' : 'potential';
          issueLoans(machine.unit, state, value, { how: 'store', at, view: undefined, via: assignedText(machine.unit, at), certainty, holder: undefined }, frame);
        }
        if (isExports(target)) scheduleAll(machine, state, value);
        else if (value.kind === 'closure') state.schedule({ closure: value, times: 'many', arguments: [], isPublic: false, refills: [] });
        break;
      default:
    }
  }
}

/** CommonJS: `module.exports = …`, `exports.x = …`. */
function isExports(value: Value): boolean {
  return value.kind === 'opaque' && /^global:(?:module|exports)(?:\.|$)/.test(value.id);
}

function isThisLike(value: Value): boolean {
  return value.kind === 'opaque' && value.id.startsWith('this:');
}

function storeOn(state: State, id: ObjectId, name: string | undefined, value: Value): void {
  if (state.object(id) === undefined) state.setObject(id, { fields: new Map(), elements: undefined, shape: 'object', prototype: undefined, isClosed: false });
  if (name === undefined) state.addElement(id, value);
  else state.setField(id, name, value);
}

function storeField(machine: Machine, state: State, id: ObjectId, name: string | undefined, value: Value): void {
  const object = state.object(id);
  if (object === undefined) return;
  if (name === undefined) {
    if (!isWeak(value)) state.addElement(id, value);
    return;
  }
  if (id.endsWith('~')) {
    // One of several objects: what the others hold stays possible.
    const old = object.fields.get(name);
    state.setField(id, name, old === undefined || isWeak(old) ? value : anyOf([old, value]));
  } else state.setField(id, name, value);
  if (value.kind === 'view') machine.unit.nameRegion(value.region, object.prototype?.kind === 'class' || id === 'this' ? `this.${name}` : name);
}
