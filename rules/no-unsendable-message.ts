import type { Rule } from 'eslint';
import { docsUrl } from './eslint/docs-url.js';
import { borrowRuleSchema, borrowRuleOptions, defaultBorrowRuleOptions } from './eslint/options.js';
import { reportAsync } from './eslint/report-async.js';
import { plainDataRewrites } from './eslint/plain-data.js';

const messages = {
  function: '`{{via}}` sends `{{what}}`, a function: it cannot be cloned, and the call throws a DataCloneError. Send data only.',
  symbol: '`{{via}}` sends `{{what}}`, a symbol: it cannot be cloned, and the call throws a DataCloneError. Send data only.',
  uncloneable: '`{{via}}` sends `{{what}}`, a {{name}}: it cannot be cloned, and the call throws a DataCloneError. Send data only.',
  instance: '`{{via}}` sends `{{what}}`, an instance of `{{name}}`: it arrives as a plain object, without its methods and private state. Send plain data.',
  copy: 'Send the plain data: {{copy}}',
  notice: '{{notice}}',
};

const rule: Rule.RuleModule = {
  meta: {
    type: 'problem',
    docs: {
      description: 'disallow messages that cannot be cloned, or lose their prototype on the way',
      url: docsUrl('no-unsendable-message'),
      recommended: true,
    },
    fixable: 'code',
    hasSuggestions: true,
    schema: borrowRuleSchema,
    defaultOptions: [defaultBorrowRuleOptions],
    messages,
  },
  create: (context) => {
    const { fix } = borrowRuleOptions(context);
    return reportAsync(context, 'message', 'unsendable-message', (finding, analysis) => (fix === 'off' ? {} : plainDataRewrites(finding, analysis, context)));
  },
};

export default rule;
