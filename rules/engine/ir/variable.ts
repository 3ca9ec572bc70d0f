import type { FunctionIr } from './function.js';
import type { Origin } from './origin.js';

/**
 * A place that holds one value: a temporary (assigned once, never captured) or something the program declared.
 * One object per declaration, so identity is equality: a closure that captures a variable names the same object.
 */
export interface Variable {
  /** Unique in the file, dense from 0. */
  readonly id: number;
  /** The source name; `''` for a temporary; `this` / `arguments` for those. */
  readonly name: string;
  readonly storage: 'temporary' | 'local' | 'parameter' | 'this' | 'arguments' | 'import';
  /** The function whose activation owns the place; the module's own function for top-level declarations. */
  readonly owner: FunctionIr;
  /** Read or written by a function nested in the owner. Filled in by scope analysis, before any body is lowered. */
  readonly isCaptured: boolean;
  /** Never assigned after its initialiser. */
  readonly isConstant: boolean;
  readonly origin: Origin;
}
