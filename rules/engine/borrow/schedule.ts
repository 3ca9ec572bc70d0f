import type { ApiType } from '../contracts/api.js';
import type { ClassIr, FunctionIr, Variable } from '../ir/index.js';
import { noteLent } from './lending.js';
import type { Machine, Site } from './machine.js';
import { basePrototype } from './prototypes.js';
import { givenValue } from './sources.js';
import type { Prototype, State } from './state.js';
import type { Value } from './value.js';

/** How deep functions may be hidden in what leaves the unit. */
const hidingDepth = 3;

/** Functions in a value that leaves the unit may be called from outside from now on. */
export function scheduleAll(machine: Machine, state: State, value: Value, depth = hidingDepth): void {
  switch (value.kind) {
    case 'closure':
      state.schedule({ closure: value, times: 'many', arguments: [], isPublic: true, refills: [] });
      break;
    case 'class':
      for (const member of value.class.members) {
        if (member.isStatic && member.access !== 'private') state.schedule({ closure: { kind: 'closure', function: member.function, self: value }, times: 'many', arguments: [], isPublic: true, refills: [] });
      }
      if (usesModuleState(state, value.class)) scheduleInstance(machine, state, value.class);
      break;
    case 'promise':
      scheduleAll(machine, state, value.of, depth);
      break;
    case 'any':
      for (const one of value.of) scheduleAll(machine, state, one, depth);
      break;
    case 'object': {
      const object = state.object(value.id);
      if (object === undefined || depth === 0) break;
      machine.unit.keptObjects.add(value.id);
      if (object.prototype !== undefined) {
        scheduleMembers(machine, state, object.prototype, value);
        // What an instance keeps in fields stays its own; only functions put there are members, too.
        for (const field of object.fields.values()) if (field.kind === 'closure') scheduleAll(machine, state, field.self === undefined ? { ...field, self: value } : field, depth - 1);
        break;
      }
      for (const field of object.fields.values()) scheduleAll(machine, state, field.kind === 'closure' && field.self === undefined ? { ...field, self: value } : field, depth - 1);
      if (object.elements !== undefined) scheduleAll(machine, state, object.elements, depth - 1);
      break;
    }
    default:
  }
}

/** Some member works on a module variable that changes or holds an object: it takes part in what the module's functions share. */
function usesModuleState(state: State, class_: ClassIr): boolean {
  const isShared = (variable: Variable): boolean => {
    if (variable.owner !== class_.module.top) return false;
    const kind = state.variable(variable)?.kind;
    return kind === 'view' || kind === 'object' || kind === 'any' || (kind === 'constant' && !variable.isConstant);
  };
  const sharesState = ({ outline }: FunctionIr): boolean => [...outline.captures].some(isShared) || outline.nested.some(sharesState);
  return class_.members.some((member) => sharesState(member.function));
}

/** An instance made outside, which takes part in what the module's functions share. */
function scheduleInstance(machine: Machine, state: State, class_: ClassIr): void {
  const id = `n:${class_.module.file}:${class_.id}`;
  const prototype: Prototype = { kind: 'class', class: class_ };
  machine.unit.keptObjects.add(id);
  machine.unit.instances.set(id, class_);
  if (state.object(id) === undefined) state.setObject(id, { fields: new Map(), elements: undefined, shape: 'object', prototype, isClosed: false });
  scheduleMembers(machine, state, prototype, { kind: 'object', id });
}

/** The members of an instance that code outside can call, its bases' included. */
export function scheduleMembers(machine: Machine, state: State, prototype: Prototype, self: Value): void {
  const seen = new Set<string>();
  const base = apiBase(machine, state, prototype);
  for (let at: Prototype | undefined = prototype; at !== undefined && at.kind !== 'api'; at = parentOf(machine, state, at)) {
    if (at.kind === 'object') {
      for (const [name, value] of state.object(at.id)?.fields ?? []) {
        if (seen.has(name) || value.kind !== 'closure' || name === 'constructor') continue;
        seen.add(name);
        scheduleMember(machine, state, { ...value, self }, name, base, true);
      }
      continue;
    }
    for (const member of at.class.members) {
      if (member.isStatic || member.access === 'private') continue;
      const name = member.key.kind === 'name' ? member.key.name : undefined;
      const key = `${member.function.kind}:${name ?? member.function.id}`;
      if (seen.has(key)) continue;
      seen.add(key);
      scheduleMember(machine, state, { kind: 'closure', function: member.function, self }, name, base, member.access === 'public');
    }
  }
}

function scheduleMember(machine: Machine, state: State, closure: Extract<Value, { kind: 'closure' }>, name: string | undefined, base: ApiType | undefined, isPublic: boolean): void {
  const implemented = name === undefined ? undefined : base?.implemented(name);
  const site = memberSite(closure);
  state.schedule({
    closure,
    times: 'many',
    arguments: implemented?.arguments.map((source, index) => {
      const value = givenValue(machine, state, source, { self: closure.self, arguments: [] }, { ...site, key: `${site.key}#${index}` });
      noteLent(machine.unit, source, value, closure.function, index);
      return value;
    }) ?? [],
    // What the API asks for is not handed to anyone by returning it.
    isLast: implemented?.isLast,
    isPublic: isPublic && implemented === undefined,
    refills: [],
  });
}

function memberSite(closure: Extract<Value, { kind: 'closure' }>): Site {
  const fn = closure.function;
  return {
    at: fn.origin,
    key: `member:${fn.id}`,
    argumentOrigins: [],
    receiverOrigin: undefined,
    name: fn.name,
    isResultUsed: true,
    isAwaited: false,
    frame: { function: fn, caller: undefined, depth: 0, context: '', isRoot: true, isPublic: true, isInternal: false },
  };
}

function parentOf(machine: Machine, state: State, prototype: Prototype): Prototype | undefined {
  if (prototype.kind === 'class') return basePrototype(machine, prototype.class);
  return prototype.kind === 'object' ? state.object(prototype.id)?.prototype : undefined;
}

function apiBase(machine: Machine, state: State, prototype: Prototype): ApiType | undefined {
  let at: Prototype | undefined = prototype;
  for (let depth = 0; at !== undefined && depth < 10; depth++) {
    if (at.kind === 'api') return at.type;
    at = parentOf(machine, state, at);
  }
  return undefined;
}

