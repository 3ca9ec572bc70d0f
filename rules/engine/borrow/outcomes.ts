import type { Completion, Outcome } from './machine.js';
import { joinStates, mergeStates } from './merging.js';
import type { State } from './state.js';
import { anyOf, isWeak, valueKey, type Value } from './value.js';

/** Ways out are merged where they agree, and joined past this many: a call does not multiply its caller's states without end. */
const completionLimit = 6;

/** Collects the ways a call can end. */
export class Outcomes {
  private readonly returns = new Map<string, Completion>();
  private readonly thrown = new Map<string, State>();
  private readonly tag: string;

  private readonly limit: number;

  /**
   * @param tag names the merge point
   * @param limit how many ways out are kept apart
   */
  constructor(tag: string, limit: number = completionLimit) {
    this.tag = tag;
    this.limit = Math.min(limit, completionLimit);
  }

  return(state: State, value: Value): void {
    const key = `${isWeak(value) ? '' : valueKey(value)} ${state.key()}`;
    const same = this.returns.get(key);
    if (same !== undefined) {
      mergeStates(same.state, state, this.tag);
      return;
    }
    const [firstKey, first] = this.returns.entries().next().value ?? [];
    if (this.returns.size < this.limit || first === undefined || firstKey === undefined) {
      this.returns.set(key, { state, value });
      return;
    }
    joinStates(first.state, state, this.tag);
    this.returns.set(firstKey, { state: first.state, value: anyOf([first.value, value]) });
  }

  throw(state: State): void {
    const key = state.key();
    const same = this.thrown.get(key);
    if (same !== undefined) mergeStates(same, state, this.tag);
    else if (this.thrown.size < this.limit) this.thrown.set(key, state);
    else {
      const first = this.thrown.values().next().value;
      if (first !== undefined) joinStates(first, state, this.tag);
    }
  }

  add(outcome: Outcome): void {
    for (const completion of outcome.returns) this.return(completion.state, completion.value);
    for (const state of outcome.throws) this.throw(state);
  }

  get outcome(): Outcome {
    return { returns: [...this.returns.values()], throws: [...this.thrown.values()] };
  }
}
