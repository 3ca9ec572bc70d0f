import type ts from 'typescript';
import type { Variable } from '../../ir/index.js';
import { skipTransparent } from '../syntax.js';
import { hold } from './changes.js';
import { inChain, isInChain, linkValue, lowerLink, lowerNew, lowerTaggedTemplate } from './calls.js';
import { lowerClass } from './classes.js';
import { abandonTarget } from './exits.js';
import { functionValue, lowerArray, lowerJsx, lowerObject, lowerTemplate, opaque } from './literals.js';
import { AWAITED, Unsupported, USED, type Lowering, type Use } from './lowering.js';
import { keyExpressions, memberKey, readName } from './names.js';
import { lowerBinary, lowerConditional, lowerUnary, lowerVoid } from './operators.js';

/** The value of any expression, in a variable. */
export function lowerExpression(lowering: Lowering, node: ts.Expression, use: Use): Variable {
  const { SyntaxKind } = lowering;
  switch (node.kind) {
    case SyntaxKind.Identifier:
      return readName(lowering, node as ts.Identifier);
    case SyntaxKind.ThisKeyword:
      return lowering.thisVariable;
    case SyntaxKind.NonNullExpression:
      return isInChain(lowering, node) ? lowerLink(lowering, node as ts.NonNullExpression, use) : lowering.value((node as ts.NonNullExpression).expression, use);
    case SyntaxKind.ParenthesizedExpression:
    case SyntaxKind.AsExpression:
    case SyntaxKind.TypeAssertionExpression:
    case SyntaxKind.SatisfiesExpression:
    case SyntaxKind.ExpressionWithTypeArguments:
    case SyntaxKind.PartiallyEmittedExpression:
      return lowering.value(skipTransparent(node, lowering.ts), use);
    case SyntaxKind.PropertyAccessExpression:
    case SyntaxKind.ElementAccessExpression:
    case SyntaxKind.CallExpression:
      return lowerLink(lowering, node as ts.CallExpression, use);
    case SyntaxKind.NewExpression:
      return lowerNew(lowering, node as ts.NewExpression, use);
    case SyntaxKind.TaggedTemplateExpression:
      return lowerTaggedTemplate(lowering, node as ts.TaggedTemplateExpression, use);
    case SyntaxKind.BinaryExpression:
      return lowerBinary(lowering, node as ts.BinaryExpression, use);
    case SyntaxKind.ConditionalExpression:
      return lowerConditional(lowering, node as ts.ConditionalExpression, use);
    case SyntaxKind.PrefixUnaryExpression:
    case SyntaxKind.PostfixUnaryExpression:
      return lowerUnary(lowering, node as ts.PrefixUnaryExpression, use);
    case SyntaxKind.TypeOfExpression: {
      const origin = lowering.origin(node);
      const operand = lowering.value((node as ts.TypeOfExpression).expression);
      const target = lowering.temporary(origin);
      lowering.emit({ op: 'unary', target, operator: 'typeof', operand, origin });
      return target;
    }
    case SyntaxKind.VoidExpression:
      return lowerVoid(lowering, node as ts.VoidExpression);
    case SyntaxKind.DeleteExpression:
      return lowerDelete(lowering, node as ts.DeleteExpression);
    case SyntaxKind.AwaitExpression:
      return lowerAwait(lowering, node as ts.AwaitExpression);
    case SyntaxKind.YieldExpression:
      return lowerYield(lowering, node as ts.YieldExpression);
    case SyntaxKind.FunctionExpression:
    case SyntaxKind.ArrowFunction:
      return functionValue(lowering, node as ts.FunctionExpression);
    case SyntaxKind.ClassExpression:
      return lowerClass(lowering, node as ts.ClassExpression);
    case SyntaxKind.ObjectLiteralExpression:
      return lowerObject(lowering, node as ts.ObjectLiteralExpression);
    case SyntaxKind.ArrayLiteralExpression:
      return lowerArray(lowering, node as ts.ArrayLiteralExpression);
    case SyntaxKind.TemplateExpression:
      return lowerTemplate(lowering, node as ts.TemplateExpression);
    case SyntaxKind.JsxElement:
    case SyntaxKind.JsxSelfClosingElement:
    case SyntaxKind.JsxFragment:
      return lowerJsx(lowering, node as ts.JsxElement);
    case SyntaxKind.RegularExpressionLiteral:
    case SyntaxKind.MetaProperty:
      return opaque(lowering, node);
    default:
      return lowerLiteral(lowering, node);
  }
}

function lowerLiteral(lowering: Lowering, node: ts.Expression): Variable {
  const { SyntaxKind } = lowering;
  const origin = lowering.origin(node);
  switch (node.kind) {
    case SyntaxKind.StringLiteral:
    case SyntaxKind.NoSubstitutionTemplateLiteral:
      return lowering.literal((node as ts.StringLiteral).text, origin);
    case SyntaxKind.NumericLiteral:
      return lowering.literal(Number((node as ts.NumericLiteral).text), origin);
    case SyntaxKind.BigIntLiteral:
      return lowering.literal(BigInt((node as ts.BigIntLiteral).text.replace(/n$/u, '')), origin);
    case SyntaxKind.TrueKeyword:
      return lowering.literal(true, origin);
    case SyntaxKind.FalseKeyword:
      return lowering.literal(false, origin);
    case SyntaxKind.NullKeyword:
      return lowering.literal(null, origin);
    case SyntaxKind.OmittedExpression:
      return lowering.literal(undefined, origin);
    default:
      throw new Unsupported(`${SyntaxKind[node.kind] ?? 'unknown syntax'} as an expression`);
  }
}

function lowerDelete(lowering: Lowering, node: ts.DeleteExpression): Variable {
  const { SyntaxKind } = lowering;
  const { graph } = lowering;
  const origin = lowering.origin(node);
  const target = skipTransparent(node.expression, lowering.ts);
  if (target.kind !== SyntaxKind.PropertyAccessExpression && target.kind !== SyntaxKind.ElementAccessExpression) {
    lowering.effect(target);
    return lowering.literal(true, origin);
  }
  const member = target as ts.PropertyAccessExpression | ts.ElementAccessExpression;
  const end = graph.reserve();
  const value = isInChain(lowering, member.expression) ? inChain(lowering, end, () => linkValue(lowering, member.expression as ts.CallExpression, USED)) : lowering.value(member.expression);
  const object = hold(lowering, value, member.expression, keyExpressions(lowering, member));
  if (member.questionDotToken !== undefined) {
    const there = graph.reserve();
    graph.end({ kind: 'branch', test: { kind: 'nullish', value: object }, then: end, otherwise: there, origin: lowering.origin(member) });
    graph.start(there);
  }
  lowering.emit({ op: 'delete', object, key: memberKey(lowering, member, []), origin });
  graph.goto(end);
  graph.start(end);
  return lowering.literal(true, origin);
}

function lowerAwait(lowering: Lowering, node: ts.AwaitExpression): Variable {
  const origin = lowering.origin(node);
  const value = lowering.value(node.expression, AWAITED);
  const target = lowering.temporary(origin);
  lowering.emit({ op: 'await', target, value, origin });
  return target;
}

/** `yield`: on to the next statement after `next()`, or through the cleanups and out after `return()`. */
function lowerYield(lowering: Lowering, node: ts.YieldExpression): Variable {
  const { graph } = lowering;
  const origin = lowering.origin(node);
  const value = node.expression === undefined ? undefined : lowering.value(node.expression);
  const result = lowering.temporary(origin);
  if (graph.isDead) return result;
  const resume = graph.reserve();
  const abandon = abandonTargetAside(lowering);
  graph.end({ kind: 'yield', value, result, isDelegate: node.asteriskToken !== undefined, resume, abandon, origin });
  graph.start(resume);
  return result;
}

function abandonTargetAside(lowering: Lowering): number {
  const { graph } = lowering;
  const here = graph.position();
  const abandon = abandonTarget(lowering);
  graph.resumeAt(here);
  return abandon;
}
