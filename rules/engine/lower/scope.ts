import type { FunctionRecord, VariableRecord } from './model.js';

/** The uses of one name that a scope has not bound itself. */
class References {
  isWritten: boolean;
  readonly #first: FunctionRecord;
  /** Most names are used by one function only. */
  #others: Set<FunctionRecord> | undefined;

  constructor(first: FunctionRecord, isWritten: boolean) {
    this.#first = first;
    this.isWritten = isWritten;
  }

  add(user: FunctionRecord, isWrite: boolean): void {
    if (isWrite) this.isWritten = true;
    if (user !== this.#first) (this.#others ??= new Set()).add(user);
  }

  forEachUser(tell: (user: FunctionRecord) => void): void {
    tell(this.#first);
    this.#others?.forEach(tell);
  }
}

/** Who knows of names that no declaration binds. */
export interface Binder {
  /** A variable that the scope has without declaring it. */
  implicit(scope: Scope, name: string): VariableRecord | undefined;
  /** Told each name that no scope declares. */
  unresolved(name: string): void;
}

const NO_BINDINGS: ReadonlyMap<string, VariableRecord> = new Map();

/** A lexical scope. Uses are collected during the walk and bound at its end, because declarations may follow their uses. */
export class Scope {
  readonly parent: Scope | undefined;
  readonly owner: FunctionRecord;
  /** `var` and sloppy function declarations land in the nearest such scope: functions, static blocks, namespaces, the module. */
  readonly isVarScope: boolean;
  /** Entered once for each turn of a loop of its function. */
  readonly isInLoop: boolean;
  #bindings: Map<string, VariableRecord> | undefined;
  #references: Map<string, References> | undefined;

  constructor(parent: Scope | undefined, owner: FunctionRecord, isVarScope: boolean, isInLoop: boolean) {
    this.parent = parent;
    this.owner = owner;
    this.isVarScope = isVarScope;
    this.isInLoop = isInLoop;
  }

  get bindings(): ReadonlyMap<string, VariableRecord> {
    return this.#bindings ?? NO_BINDINGS;
  }

  add(name: string, variable: VariableRecord): void {
    (this.#bindings ??= new Map()).set(name, variable);
  }

  /** The variable that a name means here, if any scope of the file declares it. */
  lookup(name: string): VariableRecord | undefined {
    for (let scope: Scope | undefined = this; scope !== undefined; scope = scope.parent) {
      const found = scope.#bindings?.get(name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  nearestVarScope(): Scope {
    let scope: Scope = this;
    while (!scope.isVarScope && scope.parent !== undefined) scope = scope.parent;
    return scope;
  }

  use(name: string, user: FunctionRecord, isWrite: boolean): void {
    const references = (this.#references ??= new Map<string, References>());
    const known = references.get(name);
    if (known === undefined) references.set(name, new References(user, isWrite));
    else known.add(user, isWrite);
  }

  /** Binds what this scope declares and hands the rest to its parent. Call it on children before their parents. */
  bind(binder: Binder): void {
    const references = this.#references;
    if (references === undefined) return;
    this.#references = undefined;
    for (const [name, uses] of references) {
      const variable = this.#bindings?.get(name) ?? binder.implicit(this, name);
      if (variable !== undefined) bindTo(variable, uses);
      else if (this.parent === undefined) {
        binder.unresolved(name);
        uses.forEachUser((user) => {
          user.outline.addFreeName(name);
        });
      } else this.parent.#inherit(name, uses);
    }
  }

  #inherit(name: string, inner: References): void {
    const references = (this.#references ??= new Map<string, References>());
    const known = references.get(name);
    if (known === undefined) references.set(name, inner);
    else {
      inner.forEachUser((user) => {
        known.add(user, inner.isWritten);
      });
    }
  }
}

function bindTo(variable: VariableRecord, references: References): void {
  if (references.isWritten) variable.isConstant = false;
  references.forEachUser((user) => {
    if (user === variable.owner) return;
    variable.isCaptured = true;
    user.outline.addCapture(variable);
    user.outline.addFreeName(variable.name);
  });
}
