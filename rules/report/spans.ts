import type { Linter } from 'eslint';
import { isBorrowFinding, placeOf, type BorrowFinding, type Finding } from '../engine/findings.js';
import type { Origin } from '../engine/ir/index.js';
import { originKey } from '../engine/ir/index.js';
import type { SourceText } from './source-text.js';

/** A stretch of source with what happens there. */
export interface Span {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly label: string;
  /** The place the problem is reported at. */
  readonly isPrimary: boolean;
}

/**
 * The places of a finding, in the order a reader should see them. The trace's words win; what it leaves out of allocation, escape
 * and invalidation is added.
 */
export function spansOf(finding: Finding): Span[] {
  const labels = new Map<string, { at: Origin; label: string }>();
  const add = (at: Origin, label: string): void => {
    const key = originKey(at);
    if (!labels.has(key)) {
      labels.set(key, { at, label });
    }
  };
  for (const { at, label } of finding.trace) {
    add(at, label);
  }
  if (isBorrowFinding(finding)) addBorrow(finding, add);
  else add(finding.at, '');
  const primary = originKey(placeOf(finding));
  return [...labels].map(([key, { at, label }]) => ({ file: at.file, start: at.start, end: at.end, label, isPrimary: key === primary }));
}

function addBorrow({ region, escape, invalidation }: BorrowFinding, add: (at: Origin, label: string) => void): void {
  add(region.at, region.isLent ? `\`${region.name}\` is lent here` : `\`${region.name}\` is allocated here`);
  add(escape.at, 'a view of it leaves here');
  add(invalidation.at, invalidated(invalidation));
}

function invalidated({ how, by }: BorrowFinding['invalidation']): string {
  const agent = by === '' ? '' : ` by ${by.startsWith('the ') ? by : `\`${by}\``}`;
  switch (how) {
    case 'overwrite':
      return `overwritten here${agent}`;
    case 'transfer':
      return `transferred away here${agent}`;
    case 'growth':
      return `its memory may grow and move here${agent}`;
    case 'release':
      return `released here${agent}`;
    case 'next call':
      return `reused here${agent}`;
    case 'callback return':
      return 'no longer valid once this function returns';
    case 'suspension':
      return 'no longer valid once the code waits here';
  }
}

/** The one place that an ESLint message knows. */
export function spanOfMessage(file: string, message: Linter.LintMessage, source: SourceText): Span {
  const start = source.offsetOf({ line: message.line, column: message.column });
  const end = message.endLine === undefined || message.endColumn === undefined ? start : source.offsetOf({ line: message.endLine, column: message.endColumn });
  return { file, start, end: Math.max(end, start), label: '', isPrimary: true };
}
