import { graphOf, type Loop } from '../flow/graph.js';
import type { Block, FunctionIr, Instruction, Origin, Variable } from '../ir/index.js';
import type { World } from '../world.js';
import { chainHead, isGiven, isKnownAsync } from './element-work.js';
import { factsOf, type Call, type Site } from './facts.js';
import { fateOf } from './fate.js';
import { passOf, type Pass } from './passes.js';
import type { Size } from './sizes.js';
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
  if (body === undefined || !(fn.outline.hasWalk || (fn.outline.hasLoop && fn.outline.members.has('length')))) return [];
  const facts = factsOf(fn);
  return [...graphOf(body).loops.values()].flatMap((loop) => {
    const blocks = facts.blocks.filter(({ id }) => loop.blocks.has(id));
    const pass = passOf(fn, loop, blocks);
    if (pass === undefined || blocks.some((block) => hasPace(block, loop, pass))) return [];
    const tasks = tasksOf(fn, blocks, pass, combined, world);
    if (tasks.length === 0) return [];
    const size = pass.size(world);
    return size === 'bounded' ? [] : tasks.map(({ site, isCollected }) => ({ site, isCollected, loop: pass.at, size: isCollected || pass.isSync ? size : 'unknown' }));
  });
}

/** It waits, hands something out, or compares another count before it goes on. */
function hasPace({ instructions, terminal }: Block, loop: Loop, { head }: Pass): boolean {
  if (terminal.kind === 'yield' || instructions.some(({ op }) => op === 'await')) return true;
  return terminal !== head && terminal.kind === 'branch' && terminal.test.kind === 'less' && (!loop.blocks.has(terminal.then) || !loop.blocks.has(terminal.otherwise));
}

function tasksOf(fn: FunctionIr, blocks: readonly Block[], pass: Pass, combined: readonly Variable[], world: World): readonly Task[] {
  const facts = factsOf(fn);
  const inside = new Set(blocks.map(({ id }) => id));
  const derived = derivedFrom(fn, pass.elements);
  const sites = facts.sites.filter(({ block }) => inside.has(block));
  const calls = sites.filter((site): site is Site<Call> => site.instruction.op === 'call');
  return sites.flatMap((site): readonly Task[] => {
    const collected = collectedBy(site, combined);
    const task = collected ?? (site.instruction.op === 'call' ? site.instruction : undefined);
    if (task === undefined) return [];
    const head = chainHead(task, fn);
    const isCollected = collected !== undefined;
    if (isTurn(head, fn, derived, world) || (!isCollected && (task !== chainEnd(task, calls) || fateOf({ ...site, instruction: task }) !== 'dropped'))) return [];
    // What the callee does is asked last: it takes the types.
    const started = (isCollected || isKnownAsync(head, fn, world)) && isGiven(head, fn, derived, world) ? siteOf(calls, head) : undefined;
    return started === undefined ? [] : [{ site: started, isCollected }];
  });
}

/** Methods of a list or a set of promises that take one in. */
const collecting: ReadonlySet<string> = new Set(['push', 'add']);

/** The call whose promise is put into a list that is waited for: `tasks.push(load(path))`, `tasks[i] = load(path)`. */
function collectedBy({ fn, instruction }: Site, combined: readonly Variable[]): Call | undefined {
  const facts = factsOf(fn);
  const put = putBy(instruction);
  if (put === undefined || !combined.includes(facts.sourceOf(put.list))) return undefined;
  const made = facts.makerOf(put.value);
  return made?.op === 'call' ? made : undefined;
}

function putBy(instruction: Instruction): { readonly list: Variable; readonly value: Variable } | undefined {
  if (instruction.op === 'store') return instruction.key.kind === 'computed' ? { list: instruction.object, value: instruction.value } : undefined;
  if (instruction.op !== 'call' || instruction.callee.kind !== 'method' || instruction.callee.key.kind !== 'name') return undefined;
  const [first, ...others] = instruction.arguments;
  return collecting.has(instruction.callee.key.name) && first !== undefined && others.length === 0 ? { list: instruction.callee.object, value: first.value } : undefined;
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
