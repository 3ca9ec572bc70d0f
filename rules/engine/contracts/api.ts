import type { ImplementedData } from './catalog-format.js';
import type { Contract, Source, ViewType } from './contract.js';

/** A catalogued thing that code can name, linked: what the flow carries for an imported function, class or namespace. */
export interface Api {
  /** `node:fs#readSync`, `global#Buffer.alloc`; unique. */
  readonly path: string;
  readonly call: Contract | undefined;
  readonly construct: Contract | undefined;
  /** What `new` gives, and what `extends` inherits. */
  readonly instance: ApiType | undefined;
  readonly value: Source | undefined;
  member(name: string): Api | undefined;
}

/** The type of a catalogued object, linked; methods and properties are looked up through `extends`. */
export interface ApiType {
  /** `node:fs/promises#FileHandle`, `global#Uint8Array`; unique. */
  readonly path: string;
  readonly view: ViewType | undefined;
  readonly base: ApiType | undefined;
  method(name: string): Contract | undefined;
  property(name: string): Source | undefined;
  /** What the API passes to this method when a subclass or an options object implements it. */
  implemented(name: string): ImplementedData | undefined;
}

/** What the functions and classes of a module have to do with queues, by name. */
export interface ModuleQueues {
  /** It makes queues that have no limit: where none is given, or only where the code says so in words. */
  readonly opens: 'by default' | 'in words' | undefined;
  /** Functions and classes that make such queues. */
  readonly openingNames: ReadonlySet<string>;
  /** Methods of its types that make such queues. */
  readonly openingMethods: ReadonlySet<string>;
  /** Methods that hand something to a sink with a signal. */
  readonly sinks: ReadonlySet<string>;
}

/** The linked catalog. Pure look-up by name: what a name refers to is the caller's business (import binding, type, scope). */
export interface Catalog {
  /** The namespace object of a module, by specifier (`fs` and `node:fs` alike). */
  module(specifier: string): Api | undefined;
  global(name: string): Api | undefined;
  /** By path: `global#Buffer`. */
  type(path: string): ApiType | undefined;
  viewType(view: ViewType): ApiType;
  /** Every name of a method, property or function of the catalog: what is not in here is not worth a type question. */
  readonly names: ReadonlySet<string>;
  /**
   * Names of what moves memory away, grows it or hands it back, but for those that everyday code uses for other things; with the
   * number of arguments from which on it does.
   */
  readonly movers: ReadonlyMap<string, number>;
  /** Who lends something to functions of ours until they return or wait: packages, and platform names by which a file shows that it is lent something. */
  readonly lenders: { readonly modules: ReadonlySet<string>; readonly names: ReadonlySet<string> };
  /** Names of what takes something that has to be handed back, and of what hands it back. */
  readonly keepers: ReadonlySet<string>;
  /** Names of what copies a value by the structured clone algorithm. */
  readonly cloners: ReadonlySet<string>;
  /** Names of the platform's methods that hand something to a sink with a signal. */
  readonly sinkNames: ReadonlySet<string>;
  /** What a module or package has to do with queues, by specifier: undefined where that is nothing. */
  queuesOf(specifier: string): ModuleQueues | undefined;
  /** Names of the functions that throw on input they cannot read. */
  readonly throwingNames: ReadonlySet<string>;
  /** Names of the functions whose streams can fail by themselves. */
  readonly failingNames: ReadonlySet<string>;
}
