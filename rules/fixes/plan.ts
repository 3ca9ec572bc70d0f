/** A replacement of `[start, end)` in the text of one file. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A name of a module that a plan's edits use. */
export interface ImportPlan {
  readonly module: string;
  readonly name: string;
  /** How the edits write it: `snapshot`, `snapshot_`, `runtime.snapshot`. */
  readonly local: string;
  /** How the edit names it: `snapshot`, `snapshot as snapshot_`. */
  readonly specifier: string;
  /** What brings the name into the file; undefined where it is there already. */
  readonly edit: Edit | undefined;
  /** The import that the edit adds, where none of the module is there. */
  readonly statement?: string;
}

/**
 * `machine`: proven to change nothing but the bug; `--fix` applies it. `maybe`: changes timing or a type, or rests on something that
 * could not be proven; an editor suggestion. `manual`: there is no rewrite; `why` says so.
 */
export type Applicability = 'machine' | 'maybe' | 'manual';

/** How to rewrite one finding. */
export interface EditPlan {
  /** In the order of the text; they do not overlap each other, nor the imports' edits. */
  readonly edits: readonly Edit[];
  readonly imports: readonly ImportPlan[];
  readonly applicability: Applicability;
  /** The rewritten expression, for the suggestion's title; empty for `manual`. */
  readonly result: string;
  /** One sentence: why it is no more than `maybe` or `manual`, or what makes it safe. */
  readonly why: string;
}

/**
 * The plan of a form that has no rewrite for a finding.
 *
 * @param why - what stands against it, in words that can follow a colon
 * @returns a plan without edits
 */
export function manual(why: string): EditPlan {
  return { edits: [], imports: [], applicability: 'manual', result: '', why };
}

/**
 * All edits of a plan, imports included.
 *
 * @param plan - the plan
 * @returns its edits in the order of the text
 */
export function editsOf(plan: EditPlan): readonly Edit[] {
  const imports = plan.imports.flatMap((one) => (one.edit === undefined ? [] : [one.edit]));
  return [...imports, ...plan.edits].sort((a, b) => a.start - b.start || a.end - b.end);
}

/**
 * The text after a set of edits.
 *
 * @param text - the text they were made for
 * @param edits - edits that do not overlap, in any order
 * @returns the rewritten text
 */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = '';
  let position = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
    result += text.slice(position, edit.start) + edit.text;
    position = edit.end;
  }
  return result + text.slice(position);
}
