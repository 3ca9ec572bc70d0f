import type { BorrowFinding, Certainty, MoveFinding, Step } from '../findings.js';
import { originKey, type Origin } from '../ir/index.js';
import type { Duty } from './duties.js';
import type { Frame } from './frame.js';
import { useAtHome } from './home.js';
import type { Invalidation, Loan } from './loan.js';
import { adviceFor, isBetterMove, traceOf, type Move, type MoveUse } from './moves.js';
import { describeEscape, isBetter, kindOf, kinds, shorten } from './reports.js';
import { describeInvalidation, leakOf } from './steps.js';
import type { Unit } from './unit.js';
import type { RegionId } from './value.js';

/** A hand-over by which code elsewhere gets a view that breaks. */
interface Cause {
  readonly at: Origin;
  readonly how: BorrowFinding['escape']['how'];
  readonly certainty: Certainty;
}

/**
 * What code hands out that was given a broken view is no second bug: a whole one is handed out as soon as it is given one. Code that goes on
 * with what a function which is called later has cut is, too, where that function is written in the call that takes it.
 */
function isConsequence({ kind, certainty, escape }: BorrowFinding, cause: Cause): boolean {
  if (kind === 'borrowed-yield') return true;
  if (kind === 'borrowed-return' || cause.how !== 'schedule' || (certainty === 'certain' && cause.certainty === 'potential')) return false;
  return cause.at !== escape.at && cause.at.file === escape.at.file && cause.at.start <= escape.at.start && escape.at.end <= cause.at.end;
}

/** The findings of one unit: of several at one place, the one that says most. */
export class Reporter {
  private readonly unit: Unit;
  private readonly found = new Map<string, BorrowFinding>();
  private readonly moved = new Map<string, MoveFinding>();
  /** What lists hold that is handed back on some path, by where it is taken. */
  private readonly handedBack = new Set<string>();
  /** Hand-overs by code that is given a broken view already, with what gave it that. */
  private readonly consequences = new Map<string, Cause[]>();

  constructor(unit: Unit) {
    this.unit = unit;
  }

  /** Forgets everything: the unit is analysed anew. */
  clear(): void {
    this.found.clear();
    this.moved.clear();
    this.consequences.clear();
    this.handedBack.clear();
  }

  get findings(): readonly (BorrowFinding | MoveFinding)[] {
    const found = [...this.found.values()].filter((finding) => !(this.consequences.get(originKey(finding.escape.at)) ?? []).some((cause) => isConsequence(finding, cause)));
    return [...found, ...[...this.moved.values()].filter(({ form, at }) => form !== 'leak' || !this.handedBack.has(originKey(at)))];
  }

  /** Elements of a list are handed back: on a path where they are not, there may be none. */
  handBack({ at }: Duty): void {
    this.handedBack.add(originKey(at));
  }

  /** Where ways are not told apart, what follows from two of them need not be a path of the program. */
  private atMost(certainty: Certainty): Certainty {
    return this.unit.budget.isCoarse ? 'potential' : certainty;
  }

  /** Memory, or a port or stream, is used after it was moved away. */
  move(region: RegionId, move: Move, found: MoveUse, frame: Frame): void {
    if (this.unit.isSilent) return;
    const kind = kinds[move.how];
    const info = this.unit.originOf(region);
    const seen = useAtHome(this.unit, found, frame, [info?.at, move.origin, move.at]);
    const use = { ...seen, certainty: this.atMost(seen.certainty) };
    const key = `${kind}:${originKey(use.at)}`;
    const old = this.moved.get(key);
    if (old !== undefined && !isBetterMove(use.certainty, move, old)) return;
    const name = shorten(move.name === '' ? (info?.name ?? '') : move.name);
    const what = { name, at: info?.at ?? move.origin, isReceived: info === undefined || info.isForeign === true || move.how === 'lapse' };
    const { how, by, remedy } = move;
    this.moved.set(key, { kind, certainty: use.certainty, at: use.at, form: use.form, what, move: { how, at: move.at, by }, remedy, advice: adviceFor(move, name), trace: traceOf(what, move, use) });
  }

  /** Something that has to be handed back is not, on a path that ends here. */
  leak(duty: Duty, name: string, end: Origin): void {
    const leak = leakOf({ ...duty, certainty: this.atMost(duty.certainty) }, name, end);
    const key = `${leak.kind}:${originKey(leak.at)}`;
    if (!this.unit.isSilent && this.moved.get(key)?.certainty !== 'certain') this.moved.set(key, leak);
  }

  /** What was handed out is overwritten, or gone, while someone still has it. */
  loan(loan: Loan, invalidation: Invalidation, found: Certainty): void {
    const certainty = this.atMost(found);
    const info = this.unit.originOf(loan.region);
    if (info === undefined || this.unit.isSilent) return;
    const { escape } = loan;
    const kind = kindOf(escape.how);
    const key = `${kind}:${originKey(escape.at)}`;
    for (const escapeKey of escape.leadsTo ?? []) this.consequences.set(escapeKey, [...(this.consequences.get(escapeKey) ?? []), { at: escape.at, how: escape.how, certainty }]);
    const old = this.found.get(key);
    if (old !== undefined && !isBetter(certainty, invalidation, old)) return;
    const name = info.name ?? shorten(this.unit.source.textOf(info.at));
    const trace: Step[] = [
      { at: info.at, label: info.isLent ? `\`${name}\` is only lent here` : `\`${name}\` is allocated here` },
      { at: escape.at, label: describeEscape(escape.how) },
      { at: invalidation.at, label: `and then ${describeInvalidation(invalidation)}` },
    ];
    this.found.set(key, {
      kind,
      certainty,
      escape: { how: escape.how, at: escape.at, view: escape.view, type: loan.type, via: escape.via, ...(escape.isUsedBesides === true && { isUsedBesides: true }), ...(escape.captured !== undefined && { captured: escape.captured }) },
      region: { at: info.at, name, isLent: info.isLent },
      invalidation: { how: invalidation.how, at: invalidation.at, by: invalidation.by },
      trace,
    });
  }
}
