import type { Rule } from 'eslint';
import { docsUrl } from './eslint/docs-url.js';
import { borrowRuleSchema, defaultBorrowRuleOptions } from './eslint/options.js';
import { reportMoves, type MoveMessageId } from './eslint/report-moves.js';

const messages = {
  read: 'This reads through a view of {{buffer}}, which {{fate}}: it is empty now. Make the view again from the current buffer.',
  write: 'This writes through a view of {{buffer}}, which {{fate}}: the bytes go nowhere. Make the view again from the current buffer.',
  pass: 'This passes on a view of {{buffer}}, which {{fate}}: it is empty now. Make the view again from the current buffer.',
  copy: 'Make the view again: {{copy}}',
  notice: '{{notice}}',
} satisfies Record<MoveMessageId<'read' | 'write' | 'pass'>, string>;

const rule: Rule.RuleModule = {
  meta: {
    type: 'problem',
    docs: {
      description: 'disallow the use of a view after its memory grew, was resized or was unmapped',
      url: docsUrl('no-stale-view'),
      recommended: true,
    },
    fixable: 'code',
    hasSuggestions: true,
    schema: borrowRuleSchema,
    defaultOptions: [defaultBorrowRuleOptions],
    messages,
  },
  create: (context) => reportMoves(context, 'stale-view'),
};

export default rule;
