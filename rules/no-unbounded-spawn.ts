import type { Rule } from 'eslint';
import { docsUrl } from './eslint/docs-url.js';
import { asyncRuleSchema, defaultAsyncRuleOptions } from './eslint/async-options.js';
import { reportAsync } from './eslint/report-async.js';

const messages = {
  spawn: '`{{call}}` starts a task for every element at once ({{mapped}}), and nothing here bounds how many there are. {{advice}}.',
  notice: '{{notice}}',
};

const rule: Rule.RuleModule = {
  meta: {
    type: 'problem',
    docs: {
      description: 'disallow starting one task for every element of an unbounded input at once',
      url: docsUrl('no-unbounded-spawn'),
      recommended: true,
    },
    schema: asyncRuleSchema,
    defaultOptions: [defaultAsyncRuleOptions],
    messages,
  },
  create: (context) => reportAsync(context, 'channel', 'unbounded-spawn'),
};

export default rule;
