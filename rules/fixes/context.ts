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
  /** In a file without semicolons, its statement would go on with the one before if it began with a parenthesis. */
  readonly followsOpenStatement: boolean;
  /** It is a statement of its own. */
  readonly isStatement: boolean;
  /** Whether its static type is a string, or an object such as a URL; or whether it may be a number. */
  textKind(): 'string' | 'object' | 'number' | 'unknown';
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

/** What of a function is rewritten where a ref comes in, in the place of bytes. */
export interface Handler {
  /** The name that stands for the bytes. */
  readonly name: string;
  /** Where the name is declared: at the parameter. */
  readonly declared: Range;
  /** The declared type, without the colon. */
  readonly type: Range | undefined;
  /** What the name holds, as the checker knows it: `Uint8Array`, `Buffer`, `any`. */
  readonly holds: string;
  /** Where comments name it and say its type. */
  readonly documented: { readonly name: Range; readonly type: Range | undefined } | undefined;
  /** Absent where only a signature is declared. */
  readonly body: Body | undefined;
}

/** What a function does. */
export interface Body extends Range {
  /** A block with braces; otherwise the expression that an arrow function gives. */
  readonly isBlock: boolean;
  /** Behind the brace and the directives. */
  readonly opens: number;
  /** The first statement behind the directives. */
  readonly first: Range | undefined;
}

/** A call that hands bytes to a function. */
export interface Handover {
  readonly call: Range;
  readonly argument: Range;
  readonly statement: Range;
  /** The statement stands alone behind an `if`, a loop or a label: two of them need braces. */
  readonly isLoose: boolean;
  /** Whether the call gives a promise that settles when the function is done with the bytes. */
  readonly gives: 'promise' | 'perhaps a promise' | 'nothing';
}

/** Work of this file that is given bytes: the functions that it is done by, and every call of them. */
export interface Work {
  readonly handlers: readonly Handler[];
  readonly handovers: readonly Handover[];
}

/** A function that is called later, once, and alone uses a constant of the code around it. */
export interface Capture {
  /** The constant, with what the function does as its body. */
  readonly handler: Handler;
  readonly initializer: Range;
}

/** Functions that a call is given and that run later, or again, with a variable of the code around them. */
export interface Closure {
  /** Where they name the variable. */
  readonly uses: readonly Range[];
  /** The statement that the call stands in, where something can be done before it. */
  readonly statement: Range;
  /** The statement stands alone behind an `if`, a loop or a label: two of them need braces. */
  readonly isLoose: boolean;
}

/** A function that gives bytes, by `return` or by `yield`, to callers outside of its file only. */
export interface Giver {
  /** The declared return type, without the colon. */
  readonly returnType: Range | undefined;
  /** All that it returns or yields. */
  readonly values: readonly Range[];
}

/** A constant that holds something which is to be handed back. */
export interface Holding {
  /** Whether `using` can be written here, and what is held, or a lease of it, can be disposed of; why, where not. */
  readonly objectionToUsing: string | undefined;
  /** `const` */
  readonly keyword: Range;
  readonly name: Range;
  /** The declared type, without the colon. */
  readonly type: Range | undefined;
  /** `alloc` of `arena.alloc(…)`, where what is held is a ref; a lease of the block can be disposed of. */
  readonly lease: Range | undefined;
  /** Where the ref is used besides. */
  readonly uses: readonly Range[];
  /** The statements that release the ref. */
  readonly releases: readonly Range[];
  /** The arena's expression, and the rest of the block up to its brace, where what is held is a ref that nothing but this block knows. */
  readonly owned: { readonly arena: string; readonly rest: Range } | undefined;
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

/** An import, or a name in one, that has one use only. */
export interface LeftImport {
  /** The import declaration, or the `const … = require('…')`. */
  readonly declaration: Range;
  /** As the file names it. */
  readonly local: string;
  /** The name in it. */
  readonly item: Range;
  /** The same with the comma that goes with it; undefined where the declaration has no other name. */
  readonly withComma: Range | undefined;
}

/** What a fix may ask about the file it rewrites. An adapter answers; fixes see no syntax tree. */
export interface FixContext {
  readonly text: string;
  /** Whether the file may use `borrowck-runtime`. */
  readonly hasRuntime: boolean;
  /** Types can be written in it. */
  readonly isTyped: boolean;
  /** ES modules import; CommonJS files `require`. */
  readonly format: 'esm' | 'commonjs';
  readonly imports: readonly ModuleImport[];
  /** What is left without a use where a callee goes: a name that is imported from Node and used there alone. */
  importLeftBy(callee: Range): LeftImport | undefined;
  /** Where a new import goes, and what must stand around it. */
  readonly importSlot: { readonly at: number; readonly before: string; readonly after: string };
  readonly style: { readonly quote: '"' | "'"; readonly semicolon: ';' | ''; readonly newline: '\n' | '\r\n' };
  /** The expression at exactly this range; undefined where there is none, or where the tree and the text disagree. */
  expressionAt(range: Range): Expression | undefined;
  /** The generator that is the innermost function around a place. */
  generatorAround(range: Range): Generator | undefined;
  /** The function around a `return` or `yield`, where only callers in other files have to know what it gives; why, where not. */
  giverAround(range: Range): Giver | string;
  /** The work that is given bytes as an argument of a call; where it cannot be told in full, why. */
  workGiven(argument: Range): Work | string;
  /** The function that is given to a call to be called later, and the constant that an expression initialises and that only this function uses; or why there is none. */
  captureOf(initializer: Range, call: Range): Capture | string;
  /** The functions written in a call that get at bytes by a variable of the code around them; why nothing can be put in its place, where nothing can. */
  closureOf(variable: string, call: Range): Closure | string;
  /** Whether two places are in the same turn of the same loop of the same function: what is done at the first was done anew for the second. */
  areAsOften(first: Range, second: Range): boolean;
  /** The constant that holds what a call gives until its block ends; where it leaves the block, or cannot be handed back there, why. */
  holdingOf(call: Range): Holding | string;
  /** Whether `return callback(error)` can stand where a `throw` statement does: the callback is a parameter of the function around it. */
  canCallInstead(callback: string, thrown: Range): boolean;
  /** A constant of the file's top level that is made by `new className(…)`. */
  instanceOf(className: string): { readonly name: string; readonly isExported: boolean } | undefined;
  /** Where a name seen at an offset is declared: not in this file, at its top level, or deeper. */
  scopeOf(name: string, at: number): 'global' | 'module' | 'local';
  /** Nothing in the file declares or uses the name. */
  isUnused(name: string): boolean;
}
