import type { Instruction, Variable } from '../ir/index.js';
import { factsOf, type Call, type Site } from './facts.js';
import { functionIndexOf } from './functions.js';
import { type Root, rootOf } from './roots.js';

/**
 * Whether something that keeps every value it is given is only ever given one, because the file ends it right after each:
 * `this.summary.next(summary); this.summary.complete();`.
 *
 * @param made - the call that makes it
 * @returns false also where the file gives it nothing, or lets others do so
 */
export function isOfOneValue({ fn, instruction }: Site<Call>): boolean {
  const kept = keptIn(instruction, factsOf(fn).usesOf(instruction.target));
  if (kept === undefined) return false;
  const index = functionIndexOf(fn.module);
  const users = typeof kept === 'string' ? index.touching(kept) : index.using(kept);
  const isIt = ({ base, path }: Root): boolean => (typeof kept === 'string' ? path.at(-1) === kept : base === kept && path.length === 0);
  const sites = users.flatMap((user) => factsOf(user).sites);
  if (sites.some((site) => site.instruction.op === 'call' && site.instruction.arguments.some(({ value }) => isIt(rootOf(value))))) return false;
  const puts = sites.filter((site) => objectOf(site.instruction, 'next', isIt));
  return puts.length > 0 && puts.every((put) => isEndedAfter(put, isIt));
}

/** The name of the field that a new object is put in, or the variable. */
function keptIn({ target }: Call, uses: readonly Site[]): string | Variable | undefined {
  const [use, ...others] = uses.filter(({ instruction }) => instruction.op !== 'load');
  if (use === undefined || others.length > 0) return undefined;
  const { instruction } = use;
  if (instruction.op === 'store' && instruction.value === target && instruction.key.kind === 'name') return instruction.key.name;
  return instruction.op === 'copy' && instruction.target.isConstant ? instruction.target : undefined;
}

/** A method of that name is read of it, or called on it. */
function objectOf(instruction: Instruction, name: string, isIt: (root: Root) => boolean): boolean {
  if (instruction.op === 'load') return instruction.key.kind === 'name' && instruction.key.name === name && isIt(rootOf(instruction.object));
  if (instruction.op !== 'call' || instruction.callee.kind !== 'method') return false;
  const { key, object } = instruction.callee;
  return key.kind === 'name' && key.name === name && isIt(rootOf(object));
}

/** Whatever way the function goes on from there, it comes to an end of the object before it returns or comes back. */
function isEndedAfter({ fn, block, index }: Site, isIt: (root: Root) => boolean): boolean {
  const facts = factsOf(fn);
  const ends = facts.sites.filter(({ instruction }) => objectOf(instruction, 'complete', isIt));
  return ends.some((end) => {
    if (end.block === block) return end.index > index;
    const others = facts.reachableFrom(block, end.block);
    return [...others].every((id) => facts.blocks[id]?.terminal.kind !== 'return') && facts.reachableFrom(block).has(end.block);
  });
}
