import type { Block, BlockId, Body, Instruction, Terminal, Variable } from '../ir/index.js';
import { definitionOf, operandsOf, successorsOf, terminalOperandsOf } from '../ir/operands.js';

function allSuccessors(block: Block): readonly BlockId[] {
  const next = successorsOf(block.terminal);
  return block.handler === undefined ? next : [...next, block.handler];
}

/** Everything about a body's graph that does not depend on the analysis; computed once. */
export interface Graph {
  /** Position of each block in reverse postorder: a loop's head comes before its body. Unreachable blocks have none. */
  readonly order: readonly (number | undefined)[];
  /** Block ids in that order. */
  readonly sequence: readonly BlockId[];
  /** Variables of this function that a later instruction may read, at each block's start. Captured ones are not listed: they are always live. */
  readonly liveAtEntry: readonly ReadonlySet<Variable>[];
  /** Whether control comes to a block in one way only: nothing is merged there. */
  readonly isPassage: readonly boolean[];
  /** By the block a loop starts with: what a turn of the loop may change. */
  readonly loops: ReadonlyMap<BlockId, Loop>;
}

export interface Loop {
  /** The blocks of the loop, its head among them. */
  readonly blocks: ReadonlySet<BlockId>;
  /** Variables assigned in the loop's own blocks. */
  readonly assigned: ReadonlySet<Variable>;
  /** A turn can change objects or captured variables: it stores or calls. */
  readonly hasEffects: boolean;
}

const graphs = new WeakMap<Body, Graph>();

/** A body's graph; made at the first question. */
export function graphOf(body: Body): Graph {
  let graph = graphs.get(body);
  if (graph === undefined) graphs.set(body, (graph = buildGraph(body)));
  return graph;
}

function buildGraph(body: Body): Graph {
  const postorder: BlockId[] = [];
  const seen = new Set<BlockId>([0]);
  const stack: { readonly id: BlockId; readonly next: readonly BlockId[]; index: number }[] = [];
  const open = (id: BlockId): void => {
    const block = body.blocks[id];
    if (block !== undefined) stack.push({ id, next: allSuccessors(block), index: 0 });
  };
  open(0);
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const next = top.next[top.index++];
    if (next === undefined) {
      postorder.push(top.id);
      stack.pop();
    } else if (!seen.has(next)) {
      seen.add(next);
      open(next);
    }
  }
  const sequence = postorder.reverse();
  const order: (number | undefined)[] = body.blocks.map(() => undefined);
  sequence.forEach((id, position) => (order[id] = position));
  const predecessors: BlockId[][] = body.blocks.map(() => []);
  for (const id of sequence) for (const next of allSuccessors(body.blocks[id] as Block)) predecessors[next]?.push(id);
  const isPassage = predecessors.map((from, id) => id !== 0 && from.length === 1);
  let live: Graph['liveAtEntry'] | undefined;
  return {
    order,
    sequence,
    // Who looks for loops alone has no use for it.
    get liveAtEntry() {
      return (live ??= liveness(body, sequence));
    },
    isPassage,
    loops: findLoops(body, sequence, order, predecessors),
  };
}

/** Natural loops: the blocks from which a back edge's source can be reached without passing the loop's head. */
function findLoops(body: Body, sequence: readonly BlockId[], order: readonly (number | undefined)[], predecessors: readonly (readonly BlockId[])[]): ReadonlyMap<BlockId, Loop> {
  const loops = new Map<BlockId, { blocks: Set<BlockId>; assigned: Set<Variable>; hasEffects: boolean }>();
  for (const source of sequence) {
    for (const head of allSuccessors(body.blocks[source] as Block)) {
      if ((order[head] ?? 0) > (order[source] ?? 0)) continue;
      const loop = loops.get(head) ?? { blocks: new Set<BlockId>(), assigned: new Set<Variable>(), hasEffects: false };
      loops.set(head, loop);
      const seen = new Set<BlockId>([head, source]);
      const work = [source];
      for (let id = work.pop(); id !== undefined; id = work.pop()) {
        if (id === head) continue;
        for (const previous of predecessors[id] ?? []) {
          if (seen.has(previous)) continue;
          seen.add(previous);
          work.push(previous);
        }
      }
      for (const id of seen) {
        loop.blocks.add(id);
        addChanges(loop, body.blocks[id] as Block);
      }
    }
  }
  return loops;
}

function addChanges(loop: { assigned: Set<Variable>; hasEffects: boolean }, block: Block): void {
  for (const instruction of block.instructions) {
    const target = targetOf(instruction);
    if (target !== undefined && target.storage !== 'temporary') loop.assigned.add(target);
    if (instruction.op === 'call' || instruction.op === 'store') loop.hasEffects = true;
  }
}

/** Backward liveness of the function's own, uncaptured variables. */
function liveness(body: Body, sequence: readonly BlockId[]): readonly ReadonlySet<Variable>[] {
  const live: Set<Variable>[] = body.blocks.map(() => new Set());
  const backwards = [...sequence].reverse();
  for (let hasChanged = true; hasChanged; ) {
    hasChanged = false;
    for (const id of backwards) {
      const block = body.blocks[id];
      const entry = live[id];
      if (block === undefined || entry === undefined) continue;
      const now = new Set<Variable>();
      for (const next of successorsOf(block.terminal)) for (const variable of live[next] ?? []) now.add(variable);
      const handler = block.handler === undefined ? undefined : live[block.handler];
      for (const variable of terminalTargets(block.terminal)) now.delete(variable);
      for (const variable of terminalOperandsOf(block.terminal)) addOperand(now, variable);
      for (let i = block.instructions.length - 1; i >= 0; i--) {
        const instruction = block.instructions[i];
        if (instruction === undefined) continue;
        const target = targetOf(instruction);
        if (target !== undefined) now.delete(target);
        for (const variable of operandsOf(instruction)) addOperand(now, variable);
      }
      // An exception can leave the block at any instruction, before or after an assignment in it.
      for (const variable of handler ?? []) now.add(variable);
      if (now.size !== entry.size) {
        for (const variable of now) entry.add(variable);
        hasChanged = true;
      }
    }
  }
  return live;
}

function addOperand(set: Set<Variable>, variable: Variable): void {
  if (!variable.isCaptured) set.add(variable);
}

/** The variable an instruction gives a value, if only `undefined`. */
function targetOf(instruction: Instruction): Variable | undefined {
  return instruction.op === 'declare' ? instruction.variable : definitionOf(instruction);
}

function terminalTargets(terminal: Terminal): readonly Variable[] {
  if (terminal.kind === 'yield') return [terminal.result];
  return terminal.kind === 'next' ? [terminal.value] : [];
}
