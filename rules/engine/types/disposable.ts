import type ts from 'typescript';

/**
 * Whether what an expression gives can be held by `using`.
 *
 * @param node - the expression
 * @param program - its program
 * @returns true where it is disposable, or missing
 */
export function isDisposable(node: ts.Expression, program: ts.Program): boolean {
  return isDisposableType(program.getTypeChecker().getTypeAtLocation(node));
}

/**
 * Whether what a method of an object gives can be held by `using`.
 *
 * @param object - the object
 * @param method - the method's name
 * @param program - its program
 * @returns false where the object has no such method
 */
export function givesDisposable(object: ts.Expression, method: string, program: ts.Program): boolean {
  const checker = program.getTypeChecker();
  const member = checker.getTypeAtLocation(object).getProperty(method);
  const signatures = member === undefined ? [] : checker.getTypeOfSymbolAtLocation(member, object).getCallSignatures();
  return signatures.length > 0 && signatures.every((signature) => isDisposableType(checker.getReturnTypeOfSignature(signature)));
}

function isDisposableType(type: ts.Type): boolean {
  const values = type.getNonNullableType();
  const parts = values.isUnion() ? values.types : [values];
  // The compiler's name of the property `[Symbol.dispose]`.
  return parts.length > 0 && parts.every((part) => part.getProperties().some(({ escapedName }) => String(escapedName).startsWith('__@dispose@')));
}
