import type { BorrowFinding, BorrowKind, Certainty } from '../findings.js';
import type { Invalidation, Loan } from './loan.js';

/** The kind of finding that a use after a move makes. */
export const kinds = { transfer: 'use-after-transfer', growth: 'stale-view', release: 'unreleased-ref', lapse: 'lapsed-borrow' } as const;

/** The kind of finding that a way out of the code makes. */
export function kindOf(how: Loan['escape']['how']): BorrowKind {
  switch (how) {
    case 'return':
      return 'borrowed-return';
    case 'spawn':
    case 'schedule':
    case 'listen':
      return 'borrowed-capture';
    case 'in flight':
      return 'overwrite-in-flight';
    default:
      return 'borrowed-yield';
  }
}

/** Enough of an expression to recognise it. */
export function shorten(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 39)}…`;
}

/** Of two findings at one place, the one that says more. */
export function isBetter(certainty: Certainty, invalidation: Invalidation, old: BorrowFinding): boolean {
  if (certainty !== old.certainty) return certainty === 'certain';
  // The first overwrite in the file of the escape, so that a message does not depend on the order of the analysis.
  const now = invalidation.at;
  const before = old.invalidation.at;
  if ((now.file === old.escape.at.file) !== (before.file === old.escape.at.file)) return now.file === old.escape.at.file;
  return now.start < before.start;
}
