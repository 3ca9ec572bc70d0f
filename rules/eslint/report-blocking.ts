import type { Rule } from 'eslint';
import { toldBy } from '../engine/blocking/telling.js';
import type { BlockingFinding } from '../engine/findings.js';
import { asynchronousPlan } from '../fixes/asynchronous.js';
import type { FixContext } from '../fixes/context.js';
import type { Analysis } from './analysis.js';
import { blockingOptions, wantedCause } from './blocking-options.js';
import { reportAsync } from './report-async.js';
import { fixOf, planContext, shortened } from './rewriting.js';
import { displayPath } from './type-information.js';

/**
 * The listener of `no-blocking-in-async`: reports calls that block where the event loop runs the code that makes them.
 *
 * @param context - the rule's context
 * @returns the listener
 */
export function reportBlocking(context: Rule.RuleContext): Rule.RuleListener {
  const options = blockingOptions(context);
  let contextFor: (() => FixContext | undefined) | undefined;
  return reportAsync(
    context,
    'blocking',
    'blocking-in-async',
    (finding, analysis) => {
      const fixContext = (contextFor ??= planContext(context, analysis))();
      const plan = fixContext && asynchronousPlan(finding as BlockingFinding, fixContext);
      const fix = fixOf(plan);
      if (plan === undefined || fix === null) return {};
      if (plan.applicability === 'machine' && options.fix !== 'off') return { fix };
      return { suggest: [{ messageId: 'await', data: { code: shortened(plan.result) }, fix }] };
    },
    (finding, analysis) => refined(finding as BlockingFinding, analysis, context),
  );
}

function refined(finding: BlockingFinding, analysis: Analysis, context: Rule.RuleContext): BlockingFinding | undefined {
  const cause = wantedCause(finding, blockingOptions(context), context.cwd);
  if (cause === undefined) return undefined;
  const told = toldBy(finding, cause);
  return { ...told, causes: [cause], words: { ...told.words, place: placeOf(cause.at, analysis, context) } };
}

/** `config.ts:12`, from the folder of the linted file's project; `line 12` in the same file. */
function placeOf(at: BlockingFinding['at'], { file }: Analysis, context: Rule.RuleContext): string {
  const sourceFile = file.program.getSourceFile(at.file);
  if (sourceFile === undefined) return '';
  const line = sourceFile.getLineAndCharacterOfPosition(at.start).line + 1;
  return sourceFile === file.sourceFile ? `line ${line}` : `${displayPath(at.file, context.cwd)}:${line}`;
}
