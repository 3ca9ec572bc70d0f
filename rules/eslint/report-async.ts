import type { Rule } from 'eslint';
import type { AsyncFinding, AsyncKind, Domain } from '../engine/findings.js';
import { analyse, type Analysis } from './analysis.js';
import { locationOf } from './location.js';
import { reportNotices } from './notices.js';
import { rememberFinding } from './reported.js';
import { placeInWords } from './wording.js';

/** What a rule of the async family adds to a finding: the rewrites it can vouch for. */
export type RewritesOf = (finding: AsyncFinding, analysis: Analysis) => Pick<Rule.ReportDescriptorOptions, 'fix' | 'suggest'>;

/** What a rule's options make of a finding: undefined where the project does not want to hear of it. */
export type Refine = (finding: AsyncFinding, analysis: Analysis) => AsyncFinding | undefined;

/**
 * The listener of a rule of the async family: reports the file's findings of one kind where the code has to change.
 *
 * @param context - the rule's context
 * @param domain - the analysis that finds them
 * @param kind - the findings that are the rule's
 * @param rewritesOf - the fixes and suggestions of a finding
 * @param refine - what the rule's options make of a finding
 * @returns the listener
 */
export function reportAsync(context: Rule.RuleContext, domain: Domain, kind: AsyncKind, rewritesOf: RewritesOf = () => ({}), refine: Refine = (finding) => finding): Rule.RuleListener {
  const { report = 'certain' } = (context.options[0] ?? {}) as { readonly report?: 'certain' | 'potential' };
  return {
    Program(program) {
      const analysis = analyse(context, domain);
      if (analysis === undefined) return;
      reportNotices(context, analysis, program.range);
      for (const finding of analysis.findings) {
        if (finding.kind !== kind || (finding.certainty === 'potential' && report === 'certain')) continue;
        const refined = refine(finding, analysis);
        if (refined !== undefined) reportOne(context, refined, analysis, rewritesOf);
      }
    },
  };
}

function reportOne(context: Rule.RuleContext, finding: AsyncFinding, analysis: Analysis, rewritesOf: RewritesOf): void {
  const loc = locationOf(finding.at, analysis, context);
  if (loc === undefined) return;
  rememberFinding(context.filename, context.id, loc.start.line, loc.start.column + 1, finding);
  const words = Object.entries(finding.words).map(([name, word]) => [name, typeof word === 'string' ? word : (placeInWords(word, analysis.file, context) ?? '')]);
  context.report({ loc, messageId: finding.form, data: Object.fromEntries(words) as Record<string, string>, ...rewritesOf(finding, analysis) });
}
