import type ts from 'typescript';
import type { Variable } from '../../ir/index.js';
import { away, runCopy } from './exits.js';
import type { CleanupFrame, Lowering } from './lowering.js';

/** A frame whose cleanup is `run`, entered from here. */
export function cleanupFrame(lowering: Lowering, run: () => void): CleanupFrame {
  return { kind: 'cleanup', handler: lowering.graph.handler, scope: lowering.scope, run, copies: new Map(), abandon: undefined };
}

/** Lowers `inside` so that `run` happens on every way out of it, exceptions included. */
export function withCleanup(lowering: Lowering, at: ts.Node, run: () => void, inside: () => void): void {
  const { graph } = lowering;
  const outer = graph.handler;
  const frame = cleanupFrame(lowering, run);
  const caught = graph.reserve();
  const end = graph.reserve();
  graph.changeHandler(caught);
  lowering.framed(frame, inside);
  graph.goto(end);
  rethrow(lowering, frame, caught, at);
  graph.handler = outer;
  graph.start(end);
  copyHere(lowering, frame);
}

/** The copy of a cleanup that an exception takes before it goes on. */
function rethrow(lowering: Lowering, frame: CleanupFrame, caught: number, at: ts.Node): void {
  const { graph } = lowering;
  away(lowering, () => {
    graph.handler = frame.handler;
    graph.startHandler(caught);
    const origin = lowering.origin(at);
    const error: Variable = lowering.temporary(origin);
    lowering.emit({ op: 'caught', target: error, origin });
    const entry = graph.reserve();
    graph.goto(entry);
    runCopy(lowering, frame, lowering.frames.length, entry);
    graph.end({ kind: 'throw', value: error, origin });
  });
}

/** The copy of a cleanup for the normal way out. */
function copyHere(lowering: Lowering, frame: CleanupFrame): void {
  const { graph } = lowering;
  if (graph.isDead) return;
  const entry = graph.reserve();
  graph.goto(entry);
  away(lowering, () => {
    runCopy(lowering, frame, lowering.frames.length, entry);
  });
}
