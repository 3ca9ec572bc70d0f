import type { Rule } from 'eslint';
import type { CaptureHow, EscapeHow } from '../engine/contracts/contract.js';
import type { BorrowFinding, MoveKind } from '../engine/findings.js';
import { arenaPlan } from '../fixes/arena.js';
import { channelPlan } from '../fixes/channel.js';
import type { EditPlan } from '../fixes/plan.js';
import { refsPlan } from '../fixes/refs.js';
import { snapshotPlan } from '../fixes/snapshot.js';
import { waitingPlan } from '../fixes/waiting.js';
import { workerPlan } from '../fixes/worker.js';
import { analyse, type Analysis } from './analysis.js';
import { borrowRuleOptions, isReported, type BorrowRuleOptions } from './options.js';
import { rememberFinding } from './reported.js';
import { locationOf } from './location.js';
import { reportNotices } from './notices.js';
import { reportMovesIn } from './report-moves.js';
import { fixOf, planContext, shortened } from './rewriting.js';
import { borrowMessageData } from './wording.js';

/** What the adapter adds to the messages of every borrow rule. */
export type AdapterMessageId = 'copy' | 'notice';

/** Names the messages of the rules about views that are handed out: one for each way, and what the adapter adds. */
export type BorrowMessageId = Exclude<EscapeHow, 'iterator result'> | 'iteratorResult' | AdapterMessageId;

/**
 * The listener of a borrow rule: reports the file's findings of one kind.
 *
 * A finding is reported at its escape (the whole `yield`, call, `return` or store), which is the statement that a reader has to
 * change and that an `eslint-disable-next-line` comment stands above.
 *
 * @param context - the rule's context
 * @param kind - the findings that are the rule's
 * @param moves - findings about moves that are the rule's, too
 * @returns the listener
 */
export function reportBorrows(context: Rule.RuleContext, kind: BorrowFinding['kind'], moves?: MoveKind): Rule.RuleListener {
  return {
    Program(program) {
      const analysis = analyse(context, 'borrow');
      if (analysis === undefined) return;
      reportNotices(context, analysis, program.range);
      const options = borrowRuleOptions(context);
      const findings = analysis.findings.filter((finding): finding is BorrowFinding => finding.kind === kind && isReported(finding, options));
      const contextFor = planContext(context, analysis);
      const plansFor = (finding: BorrowFinding): readonly FormPlan[] => {
        const { view, captured, at } = finding.escape;
        const rewritten = view ?? (captured === undefined ? undefined : at);
        const fixContext = rewritten?.file === analysis.file.sourceFile.fileName ? contextFor() : undefined;
        if (fixContext === undefined) return [];
        const snapshot: FormPlan = { form: 'snapshot', messageId: 'copy', plan: snapshotPlan(finding, fixContext) };
        switch (kind) {
          case 'borrowed-yield':
            return [snapshot, { form: 'channel', messageId: 'channel', plan: channelPlan(finding, fixContext) }, { form: 'arena', messageId: 'arena', plan: refsPlan(finding, fixContext) }];
          case 'borrowed-return':
            return [snapshot, { form: 'arena', messageId: 'arena', plan: refsPlan(finding, fixContext) }];
          case 'borrowed-capture':
            return [snapshot, { form: 'arena', messageId: 'arena', plan: arenaPlan(finding, fixContext) }, { form: 'channel', messageId: 'channel', plan: workerPlan(finding, fixContext) }, { form: 'await', messageId: 'await', plan: waitingPlan(finding, fixContext) }];
          case 'overwrite-in-flight':
            return [snapshot, { form: 'await', messageId: 'await', plan: waitingPlan(finding, fixContext) }];
        }
      };
      for (const finding of findings) reportBorrow(context, finding, analysis, plansFor, options);
      if (moves !== undefined) reportMovesIn(context, analysis, moves);
    },
  };
}

/** One of the forms that a finding can be rewritten to. */
interface FormPlan {
  readonly form: Exclude<BorrowRuleOptions['fix'], 'off'>;
  /** The title of the suggestion. */
  readonly messageId: string;
  readonly plan: EditPlan;
}

function reportBorrow(
  context: Rule.RuleContext,
  finding: BorrowFinding,
  analysis: Analysis,
  plansFor: (finding: BorrowFinding) => readonly FormPlan[],
  options: BorrowRuleOptions,
): void {
  const loc = locationOf(finding.escape.at, analysis, context);
  if (loc === undefined) return;
  rememberFinding(context.filename, context.id, loc.start.line, loc.start.column + 1, finding);
  const plans = plansFor(finding).filter(({ plan }) => plan.applicability !== 'manual');
  const applied = plans.find(({ form, plan }) => form === options.fix && isApplicable(form, plan));
  context.report({
    loc,
    messageId: messageIdOf(finding.escape.how),
    data: borrowMessageData(finding, analysis.file, context),
    fix: fixOf(applied?.plan),
    suggest: plans.flatMap((one) => {
      const fix = fixOf(one.plan);
      return one === applied || fix === null ? [] : [{ messageId: one.messageId, data: { copy: shortened(one.plan.result) }, fix }];
    }),
  });
}

/** A snapshot is what everyone gets, and must be proven. Who asks for another form has asked for what comes with it. */
function isApplicable(form: FormPlan['form'], plan: EditPlan): boolean {
  return plan.applicability === 'machine' || form !== 'snapshot';
}

function messageIdOf(how: EscapeHow | CaptureHow): string {
  return how === 'iterator result' ? 'iteratorResult' : how === 'in flight' ? 'inFlight' : how;
}
