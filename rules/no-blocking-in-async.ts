import type { Rule } from 'eslint';
import { docsUrl } from './eslint/docs-url.js';
import { blockingRuleSchema, defaultBlockingOptions } from './eslint/blocking-options.js';
import { reportBlocking } from './eslint/report-blocking.js';

const rule: Rule.RuleModule = {
  meta: {
    type: 'problem',
    docs: {
      description: 'disallow calls that block the event loop in async code, directly or through any chain of helpers',
      url: docsUrl('no-blocking-in-async'),
      recommended: true,
    },
    fixable: 'code',
    hasSuggestions: true,
    schema: blockingRuleSchema,
    defaultOptions: [defaultBlockingOptions],
    messages: {
      direct: '`{{call}}` blocks the event loop {{where}}. {{advice}}',
      nominal: '`{{call}}` blocks the event loop: {{function}} is async in name only. {{advice}}',
      chain: '`{{call}}` blocks the event loop: {{chain}} ({{place}}). {{advice}}',
      wait: 'This loop blocks the event loop until the clock has moved on. {{advice}}',
      await: 'Await it: {{code}}',
      notice: '{{notice}}',
    },
  },
  create: (context) => reportBlocking(context),
};

export default rule;
