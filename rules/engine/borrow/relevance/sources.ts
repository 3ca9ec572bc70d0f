import type { Api } from '../../contracts/api.js';
import type { Contract } from '../../contracts/contract.js';
import type { NameEffects } from '../../contracts/name-effects.js';
import type { FunctionIr, Variable } from '../../ir/index.js';

/** Where memory that a variable may hold comes from. */
export type Source = MemorySource | ParameterSource | Place | ClosureSource | ApiSource;

/** Memory made in the function itself: an allocation, or a call that gives some. */
export interface MemorySource {
  readonly kind: 'memory';
  /** Where it is made: the instruction's position in its function. */
  readonly at: Position;
  /** The owner reuses it by itself. */
  readonly isLent: boolean;
}

/** What a function is given. */
export interface ParameterSource {
  readonly kind: 'parameter';
  readonly index: number;
}

/** A function as a value: it tells who is called. */
export interface ClosureSource {
  readonly kind: 'closure';
  readonly function: FunctionIr;
}

/** An object of the catalog, or a function or namespace of it: what it gives may be memory. */
export interface ApiSource {
  readonly kind: 'api';
}

export const api: ApiSource = { kind: 'api' };

/** A source that stands for memory. */
export type Memory = Exclude<Source, ClosureSource | ApiSource>;

/** A place that outlives the activation of a function: a member's name, or a variable that several functions share. */
export class Place {
  readonly kind = 'place';
  readonly name: string;
  /** Something with memory inside is stored there. */
  holdsMemory = false;
  /** Memory itself is stored there. */
  isMemory = false;
  holdsApi = false;
  /** Functions that overwrite what it holds, or that let go of it. */
  readonly writers = new Set<FunctionIr>();
  /** Functions that hand out what it holds. */
  readonly lenders = new Set<FunctionIr>();
  /** Functions that come by what it holds through a call, and do not name it. */
  readonly readers = new Set<FunctionIr>();

  constructor(name: string) {
    this.name = name;
  }

  /**
   * Something is stored there.
   *
   * @param isDirect - it is memory itself, not something with memory inside
   * @returns whether that was not known
   */
  hold(source: Source, isDirect: boolean): boolean {
    if (source.kind === 'api') {
      if (this.holdsApi) return false;
      this.holdsApi = true;
      return true;
    }
    if (isDirect ? this.isMemory : this.holdsMemory) return false;
    if (isDirect) this.isMemory = true;
    else this.holdsMemory = true;
    return true;
  }
}

/** An instruction of a function: block times `stride`, plus its index in the block. */
export type Position = number;
export const stride = 0x10000;

/** What a function does with one of its parameters. */
export class ParameterSummary {
  isWritten = false;
  isLent = false;
  /** Handed out, and overwritten afterwards, by the function itself. */
  isBroken = false;
  /** It is returned: itself (true), or inside something (false). */
  isReturned: boolean | undefined;
  readonly places = new Set<Place>();

  /** Grows whenever something of it does. */
  get size(): number {
    return Number(this.isWritten) + Number(this.isLent) + Number(this.isBroken) + (this.isReturned === undefined ? 0 : 1 + Number(this.isReturned)) + this.places.size;
  }
}

/** What a call of a function does, as far as memory goes. Grows until nothing changes. */
export class Summary {
  readonly parameters: ParameterSummary[] = [];
  /** Where memory is passed in: itself (true), or inside something (false). */
  readonly fed = new Map<number, boolean>();
  /** What is passed in is only lent until the function returns, or waits. */
  isLentTo = false;
  givesMemory = false;
  lendsMemory = false;
  /** What it gives is inside something. */
  isInside = false;
  givesApi = false;
  readonly places = new Map<Place, boolean>();
  readonly closures = new Set<FunctionIr>();

  /** Memory, or a function that may hand some out, comes out of a call. */
  get isGiving(): boolean {
    return this.givesMemory || this.lendsMemory || this.places.size > 0 || this.closures.size > 0;
  }

  parameter(index: number): ParameterSummary {
    return (this.parameters[index] ??= new ParameterSummary());
  }

  /** Grows whenever something of what a call gives does. */
  get resultSize(): number {
    const direct = [...this.places.values()].filter(Boolean).length;
    return direct + Number(this.givesMemory) + Number(this.lendsMemory) + Number(this.isInside) + Number(this.givesApi) + this.places.size + this.closures.size;
  }
}

/** Objects made by a literal: what is stored under their members' names is not found in instances of classes. */
export const literal: unique symbol = Symbol('literal');

/** Whose member a name is meant to be: a class's by the class's name, a literal's, or anyone's. */
export type Holder = string | typeof literal | undefined;

/** The places behind members' names. */
export interface Members {
  /** Something is known to be stored under the name. */
  has(name: string): boolean;
  /** Several kinds of objects have memory under the name: whose member it is decides what is read. */
  isShared(name: string): boolean;
  /** Where what is read may have been stored. */
  read(name: string, holder: Holder): readonly Place[];
}

/** What a value's type leaves open. */
export type MemoryShape = 'memory' | 'holder' | 'none';

/** Whose methods are called on a value: of a class of the program, of an object of the catalog, or of anything. */
export type Receiver =
  | { readonly kind: 'anything' }
  | { readonly kind: 'class'; readonly name: string }
  /** A string's or a number's methods have no effects. */
  | { readonly kind: 'api'; effectsOf(method: string): NameEffects | undefined };

/** What static types say of variables. */
export interface Types {
  /** Whether a variable can be memory, can hold some inside, or neither. */
  shapeOf(variable: Variable): MemoryShape;
  /** Whether it can have memory for an element (1), or for an element of one (2). */
  mayHold(variable: Variable, depth: 1 | 2): boolean;
  /** Whether its type is one of byte views. */
  isBytes(variable: Variable): boolean;
  /** Whether it can be an object of the catalog, or a promise of one. */
  mayBeCatalogued(variable: Variable): boolean;
  /** Whether it can be a number, or another primitive. */
  mayBeNumber(variable: Variable): boolean;
  /** The name of the class that its value is an instance of. */
  classOf(variable: Variable): string | undefined;
  receiver(variable: Variable): Receiver;
  /** What a global's name stands for, where no file of the project says otherwise. */
  global(name: string): Api | undefined;
  /** What an API with this contract does. */
  effectsOf(contract: Contract | undefined): NameEffects | undefined;
}

/** The part of the program that one function's flow asks and tells. */
export interface Surroundings {
  /** What the catalog's APIs of a name do. */
  effectsOf(name: string): NameEffects | undefined;
  /** The same, for a call on a value of which nothing is known. */
  effectsOnAnything(name: string): NameEffects | undefined;
  /** The same, for a function or class that a file of the program exports: it may hand on one of the catalog's. */
  effectsAsExport(name: string): NameEffects | undefined;
  /** The program's functions that a call by this name may reach; with `everywhere`, in files that nothing led to so far, too. */
  targets(name: string, everywhere: boolean): readonly FunctionIr[];
  /** The constructors that making an instance of a class may run, or with `isBase` those that its own runs: written ones, of the class or its bases. */
  constructors(name: string, everywhere: boolean, isBase: boolean): readonly FunctionIr[];
  readonly members: Members;
  variablePlace(variable: Variable): Place | undefined;
  /** Memory, or an object of the catalog, is stored there. */
  storeInMember(name: string, holder: Holder, source: Source, isDirect: boolean): Place;
  storeInVariable(variable: Variable, source: Source, isDirect: boolean): Place;
  /** A name that a module of the catalog is imported by. */
  isApiModule(specifier: string): boolean;
  /** What a name gives where nothing says whose name it is. */
  isMemoryName(name: string): boolean;
  readonly types: Types;
  /** The function that a variable belongs to, and all others that name it. */
  capturersOf(variable: Variable): readonly FunctionIr[];
  /** One of two classes, by their names, is the other or an heir of it. */
  areRelated(one: string, other: string): boolean;
  /** The function is declared to lend what it yields. */
  isLending(fn: FunctionIr): boolean;
  /** What is known so far of what a function gives; the caller is looked at again when it gives more. */
  summaryOf(fn: FunctionIr, caller: FunctionIr): Summary;
  /** Whether memory comes out of a function, as far as is known; the caller is looked at again when it does. */
  gives(fn: FunctionIr, caller: FunctionIr): boolean;
  /** What is known so far of what a function does with one parameter; the caller is looked at again when it does more. */
  parameterOf(fn: FunctionIr, index: number, caller: FunctionIr): ParameterSummary;
  /** Memory that the function comes by may be overwritten somewhere. */
  isWorthIt(fn: FunctionIr): boolean;
  /** A call passes memory in. */
  feed(fn: FunctionIr, index: number, isDirect: boolean): void;
  /** An API lends the function what it calls it with. */
  lendTo(fn: FunctionIr): void;
}
