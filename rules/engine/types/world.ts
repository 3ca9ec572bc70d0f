import type ts from 'typescript';
import type { Catalog } from '../contracts/api.js';
import type { Contract, Until } from '../contracts/contract.js';
import type { FunctionIr, ModuleIr, Origin } from '../ir/index.js';
import type { Extent, StaticType, Unsendable, World } from '../world.js';
import { annotationsOf, type Annotations } from './annotations.js';
import { Assertions } from './assertions.js';
import { Bodies } from './bodies.js';
import { Borrowers } from './borrowers.js';
import { Callees } from './callees.js';
import { Declarations } from './declarations.js';
import { Extents } from './extents.js';
import { Globals } from './globals.js';
import { assertSameTypeScript } from './handshake.js';
import { Imports } from './imports.js';
import { Lenders } from './lenders.js';
import { Literals } from './literals.js';
import { Sendability } from './sendable.js';
import { StaticTypes } from './static-types.js';
import { Unreached } from './unreached.js';

/** What the flow asks, answered by the checker of a program; and what the adapters ask about the answers. */
export interface ProgramWorld extends World {
  /** Known globals that a file uses and that the program has no types for (`types: []`): they were taken for the platform's. */
  unresolvedGlobals(file: string): string[];
  /** Contract tags of a function that could not be read, in sentences. */
  annotationProblems(fn: FunctionIr): readonly string[];
}

export interface WorldOptions {
  /** The TypeScript instance that built the program. */
  readonly ts: typeof ts;
  readonly program: ts.Program;
  readonly catalog: Catalog;
  /** Lowers a file of the program; asked once per file. */
  readonly lowerModule: (file: ts.SourceFile) => ModuleIr;
  /** Contracts that the user declared for functions of the project: by file and name. */
  readonly projectContracts?: { of(file: string, name: string): Contract | undefined };
}

/**
 * The engine's window on a program. Every answer is found once per node.
 *
 * @param options - the TypeScript instance, the program, the catalog, and how to lower a file
 * @returns the world
 * @throws {TypeScriptMismatchError} when the instance did not build the program
 */
export function createWorld(options: WorldOptions): ProgramWorld {
  assertSameTypeScript(options.ts, options.program);
  return new CheckedWorld(options);
}

class CheckedWorld implements ProgramWorld {
  readonly catalog: Catalog;
  readonly #ts: typeof ts;
  readonly #checker: ts.TypeChecker;
  readonly #contracts: WorldOptions['projectContracts'];
  readonly #types: StaticTypes;
  readonly #callees: Callees;
  readonly #imports: Imports;
  readonly #globals: Globals;
  readonly #sendability: Sendability;
  readonly #extents: Extents;
  readonly #unreached: Unreached;
  readonly #literals: Literals;
  readonly #assertions: Assertions;
  readonly #borrowers: Borrowers;
  readonly #lenders: Lenders;
  readonly #typeOfNode = new WeakMap<object, StaticType>();
  readonly #annotations = new WeakMap<FunctionIr, Annotations>();
  readonly #lending = new WeakMap<FunctionIr, boolean>();

  constructor(options: WorldOptions) {
    const { program, catalog, lowerModule } = options;
    const checker = program.getTypeChecker();
    const declarations = new Declarations(options.ts, program, catalog);
    const bodies = new Bodies({ ts: options.ts, checker, declarations, lowerModule });
    const shared = { ts: options.ts, program, checker, catalog, declarations, bodies };
    this.catalog = catalog;
    this.#ts = options.ts;
    this.#checker = checker;
    this.#contracts = options.projectContracts;
    this.#types = new StaticTypes({ ...shared, classOf: (node) => bodies.classAt(node) });
    this.#callees = new Callees({ ...shared, typeOf: (node) => this.#typeAt(node) });
    this.#imports = new Imports(shared);
    this.#globals = new Globals(shared);
    this.#sendability = new Sendability(shared);
    this.#extents = new Extents(shared);
    this.#unreached = new Unreached(shared);
    this.#literals = new Literals(shared);
    this.#assertions = new Assertions(shared);
    this.#borrowers = new Borrowers({ ...shared, describe: (type) => this.#types.describe(type) });
    this.#lenders = new Lenders(shared);
  }

  typeOf(expression: Origin): StaticType {
    return this.#typeAt(expression.syntax as ts.Node);
  }

  extentOf(expression: Origin): Extent {
    return this.#extents.of(expression.syntax as ts.Node);
  }

  isNeverReached(code: Origin): boolean {
    return this.#unreached.isNeverReached(code.syntax as ts.Node);
  }

  literalsOf(expression: Origin): ReturnType<World['literalsOf']> {
    return this.#literals.of(expression.syntax as ts.Node);
  }

  assertedBy(call: Origin): number | undefined {
    return this.#assertions.of(call.syntax as ts.Node);
  }

  unsendable(expression: Origin, property?: string): Unsendable | undefined {
    return this.#sendability.of(expression.syntax as ts.Node, property);
  }

  calleeOf(call: Origin): ReturnType<World['calleeOf']> {
    return this.#callees.of(call.syntax as ts.Node);
  }

  isOpen(call: Origin): boolean {
    return this.#callees.isOpen(call.syntax as ts.Node);
  }

  resolveImport(specifier: string, imported: string, from: string): ReturnType<World['resolveImport']> {
    return this.#imports.resolve(specifier, imported, from);
  }

  resolveGlobal(name: string, at: Origin): ReturnType<World['resolveGlobal']> {
    return this.#globals.resolve(name, at.file, at.syntax as ts.Node);
  }

  declaredContract(fn: FunctionIr): Contract | undefined {
    return this.#contracts?.of(fn.module.file, fn.name) ?? this.#annotationsOf(fn).contract;
  }

  isLending(fn: FunctionIr): boolean {
    const known = this.#lending.get(fn);
    if (known !== undefined) return known;
    const answer = this.#annotationsOf(fn).isLending || this.#isReturnTypeLending(fn);
    this.#lending.set(fn, answer);
    return answer;
  }

  isBorrowed(call: Origin, index: number): boolean {
    return this.#borrowers.isBorrowed(call.syntax as ts.Node, index);
  }

  lentUntil(fn: FunctionIr, index: number): Until | undefined {
    const parameter = fn.parameters[index];
    if (parameter === undefined || !this.#lenders.declares(fn.module.file)) return undefined;
    const tagged = this.#annotationsOf(fn).contract?.parameters?.[index]?.keeps;
    if (tagged !== undefined) return tagged === 'forever' ? undefined : tagged;
    const type = this.typeOf(parameter.origin);
    return type.kind === 'branded' && type.brand === 'Borrowed' ? 'return' : undefined;
  }

  isLentTo(file: string): boolean {
    return this.#lenders.isLentTo(file);
  }

  mayCallTagged(file: string): boolean {
    return this.#lenders.mayCallTagged(file);
  }

  unresolvedGlobals(file: string): string[] {
    return this.#globals.unresolvedIn(file);
  }

  annotationProblems(fn: FunctionIr): readonly string[] {
    return this.#annotationsOf(fn).problems;
  }

  #typeAt(node: ts.Node): StaticType {
    const known = this.#typeOfNode.get(node);
    if (known !== undefined) return known;
    // The `this` of a module is the module: the checker has no type for a whole file.
    const described = this.#ts.isSourceFile(node) ? { kind: 'unknown' as const } : this.#types.describe(this.#checker.getTypeAtLocation(node));
    this.#typeOfNode.set(node, described);
    return described;
  }

  #annotationsOf(fn: FunctionIr): Annotations {
    const known = this.#annotations.get(fn);
    if (known !== undefined) return known;
    const annotations = annotationsOf(this.#ts, fn.origin.syntax as ts.Node);
    this.#annotations.set(fn, annotations);
    return annotations;
  }

  /** Only a written annotation lends: what is inferred from the body is the engine's business. */
  #isReturnTypeLending(fn: FunctionIr): boolean {
    const node = fn.origin.syntax as ts.Node;
    const annotation = this.#ts.isFunctionLike(node) ? node.type : undefined;
    if (annotation === undefined) return false;
    const described = this.#typeAt(annotation);
    const type = described.kind === 'promise' ? described.of : described;
    return type.kind === 'branded' && (type.brand === 'Lending' || type.brand === 'Borrowed');
  }
}
