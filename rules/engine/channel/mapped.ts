import type { FunctionIr, Instruction, Variable } from '../ir/index.js';
import type { World } from '../world.js';
import { apiOf } from './apis.js';
import { factsOf, type Call } from './facts.js';
import { functionBehind } from './function-behind.js';

/** A list of promises that a function makes, one or more for each element of another list. */
export interface Mapped {
  readonly call: Call;
  readonly list: Variable;
  /** Undefined for a function of an API, which is handed over itself. */
  readonly mapper: FunctionIr | undefined;
  /** What it is given for each element. */
  readonly element: Variable | undefined;
  /** The promises, in the mapper. */
  readonly given: readonly Variable[];
}

/** What makes a list of another one. */
const making: readonly string[] = ['map', 'flatMap', 'from', 'reduce', 'forEach'];

/** By the names of members that a function uses: whether it may make a list of promises of another list. */
export function mayMake(members: ReadonlySet<string>): boolean {
  return making.some((name) => members.has(name));
}

/**
 * How a list of promises is made of another list: `list.map(load)`, `Array.from(list, load)`, `list.flatMap((path) => [load(path)])`,
 * `list.reduce((all, path) => [...all, load(path)], [])`, `list.forEach((path) => { all.push(load(path)); })`.
 *
 * @param promises - the list of promises
 * @param fn - where it is
 * @param world - resolves what is called
 * @returns undefined where it is made in another way
 */
export function mappedBy(promises: Variable | undefined, fn: FunctionIr, world: World): Mapped | undefined {
  if (promises === undefined) return undefined;
  const call = factsOf(fn).makerOf(promises);
  if (call?.op === 'array' && call.elements.length === 0) return filledBy(promises, fn, world);
  if (call?.op !== 'call' || call.callee.kind !== 'method' || call.callee.key.kind !== 'name') return undefined;
  const { object, key: { name } } = call.callee;
  const [first, second] = call.arguments;
  if (first === undefined) return undefined;
  if (name === 'from') {
    const isArray = second !== undefined && factsOf(fn).makerOf(first.value)?.op !== 'object' && apiOf(object, fn, world)?.path === 'global#Array';
    return isArray ? mappedWith(second.value, call, first.value, world) : undefined;
  }
  if (name === 'map') return mappedWith(first.value, call, object, world);
  const mapper = name === 'flatMap' || name === 'reduce' ? functionBehind(first.value, world) : undefined;
  // `async (all, path) => { const done = await all; … }` waits for one after another.
  if (mapper === undefined || (name === 'reduce' && mapper.isAsync)) return undefined;
  const element = mapper.parameters[name === 'reduce' ? 1 : 0];
  const { returned } = factsOf(mapper);
  if (name === 'flatMap') return { call, list: object, mapper, element, given: returned.flatMap((value) => elementsOf(value, mapper) ?? [value]) };
  const [all] = mapper.parameters;
  return { call, list: object, mapper, element, given: [...returned.flatMap((value) => elementsOf(value, mapper) ?? []), ...(all === undefined ? [] : pushedTo(all, mapper))] };
}

function mappedWith(value: Variable, call: Call, list: Variable, world: World): Mapped | undefined {
  const mapper = functionBehind(value, world);
  if (mapper !== undefined) return { call, list, mapper, element: mapper.parameters[0], given: factsOf(mapper).returned };
  const isTask = apiOf(value, value.owner, world)?.call?.result?.from === 'promise';
  return isTask ? { call, list, mapper, element: undefined, given: [] } : undefined;
}

/** What an array literal holds; undefined for every other value. */
function elementsOf(value: Variable, fn: FunctionIr): readonly Variable[] | undefined {
  const made = factsOf(fn).makerOf(value);
  return made?.op === 'array' ? made.elements.flatMap((element) => (element.kind === 'value' ? [element.value] : [])) : undefined;
}

function pushedTo(list: Variable, fn: FunctionIr): readonly Variable[] {
  return factsOf(fn).sites.flatMap(({ instruction }) => (isCallOf(instruction, 'push') && instruction.callee.kind === 'method' && instruction.callee.object === list ? instruction.arguments.map(({ value }) => value) : []));
}

/** `const all = []; list.forEach((path) => { all.push(load(path)); });` */
function filledBy(promises: Variable, fn: FunctionIr, world: World): Mapped | undefined {
  const facts = factsOf(fn);
  for (const { instruction } of facts.sites) {
    if (!isCallOf(instruction, 'forEach') || instruction.callee.kind !== 'method' || instruction.arguments[0] === undefined) continue;
    const mapper = functionBehind(instruction.arguments[0].value, world);
    const [all] = mapper === undefined ? [] : [...mapper.outline.captures].filter((captured) => captured.owner === fn && facts.sourceOf(captured) === facts.sourceOf(promises));
    if (mapper === undefined || all === undefined) continue;
    return { call: instruction, list: instruction.callee.object, mapper, element: mapper.parameters[0], given: pushedTo(all, mapper) };
  }
  return undefined;
}

function isCallOf(instruction: Instruction, name: string): instruction is Call {
  return instruction.op === 'call' && instruction.callee.kind === 'method' && instruction.callee.key.kind === 'name' && instruction.callee.key.name === name;
}
