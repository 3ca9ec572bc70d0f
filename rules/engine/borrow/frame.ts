import type { FunctionIr } from '../ir/index.js';
import type { Site } from './machine.js';

/** The activation of a function that is being interpreted. */
export interface Frame {
  readonly function: FunctionIr;
  readonly caller: Frame | undefined;
  /** The call that led here; absent for calls from outside. */
  readonly calledAt?: Site | undefined;
  readonly depth: number;
  /** The calls that led here, as a suffix of names for merge points and allocations. */
  readonly context: string;
  /** Called from outside the unit: what it returns is handed out. */
  readonly isRoot: boolean;
  readonly isPublic: boolean;
  /** Run on its own although nothing outside the file can call it: what its parameters are is not known. */
  readonly isInternal: boolean;
}
