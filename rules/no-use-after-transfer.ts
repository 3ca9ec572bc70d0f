import type { Rule } from 'eslint';
import { docsUrl } from './eslint/docs-url.js';
import { borrowRuleSchema, defaultBorrowRuleOptions } from './eslint/options.js';
import { reportMoves, type MoveMessageId } from './eslint/report-moves.js';

const messages = {
  read: 'This reads {{buffer}}, which {{fate}}: it is empty from then on. Transfer a copy instead.',
  write: 'This writes to {{buffer}}, which {{fate}}: the bytes go nowhere. Transfer a copy instead.',
  pass: 'This passes on {{buffer}}, which {{fate}}: whoever gets it finds it empty. Transfer a copy instead.',
  again: 'This transfers {{buffer}} once more, which {{fate}}: what is gone cannot be sent again. Transfer a copy instead.',
  use: 'This uses {{buffer}}, which {{fate}}: nothing answers here any more.',
  copy: 'Keep it, and let a copy go: {{copy}}',
  notice: '{{notice}}',
} satisfies Record<MoveMessageId<'read' | 'write' | 'pass' | 'again' | 'use'>, string>;

const rule: Rule.RuleModule = {
  meta: {
    type: 'problem',
    docs: {
      description: 'disallow the use of a buffer, view, port or stream after it was transferred',
      url: docsUrl('no-use-after-transfer'),
      recommended: true,
    },
    fixable: 'code',
    hasSuggestions: true,
    schema: borrowRuleSchema,
    defaultOptions: [defaultBorrowRuleOptions],
    messages,
  },
  create: (context) => reportMoves(context, 'use-after-transfer'),
};

export default rule;
