import type { FunctionRecord, VariableRecord } from './model.js';

/** The uses of one name that a scope has not bound itself. */
interface References {
  isWritten: boolean;
  readonly from: Set<FunctionRecord>;
}

/** A lexical scope. Uses are collected during the walk and bound at its end, because declarations may follow their uses. */
export class Scope {
  readonly parent: Scope | undefined;
  readonly owner: FunctionRecord;
  /** `var` and sloppy function declarations land in the nearest such scope: functions, static blocks, namespaces, the module. */
  readonly isVarScope: boolean;
  /** Entered once for each turn of a loop of its function. */
  readonly isInLoop: boolean;
  readonly bindings = new Map<string, VariableRecord>();
  readonly #references = new Map<string, References>();

  constructor(parent: Scope | undefined, owner: FunctionRecord, isVarScope: boolean, isInLoop: boolean) {
    this.parent = parent;
    this.owner = owner;
    this.isVarScope = isVarScope;
    this.isInLoop = isInLoop;
  }

  /** The variable that a name means here, if any scope of the file declares it. */
  lookup(name: string): VariableRecord | undefined {
    for (let scope: Scope | undefined = this; scope !== undefined; scope = scope.parent) {
      const found = scope.bindings.get(name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  nearestVarScope(): Scope {
    let scope: Scope = this;
    while (!scope.isVarScope && scope.parent !== undefined) scope = scope.parent;
    return scope;
  }

  use(name: string, from: FunctionRecord, isWrite: boolean): void {
    const known = this.#references.get(name);
    if (known === undefined) {
      this.#references.set(name, { isWritten: isWrite, from: new Set([from]) });
      return;
    }
    if (isWrite) known.isWritten = true;
    known.from.add(from);
  }

  /**
   * Binds what this scope declares and hands the rest to its parent. Call it on children before their parents.
   * @param unresolved told each name that no scope declares, and who uses it.
   */
  bind(implicit: (name: string) => VariableRecord | undefined, unresolved: (name: string) => void): void {
    for (const [name, references] of this.#references) {
      const variable = this.bindings.get(name) ?? implicit(name);
      if (variable !== undefined) bindTo(variable, references);
      else if (this.parent === undefined) {
        unresolved(name);
        for (const user of references.from) user.outline.addFreeName(name);
      } else {
        for (const user of references.from) this.parent.use(name, user, references.isWritten);
      }
    }
    this.#references.clear();
  }
}

function bindTo(variable: VariableRecord, references: References): void {
  if (references.isWritten) variable.isConstant = false;
  for (const user of references.from) {
    if (user === variable.owner) continue;
    variable.isCaptured = true;
    user.outline.addCapture(variable);
    user.outline.addFreeName(variable.name);
  }
}
