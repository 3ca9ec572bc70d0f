import type { TaskScope } from '../scope/task-scope.js';
import type { Strategy } from './types.js';

/** What an actor is to the others of its scope. */
export interface Sibling {
  restartWith(cause: unknown): void;
}

/** The other actors of the same scope. */
export interface Group {
  restartWith(failed: Sibling, cause: unknown): void;
  leave(sibling: Sibling): void;
}

/** The actors of each scope, in the order in which they were spawned. */
const actors = new WeakMap<TaskScope, Set<Sibling>>();

/** Who lives in a scope. */
export function siblingsOf(scope: TaskScope): Set<Sibling> {
  let siblings = actors.get(scope);
  if (siblings === undefined) actors.set(scope, (siblings = new Set()));
  return siblings;
}

/** Restarts those that an actor's supervision names, when that actor fails. */
export function groupOf(siblings: Set<Sibling>, strategy: Strategy = 'one-for-one'): Group {
  return {
    restartWith: (failed, cause) => {
      if (strategy === 'one-for-one') return;
      const all = [...siblings];
      const others = strategy === 'one-for-all' ? all : all.slice(all.indexOf(failed) + 1);
      for (const other of others) if (other !== failed) other.restartWith(cause);
    },
    leave: (sibling) => siblings.delete(sibling),
  };
}
