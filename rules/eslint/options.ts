import type { Rule } from 'eslint';
import type { Finding } from '../engine/findings.js';
import { reportOption } from './report-option.js';

/** The options of a borrow rule. */
export interface BorrowRuleOptions {
  /** `certain`: only what provably happens. `potential`: also what an unknown callee or a lost alias leaves open. */
  readonly report: 'certain' | 'potential';
  /** What `--fix` applies; the editor offers the others. With `off`, it offers all of them. */
  readonly fix: 'snapshot' | 'arena' | 'channel' | 'await' | 'using' | 'finally' | 'off';
}

export const defaultBorrowRuleOptions: BorrowRuleOptions = { report: 'certain', fix: 'snapshot' };

type RuleSchema = NonNullable<Rule.RuleMetaData['schema']>;

export const borrowRuleSchema: RuleSchema = schemaWith(['snapshot', 'off']);

/** Of a rule whose views are returned: callers can be given refs. */
export const returnRuleSchema: RuleSchema = schemaWith(['snapshot', 'arena', 'off']);

/** Of a rule whose views are handed out by generators, too: those can become workers that send copies, or give refs. */
export const streamRuleSchema: RuleSchema = schemaWith(['snapshot', 'channel', 'arena', 'off']);

/** Of a rule whose views are kept by work that can be given a ref instead, or be waited for. */
export const captureRuleSchema: RuleSchema = schemaWith(['snapshot', 'arena', 'channel', 'await', 'off']);

/** Of a rule whose views are read by work that can be waited for. */
export const flightRuleSchema: RuleSchema = schemaWith(['snapshot', 'await', 'off']);

/** Of the rule about what is to be handed back: when that is, is the author's to say. */
export const refRuleSchema: RuleSchema = schemaWith(['using', 'finally', 'off']);

export const defaultRefRuleOptions: BorrowRuleOptions = { report: 'certain', fix: 'off' };

function schemaWith(forms: readonly BorrowRuleOptions['fix'][]): RuleSchema {
  return [
    {
      type: 'object',
      properties: {
        report: reportOption,
        fix: {
          description: 'Which rewrite `--fix` applies.',
          type: 'string',
          enum: forms,
        },
      },
      additionalProperties: false,
    },
  ];
}

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
