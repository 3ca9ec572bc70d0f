import type ts from 'typescript';
import { isAmbient } from '../syntax.js';
import { walkBinary, walkUnary } from './assignments.js';
import { walkClass } from './classes.js';
import { declareNamed, walkExport, walkImport, walkImportEquals, walkNamespace, walkVariables } from './declarations.js';
import { walkFunctionNode } from './functions.js';
import { walkJsxOpening } from './jsx.js';
import { walkNew, walkSpine } from './members.js';
import { walkMethod, walkProperty, walkShorthand } from './objects.js';
import type { Position } from './position.js';
import { walkBlock, walkCatch, walkFor, walkForEach, walkLoop, walkReturn, walkSwitch, walkVariableStatement, walkWith } from './statements.js';
import type { Visit, Walker } from './walker.js';

type TypeScript = typeof import('typescript');

/** What the walk does at each kind of node. A kind without an entry has nothing of its own to say: its children are walked. */
export function visitTable({ SyntaxKind }: TypeScript): readonly (Visit | undefined)[] {
  const table: (Visit | undefined)[] = new Array<Visit | undefined>(SyntaxKind.Count).fill(undefined);
  const on = <N extends ts.Node>(kind: N['kind'], visit: (walker: Walker, node: N, at: Position) => void): void => {
    table[kind] = visit as Visit;
  };
  for (let kind = SyntaxKind.FirstTypeNode; kind <= SyntaxKind.LastTypeNode; kind++) table[kind] = nothing;
  addExpressions(on, SyntaxKind);
  addStatements(on, SyntaxKind);
  addDeclarations(on, SyntaxKind);
  return table;
}

type On = <N extends ts.Node>(kind: N['kind'], visit: (walker: Walker, node: N, at: Position) => void) => void;

function nothing(): void {
  // Types, labels and names of properties use no variable.
}

function addExpressions(on: On, SyntaxKind: TypeScript['SyntaxKind']): void {
  on<ts.Identifier>(SyntaxKind.Identifier, (_walker, node, at) => {
    at.scope.use(node.text, at.fn, false);
  });
  for (const kind of [SyntaxKind.ThisKeyword, SyntaxKind.SuperKeyword]) {
    on(kind, (walker, _node, at) => {
      walker.useThis(at);
    });
  }
  on<ts.PropertyAccessExpression>(SyntaxKind.PropertyAccessExpression, walkSpine);
  on<ts.ElementAccessExpression>(SyntaxKind.ElementAccessExpression, walkSpine);
  on<ts.CallExpression>(SyntaxKind.CallExpression, walkSpine);
  on<ts.NonNullExpression>(SyntaxKind.NonNullExpression, walkSpine);
  on<ts.NewExpression>(SyntaxKind.NewExpression, walkNew);
  on<ts.TaggedTemplateExpression>(SyntaxKind.TaggedTemplateExpression, (walker, node, at) => {
    at.fn.outline.hasCall = true;
    walker.visit(node.tag, at);
    walker.visit(node.template, at);
  });
  on<ts.BinaryExpression>(SyntaxKind.BinaryExpression, walkBinary);
  on<ts.PrefixUnaryExpression>(SyntaxKind.PrefixUnaryExpression, walkUnary);
  on<ts.PostfixUnaryExpression>(SyntaxKind.PostfixUnaryExpression, walkUnary);
  on<ts.AwaitExpression>(SyntaxKind.AwaitExpression, (walker, node, at) => {
    at.fn.outline.hasAwait = true;
    walker.visit(node.expression, at);
  });
  on<ts.YieldExpression>(SyntaxKind.YieldExpression, (walker, node, at) => {
    at.fn.outline.hasYield = true;
    walker.visit(node.expression, at);
  });
  on<ts.FunctionExpression>(SyntaxKind.FunctionExpression, walkFunctionNode);
  on<ts.ArrowFunction>(SyntaxKind.ArrowFunction, walkFunctionNode);
  on<ts.ClassExpression>(SyntaxKind.ClassExpression, walkClass);
  on<ts.ExpressionWithTypeArguments>(SyntaxKind.ExpressionWithTypeArguments, (walker, node, at) => {
    walker.visit(node.expression, at);
  });
  on<ts.MetaProperty>(SyntaxKind.MetaProperty, nothing);
  on<ts.PropertyAssignment>(SyntaxKind.PropertyAssignment, walkProperty);
  on<ts.ShorthandPropertyAssignment>(SyntaxKind.ShorthandPropertyAssignment, walkShorthand);
  on<ts.MethodDeclaration>(SyntaxKind.MethodDeclaration, walkMethod);
  on<ts.GetAccessorDeclaration>(SyntaxKind.GetAccessor, walkMethod);
  on<ts.SetAccessorDeclaration>(SyntaxKind.SetAccessor, walkMethod);
  on<ts.JsxOpeningElement>(SyntaxKind.JsxOpeningElement, walkJsxOpening);
  on<ts.JsxSelfClosingElement>(SyntaxKind.JsxSelfClosingElement, walkJsxOpening);
  on<ts.JsxClosingElement>(SyntaxKind.JsxClosingElement, nothing);
  on<ts.JsxAttribute>(SyntaxKind.JsxAttribute, (walker, node, at) => {
    walker.visit(node.initializer, at);
  });
}

function addStatements(on: On, SyntaxKind: TypeScript['SyntaxKind']): void {
  on<ts.VariableStatement>(SyntaxKind.VariableStatement, walkVariableStatement);
  on<ts.VariableDeclarationList>(SyntaxKind.VariableDeclarationList, walkVariables);
  on<ts.Block>(SyntaxKind.Block, walkBlock);
  on<ts.ReturnStatement>(SyntaxKind.ReturnStatement, walkReturn);
  on<ts.ForStatement>(SyntaxKind.ForStatement, walkFor);
  on<ts.ForOfStatement>(SyntaxKind.ForOfStatement, walkForEach);
  on<ts.ForInStatement>(SyntaxKind.ForInStatement, walkForEach);
  on<ts.WhileStatement>(SyntaxKind.WhileStatement, walkLoop);
  on<ts.DoStatement>(SyntaxKind.DoStatement, walkLoop);
  on<ts.SwitchStatement>(SyntaxKind.SwitchStatement, walkSwitch);
  on<ts.CatchClause>(SyntaxKind.CatchClause, walkCatch);
  on<ts.LabeledStatement>(SyntaxKind.LabeledStatement, (walker, node, at) => {
    walker.visit(node.statement, at);
  });
  on<ts.BreakStatement>(SyntaxKind.BreakStatement, nothing);
  on<ts.ContinueStatement>(SyntaxKind.ContinueStatement, nothing);
  on<ts.WithStatement>(SyntaxKind.WithStatement, walkWith);
}

function addDeclarations(on: On, SyntaxKind: TypeScript['SyntaxKind']): void {
  on<ts.FunctionDeclaration>(SyntaxKind.FunctionDeclaration, walkFunctionNode);
  on<ts.ClassDeclaration>(SyntaxKind.ClassDeclaration, (walker, node, at) => {
    if (isAmbient(node, walker.ts)) return;
    if (node.name !== undefined) declareNamed(walker, node.name, at.scope);
    walkClass(walker, node, at);
  });
  // The members of an enum are numbers and strings: nothing of them is looked at.
  on<ts.EnumDeclaration>(SyntaxKind.EnumDeclaration, (walker, node, at) => {
    if (!isAmbient(node, walker.ts)) walker.declare(node.name, node.name.text, 'local', at.scope);
  });
  on<ts.ModuleDeclaration>(SyntaxKind.ModuleDeclaration, walkNamespace);
  on<ts.ImportDeclaration>(SyntaxKind.ImportDeclaration, walkImport);
  on<ts.ImportEqualsDeclaration>(SyntaxKind.ImportEqualsDeclaration, walkImportEquals);
  on<ts.ExportDeclaration>(SyntaxKind.ExportDeclaration, walkExport);
  on<ts.ExportAssignment>(SyntaxKind.ExportAssignment, (walker, node, at) => {
    walker.visitNamed(node.expression, at, 'default');
  });
  on<ts.InterfaceDeclaration>(SyntaxKind.InterfaceDeclaration, nothing);
  on<ts.TypeAliasDeclaration>(SyntaxKind.TypeAliasDeclaration, nothing);
  on<ts.TypeParameterDeclaration>(SyntaxKind.TypeParameter, nothing);
  on<ts.NamespaceExportDeclaration>(SyntaxKind.NamespaceExportDeclaration, nothing);
}
