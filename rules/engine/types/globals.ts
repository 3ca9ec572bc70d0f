import type ts from 'typescript';
import type { Api, Catalog } from '../contracts/api.js';
import type { Declarations } from './declarations.js';

/** Globals that no type library declares: only the sources of runtimes know them. */
const UNDECLARED: ReadonlySet<string> = new Set(['primordials']);

/** Tells the platform's globals from a project's own, and notices where the platform's types are missing. */
export class Globals {
  readonly #ts: typeof ts;
  readonly #checker: ts.TypeChecker;
  readonly #catalog: Catalog;
  readonly #declarations: Declarations;
  readonly #known = new Map<string, { readonly api: Api | undefined; readonly isResolved: boolean }>();
  readonly #unresolved = new Map<string, Set<string>>();

  constructor(parts: { readonly ts: typeof ts; readonly checker: ts.TypeChecker; readonly catalog: Catalog; readonly declarations: Declarations }) {
    this.#ts = parts.ts;
    this.#checker = parts.checker;
    this.#catalog = parts.catalog;
    this.#declarations = parts.declarations;
  }

  /** The catalogued global that an identifier names, when no scope of its file declares that name. */
  resolve(name: string, file: string, syntax: ts.Node): Api | undefined {
    const api = this.#catalog.global(name);
    if (api === undefined) return undefined;
    let known = this.#known.get(name);
    if (known === undefined) {
      const symbol = this.#symbolOf(name, syntax);
      // `globalThis` itself has no declaration.
      const isShadowed = symbol !== undefined && (symbol.declarations ?? []).length > 0 && !this.#declarations.isForeign(symbol);
      known = { api: isShadowed ? undefined : api, isResolved: symbol !== undefined };
      this.#known.set(name, known);
    }
    if (!known.isResolved && !UNDECLARED.has(name)) {
      const names = this.#unresolved.get(file) ?? new Set();
      this.#unresolved.set(file, names.add(name));
    }
    return known.api;
  }

  /** The known globals that a file used so far and that the program has no types for. */
  unresolvedIn(file: string): string[] {
    return [...(this.#unresolved.get(file) ?? [])].sort();
  }

  #symbolOf(name: string, syntax: ts.Node): ts.Symbol | undefined {
    const identifier = this.#ts.isIdentifier(syntax) && syntax.text === name ? syntax : undefined;
    // A shorthand property is a symbol of its own.
    const parent = identifier?.parent;
    if (parent && this.#ts.isShorthandPropertyAssignment(parent)) return this.#checker.getShorthandAssignmentValueSymbol(parent);
    if (identifier !== undefined) return this.#checker.getSymbolAtLocation(identifier);
    return this.#checker.getSymbolsInScope(syntax.getSourceFile(), this.#ts.SymbolFlags.Value).find((symbol) => symbol.name === name);
  }
}
