import type { CaptureHow, EscapeHow, ViewType } from '../contracts/contract.js';
import type { BorrowFinding, Certainty } from '../findings.js';
import { originKey, type Origin } from '../ir/index.js';
import { areEqual, isAtLeast, type Linear } from './linear.js';
import type { ObjectId, RegionId, TaskId } from './value.js';

/** Why a loan's bytes are no longer what they were. */
export interface Invalidation {
  readonly how: BorrowFinding['invalidation']['how'];
  readonly at: Origin;
  readonly by: string;
  readonly certainty: Certainty;
}

/** What every loan issued by one escape has in common. */
export interface Escape {
  readonly how: EscapeHow | CaptureHow;
  readonly at: Origin;
  /** The expression whose value is the view itself. */
  readonly view: Origin | undefined;
  readonly via: string | undefined;
  readonly certainty: Certainty;
  /** The loan is over when this container is emptied or gone; issued by storing into it. */
  readonly holder: ObjectId | undefined;
  /** The loan is over when any of these is done. */
  readonly tasks?: readonly TaskId[] | undefined;
  /** The code that holds it looks at the buffer itself, not at a part that was cut for it: it may be meant to see what others write. */
  readonly isShared?: boolean | undefined;
  /** The expression is one that other code uses, too. */
  readonly isUsedBesides?: boolean | undefined;
  /** The variable that code which runs later finds it in. */
  readonly captured?: string | undefined;
  /** Where the code that holds it hands it on. */
  readonly leadsTo?: ReadonlySet<string> | undefined;
}

/** A view that somebody else holds now. Immutable: states share loans. */
export interface Loan {
  readonly escape: Escape;
  readonly region: RegionId;
  readonly type: ViewType | undefined;
  /** The part that was lent: `[low, high)` in elements; absent when unknown. */
  readonly low: Linear | undefined;
  readonly high: Linear | undefined;
  /** Places (variables, fields) whose number is at or beyond `high` on every path here: a write from there on does not touch the loan. */
  readonly past: ReadonlySet<string>;
  /** The cursor that was past it was set back: memory that was handed out is used again. */
  readonly isRewound: boolean;
  /** Numbers at or beyond `high` that no place holds any more: where a view was cut before the cursor moved on. */
  readonly floors: readonly Linear[];
  /** Stands for all loans of this escape but the last one. */
  readonly isOlder: boolean;
  /** For a loan held by a container: it was overwritten since. Becomes an error when the same store runs again. */
  readonly invalidation: Invalidation | undefined;
}

/**
 * Equal for loans that are merged. Certain and doubtful ones stay apart: what is known of a certain loan must not be lost to a
 * path that is hardly ever taken.
 */
export function loanKey(loan: Loan): string {
  return `${loan.region}|${loan.escape.how}|${originKey(loan.escape.at)}|${loan.escape.holder ?? ''}|${loan.escape.tasks?.join() ?? ''}${loan.isOlder ? '|~' : ''}${loan.escape.certainty === 'potential' ? '|?' : ''}`;
}

/** The bytes from `low` on lie behind the loan, whatever happened since it was issued. */
export function isBehind(loan: Loan, low: Linear | undefined, formAt: (place: string) => Linear | undefined): boolean {
  if (low === undefined) return false;
  if (loan.high !== undefined && isAtLeast(low, loan.high)) return true;
  if (loan.floors.some((floor) => isAtLeast(low, floor))) return true;
  for (const place of loan.past) {
    const form = formAt(place);
    if (form !== undefined && isAtLeast(low, form)) return true;
  }
  return false;
}

/** The bytes up to `high` lie before the loan. */
export function isBefore(loan: Loan, high: Linear | undefined): boolean {
  return high !== undefined && loan.low !== undefined && isAtLeast(loan.low, high);
}

const weaker = (a: Certainty, b: Certainty): Certainty => (a === 'potential' ? a : b);

/** Two loans of one key become one; what holds for it holds for both. */
export function mergeLoans(a: Loan, b: Loan): Loan {
  if (a === b) return a;
  const past = isSubset(a.past, b.past) ? a.past : isSubset(b.past, a.past) ? b.past : new Set([...a.past].filter((place) => b.past.has(place)));
  const floors = a.floors.filter((floor) => b.floors.some((other) => areEqual(floor, other)));
  const isRewound = a.isRewound || b.isRewound;
  const low = sameForm(a.low, b.low);
  const high = sameForm(a.high, b.high);
  const type = a.type === b.type ? a.type : undefined;
  const invalidation = a.invalidation ?? b.invalidation;
  if (past === a.past && floors.length === a.floors.length && isRewound === a.isRewound && low === a.low && high === a.high && type === a.type && invalidation === a.invalidation) return a;
  return { ...a, past, floors, isRewound, low, high, type, invalidation };
}

/** What is only as certain as the least certain of these. */
export function weakest(...certainties: readonly Certainty[]): Certainty {
  return certainties.reduce(weaker, 'certain');
}

function sameForm(a: Linear | undefined, b: Linear | undefined): Linear | undefined {
  return a !== undefined && b !== undefined && isAtLeast(a, b, 0) && isAtLeast(b, a, 0) ? a : undefined;
}

function isSubset(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  if (a.size > b.size) return false;
  for (const one of a) if (!b.has(one)) return false;
  return true;
}
