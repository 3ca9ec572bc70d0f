import type { Rule } from 'eslint';
import { docsUrl } from './eslint/docs-url.js';
import { flightRuleSchema, defaultBorrowRuleOptions } from './eslint/options.js';
import { reportBorrows, type AdapterMessageId } from './eslint/report.js';

const messages = {
  inFlight: '{{via}} still reads {{buffer}} when it {{fate}}. Pass an owned copy, or wait until it is done.',
  copy: 'Pass an owned copy: {{copy}}',
  await: 'Wait until it is done: {{copy}}',
  notice: '{{notice}}',
} satisfies Record<'inFlight' | 'await' | AdapterMessageId, string>;

const rule: Rule.RuleModule = {
  meta: {
    type: 'problem',
    docs: {
      description: 'disallow overwriting a buffer while a write or send that was not awaited still reads it',
      url: docsUrl('no-overwrite-in-flight'),
      recommended: true,
    },
    fixable: 'code',
    hasSuggestions: true,
    schema: flightRuleSchema,
    defaultOptions: [defaultBorrowRuleOptions],
    messages,
  },
  create: (context) => reportBorrows(context, 'overwrite-in-flight'),
};

export default rule;
