import type { MoveFinding } from '../engine/findings.js';
import type { FixContext } from './context.js';
import { type EditPlan, manual } from './plan.js';

/** A view over a path's buffer, with offsets that are names or numbers. */
const derivation = /^\s*(?::[^=;]+)?=\s*(new [A-Z]\w*\(\s*((?:this|[A-Za-z_$][\w$]*)(?:\.#?[\w$]+)*)\.buffer\s*(?:,\s*[\w$.]+\s*){0,2}\))\s*(?:;|\n)/;

/**
 * Plans to make a view again where it is used: a constant of this file stands for what it was made of, and the memory's buffer is
 * another one now.
 *
 * @param finding - a view used after its memory grew
 * @param context - the file that uses it
 * @returns the plan; `manual` where the view's making cannot be repeated
 */
export function rederivePlan(finding: MoveFinding, context: FixContext): EditPlan {
  const { text } = context;
  const { start } = finding.at;
  const name = /^[A-Za-z_$][\w$]*/.exec(text.slice(start))?.[0];
  if (name === undefined) return manual('the view is not a variable of this file');
  const declared = [...text.matchAll(new RegExp(`\\b(const|let|var)\\s+${escaped(name)}(?![\\w$])`, 'g'))];
  const [only] = declared;
  if (only === undefined || declared.length > 1 || only[1] !== 'const') return manual('the view is not a constant of this file');
  const made = derivation.exec(text.slice(only.index + only[0].length));
  const [, expression, memory] = made ?? [];
  if (expression === undefined || memory === undefined) return manual('how the view was made cannot be repeated');
  const isFixed = isUnassigned(memory, text);
  const doubt = finding.certainty === 'potential' ? 'that the memory grew is not certain' : isFixed ? undefined : 'what the view was made of may be another object now';
  return {
    edits: [{ start, end: start + name.length, text: expression }],
    imports: [],
    applicability: doubt === undefined ? 'machine' : 'maybe',
    result: expression,
    why: doubt ?? 'the new view shows the same bytes of the grown memory',
  };
}

/** The file gives the path a value once at most: where it is declared. */
function isUnassigned(path: string, text: string): boolean {
  const assignments = [...text.matchAll(new RegExp(`(?<![\\w$.])(const\\s+)?${escaped(path)}\\s*=(?![=>])`, 'g'))];
  return assignments.every(([, isConst]) => isConst !== undefined);
}

function escaped(name: string): string {
  return name.replaceAll(/[.$]/g, '\\$&');
}
