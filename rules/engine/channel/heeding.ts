import type { SinkSignal } from '../contracts/contract.js';
import type { FunctionIr, Variable } from '../ir/index.js';
import type { World } from '../world.js';
import { closuresOf, factsOf, type Call, type Site } from './facts.js';
import { fateOf } from './fate.js';
import { calleeBehind } from './function-behind.js';
import { functionIndexOf } from './functions.js';
import { calledAs } from './names.js';
import { isIdle, isInAnswer, ownStepOf } from './repetition.js';
import { enclosing, holds, isSameMember, isSameRoot, madeBy, type Root, rootOf, stringIn } from './roots.js';

/** Members by which code asks a sink whether it is full, or stops who feeds it. */
const signs: Readonly<Record<SinkSignal, readonly string[]>> = {
  false: ['pause', 'isPaused', 'writableNeedDrain', 'writableLength', 'readableLength', 'readableFlowing', 'bufferSize', '_writableState', '_readableState'],
  promise: ['ready', 'desiredSize', 'pause'],
  desiredSize: ['desiredSize', 'pause'],
  bufferedAmount: ['bufferedAmount', 'onbufferedamountlow', 'bufferedAmountLowThreshold', 'pause'],
};

const awaitsRoom: ReadonlySet<string> = new Set(['drain', 'bufferedamountlow']);

/**
 * Whether code near a call listens to the sink's signal in some way: then its author knows, and how well it is done is not judged.
 *
 * @param site - the call on the sink
 * @param root - how its function reaches the sink
 * @param signal - how the sink says that it is full
 * @param world - resolves imports and globals
 * @returns true when a sign of heeding is there
 */
export function isHeeded(site: Site<Call>, root: Root, signal: SinkSignal, world: World): boolean {
  if (isToldWhenDone(site, world)) return true;
  if (isListening(site.fn, root, signal, world)) return true;
  const near = family(site.fn, root, world);
  return near.some((fn) => usesResult(fn, site, root)) || isAskedFor(site, root, world) || isAwaitedNearby(site, root);
}

/**
 * Whether a function, or one that shares its duty, asks a sink whether it is full, or waits until it has room.
 *
 * @param fn - the function
 * @param root - how it reaches the sink
 * @param signal - how the sink says that it is full
 * @param world - resolves what is called
 * @returns true when it names a member or an event by which that is done, or hands the sink to a function that does
 */
export function isListening(fn: FunctionIr, root: Root, signal: SinkSignal, world: World): boolean {
  const looks = (one: FunctionIr): boolean => signs[signal].some((name) => one.outline.members.has(name)) || listensForRoom(one);
  return family(fn, root, world).some((one) => looks(one) || (one.outline.hasCall && helpersOf(one, root, world).some(looks)));
}

/** `if (isFull(socket)) …`: functions of the program that are handed the sink itself, where something is made of their answer. */
function helpersOf(fn: FunctionIr, root: Root, world: World): readonly FunctionIr[] {
  return factsOf(fn).sites.flatMap(({ instruction }) => {
    if (instruction.op !== 'call' || !instruction.isResultUsed || !instruction.arguments.some(({ value }) => isSameRoot(rootOf(value), root))) return [];
    return calleeBehind(instruction, fn, world) ?? [];
  });
}

/** `write(chunk, callback)`: somebody is told when the chunk is through. */
function isToldWhenDone(site: Site<Call>, world: World): boolean {
  // `write.call(sink, chunk)`
  const last = site.instruction.arguments.slice(calledAs(site) === 'call' ? 2 : 1).at(-1);
  if (last === undefined) return false;
  const made = madeBy(last.value)?.instruction;
  if (made?.op === 'literal' || made?.op === 'object') return false;
  return made?.op === 'function' || world.typeOf(last.origin).kind !== 'primitive';
}

/** The functions that may share the duty: all of a class, or all of the outermost function; those that capture a module's variable. */
function family(fn: FunctionIr, root: Root, world: World): readonly FunctionIr[] {
  const holders = holdersOf(root, world);
  const all = kinOf(fn, root);
  return holders === undefined ? all : all.filter((one) => holders.has(one));
}

/** The only functions that can reach a sink: where it is made, or given to a step of a stream, and handed to nobody. Undefined where others may. */
function holdersOf(root: Root, world: World): ReadonlySet<FunctionIr> | undefined {
  const { base, path } = root;
  const { owner } = base;
  if (path.length > 0 || owner.kind === 'module' || isHandedOn(base)) return undefined;
  const step = base.storage === 'parameter' ? ownStepOf(root, owner, world) : undefined;
  const isMade = base.storage === 'local' && base.isConstant && madeBy(base)?.instruction.op === 'call';
  if (step === undefined && !isMade) return undefined;
  const siblings = webSteps.flatMap((name) => step?.sibling(name) ?? []);
  return new Set([owner, ...siblings].flatMap((one) => [one, ...closuresOf(one)]));
}

const webSteps: readonly string[] = ['start', 'pull', 'cancel', 'transform', 'flush', 'write'];

/** Something else is done with it than to call its methods and to read its members. */
function isHandedOn(sink: Variable): boolean {
  return functionIndexOf(sink.owner.module).using(sink).some((fn) => {
    const facts = factsOf(fn);
    return facts.isTerminalOperand(sink) || facts.usesOf(sink).some(({ instruction }) => {
      if (instruction.op === 'load') return instruction.object !== sink;
      return instruction.op !== 'call' || instruction.callee.kind !== 'method' || instruction.callee.object !== sink || instruction.arguments.some(({ value }) => value === sink);
    });
  });
}

function kinOf(fn: FunctionIr, root: Root): readonly FunctionIr[] {
  const around = enclosing(fn);
  const owner = around.find(({ ownerClass }) => ownerClass !== undefined)?.ownerClass;
  const found = new Set<FunctionIr>();
  const add = (one: FunctionIr): void => {
    found.add(one);
    for (const inner of closuresOf(one)) found.add(inner);
  };
  if (owner !== undefined) for (const member of owner.members) add(member.function);
  if (owner?.constructorFunction !== undefined) add(owner.constructorFunction);
  const outermost = around.at(-2);
  if (outermost !== undefined) add(outermost);
  const { base } = root;
  if (base.storage !== 'temporary') for (const user of functionIndexOf(base.owner.module).using(base)) if (user.kind !== 'module') add(user);
  // The top level itself, and the functions written as arguments there.
  const top = around.at(-1);
  if (top !== undefined && (outermost === undefined || outermost.kind === 'arrow' || base.owner === top)) {
    found.add(top);
    for (const inner of top.outline.nested) if (inner.kind === 'arrow') add(inner);
  }
  return [...found];
}

/** `sink.once('drain', …)`, `once(sink, 'drain')`. */
function listensForRoom(fn: FunctionIr): boolean {
  if (!fn.outline.hasCall) return false;
  return factsOf(fn).sites.some(
    ({ instruction }) => instruction.op === 'call' && instruction.arguments.slice(0, 2).some(({ value }) => awaitsRoom.has(stringIn(value) ?? '')),
  );
}

/** Another call on the same sink whose result is looked at. */
function usesResult(fn: FunctionIr, site: Site<Call>, root: Root): boolean {
  const name = calledAs(site);
  if (!fn.outline.members.has(name)) return false;
  return factsOf(fn).sites.some(({ instruction }, at, sites) => {
    const other = sites[at];
    if (instruction === site.instruction || instruction.op !== 'call' || other === undefined || instruction.callee.kind !== 'method') return false;
    if (instruction.callee.key.kind !== 'name' || instruction.callee.key.name !== name) return false;
    return isSameMember(rootOf(instruction.callee.object), root) && fateOf({ ...other, instruction }) === 'used';
  });
}

/** The stream says that it wants more through a step that does something about it; pushing all there is in that very step is not that. */
function isAskedFor(site: Site<Call>, root: Root, world: World): boolean {
  const name = calledAs(site);
  if (isInAnswer(root, site.fn, world)) return false;
  if (name === 'enqueue') {
    const pull = ownStepOf(root, site.fn, world)?.sibling('pull');
    return pull !== undefined && !isIdle(pull);
  }
  if (name !== 'push') return false;
  const { base, path } = root;
  const read = base.storage === 'this' && path.length === 0 ? functionIndexOf(base.owner.module).methodOf(base, '_read') : undefined;
  if (read !== undefined) return !isIdle(read);
  // Without a step of its own it is one that a base class has, or that somebody else made.
  const sibling = ownStepOf(root, site.fn, world)?.sibling('_read');
  return sibling === undefined ? !isMadeIdle(root) : !isIdle(sibling);
}

/** `new Readable({ read() {} })`: made here, with a step that does nothing. */
function isMadeIdle({ base, path }: Root): boolean {
  const maker = madeBy(base);
  if (maker?.instruction.op !== 'call' || path.length > 0) return false;
  const options = maker.instruction.arguments[0];
  const object = options && madeBy(options.value)?.instruction;
  if (object?.op !== 'object') return false;
  const read = object.properties.find((one) => one.kind === 'value' && one.key.kind === 'name' && one.key.name === 'read');
  const fn = read?.kind === 'value' ? functionIndexOf(base.owner.module).functionOf(read.value) : undefined;
  return fn !== undefined && isIdle(fn);
}

/** `await pipeline(body, sink, { end: false })` in the same turn: whoever is given the sink may wait for it. */
function isAwaitedNearby(site: Site<Call>, root: Root): boolean {
  const facts = factsOf(site.fn);
  const [loop] = facts.loopsAround(site.block);
  return facts.sites.some(({ instruction, block }) => {
    if (instruction === site.instruction || instruction.op !== 'call' || !instruction.isAwaited || loop?.blocks.has(block) !== true) return false;
    const { callee } = instruction;
    const given = instruction.arguments.map(({ value }) => rootOf(value));
    if (callee.kind === 'method') given.push(rootOf(callee.object));
    return given.some((one) => !(one.base.storage === 'this' && one.path.length === 0) && holds(one, root));
  });
}
