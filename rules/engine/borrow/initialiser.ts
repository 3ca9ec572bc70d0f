import { definitionOf, operandsOf } from '../ir/operands.js';
import { originKey, type FunctionIr, type Instruction, type Origin, type Variable } from '../ir/index.js';

/** Where a constant gets its value, and whether the function that declares it does anything else with it. */
export interface Initialiser {
  readonly at: Origin;
  readonly isUsedBesides: boolean;
}

/**
 * The expression a constant is declared with, where it is a view of memory that is there besides.
 *
 * @param variable - the variable
 * @param madeAt - where the memory was made: a copy of the memory itself would be overwritten in its place
 * @returns undefined where the declaration takes something apart, makes the memory, or only gives another variable a second name
 */
export function initialiserOf(variable: Variable, madeAt: Origin | undefined): Initialiser | undefined {
  const instructions = (variable.owner.body?.blocks ?? []).flatMap((block) => block.instructions);
  const copy = instructions.find((one) => one.op === 'copy' && one.target === variable);
  if (!variable.isConstant || variable.storage !== 'local' || copy?.op !== 'copy') return undefined;
  const given = instructions.find((one) => definitionOf(one) === copy.source);
  if (given === undefined || copy.source.storage !== 'temporary' || given.op !== 'call') return undefined;
  if (madeAt !== undefined && originKey(madeAt) === originKey(given.origin)) return undefined;
  const isRead = (one: Instruction): boolean => operandsOf(one).includes(variable);
  const capturing = variable.owner.outline.nested.filter((one) => isCapturedBy(one, variable));
  return { at: given.origin, isUsedBesides: instructions.some(isRead) || capturing.length > 1 };
}

function isCapturedBy({ outline }: FunctionIr, variable: Variable): boolean {
  return outline.captures.has(variable) || outline.nested.some((one) => isCapturedBy(one, variable));
}
