import type { FunctionIr, Variable } from '../ir/index.js';
import { definitionOf, operandsOf, terminalOperandsOf } from '../ir/operands.js';
import { factsOf } from './facts.js';

/**
 * A value and all that a function makes of it.
 *
 * @param fn - the function
 * @param start - the value
 * @returns the variables that hold it or something made of it
 */
export function derivedFrom(fn: FunctionIr, start: Variable): ReadonlySet<Variable> {
  const derived = new Set<Variable>([start]);
  const { sites, blocks } = factsOf(fn);
  for (let before = 0; before !== derived.size; ) {
    before = derived.size;
    for (const { instruction } of sites) {
      const target = definitionOf(instruction);
      if (target !== undefined && operandsOf(instruction).some((operand) => derived.has(operand))) derived.add(target);
    }
    for (const { terminal } of blocks) if (terminal.kind === 'next' && terminalOperandsOf(terminal).some((operand) => derived.has(operand))) derived.add(terminal.value);
  }
  return derived;
}
