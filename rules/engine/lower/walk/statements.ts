import type ts from 'typescript';
import { walkBinding, walkTarget } from './bindings.js';
import { declaresLexically, walkVariables } from './declarations.js';
import type { Position } from './position.js';
import type { Walker } from './walker.js';

/** The statements that open scopes, loop, or name what is no variable. Returns false for everything else. */
export function walkStatement(walker: Walker, node: ts.Node, at: Position): boolean {
  const { SyntaxKind } = walker.ts;
  switch (node.kind) {
    case SyntaxKind.VariableStatement: {
      const { declarationList, modifiers } = node as ts.VariableStatement;
      if (modifiers?.some((modifier) => modifier.kind === SyntaxKind.DeclareKeyword) !== true) walkVariables(walker, declarationList, at, false);
      return true;
    }
    case SyntaxKind.VariableDeclarationList:
      walkVariables(walker, node as ts.VariableDeclarationList, at, false);
      return true;
    case SyntaxKind.Block: {
      const { statements } = node as ts.Block;
      walker.visitAll(statements, declaresLexically(walker, statements) ? walker.openScope(node, at) : at);
      return true;
    }
    case SyntaxKind.ReturnStatement: {
      const { expression } = node as ts.ReturnStatement;
      if (expression !== undefined) at.fn.outline.hasReturnValue = true;
      walker.visit(expression, at);
      return true;
    }
    case SyntaxKind.ForStatement:
      walkFor(walker, node as ts.ForStatement, at);
      return true;
    case SyntaxKind.ForOfStatement:
    case SyntaxKind.ForInStatement:
      walkForEach(walker, node as ts.ForOfStatement, at);
      return true;
    case SyntaxKind.WhileStatement:
    case SyntaxKind.DoStatement:
      walker.visitChildren(node, { ...at, isInLoop: true });
      return true;
    case SyntaxKind.SwitchStatement: {
      const { expression, caseBlock } = node as ts.SwitchStatement;
      walker.visit(expression, at);
      const clauses = caseBlock.clauses;
      const needsScope = clauses.some((clause) => declaresLexically(walker, clause.statements));
      walker.visitAll(clauses, needsScope ? walker.openScope(caseBlock, at) : at);
      return true;
    }
    case SyntaxKind.CatchClause: {
      const { variableDeclaration, block } = node as ts.CatchClause;
      const inside = variableDeclaration === undefined ? at : walker.openScope(node, at);
      if (variableDeclaration !== undefined) {
        walkBinding(walker, variableDeclaration.name, inside, { scope: inside.scope, storage: 'local', isRepeated: false, isOfThis: false });
      }
      walker.visit(block, inside);
      return true;
    }
    case SyntaxKind.LabeledStatement:
      walker.visit((node as ts.LabeledStatement).statement, at);
      return true;
    case SyntaxKind.BreakStatement:
    case SyntaxKind.ContinueStatement:
      return true;
    case SyntaxKind.WithStatement: {
      const { expression, statement } = node as ts.WithStatement;
      at.fn.obstacle ??= 'with statement';
      walker.visit(expression, at);
      walker.visit(statement, { ...at, isInWith: true });
      return true;
    }
    default:
      return false;
  }
}

function walkFor(walker: Walker, node: ts.ForStatement, at: Position): void {
  const { NodeFlags, SyntaxKind } = walker.ts;
  const isLexical = node.initializer?.kind === SyntaxKind.VariableDeclarationList && (node.initializer.flags & NodeFlags.BlockScoped) !== 0;
  const head = isLexical ? walker.openScope(node, at) : at;
  walker.visit(node.initializer, head);
  const inside = { ...head, isInLoop: true };
  walker.visit(node.condition, inside);
  walker.visit(node.incrementor, inside);
  walker.visit(node.statement, inside);
}

function walkForEach(walker: Walker, node: ts.ForOfStatement | ts.ForInStatement, at: Position): void {
  const { SyntaxKind } = walker.ts;
  if ((node as ts.ForOfStatement).awaitModifier !== undefined) at.fn.outline.hasAwait = true;
  walker.visit(node.expression, at);
  const { initializer } = node;
  if (initializer.kind !== SyntaxKind.VariableDeclarationList) {
    const inside = { ...at, isInLoop: true };
    walkTarget(walker, initializer as ts.Expression, inside);
    walker.visit(node.statement, inside);
    return;
  }
  const inside = walker.openScope(node, { ...at, isInLoop: true });
  const head = { ...inside, isInLoop: true };
  walkVariables(walker, initializer as ts.VariableDeclarationList, head, true);
  walker.visit(node.statement, head);
}
