import type { TSESLint, TSESTree } from '@typescript-eslint/utils';
import type { Generator, Range } from '../fixes/context.js';

type SourceCode = Readonly<TSESLint.SourceCode>;
type FunctionNode = TSESTree.FunctionDeclaration | TSESTree.FunctionExpression;

/**
 * What a fix may know of the generator around a place.
 *
 * @param at - a place in its body
 * @param sourceCode - the file
 * @returns the generator; undefined where the innermost function is none
 */
export function generatorAround(at: Range, sourceCode: SourceCode): Generator | undefined {
  let node: TSESTree.Node | null | undefined = sourceCode.getNodeByRangeIndex(at.start);
  while (node && !isFunction(node)) node = node.parent;
  if (!node || node.type === 'ArrowFunctionExpression' || !node.generator) return undefined;
  const { body } = node;
  if (body?.type !== 'BlockStatement') return undefined;
  const outer = node.parent.type === 'MethodDefinition' || (node.parent.type === 'Property' && node.parent.method) ? node.parent : node;
  const head = sourceCode.getTokens(outer).filter((token) => token.range[1] <= body.range[0]);
  const star = head.find((token) => token.value === '*');
  const keyword = head.find((token) => token.value === 'async');
  if (star === undefined) return undefined;
  const found = findingsIn(body, sourceCode);
  return {
    isAsync: node.async,
    asyncKeyword: keyword === undefined ? { start: outer.range[0], end: outer.range[0] } : withSpace(keyword, sourceCode),
    star: { start: star.range[0], end: star.range[1] },
    body: { start: body.range[0], end: body.range[1] },
    returnType: node.returnType === undefined ? undefined : { start: node.returnType.typeAnnotation.range[0], end: node.returnType.typeAnnotation.range[1] },
    isIterator: isAsyncIteratorMethod(outer, sourceCode),
    ...found,
  };
}

function isFunction(node: TSESTree.Node): node is FunctionNode | TSESTree.ArrowFunctionExpression {
  return node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression';
}

function isAsyncIteratorMethod(node: TSESTree.Node, sourceCode: SourceCode): boolean {
  return (node.type === 'MethodDefinition' || node.type === 'Property') && sourceCode.getText(node.key) === 'Symbol.asyncIterator';
}

function withSpace(token: TSESTree.Token, sourceCode: SourceCode): Range {
  const next = sourceCode.getTokenAfter(token);
  return { start: token.range[0], end: next?.range[0] ?? token.range[1] };
}

function findingsIn(body: TSESTree.Node, sourceCode: SourceCode): Pick<Generator, 'yields' | 'hasResult'> {
  const yields: Generator['yields'][number][] = [];
  let hasResult = false;
  const visit = (node: TSESTree.Node): void => {
    if (isFunction(node) || node.type === 'ClassBody') return;
    if (node.type === 'ReturnStatement' && node.argument !== null) hasResult = true;
    if (node.type === 'YieldExpression') {
      const value = node.argument ?? undefined;
      yields.push({
        range: { start: node.range[0], end: node.range[1] },
        value: value && { start: sourceCode.getTokenAfter(sourceCode.getFirstToken(node) as TSESTree.Token)?.range[0] ?? value.range[0], end: node.range[1] },
        isStatement: node.parent.type === 'ExpressionStatement',
        isDelegating: node.delegate,
      });
    }
    for (const key of sourceCode.visitorKeys[node.type] ?? []) {
      const child = (node as unknown as Readonly<Record<string, unknown>>)[key];
      for (const one of Array.isArray(child) ? child : [child]) if (isNode(one)) visit(one);
    }
  };
  visit(body);
  return { yields, hasResult };
}

function isNode(value: unknown): value is TSESTree.Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'range' in value;
}
