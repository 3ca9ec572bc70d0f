import type { MoveFinding } from '../engine/findings.js';
import type { FixContext, Range } from './context.js';
import { Draft } from './draft.js';
import { freeName } from './imports.js';
import { indentationAt, stepIn } from './layout.js';
import { applyEdits, type EditPlan, manual } from './plan.js';

/**
 * Plans to hold by `using` what a path does not hand back: `const lease = arena.lease(x)` becomes `using lease = …`, and
 * `const ref = arena.alloc(x)` becomes a lease of the same block.
 *
 * It hands back at the end of the block, which may be later than the code meant to.
 *
 * @param finding - something that is not released on a path
 * @param context - the file
 * @returns the plan; `manual` where it leaves the block, or where there is no `using`
 */
export function usingPlan(finding: MoveFinding, context: FixContext): EditPlan {
  if (finding.form !== 'leak') return manual('it was released too early, or twice');
  const holding = context.holdingOf(finding.at);
  if (typeof holding === 'string') return manual(holding);
  const { objectionToUsing, keyword, name, type, lease, uses, releases } = holding;
  if (objectionToUsing !== undefined) return manual(objectionToUsing);
  const { text } = context;
  const draft = new Draft();
  const written = text.slice(finding.at.start, finding.at.end);
  draft.replace(keyword, 'using');
  let result = `using ${text.slice(name.start, name.end)} = ${written}`;
  if (lease !== undefined) {
    if (/\/[/*]/.test(text.slice(name.end, type?.end ?? name.end))) return manual('a comment stands before the type');
    const local = freeName('lease', context);
    draft.replace({ start: name.start, end: type?.end ?? name.end }, local);
    draft.replace(lease, 'lease');
    for (const use of uses) draft.replace(use, `${local}.ref`);
    for (const release of releases) draft.replace(withItsLine(release, text), '');
    result = `using ${local} = ${text.slice(finding.at.start, lease.start)}lease${text.slice(lease.end, finding.at.end)}`;
  }
  return { edits: draft.edits, imports: [], applicability: 'maybe', result, why: 'it is handed back at the end of the block' };
}

/**
 * Plans to hand back a ref in a `finally`, whichever way the rest of its block ends.
 *
 * @param finding - something that is not released on a path
 * @param context - the file
 * @returns the plan; `manual` where it leaves the block, or where what hands it back is not known
 */
export function finallyPlan(finding: MoveFinding, context: FixContext): EditPlan {
  if (finding.form !== 'leak') return manual('it was released too early, or twice');
  const holding = context.holdingOf(finding.at);
  if (typeof holding === 'string') return manual(holding);
  const { name, releases, owned } = holding;
  if (owned === undefined) return manual('what hands it back is not known');
  const { text, style } = context;
  const { newline, semicolon } = style;
  const { start, end } = owned.rest;
  const rest = applyEdits(text.slice(start, end), releases.map((release) => ({ ...shifted(withItsLine(release, text), -start), text: '' })));
  const [, behind, body] = /^([^\n]*\n)([^]*)$/.exec(rest) ?? [];
  if (behind === undefined || body?.trim() === undefined || !/^;?[ \t]*(?:\/\/.*|\/\*.*\*\/[ \t]*)?\r?\n$/.test(behind)) return manual('the block is written on one line');
  const outer = indentationAt(holding.keyword.start, text);
  const step = stepIn(text);
  // The lines of a template are what it says.
  const deeper = /`[^`]*\n[^`]*`/.test(body) ? body : body.replaceAll(/^(?=[^\r\n])/gm, step);
  const release = `${owned.arena}.release(${text.slice(name.start, name.end)})`;
  const written = `${behind}${outer}try {${newline}${deeper.trimEnd()}${newline}${outer}} finally {${newline}${outer}${step}${release}${semicolon}${newline}${outer}}${newline}${/[ \t]*$/.exec(rest)?.[0] ?? ''}`;
  return { edits: [{ start, end, text: written }], imports: [], applicability: 'maybe', result: `try { … } finally { ${release}${semicolon} }`, why: 'it is handed back at the end of the block' };
}

function shifted({ start, end }: Range, by: number): Range {
  return { start: start + by, end: end + by };
}

/** A statement, with its line where nothing else stands on it. */
function withItsLine({ start, end }: Range, text: string): Range {
  const before = /\r?\n[ \t]*$/.exec(text.slice(0, start))?.[0];
  return before !== undefined && /^[ \t]*\r?\n/.test(text.slice(end)) ? { start: start - before.length, end } : { start, end };
}
