import type { BorrowFinding } from '../engine/findings.js';
import { declareArena } from './arena.js';
import type { FixContext } from './context.js';
import { Draft } from './draft.js';
import { planImport, runtimeMissing } from './imports.js';
import { type EditPlan, manual } from './plan.js';

/** What may be declared to be given: bytes, or what bytes are read from one after the other. */
const declared = /^(?<before>(?:(?:Promise|(?:Async)?(?:Generator|IterableIterator|Iterator|Iterable))<\s*)?)(?<bytes>(?:Uint8Array|Buffer)(?:<\w+>)?)(?=\s*(?:,[^<>]*)?>?$)/;

/**
 * Plans the arena form of a function that gives a view of its buffer, by `return` or `yield`: the bytes are copied into an arena that the
 * file exports, and whoever calls the function is given a ref, reads it through the arena and hands it back.
 *
 * @param finding - a view that is returned or yielded
 * @param context - the file
 * @returns the plan, never more than `maybe`: callers in other files have to read what they are given
 */
export function refsPlan(finding: BorrowFinding, context: FixContext): EditPlan {
  if (!context.hasRuntime) return manual(runtimeMissing);
  const { how, at, type } = finding.escape;
  if (how !== 'return' && how !== 'yield') return manual('it is not returned, and not yielded');
  if (type !== 'Buffer' && type !== 'Uint8Array') return manual('the view is none of bytes');
  if (context.format === 'commonjs') return manual('the file is no ES module: it cannot export the arena beside it');
  const giver = context.giverAround(at);
  if (typeof giver === 'string') return manual(giver);
  const { returnType, values } = giver;
  if (values.some((value) => context.expressionAt(value)?.copyable() !== 'view')) return manual('not all that it gives is bytes');
  const draft = new Draft();
  if (returnType !== undefined) {
    const { before, bytes } = declared.exec(context.text.slice(returnType.start, returnType.end))?.groups ?? {};
    if (before === undefined || bytes === undefined) return manual('its return type is one that refs do not fit in');
    const refType = planImport({ module: 'borrowck-runtime', name: 'ByteRef', at: 0, isType: true }, context);
    draft.import(refType);
    draft.replace({ start: returnType.start + before.length, end: returnType.start + before.length + bytes.length }, refType.local);
  }
  const arena = declareArena(draft, context, true, undefined, 'What callers are given to read, and to hand back.');
  for (const value of values) draft.wrap(value, `${arena}.alloc(`, ')');
  const [first] = values;
  return { edits: draft.edits, imports: [], applicability: 'maybe', result: first === undefined ? '' : `${how} ${arena}.alloc(${context.text.slice(first.start, first.end)})`, why: 'callers are given a ref, read it through the arena and hand it back' };
}
