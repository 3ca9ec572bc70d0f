import type ts from 'typescript';
import { literalName, skipTransparent } from '../syntax.js';
import type { Position } from './position.js';
import type { Walker } from './walker.js';

type Member = ts.PropertyAccessExpression | ts.ElementAccessExpression;

/** One step of a member access, for the outline; the object is left to the caller. */
function noteMember(walker: Walker, node: Member, at: Position, isStored: boolean): void {
  const { SyntaxKind } = walker;
  const isOfThis = skipTransparent(node.expression, walker.ts).kind === SyntaxKind.ThisKeyword;
  if (node.kind === SyntaxKind.PropertyAccessExpression) {
    const { text } = node.name;
    at.fn.outline.addMember(text, isOfThis);
    if (isStored) at.fn.outline.addStored(text);
    return;
  }
  const { argumentExpression } = node;
  const name = literalName(argumentExpression, walker.ts);
  if (name === undefined) walker.visit(argumentExpression, at);
  else {
    at.fn.outline.addMember(name, isOfThis);
    if (isStored) at.fn.outline.addStored(name);
  }
  if (isStored && (name === undefined || walker.ts.isNumericLiteral(skipTransparent(argumentExpression, walker.ts)))) at.fn.outline.hasElementStore = true;
}

/** A member access that is read, or stored to. */
export function walkMember(walker: Walker, node: Member, at: Position, isStored: boolean): void {
  walker.visit(node.expression, at);
  noteMember(walker, node, at, isStored);
}

/** `a.b(c).d[e]…`: a spine of any length, walked without recursion, in source order. */
export function walkSpine(walker: Walker, node: ts.Expression, at: Position): void {
  const { SyntaxKind } = walker;
  const spine: ts.Expression[] = [];
  for (let link = node; ; link = (link as ts.PropertyAccessExpression).expression) {
    const isLink =
      link.kind === SyntaxKind.PropertyAccessExpression ||
      link.kind === SyntaxKind.ElementAccessExpression ||
      link.kind === SyntaxKind.CallExpression ||
      link.kind === SyntaxKind.NonNullExpression;
    if (!isLink) {
      walker.visit(link, at);
      break;
    }
    spine.push(link);
  }
  for (let i = spine.length - 1; i >= 0; i--) {
    const link = spine[i] as ts.Expression;
    if (link.kind === SyntaxKind.CallExpression) {
      at.fn.outline.hasCall = true;
      walker.visitAll((link as ts.CallExpression).arguments, at);
    } else if (link.kind !== SyntaxKind.NonNullExpression) noteMember(walker, link as Member, at, false);
  }
}

/** `new X(…)`, `new a.X(…)`. */
export function walkNew(walker: Walker, node: ts.NewExpression, at: Position): void {
  const { SyntaxKind } = walker;
  const callee = skipTransparent(node.expression, walker.ts);
  if (callee.kind === SyntaxKind.Identifier) at.fn.outline.addConstructed((callee as ts.Identifier).text);
  else if (callee.kind === SyntaxKind.PropertyAccessExpression) at.fn.outline.addConstructed((callee as ts.PropertyAccessExpression).name.text);
  at.fn.outline.hasCall = true;
  walker.visit(node.expression, at);
  walker.visitAll(node.arguments, at);
}
