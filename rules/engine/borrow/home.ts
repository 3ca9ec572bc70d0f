import type { Origin } from '../ir/index.js';
import type { Frame } from './frame.js';
import type { Escape } from './loan.js';
import type { Site } from './machine.js';
import type { MoveUse } from './moves.js';
import { calleeText } from './reports.js';
import type { Unit } from './unit.js';

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

/**
 * A use where a reader of the file at hand sees it. To look at what is given is its helper's affair: here it is passed on.
 *
 * @param origins where what is used comes from, and where it was moved: what is another file's affair altogether stays there
 */
export function useAtHome(unit: Unit, use: MoveUse, frame: Frame, origins: readonly (Origin | undefined)[]): MoveUse {
  if (!origins.some((origin) => origin !== undefined && unit.isHome(origin))) return use;
  const call = callFromHome(unit, use.at, frame);
  if (call === undefined) return use;
  return { ...use, at: call.at, form: use.form === 'read' || use.form === 'write' ? 'pass' : use.form };
}

/** Where a reader of the file at hand sees that memory of this file is handed out. */
export function escapeAtHome(unit: Unit, escape: Escape, frame: Frame, madeAt: Origin): Escape {
  const call = unit.isHome(madeAt) ? callFromHome(unit, escape.at, frame) : undefined;
  return call === undefined ? escape : { ...escape, at: call.at, view: undefined, captured: undefined, via: calleeText(unit, call) };
}
