import { graphOf } from '../../flow/graph.js';
import type { Body, Variable } from '../../ir/index.js';
import { successorsOf } from '../../ir/operands.js';
import type { Flow, MemoryEvent } from './holdings.js';
import { stride, type Memory, type Position } from './sources.js';

/**
 * Whether memory may be overwritten after something happened to it, in one activation of its function.
 *
 * Memory that the function makes is another one each time; an overwrite reached only by making it anew changes the old one only
 * where a variable still holds that.
 *
 * @param body - the function's body
 * @param flow - what the function does with memory
 * @param source - the memory
 * @param from - where it was handed out, or stored
 * @returns true when an overwrite can follow
 */
export function isWrittenAfter(body: Body, flow: Flow, source: Memory, from: readonly { readonly at: Position }[]): boolean {
  const writes = flow.written.get(source);
  if (writes === undefined || from.length === 0) return false;
  const made = source.kind === 'memory' && !source.isLent ? source.at : undefined;
  // The old memory is out of reach once it is made anew, unless what the overwrite goes through was there before.
  const renewed = made === undefined ? [] : writes.filter((write) => !mayBeOlder(body, flow, source, write, made));
  const lasting = renewed.length === 0 ? writes : writes.filter((write) => !renewed.includes(write));
  return from.some(({ at }) => reaches(body, at, lasting, undefined) || (renewed.length > 0 && reaches(body, at, renewed, made)));
}

/** The variable of an overwrite may hold memory that was made in an earlier turn. */
function mayBeOlder(body: Body, flow: Flow, source: Memory, write: MemoryEvent, made: Position): boolean {
  if (write.through === undefined) return true;
  const live = graphOf(body).liveAtEntry[Math.floor(made / stride)];
  const seen = new Set<Variable>();
  const isOld = (variable: Variable): boolean => {
    if (seen.has(variable)) return false;
    seen.add(variable);
    if (variable.isCaptured || live?.has(variable) === true) return variable.isCaptured || flow.held.get(variable)?.has(source) === true;
    return [...(flow.origins.get(variable) ?? [])].some(isOld);
  };
  return isOld(write.through);
}

/** A path leads from after an instruction to one of the events, not over the barrier. */
function reaches(body: Body, from: Position, events: readonly MemoryEvent[], barrier: Position | undefined): boolean {
  const byBlock = new Map<number, number[]>();
  for (const { at } of events) {
    const block = Math.floor(at / stride);
    const list = byBlock.get(block);
    if (list === undefined) byBlock.set(block, [at]);
    else list.push(at);
  }
  if (byBlock.size === 0) return false;
  const seen = new Set<number>();
  // Goes through a block from a position on; true when an event is met.
  const pass = (block: number, start: Position): boolean | 'stopped' => {
    const stop = barrier !== undefined && Math.floor(barrier / stride) === block && barrier >= start ? barrier : Number.POSITIVE_INFINITY;
    if (byBlock.get(block)?.some((at) => at >= start && at <= stop) === true) return true;
    return stop === Number.POSITIVE_INFINITY ? false : 'stopped';
  };
  const queue: number[] = [];
  const leave = (id: number): void => {
    const block = body.blocks[id];
    if (block === undefined) return;
    for (const next of successorsOf(block.terminal)) queue.push(next);
    if (block.handler !== undefined) queue.push(block.handler);
  };
  const first = Math.floor(from / stride);
  const begun = pass(first, from + 1);
  if (begun === true) return true;
  if (begun === false) leave(first);
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    const passed = pass(id, id * stride);
    if (passed === true) return true;
    if (passed === false) leave(id);
  }
  return false;
}
