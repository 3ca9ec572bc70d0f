import type { Certainty } from '../findings.js';
import type { Loop } from '../flow/graph.js';
import type { Block, BlockId, FunctionIr, Origin, Test, Variable } from '../ir/index.js';
import { successorsOf } from '../ir/operands.js';
import type { World } from '../world.js';
import { factsOf } from './facts.js';
import { functionIndexOf } from './functions.js';
import { calledAs } from './names.js';
import { isSameRoot, madeBy, makerOf, rootOf } from './roots.js';
import { derivedFrom } from './taint.js';

/** How many turns a loop may take, as far as its head tells. */
export interface LoopKind {
  readonly certainty: Certainty;
  /** `collection`: what it goes through is in memory already. `states`: a turn goes from one state of something to another. */
  readonly how: 'loop' | 'collection' | 'states';
  readonly by: string;
  readonly at: Origin;
}

/** So many writes fit into any buffer worth the name. */
const fewTurns = 1000;

/** Calls that bring in more from outside while nothing else can run. What a `read()` or `next()` gives may be in memory already. */
const syncReads: ReadonlySet<string> = new Set(['readSync', 'readvSync', 'receiveMessageOnPort']);

/**
 * Whether a loop has no bound in sight.
 *
 * @param fn - the function
 * @param loop - one of its loops
 * @param world - tells generators from collections
 * @returns undefined for a loop of a few turns
 */
export function loopKindOf(fn: FunctionIr, loop: Loop, world: World): LoopKind | undefined {
  const facts = factsOf(fn);
  const blocks = facts.blocks.filter(({ id }) => loop.blocks.has(id));
  const stepping = blocks.find(({ terminal }) => terminal.kind === 'next' && !loop.blocks.has(terminal.done));
  const isSuspending = blocks.some(isSuspensionIn);
  const by = 'each turn of the loop';
  if (stepping?.terminal.kind === 'next') {
    const { iterator, mode, origin } = stepping.terminal;
    const iterated = iterableOf(iterator);
    if (mode === 'keys' || (iterated !== undefined && isLiteralList(iterated))) return undefined;
    const isLazy = isSuspending || (iterated !== undefined && isGenerated(iterated, world));
    return { certainty: isLazy ? 'certain' : 'potential', how: isLazy ? 'loop' : 'collection', by, at: origin };
  }
  const exits = blocks.filter(({ terminal }) => terminal.kind === 'branch' && successorsOf(terminal).some((next) => !loop.blocks.has(next)));
  const counts = exits.flatMap(({ terminal }) => (terminal.kind === 'branch' ? [countOf(terminal.test)] : []));
  const at = exits[0]?.terminal.kind === 'branch' ? exits[0].terminal.origin : (blocks[0]?.instructions[0]?.origin ?? fn.origin);
  const count = counts.find((one) => one !== undefined);
  if (count !== undefined && count <= fewTurns) return undefined;
  // Which of its states follow one another, nobody says.
  if (isStateMachine(fn, blocks)) return { certainty: 'potential', how: 'states', by, at };
  const isCertain = isSuspending || count !== undefined || blocks.some((block) => readsMore(fn, block));
  return { certainty: isCertain ? 'certain' : 'potential', how: 'loop', by, at };
}

/**
 * Whether a loop ends with the turn in which a block ran: `while (!hasFed) { … feed(); hasFed = true; }`.
 *
 * @param fn - the function
 * @param loop - one of its loops
 * @param block - one of the loop's blocks
 * @returns false also where that is not known
 */
export function endsWithFlag(fn: FunctionIr, loop: Loop, block: BlockId): boolean {
  const facts = factsOf(fn);
  const raised = (facts.blocks[block]?.instructions ?? []).flatMap((one) => (one.op === 'copy' && one.target.storage !== 'temporary' ? [{ flag: one.target, made: madeBy(one.source)?.instruction }] : []));
  return facts.blocks.some(({ id, terminal }) => {
    if (!loop.blocks.has(id) || terminal.kind !== 'branch' || terminal.test.kind !== 'truthy') return false;
    const { base, path } = rootOf(terminal.test.value);
    const made = raised.find(({ flag }) => flag === base && path.length === 0)?.made;
    if (made?.op !== 'literal' || typeof made.value !== 'boolean') return false;
    return !loop.blocks.has(made.value ? terminal.then : terminal.otherwise);
  });
}

/**
 * Whether a loop ends with the turn in which a list had anything in it, and a block ran for each of that: `for (const frame of frames)
 * push(frame); if (frames.length > 0) return;`.
 *
 * @param fn - the function
 * @param loop - one of its loops
 * @param block - one of the loop's blocks
 * @returns false also where that is not known
 */
export function endsWithList(fn: FunctionIr, loop: Loop, block: BlockId): boolean {
  const facts = factsOf(fn);
  const lists = facts.loopsAround(block).flatMap((inner) => {
    const step = inner === loop ? undefined : facts.blocks.find(({ id, terminal }) => inner.blocks.has(id) && terminal.kind === 'next' && !inner.blocks.has(terminal.done))?.terminal;
    const list = step?.kind === 'next' && loop.blocks.has(step.done) ? iterableOf(step.iterator) : undefined;
    return list === undefined ? [] : [rootOf(list)];
  });
  return facts.blocks.some(({ id, terminal }) => {
    if (!loop.blocks.has(id) || terminal.kind !== 'branch' || loop.blocks.has(terminal.then)) return false;
    const length = terminal.test.kind === 'truthy' ? rootOf(terminal.test.value) : terminal.test.kind === 'less' ? rootOf(terminal.test.right) : undefined;
    return length?.path.at(-1) === 'length' && lists.some((list) => isSameRoot(list, { base: length.base, path: length.path.slice(0, -1) }));
  });
}

/**
 * Whether a loop counts what it has done against what it was asked for: `while (size > 0) { push(next()); size--; }`.
 *
 * @param fn - the function
 * @param loop - one of its loops
 * @param asked - holds how much was asked for
 * @returns false also where that is not known
 */
export function countsUpTo(fn: FunctionIr, loop: Loop, asked: Variable): boolean {
  const facts = factsOf(fn);
  return facts.blocks.some(({ terminal }) => {
    if (terminal.kind !== 'branch' || terminal.test.kind !== 'less') return false;
    const sides = [terminal.test.left, terminal.test.right].map((side) => rootOf(side));
    const isAsked = sides.some(({ base, path }) => base === asked && path.length === 0);
    return isAsked && sides.some(({ base }) => facts.definitionsOf(base).some(({ block }) => loop.blocks.has(block)));
  });
}

/**
 * Whether what a loop writes is there before its first turn: something made of an element of a list alone. Whatever the loop waits for then brings in
 * no more of it.
 *
 * @param fn - the function
 * @param loop - one of its loops
 * @param chunk - what is written
 * @param world - tells generators from collections
 * @returns false also where that is not known
 */
export function isThereAlready(fn: FunctionIr, loop: Loop, chunk: Variable, world: World): boolean {
  const blocks = factsOf(fn).blocks.filter(({ id }) => loop.blocks.has(id));
  const step = blocks.map(({ terminal }) => terminal).find((terminal) => terminal.kind === 'next' && !loop.blocks.has(terminal.done));
  if (step?.kind !== 'next' || step.mode !== 'sync') return false;
  const iterated = iterableOf(step.iterator);
  if (iterated === undefined || isGenerated(iterated, world)) return false;
  const awaited = blocks.flatMap(({ instructions }) => instructions.flatMap((instruction) => (instruction.op === 'await' ? [instruction.target] : [])));
  return derivedFrom(fn, [step.value]).has(chunk) && !derivedFrom(fn, awaited).has(chunk);
}

/** `while (1) switch (context.next) { case 0: … }`: what a compiler makes of a generator, or of an async function. */
function isStateMachine(fn: FunctionIr, blocks: readonly Block[]): boolean {
  const states = new Map<Variable, number>();
  const inside = new Set(blocks.map(({ id }) => id));
  for (const { terminal } of blocks) {
    if (terminal.kind !== 'branch' || terminal.test.kind !== 'equal') continue;
    const { left, right } = terminal.test;
    if (typeof literalOf(right) === 'number') states.set(left, (states.get(left) ?? 0) + 1);
  }
  return [...states].some(([state, count]) => count > 1 && factsOf(fn).definitionsOf(state).every(({ block }) => inside.has(block)) && isSetFrom(state, blocks));
}

/** The state is a member of something, and a turn gives it another number. */
function isSetFrom(state: Variable, blocks: readonly Block[]): boolean {
  const { base, path } = rootOf(state);
  return blocks.some(({ instructions }) =>
    instructions.some((one) => one.op === 'store' && one.key.kind === 'name' && typeof literalOf(one.value) === 'number' && rootOf(one.object).base === base && path.length > 0),
  );
}

function literalOf(variable: Variable): unknown {
  const made = madeBy(variable)?.instruction;
  return made?.op === 'literal' ? made.value : undefined;
}

/** Other code can run between two turns, and bring in more. */
function isSuspensionIn({ instructions, terminal }: Block): boolean {
  return terminal.kind === 'yield' || (terminal.kind === 'next' && terminal.mode === 'async') || instructions.some(({ op }) => op === 'await');
}

function iterableOf(iterator: Variable): Variable | undefined {
  const made = makerOf(iterator)?.instruction;
  return made?.op === 'iterate' ? made.iterable : undefined;
}

function isLiteralList(iterable: Variable): boolean {
  const made = madeBy(rootOf(iterable).base)?.instruction;
  return made?.op === 'array' && made.elements.every(({ kind }) => kind !== 'spread') && rootOf(iterable).path.length === 0;
}

/** What makes its items one by one has more of them than memory holds. */
function isGenerated(iterable: Variable, world: World): boolean {
  const made = madeBy(rootOf(iterable).base)?.instruction;
  if (made?.op !== 'call') return false;
  const callee = world.calleeOf(made.origin);
  return callee !== undefined && 'function' in callee && callee.function.isGenerator;
}

/** The number that a loop counts up to, or down from. */
function countOf(test: Test): number | undefined {
  if (test.kind !== 'less') return undefined;
  const counts = [test.left, test.right].map(literalIn).filter((count) => count !== undefined && count !== 0);
  return counts.length === 0 ? undefined : Math.max(...counts.map(Number));
}

/** The number that a variable is given, where all else it is given is counted from there. */
function literalIn(variable: Variable): number | undefined {
  const { base, path } = rootOf(variable);
  const given = path.length > 0 || base.storage === 'parameter' ? [] : functionIndexOf(base.owner.module).definitionsOf(base).map(({ instruction }) => (instruction.op === 'copy' ? madeBy(instruction.source)?.instruction : instruction));
  const numbers = given.flatMap((made) => (made?.op === 'literal' && typeof made.value === 'number' ? [made.value] : []));
  return numbers.length > 0 && given.every((made) => made?.op === 'literal' || made?.op === 'binary') ? Math.max(...numbers) : undefined;
}

function readsMore(fn: FunctionIr, block: Block): boolean {
  return block.instructions.some((instruction, index) => instruction.op === 'call' && syncReads.has(calledAs({ fn, block: block.id, index, instruction })));
}
