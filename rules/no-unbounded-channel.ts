import type { Rule } from 'eslint';
import { docsUrl } from './eslint/docs-url.js';
import { asyncRuleSchema, defaultAsyncRuleOptions } from './eslint/async-options.js';
import { reportAsync } from './eslint/report-async.js';
import { rewriteMessage, streamRewrites } from './eslint/stream-rewrites.js';

const messages = {
  queue: '`{{queue}}` grows without a bound: it is filled {{filled}}, and {{taking}} ({{taken}}). {{advice}}.',
  optional: '`{{queue}}` grows without a bound unless somebody sets the limit that it is compared with {{limit}}: it is filled {{filled}}, and {{taking}} ({{taken}}). Give the limit a finite default.',
  opened: '`{{call}}` keeps {{holds}} without a bound. {{advice}}.',
  rewrite: rewriteMessage,
  notice: '{{notice}}',
};

const rule: Rule.RuleModule = {
  meta: {
    type: 'problem',
    docs: {
      description: 'disallow queues without a bound between a producer and an asynchronous consumer',
      url: docsUrl('no-unbounded-channel'),
      recommended: true,
    },
    hasSuggestions: true,
    schema: asyncRuleSchema,
    defaultOptions: [defaultAsyncRuleOptions],
    messages,
  },
  create: (context) => reportAsync(context, 'channel', 'unbounded-channel', streamRewrites(context)),
};

export default rule;
