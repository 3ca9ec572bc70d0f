import type ts from 'typescript';

/** What an expression's static type says about a value that may be a path or a number: which of the two it is. */
export type TextKind = 'string' | 'object' | 'number' | 'unknown';

/**
 * Whether an expression is a string for sure, or an object for sure; or whether it says that it may be a number.
 *
 * @param node - the expression
 * @param program - its program
 * @param instance - the TypeScript that built the program
 * @returns `unknown` where it may be anything
 */
export function textKindOf(node: ts.Node, program: ts.Program, instance: typeof ts): TextKind {
  const { TypeFlags } = instance;
  const type = program.getTypeChecker().getTypeAtLocation(node);
  const members = type.isUnion() ? type.types : [type];
  if (members.every((member) => (member.flags & TypeFlags.StringLike) !== 0)) return 'string';
  if (members.some((member) => (member.flags & TypeFlags.NumberLike) !== 0)) return 'number';
  return members.every((member) => (member.flags & (TypeFlags.StringLike | TypeFlags.Object)) !== 0) ? 'object' : 'unknown';
}
