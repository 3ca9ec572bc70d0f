import type { Instruction, Key } from '../ir/index.js';
import { handOn } from './handing.js';
import { isConstant } from './linear.js';
import type { Machine, Site } from './machine.js';
import { elementOf, freshObject } from './sources.js';
import type { HeapObject, State } from './state.js';
import { anyOf, isWeak, type Value } from './value.js';

/** Elements of an array literal whose numbers are kept. */
const tableSize = 16;

/** The name a key stands for; a computed key is known where its value is. */
export function keyName(machine: Machine, state: State, key: Key): string | undefined {
  if (key.kind === 'name') return key.name;
  const value = machine.read(state, key.value);
  if (value.kind === 'constant' && typeof value.value === 'string') return value.value;
  if (value.kind === 'api') return `[${value.api.path.replace(/^global#/, '')}]`;
  return value.kind === 'number' && isConstant(value.form) && Number.isInteger(value.form.constant) ? String(value.form.constant) : undefined;
}

/** `{ a, [b]: c, ...d }` */
export function objectLiteral(machine: Machine, state: State, instruction: Extract<Instruction, { op: 'object' }>, site: Site): Value {
  const fields = new Map<string, Value>();
  let elements: Value | undefined;
  let isClosed = true;
  for (const property of instruction.properties) {
    if (property.kind === 'spread') {
      const source = machine.read(state, property.value);
      const object = source.kind === 'object' ? state.object(source.id) : undefined;
      if (object === undefined) isClosed = false;
      for (const [name, value] of object?.fields ?? []) fields.set(name, value);
      continue;
    }
    const name = keyName(machine, state, property.key);
    if (property.kind === 'setter') continue;
    const value: Value = property.kind === 'value' ? machine.read(state, property.value) : { kind: 'closure', function: property.function, self: undefined };
    handOn(state, value);
    if (name !== undefined) fields.set(name, value);
    else if (!isWeak(value)) elements = elements === undefined ? value : anyOf([elements, value]);
  }
  const object: HeapObject = { fields, elements, shape: 'object', prototype: undefined, isClosed };
  const made = freshObject(machine, state, site, object);
  if (made.kind === 'object') for (const [name, value] of fields) if (value.kind === 'view') machine.unit.nameRegion(value.region, name);
  return made;
}

/** `[a, ...b]` */
export function arrayLiteral(machine: Machine, state: State, instruction: Extract<Instruction, { op: 'array' }>, site: Site): Value {
  const fields = new Map<string, Value>();
  let elements: Value | undefined;
  instruction.elements.forEach((element, index) => {
    if (element.kind === 'hole') return;
    const value = machine.read(state, element.value);
    handOn(state, value);
    if (element.kind === 'spread') {
      const inner = elementOf(state, value);
      if (inner !== undefined) elements = elements === undefined ? inner : anyOf([elements, inner]);
    } else if (elements === undefined) {
      // A table of numbers has nothing to follow.
      if (index < tableSize || !isWeak(value)) fields.set(String(index), value);
    }
    else elements = anyOf([elements, value]);
  });
  return freshObject(machine, state, site, { fields, elements, shape: 'array', prototype: undefined, isClosed: false });
}

/** `const { a, ...rest } = object`, `const [a, ...rest] = list` */
export function restOf(machine: Machine, state: State, instruction: Extract<Instruction, { op: 'rest' }>, site: Site): Value {
  const source = machine.read(state, instruction.object);
  const object = source.kind === 'object' ? state.object(source.id) : undefined;
  const isArray = instruction.from !== undefined;
  const fields = new Map<string, Value>();
  for (const [name, value] of object?.fields ?? []) {
    if (isArray) {
      const index = Number(name) - (instruction.from ?? 0);
      if (index >= 0) fields.set(String(index), value);
    } else if (instruction.excluded?.includes(name) !== true) fields.set(name, value);
  }
  const elements = object?.elements ?? (object === undefined ? elementOf(state, source) : undefined);
  return freshObject(machine, state, site, { fields, elements, shape: isArray ? 'array' : 'object', prototype: undefined, isClosed: false });
}
