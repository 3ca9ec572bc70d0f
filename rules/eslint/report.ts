import type { Rule } from 'eslint';
import type { ParserServices } from '@typescript-eslint/utils';
import type { EscapeHow } from '../engine/contracts/contract.js';
import type { BorrowFinding } from '../engine/findings.js';
import { copyableOf } from '../engine/types/copyable.js';
import type { FixContext } from '../fixes/context.js';
import { editsOf, type EditPlan } from '../fixes/plan.js';
import { snapshotPlan } from '../fixes/snapshot.js';
import { analyse, type Analysis } from './analysis.js';
import { fixContextOf } from './fix-context.js';
import { borrowRuleOptions, isReported, type BorrowRuleOptions } from './options.js';
import { rememberFinding } from './reported.js';
import { isSameText, locationOf } from './location.js';
import { reportNotices } from './notices.js';
import { mayUseRuntime } from './runtime-package.js';
import { settingsOf } from './settings.js';
import type { TypedFile } from './type-information.js';
import { typescriptOf } from './typescript.js';
import { borrowMessageData } from './wording.js';

/** Names the messages of a borrow rule: one for each way that a view leaves, and what the adapter adds. */
export type BorrowMessageId = Exclude<EscapeHow, 'iterator result'> | 'iteratorResult' | 'copy' | 'notice';

/**
 * The listener of a borrow rule: reports the file's findings of one kind.
 *
 * A finding is reported at its escape (the whole `yield`, call, `return` or store), which is the statement that a reader has to
 * change and that an `eslint-disable-next-line` comment stands above.
 *
 * @param context - the rule's context
 * @param kind - the findings that are the rule's
 * @returns the listener
 */
export function reportBorrows(context: Rule.RuleContext, kind: BorrowFinding['kind']): Rule.RuleListener {
  return {
    Program(program) {
      const analysis = analyse(context, 'borrow');
      if (analysis === undefined) return;
      reportNotices(context, analysis, program.range);
      const options = borrowRuleOptions(context);
      const findings = analysis.findings.filter((finding): finding is BorrowFinding => finding.kind === kind && isReported(finding, options));
      let fixContext: FixContext | undefined;
      const planFor = (finding: BorrowFinding): EditPlan | undefined => {
        if (!isRewritable(finding, analysis, context)) return undefined;
        fixContext ??= contextOf(analysis.file, context);
        return snapshotPlan(finding, fixContext);
      };
      for (const finding of findings) reportBorrow(context, finding, analysis, planFor, options);
    },
  };
}

function reportBorrow(
  context: Rule.RuleContext,
  finding: BorrowFinding,
  analysis: Analysis,
  planFor: (finding: BorrowFinding) => EditPlan | undefined,
  options: BorrowRuleOptions,
): void {
  const loc = locationOf(finding.escape.at, analysis, context);
  if (loc === undefined) return;
  rememberFinding(context.filename, context.id, loc.start.line, loc.start.column + 1, finding);
  const plan = planFor(finding);
  const fix = fixOf(plan);
  const isApplied = plan?.applicability === 'machine' && options.fix !== 'off';
  context.report({
    loc,
    messageId: messageIdOf(finding.escape.how),
    data: borrowMessageData(finding, analysis.file, context),
    fix: isApplied ? fix : null,
    suggest: !isApplied && fix !== null && plan !== undefined ? [{ messageId: 'copy', data: { copy: shortened(plan.result) }, fix }] : [],
  });
}

function messageIdOf(how: EscapeHow): BorrowMessageId {
  return how === 'iterator result' ? 'iteratorResult' : how;
}

/** Not where the program's text is not the linted one: a processor or a framework's parser took it out of a larger file. */
function isRewritable({ escape }: BorrowFinding, { file }: Analysis, context: Rule.RuleContext): boolean {
  return escape.view?.file === file.sourceFile.fileName && isSameText(file.sourceFile, context);
}

function contextOf(file: TypedFile, context: Rule.RuleContext): FixContext {
  const { esTreeNodeToTSNodeMap } = context.sourceCode.parserServices as ParserServices;
  const instance = typescriptOf(file, context.cwd);
  const hasRuntime = mayUseRuntime(context.physicalFilename, settingsOf(context.settings).runtime);
  return fixContextOf(context, hasRuntime, (node) => copyableOf(esTreeNodeToTSNodeMap.get(node), file.program, instance));
}

function fixOf(plan: EditPlan | undefined): Rule.ReportFixer | null {
  if (plan === undefined || plan.applicability === 'manual') return null;
  return (fixer) => editsOf(plan).map((edit) => fixer.replaceTextRange([edit.start, edit.end], edit.text));
}

/** A title fits on one line of an editor's menu. */
function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length <= 60 ? line : `${line.slice(0, 57)}...`;
}
