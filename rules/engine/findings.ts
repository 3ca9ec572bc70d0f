import type { EscapeHow, ViewType } from './contracts/contract.js';
import type { Origin } from './ir/index.js';

/** `certain`: there is a path on which it happens. `potential`: an unknown callee, a lost alias or a budget stands in the way of saying so. */
export type Certainty = 'certain' | 'potential';

/** A place in the source with what happens there, in a few words: `allocated here`, `overwritten by the next fh.read()`. */
export interface Step {
  readonly at: Origin;
  readonly label: string;
}

/** A borrowed value that outlives its borrow. */
export interface BorrowFinding {
  readonly kind: 'borrowed-yield' | 'borrowed-return';
  readonly certainty: Certainty;
  readonly escape: {
    readonly how: EscapeHow;
    /** The `yield`, the call, the `return` statement, the store. Reported here. */
    readonly at: Origin;
    /** The expression whose value is the view: what a snapshot replaces. Absent when no single expression of this file is. */
    readonly view: Origin | undefined;
    /** The view's type; undefined when paths disagree. */
    readonly type: ViewType | undefined;
    /** For calls: as written, `this.push()`. */
    readonly via: string | undefined;
  };
  /** The memory: where it was allocated (or lent), and its name as a reader knows it (`buf`, `this.#buf`, `scratch`). */
  readonly region: { readonly at: Origin; readonly name: string; readonly isLent: boolean };
  readonly invalidation: {
    readonly how: 'overwrite' | 'transfer' | 'growth' | 'release' | 'next call' | 'callback return';
    readonly at: Origin;
    /** As a reader knows it: `fh.read()`, `buf[i] = …`, `the next turn of the loop`. */
    readonly by: string;
  };
  /** Everything on the way, in the order a reader should see it. */
  readonly trace: readonly Step[];
}

export type Finding = BorrowFinding;
