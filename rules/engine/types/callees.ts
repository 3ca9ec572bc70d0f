import type ts from 'typescript';
import type { Catalog } from '../contracts/api.js';
import type { Contract } from '../contracts/contract.js';
import type { StaticType, World } from '../world.js';
import { annotationsOf } from './annotations.js';
import type { Bodies, Body } from './bodies.js';
import type { Declarations } from './declarations.js';
import { withoutAssertions } from './syntax.js';

type Callee = ReturnType<World['calleeOf']>;

/**
 * Finds what a call calls. The symbol of the callee's last name comes first: the resolved signature has the checker infer type
 * arguments, which is the dearest question there is.
 */
export class Callees {
  readonly #ts: typeof ts;
  readonly #checker: ts.TypeChecker;
  readonly #catalog: Catalog;
  readonly #declarations: Declarations;
  readonly #bodies: Bodies;
  readonly #typeOf: (node: ts.Node) => StaticType;
  readonly #known = new WeakMap<ts.Node, { readonly callee: Callee }>();

  constructor(parts: {
    readonly ts: typeof ts;
    readonly checker: ts.TypeChecker;
    readonly catalog: Catalog;
    readonly declarations: Declarations;
    readonly bodies: Bodies;
    readonly typeOf: (node: ts.Node) => StaticType;
  }) {
    this.#ts = parts.ts;
    this.#checker = parts.checker;
    this.#catalog = parts.catalog;
    this.#declarations = parts.declarations;
    this.#bodies = parts.bodies;
    this.#typeOf = parts.typeOf;
  }

  /** The callee of a call, `new` expression or tagged template. */
  of(call: ts.Node): Callee {
    const known = this.#known.get(call);
    if (known !== undefined) return known.callee;
    const callee = this.#resolve(call);
    this.#known.set(call, { callee });
    return callee;
  }

  /** Whether what is called is declared by the project as a function or a method without a body: any implementation may be meant. */
  isOpen(call: ts.Node): boolean {
    const t = this.#ts;
    if (!t.isCallExpression(call)) return false;
    const name = this.#nameOf(withoutAssertions(t, call.expression));
    const declarations = (name && this.#symbolAt(name))?.declarations ?? [];
    return declarations.length > 0 && declarations.every((declaration) => isBodiless(t, declaration) && this.#declarations.isOwnSource(declaration.getSourceFile()));
  }

  #resolve(call: ts.Node): Callee {
    const t = this.#ts;
    if (!t.isCallExpression(call) && !t.isNewExpression(call) && !t.isTaggedTemplateExpression(call)) return undefined;
    const expression = withoutAssertions(t, t.isTaggedTemplateExpression(call) ? call.tag : call.expression);
    const isConstruct = t.isNewExpression(call);
    if (expression.kind === t.SyntaxKind.SuperKeyword) return this.#superClass(call);
    const name = this.#nameOf(expression);
    const symbol = name && this.#symbolAt(name);
    if (symbol !== undefined) {
      const body = this.#bodies.of(symbol);
      if (body !== undefined) return asCallee(body);
      return this.#tagged(symbol) ?? this.#catalogued(symbol, expression, isConstruct);
    }
    if (name !== undefined) return undefined;
    const declaration = this.#checker.getResolvedSignature(call)?.declaration;
    const body = declaration && this.#declarations.isOwnSource(declaration.getSourceFile()) ? this.#bodies.at(declaration) : undefined;
    return body && asCallee(body);
  }

  /** The part of a callee that names it. */
  #nameOf(expression: ts.Expression): ts.Node | undefined {
    const t = this.#ts;
    if (t.isIdentifier(expression)) return expression;
    if (t.isPropertyAccessExpression(expression)) return expression.name;
    if (t.isElementAccessExpression(expression) && t.isStringLiteralLike(expression.argumentExpression)) return expression.argumentExpression;
    return undefined;
  }

  #symbolAt(name: ts.Node): ts.Symbol | undefined {
    const symbol = this.#checker.getSymbolAtLocation(name);
    return symbol && symbol.flags & this.#ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(symbol) : symbol;
  }

  #superClass(call: ts.Node): Callee {
    const t = this.#ts;
    const owner = t.findAncestor(call, t.isClassLike);
    const heritage = owner?.heritageClauses?.find((clause) => clause.token === t.SyntaxKind.ExtendsKeyword)?.types[0]?.expression;
    const name = heritage && this.#nameOf(withoutAssertions(t, heritage));
    const symbol = name && this.#symbolAt(name);
    if (symbol === undefined || heritage === undefined) return undefined;
    const body = this.#bodies.of(symbol);
    return body ? asCallee(body) : this.#catalogued(symbol, heritage, true);
  }

  /** What the project declares without a body has no contract but that of its tags. */
  #tagged(symbol: ts.Symbol): Callee {
    for (const declaration of symbol.declarations ?? []) {
      if (!isBodiless(this.#ts, declaration) || !this.#declarations.isOwnSource(declaration.getSourceFile())) continue;
      const { contract } = annotationsOf(this.#ts, declaration);
      if (contract !== undefined) return { contract };
    }
    return undefined;
  }

  #catalogued(symbol: ts.Symbol, expression: ts.Expression, isConstruct: boolean): Callee {
    if (!this.#declarations.isForeign(symbol)) return undefined;
    const api = this.#declarations.apiOf(symbol);
    const ofApi = isConstruct ? api?.construct : api?.call;
    const contract = ofApi ?? this.#staticMember(symbol) ?? (isConstruct ? undefined : this.#method(symbol, expression));
    return contract && { contract };
  }

  /** `Buffer.from` is a method of the interface `BufferConstructor`; `Atomics.add` one of the interface `Atomics`. */
  #staticMember(symbol: ts.Symbol): Contract | undefined {
    const [owner, member] = namesOf(this.#declarations.nameOf(symbol));
    if (owner === undefined || member === undefined) return undefined;
    const api = this.#catalog.global(owner.replace(/Constructor$/, ''))?.member(member);
    return owner.endsWith('Constructor') || this.#catalog.type(`global#${owner}`) === undefined ? api?.call : undefined;
  }

  /** By the receiver's type, which may know better than the type that declares the method; then by the latter. */
  #method(symbol: ts.Symbol, expression: ts.Expression): Contract | undefined {
    const t = this.#ts;
    if (!t.isPropertyAccessExpression(expression) && !t.isElementAccessExpression(expression)) return undefined;
    const receiver = this.#typeOf(expression.expression);
    if (receiver.kind === 'instance') {
      const contract = receiver.type.method(symbol.name);
      if (contract !== undefined) return contract;
    }
    const owner = symbol.declarations?.[0]?.parent;
    const ownerSymbol = owner && (t.isInterfaceDeclaration(owner) || t.isClassDeclaration(owner)) && owner.name ? this.#checker.getSymbolAtLocation(owner.name) : undefined;
    return ownerSymbol && this.#declarations.typeOf(ownerSymbol)?.method(symbol.name);
  }
}

function isBodiless(t: typeof ts, declaration: ts.Declaration): boolean {
  if (t.isFunctionDeclaration(declaration) || t.isMethodDeclaration(declaration)) return declaration.body === undefined;
  return t.isMethodSignature(declaration) || t.isPropertySignature(declaration);
}

function asCallee(body: Body): Callee {
  return body.kind === 'class' ? { class: body.class } : { function: body.function };
}

function namesOf(path: string | undefined): readonly string[] {
  return path?.startsWith('global#') ? path.slice('global#'.length).split('.') : [];
}
