import type { FunctionIr, Variable } from '../ir/index.js';
import type { Site } from './facts.js';
import { functionIndexOf } from './functions.js';

/** How code reaches an object: the variable it starts from, and the members on the way. `this.#out` is `#out` of `this`. */
export interface Root {
  /** A variable that the program declares, or the temporary that holds what a call gave. */
  readonly base: Variable;
  readonly path: readonly string[];
}

/** Longer ways are not told apart. */
const longestWay = 8;

/** The one instruction that gives a variable its value for good; none for parameters and for what is assigned again. */
export function makerOf(variable: Variable): Site | undefined {
  if (variable.storage !== 'temporary' && !variable.isConstant) return undefined;
  const definitions = functionIndexOf(variable.owner.module).definitionsOf(variable);
  return definitions.length === 1 ? definitions[0] : undefined;
}

/** What made a value, through names that only stand for it. */
export function madeBy(variable: Variable): Site | undefined {
  let maker = makerOf(variable);
  for (let turns = 0; turns < longestWay && maker?.instruction.op === 'copy'; turns++) maker = makerOf(maker.instruction.source);
  return maker;
}

/**
 * Follows a variable back to where its value comes from, through names that stand for others and members.
 *
 * @param variable - holds the object
 * @returns where it comes from
 */
export function rootOf(variable: Variable): Root {
  const path: string[] = [];
  let base = variable;
  for (let turns = 0; turns < longestWay; turns++) {
    const instruction = makerOf(base)?.instruction;
    if (instruction?.op === 'copy' && (base.storage === 'temporary' || isNamed(instruction.source))) base = instruction.source;
    else if (instruction?.op === 'load' && instruction.key.kind === 'name') {
      path.unshift(instruction.key.name);
      base = instruction.object;
    } else break;
  }
  return { base, path };
}

/** A value that a call or a literal made is known by the first name it is given. */
function isNamed(source: Variable): boolean {
  const op = makerOf(source)?.instruction.op;
  return source.storage !== 'temporary' || op === 'load' || op === 'copy';
}

/** Whether two ways lead to the same object, as far as names tell. */
export function isSameRoot(one: Root, other: Root): boolean {
  return one.path.length === other.path.length && holds(one, other);
}

/** The same, where each method has a `this` of its own: `this.socket` of two methods of a class. */
export function isSameMember(one: Root, other: Root): boolean {
  if (isSameRoot(one, other)) return true;
  const isOfOneClass = one.base.storage === 'this' && other.base.storage === 'this' && one.base.owner.ownerClass === other.base.owner.ownerClass;
  return isOfOneClass && one.path.join() === other.path.join();
}

/** Whether what `outer` leads to holds what `inner` leads to: `this` holds `this.socket`. */
export function holds(outer: Root, inner: Root): boolean {
  return outer.base === inner.base && outer.path.length <= inner.path.length && outer.path.every((name, at) => name === inner.path[at]);
}

/** As a reader knows it: `this.#out`; empty where it has no name. */
export function nameOfRoot({ base, path }: Root): string {
  return base.name === '' ? '' : [base.name, ...path].join('.');
}

/** The literal string that a variable holds wherever it is read. */
export function stringIn(variable: Variable | undefined): string | undefined {
  const instruction = variable && madeBy(variable)?.instruction;
  return instruction?.op === 'literal' && typeof instruction.value === 'string' ? instruction.value : undefined;
}

/** The functions around a function, the innermost first; the module's own last. */
export function enclosing(fn: FunctionIr): readonly FunctionIr[] {
  const found: FunctionIr[] = [];
  for (let at: FunctionIr | undefined = fn; at !== undefined; at = at.parent) found.push(at);
  return found;
}
