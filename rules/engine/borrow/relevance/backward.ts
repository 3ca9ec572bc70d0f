import type { Callee, FunctionIr, Instruction, Variable } from '../../ir/index.js';
import { nameOfCallee } from './callee-name.js';

/** Names by which a part of some memory is taken, with the first argument that bounds it. */
const viewing: ReadonlyMap<string, number> = new Map([['subarray', 0], ['slice', 0], ['toString', 1], ['Uint8Array', 1], ['DataView', 1], ['from', 1]]);

/** Functions that make a bound of others. */
const clamping = new Set(['min', 'max', 'abs', 'floor', 'ceil', 'round', 'trunc', 'Number']);

type Call = Extract<Instruction, { op: 'call' }>;

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
  const names = namesOfVariables(fn);
  const from: Variable[] = [];
  for (const instruction of instructionsOf(fn)) {
    if (instruction.op !== 'call') continue;
    const first = viewing.get(calledName(instruction.callee, names) ?? '');
    if (first !== undefined) from.push(...instruction.arguments.slice(first).map(({ value }) => value));
  }
  if (fn.outline.nested.some(takesParts)) from.push(...variablesOf(fn).filter(({ isCaptured }) => isCaptured));
  return behind(fn, from, (instruction) => {
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
        return clamping.has(calledName(instruction.callee, names) ?? '') ? instruction.arguments.map(({ value }) => value) : [];
      default:
        return [];
    }
  });
}

function takesParts(fn: FunctionIr): boolean {
  return [...viewing.keys()].some((name) => fn.outline.members.has(name) || fn.outline.constructed.has(name)) || fn.outline.nested.some(takesParts);
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
  const names = namesOfVariables(fn);
  const globals = new Set([...instructionsOf(fn)].flatMap((instruction) => (instruction.op === 'global' ? [instruction.target] : [])));
  const from: Variable[] = [];
  const operands = ({ callee, arguments: args }: Call): Variable[] => [...(callee.kind === 'method' ? [callee.object] : []), ...args.map(({ value }) => value)];
  for (const instruction of instructionsOf(fn)) {
    if (instruction.op === 'store' && (instruction.key.kind === 'computed' || /^\d+$/.test(instruction.key.name))) from.push(instruction.object);
    else if (instruction.op === 'call') {
      const name = calledName(instruction.callee, names);
      const isMethod = instruction.callee.kind === 'method' && !globals.has(instruction.callee.object);
      if (name === undefined || isWriting(name, isMethod)) from.push(...operands(instruction));
    }
  }
  return behind(fn, from, (instruction) => {
    switch (instruction.op) {
      case 'copy':
        return [instruction.source];
      case 'await':
        return [instruction.value];
      case 'load':
        return instruction.key.kind === 'name' && isPart(instruction.key.name) ? [instruction.object] : [];
      case 'call': {
        const name = calledName(instruction.callee, names);
        return name === undefined || isPart(name) ? operands(instruction) : [];
      }
      default:
        return [];
    }
  });
}

/** Everything that variables get their values from, step by step. */
function behind(fn: FunctionIr, from: readonly Variable[], sourcesOf: (instruction: Instruction) => readonly Variable[]): ReadonlySet<Variable> {
  const found = new Set(from);
  if (found.size === 0) return found;
  const definitions = new Map<Variable, Instruction[]>();
  for (const instruction of instructionsOf(fn)) {
    if (!('target' in instruction)) continue;
    const list = definitions.get(instruction.target);
    if (list === undefined) definitions.set(instruction.target, [instruction]);
    else list.push(instruction);
  }
  for (const variable of found) for (const instruction of definitions.get(variable) ?? []) for (const source of sourcesOf(instruction)) found.add(source);
  return found;
}

function* instructionsOf(fn: FunctionIr): Iterable<Instruction> {
  for (const block of fn.body?.blocks ?? []) yield* block.instructions;
}

function variablesOf(fn: FunctionIr): Variable[] {
  return [...instructionsOf(fn)].flatMap((instruction) => ('target' in instruction ? [instruction.target] : []));
}

function namesOfVariables(fn: FunctionIr): ReadonlyMap<Variable, string> {
  const names = new Map<Variable, string>();
  for (const instruction of instructionsOf(fn)) {
    if (instruction.op === 'global') names.set(instruction.target, instruction.name);
    else if (instruction.op === 'load' && instruction.key.kind === 'name') names.set(instruction.target, instruction.key.name);
  }
  return names;
}

function calledName(callee: Callee, names: ReadonlyMap<Variable, string>): string | undefined {
  return nameOfCallee(callee, (variable) => names.get(variable) ?? (variable.name === '' ? undefined : variable.name));
}
