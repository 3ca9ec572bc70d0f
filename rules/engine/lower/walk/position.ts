import type { FunctionRecord } from '../model.js';
import type { Scope } from '../scope.js';

/** Where the walk is. Immutable, so that a deep subtree can be put off and walked later from the same place. */
export interface Position {
  readonly scope: Scope;
  readonly fn: FunctionRecord;
  /** Inside a loop of `fn`. */
  readonly isInLoop: boolean;
  /** Inside a `with` statement, where names mean nothing certain. */
  readonly isInWith: boolean;
}
