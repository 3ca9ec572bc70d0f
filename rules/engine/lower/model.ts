import type ts from 'typescript';
import type { Body, ClassIr, ClassMember, FunctionIr, ModuleIr, Origin, Outline, Variable } from '../ir/index.js';
import { NodeOrigin } from './origin.js';
import type { Scope } from './scope.js';

/** The mutable side of the IR's headers: filled in by the scope walk, read-only for everyone else. */
export class VariableRecord implements Variable {
  readonly id: number;
  readonly name: string;
  readonly storage: Variable['storage'];
  readonly owner: FunctionRecord;
  readonly origin: Origin;
  isCaptured = false;
  isConstant = true;

  constructor(id: number, name: string, storage: Variable['storage'], owner: FunctionRecord, origin: Origin) {
    this.id = id;
    this.name = name;
    this.storage = storage;
    this.owner = owner;
    this.origin = origin;
  }
}

const NONE: ReadonlySet<never> = new Set<never>();

/** Collects first; becomes a set when someone asks. Most functions' outlines are never looked at closely. */
class Collected<T> {
  readonly #items: T[] = [];
  #set: ReadonlySet<T> | undefined;

  add(item: T): void {
    this.#items.push(item);
  }

  get set(): ReadonlySet<T> {
    return (this.#set ??= new Set(this.#items));
  }
}

class OutlineRecord implements Outline {
  readonly nested: FunctionRecord[] = [];
  readonly classes: ClassRecord[] = [];
  hasYield = false;
  hasAwait = false;
  hasReturnValue = false;
  hasElementStore = false;
  hasCall = false;
  hasLoop = false;
  hasWalk = false;
  #members: Collected<string> | undefined;
  #thisMembers: Collected<string> | undefined;
  #stored: Collected<string> | undefined;
  #freeNames: Collected<string> | undefined;
  #captures: Collected<Variable> | undefined;
  #constructed: Collected<string> | undefined;

  get members(): ReadonlySet<string> {
    return this.#members?.set ?? NONE;
  }
  get thisMembers(): ReadonlySet<string> {
    return this.#thisMembers?.set ?? NONE;
  }
  get stored(): ReadonlySet<string> {
    return this.#stored?.set ?? NONE;
  }
  get freeNames(): ReadonlySet<string> {
    return this.#freeNames?.set ?? NONE;
  }
  get captures(): ReadonlySet<Variable> {
    return this.#captures?.set ?? NONE;
  }
  get constructed(): ReadonlySet<string> {
    return this.#constructed?.set ?? NONE;
  }

  addMember(name: string, isOfThis: boolean): void {
    (this.#members ??= new Collected()).add(name);
    if (isOfThis) (this.#thisMembers ??= new Collected()).add(name);
  }
  addStored(name: string): void {
    (this.#stored ??= new Collected()).add(name);
  }
  addFreeName(name: string): void {
    (this.#freeNames ??= new Collected()).add(name);
  }
  addCapture(variable: Variable): void {
    (this.#captures ??= new Collected()).add(variable);
  }
  addConstructed(name: string): void {
    (this.#constructed ??= new Collected()).add(name);
  }
}

/** What lowering a function gives: a body, a reason why there is none, or neither (nothing was written). */
export interface Lowered {
  readonly body: Body | undefined;
  readonly skipped: string | undefined;
}

/** What the walk knows of a function when it meets it. */
export interface FunctionHeader {
  readonly name: string;
  readonly kind: FunctionIr['kind'];
  readonly isAsync: boolean;
  readonly isGenerator: boolean;
  readonly node: ts.Node;
  readonly ownerClass: ClassRecord | undefined;
}

export class FunctionRecord implements FunctionIr {
  readonly id: number;
  readonly name: string;
  readonly kind: FunctionIr['kind'];
  readonly isAsync: boolean;
  readonly isGenerator: boolean;
  readonly parent: FunctionRecord | undefined;
  readonly ownerClass: ClassRecord | undefined;
  readonly origin: Origin;
  readonly module: ModuleRecord;
  readonly outline = new OutlineRecord();
  /** The function-like node; the class for `fields` and `static-block`; the file for the module. */
  readonly node: ts.Node;
  parameters: VariableRecord[] = [];
  hasRest = false;
  thisVariable: VariableRecord | undefined;
  /** The scope of the parameters and of the body's own declarations. */
  scope!: Scope;
  /** Set by the walk when the body cannot be lowered whatever it holds. */
  obstacle: string | undefined;
  #lowered: Lowered | undefined;

  constructor(id: number, header: FunctionHeader, parent: FunctionRecord | undefined, module: ModuleRecord) {
    this.id = id;
    this.name = header.name;
    this.kind = header.kind;
    this.isAsync = header.isAsync;
    this.isGenerator = header.isGenerator;
    this.ownerClass = header.ownerClass;
    this.node = header.node;
    this.parent = parent;
    this.module = module;
    this.origin = new NodeOrigin(header.node, module.sourceFile);
  }

  get body(): Body | undefined {
    return (this.#lowered ??= this.module.lowerBody(this)).body;
  }

  get skipped(): string | undefined {
    return (this.#lowered ??= this.module.lowerBody(this)).skipped;
  }
}

export class ClassRecord implements ClassIr {
  readonly id: number;
  readonly name: string;
  readonly origin: Origin;
  readonly module: ModuleRecord;
  readonly parent: FunctionRecord;
  readonly node: ts.ClassLikeDeclaration;
  readonly hasSuperClass: boolean;
  readonly members: ClassMember[] = [];
  /** The places that hold the values of computed member names, by name node. */
  readonly computedKeys = new Map<ts.ComputedPropertyName, VariableRecord>();
  constructorFunction: FunctionRecord | undefined;
  fields: FunctionRecord | undefined;
  statics: FunctionRecord | undefined;

  constructor(header: Pick<ClassIr, 'id' | 'name' | 'origin' | 'hasSuperClass'> & { module: ModuleRecord; parent: FunctionRecord; node: ts.ClassLikeDeclaration }) {
    this.id = header.id;
    this.name = header.name;
    this.origin = header.origin;
    this.hasSuperClass = header.hasSuperClass;
    this.module = header.module;
    this.parent = header.parent;
    this.node = header.node;
  }

  get superNames(): readonly string[] {
    if (!this.hasSuperClass) return [];
    const { text } = this.module.sourceFile;
    return this.node.heritageClauses?.flatMap((clause) => text.slice(clause.pos, clause.end).match(/[\w$]+/g) ?? []) ?? [];
  }
}

export class ModuleRecord implements ModuleIr {
  readonly sourceFile: ts.SourceFile;
  readonly functions: FunctionRecord[] = [];
  readonly classes: ClassRecord[] = [];
  readonly scopes = new Map<ts.Node, Scope>();
  readonly functionOf = new Map<ts.Node, FunctionRecord>();
  readonly classOf = new Map<ts.Node, ClassRecord>();
  readonly lowerBody: (fn: FunctionRecord) => Lowered;
  format: ModuleIr['format'] = 'script';
  top!: FunctionRecord;
  #variableCount = 0;

  constructor(sourceFile: ts.SourceFile, lowerBody: (fn: FunctionRecord) => Lowered) {
    this.sourceFile = sourceFile;
    this.lowerBody = lowerBody;
  }

  get file(): string {
    return this.sourceFile.fileName;
  }

  newVariable(name: string, storage: Variable['storage'], owner: FunctionRecord, origin: Origin): VariableRecord {
    return new VariableRecord(this.#variableCount++, name, storage, owner, origin);
  }
}
