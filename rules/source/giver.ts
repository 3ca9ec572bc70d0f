import type ts from 'typescript';
import { namedBy } from '../engine/types/references.js';
import type { Giver, Range } from '../fixes/context.js';
import type { Source } from './fix-context.js';
import { innermostAt, nodesBelow, rangeOf } from './places.js';

/** A function that can give something else without its file noticing. */
type GivingFunction = ts.ArrowFunction | ts.FunctionDeclaration | ts.FunctionExpression | ts.MethodDeclaration;

/**
 * The function around a `return` or `yield`, with everything that it gives.
 *
 * @param at - what is given, a place in its body
 * @param source - the file
 * @returns the function, or why what it gives cannot become another thing
 */
export function giverAround(at: Range, source: Source): Giver | string {
  const { ts: t, file } = source;
  let fn = innermostAt(at.start, file);
  while (!t.isFunctionLike(fn) && !t.isSourceFile(fn)) fn = fn.parent;
  if (!isGiving(fn, t) || fn.body === undefined) return 'it is given by a member that is no method';
  if (t.getJSDocReturnType(fn) !== undefined) return 'a comment says what it gives';
  const reason = objectionTo(fn, source);
  if (reason !== undefined) return reason;
  const isGenerator = fn.asteriskToken !== undefined;
  const values = isGenerator ? yieldedBy(fn.body, t) : returnedBy(fn.body, t);
  return typeof values === 'string' ? values : { returnType: fn.type && rangeOf(fn.type), values };
}

function isGiving(node: ts.Node, t: typeof ts): node is GivingFunction {
  return t.isArrowFunction(node) || t.isFunctionDeclaration(node) || t.isFunctionExpression(node) || t.isMethodDeclaration(node);
}

/** Why somebody in this file would notice: it is called here, or something says what it has to give. */
function objectionTo(fn: GivingFunction, { ts: t, program }: Source): string | undefined {
  const declaration = t.isArrowFunction(fn) || t.isFunctionExpression(fn) ? fn.parent : fn;
  if (t.isVariableDeclaration(declaration) ? declaration.type !== undefined || declaration.initializer !== fn : declaration !== fn) return 'something else says what it has to give';
  if (t.isMethodDeclaration(fn) && (!t.isClassLike(fn.parent) || (fn.parent.heritageClauses?.length ?? 0) > 0)) return 'what its class is made of, or for, says what it has to give';
  const { name } = declaration as { readonly name?: ts.DeclarationName };
  // `export default function () {}`
  if (name === undefined) return undefined;
  if (!t.isIdentifier(name) && !t.isPrivateIdentifier(name)) return 'it has no plain name';
  const named = namedBy(name, program, t);
  if (named === undefined || named.declarations.length !== 1) return 'it is declared more than once';
  const isUsedHere = named.references.some((reference) => reference !== name && !t.isExportSpecifier(reference.parent) && !t.isExportAssignment(reference.parent));
  return isUsedHere ? 'this file uses what it gives' : undefined;
}

function returnedBy(body: ts.ConciseBody, t: typeof ts): readonly Range[] | string {
  if (!t.isBlock(body)) return [rangeOf(body)];
  const values: Range[] = [];
  for (const node of ownNodes(body, t)) {
    if (!t.isReturnStatement(node)) continue;
    if (node.expression === undefined) return 'it does not always give bytes';
    values.push(rangeOf(node.expression));
  }
  return values;
}

function yieldedBy(body: ts.ConciseBody, t: typeof ts): readonly Range[] | string {
  const values: Range[] = [];
  for (const node of ownNodes(body, t)) {
    if (t.isReturnStatement(node) && node.expression !== undefined) return 'it returns a value besides what it yields';
    if (!t.isYieldExpression(node)) continue;
    if (node.asteriskToken !== undefined) return 'it hands on what another generator yields';
    if (node.expression === undefined) return 'it does not always give bytes';
    values.push(rangeOf(node.expression));
  }
  return values;
}

/** The nodes of a function, not those of functions inside of it. */
function ownNodes(body: ts.Node, t: typeof ts): Iterable<ts.Node> {
  return nodesBelow(body, (node) => !t.isFunctionLike(node) && !t.isClassLike(node));
}
