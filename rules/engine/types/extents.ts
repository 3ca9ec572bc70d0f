import type ts from 'typescript';
import type { Extent } from '../world.js';

/** Collections that have no two members of one key. */
const keyed: ReadonlySet<string> = new Set(['Map', 'ReadonlyMap', 'Set', 'ReadonlySet']);

/** Says by types how many members collections can have. */
export class Extents {
  readonly #ts: typeof ts;
  readonly #checker: ts.TypeChecker;
  readonly #program: ts.Program;

  constructor({ ts, checker, program }: { readonly ts: typeof import('typescript'); readonly checker: ts.TypeChecker; readonly program: ts.Program }) {
    this.#ts = ts;
    this.#checker = checker;
    this.#program = program;
  }

  of(node: ts.Node): Extent {
    const type = this.#checker.getNonNullableType(this.#checker.getApparentType(this.#checker.getTypeAtLocation(node)));
    const extents = (type.isUnion() ? type.types : [type]).map((part) => this.#ofPart(part));
    return extents.includes('open') ? 'open' : extents.every((extent) => extent === 'written out') ? 'written out' : 'unknown';
  }

  #ofPart(type: ts.Type): Extent {
    if (this.#checker.isTupleType(type)) return (type as ts.TupleTypeReference).target.combinedFlags & this.#ts.ElementFlags.Variable ? 'open' : 'written out';
    if (this.#checker.isArrayType(type) || this.#isKeyed(type)) {
      const [member] = this.#checker.getTypeArguments(type as ts.TypeReference);
      return member !== undefined && this.#isOfFew(member) ? 'written out' : 'open';
    }
    return this.#checker.getIndexInfosOfType(type).length > 0 ? 'open' : 'unknown';
  }

  /** `'x64' | 'arm64'`, an enum: somebody wrote down all that there can be. */
  #isOfFew(type: ts.Type): boolean {
    return (type.isUnion() ? type.types : [type]).every(({ flags }) => (flags & this.#ts.TypeFlags.Unit) !== 0);
  }

  #isKeyed(type: ts.Type): boolean {
    const { symbol } = type as Partial<ts.Type>;
    return symbol !== undefined && keyed.has(symbol.name) && (symbol.declarations ?? []).some((declaration) => this.#program.isSourceFileDefaultLibrary(declaration.getSourceFile()));
  }
}
