import type { Body, FunctionIr, Instruction, ModuleIr, Variable } from '../ir/index.js';
import { operandsOf, successorsOf, terminalOperandsOf } from '../ir/operands.js';
import type { Call } from './values.js';

/** A place that other code can change while a function is suspended: a field, an element, a variable of a function around it. */
type Shared = string;

/**
 * Whether a function may be suspended where it makes a call: no shared variable or field is read before the call and written after
 * it, and, where the function has not been suspended on the way, nothing that its caller could look at is written after it.
 *
 * @param fn - an async function
 * @param call - a call in it
 * @returns true when an `await` there changes nothing but when things happen
 */
export function isSuspensionHarmless(fn: FunctionIr, call: Call): boolean {
  return mayBeSuspended(fn, call, false);
}

/**
 * Whether a function may be suspended at a call that is known by its place.
 *
 * @param module - the file
 * @param range - the call's offsets
 * @param options - `isAwaitedByAll`: nobody goes on before the function is done, as for one that becomes async with all its callers
 * @returns `doubtful` where other code may see or change something halfway, or where there is no such call in what was lowered
 */
export function suspensionAt(module: ModuleIr, range: { readonly start: number; readonly end: number }, { isAwaitedByAll }: { readonly isAwaitedByAll: boolean }): 'harmless' | 'doubtful' {
  for (const fn of module.functions) {
    if (fn.origin.start > range.start || fn.origin.end < range.end) continue;
    for (const { instructions } of fn.body?.blocks ?? []) {
      for (const instruction of instructions) {
        if (instruction.op !== 'call' || instruction.origin.start !== range.start || instruction.origin.end !== range.end) continue;
        return mayBeSuspended(fn, instruction, isAwaitedByAll) ? 'harmless' : 'doubtful';
      }
    }
  }
  return 'doubtful';
}

function mayBeSuspended(fn: FunctionIr, call: Call, isAwaitedByAll: boolean): boolean {
  const { body } = fn;
  if (body === undefined) return false;
  const at = body.blocks.find((block) => block.instructions.includes(call));
  if (at === undefined) return false;
  const index = at.instructions.indexOf(call);
  const after = blocksAfter(body, at.id);
  const isBefore = blocksBefore(body, at.id);
  const read = new Set<Shared>();
  const written = new Set<Shared>();
  for (const block of body.blocks) {
    block.instructions.forEach((instruction, position) => {
      const comesBefore = isBefore.has(block.id) || (block === at && position < index);
      const comesAfter = after.has(block.id) || (block === at && position > index);
      if (comesBefore) for (const place of readsOf(instruction, fn)) read.add(place);
      if (comesAfter) for (const place of writesOf(instruction, fn)) written.add(place);
    });
    // What decided whether to come here.
    if (isBefore.has(block.id)) for (const variable of terminalOperandsOf(block.terminal)) for (const place of placeOf(variable, fn)) read.add(place);
  }
  if ([...written].some((place) => read.has(place))) return false;
  return isAwaitedByAll || written.size === 0 || isSuspendedBefore(body, at.id, index);
}

function readsOf(instruction: Instruction, fn: FunctionIr): readonly Shared[] {
  const places = operandsOf(instruction).flatMap((variable) => placeOf(variable, fn));
  if (instruction.op === 'load') return [...places, fieldOf(instruction.key)];
  return places;
}

function writesOf(instruction: Instruction, fn: FunctionIr): readonly Shared[] {
  if (instruction.op === 'store' || instruction.op === 'delete') return isOwnObject(instruction.object, fn) ? [] : [fieldOf(instruction.key)];
  if (instruction.op === 'call') return mutating(instruction) ? operandsOf(instruction).slice(0, 1).flatMap((variable) => placeOf(variable, fn)) : [];
  const target = 'target' in instruction ? instruction.target : undefined;
  return target === undefined ? [] : placeOf(target, fn);
}

/** `queue.push(x)`, `cache.set(k, v)`: what changes a collection. */
function mutating({ callee }: Call): boolean {
  return callee.kind === 'method' && callee.key.kind === 'name' && /^(?:add|clear|delete|fill|pop|push|set|shift|sort|splice|unshift)$/.test(callee.key.name);
}

function placeOf(variable: Variable, fn: FunctionIr): readonly Shared[] {
  if (variable.storage === 'temporary' || variable.storage === 'import' || variable.storage === 'this') return [];
  return variable.owner !== fn || (variable.isCaptured && !variable.isConstant) ? [`variable ${variable.id} of ${variable.owner.module.file}`] : [];
}

function fieldOf(key: Extract<Instruction, { op: 'load' }>['key']): Shared {
  return key.kind === 'name' ? `field ${key.name}` : 'element';
}

/** The object was made here, and nobody else has it yet. */
function isOwnObject(object: Variable, fn: FunctionIr): boolean {
  if (object.owner !== fn || object.isCaptured || !object.isConstant) return false;
  const definitions = fn.body?.blocks.flatMap(({ instructions }) => instructions.filter((instruction) => 'target' in instruction && instruction.target === object)) ?? [];
  return definitions.length > 0 && definitions.every((instruction) => instruction.op === 'object' || instruction.op === 'array' || (instruction.op === 'copy' && isOwnObject(instruction.source, fn)));
}

/** On every way to the call, the function has been suspended already: its caller has gone on. */
function isSuspendedBefore(body: Body, block: number, index: number): boolean {
  const here = body.blocks[block];
  if (here?.instructions.slice(0, index).some(({ op }) => op === 'await') === true) return true;
  const seen = new Set([0]);
  const queue = [0];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    if (id === block) return false;
    const one = body.blocks[id];
    if (one === undefined || one.instructions.some(({ op }) => op === 'await') || one.terminal.kind === 'yield') continue;
    for (const next of [...successorsOf(one.terminal), ...(one.handler === undefined ? [] : [one.handler])]) {
      if (seen.has(next)) continue;
      seen.add(next);
      queue.push(next);
    }
  }
  return true;
}

function blocksAfter(body: Body, start: number): ReadonlySet<number> {
  const reached = new Set<number>();
  const queue = [start];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    const block = body.blocks[id];
    if (block === undefined) continue;
    for (const next of [...successorsOf(block.terminal), ...(block.handler === undefined ? [] : [block.handler])]) {
      if (reached.has(next)) continue;
      reached.add(next);
      queue.push(next);
    }
  }
  return reached;
}

function blocksBefore(body: Body, target: number): ReadonlySet<number> {
  return new Set(body.blocks.filter(({ id }) => blocksAfter(body, id).has(target)).map(({ id }) => id));
}
