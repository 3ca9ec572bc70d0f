import type { Certainty } from '../findings.js';
import type { Block, BlockId, FunctionIr, Origin, Variable } from '../ir/index.js';
import { successorsOf } from '../ir/operands.js';
import type { World } from '../world.js';
import { calledApi, contractOf } from './apis.js';
import { derivedFrom } from './derived.js';
import { factsOf, type Call, type Site } from './facts.js';
import { functionIndexOf } from './functions.js';
import { calleeBehind } from './function-behind.js';
import { calledAs } from './names.js';
import { enclosing, isSameRoot, madeBy, rootOf } from './roots.js';

/** How an exception, or the rejection of a promise, leaves a function. */
export interface Escape {
  readonly how: 'throw' | 'parse' | 'helper' | 'await';
  readonly certainty: Certainty;
  /** The `throw` statement, the call, the `await`. */
  readonly at: Origin;
  /** What is called, as a reader knows it; empty for a `throw`. */
  readonly by: string;
  /** Where a helper throws. */
  readonly from: Origin | undefined;
}

/** Helpers of helpers are followed this far. */
const longestChain = 3;

/** Promises of the platform that are always kept. */
const keptPromises: ReadonlySet<string> = new Set([
  'node:timers/promises#setTimeout', 'node:timers/promises#setImmediate', 'global#Promise.allSettled', 'global#Promise.resolve',
]);
/** What these give, `JSON.parse` can read. */
const writers: ReadonlySet<string> = new Set(['stringify', 'encodeURIComponent', 'encodeURI', 'btoa']);

/**
 * The ways in which an exception leaves a function while it runs: its own `throw` statements, calls that throw on input they cannot
 * read, and helpers of the program that do either. What a `try` around them catches is left out.
 *
 * @param fn - the function
 * @param world - resolves what it calls
 * @returns the ways, in the order of the code
 */
export function thrownBy(fn: FunctionIr, world: World, depth = 0): readonly Escape[] {
  const escapes: Escape[] = [];
  const uncaught = uncaughtBlocks(fn);
  for (const block of uncaught) {
    block.instructions.forEach((instruction, index) => {
      if (instruction.op !== 'call') return;
      const escape = thrownByCall({ fn, block: block.id, index, instruction }, world, depth);
      if (escape !== undefined) escapes.push(escape);
    });
    const { terminal } = block;
    if (terminal.kind === 'throw' && !isPassedOn(fn, terminal.value)) escapes.push({ how: 'throw', certainty: 'certain', at: terminal.origin, by: '', from: undefined });
  }
  return escapes.sort((a, b) => a.at.start - b.at.start);
}

/**
 * The ways in which the promise of an async function is rejected.
 *
 * @param fn - an async function
 * @param world - resolves what it calls
 * @returns the ways, in the order of the code
 */
export function rejectionsOf(fn: FunctionIr, world: World, depth = 0): readonly Escape[] {
  const escapes: Escape[] = [...thrownBy(fn, world, depth)];
  for (const { instructions, terminal } of uncaughtBlocks(fn)) {
    for (const instruction of instructions) {
      if (instruction.op === 'await' && mayReject(instruction.value, world, depth)) escapes.push({ how: 'await', certainty: 'certain', at: instruction.origin, by: awaitedName(instruction.value), from: undefined });
    }
    if (terminal.kind === 'next' && terminal.mode === 'async') escapes.push({ how: 'await', certainty: 'certain', at: terminal.origin, by: '', from: undefined });
  }
  return escapes.sort((a, b) => a.at.start - b.at.start);
}

/**
 * Whether what is thrown in a block ends in a `catch` of the function itself; one that throws it again is none.
 *
 * @param fn - the function
 * @param block - one of its blocks
 * @returns true when it does not leave the function
 */
export function isCaughtIn(fn: FunctionIr, block: BlockId): boolean {
  const { blocks } = factsOf(fn);
  const at = blocks[block];
  return at !== undefined && isCaught(blocks, at, 0);
}

/** The blocks that can run and whose exceptions leave the function. */
function uncaughtBlocks(fn: FunctionIr): readonly Block[] {
  const facts = factsOf(fn);
  const reachable = reachableBlocks(facts.blocks);
  return facts.blocks.filter((block) => reachable.has(block.id) && !isCaught(facts.blocks, block, 0));
}

/** From the entry, also by way of exceptions. */
function reachableBlocks(blocks: readonly Block[]): ReadonlySet<number> {
  const seen = new Set<number>([0]);
  const work = [0];
  for (let id = work.pop(); id !== undefined; id = work.pop()) {
    const block = blocks[id];
    if (block === undefined) continue;
    for (const next of block.handler === undefined ? successorsOf(block.terminal) : [...successorsOf(block.terminal), block.handler]) {
      if (seen.has(next)) continue;
      seen.add(next);
      work.push(next);
    }
  }
  return seen;
}

/** A `finally` without a `catch` hands on what it receives. */
function isCaught(blocks: readonly Block[], block: Block, depth: number): boolean {
  const handler = block.handler === undefined ? undefined : blocks[block.handler];
  if (handler === undefined) return false;
  const received = handler.instructions.find(({ op }) => op === 'caught');
  if (received?.op !== 'caught' || depth > 8) return true;
  const seen = new Set<number>([handler.id]);
  const work = [handler.id];
  for (let id = work.pop(); id !== undefined; id = work.pop()) {
    const at = blocks[id];
    if (at === undefined) continue;
    if (at.terminal.kind === 'throw' && at.terminal.value === received.target && !isCaught(blocks, at, depth + 1)) return false;
    for (const next of successorsOf(at.terminal)) {
      if (seen.has(next)) continue;
      seen.add(next);
      work.push(next);
    }
  }
  return true;
}

/** The end of a `finally`: what threw is somewhere else. */
function isPassedOn(fn: FunctionIr, value: Variable): boolean {
  return value.storage === 'temporary' && factsOf(fn).definitionOf(value)?.op === 'caught';
}

function thrownByCall(site: Site<Call>, world: World, depth: number): Escape | undefined {
  const at = site.instruction.origin;
  const by = `${calledAs(site)}()`;
  const contract = world.catalog.throwingNames.has(calledAs(site)) && isInput(site) ? contractOf(site.instruction, site.fn, world) : undefined;
  if (contract?.throwsOnInput === true) return isAsked(site, contract.vettedBy, world) ? undefined : { how: 'parse', certainty: 'certain', at, by, from: undefined };
  if (depth >= longestChain || site.instruction.callee.kind === 'construct') return undefined;
  const helper = calleeBehind(site.instruction, site.fn, world);
  // What a step that calls itself throws is told of where it throws.
  if (helper === undefined || helper === site.fn || helper.isAsync || helper.isGenerator || isVetted(helper, site.fn)) return undefined;
  const [first] = thrownBy(helper, world, depth + 1);
  if (first === undefined) return undefined;
  const isCertain = first.how !== 'helper' && isOfInput(site) && !isGivenCallback(site) && !isPublic(helper) && (first.how === 'parse' || helper.module === site.fn.module);
  return { how: 'helper', certainty: isCertain ? 'certain' : 'potential', at, by, from: first.from ?? first.at };
}

/** A callback that starts the function around it anew: what that function refuses, it has refused its first caller, before the callback was there. */
function isVetted(helper: FunctionIr, fn: FunctionIr): boolean {
  return helper !== fn && enclosing(fn).includes(helper);
}

/** What a helper is given comes from what the function was given: only then it is likely to be what the helper refuses. */
function isOfInput({ instruction, fn }: Site<Call>): boolean {
  const given = new Set(fn.parameters.flatMap((parameter) => [...derivedFrom(fn, parameter)]));
  return instruction.arguments.some(({ value }) => given.has(value));
}

/** Whoever is given the function to call when it is done tells that one of its errors, and throws only where there is none. */
function isGivenCallback({ instruction, fn }: Site<Call>): boolean {
  const done = fn.parameters.at(-1);
  return done !== undefined && fn.parameters.length > 1 && rootOf(instruction.arguments.at(-1)?.value ?? instruction.target).base === done;
}

/** What others may call, as other files can, guards against their mistakes; its own class makes none. */
function isPublic(fn: FunctionIr): boolean {
  const member = fn.ownerClass?.members.find((one) => one.function === fn);
  return member !== undefined && member.access === 'public' && !(member.key.kind === 'name' && member.key.name.startsWith('_'));
}

/** What is written in the program itself, or by it a moment ago, can be read. */
function isInput({ instruction, fn }: Site<Call>): boolean {
  const [argument] = instruction.arguments;
  const made = argument && madeBy(argument.value);
  if (made === undefined) return argument !== undefined || instruction.callee.kind === 'method';
  if (made.instruction.op === 'call') return !writers.has(calledAs({ fn, block: made.block, index: made.index, instruction: made.instruction }));
  return made.instruction.op !== 'literal';
}

/** `if (URL.canParse(text)) … new URL(text)` */
function isAsked({ fn, block, instruction }: Site<Call>, path: string | undefined, world: World): boolean {
  const [input] = instruction.arguments;
  if (path === undefined || input === undefined) return false;
  const facts = factsOf(fn);
  return facts.blocks.some(({ id, terminal }) => {
    const asked = terminal.kind === 'branch' && terminal.test.kind === 'truthy' ? facts.makerOf(terminal.test.value) : undefined;
    const [first] = asked?.op === 'call' ? asked.arguments : [];
    if (terminal.kind !== 'branch' || asked?.op !== 'call' || first === undefined || !isSameRoot(rootOf(first.value), rootOf(input.value)) || calledApi(asked, fn, world)?.path !== path) return false;
    return facts.reachableFrom(terminal.then, id).has(block) && !facts.reachableFrom(terminal.otherwise, id).has(block);
  });
}

/**
 * Whether a promise may be rejected: all may, but those that code which is in sight always keeps.
 *
 * @param promise - holds it
 * @param world - resolves what made it
 * @returns false where nothing that leads to the promise throws
 */
export function mayReject(promise: Variable, world: World, depth = 0): boolean {
  const branches = promise.storage === 'temporary' ? functionIndexOf(promise.owner.module).definitionsOf(promise) : [];
  // `port?.write(chunk).catch(report)`: undefined, or a promise.
  if (branches.length > 1) return branches.some(({ instruction }) => instruction.op !== 'literal' && (instruction.op !== 'copy' || mayReject(instruction.source, world, depth)));
  const made = madeBy(promise);
  if (made?.instruction.op === 'literal') return false;
  if (made?.instruction.op !== 'call') return true;
  const site: Site<Call> = { ...made, instruction: made.instruction };
  const { callee, arguments: args } = site.instruction;
  if (callee.kind === 'method' && (calledAs(site) === 'catch' || (calledAs(site) === 'then' && args.length > 1))) return false;
  const api = calledApi(site.instruction, site.fn, world);
  if (api !== undefined && keptPromises.has(api.path)) return false;
  if (api?.path === 'global#Promise' && callee.kind === 'construct') {
    const executor = args[0] && functionIndexOf(site.fn.module).functionOf(args[0].value);
    return executor === undefined || executor.parameters.length > 1 || thrownBy(executor, world, depth).length > 0;
  }
  if (depth >= longestChain) return true;
  const maker = generatorStepped(site, world) ?? calleeBehind(site.instruction, site.fn, world);
  return maker?.isAsync !== true || rejectionsOf(maker, world, depth + 1).length > 0;
}

/** `chunks.next()` of `const chunks = read()`: what comes of the generator's body up to its next `yield`. */
function generatorStepped(site: Site<Call>, world: World): FunctionIr | undefined {
  const { callee } = site.instruction;
  const opened = callee.kind === 'method' && calledAs(site) === 'next' ? madeBy(rootOf(callee.object).base) : undefined;
  const generator = opened?.instruction.op === 'call' ? calleeBehind(opened.instruction, opened.fn, world) : undefined;
  return generator?.isGenerator === true ? generator : undefined;
}

function awaitedName(promise: Variable): string {
  const made = madeBy(promise);
  return made?.instruction.op === 'call' ? `${calledAs({ ...made, instruction: made.instruction })}()` : '';
}
