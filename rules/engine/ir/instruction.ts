import type { IterationMode } from './block.js';
import type { ClassIr, FunctionIr } from './function.js';
import type { Origin } from './origin.js';
import type { Variable } from './variable.js';

/** A member's name: `x.name`, `x['name']`, `x[0]` and `x.#name` (with its `#`) are names; anything else is computed. */
export type Key = { readonly kind: 'name'; readonly name: string } | { readonly kind: 'computed'; readonly value: Variable };

export type Literal = string | number | bigint | boolean | null | undefined;

export interface Argument {
  readonly value: Variable;
  readonly isSpread: boolean;
  /** The argument's expression, without parentheses and type assertions. */
  readonly origin: Origin;
}

export type Callee =
  | { readonly kind: 'value'; readonly value: Variable }
  /** `object.key(…)`: the member is looked up and called with `object` as `this`. */
  | { readonly kind: 'method'; readonly object: Variable; readonly key: Key; readonly objectOrigin: Origin }
  | { readonly kind: 'construct'; readonly value: Variable }
  /** `super(…)`; runs the class's `fields` after it. */
  | { readonly kind: 'super-construct' }
  | { readonly kind: 'super-method'; readonly key: Key }
  /** `import(specifier)` */
  | { readonly kind: 'import' };

export type Property =
  | { readonly kind: 'value'; readonly key: Key; readonly value: Variable }
  | { readonly kind: 'getter' | 'setter'; readonly key: Key; readonly function: FunctionIr }
  | { readonly kind: 'spread'; readonly value: Variable };

export type Element = { readonly kind: 'value' | 'spread'; readonly value: Variable } | { readonly kind: 'hole' };

interface At {
  /** The expression or statement. */
  readonly origin: Origin;
}

/** Operands are variables only; every sub-expression has its own temporary. Evaluation order is the language's. */
export type Instruction =
  | (At & { readonly op: 'literal'; readonly target: Variable; readonly value: Literal })
  | (At & { readonly op: 'copy'; readonly target: Variable; readonly source: Variable })
  /** An identifier no scope of the file declares. */
  | (At & { readonly op: 'global'; readonly target: Variable; readonly name: string })
  /** An import declaration's binding (hoisted to the module's start). `imported`: the name, `default`, or `*`. Type-only imports are absent. */
  | (At & { readonly op: 'import'; readonly target: Variable; readonly specifier: string; readonly imported: string })
  /** `export` in all its forms; `export *` has no source and the name `*`; a re-export has a `specifier` and the imported name. */
  | (At & { readonly op: 'export'; readonly name: string; readonly source: Variable | undefined; readonly specifier: string | undefined; readonly imported: string | undefined })
  | (At & { readonly op: 'load'; readonly target: Variable; readonly object: Variable; readonly key: Key })
  | (At & { readonly op: 'store'; readonly object: Variable; readonly key: Key; readonly value: Variable })
  | (At & { readonly op: 'delete'; readonly object: Variable; readonly key: Key })
  /** `super.key` read or written. */
  | (At & { readonly op: 'load-super'; readonly target: Variable; readonly key: Key })
  | (At & { readonly op: 'store-super'; readonly key: Key; readonly value: Variable })
  | (At & { readonly op: 'object'; readonly target: Variable; readonly properties: readonly Property[] })
  | (At & { readonly op: 'array'; readonly target: Variable; readonly elements: readonly Element[] })
  /** The rest of a destructured object (without `excluded`) or array (from index `from`). */
  | (At & { readonly op: 'rest'; readonly target: Variable; readonly object: Variable; readonly excluded: readonly string[] | undefined; readonly from: number | undefined })
  | (At & { readonly op: 'function'; readonly target: Variable; readonly function: FunctionIr })
  | (At & { readonly op: 'class'; readonly target: Variable; readonly class: ClassIr; readonly superClass: Variable | undefined })
  | (At & {
      readonly op: 'call';
      readonly target: Variable;
      readonly callee: Callee;
      readonly arguments: readonly Argument[];
      /** False for an expression statement, `void f()`, or the left of a comma. */
      readonly isResultUsed: boolean;
      /** `await f()` directly (parentheses and type assertions aside). */
      readonly isAwaited: boolean;
    })
  /** Arithmetic, comparison, bit and relational operators, by their token: `+`, `<`, `in`, `instanceof` … */
  | (At & { readonly op: 'binary'; readonly target: Variable; readonly operator: string; readonly left: Variable; readonly right: Variable })
  /** `-`, `+`, `~`, `!`, `typeof`; `void` is a literal. */
  | (At & { readonly op: 'unary'; readonly target: Variable; readonly operator: string; readonly operand: Variable })
  /** A new value that keeps nothing of its operands: template string, RegExp, JSX text, `import.meta`, `new.target`, enum … */
  | (At & { readonly op: 'opaque'; readonly target: Variable; readonly operands: readonly Variable[] })
  | (At & { readonly op: 'await'; readonly target: Variable; readonly value: Variable })
  | (At & { readonly op: 'iterate'; readonly target: Variable; readonly iterable: Variable; readonly mode: IterationMode })
  /** A loop left early closes its iterator. */
  | (At & { readonly op: 'close-iterator'; readonly iterator: Variable; readonly mode: IterationMode })
  /** The scope of a `using` / `await using` variable ends. */
  | (At & { readonly op: 'dispose'; readonly value: Variable; readonly isAsync: boolean })
  /** The value a handler block receives. */
  | (At & { readonly op: 'caught'; readonly target: Variable })
  /** A block-scoped variable's scope begins anew (each turn of a loop): it is a fresh place. */
  | (At & { readonly op: 'declare'; readonly variable: Variable });

/** True when the instruction can leave its block by an exception. */
export function mayThrow(instruction: Instruction): boolean {
  switch (instruction.op) {
    case 'literal':
    case 'copy':
    case 'global':
    case 'import':
    case 'export':
    case 'object':
    case 'array':
    case 'function':
    case 'caught':
    case 'declare':
    case 'unary':
    case 'opaque':
      return false;
    default:
      return true;
  }
}

/** True for what fails because other code does, not because a value is not what it should be. */
export function runsOtherCode({ op }: Instruction): boolean {
  return op === 'call' || op === 'await' || op === 'iterate';
}
