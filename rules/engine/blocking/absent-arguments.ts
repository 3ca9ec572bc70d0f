import { reachableWithout, type Way } from '../flow/reachable.js';
import type { BlockId, FunctionIr, Test, Variable } from '../ir/index.js';
import type { Call } from './values.js';

const none: ReadonlySet<BlockId> = new Set();

/**
 * The blocks of a function that a call does not come to, because it gives what they make up for: `options ?? readDefaults()`.
 *
 * @param fn - the function that is called
 * @param call - gives its arguments
 * @returns the blocks
 */
export function blocksWithoutArgument(fn: FunctionIr, call: Call): ReadonlySet<BlockId> {
  const { body } = fn;
  const given = fn.parameters.filter((parameter, index) => parameter.isConstant && isGiven(call, index));
  if (body === undefined || given.length === 0) return none;
  const cut: Way[] = [];
  for (const { id, terminal } of body.blocks) {
    if (terminal.kind !== 'branch' || terminal.then === terminal.otherwise) continue;
    const absent = outcomeWhenAbsent(terminal.test, given);
    if (absent !== undefined) cut.push({ from: id, to: absent ? terminal.then : terminal.otherwise });
  }
  if (cut.length === 0) return none;
  const reached = reachableWithout(body, cut);
  return new Set(body.blocks.flatMap(({ id }) => (reached.has(id) ? [] : [id])));
}

/** What the caller writes is taken to be there, unless it is written that it is not. */
function isGiven({ arguments: args }: Call, index: number): boolean {
  const argument = args[index];
  if (argument === undefined || args.slice(0, index + 1).some(({ isSpread }) => isSpread)) return false;
  const { value } = argument;
  const made = value.owner.body?.blocks.flatMap(({ instructions }) => instructions).find((one) => 'target' in one && one.target === value);
  return made?.op !== 'literal' || (made.value !== undefined && made.value !== null && made.value !== false);
}

function outcomeWhenAbsent(test: Test, given: readonly Variable[]): boolean | undefined {
  if (test.kind === 'truthy' && given.includes(test.value)) return false;
  return test.kind === 'nullish' && given.includes(test.value) ? true : undefined;
}
