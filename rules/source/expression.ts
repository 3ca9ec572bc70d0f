import type ts from 'typescript';
import { isAssignmentOperator } from '../engine/lower/syntax.js';
import { copyableOf } from '../engine/types/copyable.js';
import { isAwaitable } from '../engine/types/awaitable.js';
import { textKindOf } from '../engine/types/text-kind.js';
import type { Expression, Range } from '../fixes/context.js';
import type { Source } from './fix-context.js';
import { innermostAt, rangeOf, withoutParentheses } from './places.js';

/**
 * What a fix may know of the expression at a range.
 *
 * @param range - an expression's range in the source text, with or without its parentheses
 * @param source - the file
 * @returns the expression; undefined where none has this range
 */
export function expressionAt(range: Range, source: Source): Expression | undefined {
  const { ts: t, file } = source;
  let found: ts.Expression | undefined;
  for (let node = innermostAt(range.start, file); node.getStart(file) === range.start && node.end <= range.end; node = node.parent) {
    if (node.end === range.end && t.isExpression(node) && !t.isSpreadElement(node) && !t.isExpressionWithTypeArguments(node)) found = node;
    if (t.isSourceFile(node)) break;
  }
  if (found === undefined) return undefined;
  if (!t.isParenthesizedExpression(found)) return describe(found, source);
  const inner = describe(withoutParentheses(found, t), source);
  return { ...inner, ...range, isMemberOperand: true, isArgument: true, isStandalone: true, statement: undefined, call: undefined, construct: undefined };
}

function describe(node: ts.Expression, source: Source): Expression {
  const { ts: t, program } = source;
  const { parent } = node;
  const describeAll = (nodes: readonly ts.Expression[]): readonly Expression[] => nodes.map((one) => describe(one, source));
  const branches = branchesOf(node, t);
  return {
    ...rangeOf(node),
    isMemberOperand: isMemberOperand(node, t),
    isArgument: !isOperation(node, t.SyntaxKind.CommaToken, t) && !t.isSpreadElement(node),
    isRepeatable: isRepeatable(node, t),
    isOptional: (node.flags & t.NodeFlags.OptionalChain) !== 0,
    call: callOf(node, t),
    construct: t.isNewExpression(node) && t.isIdentifier(node.expression) ? { name: node.expression.text, arguments: describeAll(node.arguments ?? []) } : undefined,
    branches: branches && describeAll(branches.map((branch) => withoutParentheses(branch, t))),
    calleeRange: t.isCallExpression(node) ? rangeOf(node.expression) : undefined,
    argumentExpressions: t.isCallExpression(node) ? describeAll(beforeSpread(node.arguments, t)) : [],
    followsOpenStatement: followsOpenStatement(node, t),
    isStatement: t.isExpressionStatement(parent),
    textKind: () => textKindOf(node, program, t),
    isNullish: (t.isIdentifier(node) && node.text === 'undefined') || node.kind === t.SyntaxKind.NullKeyword || t.isVoidExpression(node),
    isStandalone: takesAnyOperator(node, parent, t),
    statement: statementOf(node, t),
    canAwait: () => isAwaitable(node, program, t),
    copyable: () => copyableOf(node, program, t),
    shorthand: t.isShorthandPropertyAssignment(parent) ? parent.name.text : undefined,
  };
}

/** `a`, `a.b`, `f()`, `[…]`: what `.name` can follow without parentheses. */
function isMemberOperand(node: ts.Expression, t: typeof ts): boolean {
  if (t.isNewExpression(node)) return node.arguments !== undefined;
  return (
    t.isIdentifier(node) ||
    node.kind === t.SyntaxKind.ThisKeyword ||
    t.isPropertyAccessExpression(node) ||
    t.isElementAccessExpression(node) ||
    t.isCallExpression(node) ||
    t.isNonNullExpression(node) ||
    t.isArrayLiteralExpression(node) ||
    t.isTemplateLiteral(node) ||
    t.isTaggedTemplateExpression(node) ||
    t.isMetaProperty(node)
  );
}

/** Whether an expression needs no parentheses where it stands, whatever operator it begins with. */
function takesAnyOperator(node: ts.Expression, parent: ts.Node, t: typeof ts): boolean {
  if (t.isCallExpression(parent) || t.isNewExpression(parent)) return parent.expression !== node;
  if (t.isConditionalExpression(parent)) return parent.condition !== node;
  if (t.isElementAccessExpression(parent)) return parent.argumentExpression === node;
  if (t.isBinaryExpression(parent)) return isAssignmentOperator(parent.operatorToken.kind, t) && parent.right === node;
  return (
    t.isParenthesizedExpression(parent) ||
    t.isYieldExpression(parent) ||
    t.isReturnStatement(parent) ||
    t.isVariableDeclaration(parent) ||
    t.isPropertyAssignment(parent) ||
    t.isShorthandPropertyAssignment(parent) ||
    t.isArrayLiteralExpression(parent) ||
    t.isArrowFunction(parent) ||
    t.isCaseClause(parent) ||
    t.isComputedPropertyName(parent) ||
    t.isDoStatement(parent) ||
    t.isExportAssignment(parent) ||
    t.isJsxExpression(parent) ||
    t.isForInStatement(parent) ||
    t.isForOfStatement(parent) ||
    t.isIfStatement(parent) ||
    t.isSwitchStatement(parent) ||
    t.isTemplateSpan(parent) ||
    t.isThrowStatement(parent) ||
    t.isWhileStatement(parent)
  );
}

/** A statement may become any other but behind `if` and `else`, where an `if` would change which branch is whose, and behind a label. */
function statementOf(node: ts.Expression, t: typeof ts): Range | undefined {
  const statement = t.isVoidExpression(node.parent) ? node.parent.parent : node.parent;
  if (!t.isExpressionStatement(statement)) return undefined;
  const place = statement.parent;
  return t.isIfStatement(place) || t.isLabeledStatement(place) || t.isWithStatement(place) ? undefined : rangeOf(statement);
}

/**
 * Whether a statement would go on with the one before it if it began with a parenthesis: that one has no semicolon, and no brace ends it.
 *
 * @param node - an expression
 * @param t - the TypeScript that parsed it
 * @returns false, too, where the expression does not begin its statement
 */
export function followsOpenStatement(node: ts.Node, t: typeof ts): boolean {
  let statement = node;
  while (!t.isStatement(statement)) statement = statement.parent;
  const file = node.getSourceFile();
  if (!t.isExpressionStatement(statement) || statement.getStart(file) !== node.getStart(file)) return false;
  const { parent } = statement;
  if (!t.isBlock(parent) && !t.isSourceFile(parent) && !t.isCaseOrDefaultClause(parent) && !t.isModuleBlock(parent)) return false;
  const before = parent.statements[parent.statements.indexOf(statement) - 1];
  if (before === undefined || file.text[before.end - 1] === ';') return false;
  // An object or a function that is a value ends with a brace, too.
  return !(file.text[before.end - 1] === '}' && !t.isVariableStatement(before) && !t.isExpressionStatement(before) && !t.isReturnStatement(before) && !t.isExportAssignment(before) && !t.isThrowStatement(before));
}

function beforeSpread(nodes: readonly ts.Expression[], t: typeof ts): readonly ts.Expression[] {
  const spread = nodes.findIndex(t.isSpreadElement);
  return spread < 0 ? nodes : nodes.slice(0, spread);
}

function branchesOf(node: ts.Expression, t: typeof ts): readonly ts.Expression[] | undefined {
  if (t.isConditionalExpression(node)) return [node.whenTrue, node.whenFalse];
  if (!t.isBinaryExpression(node)) return undefined;
  if (isOperation(node, t.SyntaxKind.AmpersandAmpersandToken, t)) return [node.right];
  return isOperation(node, t.SyntaxKind.BarBarToken, t) || isOperation(node, t.SyntaxKind.QuestionQuestionToken, t) ? [node.left, node.right] : undefined;
}

function isOperation(node: ts.Expression, operator: ts.BinaryOperator, t: typeof ts): boolean {
  return t.isBinaryExpression(node) && node.operatorToken.kind === operator;
}

function isRepeatable(node: ts.Expression, t: typeof ts): boolean {
  if (t.isIdentifier(node) || node.kind === t.SyntaxKind.ThisKeyword) return true;
  return t.isPropertyAccessExpression(node) && isRepeatable(node.expression, t);
}

function callOf(node: ts.Expression, t: typeof ts): Expression['call'] {
  if (!t.isCallExpression(node) || node.questionDotToken !== undefined) return undefined;
  const callee = node.expression;
  return t.isPropertyAccessExpression(callee) && t.isIdentifier(callee.name) ? { method: callee.name.text, methodName: rangeOf(callee.name) } : undefined;
}
