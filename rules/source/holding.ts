import type ts from 'typescript';
import { givesDisposable, isDisposable } from '../engine/types/disposable.js';
import { namedBy } from '../engine/types/references.js';
import type { Holding, Range } from '../fixes/context.js';
import type { Source } from './fix-context.js';
import { expressionIn, rangeOf } from './places.js';

/**
 * The constant that holds what a call gives until the end of its block.
 *
 * @param at - the call
 * @param source - the file
 * @returns the constant with all its uses, or why it cannot be handed back at the end of its block
 */
export function holdingOf(at: Range, source: Source): Holding | string {
  const { ts: t, program, file } = source;
  const call = expressionIn(at, source);
  if (call === undefined || !t.isCallExpression(call)) return 'no single call gives it';
  const value = t.isAwaitExpression(call.parent) ? call.parent : call;
  const declaration = value.parent;
  if (!t.isVariableDeclaration(declaration) || !t.isIdentifier(declaration.name) || declaration.initializer !== value) return 'no constant holds it';
  const list = declaration.parent;
  const statement = list.parent;
  if (!t.isVariableDeclarationList(list) || (list.flags & t.NodeFlags.BlockScoped) !== t.NodeFlags.Const || list.declarations.length !== 1 || !t.isVariableStatement(statement) || !t.isBlock(statement.parent)) return 'no constant of a block holds it alone';
  const { name } = declaration;
  const uses = namedBy(name, program, t)?.references.filter((reference) => reference !== name) ?? [];
  if (uses.some((use) => isInAnotherFunction(use, statement, t))) return 'a function that may be called later uses it';
  const objectionToUsing = /\.[cm]?jsx?$/.test(file.fileName) ? 'not every runtime of plain JavaScript knows `using`' : undefined;
  const shared = { objectionToUsing, keyword: { start: list.getStart(file), end: list.getStart(file) + 'const'.length }, name: rangeOf(name), type: declaration.type && rangeOf(declaration.type) };
  if (isDisposable(value, program)) {
    if (!uses.every((use) => isUsedInPlace(use, t))) return 'it is handed on';
    return { ...shared, lease: undefined, uses: [], releases: [], owned: undefined };
  }
  const { expression: callee } = call;
  if (value !== call || !t.isPropertyAccessExpression(callee) || callee.name.text !== 'alloc' || !givesDisposable(callee.expression, 'lease', program)) return 'what holds it cannot be disposed of';
  const arena = callee.expression.getText(file);
  const releases: ts.Statement[] = [];
  for (const use of uses) {
    const user = use.parent;
    if (!t.isCallExpression(user) || !t.isPropertyAccessExpression(user.expression) || user.expression.expression.getText(file) !== arena) return 'it is handed on';
    if (user.expression.name.text !== 'release') continue;
    if (!t.isExpressionStatement(user.parent) || !t.isBlock(user.parent.parent)) return 'whether it was released is asked';
    releases.push(user.parent);
  }
  const isReleased = (use: ts.Node): boolean => releases.some((release) => release.pos <= use.pos && use.end <= release.end);
  return { ...shared, lease: rangeOf(callee.name), uses: uses.filter((use) => !isReleased(use)).map(rangeOf), releases: releases.map(rangeOf), owned: { arena, rest: { start: statement.end, end: statement.parent.end - 1 } } };
}

/** A member of it is asked for, or whether there is anything. */
function isUsedInPlace(use: ts.Node, t: typeof ts): boolean {
  const { parent } = use;
  if (t.isPropertyAccessExpression(parent)) return parent.expression === use;
  if (t.isPrefixUnaryExpression(parent)) return parent.operator === t.SyntaxKind.ExclamationToken;
  if (!t.isBinaryExpression(parent)) return false;
  const { SyntaxKind } = t;
  return [SyntaxKind.EqualsEqualsEqualsToken, SyntaxKind.ExclamationEqualsEqualsToken, SyntaxKind.EqualsEqualsToken, SyntaxKind.ExclamationEqualsToken].includes(parent.operatorToken.kind);
}

function isInAnotherFunction(node: ts.Node, holder: ts.Node, t: typeof ts): boolean {
  for (let at = node; at !== holder.parent; at = at.parent) if (t.isFunctionLike(at) || t.isClassLike(at)) return true;
  return false;
}
