import type { BorrowFinding } from '../engine/findings.js';
import type { Expression, FixContext } from './context.js';
import { capturedPlan } from './captured.js';
import { copyForm, prepend, rewritten } from './copying.js';
import { type EditPlan, type ImportPlan, manual } from './plan.js';

/**
 * Plans the owned snapshot of an escaping view: the code outside gets a copy, and the buffer stays the code's own.
 *
 * A copy keeps the static type: `.slice()` for typed arrays, `Buffer.from()` for `Buffer`. `snapshot()` of the runtime stands in for
 * `.slice()` on `Uint8Array`, where it gives the same type, and is all there is where the type is not known.
 *
 * @param finding - a borrowed value that outlives its borrow
 * @param context - the file that the view is written in
 * @returns the plan; `manual` where no single expression can be copied
 */
export function snapshotPlan(finding: BorrowFinding, context: FixContext): EditPlan {
  const { view, type, captured, at } = finding.escape;
  if (captured !== undefined) {
    // What is cut for this work alone is copied where it is cut; what others use, too, or what stays the same in a loop, when the work is begun.
    const isCutHere = view !== undefined && context.areAsOften(view, at);
    const plan = isCutHere && finding.escape.isUsedBesides !== true ? undefined : capturedPlan(captured, finding, context);
    if (plan !== undefined && (plan.applicability !== 'manual' || !isCutHere)) return plan;
  }
  if (view === undefined) return manual('no single expression here is the view');
  const expression = context.expressionAt(view);
  if (expression === undefined) return manual('the view is not an expression of this file');

  const targets = targetsOf(expression);
  const forms = targets.flatMap((target) => copyForm(target, type, context) ?? []);
  if (forms.length === 0 || forms.length < targets.length) return manual('there is no expression that copies this value whatever it is');

  const doubts = forms.flatMap((form) => form.doubt ?? []);
  if (type === undefined) doubts.push('the type of the view is not known');
  if (finding.certainty === 'potential') doubts.push('the overwrite is not certain');
  if (finding.escape.isUsedBesides === true) doubts.push('other code uses the same variable');
  const edits = forms.flatMap((form) => form.edits);
  return {
    edits: expression.shorthand === undefined ? edits : prepend(expression, `${expression.shorthand}: `, edits),
    imports: distinct(forms.flatMap((form) => form.imports ?? [])),
    applicability: doubts.length === 0 ? 'machine' : 'maybe',
    result: rewritten(expression, edits, context),
    why: doubts[0] ?? 'the copy has the same type and the same bytes',
  };
}

/** What is copied: the whole value, or, where it is bytes in some of its branches only, those branches. */
function targetsOf(view: Expression): readonly Expression[] {
  if (view.branches === undefined) return view.isNullish ? [] : [view];
  const copyable = view.copyable();
  const isWhole = copyable === 'view' || (copyable === 'unknown' && !view.branches.some(({ isNullish }) => isNullish));
  return isWhole ? [view] : view.branches.flatMap(targetsOf);
}

function distinct(imports: readonly ImportPlan[]): readonly ImportPlan[] {
  return imports.filter((one, index) => imports.findIndex(({ module, name }) => module === one.module && name === one.name) === index);
}
