import type ts from 'typescript';

/**
 * What the static type of an expression says about a copy of its value. `view`: bytes, whatever happens. `nullable`: bytes, null or
 * undefined. `generic`: bytes of a type parameter's type, which no copy has. `other`: something else, or a mixture. `unknown`: `any`,
 * or a program that does not tell null apart.
 */
export type Copyable = 'view' | 'nullable' | 'generic' | 'other' | 'unknown';

/**
 * Answers whether an expression's value can be copied as bytes. Asked for expressions that a fix is about to rewrite only.
 *
 * @param node - the expression
 * @param program - the program it belongs to
 * @param instance - the TypeScript that built the program
 * @returns what the static type, as narrowed at the expression, says
 */
export function copyableOf(node: ts.Node, program: ts.Program, instance: typeof ts): Copyable {
  const { TypeFlags } = instance;
  const type = program.getTypeChecker().getTypeAtLocation(node);
  const parts = type.isUnion() ? type.types : [type];
  if (parts.some((part) => part.flags & (TypeFlags.Any | TypeFlags.Unknown))) return 'unknown';
  const values = parts.filter((part) => !(part.flags & (TypeFlags.Null | TypeFlags.Undefined | TypeFlags.Void)));
  // Every view and buffer has it, and nothing else of the platform does but objects that wrap one.
  if (values.length === 0 || !values.every((part) => part.getProperty('byteLength') !== undefined || hasBytesConstraint(part))) return 'other';
  if (values.some((part) => part.flags & TypeFlags.TypeParameter)) return 'generic';
  if (!isStrict(program.getCompilerOptions(), instance)) return 'unknown';
  return values.length < parts.length ? 'nullable' : 'view';
}

function hasBytesConstraint(type: ts.Type): boolean {
  return type.getConstraint()?.getProperty('byteLength') !== undefined;
}

/** TypeScript 6 is strict unless told otherwise. */
function isStrict(options: ts.CompilerOptions, instance: typeof ts): boolean {
  return options.strictNullChecks ?? options.strict ?? Number(instance.versionMajorMinor.split('.')[0]) >= 6;
}
