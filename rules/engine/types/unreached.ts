import type ts from 'typescript';

/** Says by types which code cannot run: where every case was dealt with, nothing is left. */
export class Unreached {
  readonly #ts: typeof ts;
  readonly #checker: ts.TypeChecker;

  constructor({ ts, checker }: { readonly ts: typeof import('typescript'); readonly checker: ts.TypeChecker }) {
    this.#ts = ts;
    this.#checker = checker;
  }

  /** Whether a statement or expression stands where control does not come, as far as the types are true. */
  isNeverReached(node: ts.Node): boolean {
    if (this.#namesNever(node)) return true;
    for (let at = node; at.parent !== undefined && !this.#ts.isFunctionLike(at); at = at.parent) {
      const { parent } = at;
      if (this.#ts.isDefaultClause(at) && this.#isExhausted(at.parent.parent)) return true;
      const statements: readonly ts.Node[] = this.#ts.isBlock(parent) || this.#ts.isCaseOrDefaultClause(parent) ? parent.statements : [];
      if (statements.slice(0, Math.max(0, statements.indexOf(at))).some((before) => this.#endsEveryWay(before))) return true;
    }
    return false;
  }

  /** ``throw new Error(`unknown ${kind}`)`` where no kind is left: it names something of a type that no value has. */
  #namesNever(node: ts.Node): boolean {
    if (this.#ts.isFunctionLike(node)) return false;
    if (this.#ts.isIdentifier(node) && this.#isValue(node) && this.#checker.getTypeAtLocation(node).flags & this.#ts.TypeFlags.Never) return true;
    return this.#ts.forEachChild(node, (child) => this.#namesNever(child) || undefined) === true;
  }

  /** Read, not called: what is of type `never` may be what a function does not give. */
  #isValue(node: ts.Identifier): boolean {
    const { parent } = node;
    if (this.#ts.isPropertyAssignment(parent)) return parent.initializer === node;
    return !this.#ts.isCallOrNewExpression(parent) || parent.expression !== node;
  }

  /** A `switch` without a way past it: all there can be has its case, and each case leaves. */
  #endsEveryWay(node: ts.Node): boolean {
    if (!this.#ts.isSwitchStatement(node)) return false;
    const { clauses } = node.caseBlock;
    const leaves = ({ statements }: ts.CaseOrDefaultClause): boolean => statements.length === 0 || this.#leaves(statements[statements.length - 1]);
    return clauses.length > 0 && clauses.every(leaves) && clauses[clauses.length - 1]?.statements.length !== 0 && this.#isExhausted(node);
  }

  #leaves(node: ts.Statement | undefined): boolean {
    if (node === undefined) return false;
    if (this.#ts.isBlock(node)) return this.#leaves(node.statements[node.statements.length - 1]);
    return this.#ts.isReturnStatement(node) || this.#ts.isThrowStatement(node);
  }

  #isExhausted({ expression, caseBlock }: ts.SwitchStatement): boolean {
    const type = this.#checker.getTypeAtLocation(expression);
    const cases = caseBlock.clauses.flatMap((clause) => (this.#ts.isCaseClause(clause) ? [this.#checker.getTypeAtLocation(clause.expression)] : []));
    const left = type.isUnion() ? type.types : [type];
    return cases.length > 0 && left.every((one) => one.flags & this.#ts.TypeFlags.Unit && cases.some((each) => this.#checker.isTypeAssignableTo(one, each)));
  }
}
