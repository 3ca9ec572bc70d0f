import type { Certainty, MoveFinding, Step } from '../findings.js';
import type { FunctionIr, Origin } from '../ir/index.js';
import type { State } from './state.js';
import type { RegionId } from './value.js';

/** What a path took to be true: which way it went at tests of values that do not change. */
export type Facts = ReadonlyMap<string, boolean>;

/** Memory, or an object such as a port, that was given away, went stale or was handed back. Immutable. */
export interface Move {
  readonly how: MoveFinding['move']['how'];
  readonly at: Origin;
  readonly by: string;
  readonly certainty: Certainty;
  /** As a reader knows what was moved, where the memory has no name of its own. */
  readonly name: string;
  /** Where it came from, where the memory has no place of its own. */
  readonly origin: Origin | undefined;
  /** What made the move in the source, where a rewrite can unmake it. */
  readonly remedy: MoveFinding['remedy'];
  /** The memory is still there up to this many bytes: only views of what lies beyond are gone. */
  readonly limit: number | undefined;
  /** What held when it happened. */
  readonly facts: Facts;
  /** The call from outside during which it happened. */
  readonly root: FunctionIr;
}

/** Notes that something is gone from here on. */
export function recordMove(state: State, region: RegionId, move: Move): void {
  state.touch();
  state.hasMemory = true;
  state.moves.set(region, move);
}

/**
 * Takes in what another path of the same state did.
 *
 * @returns whether `state` changed
 */
export function mergeMoves(state: State, other: State): boolean {
  let hasChanged = false;
  for (const [region, theirs] of state.moves.isSameAs(other.moves) ? [] : other.moves) {
    const mine = state.moves.get(region);
    const merged = mine === undefined ? theirs : mergeTwo(mine, theirs);
    if (merged === mine) continue;
    state.moves.set(region, merged);
    hasChanged = true;
  }
  return hasChanged;
}

/** One move that stands for two: a certain one says more, or else the one that leaves less, and what only one of them knew does not count. */
function mergeTwo(mine: Move, theirs: Move): Move {
  const isTheirs = mine.certainty === theirs.certainty ? (theirs.limit ?? 0) < (mine.limit ?? 0) : theirs.certainty === 'certain';
  const kept = isTheirs ? theirs : mine;
  const facts = commonFacts(mine.facts, theirs.facts);
  if (!isTheirs && facts.size === mine.facts.size) return mine;
  return { ...kept, facts };
}

/** What two paths both took to be true. */
export function commonFacts(a: Facts, b: Facts): Facts {
  if (a === b) return a;
  const common = new Map([...a].filter(([name, outcome]) => b.get(name) === outcome));
  return common.size === a.size ? a : common;
}

/** Two paths meet: only what both took to be true is still known. */
export function mergeFacts(state: State, other: State): boolean {
  if (state.facts.size === 0 || state.facts.isSameAs(other.facts)) return false;
  let hasChanged = false;
  for (const [name, outcome] of [...state.facts]) {
    if (other.facts.get(name) === outcome) continue;
    state.facts.delete(name);
    hasChanged = true;
  }
  return hasChanged;
}

/** The move that what is used here may have gone through; undefined where this path cannot have come by it. */
export function moveOf(state: State, region: RegionId): Move | undefined {
  const move = state.moves.get(region);
  if (move === undefined) return undefined;
  return contradicts(move.facts, state.facts) ? undefined : move;
}

/** No path of the program has both. */
export function contradicts(facts: Facts, now: { get(name: string): boolean | undefined }): boolean {
  for (const [name, outcome] of facts) {
    const known = now.get(name);
    if (known !== undefined && known !== outcome) return true;
  }
  return false;
}

/** Values of these names are other values from here on. */
export function forgetMoves(state: State, isStale: (name: string) => boolean): void {
  for (const region of [...state.moves.keys()]) if (isStale(region.replace(/^\?bytes:/, ''))) state.moves.delete(region);
  for (const name of [...state.facts.keys()]) if (isStale(name)) state.facts.delete(name);
  for (const [region, move] of [...state.moves]) {
    if (![...move.facts.keys()].some(isStale)) continue;
    state.moves.set(region, { ...move, facts: new Map([...move.facts].filter(([name]) => !isStale(name))) });
  }
  for (const [id, duty] of [...state.duties]) {
    if ([...duty.facts.keys()].some(isStale)) state.duties.set(id, { ...duty, facts: new Map([...duty.facts].filter(([name]) => !isStale(name))) });
  }
}

/** Regions get other names. */
export function renameMoves(state: State, rename: (id: string) => string): void {
  for (const [region, move] of [...state.moves]) {
    const renamed = rename(region);
    if (renamed === region) continue;
    state.moves.delete(region);
    const old = state.moves.get(renamed);
    state.moves.set(renamed, old === undefined ? move : mergeTwo(old, move));
  }
}

/** What happened on the way here need not be what a path of the program does. */
export function doubtMoves(state: State, isDoubtful: (move: Move, region: RegionId) => boolean = () => true): void {
  for (const [region, move] of [...state.moves]) {
    if (move.certainty === 'certain' && isDoubtful(move, region)) state.moves.set(region, { ...move, certainty: 'potential' });
  }
}

/** What is done with something that is gone. */
export interface MoveUse {
  readonly form: MoveFinding['form'];
  readonly at: Origin;
  readonly certainty: Certainty;
}

/** A certain finding says more; of two, the one whose move comes first in the file, so that a message does not depend on the order of the analysis. */
export function isBetterMove(certainty: Certainty, move: Move, old: MoveFinding): boolean {
  if (certainty !== old.certainty) return certainty === 'certain';
  if ((move.at.file === old.at.file) !== (old.move.at.file === old.at.file)) return move.at.file === old.at.file;
  return move.at.start < old.move.at.start;
}

/** What to do where nothing can be rewritten. */
export function adviceFor({ how }: Move, name: string): string {
  const it = name === '' ? 'what is still needed' : `\`${name}\``;
  switch (how) {
    case 'transfer':
      return `transfer a copy of ${it}, or make every use of it before the transfer`;
    case 'growth':
      return `make ${it} again from the memory's current buffer after it has grown`;
    case 'release':
      return `use ${it} before it is released`;
    case 'lapse':
      return `copy what is needed of ${it} before it is taken back`;
  }
}

/** What became of something that is gone. */
export const goneInWords: Readonly<Record<Move['how'], string>> = { transfer: 'transferred away', growth: 'left stale', release: 'released', lapse: 'taken back' };

/** The steps that a reader should see. */
export function traceOf(what: MoveFinding['what'], move: Move, use: MoveUse): readonly Step[] {
  const name = what.name === '' ? 'it' : `\`${what.name}\``;
  return [
    ...(what.at === undefined ? [] : [{ at: what.at, label: what.isReceived ? `${name} comes in here` : `${name} is made here` }]),
    { at: move.at, label: `${name} is ${goneInWords[move.how]} by \`${move.by}\`` },
    { at: use.at, label: { read: 'and read here', write: 'and written here', pass: 'and passed on here', again: 'and again here', use: 'and used here', leak: 'and never released here', release: 'and released here' }[use.form] },
  ];
}
