import type { AsyncFinding, StreamRewrite } from '../engine/findings.js';
import type { Expression, FixContext, Range } from './context.js';
import { declareDrained } from './drained.js';
import { Draft } from './draft.js';
import { planImport } from './imports.js';
import type { EditPlan } from './plan.js';

/**
 * Plans how code around a stream heeds it: awaits a full sink, lets the sink call back, or hands an error to the stream's callback.
 *
 * @param finding - a sink that nobody waits for, or an exception that leaves a stream
 * @param context - the file
 * @returns the plan; undefined where the code has another form than the rewrites know
 */
export function streamPlan(finding: AsyncFinding, context: FixContext): EditPlan | undefined {
  const { rewrite, certainty, at } = finding;
  if (rewrite === undefined) return undefined;
  const plan = planOf(at, rewrite, context);
  return plan?.applicability === 'machine' && certainty === 'potential' ? { ...plan, applicability: 'maybe', why: 'the finding is not certain' } : plan;
}

function planOf(at: Range, rewrite: StreamRewrite, context: FixContext): EditPlan | undefined {
  switch (rewrite.how) {
    case 'await':
      return awaited(at, rewrite, context);
    case 'hold':
      return held(at, rewrite, context);
    case 'call back':
      return calledBack(at, rewrite, context);
    case 'bound':
      return undefined;
  }
}

/** `out.write(x);` -> `if (!out.write(x)) await drained(out);` */
function awaited(at: Range, { sink, isHarmless, isOwnFile }: Extract<StreamRewrite, { how: 'await' }>, context: FixContext): EditPlan | undefined {
  const { text, style } = context;
  const call = context.expressionAt(at);
  if (call?.statement === undefined) return undefined;
  const written = text.slice(call.start, call.end);
  const applicability = isHarmless ? 'machine' : 'maybe';
  const why = isHarmless ? 'the function is async, and nothing it shares changes while it waits' : 'something that the function shares may change while it waits, or what it waits for may never come';
  if (sink === undefined) {
    const result = `await ${written}`;
    return { edits: [{ start: call.statement.start, end: call.end, text: result }], imports: [], applicability, result, why };
  }
  if (context.expressionAt(sink)?.isRepeatable !== true) return undefined;
  const draft = new Draft();
  const name = objectOf(call, context) ?? text.slice(sink.start, sink.end);
  const isFull = call.isOptional ? `${written} === false` : `!${written}`;
  let result: string;
  if (isOwnFile) {
    const once = planImport({ module: 'node:events', aliases: ['events'], name: 'once', at: call.start }, context);
    draft.import(once);
    result = `if (${isFull}) await ${once.local}(${name}, ${style.quote}drain${style.quote})`;
  } else {
    result = `if (${isFull}) await ${declareDrained(draft, context)}(${name})`;
  }
  draft.replace({ start: call.start, end: call.end }, result);
  return { edits: draft.edits, imports: [], applicability, result, why };
}

/** `this.out!` of `this.out!.write(chunk)`: what the code asserts of the sink, it asserts here, too. */
function objectOf({ calleeRange }: Expression, { text }: FixContext): string | undefined {
  const [, object] = /^([^]*?)\s*\??\.\s*[\w$#]+$/.exec(calleeRange === undefined ? '' : text.slice(calleeRange.start, calleeRange.end)) ?? [];
  return object?.replace(/^\((.*)\)$/, '$1');
}

/** `socket.write(chunk); done();` -> `socket.write(chunk, done);` */
function held(call: Range, { callback, acknowledgement, isHarmless }: Extract<StreamRewrite, { how: 'hold' }>, context: FixContext): EditPlan | undefined {
  const { text } = context;
  const statement = context.expressionAt(acknowledgement)?.statement;
  if (context.expressionAt(call)?.statement === undefined || statement === undefined || !/[^,\s]\)$/.test(text.slice(call.start, call.end))) return undefined;
  const line = /(?:\r?\n)?[ \t]*$/.exec(text.slice(0, statement.start))?.[0] ?? '';
  return {
    edits: [
      { start: call.end - 1, end: call.end - 1, text: `, ${callback}` },
      { start: statement.start - line.length, end: statement.end, text: '' },
    ],
    imports: [],
    applicability: isHarmless ? 'machine' : 'maybe',
    result: `${text.slice(call.start, call.end - 1)}, ${callback})`,
    why: isHarmless ? 'the sink calls back when it has taken the chunk, or is closed' : 'the sink may be closed, and never call back',
  };
}

/** `throw new Error('…');` -> `return done(new Error('…'));` */
function calledBack(at: Range, { callback, isHarmless }: Extract<StreamRewrite, { how: 'call back' }>, context: FixContext): EditPlan | undefined {
  const thrown = /^throw\s+([\s\S]*?)\s*(;?)$/.exec(context.text.slice(at.start, at.end));
  if (thrown?.[1] === undefined || !context.canCallInstead(callback, at)) return undefined;
  const result = `return ${callback}(${thrown[1]})`;
  return {
    edits: [{ start: at.start, end: at.end, text: `${result}${thrown[2] ?? ''}` }],
    imports: [],
    applicability: isHarmless ? 'machine' : 'maybe',
    result,
    why: isHarmless ? 'the step ends here either way, and the stream is told' : 'the callback may have been called already',
  };
}
