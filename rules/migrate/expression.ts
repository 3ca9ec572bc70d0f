import { Node, ts } from 'ts-morph';
import type { Copyable } from '../engine/types/copyable.js';
import type { TextKind } from '../engine/types/text-kind.js';
import type { Expression, Range } from '../fixes/context.js';

/** The questions that syntax does not answer. */
export interface Types {
  copyableOf(node: Node): Copyable;
  textKindOf(node: Node): TextKind;
}

/**
 * What a fix may know of the expression at a range.
 *
 * @param range - an expression's range in the source text, with or without its parentheses
 * @param file - the file
 * @param types - what static types say
 * @returns the expression; undefined where none has this range
 */
export function expressionAt(range: Range, file: Node, types: Types): Expression | undefined {
  const node = nodeAt(range, file);
  if (node === undefined || !Node.isExpression(node)) return undefined;
  if (!Node.isParenthesizedExpression(node)) return describe(node, types);
  const inner = describe(withoutParentheses(node), types);
  return { ...inner, ...range, isMemberOperand: true, isArgument: true, isStandalone: true, statement: undefined, call: undefined, construct: undefined };
}

/**
 * The outermost node that fills a range.
 *
 * @param range - offsets in the text
 * @param file - the file
 * @returns the node; undefined where none begins and ends there
 */
export function nodeAt(range: Range, file: Node): Node | undefined {
  let found: Node | undefined;
  for (let node = file.getDescendantAtPos(range.start); node !== undefined && node.getStart() === range.start && node.getEnd() <= range.end; node = node.getParent()) {
    if (node.getEnd() === range.end) found = node;
  }
  // A statement without its semicolon is as long as its expression.
  return Node.isExpressionStatement(found) && found.getExpression().getEnd() === range.end ? found.getExpression() : found;
}

/** The expression inside of any number of parentheses. */
export function withoutParentheses(node: Node): Node {
  return Node.isParenthesizedExpression(node) ? withoutParentheses(node.getExpression()) : node;
}

export function rangeOf(node: Node): Range {
  return { start: node.getStart(), end: node.getEnd() };
}

function describe(node: Node, types: Types): Expression {
  const construct = Node.isNewExpression(node) ? node : undefined;
  const call = Node.isCallExpression(node) ? node : undefined;
  const parent = node.getParent();
  return {
    ...rangeOf(node),
    isMemberOperand: Node.isLeftHandSideExpression(node) && !Node.isNumericLiteral(node) && (construct === undefined || node.getText().endsWith(')')),
    isArgument: !(Node.isBinaryExpression(node) && node.getOperatorToken().getKind() === ts.SyntaxKind.CommaToken) && !Node.isSpreadElement(node),
    isRepeatable: isRepeatable(node),
    isOptional: isOptional(node),
    call: callOf(node),
    construct: construct !== undefined && Node.isIdentifier(construct.getExpression()) ? { name: construct.getExpression().getText(), arguments: construct.getArguments().map((argument) => describe(argument, types)) } : undefined,
    branches: branchesOf(node)?.map((branch) => describe(branch, types)),
    calleeRange: call && rangeOf(call.getExpression()),
    argumentExpressions: call === undefined ? [] : beforeSpread(call.getArguments()).map((argument) => describe(argument, types)),
    isStatement: Node.isExpressionStatement(parent),
    textKind: () => types.textKindOf(node),
    isNullish: node.getText() === 'undefined' || node.getKind() === ts.SyntaxKind.NullKeyword || Node.isVoidExpression(node),
    isStandalone: parent !== undefined && takesAnyOperator(node, parent),
    statement: statementOf(node),
    copyable: () => types.copyableOf(node),
    shorthand: Node.isShorthandPropertyAssignment(parent) ? node.getText() : undefined,
  };
}

/** Whether an expression needs no parentheses where it stands, whatever operator it begins with. */
function takesAnyOperator(node: Node, parent: Node): boolean {
  if (Node.isCallExpression(parent) || Node.isNewExpression(parent)) return parent.getExpression() !== node;
  if (Node.isBinaryExpression(parent)) return parent.getRight() === node && /^(?:[^=!<>]*)=$/.test(parent.getOperatorToken().getText());
  return (
    Node.isYieldExpression(parent) ||
    Node.isReturnStatement(parent) ||
    Node.isVariableDeclaration(parent) ||
    Node.isPropertyAssignment(parent) ||
    Node.isShorthandPropertyAssignment(parent) ||
    Node.isArrayLiteralExpression(parent) ||
    Node.isArrowFunction(parent) ||
    Node.isForInStatement(parent) ||
    Node.isForOfStatement(parent) ||
    Node.isIfStatement(parent) ||
    Node.isSwitchStatement(parent) ||
    Node.isTemplateSpan(parent) ||
    Node.isThrowStatement(parent) ||
    Node.isWhileStatement(parent)
  );
}

function statementOf(node: Node): Range | undefined {
  const parent = node.getParent();
  const statement = Node.isVoidExpression(parent) ? parent.getParent() : parent;
  if (!Node.isExpressionStatement(statement)) return undefined;
  const place = statement.getParent();
  const isFree = !Node.isIfStatement(place) && !Node.isLabeledStatement(place) && !Node.isWithStatement(place);
  return isFree ? rangeOf(statement) : undefined;
}

function beforeSpread(nodes: readonly Node[]): readonly Node[] {
  const spread = nodes.findIndex((node) => Node.isSpreadElement(node));
  return spread < 0 ? nodes : nodes.slice(0, spread);
}

function branchesOf(node: Node): readonly Node[] | undefined {
  if (Node.isConditionalExpression(node)) return [node.getWhenTrue(), node.getWhenFalse()].map(withoutParentheses);
  if (!Node.isBinaryExpression(node)) return undefined;
  const operator = node.getOperatorToken().getText();
  if (operator === '&&') return [withoutParentheses(node.getRight())];
  return operator === '||' || operator === '??' ? [node.getLeft(), node.getRight()].map(withoutParentheses) : undefined;
}

function isRepeatable(node: Node): boolean {
  if (Node.isIdentifier(node) || Node.isThisExpression(node)) return true;
  return Node.isPropertyAccessExpression(node) && isRepeatable(node.getExpression());
}

/** The value may be undefined because of a `?.` on the way to it. */
function isOptional(node: Node): boolean {
  return (node.compilerNode.flags & ts.NodeFlags.OptionalChain) !== 0;
}

function callOf(node: Node): Expression['call'] {
  if (!Node.isCallExpression(node) || node.hasQuestionDotToken()) return undefined;
  const callee = node.getExpression();
  if (!Node.isPropertyAccessExpression(callee) || !Node.isIdentifier(callee.getNameNode())) return undefined;
  return { method: callee.getName(), methodName: rangeOf(callee.getNameNode()) };
}
