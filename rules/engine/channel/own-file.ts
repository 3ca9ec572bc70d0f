import { operandsOf } from '../ir/operands.js';
import type { World } from '../world.js';
import { factsOf, type Call, type Site } from './facts.js';
import { functionIndexOf } from './functions.js';
import { calledAs } from './names.js';
import { madeBy, rootOf, stringIn, type Root } from './roots.js';

/** What code does to a file that it writes by itself: none of this closes it before it is written. */
const writing: ReadonlySet<string> = new Set(['write', 'end', 'cork', 'uncork', 'setDefaultEncoding']);

/**
 * Whether a sink is a file that the function has opened and that nobody else gets hold of while it is written: it has room again, or it
 * emits an error. Any other sink may be closed by the other side, or by other code, and then it does neither.
 *
 * @param site - a call that writes
 * @param root - how its function reaches the sink
 * @param world - knows the sink's type
 * @returns false, too, where the code listens to the sink while it writes: whoever hears of an error keeps it
 */
export function isOwnFile(site: Site<Call>, root: Root, world: World): boolean {
  const maker = root.path.length === 0 ? madeBy(root.base) : undefined;
  if (maker?.instruction.op !== 'call' || maker.fn !== site.fn) return false;
  const type = world.typeOf(maker.instruction.origin);
  if (type.kind !== 'instance' || type.type.path !== 'node:fs#WriteStream') return false;
  if (functionIndexOf(site.fn.module).using(root.base).some((user) => user !== site.fn)) return false;
  const facts = factsOf(site.fn);
  const isIt = (variable: Call['target']): boolean => rootOf(variable).base === root.base;
  return facts.sites.every((use) => {
    const { instruction } = use;
    if (!facts.reachableFrom(use.block).has(site.block)) return true;
    switch (instruction.op) {
      case 'call': {
        const { callee, arguments: args } = instruction;
        const name = calledAs({ ...use, instruction });
        // `once(file, 'drain')`, which listens as long as somebody waits.
        const isWait = name === 'once' && stringIn(args[1]?.value) === 'drain';
        return callee.kind === 'method' && isIt(callee.object) ? writing.has(name) : isWait || !args.some(({ value }) => isIt(value));
      }
      case 'store':
        return !isIt(instruction.value);
      case 'object':
      case 'array':
        return !operandsOf(instruction).some(isIt);
      default:
        return true;
    }
  });
}
