import type { Rule } from 'eslint';
import { isMoveFinding, type MoveFinding, type MoveKind } from '../engine/findings.js';
import type { FixContext } from '../fixes/context.js';
import type { EditPlan } from '../fixes/plan.js';
import { rederivePlan } from '../fixes/rederive.js';
import { unmovePlan } from '../fixes/unmove.js';
import { usingPlan } from '../fixes/using.js';
import { analyse, type Analysis } from './analysis.js';
import { locationOf } from './location.js';
import { reportNotices } from './notices.js';
import { borrowRuleOptions, isReported } from './options.js';
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
    reportMove(context, finding, analysis, fixContext && planOf(finding, fixContext, analysis.file.sourceFile.fileName), options.fix !== 'off');
  }
}

/** A move is undone where it is made; a view is made again where it is used; what is not handed back is held by what does. */
function planOf(finding: MoveFinding, context: FixContext, file: string): EditPlan | undefined {
  switch (finding.move.how) {
    case 'transfer':
      return finding.move.at.file === file ? unmovePlan(finding, context) : undefined;
    case 'growth':
      return rederivePlan(finding, context);
    case 'release':
      return usingPlan(finding, context);
    case 'lapse':
      return undefined;
  }
}

function reportMove(context: Rule.RuleContext, finding: MoveFinding, analysis: Analysis, plan: EditPlan | undefined, isApplicable: boolean): void {
  const loc = locationOf(finding.at, analysis, context);
  if (loc === undefined) return;
  rememberFinding(context.filename, context.id, loc.start.line, loc.start.column + 1, finding);
  const fix = fixOf(plan);
  const isApplied = plan?.applicability === 'machine' && isApplicable;
  context.report({
    loc,
    messageId: finding.form,
    data: moveMessageData(finding, analysis.file, context),
    fix: isApplied ? fix : null,
    suggest: !isApplied && fix !== null && plan !== undefined ? [{ messageId: finding.move.how === 'release' ? 'using' : 'copy', data: { copy: shortened(plan.result) }, fix }] : [],
  });
}
