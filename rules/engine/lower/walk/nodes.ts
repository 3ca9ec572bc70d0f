import type ts from 'typescript';
import { isAmbient, isAssignmentOperator } from '../syntax.js';
import { walkTarget } from './bindings.js';
import { walkClass } from './classes.js';
import { walkExport, walkImport, walkImportEquals, walkNamespace } from './declarations.js';
import { walkFunction } from './functions.js';
import { walkNew, walkSpine } from './members.js';
import type { Position } from './position.js';
import { walkStatement } from './statements.js';
import type { Walker } from './walker.js';

/** One node of any kind. What is not named here has nothing of its own to say: its children are walked. */
export function walkNode(walker: Walker, node: ts.Node, at: Position): void {
  const { SyntaxKind } = walker.ts;
  const { kind } = node;
  if (kind >= SyntaxKind.FirstTypeNode && kind <= SyntaxKind.LastTypeNode) return;
  if (walkStatement(walker, node, at)) return;
  switch (kind) {
    case SyntaxKind.Identifier:
      at.scope.use((node as ts.Identifier).text, at.fn, false);
      return;
    case SyntaxKind.ThisKeyword:
    case SyntaxKind.SuperKeyword:
      walker.useThis(at);
      return;
    case SyntaxKind.PropertyAccessExpression:
    case SyntaxKind.ElementAccessExpression:
    case SyntaxKind.CallExpression:
    case SyntaxKind.NonNullExpression:
      walkSpine(walker, node as ts.Expression, at);
      return;
    case SyntaxKind.NewExpression:
      walkNew(walker, node as ts.NewExpression, at);
      return;
    case SyntaxKind.TaggedTemplateExpression: {
      const { tag, template } = node as ts.TaggedTemplateExpression;
      at.fn.outline.hasCall = true;
      walker.visit(tag, at);
      walker.visit(template, at);
      return;
    }
    case SyntaxKind.BinaryExpression:
      walkBinary(walker, node as ts.BinaryExpression, at);
      return;
    case SyntaxKind.PrefixUnaryExpression:
    case SyntaxKind.PostfixUnaryExpression:
      walkUnary(walker, node as ts.PrefixUnaryExpression, at);
      return;
    case SyntaxKind.AwaitExpression:
      at.fn.outline.hasAwait = true;
      walker.visitChildren(node, at);
      return;
    case SyntaxKind.YieldExpression:
      at.fn.outline.hasYield = true;
      walker.visitChildren(node, at);
      return;
    case SyntaxKind.FunctionDeclaration:
    case SyntaxKind.FunctionExpression:
    case SyntaxKind.ArrowFunction:
      walkFunctionNode(walker, node as ts.FunctionExpression, at);
      return;
    case SyntaxKind.ClassDeclaration:
      if (isAmbient(node, walker.ts)) return;
      if ((node as ts.ClassDeclaration).name !== undefined) declareNamed(walker, (node as ts.ClassDeclaration).name as ts.Identifier, at);
      walkClass(walker, node as ts.ClassDeclaration, at);
      return;
    case SyntaxKind.ClassExpression:
      walkClass(walker, node as ts.ClassExpression, at);
      return;
    case SyntaxKind.EnumDeclaration:
      if (!isAmbient(node, walker.ts)) walker.declare((node as ts.EnumDeclaration).name, (node as ts.EnumDeclaration).name.text, 'local', at.scope);
      return;
    case SyntaxKind.ModuleDeclaration:
      walkNamespace(walker, node as ts.ModuleDeclaration, at);
      return;
    case SyntaxKind.ImportDeclaration:
      walkImport(walker, node as ts.ImportDeclaration, at);
      return;
    case SyntaxKind.ImportEqualsDeclaration:
      walkImportEquals(walker, node as ts.ImportEqualsDeclaration, at);
      return;
    case SyntaxKind.ExportDeclaration:
      walkExport(walker, node as ts.ExportDeclaration, at);
      return;
    case SyntaxKind.ExportAssignment:
      walker.visitNamed((node as ts.ExportAssignment).expression, at, 'default');
      return;
    case SyntaxKind.ExpressionWithTypeArguments:
      walker.visit((node as ts.ExpressionWithTypeArguments).expression, at);
      return;
    case SyntaxKind.MetaProperty:
    case SyntaxKind.InterfaceDeclaration:
    case SyntaxKind.TypeAliasDeclaration:
    case SyntaxKind.TypeParameter:
    case SyntaxKind.NamespaceExportDeclaration:
      return;
    default:
      if (!walkObjectPart(walker, node, at) && !walkJsx(walker, node, at)) walker.visitChildren(node, at);
  }
}

function declareNamed(walker: Walker, name: ts.Identifier, at: Position): void {
  const isKnown = at.scope.bindings.has(name.text);
  const variable = walker.declare(name, name.text, 'local', at.scope);
  if (isKnown) variable.isConstant = false;
}

function walkFunctionNode(walker: Walker, node: ts.FunctionExpression | ts.FunctionDeclaration | ts.ArrowFunction, at: Position): void {
  const { SyntaxKind } = walker.ts;
  const name = node.name?.text ?? walker.contextualName(node);
  switch (node.kind) {
    case SyntaxKind.FunctionDeclaration: {
      if (node.body === undefined || isAmbient(node, walker.ts)) return;
      const scope = walker.isStrict ? at.scope : at.scope.nearestVarScope();
      if (node.name !== undefined) declareNamed(walker, node.name as ts.Identifier, { ...at, scope });
      walkFunction(walker, node as ts.FunctionDeclaration, at, node.name?.text ?? 'default', 'function');
      return;
    }
    case SyntaxKind.ArrowFunction:
      walkFunction(walker, node as ts.ArrowFunction, at, name, 'arrow');
      return;
    default: {
      if (node.name === undefined) {
        walkFunction(walker, node as ts.FunctionExpression, at, name, 'function');
        return;
      }
      const own = walker.openScope(node, at);
      walker.declare(node.name, name, 'local', own.scope);
      walkFunction(walker, node as ts.FunctionExpression, own, name, 'function');
    }
  }
}

/** Left-associative chains of any length are walked without recursion. */
function walkBinary(walker: Walker, node: ts.BinaryExpression, at: Position): void {
  const { SyntaxKind } = walker.ts;
  if (isAssignmentOperator(node.operatorToken.kind, walker.ts)) {
    walkAssignment(walker, node, at);
    return;
  }
  const rights: ts.Expression[] = [];
  let left: ts.Expression = node;
  while (left.kind === SyntaxKind.BinaryExpression && !isAssignmentOperator((left as ts.BinaryExpression).operatorToken.kind, walker.ts)) {
    rights.push((left as ts.BinaryExpression).right);
    left = (left as ts.BinaryExpression).left;
  }
  walker.visit(left, at);
  for (let i = rights.length - 1; i >= 0; i--) walker.visit(rights[i], at);
}

function walkAssignment(walker: Walker, node: ts.BinaryExpression, at: Position): void {
  const { SyntaxKind } = walker.ts;
  const { left, right } = node;
  walkTarget(walker, left, at, right.kind === SyntaxKind.ThisKeyword);
  const name =
    left.kind === SyntaxKind.Identifier
      ? (left as ts.Identifier).text
      : left.kind === SyntaxKind.PropertyAccessExpression
        ? (left as ts.PropertyAccessExpression).name.text
        : '<anonymous>';
  walker.visitNamed(right, at, name);
}

function walkUnary(walker: Walker, node: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression, at: Position): void {
  const { SyntaxKind } = walker.ts;
  const isUpdate = node.operator === SyntaxKind.PlusPlusToken || node.operator === SyntaxKind.MinusMinusToken;
  if (isUpdate) walkTarget(walker, node.operand, at);
  else walker.visit(node.operand, at);
}

/** The parts of object literals; their names are not uses. */
function walkObjectPart(walker: Walker, node: ts.Node, at: Position): boolean {
  const { SyntaxKind } = walker.ts;
  switch (node.kind) {
    case SyntaxKind.PropertyAssignment: {
      const { name, initializer } = node as ts.PropertyAssignment;
      walker.visitNamed(initializer, at, walkName(walker, name, at));
      return true;
    }
    case SyntaxKind.ShorthandPropertyAssignment: {
      const { name, objectAssignmentInitializer } = node as ts.ShorthandPropertyAssignment;
      at.scope.use(name.text, at.fn, false);
      walker.visit(objectAssignmentInitializer, at);
      return true;
    }
    case SyntaxKind.MethodDeclaration:
    case SyntaxKind.GetAccessor:
    case SyntaxKind.SetAccessor: {
      const method = node as ts.MethodDeclaration | ts.AccessorDeclaration;
      const kind = node.kind === SyntaxKind.GetAccessor ? 'getter' : node.kind === SyntaxKind.SetAccessor ? 'setter' : 'method';
      walkFunction(walker, method, at, walkName(walker, method.name, at), kind);
      return true;
    }
    default:
      return false;
  }
}

function walkName(walker: Walker, name: ts.PropertyName, at: Position): string {
  if (name.kind !== walker.ts.SyntaxKind.ComputedPropertyName) return (name as ts.Identifier).text;
  const { expression } = name as ts.ComputedPropertyName;
  walker.visit(expression, at);
  return `[${walker.module.sourceFile.text.slice(expression.pos, expression.end).trim()}]`;
}

function walkJsx(walker: Walker, node: ts.Node, at: Position): boolean {
  const { SyntaxKind } = walker.ts;
  switch (node.kind) {
    case SyntaxKind.JsxOpeningElement:
    case SyntaxKind.JsxSelfClosingElement: {
      const { tagName, attributes } = node as ts.JsxSelfClosingElement;
      if (!isIntrinsicTag(tagName, walker.ts)) walker.visit(tagName, at);
      walker.visit(attributes, at);
      return true;
    }
    case SyntaxKind.JsxAttribute:
      walker.visit((node as ts.JsxAttribute).initializer, at);
      return true;
    case SyntaxKind.JsxClosingElement:
      return true;
    default:
      return false;
  }
}

/** `<div>` and `<svg:path>` name no variable. */
export function isIntrinsicTag(tag: ts.JsxTagNameExpression, tsc: typeof import('typescript')): boolean {
  if (tag.kind === tsc.SyntaxKind.JsxNamespacedName) return true;
  return tag.kind === tsc.SyntaxKind.Identifier && /^[a-z]/u.test(tag.text);
}
