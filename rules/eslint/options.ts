import type { Rule } from 'eslint';
import type { Finding } from '../engine/findings.js';

/** The options of a borrow rule. */
export interface BorrowRuleOptions {
  /** `certain`: only what provably happens. `potential`: also what an unknown callee or a lost alias leaves open. */
  readonly report: 'certain' | 'potential';
  /** What `--fix` applies. With `off`, the editor still offers it. */
  readonly fix: 'snapshot' | 'off';
}

export const defaultBorrowRuleOptions: BorrowRuleOptions = { report: 'certain', fix: 'snapshot' };

export const borrowRuleSchema: NonNullable<Rule.RuleMetaData['schema']> = [
  {
    type: 'object',
    properties: {
      report: {
        description: 'Which findings are reported: only certain ones, or potential ones too.',
        type: 'string',
        enum: ['certain', 'potential'],
      },
      fix: {
        description: 'Which rewrite `--fix` applies.',
        type: 'string',
        enum: ['snapshot', 'off'],
      },
    },
    additionalProperties: false,
  },
];

/**
 * The options of a rule, with the defaults filled in.
 *
 * @param context - the rule's context
 * @returns the options
 */
export function borrowRuleOptions(context: Rule.RuleContext): BorrowRuleOptions {
  return { ...defaultBorrowRuleOptions, ...(context.options[0] as Partial<BorrowRuleOptions> | undefined) };
}

/**
 * Whether a finding is one of those that the project wants to see.
 *
 * @param finding - what was found
 * @param options - the rule's options
 * @returns true when it is to be reported
 */
export function isReported(finding: Finding, options: BorrowRuleOptions): boolean {
  return finding.certainty === 'certain' || options.report === 'potential';
}
