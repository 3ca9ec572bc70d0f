import type { Body, FunctionIr, ModuleIr } from '../ir/index.js';
import { successorsOf, terminalOperandsOf } from '../ir/operands.js';
import { noEffects, overlap, type Effects } from './effects.js';
import { placeOf, readsOf, writesOf, type Call, type Shared } from './shared.js';

/** What the question whether a function may be suspended depends on, besides the function. */
export interface Circumstances {
  /** What calls do to what the code has in common with others besides its variables: to files, to an event. */
  readonly effectsOf: (call: Call, fn: FunctionIr) => Effects;
  /** Nobody goes on before the function is done, as for one that becomes async with all its callers. */
  readonly isAwaitedByAll?: boolean;
}

/**
 * Why a function had better not be suspended somewhere: something that others share is read before it and written after it; two at
 * once would write the same file; something that its caller looks at, or an event, is told late; or nothing is known about the place.
 */
export type Hazard = 'shared' | 'same file' | 'seen late' | 'event' | 'unknown';

/**
 * What stands against suspending a function where it makes a call: something that other code shares is read before and written after
 * that point, or, where the function has not been suspended on the way, something that its caller could look at is written after it.
 *
 * @param fn - an async function, or one that becomes async
 * @param call - a call in it
 * @param circumstances - what else is known
 * @returns undefined where an `await` changes nothing but when things happen
 */
export function hazardOfSuspension(fn: FunctionIr, call: Call, { effectsOf, isAwaitedByAll = false }: Circumstances): Hazard | undefined {
  const { body } = fn;
  const at = body?.blocks.find((block) => block.instructions.includes(call));
  if (body === undefined || at === undefined) return 'unknown';
  const own = effectsOf(call, fn);
  if (own.isExclusive === true) return 'same file';
  const index = at.instructions.indexOf(call);
  const after = blocksAfter(body, at.id);
  const before = blocksBefore(body, at.id);
  const read = new Set<Shared>(own.reads);
  const written = new Set<Shared>(own.writes);
  let isSeen = false;
  let tellsEvent = false;
  for (const block of body.blocks) {
    block.instructions.forEach((instruction, position) => {
      const isBefore = before.has(block.id) || (block === at && position < index);
      const isAfter = after.has(block.id) || (block === at && position > index);
      const effects = instruction.op === 'call' && (isBefore || isAfter) ? effectsOf(instruction, fn) : noEffects;
      if (isBefore) for (const place of [...readsOf(instruction, fn), ...effects.reads]) read.add(place);
      if (!isAfter) return;
      const places = writesOf(instruction, fn);
      for (const place of [...places, ...effects.writes]) written.add(place);
      if (places.length > 0 && !isAwaitedByAll) isSeen = true;
      if (effects.tellsEvent === true) tellsEvent = true;
    });
    // What decided whether to come here.
    if (before.has(block.id)) for (const variable of terminalOperandsOf(block.terminal)) for (const place of placeOf(variable, fn)) read.add(place);
  }
  if (overlap(read, written)) return 'shared';
  if ((!isSeen && !tellsEvent) || isSuspendedBefore(body, at.id, index)) return undefined;
  return tellsEvent ? 'event' : 'seen late';
}

/**
 * The same, of a call that is known by its place.
 *
 * @param module - the file
 * @param range - the call's offsets
 * @param circumstances - what else is known
 * @returns `unknown` where there is no such call in what was lowered
 */
export function hazardOfSuspensionAt(module: ModuleIr, range: { readonly start: number; readonly end: number }, circumstances: Circumstances): Hazard | undefined {
  for (const fn of module.functions) {
    if (fn.origin.start > range.start || fn.origin.end < range.end) continue;
    for (const instruction of (fn.body?.blocks ?? []).flatMap(({ instructions }) => instructions)) {
      if (instruction.op === 'call' && instruction.origin.start === range.start && instruction.origin.end === range.end) return hazardOfSuspension(fn, instruction, circumstances);
    }
  }
  return 'unknown';
}

/** On every way to the call, the function has been suspended already: its caller has gone on. */
function isSuspendedBefore(body: Body, block: number, index: number): boolean {
  const here = body.blocks[block];
  if (here?.instructions.slice(0, index).some(({ op }) => op === 'await') === true) return true;
  const seen = new Set([0]);
  const queue = [0];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    if (id === block) return false;
    const one = body.blocks[id];
    if (one === undefined || one.instructions.some(({ op }) => op === 'await') || one.terminal.kind === 'yield') continue;
    for (const next of [...successorsOf(one.terminal), ...(one.handler === undefined ? [] : [one.handler])]) {
      if (seen.has(next)) continue;
      seen.add(next);
      queue.push(next);
    }
  }
  return true;
}

function blocksAfter(body: Body, start: number): ReadonlySet<number> {
  const reached = new Set<number>();
  const queue = [start];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    const block = body.blocks[id];
    if (block === undefined) continue;
    for (const next of [...successorsOf(block.terminal), ...(block.handler === undefined ? [] : [block.handler])]) {
      if (reached.has(next)) continue;
      reached.add(next);
      queue.push(next);
    }
  }
  return reached;
}

function blocksBefore(body: Body, target: number): ReadonlySet<number> {
  return new Set(body.blocks.filter(({ id }) => blocksAfter(body, id).has(target)).map(({ id }) => id));
}
