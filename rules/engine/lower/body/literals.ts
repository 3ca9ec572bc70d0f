import type ts from 'typescript';
import type { Element, Property, Variable } from '../../ir/index.js';
import { fixedName, isIntrinsicTag } from '../syntax.js';
import { listOperand } from './changes.js';
import type { Lowering } from './lowering.js';
import { propertyKey } from './names.js';

/** `{ … }` */
export function lowerObject(lowering: Lowering, node: ts.ObjectLiteralExpression): Variable {
  const origin = lowering.origin(node);
  const properties = node.properties.map((property, index) => lowerProperty(lowering, property, node.properties, index));
  const target = lowering.temporary(origin);
  lowering.emit({ op: 'object', target, properties, origin });
  return target;
}

function lowerProperty(lowering: Lowering, property: ts.ObjectLiteralElementLike, list: readonly ts.Node[], index: number): Property {
  const { SyntaxKind } = lowering;
  switch (property.kind) {
    case SyntaxKind.PropertyAssignment: {
      const { name, initializer } = property;
      const key = propertyKey(lowering, name, list, index);
      return { kind: 'value', key, value: listOperand(lowering, initializer, list, index) };
    }
    case SyntaxKind.ShorthandPropertyAssignment: {
      const { name } = property;
      return { kind: 'value', key: { kind: 'name', name: name.text }, value: listOperand(lowering, name, list, index) };
    }
    case SyntaxKind.SpreadAssignment:
      return { kind: 'spread', value: listOperand(lowering, (property).expression, list, index) };
    default: {
      const method = property;
      const key = propertyKey(lowering, method.name, list, index + 1);
      if (method.kind === SyntaxKind.MethodDeclaration) return { kind: 'value', key, value: functionValue(lowering, method) };
      const fn = lowering.module.functionOf.get(method);
      if (fn === undefined) return { kind: 'value', key, value: lowering.literal(undefined, lowering.origin(method)) };
      return { kind: method.kind === SyntaxKind.GetAccessor ? 'getter' : 'setter', key, function: fn };
    }
  }
}

/** `[ … ]` */
export function lowerArray(lowering: Lowering, node: ts.ArrayLiteralExpression): Variable {
  const { SyntaxKind } = lowering;
  const origin = lowering.origin(node);
  const elements = node.elements.map((element, index): Element => {
    if (element.kind === SyntaxKind.OmittedExpression) return { kind: 'hole' };
    const isSpread = element.kind === SyntaxKind.SpreadElement;
    const expression = isSpread ? (element as ts.SpreadElement).expression : element;
    return { kind: isSpread ? 'spread' : 'value', value: listOperand(lowering, expression, node.elements, index) };
  });
  const target = lowering.temporary(origin);
  lowering.emit({ op: 'array', target, elements, origin });
  return target;
}

/** A function expression, arrow or method as a value. */
export function functionValue(lowering: Lowering, node: ts.FunctionLikeDeclaration): Variable {
  const origin = lowering.origin(node);
  const fn = lowering.module.functionOf.get(node);
  if (fn === undefined) return lowering.literal(undefined, origin);
  const target = lowering.temporary(origin);
  lowering.emit({ op: 'function', target, function: fn, origin });
  const own = lowering.module.scopes.get(node)?.bindings.get(fn.name);
  if (own !== undefined) lowering.copy(own, target, origin);
  return target;
}

/** A template string: a new value that keeps nothing of its parts. */
export function lowerTemplate(lowering: Lowering, node: ts.TemplateExpression): Variable {
  const expressions = node.templateSpans.map((span) => span.expression);
  return opaque(
    lowering,
    node,
    expressions.map((expression, index) => listOperand(lowering, expression, expressions, index)),
  );
}

/** A value of which nothing is known but what it was made of. */
export function opaque(lowering: Lowering, node: ts.Node, operands: readonly Variable[] = []): Variable {
  const origin = lowering.origin(node);
  const target = lowering.temporary(origin);
  lowering.emit({ op: 'opaque', target, operands, origin });
  return target;
}

/** JSX is a call that keeps its props: an object of them, so that what they hold stays visible. */
export function lowerJsx(lowering: Lowering, node: ts.JsxElement | ts.JsxSelfClosingElement | ts.JsxFragment): Variable {
  const { SyntaxKind } = lowering;
  const properties: Property[] = [];
  if (node.kind !== SyntaxKind.JsxFragment) {
    const opening = node.kind === SyntaxKind.JsxElement ? (node).openingElement : (node);
    const tag = jsxTag(lowering, opening.tagName);
    if (tag !== undefined) properties.push({ kind: 'value', key: { kind: 'name', name: 'type' }, value: tag });
    for (const attribute of opening.attributes.properties) properties.push(jsxAttribute(lowering, attribute));
  }
  if (node.kind !== SyntaxKind.JsxSelfClosingElement) {
    const children = (node as ts.JsxElement).children.map((child) => jsxChild(lowering, child)).filter((child) => child !== undefined);
    if (children.length > 0) {
      const origin = lowering.origin(node);
      const value = lowering.temporary(origin);
      lowering.emit({ op: 'array', target: value, elements: children, origin });
      properties.push({ kind: 'value', key: { kind: 'name', name: 'children' }, value });
    }
  }
  const origin = lowering.origin(node);
  const target = lowering.temporary(origin);
  lowering.emit({ op: 'object', target, properties, origin });
  return target;
}

function jsxTag(lowering: Lowering, tag: ts.JsxTagNameExpression): Variable | undefined {
  if (isIntrinsicTag(tag, lowering.ts)) return undefined;
  return lowering.value(tag as ts.Expression);
}

function jsxAttribute(lowering: Lowering, attribute: ts.JsxAttributeLike): Property {
  const { SyntaxKind } = lowering;
  if (attribute.kind === SyntaxKind.JsxSpreadAttribute) return { kind: 'spread', value: lowering.value(attribute.expression) };
  const { name, initializer } = attribute;
  const key = { kind: 'name', name: name.kind === SyntaxKind.JsxNamespacedName ? `${name.namespace.text}:${name.name.text}` : (fixedName(name, lowering.ts) ?? '') } as const;
  if (initializer === undefined) return { kind: 'value', key, value: lowering.literal(true, lowering.origin(attribute)) };
  const expression = initializer.kind === SyntaxKind.JsxExpression ? (initializer).expression : (initializer as ts.Expression);
  return { kind: 'value', key, value: expression === undefined ? lowering.literal(undefined, lowering.origin(attribute)) : lowering.value(expression) };
}

function jsxChild(lowering: Lowering, child: ts.JsxChild): Element | undefined {
  const { SyntaxKind } = lowering;
  switch (child.kind) {
    case SyntaxKind.JsxText:
      return (child).containsOnlyTriviaWhiteSpaces ? undefined : { kind: 'value', value: opaque(lowering, child) };
    case SyntaxKind.JsxExpression: {
      const { expression, dotDotDotToken } = child;
      if (expression === undefined) return undefined;
      return { kind: dotDotDotToken === undefined ? 'value' : 'spread', value: lowering.value(expression) };
    }
    default:
      return { kind: 'value', value: lowering.value(child) };
  }
}
