import type ts from 'typescript';
import type { Key, Variable } from '../../ir/index.js';
import { isAssignmentOperator, skipTransparent } from '../syntax.js';
import { hold } from './changes.js';
import type { Lowering } from './lowering.js';
import { keyExpressions, memberKey, propertyKey, writeName } from './names.js';

/** Takes `value` apart into the names of a declaration. */
export function bindPattern(lowering: Lowering, name: ts.BindingName, value: Variable, at: ts.Node): void {
  const { SyntaxKind } = lowering;
  switch (name.kind) {
    case SyntaxKind.Identifier:
      writeName(lowering, name, value, at);
      return;
    case SyntaxKind.ObjectBindingPattern:
      bindObject(lowering, name, value);
      return;
    default:
      (name).elements.forEach((element, index) => {
        if (element.kind === SyntaxKind.OmittedExpression) return;
        const binding = element;
        const part = binding.dotDotDotToken === undefined ? loadPart(lowering, value, indexKey(index), binding) : restOfArray(lowering, value, index, binding);
        bindPattern(lowering, binding.name, withDefault(lowering, part, binding.initializer, binding), binding);
      });
  }
}

function bindObject(lowering: Lowering, pattern: ts.ObjectBindingPattern, value: Variable): void {
  const taken: string[] = [];
  for (const element of pattern.elements) {
    if (element.dotDotDotToken !== undefined) {
      bindPattern(lowering, element.name, restOfObject(lowering, value, taken, element), element);
      continue;
    }
    const key = propertyKey(lowering, element.propertyName ?? (element.name as ts.Identifier));
    if (key.kind === 'name') taken.push(key.name);
    const part = loadPart(lowering, value, key, element);
    bindPattern(lowering, element.name, withDefault(lowering, part, element.initializer, element), element);
  }
}

/** `value`, or the default when it is undefined. */
export function withDefault(lowering: Lowering, value: Variable, initializer: ts.Expression | undefined, at: ts.Node): Variable {
  if (initializer === undefined) return value;
  const { graph } = lowering;
  const origin = lowering.origin(at);
  const result = lowering.temporary(origin);
  const missing = graph.reserve();
  const given = graph.reserve();
  const end = graph.reserve();
  const nothing = lowering.literal(undefined, origin);
  graph.end({ kind: 'branch', test: { kind: 'equal', left: value, right: nothing, isStrict: true }, then: missing, otherwise: given, origin });
  graph.start(missing);
  lowering.copy(result, lowering.value(initializer), lowering.origin(initializer));
  graph.goto(end);
  graph.start(given);
  lowering.copy(result, value, origin);
  graph.goto(end);
  graph.start(end);
  return result;
}

/** `target = value`; gives the value. */
export function bindAssignment(lowering: Lowering, node: ts.BinaryExpression): Variable {
  const { SyntaxKind } = lowering;
  const left = skipTransparent(node.left, lowering.ts);
  const isPattern = left.kind === SyntaxKind.ObjectLiteralExpression || left.kind === SyntaxKind.ArrayLiteralExpression;
  const store = targetOf(lowering, left, [node.right], node);
  const value = lowering.value(node.right);
  const kept = isPattern ? keep(lowering, value, node.right) : value;
  store(kept);
  return kept;
}

/** A pattern may assign the very variable that it takes apart: it works on a copy. */
export function keep(lowering: Lowering, value: Variable, at: ts.Node): Variable {
  if (value.storage === 'temporary' || value.isConstant) return value;
  const origin = lowering.origin(at);
  const kept = lowering.temporary(origin);
  lowering.copy(kept, value, origin);
  return kept;
}

/** Assigns to a name, a member, or a pattern of them. */
export function assignTo(lowering: Lowering, target: ts.Expression, value: Variable, at: ts.Node): void {
  targetOf(lowering, target, [], at)(value);
}

/** Evaluates what an assignment's target needs first, and gives the function that then assigns. */
export function targetOf(lowering: Lowering, target: ts.Expression, later: readonly ts.Node[], at: ts.Node): (value: Variable) => void {
  const { SyntaxKind } = lowering;
  const node = skipTransparent(target, lowering.ts);
  switch (node.kind) {
    case SyntaxKind.Identifier:
      return (value) => {
        writeName(lowering, node as ts.Identifier, value, at);
      };
    case SyntaxKind.PropertyAccessExpression:
    case SyntaxKind.ElementAccessExpression:
      return memberTarget(lowering, node as ts.PropertyAccessExpression | ts.ElementAccessExpression, later, at).store;
    case SyntaxKind.ObjectLiteralExpression:
      return (value) => {
        assignObject(lowering, node as ts.ObjectLiteralExpression, value);
      };
    case SyntaxKind.ArrayLiteralExpression:
      return (value) => {
        assignArray(lowering, node as ts.ArrayLiteralExpression, value);
      };
    default:
      return () => {
        lowering.effect(node);
      };
  }
}

/** A place that can be read and then written, whatever it takes to find it being evaluated once. */
export interface Place {
  load(): Variable;
  readonly store: (value: Variable) => void;
}

/** A member that is read, written or both, its object and key evaluated once. */
export function memberTarget(lowering: Lowering, node: ts.PropertyAccessExpression | ts.ElementAccessExpression, later: readonly ts.Node[], at: ts.Node): Place {
  const here = lowering.origin(node);
  const origin = lowering.origin(at);
  if (node.expression.kind === lowering.SyntaxKind.SuperKeyword) {
    const key = memberKey(lowering, node, later);
    return {
      load: () => {
        const target = lowering.temporary(here);
        lowering.emit({ op: 'load-super', target, key, origin: here });
        return target;
      },
      store: (value) => {
        lowering.emit({ op: 'store-super', key, value, origin });
      },
    };
  }
  const object = hold(lowering, lowering.value(node.expression), node.expression, [...keyExpressions(lowering, node), ...later]);
  const key = memberKey(lowering, node, later);
  return {
    load: () => {
      const target = lowering.temporary(here);
      lowering.emit({ op: 'load', target, object, key, origin: here });
      return target;
    },
    store: (value) => {
      lowering.emit({ op: 'store', object, key, value, origin });
    },
  };
}

function assignObject(lowering: Lowering, pattern: ts.ObjectLiteralExpression, value: Variable): void {
  const { SyntaxKind } = lowering;
  const taken: string[] = [];
  for (const property of pattern.properties) {
    switch (property.kind) {
      case SyntaxKind.SpreadAssignment: {
        const { expression } = property;
        assignTo(lowering, expression, restOfObject(lowering, value, taken, property), property);
        break;
      }
      case SyntaxKind.ShorthandPropertyAssignment: {
        const { name, objectAssignmentInitializer } = property;
        taken.push(name.text);
        const part = loadPart(lowering, value, { kind: 'name', name: name.text }, property);
        writeName(lowering, name, withDefault(lowering, part, objectAssignmentInitializer, property), property);
        break;
      }
      case SyntaxKind.PropertyAssignment: {
        const { name, initializer } = property;
        const key = propertyKey(lowering, name, [initializer]);
        if (key.kind === 'name') taken.push(key.name);
        assignPart(lowering, initializer, () => loadPart(lowering, value, key, property));
        break;
      }
      default:
    }
  }
}

function assignArray(lowering: Lowering, pattern: ts.ArrayLiteralExpression, value: Variable): void {
  const { SyntaxKind } = lowering;
  pattern.elements.forEach((element, index) => {
    if (element.kind === SyntaxKind.OmittedExpression) return;
    if (element.kind === SyntaxKind.SpreadElement) {
      assignTo(lowering, (element as ts.SpreadElement).expression, restOfArray(lowering, value, index, element), element);
      return;
    }
    assignPart(lowering, element, () => loadPart(lowering, value, indexKey(index), element));
  });
}

/** One element of an assignment pattern: the target is evaluated, then the part is read, then its default. */
function assignPart(lowering: Lowering, element: ts.Expression, part: () => Variable): void {
  const assignment = element as ts.BinaryExpression;
  const hasDefault = element.kind === lowering.SyntaxKind.BinaryExpression && isAssignmentOperator(assignment.operatorToken.kind, lowering.ts);
  const target = hasDefault ? assignment.left : element;
  const initializer = hasDefault ? assignment.right : undefined;
  const store = targetOf(lowering, target, initializer === undefined ? [] : [initializer], element);
  store(withDefault(lowering, part(), initializer, element));
}

function indexKey(index: number): Key {
  return { kind: 'name', name: String(index) };
}

function loadPart(lowering: Lowering, object: Variable, key: Key, at: ts.Node): Variable {
  const origin = lowering.origin(at);
  const target = lowering.temporary(origin);
  lowering.emit({ op: 'load', target, object, key, origin });
  return target;
}

function restOfArray(lowering: Lowering, object: Variable, from: number, at: ts.Node): Variable {
  const origin = lowering.origin(at);
  const target = lowering.temporary(origin);
  lowering.emit({ op: 'rest', target, object, excluded: undefined, from, origin });
  return target;
}

function restOfObject(lowering: Lowering, object: Variable, excluded: readonly string[], at: ts.Node): Variable {
  const origin = lowering.origin(at);
  const target = lowering.temporary(origin);
  lowering.emit({ op: 'rest', target, object, excluded: [...excluded], from: undefined, origin });
  return target;
}
