import type ts from 'typescript';
import type { Argument, Callee, Key, Variable } from '../../ir/index.js';
import { skipTransparent } from '../syntax.js';
import { hold, listOperand, operand } from './changes.js';
import { USED, type Lowering, type Use } from './lowering.js';
import { keyExpressions, memberKey } from './names.js';

type Link = ts.PropertyAccessExpression | ts.ElementAccessExpression | ts.CallExpression | ts.NonNullExpression;
type Member = ts.PropertyAccessExpression | ts.ElementAccessExpression;

/** A member access or call. A whole optional chain gives undefined when any of its `?.` stops it. */
export function lowerLink(lowering: Lowering, node: Link, use: Use): Variable {
  if (!isInChain(lowering, node)) return linkValue(lowering, node, use);
  const { graph } = lowering;
  const origin = lowering.origin(node);
  const stopped = graph.reserve();
  const value = inChain(lowering, stopped, () => linkValue(lowering, node, use));
  if (!use.isResultUsed) {
    graph.goto(stopped);
    graph.start(stopped);
    return value;
  }
  const result = lowering.temporary(origin);
  const end = graph.reserve();
  lowering.copy(result, value, origin);
  graph.goto(end);
  graph.start(stopped);
  lowering.emit({ op: 'literal', target: result, value: undefined, origin });
  graph.goto(end);
  graph.start(end);
  return result;
}

/** A `?.` stands in the node, or further left in the chain that it is part of. */
export function isInChain(lowering: Lowering, node: ts.Node): boolean {
  return (node.flags & lowering.NodeFlags.OptionalChain) !== 0;
}

/** Runs `inside` with the place to which a `?.` on null or undefined goes. */
export function inChain<T>(lowering: Lowering, exit: number | undefined, inside: () => T): T {
  const outer = lowering.chainExit;
  lowering.chainExit = exit;
  const result = inside();
  lowering.chainExit = outer;
  return result;
}

/** One link of a chain, its `?.` going to the chain's exit. */
export function linkValue(lowering: Lowering, node: Link, use: Use): Variable {
  const { SyntaxKind } = lowering;
  switch (node.kind) {
    case SyntaxKind.CallExpression:
      return lowerCall(lowering, node, use);
    case SyntaxKind.NonNullExpression:
      return objectOf(lowering, node, use);
    default:
      return lowerMember(lowering, node);
  }
}

/** What stands left of a link: the same chain going on, or an expression of its own. */
function objectOf(lowering: Lowering, link: Link, use: Use = USED): Variable {
  const { expression } = link;
  if (isInChain(lowering, link) && isInChain(lowering, expression)) return linkValue(lowering, expression as Link, use);
  return inChain(lowering, undefined, () => lowering.value(expression, use));
}

function lowerMember(lowering: Lowering, node: Member): Variable {
  const origin = lowering.origin(node);
  if (node.expression.kind === lowering.SyntaxKind.SuperKeyword) {
    const key = memberKey(lowering, node, []);
    const target = lowering.temporary(origin);
    lowering.emit({ op: 'load-super', target, key, origin });
    return target;
  }
  const { object, key } = memberParts(lowering, node, []);
  const target = lowering.temporary(origin);
  lowering.emit({ op: 'load', target, object, key, origin });
  return target;
}

function memberParts(lowering: Lowering, node: Member, later: readonly ts.Node[]): { object: Variable; key: Key } {
  const object = hold(lowering, objectOf(lowering, node), node.expression, [...keyExpressions(lowering, node), ...later]);
  if (node.questionDotToken !== undefined) stopIfNullish(lowering, object, node);
  return { object, key: memberKey(lowering, node, later) };
}

function stopIfNullish(lowering: Lowering, value: Variable, node: ts.Node): void {
  const { graph, chainExit } = lowering;
  if (chainExit === undefined) return;
  const otherwise = graph.reserve();
  graph.end({ kind: 'branch', test: { kind: 'nullish', value }, then: chainExit, otherwise, origin: lowering.origin(node) });
  graph.start(otherwise);
}

function lowerCall(lowering: Lowering, node: ts.CallExpression, use: Use): Variable {
  const callee = calleeOf(lowering, node);
  return emitCall(lowering, node, callee, lowerArguments(lowering, node.arguments), use);
}

function emitCall(lowering: Lowering, node: ts.Node, callee: Callee, args: readonly Argument[], { isResultUsed, isAwaited }: Use): Variable {
  const origin = lowering.origin(node);
  const target = lowering.temporary(origin);
  lowering.emit({ op: 'call', target, callee, arguments: args, isResultUsed, isAwaited, origin });
  return target;
}

function calleeOf(lowering: Lowering, node: ts.CallExpression): Callee {
  const { SyntaxKind } = lowering;
  const { expression } = node;
  switch (expression.kind) {
    case SyntaxKind.SuperKeyword:
      return { kind: 'super-construct' };
    case SyntaxKind.ImportKeyword:
      return { kind: 'import' };
    default:
  }
  const isOneChain = isInChain(lowering, node) && isInChain(lowering, expression);
  const member = isOneChain ? skipNonNull(lowering, expression) : skipTransparent(expression, lowering.ts);
  const isMember = member.kind === SyntaxKind.PropertyAccessExpression || member.kind === SyntaxKind.ElementAccessExpression;
  if (isMember && (isOneChain || !isInChain(lowering, member))) return methodCallee(lowering, node, member as Member);
  const value = hold(lowering, objectOf(lowering, node), expression, node.arguments);
  if (node.questionDotToken !== undefined) stopIfNullish(lowering, value, node);
  return { kind: 'value', value };
}

function skipNonNull(lowering: Lowering, expression: ts.Expression): ts.Expression {
  let node = expression;
  while (node.kind === lowering.SyntaxKind.NonNullExpression) node = (node as ts.NonNullExpression).expression;
  return node;
}

function methodCallee(lowering: Lowering, node: ts.CallExpression, member: Member): Callee {
  const later = node.arguments;
  if (member.expression.kind === lowering.SyntaxKind.SuperKeyword) return { kind: 'super-method', key: memberKey(lowering, member, later) };
  const { object, key } = memberParts(lowering, member, later);
  if (node.questionDotToken !== undefined) {
    const origin = lowering.origin(member);
    const method = lowering.temporary(origin);
    lowering.emit({ op: 'load', target: method, object, key, origin });
    stopIfNullish(lowering, method, node);
  }
  return { kind: 'method', object, key, objectOrigin: lowering.origin(skipTransparent(member.expression, lowering.ts)) };
}

function lowerArguments(lowering: Lowering, nodes: readonly ts.Expression[] | undefined): Argument[] {
  if (nodes === undefined) return [];
  return inChain(lowering, undefined, () => nodes.map((node, index) => lowerArgument(lowering, node, nodes, index)));
}

function lowerArgument(lowering: Lowering, node: ts.Expression, list: readonly ts.Expression[], index: number): Argument {
  const isSpread = node.kind === lowering.SyntaxKind.SpreadElement;
  const expression = isSpread ? (node as ts.SpreadElement).expression : node;
  return { value: listOperand(lowering, expression, list, index), isSpread, origin: lowering.origin(skipTransparent(expression, lowering.ts)) };
}

/** `new X(…)` */
export function lowerNew(lowering: Lowering, node: ts.NewExpression, use: Use): Variable {
  const args = node.arguments ?? [];
  const value = operand(lowering, node.expression, args);
  return emitCall(lowering, node, { kind: 'construct', value }, lowerArguments(lowering, args), use);
}

/** A tagged template calls its tag with the strings, then each substitution. */
export function lowerTaggedTemplate(lowering: Lowering, node: ts.TaggedTemplateExpression, use: Use): Variable {
  const { SyntaxKind } = lowering;
  const { template } = node;
  const substitutions = template.kind === SyntaxKind.TemplateExpression ? (template).templateSpans.map((span) => span.expression) : [];
  const tag = skipTransparent(node.tag, lowering.ts);
  const isMember = tag.kind === SyntaxKind.PropertyAccessExpression || tag.kind === SyntaxKind.ElementAccessExpression;
  const callee: Callee =
    isMember && !isInChain(lowering, tag) ? taggedMethod(lowering, tag as Member, substitutions) : { kind: 'value', value: operand(lowering, node.tag, substitutions) };
  const origin = lowering.origin(template);
  const strings = lowering.temporary(origin);
  lowering.emit({ op: 'opaque', target: strings, operands: [], origin });
  const args = [{ value: strings, isSpread: false, origin }, ...lowerArguments(lowering, substitutions)];
  return emitCall(lowering, node, callee, args, use);
}

function taggedMethod(lowering: Lowering, tag: Member, later: readonly ts.Node[]): Callee {
  if (tag.expression.kind === lowering.SyntaxKind.SuperKeyword) return { kind: 'super-method', key: memberKey(lowering, tag, later) };
  const { object, key } = memberParts(lowering, tag, later);
  return { kind: 'method', object, key, objectOrigin: lowering.origin(skipTransparent(tag.expression, lowering.ts)) };
}
