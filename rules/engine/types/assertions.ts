import type ts from 'typescript';

/** Which calls return only where something holds, as their types say: `assert(value): asserts value`. */
export class Assertions {
  readonly #ts: typeof ts;
  readonly #checker: ts.TypeChecker;

  constructor({ ts, checker }: { readonly ts: typeof import('typescript'); readonly checker: ts.TypeChecker }) {
    this.#ts = ts;
    this.#checker = checker;
  }

  /** The position of the argument that has to be truthy for a call to return; undefined for a call that asks for nothing. */
  of(call: ts.Node): number | undefined {
    if (!this.#ts.isCallExpression(call)) return undefined;
    const signature = this.#checker.getResolvedSignature(call);
    const predicate = signature && this.#checker.getTypePredicateOfSignature(signature);
    return predicate?.kind === this.#ts.TypePredicateKind.AssertsIdentifier && predicate.type === undefined ? predicate.parameterIndex : undefined;
  }
}
