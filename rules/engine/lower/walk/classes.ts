import type ts from 'typescript';
import type { Key } from '../../ir/index.js';
import { ClassRecord, type FunctionRecord } from '../model.js';
import { NodeOrigin } from '../origin.js';
import { accessOf, decoratorsOf, fixedName, hasModifier } from '../syntax.js';
import { walkFunction } from './functions.js';
import type { Position } from './position.js';
import type { Walker } from './walker.js';

/** The synthetic functions of a class, made when the first member needs them. */
class Initialisers {
  readonly #walker: Walker;
  readonly #class: ClassRecord;
  readonly #at: Position;
  #fields: Position | undefined;
  #statics: Position | undefined;

  constructor(walker: Walker, owner: ClassRecord, at: Position) {
    this.#walker = walker;
    this.#class = owner;
    this.#at = at;
  }

  get fields(): Position {
    this.#fields ??= this.#open('fields', `${this.#class.name}#<fields>`);
    this.#class.fields = this.#fields.fn;
    return this.#fields;
  }

  get statics(): Position {
    this.#statics ??= this.#open('static-block', `${this.#class.name}.<static>`);
    this.#class.statics = this.#statics.fn;
    return this.#statics;
  }

  close(): void {
    if (this.#fields !== undefined) this.#walker.close(this.#fields);
    if (this.#statics !== undefined) this.#walker.close(this.#statics);
  }

  #open(kind: FunctionRecord['kind'], name: string): Position {
    return this.#walker.openFunction({ name, kind, isAsync: false, isGenerator: false, node: this.#class.node, ownerClass: this.#class }, this.#at);
  }
}

/** Makes a class's header and walks its members. `outside` is where the class is written. */
export function walkClass(walker: Walker, node: ts.ClassLikeDeclaration, outside: Position): ClassRecord {
  const { SyntaxKind } = walker;
  const { module } = walker;
  const heritage = node.heritageClauses?.find((clause) => clause.token === SyntaxKind.ExtendsKeyword)?.types[0];
  const name = node.name?.text ?? walker.contextualName(node);
  const at = walker.openScope(node, outside);
  const origin = new NodeOrigin(node, module.sourceFile);
  const record = new ClassRecord({ id: module.classes.length, name, origin, hasSuperClass: heritage !== undefined, module, parent: outside.fn, node });
  module.classes.push(record);
  module.classOf.set(node, record);
  outside.fn.outline.classes.push(record);
  if (node.kind === SyntaxKind.ClassExpression && node.name !== undefined) walker.declare(node.name, name, 'local', at.scope);
  for (const decorator of decoratorsOf(node, walker.ts)) walker.visit(decorator.expression, outside);
  walker.visit(heritage?.expression, at);
  const initialisers = new Initialisers(walker, record, at);
  for (const member of node.members) walkClassMember(walker, member, record, at, initialisers);
  initialisers.close();
  walker.close(at);
  return record;
}

function walkClassMember(walker: Walker, member: ts.ClassElement, owner: ClassRecord, at: Position, initialisers: Initialisers): void {
  const { SyntaxKind } = walker;
  for (const decorator of decoratorsOf(member, walker.ts)) walker.visit(decorator.expression, at);
  switch (member.kind) {
    case SyntaxKind.Constructor:
      walkConstructor(walker, member as ts.ConstructorDeclaration, owner, at, initialisers);
      return;
    case SyntaxKind.MethodDeclaration:
    case SyntaxKind.GetAccessor:
    case SyntaxKind.SetAccessor:
      walkMethod(walker, member as ts.MethodDeclaration, owner, at);
      return;
    case SyntaxKind.PropertyDeclaration:
      walkField(walker, member as ts.PropertyDeclaration, owner, at, initialisers);
      return;
    case SyntaxKind.ClassStaticBlockDeclaration: {
      const { body } = member as ts.ClassStaticBlockDeclaration;
      const inside = walker.openScope(body, initialisers.statics, true);
      walker.visitAll(body.statements, inside);
      walker.close(inside);
      return;
    }
    default:
  }
}

function walkConstructor(walker: Walker, node: ts.ConstructorDeclaration, owner: ClassRecord, at: Position, initialisers: Initialisers): void {
  if (node.body === undefined) return;
  for (const parameter of node.parameters) {
    for (const decorator of decoratorsOf(parameter, walker.ts)) walker.visit(decorator.expression, at);
  }
  const constructor = walkFunction(walker, node, at, `${owner.name}#constructor`, 'constructor', owner);
  owner.constructorFunction = constructor;
  for (const parameter of node.parameters) {
    if (!walker.ts.isParameterPropertyDeclaration(parameter, node)) continue;
    const { text } = parameter.name;
    const variable = constructor.scope.bindings.get(text);
    if (variable === undefined) continue;
    const { outline } = initialisers.fields.fn;
    variable.isCaptured = true;
    outline.addCapture(variable);
    outline.addFreeName(text);
    outline.addMember(text, true);
    outline.addStored(text);
  }
}

function walkMethod(walker: Walker, node: ts.MethodDeclaration | ts.AccessorDeclaration, owner: ClassRecord, at: Position): void {
  const { SyntaxKind } = walker;
  const key = walkKey(walker, node.name, owner, at);
  if (node.body === undefined) return;
  for (const parameter of node.parameters) {
    for (const decorator of decoratorsOf(parameter, walker.ts)) walker.visit(decorator.expression, at);
  }
  const isStatic = hasModifier(node, SyntaxKind.StaticKeyword);
  const kind = node.kind === SyntaxKind.GetAccessor ? 'getter' : node.kind === SyntaxKind.SetAccessor ? 'setter' : 'method';
  const name = key.kind === 'name' ? key.name : key.value.name;
  const fn = walkFunction(walker, node, at, `${owner.name}${isStatic ? '.' : '#'}${name}`, kind, owner);
  owner.members.push({ key, function: fn, isStatic, access: accessOf(node, walker.ts) });
}

function walkField(walker: Walker, node: ts.PropertyDeclaration, owner: ClassRecord, at: Position, initialisers: Initialisers): void {
  const { SyntaxKind } = walker;
  if (hasModifier(node, SyntaxKind.DeclareKeyword) || hasModifier(node, SyntaxKind.AbstractKeyword)) return;
  const inside = hasModifier(node, SyntaxKind.StaticKeyword) ? initialisers.statics : initialisers.fields;
  const key = walkKey(walker, node.name, owner, at);
  if (key.kind === 'name') {
    inside.fn.outline.addMember(key.name, true);
    inside.fn.outline.addStored(key.name);
  } else {
    inside.fn.outline.addCapture(key.value);
    inside.fn.outline.hasElementStore = true;
  }
  walker.visitNamed(node.initializer, inside, key.kind === 'name' ? key.name : key.value.name);
}

/** A computed name is evaluated once, where the class is written; its value is kept in a place that the members name. */
function walkKey(walker: Walker, name: ts.PropertyName, owner: ClassRecord, at: Position): Key {
  const { module, ts } = walker;
  const fixed = fixedName(name, ts);
  if (fixed !== undefined) return { kind: 'name', name: fixed };
  const computed = name as ts.ComputedPropertyName;
  walker.visit(computed.expression, at);
  const text = module.sourceFile.text.slice(computed.expression.pos, computed.expression.end).trim();
  const value = module.newVariable(`[${text}]`, 'local', at.fn, new NodeOrigin(computed, module.sourceFile));
  value.isCaptured = true;
  owner.computedKeys.set(computed, value);
  return { kind: 'computed', value };
}
