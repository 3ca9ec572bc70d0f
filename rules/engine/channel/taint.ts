import type { FunctionIr, Instruction, Variable } from '../ir/index.js';
import { closuresOf, factsOf } from './facts.js';

/** Methods that put their arguments into what they are called on. */
const gathering: ReadonlySet<string> = new Set(['push', 'unshift', 'add', 'set', 'append', 'enqueue']);

/**
 * The values of a function that come from given ones: copies, parts, results of calls that were given them, collections that hold
 * them, closures that captured them.
 *
 * @param fn - the function
 * @param seeds - the values to follow
 * @returns all variables that hold something of them
 */
export function derivedFrom(fn: FunctionIr, seeds: readonly Variable[]): ReadonlySet<Variable> {
  const derived = new Set(seeds);
  const facts = factsOf(fn);
  for (let before = -1; before !== derived.size; ) {
    before = derived.size;
    for (const { instruction } of facts.sites) for (const target of reached(instruction, derived)) derived.add(target);
    for (const { terminal } of facts.blocks) if (terminal.kind === 'next' && derived.has(terminal.iterator)) derived.add(terminal.value);
  }
  return derived;
}

function reached(instruction: Instruction, derived: ReadonlySet<Variable>): readonly Variable[] {
  switch (instruction.op) {
    case 'copy':
      return derived.has(instruction.source) ? [instruction.target] : [];
    case 'load':
    case 'rest':
      return derived.has(instruction.object) ? [instruction.target] : [];
    case 'await':
      return derived.has(instruction.value) ? [instruction.target] : [];
    case 'iterate':
      return derived.has(instruction.iterable) ? [instruction.target] : [];
    // `base + path`
    case 'binary':
      return instruction.operator === '+' && (derived.has(instruction.left) || derived.has(instruction.right)) ? [instruction.target] : [];
    case 'opaque':
      return instruction.operands.some((operand) => derived.has(operand)) ? [instruction.target] : [];
    case 'object':
      return instruction.properties.some((property) => 'value' in property && derived.has(property.value)) ? [instruction.target] : [];
    case 'array':
      return instruction.elements.some((element) => 'value' in element && derived.has(element.value)) ? [instruction.target] : [];
    case 'store':
      return derived.has(instruction.value) && instruction.object.storage !== 'this' ? [instruction.object] : [];
    case 'function':
      return [instruction.function, ...closuresOf(instruction.function)].some(({ outline }) => [...outline.captures].some((variable) => derived.has(variable))) ? [instruction.target] : [];
    case 'call':
      return reachedByCall(instruction, derived);
    default:
      return [];
  }
}

function reachedByCall(call: Extract<Instruction, { readonly op: 'call' }>, derived: ReadonlySet<Variable>): readonly Variable[] {
  const { callee } = call;
  const isGiven = call.arguments.some(({ value }) => derived.has(value));
  const isOn = callee.kind === 'method' ? derived.has(callee.object) : callee.kind === 'value' && derived.has(callee.value);
  if (!isGiven && !isOn) return [];
  const gathers = isGiven && callee.kind === 'method' && callee.key.kind === 'name' && gathering.has(callee.key.name);
  return gathers && callee.object.storage !== 'this' ? [call.target, callee.object] : [call.target];
}
