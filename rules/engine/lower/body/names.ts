import type ts from 'typescript';
import type { Key, Literal, Variable } from '../../ir/index.js';
import { fixedName, literalName } from '../syntax.js';
import { operand } from './changes.js';
import type { Lowering } from './lowering.js';

const CONSTANTS: ReadonlyMap<string, Literal> = new Map<string, Literal>([
  ['undefined', undefined],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
]);

/** Reads an identifier: a variable of the file, or a global. */
export function readName(lowering: Lowering, name: ts.Identifier): Variable {
  const variable = lowering.scope.lookup(name.text);
  if (variable !== undefined) return variable;
  const origin = lowering.origin(name);
  if (CONSTANTS.has(name.text)) return lowering.literal(CONSTANTS.get(name.text), origin);
  const target = lowering.temporary(origin);
  lowering.emit({ op: 'global', target, name: name.text, origin });
  return target;
}

/** Assigns to an identifier. A name that no scope declares becomes a property of the global object. */
export function writeName(lowering: Lowering, name: ts.Identifier, value: Variable, at: ts.Node): void {
  const origin = lowering.origin(at);
  const variable = lowering.scope.lookup(name.text);
  if (variable !== undefined) {
    lowering.copy(variable, value, origin);
    return;
  }
  const object = lowering.temporary(origin);
  lowering.emit({ op: 'global', target: object, name: 'globalThis', origin });
  lowering.emit({ op: 'store', object, key: { kind: 'name', name: name.text }, value, origin });
}

/** The key of a property, method or destructured member; a computed one is evaluated here, before `list` from `index` on. */
export function propertyKey(lowering: Lowering, name: ts.PropertyName, list: readonly ts.Node[] = [], index = 0): Key {
  const fixed = fixedName(name, lowering.ts);
  if (fixed !== undefined) return { kind: 'name', name: fixed };
  return { kind: 'computed', value: operand(lowering, (name as ts.ComputedPropertyName).expression, list.slice(index)) };
}

/** The key of a member access; `later` is what is evaluated between the key and its use. */
export function memberKey(lowering: Lowering, node: ts.PropertyAccessExpression | ts.ElementAccessExpression, later: readonly ts.Node[]): Key {
  if (node.kind === lowering.SyntaxKind.PropertyAccessExpression) return { kind: 'name', name: (node).name.text };
  const { argumentExpression } = node;
  const fixed = literalName(argumentExpression, lowering.ts);
  if (fixed !== undefined) return { kind: 'name', name: fixed };
  return { kind: 'computed', value: operand(lowering, argumentExpression, later) };
}

/** The expressions of a key that run code when it is evaluated: what stands between an object and its use. */
export function keyExpressions(lowering: Lowering, node: ts.PropertyAccessExpression | ts.ElementAccessExpression): readonly ts.Node[] {
  return node.kind === lowering.SyntaxKind.ElementAccessExpression ? [(node).argumentExpression] : [];
}
