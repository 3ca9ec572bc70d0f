import type { Rule } from 'eslint';
import type { AsyncFinding } from '../engine/findings.js';
import { boundPlan } from '../fixes/bounds.js';
import { streamPlan } from '../fixes/streams.js';
import type { Analysis } from './analysis.js';
import type { RewritesOf } from './report-async.js';
import { fixOf, planContext, shortened } from './rewriting.js';

/** The message of a suggestion, the same in every rule about streams. */
export const rewriteMessage = 'Rewrite it to: {{rewrite}}';

/**
 * The rewrites of findings about streams: a fix where it is proven and wanted, a suggestion otherwise.
 *
 * @param context - the rule's context; its option `fix` is `off` where `--fix` is to change nothing
 * @returns what to add to a report
 */
export function streamRewrites(context: Rule.RuleContext): RewritesOf {
  const isOff = (context.options[0] as { readonly fix?: string } | undefined)?.fix === 'off';
  let files: ReturnType<typeof planContext> | undefined;
  return (finding: AsyncFinding, analysis: Analysis) => {
    if (finding.rewrite === undefined) return {};
    const file = (files ??= planContext(context, analysis))();
    const plan = file && (finding.rewrite.how === 'bound' ? boundPlan(finding, file) : streamPlan(finding, file));
    const fix = fixOf(plan);
    if (plan === undefined || fix === null) return {};
    if (plan.applicability === 'machine' && !isOff) return { fix };
    return { suggest: [{ messageId: 'rewrite', data: { rewrite: shortened(plan.result) }, fix }] };
  };
}
