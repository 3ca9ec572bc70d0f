import type { FunctionIr, Instruction, Variable } from '../ir/index.js';
import { operandsOf } from '../ir/operands.js';
import type { World } from '../world.js';
import { calledApi } from './apis.js';
import { closuresOf, factsOf, type Call, type Site } from './facts.js';
import { calleeBehind, functionBehind } from './function-behind.js';
import { functionIndexOf } from './functions.js';
import { isSameRoot, madeBy, rootOf } from './roots.js';
import { derivedFrom } from './taint.js';

/**
 * Whether a call in a task waits until others are done: a limiter is given the work (`limit(() => …)`), or a call before the work has nothing to do
 * with the element (`await semaphore.acquire()`). Not what calls the function it is given at once, nor what gets something that the work is given.
 *
 * @param call - the call
 * @param fn - the task
 * @param derived - what comes of its element
 * @param world - resolves what is called
 * @returns whether the task may be one of many that wait there
 */
export function isTurn(call: Call, fn: FunctionIr, derived: ReadonlySet<Variable>, world: World): boolean {
  const takesFunction = call.arguments.some(({ value }) => factsOf(fn).makerOf(value)?.op === 'function');
  const isOnPromise = call.callee.kind === 'method' && call.callee.key.kind === 'name' && /^(?:then|catch|finally)$/.test(call.callee.key.name);
  if (takesFunction && !isOnPromise && call.callee.kind !== 'construct') return !isRunner(call, fn, world);
  return call.arguments.length === 0 && !derived.has(call.target) && !isSupply(call, fn, derived);
}

/**
 * Whether a function waits for its turn before anything else: however many call it, so many go on.
 *
 * @param fn - the function
 * @param world - resolves what it calls
 */
export function waitsForTurn(fn: FunctionIr, world: World): boolean {
  const facts = factsOf(fn);
  const first = facts.sites.find(({ instruction }) => instruction.op === 'await');
  if (first?.instruction.op !== 'await') return false;
  if (isCounted(first, fn)) return true;
  const call = facts.makerOf(first.instruction.value);
  if (call?.op !== 'call' || !isTurn(call, fn, derivedFrom(fn, fn.parameters), world)) return false;
  // `if (!this.isReady) await this.start()` is no turn: others pass it by.
  const passing = facts.reachableFrom(0, first.block);
  return first.block === 0 || !facts.blocks.some(({ id, terminal }) => id !== first.block && passing.has(id) && terminal.kind === 'return');
}

/** `while (active >= most) await sleep(10); active++;`: a count that the function keeps itself lets it pass. */
function isCounted({ block }: Site, fn: FunctionIr): boolean {
  const facts = factsOf(fn);
  return facts.blocks.some(({ terminal }) => {
    if (terminal.kind !== 'branch' || terminal.test.kind !== 'less' || terminal.then === terminal.otherwise) return false;
    const waits = [terminal.then, terminal.otherwise].filter((way) => way === block);
    return waits.length === 1 && [terminal.test.left, terminal.test.right].some((side) => isKeptBy(fn, side));
  });
}

/** Something that outlives the call, and that the function gives another value. */
function isKeptBy(fn: FunctionIr, value: Variable): boolean {
  const count = rootOf(value);
  if (count.base.owner === fn && count.base.storage !== 'this') return false;
  return factsOf(fn).sites.some(({ instruction }) => {
    if (instruction.op === 'copy') return count.path.length === 0 && instruction.target === count.base;
    if (instruction.op !== 'store' || instruction.key.kind !== 'name') return false;
    const { base, path } = rootOf(instruction.object);
    return isSameRoot({ base, path: [...path, instruction.key.name] }, count);
  });
}

/**
 * `const get = limited(3, load)`: what is made of a function may call it for so many at a time; not `withRetry(load)`, whose code calls it at once.
 *
 * @param call - calls what was made
 * @param world - resolves what made it
 */
export function isMadeOfTask({ callee }: Call, world: World): boolean {
  const made = callee.kind === 'value' ? madeBy(callee.value) : undefined;
  if (made?.instruction.op !== 'call' || !made.instruction.arguments.some(({ value }) => isFunction(value, world))) return false;
  return !isRunner(made.instruction, made.fn, world);
}

function isFunction(value: Variable, world: World): boolean {
  return functionBehind(value, world) !== undefined;
}

/** What is called is code of the program that calls each function it is given at once: `retry(() => load(path))`. */
function isRunner(call: Call, fn: FunctionIr, world: World): boolean {
  const callee = calleeBehind(call, fn, world);
  if (callee?.body === undefined) return false;
  const tasks = call.arguments.flatMap(({ value }, position) => (isFunction(value, world) ? [callee.parameters[position]] : []));
  return tasks.length > 0 && tasks.every((task) => task !== undefined && isRunAtOnce(task, callee, world));
}

/** The function is called and nothing else is done with it, nothing is waited for before, and no other code decides when. */
function isRunAtOnce(task: Variable, callee: FunctionIr, world: World): boolean {
  const users = [callee, ...closuresOf(callee)].filter((one) => one === callee || one.outline.captures.has(task));
  const calls = users.flatMap((one) => factsOf(one).usesOf(task));
  return calls.length > 0 && calls.every((site) => isCallOf(site.instruction, task) && isStraight(site.fn, callee, world) && !isAfterWait(site, task));
}

function isCallOf(instruction: Instruction, task: Variable): boolean {
  return instruction.op === 'call' && instruction.callee.kind === 'value' && instruction.callee.value === task && instruction.arguments.every(({ value }) => value !== task);
}

/** The callee itself, the executor of a promise, or a function that the callee gives. */
function isStraight(fn: FunctionIr, callee: FunctionIr, world: World): boolean {
  if (fn === callee) return true;
  return functionIndexOf(fn.module).referencesOf(fn).every((reference) => {
    if (reference.kind === 'argument') return calledApi(reference.site.instruction, reference.site.fn, world)?.path === 'global#Promise';
    return reference.kind === 'public' && reference.site === undefined && fn.parent === callee;
  });
}

/** Something is waited for before, other than the function itself, which is tried again. */
function isAfterWait({ fn, block, index }: Site, task: Variable): boolean {
  const facts = factsOf(fn);
  const before = facts.reachableFrom(0, block);
  return facts.sites.some((site) => {
    if (site.instruction.op !== 'await' || !(site.block === block ? site.index < index : before.has(site.block))) return false;
    const waited = facts.makerOf(site.instruction.value);
    return waited === undefined || !isCallOf(waited, task);
  });
}

/** `const token = await getToken();`: all that becomes of it goes into the work, and nothing of it is given back. */
function isSupply(call: Call, fn: FunctionIr, derived: ReadonlySet<Variable>): boolean {
  const facts = factsOf(fn);
  const waited = facts.usesOf(call.target).flatMap(({ instruction }) => (instruction.op === 'await' ? [instruction.target] : []));
  const parts = new Set(waited);
  let isGiven = false;
  // What is made of a part comes after it.
  for (const { instruction } of facts.sites) {
    if (!usesOne(instruction, parts)) continue;
    if (instruction.op === 'call') {
      if (!instruction.arguments.some(({ value }) => parts.has(value)) || isOn(instruction, parts) || !instruction.arguments.some(({ value }) => derived.has(value))) return false;
      isGiven = true;
    } else if (instruction.op === 'copy' || instruction.op === 'load' || instruction.op === 'object' || instruction.op === 'array' || instruction.op === 'binary' || instruction.op === 'opaque' || instruction.op === 'rest') {
      parts.add(instruction.target);
    } else return false;
  }
  return isGiven;
}

function usesOne(instruction: Instruction, parts: ReadonlySet<Variable>): boolean {
  if (instruction.op === 'function') return [instruction.function, ...closuresOf(instruction.function)].some(({ outline }) => [...outline.captures].some((variable) => parts.has(variable)));
  return operandsOf(instruction).some((operand) => parts.has(operand));
}

function isOn({ callee }: Call, parts: ReadonlySet<Variable>): boolean {
  return (callee.kind === 'method' && parts.has(callee.object)) || (callee.kind === 'value' && parts.has(callee.value));
}
