import type { ViewType } from '../engine/contracts/contract.js';
import { typedArrays } from '../engine/views.js';
import type { Expression, FixContext } from './context.js';
import { planBuffer, planImport } from './imports.js';
import { applyEdits, type Edit, type ImportPlan } from './plan.js';

/** A rewrite of the view expression alone, before the question who may apply it. */
export interface Form {
  readonly edits: readonly Edit[];
  readonly imports?: readonly ImportPlan[];
  /** Present where the form changes something besides the ownership of the bytes. */
  readonly doubt?: string;
}

/**
 * The copy of one expression that is bytes, may be missing, or has a static type that says less than the flow knows.
 *
 * @param view - the expression
 * @param type - the type of the view, where it is known
 * @param context - the file it is written in
 * @returns the rewrite; undefined where no expression copies the value whatever it is
 */
export function copyForm(view: Expression, type: ViewType | undefined, context: FixContext): Form | undefined {
  const form = formOf(view, type, context);
  if (form === undefined) return undefined;
  switch (view.copyable()) {
    case 'view':
      return form;
    case 'nullable':
      return view.isOptional ? form : present(view, form, context);
    case 'generic':
      return { ...form, doubt: 'the copy is not of the type that the type parameter stands for' };
    case 'unknown':
      return isEvident(view) ? form : { ...form, doubt: 'the static type does not tell whether the value is always there' };
    case 'other':
      return undefined;
  }
}

/** `view` -> `view && copy of view`: null stays null, undefined stays undefined. */
function present(view: Expression, form: Form, context: FixContext): Form | undefined {
  if (!view.isRepeatable) return undefined;
  const guarded = prepend(view, `${context.text.slice(view.start, view.end)} && `, form.edits);
  if (view.isStandalone) return { ...form, edits: guarded };
  return { ...form, edits: [...prepend(view, '(', guarded), { start: view.end, end: view.end, text: ')' }] };
}

/** A fresh view: never null, whatever its static type. */
function isEvident(view: Expression): boolean {
  return !view.isOptional && (view.construct !== undefined || view.call?.method === 'subarray' || view.call?.method === 'slice');
}

function formOf(view: Expression, type: ViewType | undefined, context: FixContext): Form | undefined {
  if (type === undefined) return context.hasRuntime && !view.isOptional ? runtimeForm(view, context) : undefined;
  if (type === 'Buffer') return view.isOptional ? undefined : bufferForm(view, context);
  if (type === 'DataView') return view.isOptional ? undefined : dataViewForm(view, context);
  if (type === 'ArrayBuffer' || type === 'SharedArrayBuffer') return { edits: append(view, '.slice(0)') };
  if (!typedArrays.has(type)) return undefined;
  if (type === 'Uint8Array' && context.hasRuntime && !view.isOptional) return runtimeForm(view, context);
  return { edits: sliceOf(view) };
}

/** `u8.subarray(a, b)` becomes `u8.slice(a, b)`, which takes the same arguments and copies; anything else is copied whole. */
function sliceOf(view: Expression): readonly Edit[] {
  if (view.call?.method === 'subarray') return [{ start: view.call.methodName.start, end: view.call.methodName.end, text: 'slice' }];
  return append(view, '.slice()');
}

function runtimeForm(view: Expression, context: FixContext): Form {
  const snapshot = planImport({ module: 'borrowck-runtime', name: 'snapshot', at: view.start }, context);
  return { edits: pass(view, snapshot.local), imports: [snapshot] };
}

/** `Buffer.from(view)` copies and stays a Buffer. */
function bufferForm(view: Expression, context: FixContext): Form {
  const buffer = planBuffer(view.start, context);
  return { edits: pass(view, `${buffer.local}.from`), imports: [buffer] };
}

/** A DataView has no copying method of its own; its buffer is sliced. The new view starts at offset 0, so it is never `machine`. */
function dataViewForm(view: Expression, context: FixContext): Form | undefined {
  const doubt = 'the copy is a DataView over a smaller buffer: its byteOffset is 0';
  const whole = view.construct?.name === 'DataView' && view.construct.arguments.length === 1 ? view.construct.arguments[0] : undefined;
  if (whole !== undefined) return { edits: append(whole, '.slice(0)'), doubt };
  if (!view.isRepeatable) return undefined;
  const name = context.text.slice(view.start, view.end);
  return {
    edits: [
      { start: view.start, end: view.start, text: 'new DataView(' },
      { start: view.end, end: view.end, text: `.buffer.slice(${name}.byteOffset, ${name}.byteOffset + ${name}.byteLength))` },
    ],
    doubt,
  };
}

/** `view` -> `callee(view)` */
function pass(view: Expression, callee: string): readonly Edit[] {
  const [open, close] = view.isArgument ? ['(', ')'] : ['((', '))'];
  return [
    { start: view.start, end: view.start, text: `${callee}${open}` },
    { start: view.end, end: view.end, text: close },
  ];
}

/** `view` -> `view.member`, in parentheses where `view` is no operand of a member access. */
function append(view: Expression, member: string): readonly Edit[] {
  if (view.isMemberOperand) return [{ start: view.end, end: view.end, text: member }];
  return [
    { start: view.start, end: view.start, text: '(' },
    { start: view.end, end: view.end, text: `)${member}` },
  ];
}

/**
 * Edits of an expression that put a text before everything they put before it.
 *
 * @param view - the expression
 * @param text - what comes first
 * @param edits - what else is changed
 * @returns all of it
 */
export function prepend(view: Expression, text: string, edits: readonly Edit[]): readonly Edit[] {
  const [first, ...rest] = edits;
  if (first !== undefined && first.start === view.start && first.end === view.start) return [{ ...first, text: text + first.text }, ...rest];
  return [{ start: view.start, end: view.start, text }, ...edits];
}

/**
 * An expression after the edits that were made to it.
 *
 * @param view - the expression
 * @param edits - what is changed
 * @param context - the file
 * @returns its new text
 */
export function rewritten(view: Expression, edits: readonly Edit[], context: FixContext): string {
  const local = edits.map((edit) => ({ ...edit, start: edit.start - view.start, end: edit.end - view.start }));
  return applyEdits(context.text.slice(view.start, view.end), local);
}
