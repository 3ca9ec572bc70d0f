import type { Contract, Source, ViewType } from './contract.js';

/** A contract as data files write it: certain and from the catalog unless said otherwise. */
export type ContractData = Omit<Contract, 'origin' | 'isCertain'>;

/** Something an API exposes by name: a function, a class, a namespace, a value. */
export interface ApiData {
  readonly call?: ContractData;
  /** `new X(…)`; absent where a `type` says it all (a fresh instance). */
  readonly construct?: ContractData;
  /** Instances of this class: a key of `types` in the same file, or `module#Type`. */
  readonly type?: string;
  /** Members of the function, class or namespace object itself (statics). */
  readonly members?: { readonly [name: string]: ApiData };
  /** A plain value, such as `process.stdout`. */
  readonly value?: Source;
}

export interface ImplementedData {
  readonly arguments: readonly Source[];
  /** The API calls nothing else of the object afterwards: `_flush`, `_final`, `close`. */
  readonly isLast?: boolean | undefined;
}

export interface TypeData {
  /** The type is a byte view of this kind. */
  readonly view?: ViewType;
  /** Members are also looked up there: `module#Type`, or a key of `types` in the same file. */
  readonly extends?: string;
  readonly methods?: { readonly [name: string]: ContractData };
  /** What reading a property gives. `this` is the instance. */
  readonly properties?: { readonly [name: string]: Source };
  /**
   * Methods that a subclass or an options object implements and the API calls (`_transform`, `start`, `pull`): what they are
   * given, and that they are called many times.
   */
  readonly implemented?: { readonly [name: string]: ImplementedData };
}

/** One file of the catalog: a module or package, or `global`. */
export interface ModuleData {
  /** `node:fs`, `lmdb`, or `global`. */
  readonly module: string;
  /** Other specifiers of the same thing: `fs`. */
  readonly aliases?: readonly string[];
  /** Of a part of the platform: nothing of it comes to a program whose own files name none of these. */
  readonly namedBy?: readonly string[];
  /** The value of `require(module)` or `import x from`, when it is callable itself, or has members that are not exports. */
  readonly default?: ApiData;
  readonly exports: { readonly [name: string]: ApiData };
  readonly types?: { readonly [name: string]: TypeData };
}
