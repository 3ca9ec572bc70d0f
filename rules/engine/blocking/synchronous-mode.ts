import { reachableWithout, type Way } from '../flow/reachable.js';
import type { Body, Instruction, Test, Variable } from '../ir/index.js';
import { definitionOf } from '../ir/operands.js';

/** What is known of a body's blocks. */
export interface Blocks {
  /** Control comes here only where the caller has asked for the synchronous form. */
  isSynchronousMode(block: number): boolean;
}

const NONE: Blocks = { isSynchronousMode: () => false };
const SYNCHRONOUS = /^(?:_?(?:is|use|run|be|do|force|options?)?_?sync|is_?synchronous|synchronous|.*[a-z]Sync)$/i;
const ASYNCHRONOUS = /^_?(?:is|use|run|be|do)?_?async(?:hronous)?$/i;

/**
 * Finds the branches of functions that do a thing both ways: `if (this.sync) … else …`, `options.async ? … : …`. What they do in the
 * synchronous branch is what their caller asked for.
 *
 * @param body - the function's body
 * @returns its blocks
 */
export function blocksOf(body: Body): Blocks {
  const definitions = new Map<Variable, Instruction>();
  const edges: Way[] = [];
  for (const { instructions } of body.blocks) for (const instruction of instructions) {
    const target = definitionOf(instruction);
    if (target !== undefined) definitions.set(target, instruction);
  }
  for (const { id, terminal } of body.blocks) {
    if (terminal.kind !== 'branch' || terminal.then === terminal.otherwise) continue;
    const name = flagOf(terminal.test, definitions);
    if (name === undefined) continue;
    if (SYNCHRONOUS.test(name)) edges.push({ from: id, to: terminal.then });
    else if (ASYNCHRONOUS.test(name)) edges.push({ from: id, to: terminal.otherwise });
  }
  if (edges.length === 0) return NONE;
  const reachable = reachableWithout(body, edges);
  return { isSynchronousMode: (block) => !reachable.has(block) };
}

/** The variable or property whose truth is tested. */
function flagOf(test: Test, definitions: ReadonlyMap<Variable, Instruction>): string | undefined {
  if (test.kind !== 'truthy') return undefined;
  if (test.value.name !== '') return test.value.name;
  const definition = definitions.get(test.value);
  if (definition?.op === 'load' && definition.key.kind === 'name') return definition.key.name;
  return undefined;
}
