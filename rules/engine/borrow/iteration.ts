import type { BlockId, FunctionIr } from '../ir/index.js';
import type { State } from './state.js';
import type { Value } from './value.js';

/** Something runs when the consumer leaves a generator at a `yield`: a finally block. */
export function hasCleanup(fn: FunctionIr, abandon: BlockId): boolean {
  const seen = new Set<BlockId>();
  for (let id = abandon; !seen.has(id); ) {
    seen.add(id);
    const block = fn.body?.blocks[id];
    if (block === undefined) return false;
    if (block.instructions.some((instruction) => instruction.op !== 'close-iterator')) return true;
    if (block.terminal.kind !== 'goto') return block.terminal.kind !== 'return';
    id = block.terminal.target;
  }
  return false;
}

/** `{ value, done }` of an iterator's step. */
export function iteratorResult(state: State, value: Value): Value | undefined {
  const object = value.kind === 'object' ? state.object(value.id) : undefined;
  return object?.fields.has('done') === true || object?.fields.has('value') === true ? object.fields.get('value') : undefined;
}
