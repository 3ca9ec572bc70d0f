import type ts from 'typescript';
import { isAmbient } from '../syntax.js';
import { walkBinding, walkTarget } from './bindings.js';
import { declaresLexically, walkVariables } from './declarations.js';
import type { Position } from './position.js';
import type { Walker } from './walker.js';

export function walkVariableStatement(walker: Walker, node: ts.VariableStatement, at: Position): void {
  if (!isAmbient(node, walker.ts)) walkVariables(walker, node.declarationList, at);
}

/** A block without declarations of its own needs no scope. */
export function walkBlock(walker: Walker, node: ts.Block, at: Position): void {
  const { statements } = node;
  if (!declaresLexically(walker, statements)) {
    walker.visitAll(statements, at);
    return;
  }
  const inside = walker.openScope(node, at);
  walker.visitAll(statements, inside);
  walker.close(inside);
}

export function walkReturn(walker: Walker, { expression }: ts.ReturnStatement, at: Position): void {
  if (expression !== undefined) at.fn.outline.hasReturnValue = true;
  walker.visit(expression, at);
}

function inLoop({ fn, isInWith, scope }: Position): Position {
  return { scope, fn, isInLoop: true, isInWith };
}

export function walkLoop(walker: Walker, node: ts.WhileStatement | ts.DoStatement, at: Position): void {
  at.fn.outline.hasLoop = true;
  walker.visitChildren(node, inLoop(at));
}

export function walkSwitch(walker: Walker, { caseBlock, expression }: ts.SwitchStatement, at: Position): void {
  walker.visit(expression, at);
  const { clauses } = caseBlock;
  const needsScope = clauses.some((clause) => declaresLexically(walker, clause.statements));
  walker.visitAll(clauses, needsScope ? walker.openScope(caseBlock, at) : at);
}

export function walkCatch(walker: Walker, node: ts.CatchClause, at: Position): void {
  const { block, variableDeclaration } = node;
  if (variableDeclaration === undefined) {
    walker.visit(block, at);
    return;
  }
  const inside = walker.openScope(node, at);
  walkBinding(walker, variableDeclaration.name, inside, { scope: inside.scope, storage: 'local', isRepeated: false, isOfThis: false });
  walker.visit(block, inside);
  walker.close(inside);
}

/** Inside `with` a name may be a member of anything. */
export function walkWith(walker: Walker, { expression, statement }: ts.WithStatement, at: Position): void {
  at.fn.obstacle ??= 'with statement';
  walker.visit(expression, at);
  walker.visit(statement, { ...at, isInWith: true });
}

export function walkFor(walker: Walker, node: ts.ForStatement, at: Position): void {
  at.fn.outline.hasLoop = true;
  const { NodeFlags, SyntaxKind } = walker;
  const isLexical = node.initializer?.kind === SyntaxKind.VariableDeclarationList && (node.initializer.flags & NodeFlags.BlockScoped) !== 0;
  const head = isLexical ? walker.openScope(node, at) : at;
  walker.visit(node.initializer, head);
  const inside = inLoop(head);
  walker.visit(node.condition, inside);
  walker.visit(node.incrementor, inside);
  walker.visit(node.statement, inside);
  if (isLexical) walker.close(head);
}

export function walkForEach(walker: Walker, node: ts.ForOfStatement | ts.ForInStatement, at: Position): void {
  const { SyntaxKind } = walker;
  at.fn.outline.hasWalk = true;
  if ((node as ts.ForOfStatement).awaitModifier !== undefined) at.fn.outline.hasAwait = true;
  walker.visit(node.expression, at);
  const { initializer } = node;
  if (initializer.kind !== SyntaxKind.VariableDeclarationList) {
    const inside = inLoop(at);
    walkTarget(walker, initializer, inside);
    walker.visit(node.statement, inside);
    return;
  }
  const head = walker.openScope(node, inLoop(at));
  walkVariables(walker, initializer as ts.VariableDeclarationList, head, true);
  walker.visit(node.statement, head);
  walker.close(head);
}
