import type { Origin } from '../ir/index.js';
import type { Site } from './machine.js';
import type { MoveUse } from './moves.js';
import type { Frame, Unit } from './unit.js';

/**
 * What a helper of another file does is shown where the file at hand calls the helper.
 *
 * @returns that call; undefined for what the file does itself
 */
export function callFromHome(unit: Unit, at: Origin, frame: Frame): Site | undefined {
  if (unit.isHome(at)) return undefined;
  let call = frame.calledAt;
  while (call !== undefined && !unit.isHome(call.at)) call = call.frame.calledAt;
  return call;
}

/** A use where a reader of the file at hand sees it. To look at what is given is its helper's affair: here it is passed on. */
export function useAtHome(unit: Unit, use: MoveUse, frame: Frame): MoveUse {
  const call = callFromHome(unit, use.at, frame);
  if (call === undefined) return use;
  return { ...use, at: call.at, form: use.form === 'read' || use.form === 'write' ? 'pass' : use.form };
}
