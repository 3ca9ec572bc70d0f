import type { Rule } from 'eslint';
import { isMoveFinding, type MoveFinding, type MoveKind } from '../engine/findings.js';
import type { FixContext } from '../fixes/context.js';
import type { EditPlan } from '../fixes/plan.js';
import { rederivePlan } from '../fixes/rederive.js';
import { unmovePlan } from '../fixes/unmove.js';
import { finallyPlan, usingPlan } from '../fixes/using.js';
import { analyse, type Analysis } from './analysis.js';
import { locationOf } from './location.js';
import { reportNotices } from './notices.js';
import { borrowRuleOptions, isReported, type BorrowRuleOptions } from './options.js';
import { rememberFinding } from './reported.js';
import { planContext, fixOf, shortened } from './rewriting.js';
import { moveMessageData } from './wording.js';

/** Names the messages of a rule about moves: one for each thing that is done too late, and what the adapter adds. */
export type MoveMessageId<Form extends MoveFinding['form']> = Form | 'copy' | 'notice';

/**
 * The listener of a rule about what was moved away, went stale or was handed back: reports the file's findings of one kind at the use.
 *
 * @param context - the rule's context
 * @param kind - the findings that are the rule's
 * @returns the listener
 */
export function reportMoves(context: Rule.RuleContext, kind: MoveKind): Rule.RuleListener {
  return {
    Program(program) {
      const analysis = analyse(context, 'borrow');
      if (analysis === undefined) return;
      reportNotices(context, analysis, program.range);
      reportMovesIn(context, analysis, kind);
    },
  };
}

/**
 * Reports the findings of one kind in a file that was analysed.
 *
 * @param context - the rule's context
 * @param analysis - the file's analysis
 * @param kind - the findings that are the rule's
 */
export function reportMovesIn(context: Rule.RuleContext, analysis: Analysis, kind: MoveKind): void {
  const options = borrowRuleOptions(context);
  const contextFor = planContext(context, analysis);
  for (const finding of analysis.findings) {
    if (!isMoveFinding(finding) || finding.kind !== kind || !isReported(finding, options)) continue;
    const fixContext = contextFor();
    reportMove(context, finding, analysis, fixContext === undefined ? [] : plansFor(finding, fixContext, analysis.file.sourceFile.fileName), options.fix);
  }
}

/** One of the forms that a finding can be rewritten to. */
interface MovePlan {
  readonly form: BorrowRuleOptions['fix'];
  /** The title of the suggestion. */
  readonly messageId: 'copy' | 'finally' | 'using';
  readonly plan: EditPlan;
}

/** A move is undone where it is made; a view is made again where it is used; what is not handed back is held by what does. */
function plansFor(finding: MoveFinding, context: FixContext, file: string): readonly MovePlan[] {
  switch (finding.move.how) {
    case 'transfer':
      return finding.move.at.file === file ? [{ form: 'snapshot', messageId: 'copy', plan: unmovePlan(finding, context) }] : [];
    case 'growth':
      return [{ form: 'snapshot', messageId: 'copy', plan: rederivePlan(finding, context) }];
    case 'release':
      return [{ form: 'using', messageId: 'using', plan: usingPlan(finding, context) }, { form: 'finally', messageId: 'finally', plan: finallyPlan(finding, context) }];
    case 'lapse':
      return [];
  }
}

function reportMove(context: Rule.RuleContext, finding: MoveFinding, analysis: Analysis, plans: readonly MovePlan[], form: BorrowRuleOptions['fix']): void {
  const loc = locationOf(finding.at, analysis, context);
  if (loc === undefined) return;
  rememberFinding(context.filename, context.id, loc.start.line, loc.start.column + 1, finding);
  // What is proven is applied unless that is turned off; who asks for a form has asked for what comes with it.
  const applied = plans.find(({ plan, form: ofPlan }) => plan.applicability === 'machine' ? form !== 'off' : ofPlan === form && ofPlan !== 'snapshot');
  context.report({
    loc,
    messageId: finding.form,
    data: moveMessageData(finding, analysis.file, context),
    fix: fixOf(applied?.plan),
    suggest: plans.flatMap((one) => {
      const fix = fixOf(one.plan);
      return one === applied || fix === null ? [] : [{ messageId: one.messageId, data: { copy: shortened(one.plan.result) }, fix }];
    }),
  });
}
