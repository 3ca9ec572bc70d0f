import type { FunctionIr, Variable } from '../ir/index.js';
import { closuresOf, factsOf } from './facts.js';
import { functionIndexOf } from './functions.js';
import { madeBy, rootOf } from './roots.js';

/** Methods whose result is a list of parts of what they are called on. */
const keeping: ReadonlySet<string> = new Set(['filter', 'slice', 'values', 'entries', 'concat', 'flat']);

/**
 * A function that goes through a value by calling itself for each part: the value is in memory with all its parts, and for most of them there is
 * nothing to do. A folder's entries are not that: they are looked up on the way.
 *
 * @param list - the parts
 * @param mapper - is called with each
 * @param fn - where the parts are mapped
 * @returns whether the mapper calls the function around it that was given the whole
 */
export function isWalk(list: Variable, mapper: FunctionIr, fn: FunctionIr): boolean {
  const whole = wholeOf(list, 0);
  if (whole.storage !== 'parameter') return false;
  const index = functionIndexOf(fn.module);
  return [mapper, ...closuresOf(mapper)].some((one) => factsOf(one).sites.some(({ instruction }) => instruction.op === 'call' && index.calleeOf(instruction) === whole.owner));
}

/** `tree` of `Object.entries(tree.children).filter(isShown)` */
function wholeOf(list: Variable, depth: number): Variable {
  const { base } = rootOf(list);
  const made = madeBy(base)?.instruction;
  if (made?.op !== 'call' || made.callee.kind !== 'method' || made.callee.key.kind !== 'name' || depth > 4) return base;
  const object = madeBy(made.callee.object)?.instruction;
  const [first] = made.arguments;
  if (object?.op === 'global' && object.name === 'Object' && first !== undefined) return wholeOf(first.value, depth + 1);
  return keeping.has(made.callee.key.name) ? wholeOf(made.callee.object, depth + 1) : base;
}
