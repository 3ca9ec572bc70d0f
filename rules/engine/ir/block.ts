import type { Instruction } from './instruction.js';
import type { Origin } from './origin.js';
import type { Variable } from './variable.js';

export type BlockId = number;

/**
 * A straight line of instructions and one way out. Every instruction that may throw (calls, awaits, member access, …) has an
 * implicit edge to `handler`; without one the exception leaves the function. `finally` bodies are copied per way out
 * (normal, exception, return, each jump target), so a path through the graph is a path of the program.
 */
export interface Block {
  readonly id: BlockId;
  readonly instructions: readonly Instruction[];
  readonly terminal: Terminal;
  readonly handler: BlockId | undefined;
}

export type Terminal =
  | { readonly kind: 'goto'; readonly target: BlockId }
  | { readonly kind: 'branch'; readonly test: Test; readonly then: BlockId; readonly otherwise: BlockId; readonly origin: Origin }
  | { readonly kind: 'return'; readonly value: Variable | undefined; readonly origin: Origin }
  | { readonly kind: 'throw'; readonly value: Variable; readonly origin: Origin }
  /** Suspends. `resume` after `next()`, `abandon` when the consumer calls `return()`: finally bodies, then the exit. */
  | {
      readonly kind: 'yield';
      readonly value: Variable | undefined;
      readonly result: Variable;
      readonly isDelegate: boolean;
      readonly resume: BlockId;
      readonly abandon: BlockId;
      /** The `yield` expression. */
      readonly origin: Origin;
    }
  /** One step of an iterator opened by `iterate`: `value` is bound in `body`. */
  | {
      readonly kind: 'next';
      readonly iterator: Variable;
      readonly value: Variable;
      readonly mode: IterationMode;
      readonly body: BlockId;
      readonly done: BlockId;
      readonly origin: Origin;
    }
  | { readonly kind: 'unreachable' };

/** `sync`: for-of; `async`: for-await; `keys`: for-in (the values are strings). */
export type IterationMode = 'sync' | 'async' | 'keys';

/** What a branch looks at. Short-circuit operators and negation are already control flow. */
export type Test =
  | { readonly kind: 'truthy'; readonly value: Variable }
  /** `value === null || value === undefined` */
  | { readonly kind: 'nullish'; readonly value: Variable }
  /** `===` (strict) or `==`. */
  | { readonly kind: 'equal'; readonly left: Variable; readonly right: Variable; readonly isStrict: boolean }
  /** `left < right`, or `left <= right`; `>` and `>=` are swapped. */
  | { readonly kind: 'less'; readonly left: Variable; readonly right: Variable; readonly orEqual: boolean }
  /** `typeof value === type` */
  | { readonly kind: 'typeof'; readonly value: Variable; readonly type: string }
  | { readonly kind: 'instanceof'; readonly value: Variable; readonly constructor_: Variable };
