import type { FunctionIr, Instruction, Origin, Terminal, Variable } from '../ir/index.js';
import type { Frame } from './frame.js';

// Code that asks whether memory is still there uses it no further than that.

/** `buf.byteLength === 0` asks whether the buffer is still there. */
export function isProbed(fn: FunctionIr, at: Origin): boolean {
  return usesOf(fn, at).isProbed;
}

/** `expect(buf.byteLength).toBe(0)`: what the length is compared with is not known. */
export function isAsked(fn: FunctionIr, at: Origin): boolean {
  return usesOf(fn, at).isAsked;
}

const answers = new WeakMap<Origin, { readonly isProbed: boolean; readonly isAsked: boolean }>();

function usesOf(fn: FunctionIr, at: Origin): { readonly isProbed: boolean; readonly isAsked: boolean } {
  let answer = answers.get(at);
  if (answer === undefined) answers.set(at, (answer = lookAt(fn, at)));
  return answer;
}

/** Where the value that an expression loads goes next. */
function lookAt(fn: FunctionIr, at: Origin): { readonly isProbed: boolean; readonly isAsked: boolean } {
  let isProbed = false;
  let isAsked = false;
  for (const block of fn.body?.blocks ?? []) {
    const load = block.instructions.find((instruction) => instruction.op === 'load' && instruction.origin === at);
    if (load === undefined || !('target' in load)) continue;
    const zeros = new Set(block.instructions.flatMap((instruction) => (instruction.op === 'literal' && instruction.value === 0 ? [instruction.target] : [])));
    const { terminal } = block;
    if (terminal.kind === 'branch') {
      const { test } = terminal;
      if (test.kind === 'truthy' && test.value === load.target) isProbed = true;
      if ((test.kind === 'equal' || test.kind === 'less') && [test.left, test.right].includes(load.target) && [test.left, test.right].some((one) => zeros.has(one))) isProbed = true;
    }
    for (const instruction of block.instructions) {
      if (instruction.op === 'binary' && (instruction.left === load.target || instruction.right === load.target) && (zeros.has(instruction.left) || zeros.has(instruction.right))) isProbed = true;
      if (instruction.op === 'unary' && instruction.operator === '!' && instruction.operand === load.target) isProbed = true;
      if (instruction.op !== 'call' || !instruction.arguments.some((argument) => argument.value === load.target)) continue;
      if (instruction.arguments.some((argument) => zeros.has(argument.value))) isProbed = true;
      if (block.instructions.some((next) => next.op === 'call' && next.callee.kind === 'method' && next.callee.object === instruction.target)) isAsked = true;
    }
  }
  return { isProbed, isAsked };
}

/**
 * Whether a use is a question: some function on the way here does one thing, in a `try`, and says no more than whether that
 * failed, as `try { new Uint8Array(buffer); return false; } catch { return true; }` does; and what it comes to is making a
 * view, or asking a value for a number, not code that does something with the bytes.
 */
export function isTried(frame: Frame, at: Origin): boolean {
  if (!isQuestion(frame.function, at)) return false;
  for (let here = frame, place = at; ; ) {
    if (isTriedIn(here.function, place)) return true;
    const call = here.calledAt;
    if (call === undefined) return false;
    here = call.frame;
    place = call.at;
  }
}

/** A view is made, a function that was handed in is called, or a function's answer is looked at (`Reflect.apply(getter, buffer, [])`, `slots.size(buffer)`). */
function isQuestion({ body, parameters }: FunctionIr, at: Origin): boolean {
  const instructions = (body?.blocks ?? []).flatMap((block) => block.instructions);
  const call = callsAround(instructions, at).at(0);
  switch (call?.callee.kind) {
    case 'construct':
      return true;
    case 'value':
      return call.isResultUsed || parameters.includes(call.callee.value);
    case 'method': {
      const { object } = call.callee;
      return call.isResultUsed && (isOfTheFile(object) || instructions.some((one) => 'target' in one && one.target === object && (one.op === 'global' || (one.op === 'copy' && isOfTheFile(one.source)))));
    }
    default:
      return false;
  }
}

/** A table of functions, not an object that somebody opened. */
function isOfTheFile({ storage, owner, isConstant }: Variable): boolean {
  return storage === 'local' && owner.kind === 'module' && isConstant;
}

function isTriedIn({ body }: FunctionIr, at: Origin): boolean {
  const blocks = body?.blocks ?? [];
  const guarded = blocks.filter(({ handler }) => handler !== undefined).flatMap(({ instructions }) => instructions);
  const tried = guarded.filter((one) => one.op === 'call');
  if (tried.length !== 1 || tried[0]?.isResultUsed === true || callsAround(tried, at).length !== 1) return false;
  const answers = new Set<Variable>();
  for (const { instructions } of blocks) for (const one of instructions) if (one.op === 'literal' && typeof one.value === 'boolean') answers.add(one.target);
  const ways = blocks.map((block) => block.terminal).filter((terminal): terminal is Extract<Terminal, { kind: 'return' }> => terminal.kind === 'return');
  return ways.length > 1 && ways.every(({ value }) => value !== undefined && answers.has(value));
}

/** The calls whose text holds a place, the innermost first. */
function callsAround(instructions: readonly Instruction[], at: Origin): Extract<Instruction, { op: 'call' }>[] {
  const calls = instructions.filter((one): one is Extract<Instruction, { op: 'call' }> => one.op === 'call' && one.origin.start <= at.start && one.origin.end >= at.end);
  return calls.sort((one, other) => one.origin.end - one.origin.start - (other.origin.end - other.origin.start));
}
