import type { BorrowFinding } from '../engine/findings.js';
import type { FixContext } from './context.js';
import { type EditPlan, manual } from './plan.js';

/**
 * Plans to wait for work that has a view, before the code goes on to overwrite it: `void send(view)` becomes `await send(view)`.
 *
 * It changes when the code after it runs, so that nobody but its author can say whether it is what was meant.
 *
 * @param finding - a view that work which goes on has borrowed
 * @param context - the file of the call
 * @returns the plan; `manual` where no `await` can stand, or where the promise is used
 */
export function waitingPlan(finding: BorrowFinding, context: FixContext): EditPlan {
  const { how, at } = finding.escape;
  if (how !== 'spawn' && how !== 'in flight') return manual('there is no promise of the work');
  const call = context.expressionAt(at);
  if (call?.statement === undefined || !call.canAwait()) return manual('no `await` can stand before the call');
  const before = { start: call.statement.start, end: call.start };
  const written = context.text.slice(before.start, before.end);
  if (!/^(?:void\s+)?$/.test(written)) return manual('something else stands before the call');
  return { edits: [{ ...before, text: 'await ' }], imports: [], applicability: 'maybe', result: `await ${context.text.slice(call.start, call.end)}`, why: 'what comes after it runs later' };
}
