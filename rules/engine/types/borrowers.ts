import type ts from 'typescript';
import type { StaticType } from '../world.js';
import { withoutAssertions } from './syntax.js';

/** Which parameters of what is called are declared `Borrowed<…>`. */
export class Borrowers {
  readonly #ts: typeof ts;
  readonly #checker: ts.TypeChecker;
  readonly #describe: (type: ts.Type) => StaticType;
  readonly #known = new WeakMap<ts.Node, readonly boolean[]>();

  constructor(parts: { readonly ts: typeof ts; readonly checker: ts.TypeChecker; readonly describe: (type: ts.Type) => StaticType }) {
    this.#ts = parts.ts;
    this.#checker = parts.checker;
    this.#describe = parts.describe;
  }

  /**
   * Whether the callee says of an argument that it does not keep it.
   *
   * @param call - a call expression
   * @param index - the argument's position
   */
  isBorrowed(call: ts.Node, index: number): boolean {
    let known = this.#known.get(call);
    if (known === undefined) this.#known.set(call, (known = this.#find(call)));
    return known[index] ?? false;
  }

  #find(call: ts.Node): readonly boolean[] {
    if (!this.#ts.isCallExpression(call)) return [];
    const callee = withoutAssertions(this.#ts, call.expression);
    const type = this.#checker.getNonNullableType(this.#checker.getTypeAtLocation(callee));
    // The type of what is called, not the resolved signature: a generic callee is not inferred for this.
    const [first, ...others] = type.getCallSignatures().map((signature) => this.#ofSignature(signature, call));
    return first?.map((isBorrowed, index) => isBorrowed && others.every((other) => other[index] === true)) ?? [];
  }

  #ofSignature(signature: ts.Signature, call: ts.Node): readonly boolean[] {
    return signature.parameters.map((parameter) => {
      const type = this.#checker.getNonNullableType(this.#checker.getTypeOfSymbolAtLocation(parameter, call));
      const members = type.isUnion() ? type.types : [type];
      return members.every((member) => {
        const described = this.#describe(member);
        return described.kind === 'branded' && described.brand === 'Borrowed';
      });
    });
  }
}
