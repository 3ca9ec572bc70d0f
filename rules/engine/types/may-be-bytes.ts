import type ts from 'typescript';
import type { Declarations } from './declarations.js';

/** Types of the standard library that bytes have, and that are no views themselves. */
const general: ReadonlySet<string> = new Set(['ArrayBufferView', 'ArrayLike', 'Object', 'RelativeIndexable']);

/**
 * Whether a member of a union may be bytes, without looking into what it is made of.
 *
 * @param type - the member
 * @param declarations - tells what the catalog knows of a symbol
 * @param tsInstance - the TypeScript that made the type
 * @returns false for primitives, literals of objects, functions, and named types that are neither views nor extend what is named like one
 */
export function mayBeBytes(type: ts.Type, declarations: Declarations, tsInstance: typeof ts): boolean {
  const { TypeFlags } = tsInstance;
  if (type.flags & (TypeFlags.Any | TypeFlags.Unknown | TypeFlags.Instantiable | TypeFlags.NonPrimitive | TypeFlags.Intersection | TypeFlags.Union)) return true;
  if (!(type.flags & TypeFlags.Object)) return false;
  const symbol = type.getSymbol();
  if (symbol === undefined || symbol.declarations === undefined) return false;
  if (general.has(symbol.name) || declarations.typeOf(symbol)?.view !== undefined) return true;
  return symbol.declarations.some((declaration) => {
    if (tsInstance.isTypeLiteralNode(declaration)) return declaration.members.length === 0;
    if (!tsInstance.isClassLike(declaration) && !tsInstance.isInterfaceDeclaration(declaration)) return false;
    return declaration.heritageClauses?.some((clause) => /Array|Buffer|Bytes|View/.test(clause.getText())) === true;
  });
}
