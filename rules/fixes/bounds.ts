import type { AsyncFinding, StreamRewrite } from '../engine/findings.js';
import type { FixContext } from './context.js';
import { applyEdits, type Edit, type EditPlan } from './plan.js';

type Bound = Extract<StreamRewrite, { readonly how: 'bound' }>;

/**
 * Plans the bound of a queue that a package or the platform makes: `new Piscina({ filename })` becomes
 * `new Piscina({ maxQueue: 'auto', filename })`, `pMap(urls, load)` becomes `pMap(urls, load, { concurrency: 8 })`.
 *
 * What happens beyond the bound (values are dropped, callers are refused, tasks wait) and which number is right, the program's author
 * has to say: never more than a suggestion.
 *
 * @param finding - a call that leaves the bound out, or says that there is none
 * @param context - the file
 * @returns the plan; undefined where the bound has no place in the call as it is written
 */
export function boundPlan({ at, rewrite }: AsyncFinding, context: FixContext): EditPlan | undefined {
  const call = context.expressionAt(at);
  if (rewrite?.how !== 'bound' || call === undefined) return undefined;
  const edit = rewrite.value === undefined ? added(at, rewrite, context) : { start: rewrite.value.start, end: rewrite.value.end, text: rewrite.example };
  if (edit === undefined) return undefined;
  const local = { ...edit, start: edit.start - at.start, end: edit.end - at.start };
  return {
    edits: [edit],
    imports: [],
    applicability: 'maybe',
    result: applyEdits(context.text.slice(at.start, at.end), [local]),
    why: 'what happens beyond the bound is for the program to say',
  };
}

/** One more property of the options, or one more argument. */
function added(at: AsyncFinding['at'], { argument, property, example, options, arguments: count }: Bound, { text }: FixContext): Edit | undefined {
  const given = property === undefined ? example : `${property}: ${example}`;
  if (options !== undefined) {
    if (text[options.start] !== '{') return undefined;
    const isEmpty = /^\{\s*\}$/.test(text.slice(options.start, options.end));
    return isEmpty ? { start: options.start, end: options.end, text: `{ ${given} }` } : { start: options.start + 1, end: options.start + 1, text: ` ${given},` };
  }
  // Anything that is left out before it has no value that would do.
  if (count !== argument || text[at.end - 1] !== ')') return undefined;
  const last = /(,?)\s*\)$/.exec(text.slice(at.start, at.end));
  const separator = count === 0 || last?.[1] === ',' ? '' : ', ';
  const value = property === undefined ? example : `{ ${given} }`;
  return { start: at.end - 1, end: at.end - 1, text: `${separator}${value}` };
}
