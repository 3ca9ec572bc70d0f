import type { FunctionIr, Variable } from '../ir/index.js';
import type { Call, Target, Value, Values } from './values.js';

/** What one call gives for a function's parameters: other callers may give something else. */
export type Given = ReadonlyMap<Variable, readonly Value[]>;

/** Nobody in particular calls it: its parameters are what any caller gives. */
export const givenByAnyone: Given = new Map();

/** Names of names are followed that far. */
const MOST_COPIES = 8;

/**
 * What a call gives for the parameters of the function that it runs.
 *
 * @param fn - the function
 * @param call - gives its arguments
 * @param by - what the caller was given itself: it may hand that on
 * @param values - follows the arguments
 * @returns the values by parameter; a parameter whose argument cannot be told is left out
 */
export function givenBy(fn: FunctionIr, call: Call, by: Given, values: Values): Given {
  const { callee } = call;
  // These hand on their arguments in another order.
  if (callee.kind === 'method' && callee.key.kind === 'name' && ['call', 'apply', 'bind'].includes(callee.key.name)) return givenByAnyone;
  const given = new Map<Variable, readonly Value[]>();
  for (const [index, parameter] of fn.parameters.entries()) {
    const argument = call.arguments[index];
    if (call.arguments.slice(0, index + 1).some(({ isSpread }) => isSpread) || (fn.hasRest && index === fn.parameters.length - 1)) break;
    given.set(parameter, argument === undefined ? [] : (by.get(sourceOf(argument.value, values)) ?? values.of(argument.value)));
  }
  return given;
}

/**
 * Whether a call inside of a function comes to a target when the function is given that: what it calls may be a parameter, for which
 * another caller gave the target.
 *
 * @param target - what the call comes to by all callers together
 * @param call - the call
 * @param given - what is given this time
 * @param values - follows the callee
 * @returns true also where the callee has nothing to do with a parameter
 */
export function isReached(target: Target, call: Call, given: Given, values: Values): boolean {
  const { callee } = call;
  if (target.kind !== 'function' || (callee.kind !== 'value' && callee.kind !== 'method')) return true;
  const source = sourceOf(callee.kind === 'value' ? callee.value : callee.object, values);
  const known = given.get(source);
  if (known === undefined) return true;
  const all = [...known, ...(values.definitionsIn(source.owner).get(source) ?? []).flatMap((definition) => (definition.op === 'copy' ? values.of(definition.source) : []))];
  const isItself = callee.kind === 'value' || (callee.key.kind === 'name' && ['call', 'apply'].includes(callee.key.name));
  const called = isItself ? all : all.flatMap((value) => values.member(value, callee.key));
  // What an object's type says of its method is as good for one caller as for another.
  if (!isItself && called.length === 0) return true;
  return called.some((value) => value.kind === 'function' && value.function === target.function);
}

/** How given functions are told from others. */
export function keyOfGiven(given: Given): string {
  return [...given.values()].flatMap((values) => values.flatMap((value) => (value.kind === 'function' ? [`${value.function.module.file}:${value.function.id}`] : []))).join();
}

/** The variable behind names that only stand for it. */
function sourceOf(variable: Variable, values: Values): Variable {
  let source = variable;
  for (let turns = 0; turns < MOST_COPIES; turns++) {
    const definitions = source.storage === 'temporary' || source.isConstant ? (values.definitionsIn(source.owner).get(source) ?? []) : [];
    const [definition] = definitions;
    if (definitions.length !== 1 || definition?.op !== 'copy') return source;
    source = definition.source;
  }
  return source;
}
