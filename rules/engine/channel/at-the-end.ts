import type { FunctionIr, Variable } from '../ir/index.js';
import type { World } from '../world.js';
import { factsOf, type Site } from './facts.js';
import { functionIndexOf } from './functions.js';
import { isSameMember, madeBy, rootOf, stringIn, type Root } from './roots.js';
import { stepOf } from './streams.js';

/** Steps after which nothing more is written. */
const lastSteps: ReadonlySet<string> = new Set(['_flush', '_final', 'flush', 'close']);
/** Events that say so. */
const lastEvents: ReadonlySet<string> = new Set(['prefinish', 'finish', 'end', 'close']);
const listening: ReadonlySet<string> = new Set(['on', 'once', 'addListener', 'prependListener', 'prependOnceListener']);

/** Callers of callers are followed this far. */
const longestChain = 6;

/**
 * Whether code of a sink runs only when nothing more is written: in its last step, when it has told that it is finished, or once a flag says so
 * that is raised there. What it takes out then is a collection, and no queue.
 *
 * @param site - the code
 * @param world - knows steps of streams
 * @returns false also where that is not known
 */
export function isAtTheEnd(site: Site, world: World): boolean {
  return runsAtTheEnd(site.fn, world, 0) || isFlagged(site, world);
}

function runsAtTheEnd(fn: FunctionIr, world: World, depth: number): boolean {
  if (fn.kind === 'module' || fn.kind === 'constructor' || depth > longestChain) return false;
  const step = stepOf(fn, world);
  if (step !== undefined) return lastSteps.has(step.name);
  if (fn.ownerClass === undefined && fn.parent !== undefined && runsAtTheEnd(fn.parent, world, depth + 1)) return true;
  const index = functionIndexOf(fn.module);
  // A method of that name may be another class's.
  const references = index.referencesOf(fn).filter((reference) => reference.kind !== 'call' || (index.calleeOf(reference.site.instruction) ?? fn) === fn);
  return references.length > 0 && references.every((reference) => {
    if (reference.kind === 'call') return reference.site.fn !== fn && runsAtTheEnd(reference.site.fn, world, depth + 1);
    if (reference.kind !== 'argument' || reference.position !== 1) return false;
    const { callee, arguments: args } = reference.site.instruction;
    return callee.kind === 'method' && callee.key.kind === 'name' && listening.has(callee.key.name) && lastEvents.has(stringIn(args[0]?.value) ?? '');
  });
}

/** `if (!this.isFinished) return;`, where only what runs at the end says that it is. */
function isFlagged({ fn, block }: Site, world: World): boolean {
  const facts = factsOf(fn);
  return facts.blocks.some(({ id, terminal }) => {
    if (terminal.kind !== 'branch' || terminal.test.kind !== 'truthy') return false;
    if (!facts.reachableFrom(terminal.then, id).has(block) || facts.reachableFrom(terminal.otherwise, id).has(block)) return false;
    return isRaisedAtTheEnd(rootOf(terminal.test.value), fn, world);
  });
}

function isRaisedAtTheEnd(flag: Root, fn: FunctionIr, world: World): boolean {
  const index = functionIndexOf(fn.module);
  const name = flag.path.at(-1);
  const users = name === undefined ? index.using(flag.base) : index.touching(name);
  const raised = users.flatMap((user) => factsOf(user).sites.filter((site) => isRaised(site, flag)));
  return raised.length > 0 && raised.every((site) => runsAtTheEnd(site.fn, world, 0));
}

function isRaised({ instruction }: Site, flag: Root): boolean {
  if (instruction.op === 'copy') return flag.path.length === 0 && instruction.target === flag.base && !isFalse(instruction.source);
  if (instruction.op !== 'store' || instruction.key.kind !== 'name' || isFalse(instruction.value)) return false;
  const { base, path } = rootOf(instruction.object);
  return isSameMember({ base, path: [...path, instruction.key.name] }, flag);
}

function isFalse(value: Variable): boolean {
  const made = madeBy(value)?.instruction;
  return made?.op === 'literal' && !made.value;
}
