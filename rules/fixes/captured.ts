import type { BorrowFinding } from '../engine/findings.js';
import type { FixContext } from './context.js';
import { copyForm, rewritten } from './copying.js';
import { Draft } from './draft.js';
import { freeName } from './imports.js';
import { precede } from './layout.js';
import { type EditPlan, manual } from './plan.js';

/**
 * Plans a copy for a function that runs later, made where the function is handed over: `later(() => look(buffer))` becomes
 * `const copy = buffer.slice(); later(() => look(copy))`.
 *
 * @param variable - the name by which the function gets at the view
 * @param finding - the view that it has borrowed
 * @param context - the file
 * @returns the plan, never more than `maybe`: whether the function was to see the bytes of now, or those of later, its author knows
 */
export function capturedPlan(variable: string, finding: BorrowFinding, context: FixContext): EditPlan {
  const { at, how, type } = finding.escape;
  if (how === 'listen') return manual('the function is called again and again: the bytes of now are not those of every call');
  const closure = context.closureOf(variable, at);
  if (typeof closure === 'string') return manual(closure);
  const [first] = closure.uses;
  const expression = first && context.expressionAt(first);
  const form = expression && copyForm(expression, type, context);
  if (expression === undefined || form === undefined) return manual('there is no expression that copies this value whatever it is');
  const draft = new Draft();
  const copy = freeName('copy', context);
  const result = rewritten(expression, form.edits, context);
  const { before, behind } = precede(closure, `const ${copy} = ${result}`, context);
  draft.wrap(closure.statement, before, behind);
  for (const use of closure.uses) draft.replace(use, context.expressionAt(use)?.shorthand === undefined ? copy : `${variable}: ${copy}`);
  return { edits: draft.edits, imports: form.imports ?? [], applicability: 'maybe', result, why: 'what runs later sees the bytes of the moment when it was handed over' };
}
