import type { Rule } from 'eslint';
import { docsUrl } from './eslint/docs-url.js';
import type { CaptureHow } from './engine/contracts/contract.js';
import { captureRuleSchema, defaultBorrowRuleOptions } from './eslint/options.js';
import { reportBorrows, type AdapterMessageId } from './eslint/report.js';
import type { MoveMessageId } from './eslint/report-moves.js';

type LapseForm = 'read' | 'write' | 'pass' | 'again' | 'use';

const messages = {
  spawn: '{{via}} goes on with a view of {{buffer}} that {{fate}}. Give it an owned copy, or await it first.',
  schedule: '{{via}} is given a function that uses a view of {{buffer}} later, and it {{fate}}. Let it have an owned copy.',
  listen: '{{via}} is given a function that uses a view of {{buffer}} again and again, and it {{fate}}. Let it have an owned copy.',
  read: 'This reads {{buffer}}, which {{fate}}: it may hold something else by now. Copy what is needed before.',
  write: 'This writes to {{buffer}}, which {{fate}}: it may be somebody else\'s by now. Write before.',
  pass: 'This passes on {{buffer}}, which {{fate}}: it may hold something else by now. Copy what is needed before.',
  again: 'This gives away {{buffer}}, which {{fate}}: it is not this code\'s to give. Send a copy instead.',
  use: 'This uses {{buffer}}, which {{fate}}: it answers only until then. Ask it for what is needed before.',
  copy: 'Give it an owned copy: {{copy}}',
  arena: 'Hand it a ref into an arena: {{copy}}',
  channel: 'Send copies to a worker through a bounded channel: {{copy}}',
  await: 'Wait until it is done: {{copy}}',
  notice: '{{notice}}',
} satisfies Record<Exclude<CaptureHow, 'in flight'> | 'arena' | 'await' | 'channel' | AdapterMessageId | MoveMessageId<LapseForm>, string>;

const rule: Rule.RuleModule = {
  meta: {
    type: 'problem',
    docs: {
      description: 'disallow work that goes on from using a view of a buffer that is overwritten, or an object that is taken back, meanwhile',
      url: docsUrl('no-borrowed-capture'),
      recommended: true,
    },
    fixable: 'code',
    hasSuggestions: true,
    schema: captureRuleSchema,
    defaultOptions: [defaultBorrowRuleOptions],
    messages,
  },
  create: (context) => reportBorrows(context, 'borrowed-capture', 'lapsed-borrow'),
};

export default rule;
