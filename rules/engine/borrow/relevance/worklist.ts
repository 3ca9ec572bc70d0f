import type { FunctionIr } from '../../ir/index.js';

/** Functions are looked at again while they learn from each other; past this, what is known must do. */
const visitLimit = 12;

/** The functions to look at, again and again while there may be more to learn. */
export class Worklist {
  private readonly visits = new Map<FunctionIr, number>();
  private readonly waiting = new Set<FunctionIr>();

  /** The function is looked at, once more where it was already. */
  add(fn: FunctionIr): void {
    this.waiting.add(fn);
  }

  hasSeen(fn: FunctionIr): boolean {
    return this.visits.has(fn);
  }

  /**
   * Looks at functions until none is left.
   *
   * @param look - looks at one, and may add others
   * @param callersOf - who goes by what a function gives, as far as is known now
   */
  run(look: (fn: FunctionIr) => void, callersOf: (fn: FunctionIr) => Iterable<FunctionIr>): void {
    const visit = (fn: FunctionIr): void => {
      const visits = (this.visits.get(fn) ?? 0) + 1;
      this.visits.set(fn, visits);
      if (visits <= visitLimit) look(fn);
    };
    while (this.waiting.size > 0) {
      // What gives memory is looked at before those that are given it: they need not look at each of its steps.
      for (const fn of this.inOrder(callersOf)) if (this.waiting.delete(fn)) visit(fn);
      for (const fn of this.waiting) if (!this.visits.has(fn) && this.waiting.delete(fn)) visit(fn);
    }
  }

  /** The functions that were looked at, those that are called before those that call them, as far as there is such an order. */
  private inOrder(callersOf: (fn: FunctionIr) => Iterable<FunctionIr>): readonly FunctionIr[] {
    const entered = new Set<FunctionIr>();
    const order: FunctionIr[] = [];
    for (const first of this.visits.keys()) {
      const path: { readonly fn: FunctionIr; readonly callers: Iterator<FunctionIr> }[] = [];
      const enter = (fn: FunctionIr): void => {
        if (entered.has(fn)) return;
        entered.add(fn);
        path.push({ fn, callers: callersOf(fn)[Symbol.iterator]() });
      };
      enter(first);
      for (let at = path.at(-1); at !== undefined; at = path.at(-1)) {
        const caller = at.callers.next();
        if (caller.done !== true) enter(caller.value);
        else {
          order.push(at.fn);
          path.pop();
        }
      }
    }
    return order.reverse();
  }
}
