import type { Rule } from 'eslint';
import { docsUrl } from './eslint/docs-url.js';
import { defaultBorrowRuleOptions, streamRuleSchema } from './eslint/options.js';
import { reportBorrows, type BorrowMessageId } from './eslint/report.js';

const messages = {
  yield: 'This `yield` hands out a view of {{buffer}} that {{fate}}. Yield an owned copy instead.',
  iteratorResult: 'This iterator result holds a view of {{buffer}} that {{fate}}. Return an owned copy instead.',
  push: '{{via}} hands out a view of {{buffer}} that {{fate}}. Push an owned copy instead.',
  enqueue: '{{via}} hands out a view of {{buffer}} that {{fate}}. Enqueue an owned copy instead.',
  emit: '{{via}} hands out a view of {{buffer}} that {{fate}}. Emit an owned copy instead.',
  callback: '{{via}} passes on a view of {{buffer}} that {{fate}}. Pass an owned copy instead.',
  return: 'This `return` hands out a view of {{buffer}} that {{fate}}. Return an owned copy instead.',
  store: 'This keeps a view of {{buffer}} that {{fate}}. Store an owned copy instead.',
  throw: 'This error carries a view of {{buffer}} that {{fate}}. Attach an owned copy instead.',
  copy: 'Hand out an owned copy: {{copy}}',
  arena: 'Hand out a ref into an arena: {{copy}}',
  channel: 'Hand out copies through a bounded channel: {{copy}}',
  notice: '{{notice}}',
} satisfies Record<BorrowMessageId | 'arena' | 'channel', string>;

const rule: Rule.RuleModule = {
  meta: {
    type: 'problem',
    docs: {
      description: 'disallow handing out views of a buffer that is overwritten afterwards',
      url: docsUrl('no-borrowed-yield'),
      recommended: true,
    },
    fixable: 'code',
    hasSuggestions: true,
    schema: streamRuleSchema,
    defaultOptions: [defaultBorrowRuleOptions],
    messages,
  },
  create: (context) => reportBorrows(context, 'borrowed-yield'),
};

export default rule;
