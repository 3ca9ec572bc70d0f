import { isBorrowFinding, isMoveFinding, placeOf, type Finding } from '../engine/findings.js';
import type { FixContext } from '../fixes/context.js';
import type { EditPlan } from '../fixes/plan.js';
import { rederivePlan } from '../fixes/rederive.js';
import { snapshotPlan } from '../fixes/snapshot.js';
import { unmovePlan } from '../fixes/unmove.js';
import { Changes } from './changes.js';
import type { Chain, Form } from './index.js';
import { Refusal } from './refusal.js';
import type { Workspace } from './workspace.js';

/** Plans the rewrite of a finding in its file; undefined where the form has nothing to do with it. */
type PlanOf = (finding: Finding, context: FixContext) => EditPlan | undefined;

/**
 * Owned copies in the place of borrowed views, in every file.
 *
 * @param options - whether to rewrite as well what rests on something that could not be proven
 * @returns the form
 */
export function ownedSnapshot(options: { readonly isLenient: boolean }): Form {
  return formOf((finding, context) => {
    if (isBorrowFinding(finding)) return snapshotPlan(finding, context);
    if (!isMoveFinding(finding)) return undefined;
    return finding.move.how === 'transfer' ? unmovePlan(finding, context) : finding.move.how === 'growth' ? rederivePlan(finding, context) : undefined;
  }, options);
}

/** A form that rewrites each finding of the borrow family in one file. */
export function formOf(planOf: PlanOf, { isLenient }: { readonly isLenient: boolean }): Form {
  return (workspace) => workspace.targets.flatMap((file) => workspace.findings(file, 'borrow').flatMap((finding): readonly Chain[] => {
    if (finding.certainty !== 'certain') return [];
    const { start, end } = placeOf(finding);
    const where = isBorrowFinding(finding) ? (finding.escape.view ?? finding.escape.at) : isMoveFinding(finding) && finding.move.how === 'transfer' ? finding.move.at : finding.at;
    const context = contextAt(where.file, workspace);
    const plan = context && planOf(finding, context);
    if (context === undefined || plan === undefined) return [];
    return [{
      title: file.getFullText().slice(start, end).split('\n')[0] ?? '',
      at: { file: file.getFilePath(), start, end },
      plan: () => changesOf(plan, where, isLenient, workspace),
    }];
  }));
}

function contextAt(path: string, workspace: Workspace): FixContext | undefined {
  const file = workspace.file(path);
  return file !== undefined && workspace.isOwn(file) ? workspace.contextOf(file) : undefined;
}

function changesOf(plan: EditPlan, at: { readonly file: string; readonly start: number }, isLenient: boolean, workspace: Workspace): Changes {
  const file = workspace.file(at.file);
  if (file === undefined) throw new Error(`the program has no ${at.file}`);
  if (plan.applicability === 'manual' || (plan.applicability === 'maybe' && !isLenient)) throw new Refusal(file.getDescendantAtPos(at.start) ?? file, plan.why);
  const changes = new Changes();
  for (const edit of plan.edits) changes.replace(at.file, edit, edit.text);
  for (const one of plan.imports) changes.import(at.file, one);
  return changes;
}
