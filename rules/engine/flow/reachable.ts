import type { BlockId, Body } from '../ir/index.js';
import { successorsOf } from '../ir/operands.js';

/** One way out of a block. */
export interface Way {
  readonly from: BlockId;
  readonly to: BlockId;
}

/** The blocks that control comes to without going any of these ways. */
export function reachableWithout(body: Body, cut: readonly Way[]): ReadonlySet<BlockId> {
  const reached = new Set<BlockId>([0]);
  const queue: BlockId[] = [0];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    const block = body.blocks[id];
    if (block === undefined) continue;
    const next = [...successorsOf(block.terminal), ...(block.handler === undefined ? [] : [block.handler])];
    for (const to of next) {
      if (reached.has(to) || cut.some((way) => way.from === id && way.to === to)) continue;
      reached.add(to);
      queue.push(to);
    }
  }
  return reached;
}
