import type ts from 'typescript';
import type { Generator, Range } from '../fixes/context.js';
import type { Source } from './fix-context.js';
import { afterBlanks, innermostAt, nodesBelow, rangeOf } from './places.js';

type GeneratorFunction = ts.FunctionDeclaration | ts.FunctionExpression | ts.MethodDeclaration;

/**
 * What a fix may know of the generator around a place.
 *
 * @param at - a place in its body
 * @param source - the file
 * @returns the generator; undefined where the innermost function is none
 */
export function generatorAround(at: Range, { ts: t, file }: Source): Generator | undefined {
  let fn = innermostAt(at.start, file);
  while (!t.isFunctionLike(fn) && !t.isSourceFile(fn)) fn = fn.parent;
  if (!t.isFunctionDeclaration(fn) && !t.isFunctionExpression(fn) && !t.isMethodDeclaration(fn)) return undefined;
  if (fn.asteriskToken === undefined || fn.body === undefined) return undefined;
  const keyword = fn.modifiers?.find((modifier) => modifier.kind === t.SyntaxKind.AsyncKeyword);
  return {
    isAsync: keyword !== undefined,
    asyncKeyword: keyword === undefined ? placeOfAsync(fn, file) : { start: keyword.getStart(file), end: afterBlanks(keyword.end, file.text) },
    star: rangeOf(fn.asteriskToken),
    body: rangeOf(fn.body),
    returnType: fn.type && rangeOf(fn.type),
    isIterator: fn.name !== undefined && t.isComputedPropertyName(fn.name) && fn.name.expression.getText(file) === 'Symbol.asyncIterator',
    ...outcomesOf(fn.body, t),
  };
}

/** Behind `export`, `static` and their like. */
function placeOfAsync(fn: GeneratorFunction, file: ts.SourceFile): Range {
  const last = fn.modifiers?.at(-1);
  const at = last === undefined ? fn.getStart(file) : afterBlanks(last.end, file.text);
  return { start: at, end: at };
}

/** What the function itself yields and returns, not those inside of it. */
function outcomesOf(body: ts.Block, t: typeof ts): Pick<Generator, 'yields' | 'hasResult'> {
  const yields: Generator['yields'][number][] = [];
  let hasResult = false;
  for (const node of nodesBelow(body, (one) => !t.isFunctionLike(one) && !t.isClassLike(one))) {
    if (t.isReturnStatement(node) && node.expression !== undefined) hasResult = true;
    if (!t.isYieldExpression(node)) continue;
    yields.push({ range: rangeOf(node), value: node.expression && rangeOf(node.expression), isStatement: t.isExpressionStatement(node.parent), isDelegating: node.asteriskToken !== undefined });
  }
  return { yields, hasResult };
}
