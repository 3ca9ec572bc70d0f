import type { FunctionIr, Variable } from '../ir/index.js';
import type { World } from '../world.js';
import { factsOf, isCall, type Facts, type Site } from './facts.js';

/** Says of a value whether it is true where there are too many, or where there is room. */
export interface Lengths {
  conditionOf(fn: FunctionIr, value: Variable): { readonly isOver: boolean } | undefined;
}

/**
 * The calls of a function that return only where there are not too many: `assert(list.length <= most)`.
 *
 * @param fn - the function
 * @param lengths - say what values tell of the length
 * @param world - says what calls assert
 * @returns the calls
 */
export function assertedIn(fn: FunctionIr, lengths: Lengths, world: Pick<World, 'assertedBy'>): readonly Site[] {
  return factsOf(fn).sites.filter((site) => {
    if (!isCall(site) || site.instruction.isResultUsed) return false;
    const { instruction } = site;
    const position = instruction.arguments.findIndex(({ value }) => lengths.conditionOf(fn, value)?.isOver === false);
    return position >= 0 && world.assertedBy(instruction.origin) === position;
  });
}

/** Whether every way to some code of a function leads by a call. */
export function leadsBy(site: Site, to: Site, facts: Facts): boolean {
  if (to.block === site.block) return to.index > site.index;
  return facts.reachableFrom(site.block).has(to.block) && !facts.reachableFrom(0, site.block).has(to.block);
}
