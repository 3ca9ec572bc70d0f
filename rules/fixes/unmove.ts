import type { MoveFinding } from '../engine/findings.js';
import type { FixContext } from './context.js';
import { applyEdits, type Edit, type EditPlan, manual } from './plan.js';
import { copyForm } from './copying.js';

/** A transfer list of one item that is a plain path: `[buf]`, `[this.#pixels.buffer]`, `{ transfer: [buf] }`. */
const singleItem = /^(?:\[\s*[\w$.#]+(?:\s+as\s+\w+)?\s*,?\s*\]|\{\s*transfer\s*:\s*\[\s*[\w$.#]+(?:\s+as\s+\w+)?\s*,?\s*\]\s*,?\s*\})$/;

/**
 * Plans the copy in place of a move: what is still used stays, and the other side gets a copy of it.
 *
 * Without its transfer list a message is copied as a whole, which is what a snapshot before the transfer would come to, without
 * moving the snapshot. Where an argument itself is moved, it is copied for the call.
 *
 * @param finding - something used after it was moved
 * @param context - the file that moves it
 * @returns the plan; `manual` where the call cannot be rewritten
 */
export function unmovePlan(finding: MoveFinding, context: FixContext): EditPlan {
  const { remedy, certainty } = finding;
  if (remedy === undefined) return manual('what was moved cannot be copied');
  const form = remedy.how === 'unlist' ? withoutList(remedy.list, context) : remedy.how === 'slice' ? slicing(remedy.call, context) : copying(remedy, context);
  if (form === undefined) return manual('the call does more than this copy could stand in for');
  const doubt = certainty === 'potential' ? 'the use is not certain' : form.doubt;
  return { edits: form.edits, imports: form.imports ?? [], applicability: doubt === undefined ? 'machine' : 'maybe', result: form.result, why: doubt ?? 'the other side gets the same bytes' };
}

interface Form {
  readonly edits: readonly Edit[];
  readonly imports?: EditPlan['imports'];
  readonly result: string;
  readonly doubt?: string | undefined;
}

/** `port.postMessage(x, [x.buffer])` -> `port.postMessage(x)` */
function withoutList(list: { readonly start: number; readonly end: number }, { text }: FixContext): Form | undefined {
  if (!singleItem.test(text.slice(list.start, list.end))) return undefined;
  const before = /,\s*$/.exec(text.slice(0, list.start));
  const after = /^\s*,?\s*\)/.exec(text.slice(list.end));
  // Anything else between the arguments is a comment.
  if (before === null || after === null) return undefined;
  const start = list.start - before[0].length;
  const end = list.end + after[0].length - 1;
  const line = text.slice(text.lastIndexOf('\n', start) + 1, start);
  return { edits: [{ start, end, text: '' }], result: `${line.trim()})` };
}

/** `buffer.transfer()` -> `buffer.slice(0)` */
function slicing(call: { readonly start: number; readonly end: number }, { text }: FixContext): Form | undefined {
  const written = text.slice(call.start, call.end);
  const method = /\.\s*(transfer(?:ToFixedLength)?\s*\(\s*\))$/.exec(written)?.[1];
  if (method === undefined) return undefined;
  const edits = [{ start: call.end - method.length, end: call.end, text: 'slice(0)' }];
  return { edits, result: `${written.slice(0, -method.length)}slice(0)`, doubt: undefined };
}

/** `controller.enqueue(view)` -> `controller.enqueue(view.slice())` */
function copying({ view, type }: Extract<NonNullable<MoveFinding['remedy']>, { how: 'copy' }>, context: FixContext): Form | undefined {
  const expression = context.expressionAt(view);
  const form = expression && copyForm(expression, type, context);
  if (expression === undefined || form === undefined) return undefined;
  const local = form.edits.map((edit) => ({ ...edit, start: edit.start - view.start, end: edit.end - view.start }));
  return { edits: form.edits, imports: form.imports ?? [], result: applyEdits(context.text.slice(view.start, view.end), local), doubt: type === undefined ? 'the type of the view is not known' : form.doubt };
}
