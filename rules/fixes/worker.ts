import type { BorrowFinding } from '../engine/findings.js';
import type { FixContext } from './context.js';
import { Draft } from './draft.js';
import { freeName, planBuffer, planImport, runtimeMissing } from './imports.js';
import { stepIn } from './layout.js';
import { type EditPlan, manual } from './plan.js';

/** How many copies wait for the worker. The file says the number, and can say another. */
const CAPACITY = 16;

/** `store`, `sink.store`: what is the same whoever calls it, where the first name is the file's own. */
const plainCallee = /^([\w$]+)(?:\.[\w$]+)*$/;

/**
 * Plans the channel form of work that is begun with a view and not waited for: the file gets a worker, which is sent copies through a
 * bounded channel and does the work with one after the other; whoever is ahead of it waits.
 *
 * @param finding - a view that work which goes on has borrowed
 * @param context - the file of the call
 * @returns the plan, never more than `maybe`: what ran at the same time runs in turn
 */
export function workerPlan(finding: BorrowFinding, context: FixContext): EditPlan {
  if (!context.hasRuntime) return manual(runtimeMissing);
  const { how, at, view, type } = finding.escape;
  if (how !== 'spawn' || view === undefined) return manual('no call is given the view to go on with');
  const call = context.expressionAt(at);
  if (call?.statement === undefined || call.calleeRange === undefined || !call.canAwait()) return manual('no `await` can stand before the call');
  const [argument, ...others] = call.argumentExpressions;
  if (others.length > 0 || argument?.start !== view.start || argument.end !== view.end) return manual('the work is given more than the view');
  const { text } = context;
  const callee = text.slice(call.calleeRange.start, call.calleeRange.end);
  const [, root = ''] = plainCallee.exec(callee) ?? [];
  if (context.scopeOf(root, at.start) !== 'module') return manual('who does the work is known at the call only');
  const before = text.slice(call.statement.start, view.start);
  const behind = text.slice(view.end, call.end);
  if (!/^(?:void\s+)?[\w$.]+\(\s*$/.test(before) || !/^\s*,?\s*\)$/.test(behind)) return manual('something else stands around the view');
  if (type !== 'Buffer' && type !== 'Uint8Array') return manual('the view is none of bytes');
  const copy = type === 'Buffer' ? planBuffer(view.start, context) : planImport({ module: 'borrowck-runtime', name: 'snapshot', at: view.start }, context);
  const channel = planImport({ module: 'borrowck-runtime', name: 'channel', at: view.start }, context);
  const [sender, receiver, bytes] = ['sender', 'receiver', 'bytes'].map((name) => freeName(name, context)) as [string, string, string];
  const draft = new Draft();
  for (const one of [copy, channel]) draft.import(one);
  const copied = `${copy.local}${type === 'Buffer' ? '.from' : ''}(`;
  draft.replace({ start: call.statement.start, end: view.start }, `await ${sender}.send(${copied}`);
  draft.replace({ start: view.end, end: call.end }, '))');
  declareWorker(draft, { callee, sender, receiver, bytes, channel: channel.local, type: context.isTyped ? `<${type}>` : '' }, context);
  return { edits: draft.edits, imports: [], applicability: 'maybe', result: `await ${sender}.send(${copied}${text.slice(view.start, view.end)}))`, why: 'what ran at the same time runs in turn' };
}

interface WorkerNames {
  readonly callee: string;
  readonly sender: string;
  readonly receiver: string;
  readonly bytes: string;
  readonly channel: string;
  /** The channel's type argument. */
  readonly type: string;
}

/** The channel and its worker, behind the imports. */
function declareWorker(draft: Draft, { callee, sender, receiver, bytes, channel, type }: WorkerNames, { importSlot, style, text }: FixContext): void {
  const { at, before, after } = importSlot;
  const { newline, semicolon } = style;
  const work = [
    `/** What waits for \`${callee}\`. */`,
    `const [${sender}, ${receiver}] = ${channel}${type}(${CAPACITY})${semicolon}`,
    `void (async () => {`,
    `${stepIn(text)}for await (const ${bytes} of ${receiver}) await ${callee}(${bytes})${semicolon}`,
    `})()${semicolon}`,
  ].join(newline);
  draft.replace({ start: at, end: at }, before === '' ? `${work}${after}` : `${before}${newline}${work}${after}`);
}
