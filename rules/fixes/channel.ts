import type { BorrowFinding } from '../engine/findings.js';
import type { FixContext, Generator, Range } from './context.js';
import { planImport, runtimeMissing } from './imports.js';
import { applyEdits, type Edit, type EditPlan, manual } from './plan.js';

/** How many copies wait for the consumer. A few are enough to keep both sides busy; the file says the number, and can say another. */
const CAPACITY = 16;

/** What an async generator may be declared to return, and what is read from it: bytes. */
const declared = /^(AsyncGenerator|AsyncIterableIterator|AsyncIterator|AsyncIterable)<\s*(?:Uint8Array|Buffer)(?:<\w+>)?\s*(?:,[^<>]*)?>$/;

/**
 * Plans the channel form of an async generator that hands out views of its buffer: its body becomes a worker that owns the buffer and
 * sends copies, at most so many ahead of the consumer.
 *
 * @param finding - a view that is handed out by a `yield`
 * @param context - the file
 * @returns the plan, never more than `maybe`: the worker starts when the function is called, and a `Buffer` becomes a `Uint8Array`
 */
export function channelPlan(finding: BorrowFinding, context: FixContext): EditPlan {
  if (!context.hasRuntime) return manual(runtimeMissing);
  if (finding.escape.how !== 'yield') return manual('only a generator can become a worker as it stands');
  const generator = context.generatorAround(finding.escape.at);
  if (generator === undefined || !generator.isAsync) return manual('consumers of a generator that is not async do not wait');
  const reason = objection(generator, context);
  if (reason !== undefined) return manual(reason);
  const returned = returnTypeEdit(generator, context);
  if (returned === undefined) return manual('its return type is one that no channel has');

  const stream = planImport({ module: 'borrowck-runtime', name: 'snapshotStream', at: generator.body.start }, context);
  const values = returned.isIterator ? '.values()' : '';
  const edits: Edit[] = [
    { ...generator.asyncKeyword, text: '' },
    { ...generator.star, text: '' },
    ...returned.edits,
    { ...generator.body, text: worker(generator, stream.local, values, context) },
  ];
  return {
    edits: edits.sort((a, b) => a.start - b.start),
    imports: [stream],
    applicability: 'maybe',
    result: `return ${stream.local}(async (emit) => …, { capacity: ${CAPACITY} })${values}`,
    why: finding.escape.type === 'Buffer' ? 'consumers get a Uint8Array, and the worker starts before the first item is asked for' : 'the worker starts before the first item is asked for',
  };
}

function objection({ yields, hasResult }: Generator, context: FixContext): string | undefined {
  if (hasResult) return 'it returns a value besides what it yields';
  for (const { value, isStatement, isDelegating } of yields) {
    if (isDelegating) return 'it hands on what another generator yields';
    if (!isStatement || value === undefined) return 'it takes what its consumer sends back';
    if (context.expressionAt(value)?.copyable() !== 'view') return 'not all that it yields is bytes';
  }
  return undefined;
}

function returnTypeEdit({ returnType, isIterator }: Generator, { text }: FixContext): { readonly edits: readonly Edit[]; readonly isIterator: boolean } | undefined {
  if (returnType === undefined) return { edits: [], isIterator };
  const [, name] = declared.exec(text.slice(returnType.start, returnType.end)) ?? [];
  if (name === undefined) return undefined;
  const isOnlyIterable = name === 'AsyncIterable';
  return { edits: [{ ...returnType, text: `${isOnlyIterable ? name : 'AsyncIterableIterator'}<Uint8Array>` }], isIterator: !isOnlyIterable };
}

/** The new body: the old one, one level deeper, with `await emit(…)` for each `yield …`. */
function worker({ body, yields }: Generator, stream: string, values: string, context: FixContext): string {
  const { text, style } = context;
  const emit = context.isUnused('emit') ? 'emit' : 'emit_';
  const edits = yields.flatMap(({ range, value }): readonly Edit[] => {
    if (value === undefined) return [];
    const { start, end } = unwrapped(value, range, text);
    return [
      { start: range.start, end: start, text: `await ${emit}(` },
      { start: end, end: range.end, text: ')' },
    ];
  });
  const local = edits.map((edit) => ({ ...edit, start: edit.start - body.start, end: edit.end - body.start }));
  const inner = applyEdits(text.slice(body.start, body.end), local).slice(1, -1);
  const { newline } = style;
  const outer = /[ \t]*$/.exec(inner)?.[0] ?? '';
  const step = indentationIn(inner, outer);
  const isFixed = /`[^`]*\n[^`]*`/.test(inner);
  const deeper = isFixed ? inner : inner.replaceAll(/\n(?=[^\r\n])/g, `\n${step}`);
  const lead = inner.startsWith('\n') || inner.startsWith('\r\n') ? '' : ' ';
  return `{${newline}${outer}${step}return ${stream}(async (${emit}) => {${lead}${deeper.replace(/[ \t]*$/, `${outer}${step}`)}}, { capacity: ${CAPACITY} })${values}${style.semicolon}${newline}${outer}}`;
}

/** `yield (x)` needs no second pair of parentheses. */
function unwrapped(value: Range, whole: Range, text: string): Range {
  const isWrapped = text.slice(value.start, value.end).startsWith('(') && text.slice(value.start, value.end).endsWith(')') && value.end === whole.end;
  return isWrapped && !text.slice(value.start + 1, value.end - 1).includes(')') ? { start: value.start + 1, end: value.end - 1 } : value;
}

function indentationIn(inner: string, outer: string): string {
  const first = /\n([ \t]+)\S/.exec(inner)?.[1] ?? '';
  return first.startsWith(outer) && first.length > outer.length ? first.slice(outer.length) : '  ';
}
