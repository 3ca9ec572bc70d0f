import type { Rule } from 'eslint';
import { docsUrl } from './eslint/docs-url.js';
import { defaultBorrowRuleOptions, returnRuleSchema } from './eslint/options.js';
import { reportBorrows, type BorrowMessageId } from './eslint/report.js';

const messages = {
  return: 'This returns a view of {{buffer}} that {{fate}}. Return an owned copy instead.',
  yield: 'This `yield` gives the caller a view of {{buffer}} that {{fate}}. Yield an owned copy instead.',
  iteratorResult: 'This iterator result holds a view of {{buffer}} that {{fate}}. Return an owned copy instead.',
  push: '{{via}} gives the caller a view of {{buffer}} that {{fate}}. Push an owned copy instead.',
  enqueue: '{{via}} gives the caller a view of {{buffer}} that {{fate}}. Enqueue an owned copy instead.',
  emit: '{{via}} gives listeners a view of {{buffer}} that {{fate}}. Emit an owned copy instead.',
  callback: '{{via}} gives the caller a view of {{buffer}} that {{fate}}. Pass an owned copy instead.',
  store: 'This exposes a view of {{buffer}} that {{fate}}. Expose an owned copy instead.',
  throw: 'This error carries a view of {{buffer}} that {{fate}}. Attach an owned copy instead.',
  copy: 'Return an owned copy: {{copy}}',
  arena: 'Return a ref into an arena: {{copy}}',
  notice: '{{notice}}',
} satisfies Record<BorrowMessageId | 'arena', string>;

const rule: Rule.RuleModule = {
  meta: {
    type: 'problem',
    docs: {
      description: 'disallow returning views of an internal buffer that is reused',
      url: docsUrl('no-borrowed-return'),
      recommended: true,
    },
    fixable: 'code',
    hasSuggestions: true,
    schema: returnRuleSchema,
    defaultOptions: [defaultBorrowRuleOptions],
    messages,
  },
  create: (context) => reportBorrows(context, 'borrowed-return'),
};

export default rule;
