import type ts from 'typescript';
import type { Range } from '../fixes/context.js';
import type { Source } from './fix-context.js';
import { innermostAt } from './places.js';

/**
 * Why `return callback(error)` cannot stand where a `throw` does.
 *
 * @param callback - the name of a parameter of the function around the `throw`
 * @param thrown - the `throw` statement
 * @param source - the file
 * @returns the reason; undefined where it can
 */
export function objectionToCalling(callback: string, thrown: Range, { ts: t, file, program }: Source): string | undefined {
  const statement = innermostAt(thrown.start, file);
  if (!t.isThrowStatement(statement)) return 'nothing is thrown here';
  const checker = program.getTypeChecker();
  const error = checker.getTypeAtLocation(statement.expression);
  if (!isError(error, checker, t)) return 'what is thrown may be no error';
  let fn: ts.Node = statement;
  while (!t.isFunctionLike(fn) && !t.isSourceFile(fn)) fn = fn.parent;
  const named = checker.getSymbolsInScope(statement, t.SymbolFlags.Value).find(({ name }) => name === callback);
  if (named?.declarations?.every((declaration) => t.isParameter(declaration) && declaration.parent === fn) !== true) return 'something else has the name of the callback here';
  const type = checker.getTypeOfSymbolAtLocation(named, statement);
  const isUntyped = (type.flags & t.TypeFlags.Any) !== 0 || type.symbol?.name === 'Function';
  const signatures = type.getCallSignatures();
  if (isUntyped || /\.[cm]?jsx?$/.test(file.fileName)) return undefined;
  const takesError = signatures.some(({ parameters: [first] }) => first !== undefined && checker.isTypeAssignableTo(error, checker.getTypeOfSymbolAtLocation(first, statement)));
  if (!takesError) return 'the callback takes no such error';
  const declared = t.isFunctionLike(fn) ? fn.type : undefined;
  const result = declared && checker.getTypeFromTypeNode(declared);
  if (result === undefined || signatures.every((signature) => checker.isTypeAssignableTo(signature.getReturnType(), result))) return undefined;
  return 'the function has to give something else than the callback';
}

/** Anything else may be, to a callback, as good as no error at all. */
function isError(type: ts.Type, checker: ts.TypeChecker, t: typeof ts): boolean {
  if ((type.flags & t.TypeFlags.Any) !== 0) return true;
  return ['name', 'message'].every((name) => checker.getPropertyOfType(type, name) !== undefined);
}
