import type { Instruction, Origin, Variable } from '../ir/index.js';
import { noteUse } from './activity.js';
import { arithmetic, binary, unary } from './arithmetic.js';
import type { Frame } from './frame.js';
import { release } from './handing.js';
import { overwrite } from './effects.js';
import { settleAs } from './fates.js';
import { importedValue } from './imports.js';
import { suspendAll } from './lending.js';
import { add, constant } from './linear.js';
import { arrayLiteral, keyName, objectLiteral, restOf } from './literals.js';
import { returned, siteFor, type Machine, type Outcome, type Site } from './machine.js';
import { findMember } from './prototypes.js';
import { assignedText } from './reports.js';
import { scheduleAll } from './schedule.js';
import { elementOf, elementSize } from './sources.js';
import { formOf, type State } from './state.js';
import type { Unit } from './unit.js';
import { settle } from './tasks.js';
import { useElement, useMember, useValue } from './uses.js';
import { alternatives, awaited, nullValue, number, primitive, undefinedValue, type Value } from './value.js';

/**
 * Executes one instruction.
 *
 * @returns the ways a call ends, whose values the caller binds; `undefined` when `state` was changed in place and that is all
 */
export function execute(machine: Machine, state: State, instruction: Instruction, frame: Frame): Outcome | undefined {
  const { unit } = machine;
  const site = (at: Origin): Site => siteFor(at, frame);
  const bind = (target: Variable, value: Value): undefined => {
    state.setVariable(target, value);
    if (value.kind === 'view') unit.nameRegion(value.region, target.name);
    if (value.kind === 'instance' && target.name !== '') nameInstance(unit, value.id, target.name);
    return undefined;
  };
  switch (instruction.op) {
    case 'literal':
      return void bind(instruction.target, literal(instruction.value));
    case 'copy':
      return void bind(instruction.target, declared(machine.read(state, instruction.source), instruction.target, unit));
    case 'global': {
      const api = unit.world.resolveGlobal(instruction.name, instruction.origin);
      if (api?.value?.from === 'instance') {
        const type = unit.world.catalog.type(api.value.type);
        if (type !== undefined) return void bind(instruction.target, { kind: 'instance', type, id: api.path });
      }
      return void bind(instruction.target, api === undefined ? { kind: 'opaque', id: `global:${instruction.name}`, origin: instruction.origin, root: { kind: 'elsewhere' } } : { kind: 'api', api });
    }
    case 'import':
      return void bind(instruction.target, importedValue(machine, instruction.specifier, instruction.imported, instruction.origin));
    case 'export':
      if (instruction.source !== undefined) scheduleAll(machine, state, machine.read(state, instruction.source));
      return undefined;
    case 'dispose':
      release(machine, state, machine.read(state, instruction.value), { at: instruction.origin, by: 'the end of its scope', certainty: 'certain', isOnce: false }, frame);
      return undefined;
    case 'delete':
    case 'close-iterator':
      return undefined;
    case 'declare':
      state.setVariable(instruction.variable, undefinedValue);
      return undefined;
    case 'caught':
      return void bind(instruction.target, { kind: 'opaque', id: `caught:${instruction.origin.start}`, origin: instruction.target.origin, root: { kind: 'elsewhere' } });
    case 'load': {
      useMember(machine, state, machine.read(state, instruction.object), keyName(machine, state, instruction.key), instruction.origin, frame, false);
      const value = machine.load(state, machine.read(state, instruction.object), keyName(machine, state, instruction.key), instruction.origin);
      return isGetter(value) ? machine.call(state, { ...value }, undefined, [], site(instruction.origin)) : void bind(instruction.target, value);
    }
    case 'store':
      return storeInto(machine, state, instruction, site(instruction.origin));
    case 'load-super':
    case 'store-super':
      return 'target' in instruction ? void bind(instruction.target, superMember(machine, state, frame, keyName(machine, state, instruction.key), instruction.origin)) : undefined;
    case 'object':
      return void bind(instruction.target, objectLiteral(machine, state, instruction, site(instruction.origin)));
    case 'array':
      return void bind(instruction.target, arrayLiteral(machine, state, instruction, site(instruction.origin)));
    case 'rest':
      return void bind(instruction.target, restOf(machine, state, instruction, site(instruction.origin)));
    case 'function':
      return void bind(instruction.target, { kind: 'closure', function: instruction.function, self: undefined });
    case 'class': {
      if (instruction.superClass !== undefined) unit.superOf.set(instruction.class, machine.read(state, instruction.superClass));
      bind(instruction.target, { kind: 'class', class: instruction.class });
      const { statics } = instruction.class;
      if (statics?.body === undefined) return undefined;
      const self: Value = { kind: 'class', class: instruction.class };
      const outcome = machine.call(state, { kind: 'closure', function: statics, self }, self, [], site(statics.origin));
      return { returns: outcome.returns.map((completion) => ({ state: completion.state, value: self })), throws: outcome.throws };
    }
    case 'call':
      return call(machine, state, instruction, frame);
    case 'binary':
      return void bind(instruction.target, binary(state, machine, instruction, site(instruction.origin)));
    case 'unary':
      return void bind(instruction.target, unary(machine.read(state, instruction.operand), instruction.operator));
    case 'opaque':
      for (const operand of instruction.operands) noteUse(state, machine.read(state, operand));
      return void bind(instruction.target, primitive);
    case 'await': {
      const value = machine.read(state, instruction.value);
      suspendAll(unit, state, frame, instruction.origin);
      if (unit.journal === undefined) settle(state, value);
      else unit.journal.noteEnds(state, instruction.origin, () => { settle(state, value); });
      settleAs(unit, state, value, true);
      return void bind(instruction.target, awaited(value));
    }
    case 'iterate': {
      useValue(machine, state, machine.read(state, instruction.iterable), instruction.origin, frame, 'read');
      unit.iterables.set(instruction.target, instruction.origin);
      const iterable = machine.read(state, instruction.iterable);
      if (iterable.kind === 'view') noteUse(state, iterable);
      return void bind(instruction.target, iterable);
    }
  }
}

function nameInstance(unit: Unit, id: string, name: string): void {
  const made = unit.made.get(id);
  if (made !== undefined) made.name ??= name;
}

/** `const memory = exports.memory as WebAssembly.Memory`: what a constant is declared to be says more than what it was made of. */
function declared(value: Value, target: Variable, unit: Unit): Value {
  return unit.tracksMoves && value.kind === 'opaque' && target.storage === 'local' && target.isConstant ? { ...value, origin: target.origin } : value;
}

function literal(value: string | number | bigint | boolean | null | undefined): Value {
  if (value === null) return nullValue;
  if (value === undefined) return undefinedValue;
  if (typeof value === 'number') return number(constant(value));
  return typeof value === 'bigint' ? primitive : { kind: 'constant', value };
}

function isGetter(value: Value): value is Extract<Value, { kind: 'closure' }> {
  return value.kind === 'closure' && value.function.kind === 'getter';
}

function storeInto(machine: Machine, state: State, instruction: Extract<Instruction, { op: 'store' }>, site: Site): Outcome | undefined {
  const object = machine.read(state, instruction.object);
  const value = machine.read(state, instruction.value);
  const name = keyName(machine, state, instruction.key);
  // An element of a view: its bytes change.
  const isElement = instruction.key.kind === 'computed' || /^\d+$/.test(instruction.key.name);
  if (isElement) {
    useElement(machine, state, object, instruction.origin, site.frame);
    const index = instruction.key.kind === 'computed' ? formOf(machine.read(state, instruction.key.value)) : constant(Number(instruction.key.name));
    overwrite(machine.unit, state, object, instruction.origin, `\`${assignedText(machine.unit, instruction.origin)} = …\``, (view) => {
      const size = elementSize(view.type);
      if (index === undefined || view.low === undefined || size === undefined) return { low: undefined, high: undefined };
      const low = add(view.low, index, size);
      return { low, high: add(low, constant(size)) };
    });
    if (alternatives(object).every((one) => one.kind === 'view')) return undefined;
  }
  const setter = setterOf(state, object, name);
  if (setter !== undefined) return machine.call(state, setter, object, [value], { ...site, isResultUsed: false });
  if (name === 'length') for (const one of alternatives(object)) if (one.kind === 'object') emptyArray(state, one.id);
  machine.store(state, object, name, value, instruction.origin, site.frame);
  return undefined;
}

function emptyArray(state: State, id: string): void {
  const object = state.object(id);
  if (object?.shape !== 'array') return;
  state.setObject(id, { ...object, fields: new Map(), elements: undefined });
  for (const [key, loan] of [...state.loans]) if (loan.escape.holder === id) state.replaceLoan(key, undefined);
}

function setterOf(state: State, object: Value, name: string | undefined): Value | undefined {
  const prototype = object.kind === 'object' ? state.object(object.id)?.prototype : undefined;
  if (prototype?.kind !== 'class' || name === undefined) return undefined;
  const member = prototype.class.members.find((one) => !one.isStatic && one.function.kind === 'setter' && one.key.kind === 'name' && one.key.name === name);
  return member === undefined ? undefined : { kind: 'closure', function: member.function, self: object };
}

function superMember(machine: Machine, state: State, frame: Frame, name: string | undefined, at: Origin): Value {
  const self = thisOf(machine, state, frame);
  const base = frame.function.ownerClass === undefined ? undefined : machine.unit.superOf.get(frame.function.ownerClass);
  if (base?.kind === 'class' && name !== undefined) {
    const member = findMember(base.class, name, false);
    if (member !== undefined) return { kind: 'closure', function: member.function, self };
  }
  if (base?.kind === 'api' && name !== undefined) {
    const contract = base.api.instance?.method(name);
    if (contract !== undefined) return { kind: 'method', contract, receiver: self ?? undefinedValue, name };
  }
  return { kind: 'opaque', id: `super.${name ?? '*'}`, origin: at, root: { kind: 'elsewhere' } };
}

/** The `this` of an activation; an arrow's is its surrounding function's. */
function thisOf(machine: Machine, state: State, frame: Frame): Value | undefined {
  for (let fn: Frame['function'] | undefined = frame.function; fn !== undefined; fn = fn.parent) {
    if (fn.thisVariable !== undefined) return machine.read(state, fn.thisVariable);
  }
  return undefined;
}

function call(machine: Machine, state: State, instruction: Extract<Instruction, { op: 'call' }>, frame: Frame): Outcome {
  const { callee } = instruction;
  const args: Value[] = [];
  const argumentOrigins: (Origin | undefined)[] = [];
  for (const argument of instruction.arguments) {
    const value = machine.read(state, argument.value);
    if (!argument.isSpread) {
      args.push(value);
      argumentOrigins.push(argument.origin);
      continue;
    }
    const object = value.kind === 'object' ? state.object(value.id) : undefined;
    if (object !== undefined && object.elements === undefined) {
      for (const field of object.fields.values()) {
        args.push(field);
        argumentOrigins.push(undefined);
      }
    } else {
      const element = elementOf(state, value);
      if (element !== undefined) {
        args.push(element);
        argumentOrigins.push(undefined);
      }
    }
  }
  const site: Site = {
    at: instruction.origin,
    key: `${instruction.origin.start}-${instruction.origin.end}${frame.context}`,
    argumentOrigins,
    receiverOrigin: callee.kind === 'method' ? callee.objectOrigin : undefined,
    name: callee.kind === 'method' ? keyName(machine, state, callee.key) : undefined,
    isResultUsed: instruction.isResultUsed,
    isAwaited: instruction.isAwaited,
    frame,
  };
  switch (callee.kind) {
    case 'value':
      return machine.call(state, machine.read(state, callee.value), undefined, args, site);
    case 'construct':
      return machine.construct(state, machine.read(state, callee.value), args, site);
    case 'import':
      return returned(state, { kind: 'opaque', id: `import:${site.key}`, origin: site.at, root: { kind: 'elsewhere' } });
    case 'super-construct': {
      const owner = owningClass(frame);
      const self = thisOf(machine, state, frame);
      return owner === undefined || self === undefined ? returned(state, undefinedValue) : machine.constructBase(state, owner, self, args, site);
    }
    case 'super-method': {
      const member = superMember(machine, state, frame, keyName(machine, state, callee.key), site.at);
      return machine.call(state, member, thisOf(machine, state, frame), args, site);
    }
    case 'method': {
      const self = machine.read(state, callee.object);
      if (site.name === 'call' || site.name === 'apply') {
        const direct = callThrough(machine, state, self, site.name, args, site);
        if (direct !== undefined) return direct;
      }
      const computed = arithmetic(self, site.name, args, site);
      if (computed !== undefined) return returned(state, computed);
      useMember(machine, state, self, site.name, instruction.origin, frame, true);
      const member = machine.load(state, self, site.name, callee.objectOrigin);
      return machine.call(state, member, self, args, site);
    }
  }
}

/** `f.call(self, …)` and `f.apply(self, list)`. */
function callThrough(machine: Machine, state: State, fn: Value, name: string, args: readonly Value[], site: Site): Outcome | undefined {
  if (fn.kind !== 'closure' && fn.kind !== 'method' && fn.kind !== 'api') return undefined;
  const self = args[0];
  const shifted: Site = { ...site, name: undefined, argumentOrigins: site.argumentOrigins.slice(1), receiverOrigin: site.argumentOrigins[0] };
  if (name === 'call') return machine.call(state, fn.kind === 'method' && self !== undefined ? { ...fn, receiver: self } : fn, self, args.slice(1), shifted);
  const list = args[1];
  const object = list?.kind === 'object' ? state.object(list.id) : undefined;
  const spread = object === undefined ? [] : [...object.fields.values()];
  return machine.call(state, fn.kind === 'method' && self !== undefined ? { ...fn, receiver: self } : fn, self, spread, { ...shifted, argumentOrigins: [] });
}

function owningClass(frame: Frame): Frame['function']['ownerClass'] {
  for (let fn: Frame['function'] | undefined = frame.function; fn !== undefined; fn = fn.parent) if (fn.ownerClass !== undefined) return fn.ownerClass;
  return undefined;
}
