import { definitionOf, operandsOf } from '../ir/operands.js';
import type { Instruction, Origin, Variable } from '../ir/index.js';

/** Where a constant gets its value, and whether the function that declares it does anything else with it. */
export interface Initialiser {
  readonly at: Origin;
  readonly isUsedBesides: boolean;
}

/**
 * The expression a constant is declared with.
 *
 * @returns undefined where the declaration takes something apart, or only gives another variable a second name
 */
export function initialiserOf(variable: Variable): Initialiser | undefined {
  const instructions = (variable.owner.body?.blocks ?? []).flatMap((block) => block.instructions);
  const copy = instructions.find((one) => one.op === 'copy' && one.target === variable);
  if (!variable.isConstant || variable.storage !== 'local' || copy?.op !== 'copy') return undefined;
  const given = instructions.find((one) => definitionOf(one) === copy.source);
  if (given === undefined || copy.source.storage !== 'temporary' || given.op !== 'call') return undefined;
  const isRead = (one: Instruction): boolean => operandsOf(one).includes(variable);
  return { at: given.origin, isUsedBesides: instructions.some(isRead) };
}
