import { graphOf } from '../flow/graph.js';
import { originKey, type BlockId, type FunctionIr, type Origin } from '../ir/index.js';
import { isWhole } from './activity.js';
import type { Unit } from './unit.js';
import type { Value } from './value.js';
import { baseRegion } from './region-names.js';

/**
 * All of a buffer that a function has just made becomes a property of somebody else's object: `part.buffer = Buffer.alloc(4)`. What
 * the function writes from then on fills what it put there. A buffer that is put in place turn after turn is another matter.
 *
 * @param value what is stored
 * @param at the store
 * @param fn the function that the store stands in
 */
export function isPutInPlace(unit: Unit, value: Value, at: Origin, fn: FunctionIr): boolean {
  if (value.kind !== 'view' || fn.kind === 'module' || !isWhole(unit, value)) return false;
  const made = unit.regions.get(baseRegion(value.region));
  if (made === undefined || made.isLent || made.at.file !== fn.module.file || made.at.start < fn.origin.start || made.at.end > fn.origin.end) return false;
  const stored = blockOf(fn, at);
  const allocated = blockOf(fn, made.at);
  if (fn.body === undefined || stored === undefined || allocated === undefined) return false;
  return [...graphOf(fn.body).loops.values()].every(({ blocks }) => !blocks.has(stored) || blocks.has(allocated));
}

function blockOf({ body }: FunctionIr, origin: Origin): BlockId | undefined {
  const key = originKey(origin);
  return body?.blocks.find(({ instructions }) => instructions.some((instruction) => originKey(instruction.origin) === key))?.id;
}
