import type { Certainty } from '../findings.js';
import type { Origin } from '../ir/index.js';
import type { Outcome } from './machine.js';
import { commonFacts, contradicts, type Facts } from './moves.js';
import type { State } from './state.js';

/** Something that was taken, and has to be handed back on every path. Immutable. */
export interface Duty {
  readonly at: Origin;
  readonly by: string;
  readonly certainty: Certainty;
  /** What holds where it is owed: on paths that contradict it, it was handed back, or never taken. */
  readonly facts: Facts;
  /** A list holds it, with others of its kind. */
  readonly isListed?: boolean;
}

/**
 * Takes in what another path of the same state owes: what only one of them owes is owed where that path was taken.
 *
 * @returns whether `state` changed
 */
export function mergeDuties(state: State, other: State): boolean {
  if (state.duties.isSameAs(other.duties)) return false;
  let hasChanged = false;
  for (const [id, mine] of [...state.duties]) {
    const theirs = other.duties.get(id);
    if (contradicts(mine.facts, state.facts)) {
      // Whoever came this way does not owe it.
      state.duties.delete(id);
      hasChanged = true;
      continue;
    }
    const facts = theirs === undefined ? withFacts(mine.facts, state.facts) : commonFacts(mine.facts, theirs.facts);
    const certainty = mine.certainty === 'certain' || theirs?.certainty === 'certain' ? 'certain' : 'potential';
    if (facts === mine.facts && certainty === mine.certainty) continue;
    state.duties.set(id, { ...mine, facts, certainty });
    hasChanged = true;
  }
  for (const [id, theirs] of other.duties) {
    if (state.duties.has(id) || contradicts(theirs.facts, other.facts)) continue;
    state.duties.set(id, { ...theirs, facts: withFacts(theirs.facts, other.facts) });
    hasChanged = true;
  }
  return hasChanged;
}

function withFacts(facts: Facts, more: Iterable<readonly [string, boolean]>): Facts {
  const merged = new Map(facts);
  for (const [name, outcome] of more) if (!merged.has(name)) merged.set(name, outcome);
  return merged.size === facts.size ? facts : merged;
}

/** What happened on the way here need not be what a path of the program does. */
export function doubtDuties(state: State): void {
  for (const [id, duty] of [...state.duties]) if (duty.certainty === 'certain') state.duties.set(id, { ...duty, certainty: 'potential' });
}

/**
 * A call failed: what it was to hand back is not owed for that, and what it was given while its body was interpreted, its body answers for.
 *
 * @param failed the state before the call
 */
export function forgetAnswered(failed: State, outcome: Outcome): void {
  for (const id of [...failed.duties.keys()]) {
    const isAnswered = outcome.returns.every(({ state }) => !state.duties.has(id) && (outcome.isFollowed === true || state.moves.get(id)?.how === 'release'));
    if (isAnswered) failed.duties.delete(id);
  }
}

/** A call from outside ended with an exception: what it owed is no debt of the calls after it. */
export function forgetDuties(state: State): void {
  for (const id of [...state.duties.keys()]) state.duties.delete(id);
}

/** Things get other names. */
export function renameDuties(state: State, rename: (id: string) => string): void {
  for (const [id, duty] of [...state.duties]) {
    const renamed = rename(id);
    if (renamed === id) continue;
    state.duties.delete(id);
    state.duties.set(renamed, duty);
  }
}
