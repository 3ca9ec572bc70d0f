import type { FunctionIr, Variable } from '../../ir/index.js';
import { memberNamed } from './reading.js';
import { Wiring, type Call, type Definition } from './wiring.js';

/** Names by which a part of some memory is taken, with the first argument that bounds it. */
const viewing: ReadonlyMap<string, number> = new Map([['subarray', 0], ['slice', 0], ['toString', 1], ['Uint8Array', 1], ['DataView', 1], ['from', 1]]);

/** Functions that make a bound of others. */
const clamping = new Set(['min', 'max', 'abs', 'floor', 'ceil', 'round', 'trunc', 'Number']);

const bounds = new WeakMap<FunctionIr, ReadonlySet<Variable>>();

/**
 * The variables that come to bound a part of some memory: `n` of `bytes.subarray(0, n)`, and what it is computed from.
 *
 * @param fn - the function
 * @returns them; all that it shares with functions written inside it where one of those takes parts
 */
export function boundsIn(fn: FunctionIr): ReadonlySet<Variable> {
  let found = bounds.get(fn);
  if (found === undefined) bounds.set(fn, (found = findBounds(fn)));
  return found;
}

function findBounds(fn: FunctionIr): ReadonlySet<Variable> {
  const wiring = Wiring.of(fn);
  const from: Variable[] = [];
  for (const call of wiring.calls) {
    const first = viewing.get(wiring.calledName(call.callee) ?? '');
    if (first !== undefined) from.push(...call.arguments.slice(first).map(({ value }) => value));
  }
  if (fn.outline.nested.some(takesParts)) from.push(...[...wiring.definitions.keys()].filter(({ isCaptured }) => isCaptured));
  return behind(wiring, from, (instruction) => {
    if (!('op' in instruction)) return [];
    switch (instruction.op) {
      case 'copy':
        return [instruction.source];
      case 'binary':
        return [instruction.left, instruction.right];
      case 'unary':
        return [instruction.operand];
      case 'await':
        return [instruction.value];
      case 'load':
      case 'rest':
        return [instruction.object];
      case 'iterate':
        return [instruction.iterable];
      case 'call':
        return clamping.has(wiring.calledName(instruction.callee) ?? '') ? instruction.arguments.map(({ value }) => value) : [];
      default:
        return [];
    }
  });
}

/** The function, or one written inside it, may take parts of memory. */
export function takesParts({ outline }: FunctionIr): boolean {
  return [...viewing.keys()].some((name) => outline.members.has(name) || outline.constructed.has(name)) || outline.nested.some(takesParts);
}

/**
 * The variables through which a function may write bytes: those it stores elements into, what it passes to calls of some names, and
 * what these were taken from.
 *
 * @param fn - the function
 * @param isWriting - tells whether a call of a name may write; `isMethod`: of a value that is no global
 * @param isPart - tells whether what a name gives may be a view of what it is taken from
 * @returns them
 */
export function writtenIn(fn: FunctionIr, isWriting: (name: string, isMethod: boolean) => boolean, isPart: (name: string) => boolean): ReadonlySet<Variable> {
  const wiring = Wiring.of(fn);
  const operands = ({ callee, arguments: args }: Call): Variable[] => [...(callee.kind === 'method' ? [callee.object] : []), ...args.map(({ value }) => value)];
  const from = wiring.stores.filter(({ key }) => memberNamed(key) === undefined).map(({ object }) => object);
  for (const call of wiring.calls) {
    const name = wiring.calledName(call.callee);
    if (name === undefined || isWriting(name, call.callee.kind === 'method' && !wiring.isGlobal(call.callee.object))) from.push(...operands(call));
  }
  return behind(wiring, from, (instruction) => {
    if (!('op' in instruction)) return [];
    switch (instruction.op) {
      case 'copy':
        return [instruction.source];
      case 'await':
        return [instruction.value];
      case 'load':
        return instruction.key.kind === 'name' && isPart(instruction.key.name) ? [instruction.object] : [];
      case 'call': {
        const name = wiring.calledName(instruction.callee);
        return name === undefined || isPart(name) ? operands(instruction) : [];
      }
      default:
        return [];
    }
  });
}

/** Everything that variables get their values from, step by step. */
function behind(wiring: Wiring, from: readonly Variable[], sourcesOf: (definition: Definition) => readonly Variable[]): ReadonlySet<Variable> {
  const found = new Set(from);
  for (const variable of found) for (const definition of wiring.definitionsOf(variable)) for (const source of sourcesOf(definition)) found.add(source);
  return found;
}
