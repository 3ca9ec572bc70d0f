import type { FunctionIr, Instruction, Origin, Variable } from '../ir/index.js';
import { operandsOf } from '../ir/operands.js';
import { factsOf } from './facts.js';

/**
 * Whether a function's callback may have been called, or handed on, when one of its `throw` statements is reached without an exception.
 *
 * @param fn - the function
 * @param done - its parameter that is the callback
 * @param thrown - the `throw` statement
 * @returns true where it may; a closure that uses the callback is as good as a call of it
 */
export function isDoneBefore(fn: FunctionIr, done: Variable, thrown: Origin): boolean {
  const facts = factsOf(fn);
  const ends = facts.blocks.filter(({ terminal }) => terminal.kind === 'throw' && terminal.origin.start === thrown.start);
  return facts.sites.some(({ block, instruction }) => {
    if (!isHandingOn(instruction, done)) return false;
    const later = facts.reachableFrom(block);
    return ends.some(({ id }) => later.has(id));
  });
}

function isHandingOn(instruction: Instruction, done: Variable): boolean {
  switch (instruction.op) {
    // `typeof done`, `done === undefined`
    case 'unary':
    case 'binary':
      return false;
    case 'function':
      return captures(instruction.function, done);
    case 'class':
      return instruction.class.members.some((member) => captures(member.function, done));
    default:
      return operandsOf(instruction).some((operand) => isOrHolds(operand, done));
  }
}

function captures({ outline }: FunctionIr, done: Variable): boolean {
  return [...outline.captures].some((variable) => isOrHolds(variable, done));
}

/** `arguments` has it too. */
function isOrHolds(variable: Variable, done: Variable): boolean {
  return variable === done || variable.storage === 'arguments';
}
