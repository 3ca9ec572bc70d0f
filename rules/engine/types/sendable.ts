import type ts from 'typescript';
import type { Unsendable } from '../world.js';
import type { Declarations } from './declarations.js';

/** How deep data is looked into. */
const maxDepth = 4;
/** Members of one object that are looked at. */
const maxMembers = 60;

/** What the algorithm refuses, of the language and the platform. */
const refused: ReadonlySet<string> = new Set(
  ['Promise', 'PromiseConstructor', 'WeakMap', 'WeakSet', 'WeakRef', 'FinalizationRegistry', 'Generator', 'AsyncGenerator', 'Iterator', 'AsyncIterator'].map((name) => `global#${name}`),
);

/** Containers whose content is cloned with them. */
const containers: ReadonlySet<string> = new Set(['Map', 'ReadonlyMap', 'Set', 'ReadonlySet'].map((name) => `global#${name}`));

/** Tells from static types what cannot be sent to another thread. */
export class Sendability {
  readonly #ts: typeof ts;
  readonly #checker: ts.TypeChecker;
  readonly #declarations: Declarations;

  constructor(parts: { readonly ts: typeof ts; readonly checker: ts.TypeChecker; readonly declarations: Declarations }) {
    this.#ts = parts.ts;
    this.#checker = parts.checker;
    this.#declarations = parts.declarations;
  }

  /** The first thing in an expression's value, or in a property of it, that cannot be cloned; undefined where the types show none. */
  of(node: ts.Node, property?: string): Unsendable | undefined {
    const type = this.#checker.getTypeAtLocation(node);
    if (property === undefined) return this.#inType(type, node, '', 0, new Set());
    const symbol = type.getProperty(property);
    return symbol && this.#inType(this.#checker.getTypeOfSymbolAtLocation(symbol, node), node, property, 0, new Set());
  }

  #inType(type: ts.Type, at: ts.Node, path: string, depth: number, seen: Set<ts.Type>): Unsendable | undefined {
    const { TypeFlags } = this.#ts;
    if (depth > maxDepth || seen.has(type) || type.flags & (TypeFlags.Any | TypeFlags.Unknown | TypeFlags.Never | TypeFlags.Instantiable)) return undefined;
    if (type.flags & TypeFlags.ESSymbolLike) return { path, what: 'symbol', name: 'symbol', certainty: 'certain' };
    if (type.isUnion()) return this.#inUnion(type, at, path, depth, seen);
    if (!(type.flags & (TypeFlags.Object | TypeFlags.Intersection))) return undefined;
    seen.add(type);
    const found = this.#inObject(type, at, path, depth, seen);
    seen.delete(type);
    return found;
  }

  /** Certain where every member that is something is refused. */
  #inUnion(type: ts.UnionType, at: ts.Node, path: string, depth: number, seen: Set<ts.Type>): Unsendable | undefined {
    const { TypeFlags } = this.#ts;
    const members = type.types.filter((member) => !(member.flags & (TypeFlags.Undefined | TypeFlags.Null | TypeFlags.Void)));
    const found = members.map((member) => this.#inType(member, at, path, depth, seen));
    const first = found.find((one) => one !== undefined);
    if (first === undefined) return undefined;
    const isAll = members.length === type.types.length && found.every((one) => one?.certainty === 'certain');
    return isAll ? first : { ...first, certainty: 'potential' };
  }

  #inObject(type: ts.Type, at: ts.Node, path: string, depth: number, seen: Set<ts.Type>): Unsendable | undefined {
    const checker = this.#checker;
    if (type.getCallSignatures().length > 0 || type.getConstructSignatures().length > 0) return { path, what: 'function', name: '', certainty: 'certain' };
    if (checker.isArrayType(type) || checker.isTupleType(type)) return this.#inElements(type as ts.TypeReference, at, `${path}[]`, depth, seen);
    const symbol = type.getSymbol();
    const name = symbol && this.#declarations.nameOf(symbol);
    if (name !== undefined && refused.has(name)) return { path, what: 'uncloneable', name: symbol?.name ?? '', certainty: 'certain' };
    if (name !== undefined && containers.has(name)) return this.#inElements(type as ts.TypeReference, at, `${path}[]`, depth, seen);
    // What else the platform and packages declare has its own rules: some are cloned, some are transferred, some are refused.
    if (symbol?.declarations?.some((declaration) => !this.#declarations.isOwnSource(declaration.getSourceFile())) === true) return undefined;
    const declaration = symbol?.valueDeclaration;
    if (declaration !== undefined && this.#ts.isClassLike(declaration)) return this.#inInstance(declaration, type, at, path, depth, seen);
    return this.#inMembers(type, at, path, depth, seen);
  }

  #inElements(type: ts.TypeReference, at: ts.Node, path: string, depth: number, seen: Set<ts.Type>): Unsendable | undefined {
    for (const element of this.#checker.getTypeArguments(type)) {
      const found = this.#inType(element, at, path, depth + 1, seen);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #inMembers(type: ts.Type, at: ts.Node, path: string, depth: number, seen: Set<ts.Type>): Unsendable | undefined {
    const { SymbolFlags, SyntaxKind } = this.#ts;
    for (const property of type.getProperties().slice(0, maxMembers)) {
      if (property.name.startsWith('__@')) continue;
      const declaration = property.valueDeclaration ?? property.declarations?.[0];
      const kind = declaration?.kind;
      // A getter in a literal is read when the object is cloned; one of a class stays behind.
      const own = path === '' ? property.name : `${path}.${property.name}`;
      const found = this.#inType(this.#checker.getTypeOfSymbolAtLocation(property, at), at, own, depth + 1, seen);
      if (found === undefined) continue;
      const isOptional = (property.flags & SymbolFlags.Optional) !== 0;
      // A method that an interface asks for may be a class's: it is left behind, and nothing is refused.
      const isDoubtful = isOptional || kind === SyntaxKind.MethodSignature;
      return isDoubtful ? { ...found, certainty: 'potential' } : found;
    }
    return undefined;
  }

  /** An instance arrives as a plain object: a field that is refused is refused, methods and private state are lost. */
  #inInstance(declaration: ts.ClassLikeDeclaration, type: ts.Type, at: ts.Node, path: string, depth: number, seen: Set<ts.Type>): Unsendable | undefined {
    const t = this.#ts;
    for (const property of type.getProperties().slice(0, maxMembers)) {
      const field = property.valueDeclaration;
      if (field === undefined || !(t.isPropertyDeclaration(field) || t.isParameter(field)) || (t.isPropertyDeclaration(field) && t.isPrivateIdentifier(field.name))) continue;
      const found = this.#inType(this.#checker.getTypeOfSymbolAtLocation(property, at), at, path === '' ? property.name : `${path}.${property.name}`, depth + 1, seen);
      if (found !== undefined) return (property.flags & t.SymbolFlags.Optional) === 0 ? found : { ...found, certainty: 'potential' };
    }
    const isInherited = declaration.heritageClauses?.some((clause) => clause.token === t.SyntaxKind.ExtendsKeyword) === true;
    const hasBehaviour = declaration.members.some((member) => (t.isMethodDeclaration(member) || t.isAccessor(member) || (member.name !== undefined && t.isPrivateIdentifier(member.name))) && !isStatic(t, member));
    if (!hasBehaviour && !isInherited) return undefined;
    // Deep inside a message, an instance may be meant as the data that it holds.
    return { path, what: 'instance', name: declaration.name?.text ?? 'a class', certainty: hasBehaviour && path === '' ? 'certain' : 'potential' };
  }
}

function isStatic(t: typeof ts, member: ts.ClassElement): boolean {
  return t.canHaveModifiers(member) && (t.getModifiers(member)?.some((modifier) => modifier.kind === t.SyntaxKind.StaticKeyword) ?? false);
}
