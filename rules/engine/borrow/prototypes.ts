import type { ApiType } from '../contracts/api.js';
import type { ClassIr, ClassMember } from '../ir/index.js';
import { zero } from './linear.js';
import type { Machine } from './machine.js';
import { closureObject, type HeapObject, type Prototype, type State } from './state.js';
import { alternatives, primitive, valueKey, type Value } from './value.js';

/** Looks a member up through a prototype chain. Getters are returned as closures bound to the receiver; the caller runs them. */
export function lookUpPrototype(machine: Machine, state: State, prototype: Prototype | undefined, self: Value, name: string): Value | undefined {
  const seen = new Set<string>();
  for (let at = prototype; at !== undefined; ) {
    if (at.kind === 'api') return apiMember(machine, state, at.type, self, name);
    if (at.kind === 'object') {
      if (seen.has(at.id)) return undefined;
      seen.add(at.id);
      const object: HeapObject | undefined = state.object(at.id);
      const field = object?.fields.get(name);
      if (field !== undefined) return field.kind === 'closure' ? { ...field, self } : field;
      at = object?.prototype;
      continue;
    }
    const member = findMember(at.class, name, false);
    if (member !== undefined) return { kind: 'closure', function: member.function, self };
    at = basePrototype(machine, at.class);
  }
  return undefined;
}

/** The prototype that a class's instances inherit from. */
export function basePrototype(machine: Machine, class_: ClassIr): Prototype | undefined {
  const base = machine.unit.superOf.get(class_);
  if (base === undefined) return undefined;
  for (const value of alternatives(base)) {
    const one = machine.resolve(value);
    if (one.kind === 'class') return { kind: 'class', class: one.class };
    if (one.kind === 'api' && one.api.instance !== undefined) return { kind: 'api', type: one.api.instance };
    if (one.kind === 'closure') return { kind: 'object', id: `${closureObject(one)}.prototype` };
  }
  return undefined;
}

/** A class's own method or getter; what its bases have is not looked for. */
export function findMember(class_: ClassIr, name: string, isStatic: boolean): ClassMember | undefined {
  return class_.members.find((member) => member.isStatic === isStatic && member.function.kind !== 'setter' && member.key.kind === 'name' && member.key.name === name);
}

/** A catalogued member of an instance: a method bound to it, or a property's value. */
export function apiMember(machine: Machine, state: State, type: ApiType, self: Value, name: string): Value | undefined {
  const contract = type.method(name);
  if (contract !== undefined) return { kind: 'method', contract, receiver: self, name };
  const property = type.property(name);
  if (property === undefined) return undefined;
  switch (property.from) {
    case 'primitive':
      return primitive;
    case 'place':
      return self;
    case 'instance':
      return sourceInstance(machine, property.type, `${valueKey(self)}.${name}`);
    case 'lent': {
      const region = `?${valueKey(self)}.${name}`;
      machine.unit.hasLender = true;
      state.hasMemory = true;
      return { kind: 'view', region, type: property.type, low: zero, high: undefined };
    }
    case 'element':
      return undefined;
    default:
      return undefined;
  }
}

/** An object of a catalogued type, by the type's path; undefined for a path that the catalog does not have. */
export function sourceInstance(machine: Machine, path: string | undefined, id: string): Value | undefined {
  const type = path === undefined ? undefined : machine.unit.world.catalog.type(path);
  return type === undefined ? undefined : { kind: 'instance', type, id };
}
