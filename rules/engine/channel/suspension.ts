import type { Variable } from '../ir/index.js';
import { definitionOf, operandsOf } from '../ir/operands.js';
import { factsOf, type Site } from './facts.js';

/**
 * Whether a function may be suspended after an instruction: nothing that other code shares is read somewhere in it and written after
 * that point, so nothing can have changed in between that the function still counts on.
 *
 * @param site - the instruction
 * @returns false where something shared is written afterwards that is read too
 */
export function isSuspensionHarmless(site: Site): boolean {
  const facts = factsOf(site.fn);
  const after = facts.reachableFrom(site.block);
  const loops = facts.loopsAround(site.block);
  const isAfter = (other: Site): boolean => (other.block === site.block ? other.index > site.index || loops.length > 0 : after.has(other.block));
  const isShared = (variable: Variable): boolean => variable.storage !== 'temporary' && (variable.isCaptured || variable.owner !== site.fn);
  return !facts.sites.some((other) => {
    if (!isAfter(other)) return false;
    const { instruction } = other;
    if (instruction.op === 'store' || instruction.op === 'delete') return instruction.key.kind !== 'name' || readsMember(facts.sites, instruction.key.name);
    const target = definitionOf(instruction);
    return target !== undefined && instruction.op !== 'import' && isShared(target) && !target.isConstant && facts.sites.some((one) => operandsOf(one.instruction).includes(target));
  });
}

function readsMember(sites: readonly Site[], name: string): boolean {
  return sites.some(({ instruction }) => instruction.op === 'load' && instruction.key.kind === 'name' && instruction.key.name === name);
}
