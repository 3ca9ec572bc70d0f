import type { Body, FunctionIr, Instruction, Origin, Variable } from '../ir/index.js';
import { definitionOf, successorsOf } from '../ir/operands.js';
import type { ProgramFile } from './files.js';

/** A loop whose head, or the start of whose body, looks at a clock. */
const LOOP_ON_CLOCK = /\b(?:while|for)\s*\([^{}]*\{?[^{}]{0,120}\b(?:now|hrtime|getTime|bigint)\s*\(|\b(?:while|for)\s*\([^{}]*new\s+Date\b/;
const CLOCK_MEMBERS: ReadonlySet<string> = new Set(['now', 'hrtime', 'getTime', 'bigint', 'valueOf']);
const CLOCKS: ReadonlySet<string> = new Set(['Date', 'performance', 'process', 'globalThis', 'window']);

/** Whether a file may hold a loop that waits for a clock, by its text. */
export function mayWait(file: ProgramFile): boolean {
  return ['now', 'hrtime', 'getTime', 'Date'].some((name) => file.names.has(name)) && LOOP_ON_CLOCK.test(file.text);
}

/**
 * The loops of a function that do nothing but look at a clock until it says enough.
 *
 * @param fn - the function
 * @returns where each of them looks at the clock
 */
export function busyWaitsIn(fn: FunctionIr): readonly Origin[] {
  const { outline } = fn;
  const hasClock = ['now', 'hrtime', 'getTime', 'valueOf'].some((name) => outline.members.has(name)) || outline.constructed.has('Date');
  if (!outline.hasLoop || !hasClock || fn.body === undefined) return [];
  const { body } = fn;
  const definitions = new Map<Variable, Instruction>();
  for (const { instructions } of body.blocks) for (const instruction of instructions) {
    const target = definitionOf(instruction);
    if (target !== undefined) definitions.set(target, instruction);
  }
  return loopsOf(body).flatMap((loop) => waitIn(body, loop, definitions) ?? []);
}

function waitIn(body: Body, loop: readonly number[], definitions: ReadonlyMap<Variable, Instruction>): Origin | undefined {
  let clock: Origin | undefined;
  if (isSearch(body, loop)) return undefined;
  for (const id of loop) {
    const block = body.blocks[id];
    if (block === undefined || block.terminal.kind === 'yield' || block.terminal.kind === 'next') return undefined;
    for (const instruction of block.instructions) {
      switch (instruction.op) {
        case 'await':
        case 'store':
        case 'iterate':
        case 'delete':
        case 'dispose':
          return undefined;
        case 'call':
          if (!isClock(instruction, definitions)) return undefined;
          clock ??= instruction.origin;
          break;
        default:
      }
    }
  }
  return clock;
}

/** Each turn takes up another element of a list, and looks at the clock for it. */
function isSearch(body: Body, loop: readonly number[]): boolean {
  const loads = loop.flatMap((id) => body.blocks[id]?.instructions ?? []).filter((instruction) => instruction.op === 'load' && instruction.key.kind === 'computed');
  return loads.length > 0;
}

/** `Date.now()`, `performance.now()`, `process.hrtime()`, `new Date().getTime()`. */
function isClock(call: Extract<Instruction, { op: 'call' }>, definitions: ReadonlyMap<Variable, Instruction>): boolean {
  const { callee } = call;
  if (callee.kind === 'construct') return rootOf(callee.value, definitions) === 'Date' && call.arguments.length === 0;
  if (callee.kind === 'value') return CLOCKS.has(rootOf(callee.value, definitions) ?? '');
  return callee.kind === 'method' && callee.key.kind === 'name' && CLOCK_MEMBERS.has(callee.key.name) && CLOCKS.has(rootOf(callee.object, definitions) ?? '');
}

/** The global, or the name of the import, that a member chain starts with. */
function rootOf(variable: Variable, definitions: ReadonlyMap<Variable, Instruction>): string | undefined {
  if (variable.storage === 'import') return variable.name;
  let definition = definitions.get(variable);
  for (let steps = 0; steps < 6; steps++) {
    if (definition?.op === 'global') return definition.name;
    if (definition?.op === 'load') definition = definitions.get(definition.object);
    else if (definition?.op === 'copy') definition = definitions.get(definition.source);
    else if (definition?.op === 'call' && definition.callee.kind === 'construct') return rootOf(definition.callee.value, definitions);
    else return undefined;
  }
  return undefined;
}

/** The loops of a graph: sets of blocks that reach each other. */
function loopsOf(body: Body): readonly (readonly number[])[] {
  const reach = body.blocks.map(({ id }) => reachableFrom(body, id));
  const loops: number[][] = [];
  const seen = new Set<number>();
  for (const { id } of body.blocks) {
    if (seen.has(id) || reach[id]?.has(id) !== true) continue;
    const loop = [...(reach[id] ?? [])].filter((other) => reach[other]?.has(id) === true);
    for (const other of loop) seen.add(other);
    loops.push(loop);
  }
  return loops;
}

/** The blocks that control comes to after a block. */
export function reachableFrom(body: Body, start: number): ReadonlySet<number> {
  const reached = new Set<number>();
  const queue = [start];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    const block = body.blocks[id];
    if (block === undefined) continue;
    for (const next of successorsOf(block.terminal)) {
      if (reached.has(next)) continue;
      reached.add(next);
      queue.push(next);
    }
  }
  return reached;
}
