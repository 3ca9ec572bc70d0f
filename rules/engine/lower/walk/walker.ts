import type ts from 'typescript';
import type { Variable } from '../../ir/index.js';
import { NodeOrigin } from '../origin.js';
import { FunctionRecord, type FunctionHeader, type ModuleRecord, type VariableRecord } from '../model.js';
import { Scope, type Binder } from '../scope.js';
import { skipTransparent } from '../syntax.js';
import type { Position } from './position.js';

type TypeScript = typeof import('typescript');

/** Nesting beyond which a subtree is put off, so that the walk cannot overflow the stack. */
const DEEPEST = 400;

/** What the walk does at a node of one kind; the parts of the walk find each other through a table of these. */
export type Visit = (walker: Walker, node: ts.Node, at: Position) => void;

/** The state of the one walk over a file: it makes scopes, headers and outlines. */
export class Walker implements Binder {
  readonly ts: TypeScript;
  /** Held here because every look-up in the namespace object of a package costs a hash. */
  readonly SyntaxKind: TypeScript['SyntaxKind'];
  readonly NodeFlags: TypeScript['NodeFlags'];
  readonly module: ModuleRecord;
  /** Functions in blocks are block-scoped: modules, TypeScript, and files that start with 'use strict'. */
  readonly isStrict: boolean;
  /** Some name of CommonJS is used and not declared. */
  usesCommonJs = false;
  readonly #visits: readonly (Visit | undefined)[];
  readonly #scopes: Scope[] = [];
  readonly #putOff: { readonly node: ts.Node; readonly at: Position }[] = [];
  #depth = 0;
  #named: ts.Node | undefined;
  #nameForNamed = '';

  constructor(tsc: TypeScript, module: ModuleRecord, isStrict: boolean, visits: readonly (Visit | undefined)[]) {
    this.ts = tsc;
    this.SyntaxKind = tsc.SyntaxKind;
    this.NodeFlags = tsc.NodeFlags;
    this.module = module;
    this.isStrict = isStrict;
    this.#visits = visits;
  }

  visit(node: ts.Node | undefined, at: Position): void {
    if (node === undefined) return;
    if (this.#depth >= DEEPEST) {
      this.#putOff.push({ node, at });
      return;
    }
    this.#depth++;
    const visit = this.#visits[node.kind];
    if (visit === undefined) this.visitChildren(node, at);
    else visit(this, node, at);
    this.#depth--;
  }

  /** Visits an expression that gives an anonymous function or class its name. */
  visitNamed(expression: ts.Expression | undefined, at: Position, name: string): void {
    if (expression === undefined) return;
    const inner = skipTransparent(expression, this.ts);
    this.#named = inner;
    this.#nameForNamed = name;
    this.visit(inner, at);
  }

  /** The name that the context gives to a function or class without one. */
  contextualName(node: ts.Node): string {
    return this.#named === node ? this.#nameForNamed : '<anonymous>';
  }

  visitAll(nodes: readonly ts.Node[] | undefined, at: Position): void {
    if (nodes !== undefined) for (const node of nodes) this.visit(node, at);
  }

  visitChildren(node: ts.Node, at: Position): void {
    this.ts.forEachChild(node, (child) => {
      this.visit(child, at);
    });
  }

  /**
   * The walk leaves a scope: its names are bound, and what is left goes to the scope around it. While subtrees are put off,
   * their uses are still to come, and binding waits for the end.
   */
  close(at: Position): void {
    if (this.#putOff.length === 0) at.scope.bind(this);
  }

  /** Walks what was put off, then binds what is not bound yet, from the innermost scopes outwards. */
  finish(): void {
    for (let next = this.#putOff.pop(); next !== undefined; next = this.#putOff.pop()) this.visit(next.node, next.at);
    for (let i = this.#scopes.length - 1; i >= 0; i--) this.#scopes[i]?.bind(this);
  }

  openScope(node: ts.Node, at: Position, isVarScope = false): Position {
    const scope = new Scope(at.scope, at.fn, isVarScope, at.isInLoop);
    this.#scopes.push(scope);
    this.module.scopes.set(node, scope);
    return { scope, fn: at.fn, isInLoop: at.isInLoop, isInWith: at.isInWith };
  }

  /** Makes the header and the scope of a function. */
  openFunction(header: FunctionHeader, at: Position | undefined): Position {
    const fn = new FunctionRecord(this.module.functions.length, header, at?.fn, this.module);
    this.module.functions.push(fn);
    at?.fn.outline.nested.push(fn);
    if (header.kind !== 'arrow') fn.thisVariable = this.module.newVariable('this', 'this', fn, fn.origin);
    if (at?.isInWith === true) fn.obstacle = 'inside a with statement';
    const scope = new Scope(at?.scope, fn, true, false);
    this.#scopes.push(scope);
    fn.scope = scope;
    return { scope, fn, isInLoop: false, isInWith: at?.isInWith ?? false };
  }

  /** Declares a name, or finds the declaration it merges with. */
  declare(name: ts.Node, text: string, storage: Variable['storage'], scope: Scope): VariableRecord {
    const known = scope.bindings.get(text);
    if (known !== undefined) return known;
    const variable = this.module.newVariable(text, storage, scope.owner, new NodeOrigin(name, this.module.sourceFile));
    scope.add(text, variable);
    return variable;
  }

  /** `this` or `super`: an arrow captures the variable of the function around it. */
  useThis(at: Position): void {
    let owner: FunctionRecord = at.fn;
    while (owner.thisVariable === undefined && owner.parent !== undefined) owner = owner.parent;
    const variable = owner.thisVariable;
    if (variable === undefined || owner === at.fn) return;
    variable.isCaptured = true;
    at.fn.outline.addCapture(variable);
  }

  /** The `arguments` of a function that names them. */
  implicit(scope: Scope, name: string): VariableRecord | undefined {
    if (name !== 'arguments' || scope !== scope.owner.scope) return undefined;
    const { kind, origin } = scope.owner;
    if (kind === 'arrow' || kind === 'module') return undefined;
    const variable = this.module.newVariable('arguments', 'arguments', scope.owner, origin);
    scope.add('arguments', variable);
    return variable;
  }

  unresolved(name: string): void {
    if (name === 'require' || name === 'module' || name === 'exports') this.usesCommonJs = true;
  }
}
