import type { FunctionIr, Instruction, Key, Variable } from '../ir/index.js';
import { definitionOf, operandsOf } from '../ir/operands.js';

export type Call = Extract<Instruction, { op: 'call' }>;

/** Something that other code can change while a function is suspended: a field, an element, a variable of a function around it, a file. */
export type Shared = string;

/** What an instruction looks at that other code can change. */
export function readsOf(instruction: Instruction, fn: FunctionIr): readonly Shared[] {
  const places = operandsOf(instruction).flatMap((variable) => placeOf(variable, fn));
  return instruction.op === 'load' ? [...places, fieldOf(instruction.key)] : places;
}

/** What an instruction changes that other code can look at. */
export function writesOf(instruction: Instruction, fn: FunctionIr): readonly Shared[] {
  if (instruction.op === 'store' || instruction.op === 'delete') return isOwnObject(instruction.object, fn) ? [] : [fieldOf(instruction.key)];
  if (instruction.op === 'call') return mutatedBy(instruction, fn);
  const target = definitionOf(instruction);
  return target === undefined ? [] : placeOf(target, fn);
}

/** A variable that code outside of the function can give a value: one of a function around it, or one that a function inside of it names. */
export function placeOf(variable: Variable, fn: FunctionIr): readonly Shared[] {
  if (variable.storage === 'temporary' || variable.storage === 'import' || variable.storage === 'this') return [];
  return variable.owner !== fn || (variable.isCaptured && !variable.isConstant) ? [`variable ${variable.id} of ${variable.owner.module.file}`] : [];
}

/** A field by its name, whoever's it is. */
function fieldOf(key: Key): Shared {
  return key.kind === 'name' ? `field ${key.name}` : 'element';
}

/** `queue.push(x)`, `this.cache.set(k, v)`: what changes a collection. */
function mutatedBy({ callee }: Call, fn: FunctionIr): readonly Shared[] {
  const isMutating = callee.kind === 'method' && callee.key.kind === 'name' && /^(?:add|clear|delete|fill|pop|push|set|shift|sort|splice|unshift)$/.test(callee.key.name);
  if (!isMutating) return [];
  const [loaded] = definitionsIn(fn).get(callee.object) ?? [];
  return loaded?.op === 'load' && loaded.object.storage === 'this' ? [fieldOf(loaded.key)] : placeOf(callee.object, fn);
}

/** The object was made here, and nobody else has it yet. */
function isOwnObject(object: Variable, fn: FunctionIr): boolean {
  if (object.owner !== fn || object.isCaptured || !object.isConstant) return false;
  const definitions = definitionsIn(fn).get(object) ?? [];
  return definitions.length > 0 && definitions.every((instruction) => instruction.op === 'object' || instruction.op === 'array' || (instruction.op === 'copy' && isOwnObject(instruction.source, fn)));
}

const definitions = new WeakMap<FunctionIr, ReadonlyMap<Variable, readonly Instruction[]>>();

/** The instructions of a function that give its variables their values. */
export function definitionsIn(fn: FunctionIr): ReadonlyMap<Variable, readonly Instruction[]> {
  let known = definitions.get(fn);
  if (known === undefined) {
    const found = new Map<Variable, Instruction[]>();
    for (const { instructions } of fn.body?.blocks ?? []) {
      for (const instruction of instructions) {
        const target = definitionOf(instruction);
        if (target !== undefined) found.set(target, [...(found.get(target) ?? []), instruction]);
      }
    }
    definitions.set(fn, (known = found));
  }
  return known;
}
