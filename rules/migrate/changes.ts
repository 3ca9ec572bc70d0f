import type { Range } from '../fixes/context.js';
import type { Edit, ImportPlan } from '../fixes/plan.js';

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

/** What is to change in the files of a program. The same change asked for twice is made once. */
export class Changes {
  readonly #changes = new Map<string, Map<string, Change>>();
  readonly #imports = new Map<string, Map<string, ImportPlan>>();

  /** The files that change. */
  get files(): readonly string[] {
    return [...new Set([...this.#changes.keys(), ...this.#imports.keys()])].sort();
  }

  /** Puts text before and behind a stretch. */
  wrap(file: string, whole: Range, before: string, behind: string): void {
    if (before !== '') this.#add(file, { start: whole.start, end: whole.start, text: before, role: 'open', whole });
    if (behind !== '') this.#add(file, { start: whole.end, end: whole.end, text: behind, role: 'close', whole });
  }

  /** Puts text in the place of a stretch. */
  replace(file: string, { start, end }: Range, text: string): void {
    this.#add(file, { start, end, text, role: start === end ? 'open' : 'replace', whole: { start, end } });
  }

  /** Brings a name of a module into a file. */
  import(file: string, plan: ImportPlan): void {
    if (plan.edit === undefined) return;
    entry(this.#imports, file).set(`${plan.module}#${plan.local}`, plan);
  }

  /**
   * Takes over the changes of another plan.
   *
   * @throws {ConflictError} when the two cannot both be made; then nothing was taken over
   */
  merge(other: Changes): void {
    const union = new Changes();
    for (const changes of [this, other]) {
      for (const [file, each] of changes.#changes) for (const [key, change] of each) entry(union.#changes, file).set(key, change);
      for (const [file, each] of changes.#imports) for (const [key, plan] of each) entry(union.#imports, file).set(key, plan);
    }
    for (const file of union.files) union.editsOf(file);
    for (const [file, changes] of union.#changes) this.#changes.set(file, changes);
    for (const [file, plans] of union.#imports) this.#imports.set(file, plans);
  }

  /**
   * The edits of one file, in the order of the text; those at one place are one.
   *
   * @throws {ConflictError} when two replace the same text
   */
  editsOf(file: string): readonly Edit[] {
    const imports = importEdits([...(this.#imports.get(file)?.values() ?? [])]).map((edit): Change => ({ ...edit, role: 'open', whole: edit }));
    const edits: { start: number; end: number; text: string }[] = [];
    for (const change of [...imports, ...(this.#changes.get(file)?.values() ?? [])].sort(byNesting)) {
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

  #add(file: string, change: Change): void {
    entry(this.#changes, file).set(`${change.role}:${change.start}:${change.end}:${change.whole.start}:${change.whole.end}:${change.text}`, change);
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

function entry<V>(map: Map<string, Map<string, V>>, key: string): Map<string, V> {
  let inner = map.get(key);
  if (inner === undefined) map.set(key, (inner = new Map<string, V>()));
  return inner;
}
