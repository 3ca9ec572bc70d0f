import type { FunctionIr, Variable } from '../ir/index.js';
import type { World } from '../world.js';
import { apiOf, calledApi, contractOf } from './apis.js';
import { factsOf, type Call } from './facts.js';
import { calleeBehind } from './function-behind.js';
import { functionIndexOf } from './functions.js';
import { derivedFrom } from './taint.js';
import { isMadeOfTask, isTurn, waitsForTurn } from './turns.js';

/**
 * The mapper hands its element to a call that it waits for. Not where the element is what the call is made on (`connection.close()`:
 * the resources are there already), nor where a limiter is given a function, nor after waiting for a turn.
 *
 * @param mapper - is called for each element
 * @param world - answers questions about types
 * @param element - what it is given
 * @param given - the promises that it gives: what it returns, unless somebody else takes them
 * @returns whether each call is work of its own that takes a while
 */
export function worksOnElement(mapper: FunctionIr, world: World, element = mapper.parameters[0], given = factsOf(mapper).returned): boolean {
  if (element === undefined) return false;
  const facts = factsOf(mapper);
  const derived = derivedFrom(mapper, [element]);
  let isWork = false;
  for (const { instruction } of facts.sites) {
    if (instruction.op !== 'await') continue;
    const call = facts.makerOf(instruction.value);
    if (call?.op !== 'call') continue;
    if (isTurn(call, mapper, derived, world)) return false;
    if (isGiven(call, mapper, derived, world)) isWork = true;
  }
  if (isWork) return true;
  return given.some((value) => {
    const call = facts.makerOf(value);
    if (call?.op !== 'call') return false;
    if (call.callee.kind === 'construct') return isPromisedWork(call, mapper, derived, world);
    if (isTurn(call, mapper, derived, world)) return false;
    const head = chainHead(call, mapper);
    return isGiven(head, mapper, derived, world) && (isKnownAsync(head, mapper, world) || givesPromise(head, mapper, world));
  });
}

/** `new Promise((resolve, reject) => { readFile(path, (error, text) => … ); })`: an API is given something of the element, and reports to a callback. */
function isPromisedWork(call: Call, mapper: FunctionIr, derived: ReadonlySet<Variable>, world: World): boolean {
  const executor = calledApi(call, mapper, world)?.path === 'global#Promise' ? call.arguments[0] && functionIndexOf(mapper.module).functionOf(call.arguments[0].value) : undefined;
  if (executor === undefined) return false;
  const ofElement = derivedFrom(executor, [...derived]);
  return factsOf(executor).sites.some(({ instruction }) => {
    if (instruction.op !== 'call' || !instruction.arguments.some(({ value }) => ofElement.has(value))) return false;
    const reporter = instruction.arguments.length - 1;
    if (reporter < 1 || functionIndexOf(mapper.module).functionOf(instruction.arguments[reporter]?.value ?? call.target) === undefined) return false;
    return contractOf(instruction, executor, world)?.completion !== undefined;
  });
}

/** An API, or a function of another file, whose type says that what it is asked for comes later: `readFile(path)`. */
function givesPromise(call: Call, fn: FunctionIr, world: World): boolean {
  return calleeBehind(call, fn, world) === undefined && world.typeOf(call.origin).kind === 'promise';
}

/** The call is handed something of the element, and waits for something on its behalf. */
export function isGiven(call: Call, mapper: FunctionIr, derived: ReadonlySet<Variable>, world: World, depth = 0): boolean {
  const head = chainHead(call, mapper);
  if (!head.arguments.some(({ value }) => derived.has(value)) || head.callee.kind === 'construct' || startsNothing(head, mapper, world)) return false;
  const callee = calleeBehind(head, mapper, world) ?? methodBehind(head, world);
  // A queue of tasks takes what it is given, and runs so many at a time.
  if (callee === undefined || callee.body === undefined) return !isMadeOfTask(head, world) && contractOf(head, mapper, world)?.sink !== 'promise';
  return !waitsForTurn(callee, world) && waitsForSomething(callee, world, depth + 1);
}

/** `Promise.resolve(result)`: what is made a promise of is there, or goes on already. */
function startsNothing({ callee }: Call, fn: FunctionIr, world: World): boolean {
  if (callee.kind !== 'method' || callee.key.kind !== 'name' || (callee.key.name !== 'resolve' && callee.key.name !== 'reject')) return false;
  return apiOf(callee.object, fn, world)?.path === 'global#Promise';
}

/** By its type, the method of a class of the program's. */
function methodBehind(call: Call, world: World): FunctionIr | undefined {
  const callee = call.callee.kind === 'method' ? world.calleeOf(call.origin) : undefined;
  return callee !== undefined && 'function' in callee ? callee.function : undefined;
}

/** `fetch(url).then(…).catch(…)`: the call at the head. */
export function chainHead(call: Call, fn: FunctionIr): Call {
  let head = call;
  for (let turns = 0; turns < 8; turns++) {
    const { callee } = head;
    if (callee.kind !== 'method' || callee.key.kind !== 'name' || !/^(?:then|catch|finally)$/.test(callee.key.name)) return head;
    const maker = factsOf(fn).makerOf(callee.object);
    if (maker?.op !== 'call') return head;
    head = maker;
  }
  return head;
}

/** `fetch`, an async function of the program, or the start of a chain of `then`. */
export function isKnownAsync(call: Call, fn: FunctionIr, world: World): boolean {
  const callee = calleeBehind(call, fn, world);
  if (callee !== undefined) return callee.isAsync;
  if (call.callee.kind === 'value') {
    const maker = factsOf(fn).makerOf(call.callee.value);
    if (maker?.op === 'global') return maker.name === 'fetch';
  }
  return factsOf(fn).usesOf(call.target).some(({ instruction }) => instruction.op === 'call' && instruction.callee.kind === 'method' && instruction.callee.key.kind === 'name' && instruction.callee.key.name === 'then');
}

function waitsForSomething(fn: FunctionIr, world: World, depth: number): boolean {
  if (depth > 3) return false;
  return factsOf(fn).sites.some(({ instruction }) => {
    const waited = instruction.op === 'await' ? factsOf(fn).makerOf(instruction.value) : undefined;
    // A module is loaded once.
    if (waited?.op !== 'call' || waited.callee.kind === 'import') return false;
    const callee = calleeBehind(waited, fn, world);
    return callee === undefined || callee === fn || callee.body === undefined || waitsForSomething(callee, world, depth + 1);
  });
}
