import type { Block, BlockId, Body } from '../ir/index.js';
import { graphOf } from './graph.js';

/** What the solver needs to know of abstract states. */
export interface Domain<S> {
  clone(state: S): S;
  /** States with equal keys are merged; others are kept apart, up to a limit. */
  key(state: S): string;
  /** `state` takes in another of the same key; `tag` names the merge point. True when it changed. */
  merge(state: S, other: S, tag: string): boolean;
  /** `state` takes in another of another key, losing what they disagree on. True when it changed. */
  join(state: S, other: S, tag: string): boolean;
}

/** Counts the work of one unit and ends it when there is too much. */
export interface Budget {
  /** False when the budget is spent. */
  spend(steps: number): boolean;
}

export interface Edge<S> {
  readonly target: BlockId;
  readonly state: S;
}

/**
 * A worklist over a function's blocks, in reverse postorder, that keeps up to `limit` distinguishable states for each block where
 * ways meet.
 *
 * @param tag Names this activation of the body, so that merge points of two activations differ.
 * @param normalise Drops what can no longer matter at the entry of a block where ways meet, before the state's key is taken.
 * @param step Runs one block on a state (which it may change) and returns where control goes.
 */
export function solve<S>(
  domain: Domain<S>,
  body: Body,
  entry: S,
  options: {
    readonly tag: string;
    readonly limit: (state: S) => number;
    readonly budget: Budget;
    readonly normalise: (block: BlockId, state: S) => void;
    readonly step: (block: Block, state: S) => readonly Edge<S>[];
  },
): void {
  const { order, sequence, isPassage } = graphOf(body);
  const states: Map<string, { state: S; isPending: boolean }>[] = body.blocks.map(() => new Map<string, { state: S; isPending: boolean }>());
  const isJoined: boolean[] = body.blocks.map(() => false);
  const pending = new Set<number>();

  const add = (target: BlockId, state: S): void => {
    const position = order[target];
    const known = states[target];
    if (position === undefined || known === undefined) return;
    options.normalise(target, state);
    const key = domain.key(state);
    const same = known.get(key);
    const tag = `${options.tag}${target}`;
    if (same !== undefined) {
      if (!domain.merge(same.state, state, tag)) return;
      same.isPending = true;
    } else if (known.size < options.limit(state) && !isJoined[target]) {
      known.set(key, { state, isPending: true });
    } else {
      // From here on this block has one state, which only grows: that ends.
      isJoined[target] = true;
      const [first, ...others] = known.values();
      if (first === undefined) return;
      let hasChanged = first.isPending || others.length > 0;
      for (const other of [...others, { state }]) if (domain.join(first.state, other.state, tag)) hasChanged = true;
      known.clear();
      known.set(domain.key(first.state), { state: first.state, isPending: hasChanged });
      if (!hasChanged) return;
    }
    pending.add(position);
  };

  /** Runs a block, and those after it that control comes to in no other way: there is nothing to keep for them. */
  const run = (start: Block, state: S): boolean => {
    const work = [{ block: start, state }];
    for (let next = work.pop(); next !== undefined; next = work.pop()) {
      if (!options.budget.spend(next.block.instructions.length + 1)) return false;
      const edges = options.step(next.block, next.state);
      for (const edge of edges) {
        const block = isPassage[edge.target] === true && edges.every((other) => other === edge || other.target !== edge.target) ? body.blocks[edge.target] : undefined;
        if (block === undefined) add(edge.target, edge.state);
        else work.push({ block, state: edge.state });
      }
    }
    return true;
  };

  add(0, entry);
  while (pending.size > 0) {
    let first = Number.POSITIVE_INFINITY;
    for (const position of pending) if (position < first) first = position;
    pending.delete(first);
    const id = sequence[first];
    const block = id === undefined ? undefined : body.blocks[id];
    if (id === undefined || block === undefined) continue;
    for (const slot of [...(states[id]?.values() ?? [])]) {
      if (!slot.isPending) continue;
      slot.isPending = false;
      if (!run(block, domain.clone(slot.state))) return;
    }
  }
}
