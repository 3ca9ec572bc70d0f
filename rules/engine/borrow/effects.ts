import type { Certainty } from '../findings.js';
import { originKey, type Origin } from '../ir/index.js';
import type { StaticType } from '../world.js';
import { noteUse, refill } from './activity.js';
import type { Frame } from './frame.js';
import { escapeAtHome } from './home.js';
import { areEqual, isAtLeast, isConstant, zero, type Linear } from './linear.js';
import { isBefore, isBehind, loanKey, weakest, type Escape, type Invalidation, type Loan } from './loan.js';
import { renameIdentities } from './identities.js';
import { loanNote } from './journal.js';
import { isForeign, type State } from './state.js';
import { viewsIn } from './views.js';
import type { Unit } from './unit.js';
import { alternatives, type ObjectId, type RegionId, type Value, type View } from './value.js';
import { baseRegion, older } from './region-names.js';

/**
 * A value leaves the code that owns its memory: a loan for every view in it.
 *
 * @param handed.view The expression that was handed over; kept only where it is the view itself.
 * @param frame The activation that hands it to code outside; absent where it is the activation's own caller who is given it.
 */
export function issueLoans(unit: Unit, state: State, value: Value, handed: Escape, frame?: Frame): void {
  if (handed.how !== 'return') askLender(unit, value);
  noteUse(state, value, originKey(handed.at));
  for (const { view, certainty, path } of viewsIn(state, value)) {
    const info = unit.originOf(view.region);
    if (info === undefined) continue;
    const escape = frame === undefined ? handed : escapeAtHome(unit, handed, frame, info.at);
    const loan: Loan = {
      escape: { ...escape, view: escape.view && path && unit.source.memberOf(escape.view, path), certainty: weakest(escape.certainty, certainty, info.isForeign === true || isOfUnknownPart(state, view) ? 'potential' : 'certain') },
      region: view.region,
      type: view.type,
      low: view.low,
      high: view.high,
      past: new Set(),
      floors: [],
      isRewound: false,
      isOlder: false,
      invalidation: undefined,
    };
    unit.journal?.note({ kind: 'loan', at: escape.at, ...loanNote(baseRegion(view.region), loan.escape, info) });
    addLoan(unit, state, loan);
  }
}

/** A view of all that a buffer has, which may have shrunk on the way here: how much of it was given out is not known. */
function isOfUnknownPart(state: State, { region, high }: View): boolean {
  return state.moves.get(region)?.limit !== undefined && (high === undefined || !isConstant(high));
}

/** An unknown value is handed out: where a call or an iteration gave it, that one is looked at more closely in the next round. */
function askLender(unit: Unit, value: Value): void {
  for (const one of alternatives(value)) {
    if (one.kind === 'promise') askLender(unit, one.of);
    if (one.kind !== 'opaque') continue;
    if (one.root.kind === 'call') {
      const key = originKey(one.root.call);
      if (!unit.followed.has(key) && unit.world.calleeOf(one.root.call) !== undefined) unit.follow(key);
    } else if (one.root.kind === 'item') {
      const key = originKey(one.root.iterable);
      if (!unit.lendingIterables.has(key) && isLendingType(unit.world.typeOf(one.root.iterable))) unit.noteLending(key);
    }
  }
}

function isLendingType(type: StaticType): boolean {
  if (type.kind === 'promise') return isLendingType(type.of);
  return type.kind === 'branded' && type.brand === 'Lending';
}

function addLoan(unit: Unit, state: State, loan: Loan): void {
  const key = loanKey(loan);
  const previous = state.loans.get(key);
  if (previous !== undefined) {
    // The same container receives a second view of memory that was overwritten since the first: the first is corrupt by now.
    if (previous.invalidation !== undefined) unit.reporter.loan(previous, previous.invalidation, weakest(previous.invalidation.certainty, previous.escape.certainty));
    state.replaceLoan(key, undefined);
    state.setLoan({ ...previous, isOlder: true });
  }
  state.setLoan(loan);
}

/** All of a region. */
export const whole: { readonly low: Linear; readonly high: undefined } = { low: zero, high: undefined };

/** Bytes of a region change hands or content. `low`/`high` bound the part that does. */
export function invalidate(unit: Unit, state: State, region: RegionId, bounds: { readonly low: Linear | undefined; readonly high: Linear | undefined }, invalidation: Invalidation): void {
  unit.journal?.note({ kind: 'invalidation', at: invalidation.at, region: baseRegion(region), how: invalidation.how, by: invalidation.by, certainty: invalidation.certainty });
  if (state.loans.size === 0) return;
  for (const [key, loan] of [...state.loans]) {
    if (loan.region !== region) continue;
    if (originKey(loan.escape.at) === originKey(invalidation.at)) continue;
    if (isBehind(loan, bounds.low, (place) => state.formAt(place)) || isBefore(loan, bounds.high)) {
      unit.journal?.note({ kind: 'miss', at: invalidation.at, region: baseRegion(region), lentAt: loan.escape.at });
      continue;
    }
    // Where nothing is known of the part that was lent, a write at some offset may as well miss it, unless the cursor was set back.
    const isElsewhere = loan.low === undefined && loan.high === undefined && !loan.isRewound && (bounds.low === undefined || !isConstant(bounds.low));
    const certainty = weakest(isElsewhere ? 'potential' : 'certain', loan.escape.certainty, invalidation.certainty, baseRegion(region) === region ? 'certain' : 'potential');
    if (loan.escape.holder !== undefined) {
      if (loan.invalidation === undefined) state.replaceLoan(key, { ...loan, invalidation: { ...invalidation, certainty } });
    } else unit.reporter.loan(loan, invalidation, certainty);
  }
}

/**
 * A view's bytes are overwritten.
 *
 * @param isFilling by an operation that the code waits for
 */
export function overwrite(unit: Unit, state: State, value: Value, at: Origin, by: string, range: (view: View) => { low: Linear | undefined; high: Linear | undefined }, certainty: Certainty = 'certain', isFilling = false): void {
  const views = alternatives(value);
  for (const view of views) {
    if (view.kind !== 'view') continue;
    const written = range(view);
    // Past the end of a view there is nothing to write.
    if (written.low !== undefined && view.high !== undefined && isAtLeast(written.low, view.high)) continue;
    refill(state, view.region, isFilling);
    // One of the views that it may be ends before, or begins elsewhere.
    const isElsewhere = view.isMerged === true && (view.low === undefined || written.low === undefined || !areEqual(written.low, view.low));
    invalidate(unit, state, view.region, written, { how: 'overwrite', at, by, certainty: value.kind === 'any' || isElsewhere ? 'potential' : certainty });
  }
}

/** A container was emptied or gave an element away: who holds the views now is not known. */
export function releaseHolder(state: State, holder: ObjectId): void {
  for (const [key, loan] of [...state.loans]) if (loan.escape.holder === holder) state.replaceLoan(key, undefined);
}

/** A new call: the caller's memory is another one now. */
export function returnMemory(state: State, region: RegionId): void {
  for (const [key, loan] of [...state.loans]) if (loan.region === region) state.replaceLoan(key, undefined);
}

/** New memory, or an object: the previous instance made at the same place becomes one of the older ones. */
export function renewIdentity(state: State, id: string): void {
  if (isForeign(id)) return;
  renameIdentities(state, (one) => older(one, id));
}
