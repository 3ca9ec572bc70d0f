import type { TSESLint, TSESTree } from '@typescript-eslint/utils';
import type { Copyable } from '../engine/types/copyable.js';
import type { TextKind } from '../engine/types/text-kind.js';
import type { Expression, Range } from '../fixes/context.js';

/** A file, and the question that its syntax does not answer. */
export interface TypedSource {
  readonly sourceCode: Readonly<TSESLint.SourceCode>;
  copyableOf(node: TSESTree.Node): Copyable;
  textKindOf(node: TSESTree.Node): TextKind;
}

/** `a`, `a.b`, `f()`, `[…]`: what `.name` can follow without parentheses. `new X` is looked at more closely. */
const memberOperands: ReadonlySet<string> = new Set([
  'Identifier',
  'ThisExpression',
  'MemberExpression',
  'CallExpression',
  'ChainExpression',
  'TSNonNullExpression',
  'ArrayExpression',
  'TemplateLiteral',
  'TaggedTemplateExpression',
  'ImportExpression',
  'MetaProperty',
]);

/** Around an expression that may be of any kind. */
const standingPlaces: ReadonlySet<string> = new Set([
  'YieldExpression',
  'ReturnStatement',
  'CallExpression',
  'NewExpression',
  'AssignmentExpression',
  'VariableDeclarator',
  'Property',
  'ArrayExpression',
  'ArrowFunctionExpression',
  'ForInStatement',
  'ForOfStatement',
  'IfStatement',
  'SwitchStatement',
  'TemplateLiteral',
  'ThrowStatement',
  'WhileStatement',
]);

/**
 * What a fix may know of the expression at a range.
 *
 * @param range - an expression's range in the source text, with or without its parentheses
 * @param source - the file
 * @returns the expression; undefined where none has this range
 */
export function expressionAt(range: Range, source: TypedSource): Expression | undefined {
  const { sourceCode } = source;
  const node = nodeAt(range, sourceCode);
  if (node !== undefined) return describe(node, source);

  // The syntax tree has no parentheses: take them off, and remember that they are there.
  const open = sourceCode.getTokenByRangeStart(range.start);
  const inner = open?.value === '(' ? sourceCode.getTokenAfter(open) : null;
  const close = lastTokenBefore(range.end, sourceCode);
  const last = close?.value === ')' ? sourceCode.getTokenBefore(close) : null;
  if (!inner || !last || inner.range[0] > last.range[0]) return undefined;
  const content = expressionAt({ start: inner.range[0], end: last.range[1] }, source);
  return content && { ...content, ...range, isMemberOperand: true, isArgument: true, isStandalone: true, statement: undefined, call: undefined, construct: undefined };
}

/** The outermost expression that fills the range. */
function nodeAt(range: Range, sourceCode: Readonly<TSESLint.SourceCode>): TSESTree.Node | undefined {
  let found: TSESTree.Node | undefined;
  let node: TSESTree.Node | null | undefined = sourceCode.getNodeByRangeIndex(range.start);
  for (; node && node.range[0] === range.start && node.range[1] <= range.end; node = node.parent) {
    if (node.range[1] === range.end && isExpression(node)) found = node;
  }
  return found;
}

function isExpression(node: TSESTree.Node): boolean {
  return node.type === 'Identifier' || node.type === 'TemplateLiteral' || node.type === 'MetaProperty' || (node.type.endsWith('Expression') && node.type !== 'TSInstantiationExpression') || node.type === 'TSTypeAssertion';
}

function lastTokenBefore(end: number, sourceCode: Readonly<TSESLint.SourceCode>): TSESTree.Token | undefined {
  const { tokens } = sourceCode.ast;
  let low = 0;
  let high = tokens.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const token = tokens[middle];
    if (token === undefined) return undefined;
    if (token.range[1] === end) return token;
    if (token.range[1] < end) low = middle + 1;
    else high = middle - 1;
  }
  return undefined;
}

function describe(node: TSESTree.Node, source: TypedSource): Expression {
  const bare = node.type === 'ChainExpression' ? node.expression : node;
  return {
    ...rangeOf(node),
    isMemberOperand: node.type === 'NewExpression' ? hasArgumentList(node, source.sourceCode) : memberOperands.has(node.type),
    isArgument: node.type !== 'SequenceExpression' && node.type !== 'SpreadElement',
    isRepeatable: isRepeatable(node),
    isOptional: isOptional(bare),
    call: callOf(bare),
    construct: constructOf(bare, source),
    branches: branchesOf(node)?.map((branch) => describe(branch, source)),
    calleeRange: bare.type === 'CallExpression' ? rangeOf(bare.callee) : undefined,
    argumentExpressions: argumentsOf(bare).map((argument) => describe(argument, source)),
    isStatement: node.parent?.type === 'ExpressionStatement',
    textKind: () => source.textKindOf(node),
    isNullish: isNullish(node),
    isStandalone: node.parent !== undefined && standingPlaces.has(node.parent.type) && !isCallee(node),
    statement: statementOf(node),
    copyable: () => source.copyableOf(node),
    shorthand: node.parent?.type === 'Property' && node.parent.shorthand && node.type === 'Identifier' ? node.name : undefined,
  };
}

function argumentsOf(node: TSESTree.Node): readonly TSESTree.Expression[] {
  if (node.type !== 'CallExpression') return [];
  const spread = node.arguments.findIndex(({ type }) => type === 'SpreadElement');
  return (spread < 0 ? node.arguments : node.arguments.slice(0, spread)) as TSESTree.Expression[];
}

/** Around a statement that may become any other; after `if` and `else` an `if` would change which branch is whose. */
const statementPlaces: ReadonlySet<string> = new Set([
  'BlockStatement',
  'DoWhileStatement',
  'ForInStatement',
  'ForOfStatement',
  'ForStatement',
  'Program',
  'StaticBlock',
  'SwitchCase',
  'WhileStatement',
]);

function statementOf(node: TSESTree.Node): Range | undefined {
  const outer = node.parent?.type === 'UnaryExpression' && node.parent.operator === 'void' ? node.parent : node;
  const statement = outer.parent;
  const place = statement?.type === 'ExpressionStatement' ? statement.parent : undefined;
  return statement !== undefined && place !== undefined && statementPlaces.has(place.type) ? rangeOf(statement) : undefined;
}

function isCallee(node: TSESTree.Node): boolean {
  return (node.parent?.type === 'CallExpression' || node.parent?.type === 'NewExpression') && node.parent.callee === node;
}

function branchesOf(node: TSESTree.Node): readonly TSESTree.Expression[] | undefined {
  if (node.type === 'ConditionalExpression') return [node.consequent, node.alternate];
  if (node.type !== 'LogicalExpression') return undefined;
  return node.operator === '&&' ? [node.right] : [node.left, node.right];
}

function isNullish(node: TSESTree.Node): boolean {
  if (node.type === 'Identifier') return node.name === 'undefined';
  return (node.type === 'Literal' && node.raw === 'null') || (node.type === 'UnaryExpression' && node.operator === 'void');
}

/** `new X()`, not `new X` and not `new (f())`. */
function hasArgumentList(node: TSESTree.NewExpression, sourceCode: Readonly<TSESLint.SourceCode>): boolean {
  if (node.arguments.length > 0) return true;
  const last = sourceCode.getLastToken(node);
  return last?.value === ')' && sourceCode.getTokenBefore(last)?.value === '(';
}

function isRepeatable(node: TSESTree.Node): boolean {
  if (node.type === 'Identifier' || node.type === 'ThisExpression') return true;
  return node.type === 'MemberExpression' && !node.computed && isRepeatable(node.object);
}

/** The value may be undefined because of a `?.` on the way to it. */
function isOptional(node: TSESTree.Node): boolean {
  if (node.type === 'MemberExpression') return node.optional || isOptional(node.object);
  if (node.type === 'CallExpression') return node.optional || isOptional(node.callee);
  return false;
}

function callOf(node: TSESTree.Node): Expression['call'] {
  if (node.type !== 'CallExpression' || node.optional || node.callee.type !== 'MemberExpression' || node.callee.computed) return undefined;
  const { property } = node.callee;
  return property.type === 'Identifier' ? { method: property.name, methodName: rangeOf(property) } : undefined;
}

function constructOf(node: TSESTree.Node, source: TypedSource): Expression['construct'] {
  if (node.type !== 'NewExpression' || node.callee.type !== 'Identifier') return undefined;
  return { name: node.callee.name, arguments: node.arguments.map((argument) => describe(argument, source)) };
}

function rangeOf(node: TSESTree.Node): Range {
  return { start: node.range[0], end: node.range[1] };
}
