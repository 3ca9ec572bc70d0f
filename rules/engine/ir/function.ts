import type { Block } from './block.js';
import type { Key } from './instruction.js';
import type { Origin } from './origin.js';
import type { Variable } from './variable.js';

/** A function-like piece of code: function, method, accessor, constructor, field initialiser, or a module's top level. */
export interface FunctionIr {
  /** Unique in the file, dense from 0; 0 is the module's top level. */
  readonly id: number;
  /** As a person would name it: `read`, `Framer#_transform`, `<anonymous>`, `<module>`. */
  readonly name: string;
  readonly kind: 'module' | 'function' | 'arrow' | 'method' | 'getter' | 'setter' | 'constructor' | 'fields' | 'static-block';
  readonly isAsync: boolean;
  readonly isGenerator: boolean;
  /** The file's module function is its own parent's end: undefined. */
  readonly parent: FunctionIr | undefined;
  /** For methods, accessors, constructors and field initialisers. */
  readonly ownerClass: ClassIr | undefined;
  /**
   * One variable per formal parameter, in order. A destructured or defaulted parameter is a temporary that the body's first
   * instructions take apart. A rest parameter is last and holds an array.
   */
  readonly parameters: readonly Variable[];
  readonly hasRest: boolean;
  /** Own `this` for everything but arrows (an arrow's body names the enclosing function's variable). */
  readonly thisVariable: Variable | undefined;
  readonly origin: Origin;
  /** The module this function belongs to. */
  readonly module: ModuleIr;
  /**
   * The lowered body: built on first use and kept. `undefined` when there is none (overload, ambient, abstract) or when it holds
   * something the lowering does not know; then `skipped` says what.
   */
  readonly body: Body | undefined;
  readonly skipped: string | undefined;
  /** What the body touches, from one cheap walk over the syntax; available without lowering. */
  readonly outline: Outline;
}

/** A function's control-flow graph. */
export interface Body {
  /** Indexed by block id; `blocks[0]` is the entry. */
  readonly blocks: readonly Block[];
}

/** Facts that one walk over the syntax of a function gives; nested functions have their own, and are listed. */
export interface Outline {
  /** Functions and class members written directly inside (not deeper). */
  readonly nested: readonly FunctionIr[];
  readonly classes: readonly ClassIr[];
  /** Names of members read, written or called in this function itself: `x.subarray(…)`, `x.buf = …`, `{ buf } = x`, `super.close()`. */
  readonly members: ReadonlySet<string>;
  /** Names of members of `this` among them, private ones with their `#`. */
  readonly thisMembers: ReadonlySet<string>;
  /** Names under which the function stores something: `x.buf = …`, `{ buf: … }`, a class's own `buf = …`. */
  readonly stored: ReadonlySet<string>;
  /** Identifiers named that are not declared inside this function (captures, module variables, imports and globals). */
  readonly freeNames: ReadonlySet<string>;
  /** Variables of enclosing functions or the module that this function itself reads or writes. */
  readonly captures: ReadonlySet<Variable>;
  /** Names constructed with `new X` or `new a.X`: the last name. */
  readonly constructed: ReadonlySet<string>;
  readonly hasYield: boolean;
  readonly hasAwait: boolean;
  readonly hasReturnValue: boolean;
  /** Stores through a computed member: `x[i] = …`, `x[i]++`. */
  readonly hasElementStore: boolean;
  readonly hasCall: boolean;
  /** `while`, `do` or `for (;;)`: a loop that goes on as long as a condition holds. */
  readonly hasLoop: boolean;
  /** `for … of`, `for … in`: a loop that goes through something. */
  readonly hasWalk: boolean;
}

export interface ClassIr {
  readonly id: number;
  readonly name: string;
  readonly origin: Origin;
  readonly module: ModuleIr;
  /** The function in which the class is written. */
  readonly parent: FunctionIr;
  readonly hasSuperClass: boolean;
  /** Identifiers in what the class extends: `Base`, `stream.Transform`, `mixin(Base)`. */
  readonly superNames: readonly string[];
  /** The written constructor, if any. Its body starts with the caller's duty: fields run after `super(…)`, or first. */
  readonly constructorFunction: FunctionIr | undefined;
  /** A synthetic function (kind `fields`) that initialises the instance's fields, parameter properties included, on `this`. */
  readonly fields: FunctionIr | undefined;
  /** A synthetic function (kind `static-block`) that runs static fields and static blocks in order, `this` being the class. */
  readonly statics: FunctionIr | undefined;
  readonly members: readonly ClassMember[];
}

export interface ClassMember {
  readonly key: Key;
  readonly function: FunctionIr;
  readonly isStatic: boolean;
  /** `private` for `#x` and TypeScript's `private`; a JSDoc `@private` counts. */
  readonly access: 'public' | 'protected' | 'private';
}

/** A file. */
export interface ModuleIr {
  readonly file: string;
  /** The top level, as a function without parameters. */
  readonly top: FunctionIr;
  readonly functions: readonly FunctionIr[];
  readonly classes: readonly ClassIr[];
  /** `commonjs` when the file has no import or export and names `require`, `module` or `exports`. */
  readonly format: 'esm' | 'commonjs' | 'script';
}
