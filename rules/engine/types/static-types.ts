import type ts from 'typescript';
import type { ApiType, Catalog } from '../contracts/api.js';
import type { ViewType } from '../contracts/contract.js';
import type { ClassIr } from '../ir/index.js';
import type { StaticType } from '../world.js';
import type { Declarations } from './declarations.js';
import { mayBeBytes } from './may-be-bytes.js';

const UNKNOWN: StaticType = { kind: 'unknown' };
const NO_BYTES: StaticType = { kind: 'unknown', excludesBytes: true };
const OTHER: StaticType = { kind: 'other' };
const PRIMITIVE: StaticType = { kind: 'primitive' };
const TEXT: StaticType = { kind: 'primitive', excludesNumbers: true };
const FUNCTION: StaticType = { kind: 'function' };

/** Answers that a greater depth would not change. */
const SETTLED: ReadonlySet<StaticType['kind']> = new Set(['instance', 'class', 'primitive', 'function']);

/** Types that refer to themselves end somewhere. */
const MAX_DEPTH = 4;

const PROMISES: ReadonlySet<string> = new Set(['global#Promise', 'global#PromiseLike']);
const ITERABLES: ReadonlySet<string> = new Set(
  ['AsyncIterable', 'AsyncIterator', 'AsyncIterableIterator', 'AsyncIteratorObject', 'AsyncGenerator', 'Iterable', 'Iterator', 'IterableIterator', 'IteratorObject', 'Generator'].map(
    (name) => `global#${name}`,
  ),
);

/** What a `ts.Type` is in the engine's terms; each type is looked at once. */
export class StaticTypes {
  readonly #ts: typeof ts;
  readonly #checker: ts.TypeChecker;
  readonly #catalog: Catalog;
  readonly #declarations: Declarations;
  readonly #classOf: (declaration: ts.Node) => ClassIr | undefined;
  readonly #known = new Map<ts.Type, StaticType>();
  readonly #primitiveFlags: number;
  readonly #textFlags: number;
  readonly #nullishFlags: number;
  readonly #opaqueFlags: number;

  constructor(parts: {
    readonly ts: typeof ts;
    readonly checker: ts.TypeChecker;
    readonly catalog: Catalog;
    readonly declarations: Declarations;
    /** The lowered class of a class declaration of the program. */
    readonly classOf: (declaration: ts.Node) => ClassIr | undefined;
  }) {
    this.#ts = parts.ts;
    this.#checker = parts.checker;
    this.#catalog = parts.catalog;
    this.#declarations = parts.declarations;
    this.#classOf = parts.classOf;
    const flags = parts.ts.TypeFlags;
    this.#nullishFlags = flags.Undefined | flags.Null | flags.Void;
    this.#textFlags = flags.StringLike | flags.BooleanLike | flags.ESSymbolLike;
    this.#primitiveFlags =
      flags.StringLike | flags.NumberLike | flags.BigIntLike | flags.BooleanLike | flags.ESSymbolLike | flags.EnumLike | this.#nullishFlags;
    this.#opaqueFlags = flags.Any | flags.Unknown | flags.Never;
  }

  /** The static type that a checker's type stands for. */
  describe(type: ts.Type, depth = 0): StaticType {
    const known = this.#known.get(type);
    if (known !== undefined) return known;
    const described = depth > MAX_DEPTH ? UNKNOWN : this.#describe(type, depth);
    // What was cut short at this depth may be known when asked for directly.
    if (depth === 0 || SETTLED.has(described.kind)) this.#known.set(type, described);
    return described;
  }

  #describe(type: ts.Type, depth: number): StaticType {
    if (type.flags & this.#opaqueFlags) return UNKNOWN;
    if (type.flags & this.#textFlags) return TEXT;
    if (type.flags & this.#primitiveFlags) return PRIMITIVE;
    const branded = this.#brandOf(type, depth);
    if (branded !== undefined) return branded;
    if (type.isUnion()) return this.#describeUnion(type, depth);
    if (type.isIntersection()) return this.#describeIntersection(type, depth);
    if (type.flags & this.#ts.TypeFlags.Instantiable) {
      const constraint = this.#checker.getBaseConstraintOfType(type);
      return constraint === undefined || constraint === type ? UNKNOWN : this.describe(constraint, depth + 1);
    }
    return this.#describeObject(type, depth);
  }

  #describeUnion(type: ts.UnionType, depth: number): StaticType {
    const members: StaticType[] = [];
    for (const member of type.types) {
      if (member.flags & this.#nullishFlags) continue;
      const described = this.describe(member, depth + 1);
      const first = (members[0] ??= described);
      if (isSameType(first, described)) continue;
      // A union of many classes is common, and each is dear to look at: the first that differs decides.
      if (viewOf(first) === undefined || viewOf(described) === undefined) return type.types.some((one) => mayBeBytes(one, this.#declarations, this.#ts)) ? UNKNOWN : NO_BYTES;
      members.push(described);
    }
    const [first] = members;
    if (first === undefined) return PRIMITIVE;
    return members.length === 1 ? first : (this.#commonBytes(members) ?? UNKNOWN);
  }

  /** Views of several kinds have what all typed arrays have in common; with a Buffer among them, `slice` is anyone's guess. */
  #commonBytes(members: readonly StaticType[]): StaticType | undefined {
    const views = members.map(viewOf);
    if (views.includes('DataView')) return undefined;
    const buffers = views.filter((view) => view === 'ArrayBuffer' || view === 'SharedArrayBuffer').length;
    if (buffers > 0) return buffers === views.length ? this.#instance('global#ArrayBuffer') : undefined;
    return this.#instance(views.includes('Buffer') ? 'global#AnyBytes' : 'global#TypedArray');
  }

  #instance(path: string): StaticType | undefined {
    const type = this.#catalog.type(path);
    return type && { kind: 'instance', type };
  }

  #describeIntersection(type: ts.IntersectionType, depth: number): StaticType {
    const members = type.types.map((member) => this.describe(member, depth + 1));
    return members.find((member) => member.kind !== 'other' && member.kind !== 'unknown') ?? members.find((member) => member.kind === 'unknown') ?? OTHER;
  }

  #describeObject(type: ts.Type, depth: number): StaticType {
    if (this.#checker.isArrayType(type) || this.#checker.isTupleType(type)) return this.#describeArray(type as ts.TypeReference, depth);
    const symbol = type.getSymbol();
    if (symbol === undefined) return OTHER;
    const name = this.#declarations.nameOf(symbol);
    if (name !== undefined && PROMISES.has(name)) {
      const [settled] = this.#checker.getTypeArguments(type as ts.TypeReference);
      return { kind: 'promise', of: settled === undefined ? UNKNOWN : this.describe(settled, depth + 1) };
    }
    // A class object (`typeof Buffer`) has the class's symbol as well; only instances are of the type.
    const isInstance = type.isClassOrInterface() || isReference(type, this.#ts);
    if (isInstance) {
      const catalogued = this.#catalogued(type, symbol, depth);
      if (catalogued !== undefined) return catalogued;
      const declaration = symbol.valueDeclaration;
      const ownClass = declaration && this.#ts.isClassLike(declaration) ? this.#classOf(declaration) : undefined;
      if (ownClass !== undefined) return { kind: 'class', class: ownClass };
    }
    return type.getCallSignatures().length > 0 || type.getConstructSignatures().length > 0 ? FUNCTION : OTHER;
  }

  /** The catalogued type itself or the one it inherits from; a project's own class only where it is a byte view. */
  #catalogued(type: ts.Type, symbol: ts.Symbol, depth: number): StaticType | undefined {
    const own = this.#declarations.typeOf(symbol);
    if (own !== undefined) return { kind: 'instance', type: own };
    const target = isReference(type, this.#ts) ? type.target : type;
    if (!target.isClassOrInterface() || depth > MAX_DEPTH) return undefined;
    const isOwnClass = this.#isOwnClass(symbol);
    for (const base of this.#checker.getBaseTypes(target)) {
      const baseSymbol = base.getSymbol();
      const inherited = baseSymbol && this.#catalogued(base, baseSymbol, depth + 1);
      if (inherited?.kind !== 'instance') continue;
      if (!isOwnClass || isBytes(inherited.type)) return inherited;
    }
    return undefined;
  }

  #isOwnClass(symbol: ts.Symbol): boolean {
    const declaration = symbol.valueDeclaration;
    return declaration !== undefined && this.#ts.isClassLike(declaration) && this.#declarations.isOwnSource(declaration.getSourceFile());
  }

  #describeArray(type: ts.TypeReference, depth: number): StaticType {
    const [first, ...others] = this.#checker.getTypeArguments(type).map((element) => this.describe(element, depth + 1));
    if (first === undefined) return { kind: 'array', of: PRIMITIVE };
    return { kind: 'array', of: others.every((other) => isSameType(first, other)) ? first : UNKNOWN };
  }

  /**
   * `Borrowed<T>` and `Owned<T>` are intersections with a brand, `Lending<T>` an iterable of borrowed items. The brand is found on
   * the type, not by the alias's name: another alias may stand for it.
   */
  #brandOf(type: ts.Type, depth: number): StaticType | undefined {
    if (type.isIntersection()) {
      for (const member of type.types) {
        const brand = this.#brandNamedBy(member);
        if (brand === undefined) continue;
        const rest = type.types.filter((other) => other !== member).map((other) => this.describe(other, depth + 1));
        const of = rest.find((other) => other.kind !== 'other') ?? rest[0] ?? UNKNOWN;
        return { kind: 'branded', brand, of };
      }
      return undefined;
    }
    const symbol = isReference(type, this.#ts) ? type.getSymbol() : undefined;
    if (symbol === undefined || !ITERABLES.has(`global#${symbol.name}`) || !ITERABLES.has(this.#declarations.nameOf(symbol) ?? '')) return undefined;
    const [item] = this.#checker.getTypeArguments(type as ts.TypeReference);
    const described = item && this.describe(item, depth + 1);
    return described?.kind === 'branded' && described.brand === 'Borrowed' ? { kind: 'branded', brand: 'Lending', of: described.of } : undefined;
  }

  #brandNamedBy(type: ts.Type): 'Borrowed' | 'Owned' | undefined {
    const declaration = type.getSymbol()?.declarations?.[0];
    if (declaration === undefined || !this.#ts.isTypeLiteralNode(declaration)) return undefined;
    if (!this.#declarations.isFromPackage(declaration, 'borrowck-runtime')) return undefined;
    for (const member of declaration.members) {
      // `{ readonly [borrowed]?: true }`: the key is a unique symbol of the package, known by its name there.
      const key = member.name !== undefined && this.#ts.isComputedPropertyName(member.name) ? member.name.expression : undefined;
      if (key === undefined || !this.#ts.isIdentifier(key)) continue;
      if (key.text === 'borrowed') return 'Borrowed';
      if (key.text === 'owned') return 'Owned';
    }
    return undefined;
  }
}

function isReference(type: ts.Type, tsInstance: typeof ts): type is ts.TypeReference {
  return (type.flags & tsInstance.TypeFlags.Object) !== 0 && ((type as ts.ObjectType).objectFlags & tsInstance.ObjectFlags.Reference) !== 0;
}

function viewOf(type: StaticType): ViewType | undefined {
  return type.kind === 'instance' ? type.type.view : undefined;
}

function isBytes(type: ApiType): boolean {
  return type.view !== undefined;
}

/** Whether two static types say the same. */
export function isSameType(left: StaticType, right: StaticType): boolean {
  if (left === right) return true;
  switch (left.kind) {
    case 'instance':
      return right.kind === 'instance' && left.type === right.type;
    case 'class':
      return right.kind === 'class' && left.class === right.class;
    case 'promise':
    case 'array':
      return right.kind === left.kind && isSameType(left.of, right.of);
    case 'branded':
      return right.kind === 'branded' && left.brand === right.brand && isSameType(left.of, right.of);
    default:
      return right.kind === left.kind;
  }
}
