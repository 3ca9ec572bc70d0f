import type { Rule } from 'eslint';
import { reportOption } from './report-option.js';

/** The options of a rule whose rewrites are the editor's to offer. */
export interface AsyncRuleOptions {
  /** `certain`: only what provably happens. `potential`: also what an unknown callee or a lost alias leaves open. */
  readonly report: 'certain' | 'potential';
}

export const defaultAsyncRuleOptions: AsyncRuleOptions = { report: 'certain' };

export const asyncRuleSchema: NonNullable<Rule.RuleMetaData['schema']> = [
  {
    type: 'object',
    properties: {
      report: reportOption,
    },
    additionalProperties: false,
  },
];
