import type { Range } from './context.js';
import type { Edit, ImportPlan } from './plan.js';

/** One replacement; what is put at one place by several is put there in the order of nesting. */
interface Change extends Edit {
  /** Behind an expression, before one, or in place of something. */
  readonly role: 'close' | 'open' | 'replace';
  /** The whole that is wrapped: of two that begin at one place, the longer is outside. */
  readonly whole: Range;
}

/** Changes that were asked for contradict each other. */
export class ConflictError extends Error {
  override readonly name = 'ConflictError';
}

/** What is to change in one file, as one thing after the other asks for it. The same change asked for twice is made once. */
export class Draft {
  readonly #changes = new Map<string, Change>();
  readonly #imports = new Map<string, ImportPlan>();

  /** The names that are brought in. */
  get imports(): readonly ImportPlan[] {
    return [...this.#imports.values()];
  }

  /** Puts text before and behind a stretch. */
  wrap(whole: Range, before: string, behind: string): void {
    if (before !== '') this.#add({ start: whole.start, end: whole.start, text: before, role: 'open', whole });
    if (behind !== '') this.#add({ start: whole.end, end: whole.end, text: behind, role: 'close', whole });
  }

  /** Puts text in the place of a stretch. */
  replace({ start, end }: Range, text: string): void {
    this.#add({ start, end, text, role: start === end ? 'open' : 'replace', whole: { start, end } });
  }

  /** Brings a name of a module into the file. */
  import(plan: ImportPlan): void {
    if (plan.edit !== undefined) this.#imports.set(`${plan.module}#${plan.local}`, plan);
  }

  /** Takes over all that another draft of the same file asks for. */
  add(other: Draft): void {
    for (const [key, change] of other.#changes) this.#changes.set(key, change);
    for (const [key, plan] of other.#imports) this.#imports.set(key, plan);
  }

  /**
   * All edits, those of the imports included, in the order of the text; those at one place are one.
   *
   * @throws {ConflictError} when two replace the same text
   */
  get edits(): readonly Edit[] {
    const imports = importEdits(this.imports).map((edit): Change => ({ ...edit, role: 'open', whole: edit }));
    const edits: { start: number; end: number; text: string }[] = [];
    for (const change of [...imports, ...this.#changes.values()].sort(byNesting)) {
      const last = edits.at(-1);
      if (last !== undefined && change.start < last.end) throw new ConflictError('two rewrites change the same expression');
      if (last?.start === change.start && last.end === change.start) {
        last.text += change.text;
        last.end = change.end;
      } else {
        edits.push({ start: change.start, end: change.end, text: change.text });
      }
    }
    return edits;
  }

  #add(change: Change): void {
    this.#changes.set(`${change.role}:${change.start}:${change.end}:${change.whole.start}:${change.whole.end}:${change.text}`, change);
  }
}

const order = { close: 0, open: 1, replace: 2 } as const;

function byNesting(a: Change, b: Change): number {
  if (a.start !== b.start) return a.start - b.start;
  if (a.role !== b.role) return order[a.role] - order[b.role];
  // Behind: the inner is closed first. Before: the outer is opened first.
  return a.role === 'close' ? b.whole.start - a.whole.start : b.whole.end - a.whole.end;
}

/** New imports of one module are one import. */
function importEdits(plans: readonly ImportPlan[]): readonly Edit[] {
  const edits = new Map<string, { readonly plan: ImportPlan; readonly specifiers: string[]; readonly edit: Edit }>();
  for (const plan of plans) {
    const { edit, specifier } = plan;
    if (edit === undefined) continue;
    const key = `${plan.module}:${edit.start}`;
    const known = edits.get(key);
    if (known === undefined) edits.set(key, { plan, specifiers: [specifier], edit });
    else known.specifiers.push(specifier);
  }
  return [...edits.values()].map(({ plan, specifiers, edit }) => ({ ...edit, text: ofTypesOnly(edit.text.replace(plan.specifier, () => specifiers.join(', '))) }));
}

/** `import { type A, type B }` would still load the module. */
function ofTypesOnly(text: string): string {
  return text.replace(/import \{ ((?:type [\w$ ]+(?:, )?)+) \}/, (_, specifiers: string) => `import type { ${specifiers.replaceAll(/\btype /g, '')} }`);
}
