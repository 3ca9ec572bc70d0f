import type { CaptureHow, Contract, EscapeHow } from '../contracts/contract.js';
import type { Certainty } from '../findings.js';
import { originKey, type Origin } from '../ir/index.js';
import type { GivingUp } from '../work.js';
import type { Invalidation, Loan } from './loan.js';
import { contradicts, type Move } from './moves.js';
import { baseRegion, memoryOf } from './region-names.js';
import type { State } from './state.js';
import type { RegionId, Value } from './value.js';

/** What a loan is about, for a reader. */
export interface LoanNote {
  readonly how: EscapeHow | CaptureHow;
  readonly region: RegionId;
  /** As a reader knows the memory; empty where it has no name. */
  readonly name: string;
  /** Where the memory was made, or came in. */
  readonly madeAt: Origin;
  readonly isLent: boolean;
  readonly certainty: Certainty;
  /** Nothing about the caller's memory is certain. */
  readonly isForeign: boolean;
  readonly endsWith: 'work' | 'container' | undefined;
}

/** Something that the analysis did on its way, for people who ask why. */
export type JournalEntry = { readonly at: Origin } & (
  /** A call whose contract was known. `path` is what the catalog calls it; `declaredAt`, the function that its contract stands on. */
  | { readonly kind: 'contract'; readonly callee: string; readonly contract: Contract; readonly path: string | undefined; readonly declaredAt?: Origin | undefined }
  /** A call of which nothing is known. `isFollowed`: memory goes in. */
  | { readonly kind: 'unknown call'; readonly callee: string; readonly isFollowed: boolean }
  /** A call that was followed into its body. */
  | { readonly kind: 'followed call'; readonly callee: string; readonly into: Origin }
  | ({ readonly kind: 'loan' } & LoanNote)
  /** What the loan of `lentAt` stood for is done. */
  | { readonly kind: 'loan end'; readonly lentAt: Origin; readonly region: RegionId }
  | { readonly kind: 'invalidation'; readonly region: RegionId; readonly how: Invalidation['how']; readonly by: string; readonly certainty: Certainty }
  /** Nothing here refers to the memory of the loan made at `lentAt` any more. */
  | { readonly kind: 'letting go'; readonly lentAt: Origin; readonly region: RegionId }
  /** Memory was overwritten, but not the part that was lent at `lentAt`. */
  | { readonly kind: 'miss'; readonly region: RegionId; readonly lentAt: Origin }
  /** Code came here again, and the memory that it makes is another. */
  | { readonly kind: 'renewal'; readonly region: RegionId }
  /** A function that was not analysed to the end. */
  | { readonly kind: 'given up'; readonly name: string; readonly reason: GivingUp }
  /** What took too long was looked at once more, less closely. */
  | { readonly kind: 'second look'; readonly name: string }
  /** On the watched lines: a variable that is a view. */
  | { readonly kind: 'view'; readonly variable: string; readonly region: RegionId; readonly name: string; readonly isForeign: boolean; readonly isLent: boolean }
  /** On the watched lines: a loan made before, which has not ended. */
  | ({ readonly kind: 'live loan' } & LoanNote)
  /** On the watched lines: what went away at `at`. `isElsewhere`: on ways only that do not lead here. */
  | { readonly kind: 'live move'; readonly region: RegionId; readonly name: string; readonly how: Move['how']; readonly by: string; readonly isElsewhere: boolean }
);

/** A part of a file of which it is noted what is held there. */
export interface Watch {
  readonly file: string;
  /** Offset of the first character. */
  readonly start: number;
  /** Offset after the last character. */
  readonly end: number;
}

/** What is known of a piece of memory, as far as readers care. */
export interface Described {
  readonly at: Origin;
  readonly name: string | undefined;
  readonly isLent: boolean;
  readonly isForeign?: boolean | undefined;
}

/** Keeps what happened, each thing once. */
export class Journal {
  readonly #kept = new Map<string, JournalEntry>();
  /** Of the run that goes on: it may start over. */
  readonly #open = new Map<string, JournalEntry>();
  readonly #watch: Watch;

  /** @param watch - the lines that somebody asks about */
  constructor(watch: Watch) {
    this.#watch = watch;
  }

  note(entry: JournalEntry): void {
    const key = keyOf(entry);
    const old = this.#open.get(key);
    // Nobody calls what is given memory by its name alone unless that is all there is; a certain loan says more.
    if (old === undefined || isMore(entry, old)) this.#open.set(key, entry);
  }

  /** Notes what code on the watched lines has in its hands when it comes to a place. */
  noteState(at: Origin, state: State, describe: (region: RegionId) => Described | undefined): void {
    const { file, start, end } = this.#watch;
    if (at.file !== file || at.start < start || at.start >= end) return;
    for (const { escape, region } of state.loans.values()) {
      if (originKey(escape.at) === originKey(at)) continue;
      const info = describe(region);
      if (info !== undefined) this.note({ kind: 'live loan', at: escape.at, ...loanNote(region, escape, info) });
    }
    for (const [region, move] of state.moves) {
      // Which of several that were made at one place it was is not known, and not reported.
      if (move.how !== 'growth' && baseRegion(region) !== region) continue;
      const name = describe(region)?.name ?? move.name;
      if (name !== '' && originKey(move.at) !== originKey(at)) this.note({ kind: 'live move', at: move.at, region: memoryOf(baseRegion(region)), name, how: move.how, by: move.by, isElsewhere: contradicts(move.facts, state.facts) });
    }
    const noteView = (variable: string, value: Value): void => {
      const info = value.kind === 'view' ? describe(value.region) : undefined;
      if (value.kind === 'view' && info !== undefined) this.note({ kind: 'view', at: info.at, variable, region: value.region, name: info.name ?? '', isForeign: info.isForeign === true, isLent: info.isLent });
    };
    for (const [variable, value] of [...state.frozen.variables, ...state.variables]) if (variable.storage !== 'temporary') noteView(variable.name, value);
    for (const [name, value] of state.object('this')?.fields ?? []) noteView(`this.${name}`, value);
  }

  /** Runs something that may end loans, and notes which. `at`: where; undefined when the memory is out of reach from then on. */
  noteEnds(state: State, at: Origin | undefined, run: () => void): void {
    const before = [...state.loans];
    run();
    for (const [key, { escape, region }] of before) {
      if (state.loans.has(key)) continue;
      this.note(at === undefined ? { kind: 'letting go', at: escape.at, lentAt: escape.at, region } : { kind: 'loan end', at, lentAt: escape.at, region });
    }
  }

  /** The run is over: what it noted stays. */
  close(): void {
    for (const [key, entry] of this.#open) {
      const old = this.#kept.get(key);
      if (old === undefined || isMore(entry, old)) this.#kept.set(key, entry);
    }
    this.#open.clear();
  }

  /** The run starts over, with what it has learnt. */
  restart(): void {
    this.#open.clear();
  }

  get entries(): readonly JournalEntry[] {
    return [...this.#kept.values()];
  }
}

/** What readers are told of a loan. */
export function loanNote(region: RegionId, escape: Loan['escape'], info: Described): LoanNote {
  return {
    how: escape.how,
    region,
    name: info.name ?? '',
    madeAt: info.at,
    isLent: info.isLent,
    certainty: escape.certainty,
    isForeign: info.isForeign === true,
    endsWith: escape.tasks !== undefined ? 'work' : escape.holder !== undefined ? 'container' : undefined,
  };
}

function keyOf(entry: JournalEntry): string {
  const about = 'callee' in entry ? entry.callee : 'variable' in entry ? entry.variable : 'region' in entry ? `${entry.region}${'lentAt' in entry ? originKey(entry.lentAt) : ''}` : '';
  const kind = 'callee' in entry ? 'call' : entry.kind;
  return `${kind}:${originKey(entry.at)}:${about}`;
}

/** The later entry about the same thing says more than the earlier one. */
function isMore(entry: JournalEntry, old: JournalEntry): boolean {
  if (old.kind === 'live move') return old.isElsewhere;
  if (old.kind === 'unknown call') return entry.kind !== 'unknown call' || entry.isFollowed;
  return (old.kind === 'loan' || old.kind === 'invalidation' || old.kind === 'live loan') && old.certainty === 'potential';
}
