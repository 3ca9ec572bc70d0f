import type { BorrowFinding, BorrowKind, Certainty } from '../findings.js';
import type { Origin } from '../ir/index.js';
import type { Invalidation, Loan } from './loan.js';
import type { Site } from './machine.js';
import type { Unit } from './unit.js';

/** The kind of finding that a use after a move makes. */
export const kinds = { transfer: 'use-after-transfer', growth: 'stale-view', release: 'unreleased-ref', lapse: 'lapsed-borrow' } as const;

/** The ways out of the code that are more than a view handed out: what kind of finding each makes, and how a trace tells it. */
const ways: Partial<Record<Loan['escape']['how'], { readonly kind: BorrowKind; readonly step?: string }>> = {
  return: { kind: 'borrowed-return' },
  spawn: { kind: 'borrowed-capture', step: 'work that goes on takes a view of it here' },
  schedule: { kind: 'borrowed-capture', step: 'a function that is called later takes a view of it here' },
  listen: { kind: 'borrowed-capture', step: 'a function that is called later takes a view of it here' },
  'in flight': { kind: 'overwrite-in-flight', step: 'this goes on reading it' },
};

/** The kind of finding that a way out of the code makes. */
export function kindOf(how: Loan['escape']['how']): BorrowKind {
  return ways[how]?.kind ?? 'borrowed-yield';
}

/** What happens at an escape, as a step of a finding's trace. */
export function describeEscape(how: Loan['escape']['how']): string {
  return ways[how]?.step ?? 'a view of it is handed out here';
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

/** The call as a reader knows it: `fh.read()`. */
export function calleeText(unit: Unit, site: Site): string {
  const text = unit.source.textOf(site.at).replace(/^(?:await|new|yield)\s+/, '');
  const open = text.indexOf('(');
  return `${(open < 0 ? text : text.slice(0, open)).slice(0, 60)}()`;
}

/** What an assignment gives a value to, as a reader knows it: `buf[i]` of `buf[i]! ^= 1` and of `++buf[i]`. */
export function assignedText(unit: Unit, at: Origin): string {
  const text = unit.source.textOf(at);
  let depth = 0;
  let end = 0;
  for (; end < text.length && !(depth === 0 && text[end] === '='); end++) {
    if (/[([{]/.test(text.charAt(end))) depth++;
    if (/[)\]}]/.test(text.charAt(end))) depth--;
  }
  return text.slice(0, end).replace(/^(?:\+\+|--)\s*|(?:\+\+|--|[-+*/%&|^<>?\s]+)$/g, '').replace(/!$/, '');
}
