import type { Copyable } from '../engine/types/copyable.js';

/** A stretch of a file's text. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** What a fix needs to know of an expression's syntax. */
export interface Expression extends Range {
  /** `x.name` or a call can follow as it stands: `a`, `a.b`, `f()`, `(…)`, `new X()`; not `await x`, `a ?? b`, `x as T`, `new X`. */
  readonly isMemberOperand: boolean;
  /** It can be an argument as it stands: anything but a comma expression and a spread. */
  readonly isArgument: boolean;
  /** Evaluating it again gives the same value and does nothing else: a name, `this`, `this.#field.other`. */
  readonly isRepeatable: boolean;
  /** It has a `?.`: its value may be undefined. */
  readonly isOptional: boolean;
  /** `object.method(…)`, also with a `?.` before the method, but not before the arguments. */
  readonly call: { readonly method: string; readonly methodName: Range } | undefined;
  /** `new Name(…)`. */
  readonly construct: { readonly name: string; readonly arguments: readonly Expression[] } | undefined;
  /** Where the value comes from one of several expressions: the arms of `?:`, both sides of `??` and `||`, the right side of `&&`. */
  readonly branches: readonly Expression[] | undefined;
  /** What is called, where it is a call. */
  readonly calleeRange: Range | undefined;
  /** The arguments of a call, without spreads after the first of these. */
  readonly argumentExpressions: readonly Expression[];
  /** It is a statement of its own. */
  readonly isStatement: boolean;
  /** Whether its static type is a string, or an object such as a URL; a number is neither. */
  textKind(): 'string' | 'object' | 'unknown';
  /** `null`, `undefined` or `void 0`. */
  readonly isNullish: boolean;
  /** It stands where any operator may: operand of `yield` or `return`, argument, initialiser, element, value of a property. */
  readonly isStandalone: boolean;
  /** The statement that it makes up, alone or behind `void`, where another statement can stand in its place. */
  readonly statement: Range | undefined;
  /** It is a promise, and stands in the body of an async function. */
  canAwait(): boolean;
  /** What its static type says about a copy. */
  copyable(): Copyable;
  /** The property's name, where the expression is the value of a shorthand property: `{ body }`. */
  readonly shorthand: string | undefined;
}

/** A generator function. */
export interface Generator {
  readonly isAsync: boolean;
  /** `async` with the space behind it; empty where it is not async. */
  readonly asyncKeyword: Range;
  /** `*` */
  readonly star: Range;
  /** With its braces. */
  readonly body: Range;
  /** Without the colon. */
  readonly returnType: Range | undefined;
  /** It is `[Symbol.asyncIterator]`: what it gives must be an iterator. */
  readonly isIterator: boolean;
  /** It returns a value besides what it yields. */
  readonly hasResult: boolean;
  readonly yields: readonly {
    readonly range: Range;
    readonly value: Range | undefined;
    readonly isStatement: boolean;
    /** `yield*` */
    readonly isDelegating: boolean;
  }[];
}

/** An import declaration, or a top-level `const … = require('…')`. */
export interface ModuleImport {
  readonly module: string;
  readonly isTypeOnly: boolean;
  /** `imported`: the exported name, `default`, or `*` for the namespace object. */
  readonly bindings: readonly { readonly imported: string; readonly local: string; readonly isTypeOnly: boolean }[];
  /** Where one more name of the module can be written, and what must stand around it; undefined where there are no braces for it. */
  readonly slot: { readonly at: number; readonly before: string; readonly after: string } | undefined;
}

/** What a fix may ask about the file it rewrites. An adapter answers; fixes see no syntax tree. */
export interface FixContext {
  readonly text: string;
  /** Whether the file may use `borrowck-runtime`. */
  readonly hasRuntime: boolean;
  /** ES modules import; CommonJS files `require`. */
  readonly format: 'esm' | 'commonjs';
  readonly imports: readonly ModuleImport[];
  /** Where a new import goes, and what must stand around it. */
  readonly importSlot: { readonly at: number; readonly before: string; readonly after: string };
  readonly style: { readonly quote: '"' | "'"; readonly semicolon: ';' | '' };
  /** The expression at exactly this range; undefined where there is none, or where the tree and the text disagree. */
  expressionAt(range: Range): Expression | undefined;
  /** The generator that is the innermost function around a place. */
  generatorAround(range: Range): Generator | undefined;
  /** Where a name seen at an offset is declared: not in this file, at its top level, or deeper. */
  scopeOf(name: string, at: number): 'global' | 'module' | 'local';
  /** Nothing in the file declares or uses the name. */
  isUnused(name: string): boolean;
}
