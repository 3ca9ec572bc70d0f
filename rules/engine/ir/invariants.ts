import type { Block, BlockId } from './block.js';
import type { FunctionIr } from './function.js';
import { mayThrow } from './instruction.js';
import { definitionOf, operandsOf, successorsOf, terminalOperandsOf } from './operands.js';
import type { Variable } from './variable.js';

/**
 * Checks what every body promises: ids are dense, jumps and handlers exist, every block is reachable, temporaries belong to the
 * function, are assigned once (by copies where ways meet) and before every use, and other functions' variables are marked as captured.
 * @returns one sentence for each breach; empty when the body is well-formed, or when there is none.
 */
export function checkBody(fn: FunctionIr): string[] {
  const { body } = fn;
  if (body === undefined) return [];
  const { blocks } = body;
  if (blocks.length === 0) return ['there is no entry block'];
  const breaches = checkEdges(blocks);
  if (breaches.length > 0) return breaches;
  return [...checkReachable(blocks), ...checkOwners(fn, blocks), ...checkAssignments(blocks), ...checkUses(fn, blocks)];
}

function checkEdges(blocks: readonly Block[]): string[] {
  const breaches: string[] = [];
  const expect = (from: BlockId, to: BlockId, what: string): void => {
    if (blocks[to] === undefined) breaches.push(`b${from}: ${what} b${to} does not exist`);
  };
  blocks.forEach((block, index) => {
    if (block.id !== index) breaches.push(`b${block.id} stands at ${index}`);
    for (const target of successorsOf(block.terminal)) expect(index, target, 'target');
    if (block.handler !== undefined) expect(index, block.handler, 'handler');
  });
  return breaches;
}

function checkReachable(blocks: readonly Block[]): string[] {
  const seen = new Set<BlockId>([0]);
  const work: BlockId[] = [0];
  for (let id = work.pop(); id !== undefined; id = work.pop()) {
    for (const next of waysOut(blocks, id)) {
      if (seen.has(next)) continue;
      seen.add(next);
      work.push(next);
    }
  }
  return blocks.filter(({ id }) => !seen.has(id)).map(({ id }) => `b${id} is not reachable`);
}

function waysOut(blocks: readonly Block[], id: BlockId): BlockId[] {
  const { terminal, handler } = blocks[id] as Block;
  return handler === undefined ? successorsOf(terminal) : [...successorsOf(terminal), handler];
}

/** Every variable that a block names. */
function variablesOf({ instructions, terminal }: Block): Variable[] {
  const found = instructions.flatMap((instruction) => {
    const definition = instruction.op === 'declare' ? instruction.variable : definitionOf(instruction);
    return definition === undefined ? operandsOf(instruction) : [...operandsOf(instruction), definition];
  });
  return [...found, ...terminalOperandsOf(terminal), ...terminalDefinitions(terminal)];
}

function terminalDefinitions(terminal: Block['terminal']): Variable[] {
  if (terminal.kind === 'yield') return [terminal.result];
  return terminal.kind === 'next' ? [terminal.value] : [];
}

function checkOwners(fn: FunctionIr, blocks: readonly Block[]): string[] {
  const breaches = new Set<string>();
  for (const variable of new Set(blocks.flatMap(variablesOf))) {
    if (variable.owner === fn) continue;
    if (variable.storage === 'temporary') breaches.add(`a temporary of ${variable.owner.name} is used`);
    else if (!variable.isCaptured) breaches.add(`${variable.name} of ${variable.owner.name} is used but not marked as captured`);
    else if (variable.name !== '' && !fn.outline.captures.has(variable)) breaches.add(`${variable.name} of ${variable.owner.name} is not in the outline's captures`);
  }
  return [...breaches];
}

/** A temporary has one assignment, or copies of which no two are in one block. */
function checkAssignments(blocks: readonly Block[]): string[] {
  const breaches: string[] = [];
  const assigned = new Map<Variable, { readonly block: BlockId; readonly isJoin: boolean }>();
  const assign = (variable: Variable, block: BlockId, isJoin: boolean): void => {
    if (variable.storage !== 'temporary') return;
    const before = assigned.get(variable);
    if (before !== undefined && (before.block === block || !before.isJoin || !isJoin)) breaches.push(`b${block}: a temporary is assigned again`);
    assigned.set(variable, { block, isJoin });
  };
  for (const block of blocks) {
    for (const instruction of block.instructions) {
      const target = definitionOf(instruction);
      if (target !== undefined) assign(target, block.id, instruction.op === 'copy' || instruction.op === 'literal');
    }
    for (const target of terminalDefinitions(block.terminal)) assign(target, block.id, false);
  }
  return breaches;
}

/** Temporaries that have a value at a block's start on every way there: solved forwards, meeting by intersection. */
function checkUses(fn: FunctionIr, blocks: readonly Block[]): string[] {
  const breaches: string[] = [];
  const known = new Map<BlockId, Set<Variable>>([[0, new Set(fn.parameters)]]);
  const work: BlockId[] = [0];
  for (let id = work.pop(); id !== undefined; id = work.pop()) {
    const before = known.get(id) ?? new Set();
    const block = blocks[id] as Block;
    const after = new Set(before);
    let atFirstThrow: ReadonlySet<Variable> | undefined;
    for (const instruction of block.instructions) {
      if (atFirstThrow === undefined && block.handler !== undefined && mayThrow(instruction)) atFirstThrow = new Set(after);
      const target = definitionOf(instruction);
      if (target?.storage === 'temporary') after.add(target);
    }
    const passed = new Set([...after, ...terminalDefinitions(block.terminal)]);
    for (const next of successorsOf(block.terminal)) if (meet(known, next, passed)) work.push(next);
    // The first instruction that may throw knows the least.
    if (block.handler !== undefined && meet(known, block.handler, atFirstThrow ?? after)) work.push(block.handler);
  }
  for (const block of blocks) {
    const assigned = new Set(known.get(block.id));
    const use = (variable: Variable): void => {
      if (variable.storage === 'temporary' && !assigned.has(variable)) breaches.push(`b${block.id}: a temporary is used before it is assigned`);
    };
    for (const instruction of block.instructions) {
      operandsOf(instruction).forEach(use);
      const target = definitionOf(instruction);
      if (target !== undefined) assigned.add(target);
    }
    terminalOperandsOf(block.terminal).forEach(use);
  }
  return breaches;
}

/** Narrows what is known at a block; true when that changed it. */
function meet(known: Map<BlockId, Set<Variable>>, block: BlockId, incoming: ReadonlySet<Variable>): boolean {
  const before = known.get(block);
  if (before === undefined) {
    known.set(block, new Set(incoming));
    return true;
  }
  let isChanged = false;
  for (const variable of before) {
    if (incoming.has(variable)) continue;
    before.delete(variable);
    isChanged = true;
  }
  return isChanged;
}
