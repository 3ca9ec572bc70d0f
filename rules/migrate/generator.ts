import { Node, SyntaxKind, type SourceFile } from 'ts-morph';
import type { Generator, Range } from '../fixes/context.js';
import { rangeOf } from './expression.js';

/**
 * What a fix may know of the generator around a place.
 *
 * @param at - a place in its body
 * @param file - the file
 * @returns the generator; undefined where the innermost function is none
 */
export function generatorAround(at: Range, file: SourceFile): Generator | undefined {
  const fn = file.getDescendantAtPos(at.start)?.getFirstAncestor((node) => Node.isFunctionLikeDeclaration(node) || Node.isFunctionExpression(node));
  if (!Node.isFunctionDeclaration(fn) && !Node.isFunctionExpression(fn) && !Node.isMethodDeclaration(fn)) return undefined;
  const star = fn.getAsteriskToken();
  const body = fn.getBody();
  if (star === undefined || body === undefined) return undefined;
  const keyword = fn.getAsyncKeyword();
  const returned = fn.getReturnTypeNode();
  const own = body.getDescendants().filter((node) => node.getFirstAncestor((ancestor) => Node.isFunctionLikeDeclaration(ancestor) || Node.isFunctionExpression(ancestor) || Node.isArrowFunction(ancestor)) === fn);
  return {
    isAsync: fn.isAsync(),
    asyncKeyword: keyword === undefined ? { start: fn.getStart(), end: fn.getStart() } : { start: keyword.getStart(), end: keyword.getEnd() + (/^\s*/.exec(file.getFullText().slice(keyword.getEnd()))?.[0].length ?? 0) },
    star: rangeOf(star),
    body: rangeOf(body),
    returnType: returned && rangeOf(returned),
    isIterator: Node.isMethodDeclaration(fn) && fn.getName() === '[Symbol.asyncIterator]',
    hasResult: own.some((node) => Node.isReturnStatement(node) && node.getExpression() !== undefined),
    yields: own.filter(Node.isYieldExpression).map((node) => {
      const value = node.getExpression();
      return {
        range: rangeOf(node),
        value: value && rangeOf(value),
        isStatement: Node.isExpressionStatement(node.getParent()),
        isDelegating: node.getFirstChildByKind(SyntaxKind.AsteriskToken) !== undefined,
      };
    }),
  };
}
