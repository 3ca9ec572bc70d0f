import type { FunctionIr, Instruction, Key, Origin, Variable } from '../ir/index.js';
import type { World } from '../world.js';
import { calledApi } from './apis.js';
import { closuresOf, factsOf, type Call, type Facts, type Site } from './facts.js';
import { functionIndexOf } from './functions.js';
import { nameOf, rolesOf } from './roles.js';
import { isSameMember, madeBy, rootOf } from './roots.js';
import { derivedFrom } from './taint.js';
import type { QueueUses, Take } from './uses.js';

/** Code that empties a queue at its own pace: while it waits, the queue can grow. */
export interface Consumer {
  readonly take: Take;
  readonly how:
    /** A loop that waits for what it does with each value. */
    | 'loop'
    /** An async iterator: whoever iterates sets the pace. */
    | 'iterator'
    /** An async method that gives out one value a call. */
    | 'receive'
    /** A function that starts the next turn when the work on a value is done. */
    | 'pump'
    /** A timer that takes a few at a time. */
    | 'poll'
    /** A function that takes all, and puts back what it could not deal with. */
    | 'retry';
}

/** Helpers of helpers are followed this far. */
const longestChain = 2;

/**
 * The consumers of a queue.
 *
 * @param uses - what is done with the queue
 * @param world - knows what callees do with callbacks
 * @returns the ones that do not empty it at once
 */
export function consumersOf(uses: QueueUses, world: World): readonly Consumer[] {
  return uses.takes.flatMap((take) => consumersAt(take, uses, world, 0));
}

function consumersAt(take: Take, uses: QueueUses, world: World, depth: number): readonly Consumer[] {
  const how = howTaken(take, uses, world);
  if (how !== undefined) return depth > 0 && how === 'receive' ? [] : [{ take, how }];
  return depth < longestChain && !isScratch(take, uses) ? handedOut(take).flatMap((one) => consumersAt(one, uses, world, depth + 1)) : [];
}

/** What one function puts in, and takes out from the same end before it returns, is its own stack: of a parser, of a walk. */
function isScratch({ site: { fn }, isLast }: Take, { puts }: QueueUses): boolean {
  return isLast && !fn.isAsync && puts.every(({ site }) => isCalledBy(site.fn, fn, longestChain));
}

function isCalledBy(callee: FunctionIr, fn: FunctionIr, depth: number): boolean {
  if (callee === fn) return true;
  if (depth === 0) return false;
  return functionIndexOf(callee.module).referencesOf(callee).some((reference) => reference.kind === 'call' && isCalledBy(reference.site.fn, fn, depth - 1));
}

/** A helper takes a value out for others of its class, or of its file: `#next() { return this.#queue.shift(); }`. */
function handedOut({ site: { fn }, amount, results, isLast }: Take): readonly Take[] {
  if (fn.isAsync || fn.isGenerator || fn.kind === 'module' || !fn.outline.hasReturnValue) return [];
  const derived = derivedFrom(fn, results);
  if (!factsOf(fn).returned.some((value) => derived.has(value))) return [];
  return functionIndexOf(fn.module).referencesOf(fn).flatMap((reference): Take[] => {
    if (reference.kind !== 'call') return [];
    const { site } = reference;
    const { callee, target } = site.instruction;
    const isOwn = callee.kind === 'value' || (callee.kind === 'method' && functionIndexOf(fn.module).calleeOf(site.instruction) === fn);
    return isOwn ? [{ site, amount, results: [target], isLast }] : [];
  });
}

function howTaken(take: Take, { container, puts }: QueueUses, world: World): Consumer['how'] | undefined {
  const { fn, block } = take.site;
  // A key that is deleted by name is a registry's: only a walk over all keys makes a queue of it.
  const isKeyed = container.kind === 'set' || container.kind === 'map';
  if (isKeyed && take.amount === 'one' && take.results.length < 2) return undefined;
  const facts = factsOf(fn);
  const derived = derivedFrom(fn, take.results);
  const results = new Set(take.results);
  const loops = facts.loopsAround(block);
  if (loops.some((loop) => [...loop.blocks].some((id) => suspendsWith(fn, id, derived, results)))) return fn.isAsync && fn.isGenerator ? 'iterator' : 'loop';
  if (isIteratorMethod(fn)) return 'iterator';
  const isWhole = take.amount === 'all' || (loops.length > 0 && !isStoppedByWrite(fn, derived));
  if (isStruckOffWhenDone(take)) return 'pump';
  // What is undone step by step, the last step first, is a stack.
  if (!take.isLast && startsItself(fn, derived, results, isWhole)) return 'pump';
  if (take.amount === 'all' && puts.some(({ site }) => isPutBack(site, take, derived))) return 'retry';
  if (isWhole) return undefined;
  if (!take.isLast && isGivenOut(fn, derived)) return 'receive';
  return isScheduled(fn, derived, world);
}

/** `try { await send(batch); } catch { queue.unshift(...batch); }` */
function isPutBack({ fn, block, instruction }: Site, { site, results }: Take, derived: ReadonlySet<Variable>): boolean {
  const facts = factsOf(fn);
  const batches = new Set(results.map((result) => facts.sourceOf(result)));
  if (fn !== site.fn || instruction === site.instruction || !wholesIn(instruction, facts).some((whole) => batches.has(facts.sourceOf(whole)))) return false;
  const handlers = facts.blocks.filter(({ instructions }) => instructions.some(({ op }) => op === 'caught')).map(({ id }) => id);
  const taken = new Set(results);
  const isInHandler = handlers.some((handler) => facts.reachableFrom(handler).has(block)) && !facts.reachableFrom(0).has(block);
  return isInHandler && facts.blocks.some(({ id }) => suspendsWith(fn, id, derived, taken));
}

/** The lists whose elements an instruction puts somewhere: `push(...batch)`, `[...batch, ...queue]`, `batch.concat(queue)`. */
function wholesIn(instruction: Instruction, facts: Facts): readonly Variable[] {
  if (instruction.op === 'store') return wholesOf(facts.makerOf(instruction.value));
  if (instruction.op === 'copy') return wholesOf(facts.makerOf(instruction.source));
  return instruction.op === 'call' ? instruction.arguments.flatMap(({ value, isSpread }) => (isSpread ? [value] : [])) : [];
}

function wholesOf(made: Instruction | undefined): readonly Variable[] {
  if (made?.op === 'array') return made.elements.flatMap((element) => (element.kind === 'spread' ? [element.value] : []));
  const isJoined = made?.op === 'call' && made.callee.kind === 'method' && made.callee.key.kind === 'name' && made.callee.key.name === 'concat';
  return isJoined ? [made.callee.object, ...made.arguments.map(({ value }) => value)] : [];
}

/** The block waits for, or yields, something that comes from the queue; waiting for the value itself is not working on it. */
function suspendsWith(fn: FunctionIr, id: number, derived: ReadonlySet<Variable>, results: ReadonlySet<Variable>): boolean {
  const block = factsOf(fn).blocks[id];
  if (block === undefined) return false;
  const { terminal } = block;
  if (terminal.kind === 'yield' && fn.isAsync && terminal.value !== undefined && derived.has(terminal.value)) return true;
  if (terminal.kind === 'next' && terminal.mode === 'async' && derived.has(terminal.iterator)) return true;
  return block.instructions.some((instruction) => instruction.op === 'await' && derived.has(instruction.value) && !results.has(factsOf(fn).sourceOf(instruction.value)));
}

/** `next()` of an object that has `[Symbol.asyncIterator]`. */
function isIteratorMethod(fn: FunctionIr): boolean {
  if (!/(?:^|[#.])next$/.test(fn.name)) return false;
  const { ownerClass, parent } = fn;
  if (ownerClass !== undefined) return ownerClass.members.some(({ function: other }) => other.name.includes('asyncIterator'));
  return parent !== undefined && (parent.name.includes('asyncIterator') || parent.outline.members.has('asyncIterator'));
}

/** The loop ends when a write is refused: the rest waits for `drain`. */
function isStoppedByWrite(fn: FunctionIr, derived: ReadonlySet<Variable>): boolean {
  return factsOf(fn).blocks.some(({ terminal, instructions }) => {
    if (terminal.kind !== 'branch' || terminal.test.kind !== 'truthy') return false;
    const { value } = terminal.test;
    return derived.has(value) && instructions.some((instruction) => instruction.op === 'call' && instruction.target === value && nameOf(instruction, fn) === 'write');
  });
}

/** The value leaves an async function that waits when there is none. */
function isGivenOut(fn: FunctionIr, derived: ReadonlySet<Variable>): boolean {
  const facts = factsOf(fn);
  const waits = facts.sites.some(({ instruction }) => {
    if (instruction.op === 'await') return !derived.has(instruction.value);
    return instruction.op === 'call' && instruction.callee.kind === 'construct' && nameOfConstructed(instruction, fn) === 'Promise';
  });
  return waits && facts.returned.some((value) => derived.has(facts.sourceOf(value)) || derived.has(value));
}

function nameOfConstructed(call: Call, fn: FunctionIr): string | undefined {
  const maker = call.callee.kind === 'construct' ? factsOf(fn).makerOf(call.callee.value) : undefined;
  return maker?.op === 'global' ? maker.name : undefined;
}

/** The function, or something that it hands the value to, calls it again when the work is done. */
function startsItself(fn: FunctionIr, derived: ReadonlySet<Variable>, results: ReadonlySet<Variable>, isWhole: boolean): boolean {
  const facts = factsOf(fn);
  const awaitsIt = facts.blocks.some(({ id }) => suspendsWith(fn, id, derived, results));
  if (awaitsIt && callsAgain(fn, fn)) return true;
  if (isWhole) return false;
  const index = functionIndexOf(fn.module);
  return facts.sites.some(({ instruction }) => {
    if (instruction.op !== 'call') return false;
    const isOnIt = instruction.callee.kind === 'method' && derived.has(instruction.callee.object);
    const isItsCall = isOnIt || instruction.arguments.some(({ value }) => derived.has(value)) || (instruction.callee.kind === 'value' && derived.has(instruction.callee.value));
    if (!isItsCall) return false;
    if (instruction.arguments.some(({ value }) => isCompletion(index.functionOf(value), fn))) return true;
    const callee = index.calleeOf(instruction);
    return callee !== undefined && callee !== fn && closuresOf(callee).some((closure) => callsAgain(closure, fn));
  });
}

/**
 * The first value is worked on while it is in the queue, and struck off when that is done: `write(queue[0], () => { queue.shift(); next(); })`.
 */
function isStruckOffWhenDone({ site: { fn, instruction }, amount, isLast }: Take): boolean {
  const { parent } = fn;
  if (amount !== 'one' || isLast || parent === undefined || instruction.op !== 'call' || instruction.callee.kind !== 'method') return false;
  const queue = rootOf(instruction.callee.object);
  const facts = factsOf(parent);
  const heads = facts.sites.flatMap(({ instruction: one }) => (one.op === 'load' && isFirst(one.key) && isSameMember(rootOf(one.object), queue) ? [one.target] : []));
  if (heads.length === 0 || !callsAgain(fn, parent)) return false;
  const derived = derivedFrom(parent, heads);
  const index = functionIndexOf(fn.module);
  return facts.sites.some(({ instruction: one }) => one.op === 'call' && one.arguments.some(({ value }) => derived.has(value)) && one.arguments.some(({ value }) => index.functionOf(value) === fn));
}

function isFirst(key: Key): boolean {
  if (key.kind === 'name') return key.name === '0';
  const made = madeBy(key.value)?.instruction;
  return made?.op === 'literal' && made.value === 0;
}

function isCompletion(closure: FunctionIr | undefined, fn: FunctionIr): boolean {
  if (closure === undefined) return false;
  return closure === fn || [closure, ...closuresOf(closure)].some((one) => callsAgain(one, fn));
}

/** `user` calls `fn`, by the name that its file knows it by. */
function callsAgain(user: FunctionIr, fn: FunctionIr): boolean {
  return functionIndexOf(fn.module).referencesOf(fn).some((reference) => (reference.kind === 'call' || reference.kind === 'argument') && reference.site.fn === user && !(reference.kind === 'call' && isOfModule(reference.site.instruction)));
}

/** `emulators.stop()` is another function than the method `stop` of this file's class. */
function isOfModule({ callee }: Call): boolean {
  if (callee.kind !== 'method') return false;
  const made = madeBy(rootOf(callee.object).base)?.instruction;
  if (made?.op !== 'call' || made.callee.kind !== 'value') return made?.op === 'import';
  const required = madeBy(made.callee.value)?.instruction;
  return required?.op === 'global' && required.name === 'require';
}

/** One value a turn: on a timer, or whenever the sink has room again. */
function isScheduled(fn: FunctionIr, derived: ReadonlySet<Variable>, world: World): Consumer['how'] | undefined {
  if (derived.size === 0) return undefined;
  const roles = rolesOf(fn, world);
  if (roles.some(({ kind, path }) => kind === 'timer' && path.length === 1)) return 'poll';
  const rearms = factsOf(fn).sites.some(({ instruction }) => instruction.op === 'call' && /#set(?:Timeout|Immediate)$/.test(calledApi(instruction, fn, world)?.path ?? '') && instruction.arguments.some(({ value }) => isCompletion(functionIndexOf(fn.module).functionOf(value), fn)));
  if (rearms) return 'poll';
  return roles.some(({ event, path }) => event === 'drain' && path.length <= 2) ? 'pump' : undefined;
}

/** Where a consumer takes from the queue. */
export function placeOfConsumer({ take }: Consumer): Origin {
  return take.site.instruction.origin;
}
