import type ts from 'typescript';
import type { Variable } from '../../ir/index.js';
import type { VariableRecord } from '../model.js';
import type { Scope } from '../scope.js';
import { fixedName, skipTransparent } from '../syntax.js';
import { walkMember } from './members.js';
import type { Position } from './position.js';
import type { Walker } from './walker.js';

interface Declaring {
  readonly scope: Scope;
  readonly storage: Variable['storage'];
  /** The declaration may give its place a second value: `var` again, or in a loop. */
  readonly isRepeated: boolean;
  readonly isOfThis: boolean;
}

/** Declares the names of a binding, and walks its defaults and computed keys. */
export function walkBinding(walker: Walker, name: ts.BindingName, at: Position, declaring: Declaring): void {
  const { SyntaxKind } = walker;
  if (name.kind === SyntaxKind.Identifier) {
    declareName(walker, name, declaring);
    return;
  }
  for (const element of (name).elements) {
    if (element.kind === SyntaxKind.OmittedExpression) continue;
    const binding = element;
    if (name.kind === SyntaxKind.ObjectBindingPattern && binding.dotDotDotToken === undefined) {
      walkPatternKey(walker, binding.propertyName ?? (binding.name as ts.Identifier), at, declaring.isOfThis);
    }
    const hint = binding.name.kind === SyntaxKind.Identifier ? (binding.name).text : '';
    walker.visitNamed(binding.initializer, at, hint || '<anonymous>');
    walkBinding(walker, binding.name, at, { ...declaring, isOfThis: false });
  }
}

function declareName(walker: Walker, name: ts.Identifier, { scope, storage, isRepeated }: Declaring): VariableRecord {
  const isKnown = scope.bindings.has(name.text);
  const variable = walker.declare(name, name.text, storage, scope);
  if (isKnown || isRepeated) variable.isConstant = false;
  return variable;
}

function walkPatternKey(walker: Walker, key: ts.PropertyName, at: Position, isOfThis: boolean): void {
  const name = fixedName(key, walker.ts);
  if (name !== undefined) at.fn.outline.addMember(name, isOfThis);
  else walker.visit((key as ts.ComputedPropertyName).expression, at);
}

/** The left side of an assignment: a name, a member, or a pattern of them. */
export function walkTarget(walker: Walker, target: ts.Expression, at: Position, isOfThis = false): void {
  const { SyntaxKind } = walker;
  const node = skipTransparent(target, walker.ts);
  switch (node.kind) {
    case SyntaxKind.Identifier:
      at.scope.use((node as ts.Identifier).text, at.fn, true);
      return;
    case SyntaxKind.PropertyAccessExpression:
    case SyntaxKind.ElementAccessExpression:
      walkMember(walker, node as ts.PropertyAccessExpression | ts.ElementAccessExpression, at, true);
      return;
    case SyntaxKind.ArrayLiteralExpression:
      for (const element of (node as ts.ArrayLiteralExpression).elements) {
        if (element.kind === SyntaxKind.OmittedExpression) continue;
        walkTargetWithDefault(walker, element.kind === SyntaxKind.SpreadElement ? (element as ts.SpreadElement).expression : element, at);
      }
      return;
    case SyntaxKind.ObjectLiteralExpression:
      for (const property of (node as ts.ObjectLiteralExpression).properties) walkTargetProperty(walker, property, at, isOfThis);
      return;
    default:
      walker.visit(node, at);
  }
}

function walkTargetProperty(walker: Walker, property: ts.ObjectLiteralElementLike, at: Position, isOfThis: boolean): void {
  const { SyntaxKind } = walker;
  switch (property.kind) {
    case SyntaxKind.ShorthandPropertyAssignment: {
      const { name, objectAssignmentInitializer } = property;
      at.fn.outline.addMember(name.text, isOfThis);
      at.scope.use(name.text, at.fn, true);
      walker.visitNamed(objectAssignmentInitializer, at, name.text);
      return;
    }
    case SyntaxKind.PropertyAssignment: {
      const { name, initializer } = property;
      walkPatternKey(walker, name, at, isOfThis);
      walkTargetWithDefault(walker, initializer, at);
      return;
    }
    case SyntaxKind.SpreadAssignment:
      walkTarget(walker, (property).expression, at);
      return;
    default:
      walker.visitChildren(property, at);
  }
}

function walkTargetWithDefault(walker: Walker, element: ts.Expression, at: Position): void {
  const { SyntaxKind } = walker;
  const assignment = element as ts.BinaryExpression;
  if (element.kind === SyntaxKind.BinaryExpression && assignment.operatorToken.kind === SyntaxKind.EqualsToken) {
    walkTarget(walker, assignment.left, at);
    walker.visit(assignment.right, at);
  } else walkTarget(walker, element, at);
}
