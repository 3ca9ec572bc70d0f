import type ts from 'typescript';
import type { Range } from '../fixes/context.js';
import type { Source } from './fix-context.js';
import { innermostAt } from './places.js';

/**
 * Whether `return callback(error)` can stand where a `throw` does: an error is thrown, the name still is the callback's, and the types
 * of both, and of what the function gives, allow it.
 *
 * @param callback - the name of a parameter of the function around the `throw`
 * @param thrown - the `throw` statement
 * @param source - the file
 * @returns whether the result compiles, and the callback takes what it is given for an error
 */
export function canCallInstead(callback: string, thrown: Range, { ts: t, file, program }: Source): boolean {
  const statement = innermostAt(thrown.start, file);
  if (!t.isThrowStatement(statement)) return false;
  const checker = program.getTypeChecker();
  const error = checker.getTypeAtLocation(statement.expression);
  if (!isError(error, checker, t)) return false;
  let fn: ts.Node = statement;
  while (!t.isFunctionLike(fn) && !t.isSourceFile(fn)) fn = fn.parent;
  const named = checker.getSymbolsInScope(statement, t.SymbolFlags.Value).find(({ name }) => name === callback);
  if (named?.declarations?.every((declaration) => t.isParameter(declaration) && declaration.parent === fn) !== true) return false;
  const type = checker.getTypeOfSymbolAtLocation(named, statement);
  const isUntyped = (type.flags & t.TypeFlags.Any) !== 0 || type.symbol?.name === 'Function';
  const signatures = type.getCallSignatures();
  if (isUntyped || /\.[cm]?jsx?$/.test(file.fileName)) return true;
  const takesError = signatures.some(({ parameters: [first] }) => first !== undefined && checker.isTypeAssignableTo(error, checker.getTypeOfSymbolAtLocation(first, statement)));
  if (!takesError) return false;
  const declared = t.isFunctionLike(fn) ? fn.type : undefined;
  const result = declared && checker.getTypeFromTypeNode(declared);
  return result === undefined || signatures.every((signature) => checker.isTypeAssignableTo(signature.getReturnType(), result));
}

/** Anything else may be, to a callback, as good as no error at all. */
function isError(type: ts.Type, checker: ts.TypeChecker, t: typeof ts): boolean {
  if ((type.flags & t.TypeFlags.Any) !== 0) return true;
  return ['name', 'message'].every((name) => checker.getPropertyOfType(type, name) !== undefined);
}
