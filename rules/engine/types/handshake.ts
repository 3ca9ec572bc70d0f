import type ts from 'typescript';

/** The TypeScript that was handed over is not the one that built the program. */
export class TypeScriptMismatchError extends Error {
  override readonly name = 'TypeScriptMismatchError';
  /** Stable across versions; compare this, not the message. */
  readonly code = 'BORROWCK_TYPESCRIPT_MISMATCH';
}

/**
 * Checks that a TypeScript instance and a program belong together. Node kinds and type flags are numbered differently in each
 * release, so with another instance's tables every answer would be wrong without looking wrong.
 *
 * @param tsInstance - the TypeScript instance whose enumerations will be used
 * @param program - the program that will be analysed
 * @throws {TypeScriptMismatchError} when they come from different releases of TypeScript
 */
export function assertSameTypeScript(tsInstance: typeof ts, program: ts.Program): void {
  const kinds = program.getSourceFiles().map((file) => file.kind);
  const isKindShared = kinds.every((kind) => kind === tsInstance.SyntaxKind.SourceFile);
  if (isKindShared && program.getTypeChecker().getStringType().flags === tsInstance.TypeFlags.String) return;
  throw new TypeScriptMismatchError(
    `The program was built by another TypeScript than ${tsInstance.version}, which borrowck was given: install one version of typescript for the linter and its parser.`,
  );
}
