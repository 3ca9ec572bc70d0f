import { graphOf, type Loop } from '../flow/graph.js';
import type { Block, FunctionIr, Origin, Terminal, Variable } from '../ir/index.js';
import type { World } from '../world.js';
import { chainHead, isGiven, isKnownAsync } from './element-work.js';
import { factsOf, type Call, type Site } from './facts.js';
import { fateOf } from './fate.js';
import { sizeOf, type Size } from './sizes.js';
import { derivedFrom } from './taint.js';
import { isTurn } from './turns.js';

/** A task that a loop starts for each element, and does not wait for. */
export interface Started {
  readonly site: Site<Call>;
  readonly loop: Origin;
  /** How many turns the loop can take. */
  readonly size: Size;
  /** Its promise goes into a list that is waited for after the loop. */
  readonly isCollected: boolean;
}

type Task = Pick<Started, 'site' | 'isCollected'>;

type Next = Extract<Terminal, { readonly kind: 'next' }>;

/**
 * The tasks that the loops of a function start for each element. A loop that waits for anything itself, yields, or can be left at a
 * count has a pace of its own.
 *
 * @param fn - the function
 * @param combined - the lists of promises that it waits for as a whole
 * @param world - answers questions about types
 * @returns the tasks, none where the code bounds the number of turns
 */
export function startedIn(fn: FunctionIr, combined: readonly Variable[], world: World): readonly Started[] {
  const { body } = fn;
  if (body === undefined || !fn.outline.hasWalk) return [];
  const facts = factsOf(fn);
  return [...graphOf(body).loops.values()].flatMap((loop) => {
    const blocks = facts.blocks.filter(({ id }) => loop.blocks.has(id));
    const step = blocks.map(({ terminal }) => terminal).find((terminal): terminal is Next => terminal.kind === 'next' && !loop.blocks.has(terminal.done));
    if (step === undefined || step.mode === 'keys' || blocks.some((block) => hasPace(block, loop))) return [];
    const tasks = tasksOf(fn, blocks, step, combined, world);
    if (tasks.length === 0) return [];
    const size = turnsOf(step, fn, world);
    return size === 'bounded' ? [] : tasks.map(({ site, isCollected }) => ({ site, isCollected, loop: step.origin, size: isCollected || step.mode === 'sync' ? size : 'unknown' }));
  });
}

/** It waits, hands something out, or compares a count before it goes on. */
function hasPace({ instructions, terminal }: Block, loop: Loop): boolean {
  if (terminal.kind === 'yield' || instructions.some(({ op }) => op === 'await')) return true;
  return terminal.kind === 'branch' && terminal.test.kind === 'less' && (!loop.blocks.has(terminal.then) || !loop.blocks.has(terminal.otherwise));
}

/** Nobody knows how much a stream still brings. */
function turnsOf(step: Next, fn: FunctionIr, world: World): Size {
  if (step.mode === 'async') return 'input';
  const opened = factsOf(fn).makerOf(step.iterator);
  return opened?.op === 'iterate' ? sizeOf(opened.iterable, fn, world) : 'unknown';
}

function tasksOf(fn: FunctionIr, blocks: readonly Block[], step: Next, combined: readonly Variable[], world: World): readonly Task[] {
  const facts = factsOf(fn);
  const inside = new Set(blocks.map(({ id }) => id));
  const derived = derivedFrom(fn, [step.value]);
  const calls = facts.sites.filter((site): site is Site<Call> => site.instruction.op === 'call' && inside.has(site.block));
  return calls.flatMap((site): readonly Task[] => {
    const call = site.instruction;
    const collected = collectedBy(site, combined);
    const task = collected ?? call;
    const head = chainHead(task, fn);
    const isCollected = collected !== undefined;
    if (isTurn(head, fn, derived, world) || (!isCollected && (call !== chainEnd(call, calls) || fateOf(site) !== 'dropped'))) return [];
    // What the callee does is asked last: it takes the types.
    return (isCollected || isKnownAsync(head, fn, world)) && isGiven(head, fn, derived, world) ? [{ site: siteOf(calls, head) ?? site, isCollected }] : [];
  });
}

/** The call whose promise is pushed into a list that is waited for. */
function collectedBy({ fn, instruction }: Site<Call>, combined: readonly Variable[]): Call | undefined {
  const { callee, arguments: args } = instruction;
  if (callee.kind !== 'method' || callee.key.kind !== 'name' || callee.key.name !== 'push' || args.length !== 1 || args[0] === undefined) return undefined;
  const facts = factsOf(fn);
  if (!combined.includes(facts.sourceOf(callee.object))) return undefined;
  const made = facts.makerOf(args[0].value);
  return made?.op === 'call' ? made : undefined;
}

/** The last call of a chain of `then`. */
function chainEnd(call: Call, calls: readonly Site<Call>[]): Call {
  let end = call;
  for (let turns = 0; turns < 8; turns++) {
    const next = calls.find(({ instruction: { callee } }) => callee.kind === 'method' && callee.object === end.target && callee.key.kind === 'name' && /^(?:then|catch|finally)$/.test(callee.key.name));
    if (next === undefined) return end;
    end = next.instruction;
  }
  return end;
}

function siteOf(calls: readonly Site<Call>[], call: Call): Site<Call> | undefined {
  return calls.find(({ instruction }) => instruction === call);
}
