import type { Rule } from 'eslint';
import { docsUrl } from './eslint/docs-url.js';
import { asyncRuleSchema, defaultAsyncRuleOptions } from './eslint/async-options.js';
import { reportAsync } from './eslint/report-async.js';
import { rewriteMessage, streamRewrites } from './eslint/stream-rewrites.js';

const messages = {
  spawn: '`{{call}}` starts a task for every element at once ({{mapped}}), and nothing here bounds how many there are. {{advice}}.',
  visit: '`{{call}}` starts a task for every element at once and waits for none of them, and nothing here bounds how many there are. {{advice}}.',
  collected: '`{{call}}` is started in every turn of the loop ({{loop}}) and waited for only when all have begun, and nothing here bounds how many there are. {{advice}}.',
  started: '`{{call}}` is started in every turn of the loop ({{loop}}) and nobody waits for it, and nothing here bounds how many there are. {{advice}}.',
  rewrite: rewriteMessage,
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
    hasSuggestions: true,
    schema: asyncRuleSchema,
    defaultOptions: [defaultAsyncRuleOptions],
    messages,
  },
  create: (context) => reportAsync(context, 'channel', 'unbounded-spawn', streamRewrites(context)),
};

export default rule;
