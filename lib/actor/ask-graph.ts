/** Somebody who asks and is asked. */
export interface Asker {
  readonly name: string;
}

/** Whose handler runs right now, up to its first `await`. */
let atWork: Asker | undefined;

/** Calls a function in an actor's name. */
export function askingAs<R>(asker: Asker, call: () => R): R {
  const before = atWork;
  atWork = asker;
  try {
    return call();
  } finally {
    atWork = before;
  }
}

/** @returns who asks, as far as it can be told: a handler that has not awaited anything yet, or one that asks through its turn */
export function whoAsks(): Asker | undefined {
  return atWork;
}

/** Who waits for whose answer. */
const waits = new Map<Asker, Map<Asker, number>>();

/**
 * Notes that one actor waits for another.
 *
 * @returns the names along the circle that would close, the asker's at both ends; `undefined` if there is none and it was noted
 */
export function beginAsk(from: Asker, to: Asker): string[] | undefined {
  const path = pathBetween(to, from, new Set());
  if (path !== undefined) return [from, ...path].map(({ name }) => name);
  const targets = waits.get(from) ?? new Map<Asker, number>();
  waits.set(from, targets);
  targets.set(to, (targets.get(to) ?? 0) + 1);
  return undefined;
}

/** The answer is there, or nobody waits for it any more. */
export function endAsk(from: Asker, to: Asker): void {
  const targets = waits.get(from);
  const count = targets?.get(to);
  if (targets === undefined || count === undefined) return;
  if (count > 1) targets.set(to, count - 1);
  else targets.delete(to);
  if (targets.size === 0) waits.delete(from);
}

/** A handler returned: questions it did not wait for keep nobody from being answered. */
export function endTurn(from: Asker): void {
  waits.delete(from);
}

function pathBetween(from: Asker, to: Asker, seen: Set<Asker>): Asker[] | undefined {
  if (from === to) return [to];
  seen.add(from);
  for (const next of waits.get(from)?.keys() ?? []) {
    const rest = seen.has(next) ? undefined : pathBetween(next, to, seen);
    if (rest !== undefined) return [from, ...rest];
  }
  return undefined;
}
