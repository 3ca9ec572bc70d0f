import type { Api, ApiType, Catalog } from './contracts/api.js';
import type { Contract, Until } from './contracts/contract.js';
import type { Certainty } from './findings.js';
import type { ClassIr, FunctionIr, ModuleIr, Origin, Variable } from './ir/index.js';

/** What a name that crosses a file stands for. */
export type Binding =
  | { readonly kind: 'api'; readonly api: Api }
  | { readonly kind: 'function'; readonly function: FunctionIr }
  | { readonly kind: 'class'; readonly class: ClassIr }
  /** A module variable of another file of the program. */
  | { readonly kind: 'variable'; readonly variable: Variable; readonly module: ModuleIr }
  /** The namespace object of another file of the program. */
  | { readonly kind: 'module'; readonly module: ModuleIr };

/** What the static type of an expression says. */
export type StaticType =
  /** A catalogued type: a byte view, a FileHandle, a stream … */
  | { readonly kind: 'instance'; readonly type: ApiType }
  | { readonly kind: 'promise'; readonly of: StaticType }
  /** An instance of a class whose body is in the program. */
  | { readonly kind: 'class'; readonly class: ClassIr }
  | { readonly kind: 'array'; readonly of: StaticType }
  /** The runtime's types: `Borrowed<T>`, `Owned<T>`, `Lending<T>`. */
  | { readonly kind: 'branded'; readonly brand: 'Borrowed' | 'Owned' | 'Lending'; readonly of: StaticType }
  /** Number, string, boolean, bigint, symbol, null, undefined or a union of them; strings, booleans and symbols by themselves are told apart. */
  | { readonly kind: 'primitive'; readonly excludesNumbers?: true }
  | { readonly kind: 'function' }
  /** An object that holds no catalogued type at its surface. */
  | { readonly kind: 'other' }
  /** `any`, `unknown`, an unresolved type, or a union that mixes the above; of a union it may be known that none of its members is bytes. */
  | { readonly kind: 'unknown'; readonly excludesBytes?: true };

/**
 * How many members a type says there can be: of those that somebody wrote down (a tuple, `Map<'a' | 'b', T>`), any number (`string[]`, an index
 * signature), or nothing of the kind (`any`, `Iterable<string>`, an object with members of its own).
 */
export type Extent = 'written out' | 'open' | 'unknown';

/** Something in a value that the structured clone algorithm refuses, or strips. */
export interface Unsendable {
  /** Where in the value: `onDone`, `jobs[].run`; empty for the value itself. */
  readonly path: string;
  readonly what: 'function' | 'symbol' | 'uncloneable' | 'instance';
  /** The type's name: `Promise`, `Parser`. */
  readonly name: string;
  readonly certainty: Certainty;
}

/**
 * The few questions that the flow analysis asks about types, each about one expression, each memoised. The flow calls them only
 * where it does not already know the answer from the program's own data flow, because each first touch costs the checker 70–250 µs.
 */
export interface World {
  readonly catalog: Catalog;
  /** The static type of an expression, or of a declaration's name. */
  typeOf(expression: Origin): StaticType;
  /** How many members an object, or elements a collection, can have, by its type. */
  extentOf(expression: Origin): Extent;
  /** By types, control does not come to a statement or expression: every case was dealt with. Asked of what is about to be reported. */
  isNeverReached(code: Origin): boolean;
  /** The texts, booleans and nothings that an expression can be, by its type; undefined where it can be something else. */
  literalsOf(expression: Origin): readonly (string | boolean | null | undefined)[] | undefined;
  /** The position of the argument without which a call does not return: `assert(value)`; undefined for calls that ask for nothing. */
  assertedBy(call: Origin): number | undefined;
  /** What in an expression's value, or in a property of it, cannot be cloned for another thread; undefined where its type shows nothing of the kind. */
  unsendable(expression: Origin, property?: string): Unsendable | undefined;
  /** The contract of what a call or `new` expression calls, by its declaration; or the body, when that is in the program. */
  calleeOf(call: Origin): { readonly contract: Contract } | { readonly function: FunctionIr } | { readonly class: ClassIr } | undefined;
  /** What is called is a function or method that the project declares without a body: its signature is all there is to go by. */
  isOpen(call: Origin): boolean;
  /** What an import, a re-export or `require(specifier)` binds. `imported`: a name, `default` or `*`. `from`: the importing file. */
  resolveImport(specifier: string, imported: string, from: string): Binding | undefined;
  /** What a global identifier stands for: undefined when a declaration of the project shadows the platform's. */
  resolveGlobal(name: string, at: Origin): Api | undefined;
  /** What the user declared for a function: settings, JSDoc tags, or the runtime's types in its signature. */
  declaredContract(fn: FunctionIr): Contract | undefined;
  /** The function is typed or tagged to lend what it yields or returns: its consumers carry the duty. */
  isLending(fn: FunctionIr): boolean;
  /** What is called declares this parameter `Borrowed<…>`: it is done with the argument when it returns. */
  isBorrowed(call: Origin, index: number): boolean;
  /** How long a function has what it declares to borrow: by `Borrowed<…>`, or by a tag. Undefined for a parameter that it was given for good. */
  lentUntil(fn: FunctionIr, index: number): Until | undefined;
  /** A tag may say what a function that the file calls does, where that has no body. */
  mayCallTagged(file: string): boolean;
  /** A file declares that something is lent to its functions, or uses a package that lends them something. */
  isLentTo(file: string): boolean;
}
