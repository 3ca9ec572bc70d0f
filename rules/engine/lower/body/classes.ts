import type ts from 'typescript';
import type { Key, Variable } from '../../ir/index.js';
import type { ClassRecord } from '../model.js';
import { decoratorsOf, fixedName, hasModifier } from '../syntax.js';
import { declareScope } from './declare.js';
import { Unsupported, type Lowering } from './lowering.js';

/** A class as a value: its superclass, decorators and computed keys are evaluated here, its members are functions of their own. */
export function lowerClass(lowering: Lowering, node: ts.ClassLikeDeclaration): Variable {
  const { SyntaxKind } = lowering;
  const record = lowering.module.classOf.get(node);
  if (record === undefined) throw new Unsupported('class without a header');
  const origin = lowering.origin(node);
  const target = lowering.temporary(origin);
  for (const decorator of decoratorsOf(node, lowering.ts)) lowering.value(decorator.expression);
  lowering.within(node, () => {
    declareScope(lowering, node);
    const heritage = node.heritageClauses?.find((clause) => clause.token === SyntaxKind.ExtendsKeyword)?.types[0];
    const superClass = heritage === undefined ? undefined : lowering.value(heritage.expression);
    for (const member of node.members) lowerMemberHead(lowering, member, record);
    lowering.emit({ op: 'class', target, class: record, superClass, origin });
    const own = node.kind === SyntaxKind.ClassExpression && node.name !== undefined ? lowering.scope.bindings.get(node.name.text) : undefined;
    if (own !== undefined) lowering.copy(own, target, origin);
  });
  return target;
}

/** What a member evaluates where the class is written: its decorators, those of its parameters, and its computed name. */
function lowerMemberHead(lowering: Lowering, member: ts.ClassElement, record: ClassRecord): void {
  const { SyntaxKind } = lowering;
  for (const decorator of decoratorsOf(member, lowering.ts)) lowering.value(decorator.expression);
  const { parameters, body } = member as ts.MethodDeclaration;
  if (body !== undefined && parameters !== undefined) {
    for (const parameter of parameters) {
      for (const decorator of decoratorsOf(parameter, lowering.ts)) lowering.value(decorator.expression);
    }
  }
  if (member.name?.kind !== SyntaxKind.ComputedPropertyName) return;
  const name = member.name;
  const place = record.computedKeys.get(name);
  if (place !== undefined) lowering.copy(place, lowering.value(name.expression), lowering.origin(name));
}

/** The body of the synthetic function that initialises an instance: parameter properties, then fields in order. */
export function lowerFields(lowering: Lowering, record: ClassRecord): void {
  const { SyntaxKind } = lowering;
  const constructor = record.constructorFunction;
  if (constructor !== undefined) {
    const node = constructor.node as ts.ConstructorDeclaration;
    for (const parameter of node.parameters) {
      if (!lowering.ts.isParameterPropertyDeclaration(parameter, node)) continue;
      const { text } = parameter.name;
      const value = constructor.scope.bindings.get(text);
      if (value !== undefined) storeField(lowering, { kind: 'name', name: text }, value, parameter);
    }
  }
  for (const member of record.node.members) {
    if (member.kind === SyntaxKind.PropertyDeclaration && !hasModifier(member, SyntaxKind.StaticKeyword)) lowerField(lowering, member as ts.PropertyDeclaration, record);
  }
}

/** The body of the synthetic function that runs static fields and blocks in order. */
export function lowerStatics(lowering: Lowering, record: ClassRecord): void {
  const { SyntaxKind } = lowering;
  for (const member of record.node.members) {
    if (member.kind === SyntaxKind.ClassStaticBlockDeclaration) lowering.statement((member as ts.ClassStaticBlockDeclaration).body);
    else if (member.kind === SyntaxKind.PropertyDeclaration && hasModifier(member, SyntaxKind.StaticKeyword)) lowerField(lowering, member as ts.PropertyDeclaration, record);
  }
}

function lowerField(lowering: Lowering, member: ts.PropertyDeclaration, record: ClassRecord): void {
  const { SyntaxKind } = lowering;
  if (hasModifier(member, SyntaxKind.DeclareKeyword) || hasModifier(member, SyntaxKind.AbstractKeyword)) return;
  const { name, initializer } = member;
  // A typed field without a value may only describe what a superclass or the constructor sets.
  if (initializer === undefined && member.type !== undefined && name.kind !== SyntaxKind.PrivateIdentifier) return;
  const value = initializer === undefined ? lowering.literal(undefined, lowering.origin(member)) : lowering.value(initializer);
  storeField(lowering, fieldKey(lowering, name, record), value, member);
}

function fieldKey(lowering: Lowering, name: ts.PropertyName, record: ClassRecord): Key {
  const fixed = fixedName(name, lowering.ts);
  if (fixed !== undefined) return { kind: 'name', name: fixed };
  const value = record.computedKeys.get(name as ts.ComputedPropertyName);
  if (value === undefined) throw new Unsupported('computed field without a place');
  return { kind: 'computed', value };
}

function storeField(lowering: Lowering, key: Key, value: Variable, at: ts.Node): void {
  lowering.emit({ op: 'store', object: lowering.thisVariable, key, value, origin: lowering.origin(at) });
}
