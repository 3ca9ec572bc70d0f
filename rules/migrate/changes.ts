import type { Range } from '../fixes/context.js';
import { Draft } from '../fixes/draft.js';
import type { Edit, ImportPlan } from '../fixes/plan.js';

/** What is to change in the files of a program. The same change asked for twice is made once. */
export class Changes {
  readonly #drafts = new Map<string, Draft>();

  /** The files that change. */
  get files(): readonly string[] {
    return [...this.#drafts.keys()].sort();
  }

  /** What is to change in one file. */
  of(file: string): Draft {
    let draft = this.#drafts.get(file);
    if (draft === undefined) this.#drafts.set(file, (draft = new Draft()));
    return draft;
  }

  /** Puts text before and behind a stretch. */
  wrap(file: string, whole: Range, before: string, behind: string): void {
    this.of(file).wrap(whole, before, behind);
  }

  /** Puts text in the place of a stretch. */
  replace(file: string, range: Range, text: string): void {
    this.of(file).replace(range, text);
  }

  /** Brings a name of a module into a file. */
  import(file: string, plan: ImportPlan): void {
    if (plan.edit !== undefined) this.of(file).import(plan);
  }

  /**
   * Takes over the changes of another plan.
   *
   * @throws {ConflictError} when the two cannot both be made; then nothing was taken over
   */
  merge(other: Changes): void {
    const union = new Map<string, Draft>();
    for (const file of new Set([...this.files, ...other.files])) {
      const draft = new Draft();
      for (const one of [this.#drafts.get(file), other.#drafts.get(file)]) if (one !== undefined) draft.add(one);
      // Asked for here, so that a contradiction shows before anything is taken over.
      if (draft.edits.length > 0) union.set(file, draft);
    }
    for (const [file, draft] of union) this.#drafts.set(file, draft);
  }

  /**
   * The edits of one file, in the order of the text; those at one place are one.
   *
   * @throws {ConflictError} when two replace the same text
   */
  editsOf(file: string): readonly Edit[] {
    return this.#drafts.get(file)?.edits ?? [];
  }
}
