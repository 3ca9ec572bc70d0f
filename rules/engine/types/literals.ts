import type ts from 'typescript';

/** Says by types which values an expression can have, where somebody wrote all of them down. */
export class Literals {
  readonly #ts: typeof ts;
  readonly #checker: ts.TypeChecker;

  constructor({ ts, checker }: { readonly ts: typeof import('typescript'); readonly checker: ts.TypeChecker }) {
    this.#ts = ts;
    this.#checker = checker;
  }

  of(node: ts.Node): readonly (string | boolean | null | undefined)[] | undefined {
    const type = this.#checker.getTypeAtLocation(node);
    const values: (string | boolean | null | undefined)[] = [];
    const { TypeFlags } = this.#ts;
    for (const part of type.isUnion() ? type.types : [type]) {
      if (part.isStringLiteral()) values.push(part.value);
      else if (part.flags & TypeFlags.BooleanLiteral) values.push(this.#checker.typeToString(part) === 'true');
      else if (part.flags & TypeFlags.Null) values.push(null);
      else if (part.flags & TypeFlags.Undefined) values.push(undefined);
      else return undefined;
    }
    return values;
  }
}
