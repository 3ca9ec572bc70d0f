import type { BlockId, Origin, Variable } from '../../ir/index.js';
import { Unsupported, type CleanupFrame, type Lowering } from './lowering.js';

/** How deep `finally` bodies may hold further ones, each copied for each of its ways out, before the copies explode. */
const DEEPEST_COPY = 4;
const MOST_BLOCKS = 60_000;

/** Leaves everything down to and including the frames above `floor`, running cleanups on the way, and goes to `target`. */
function leave(lowering: Lowering, floor: number, target: BlockId): void {
  const { graph, frames } = lowering;
  away(lowering, () => {
    for (let i = frames.length - 1; i > floor; i--) {
      const frame = frames[i];
      if (frame?.kind !== 'cleanup') continue;
      const known = frame.copies.get(target);
      if (known !== undefined) {
        graph.goto(known);
        return;
      }
      const entry = graph.reserve();
      frame.copies.set(target, entry);
      graph.goto(entry);
      runCopy(lowering, frame, i, entry);
    }
    graph.goto(target);
  });
}

export function lowerBreak(lowering: Lowering, label: string | undefined): void {
  const index = lowering.frames.findLastIndex((frame) => frame.kind === 'jump' && frame.breakTo !== undefined && (label === undefined ? frame.isPlain : frame.labels.includes(label)));
  const frame = lowering.frames[index];
  if (frame?.kind !== 'jump' || frame.breakTo === undefined) throw new Unsupported('break without a target');
  leave(lowering, index, frame.breakTo);
}

export function lowerContinue(lowering: Lowering, label: string | undefined): void {
  const index = lowering.frames.findLastIndex((frame) => frame.kind === 'jump' && frame.continueTo !== undefined && (label === undefined || frame.labels.includes(label)));
  const frame = lowering.frames[index];
  if (frame?.kind !== 'jump' || frame.continueTo === undefined) throw new Unsupported('continue without a target');
  leave(lowering, index, frame.continueTo);
}

/** `return`: each has its own copies of the cleanups, so that the graph's exit still knows which `return` it is. */
export function lowerReturn(lowering: Lowering, value: Variable | undefined, origin: Origin): void {
  const { graph, frames } = lowering;
  away(lowering, () => {
    let result = value;
    if (result !== undefined && result.storage !== 'temporary' && frames.some((frame) => frame.kind === 'cleanup')) {
      const kept = lowering.temporary(origin);
      lowering.copy(kept, result, origin);
      result = kept;
    }
    for (let i = frames.length - 1; i >= 0; i--) {
      const frame = frames[i];
      if (frame?.kind !== 'cleanup' || graph.isDead) continue;
      const entry = graph.reserve();
      graph.goto(entry);
      runCopy(lowering, frame, i, entry);
    }
    graph.end({ kind: 'return', value: result, origin });
  });
}

/** Where a generator goes when its consumer gives it up at a `yield` that stands here. */
export function abandonTarget(lowering: Lowering): BlockId {
  return abandonFrom(lowering, lowering.frames.length - 1);
}

function abandonFrom(lowering: Lowering, top: number): BlockId {
  const { graph, frames } = lowering;
  let index = top;
  while (index >= 0 && frames[index]?.kind !== 'cleanup') index--;
  const frame = frames[index];
  if (frame?.kind !== 'cleanup') {
    if (lowering.abandonExit === undefined) {
      lowering.abandonExit = graph.reserve();
      away(lowering, () => {
        graph.handler = undefined;
        graph.startHandler(lowering.abandonExit as BlockId);
        graph.end({ kind: 'return', value: undefined, origin: lowering.fn.origin });
      });
    }
    return lowering.abandonExit;
  }
  if (frame.abandon !== undefined) return frame.abandon;
  const entry = graph.reserve();
  frame.abandon = entry;
  away(lowering, () => {
    graph.startHandler(entry);
    runCopy(lowering, frame, index, entry);
    const here = graph.position();
    const next = abandonFrom(lowering, index - 1);
    graph.resumeAt(here);
    graph.goto(next);
  });
  return entry;
}

/** Writes a copy of a cleanup from `entry` on, as seen from outside its frame. */
export function runCopy(lowering: Lowering, frame: CleanupFrame, index: number, entry: BlockId): void {
  const { graph } = lowering;
  if (lowering.copyDepth >= DEEPEST_COPY) throw new Unsupported('finally bodies nested too deeply');
  if (graph.size > MOST_BLOCKS) throw new Unsupported('too many blocks');
  graph.handler = frame.handler;
  graph.start(entry);
  lowering.frames = lowering.frames.slice(0, index);
  lowering.scope = frame.scope;
  lowering.copyDepth++;
  frame.run();
  lowering.copyDepth--;
}

/** Runs `elsewhere`, then puts scope, frames and handler back. */
export function away(lowering: Lowering, elsewhere: () => void): void {
  const { scope, frames, copyDepth, chainExit } = lowering;
  const { handler } = lowering.graph;
  elsewhere();
  lowering.scope = scope;
  lowering.frames = frames;
  lowering.copyDepth = copyDepth;
  lowering.chainExit = chainExit;
  lowering.graph.handler = handler;
}
