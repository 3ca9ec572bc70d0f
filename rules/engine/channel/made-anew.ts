import type { BlockId, FunctionIr, Instruction, Variable } from '../ir/index.js';
import { factsOf } from './facts.js';
import { isSameRoot, type Root, rootOf } from './roots.js';

/**
 * Whether a function makes an object before it comes to a block, each time that it runs, and keeps it where others can name it too:
 * `request = http.request(url); request.write(body);`. Whoever runs the function again has another object then.
 *
 * @param fn - the function
 * @param root - how it reaches the object
 * @param block - where it has it
 * @returns false also where it may still be the one of last time
 */
export function isMadeAnew(fn: FunctionIr, root: Root, block: BlockId): boolean {
  const facts = factsOf(fn);
  return facts.sites.some((site) => {
    const made = madeFor(site.instruction, root);
    if (made === undefined || (site.block !== block && facts.reachableFrom(0, site.block).has(block))) return false;
    const makers = facts.makersOf(made);
    return makers.length > 0 && makers.every(({ op }) => op === 'call');
  });
}

/** What an instruction puts where the object is kept. */
function madeFor(instruction: Instruction, root: Root): Variable | undefined {
  if (instruction.op === 'copy') return root.path.length === 0 && instruction.target === root.base && root.base.storage === 'local' ? instruction.source : undefined;
  if (instruction.op !== 'store' || instruction.key.kind !== 'name') return undefined;
  const { base, path } = rootOf(instruction.object);
  return isSameRoot({ base, path: [...path, instruction.key.name] }, root) ? instruction.value : undefined;
}
