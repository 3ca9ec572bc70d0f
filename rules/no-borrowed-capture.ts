import type { Rule } from 'eslint';
import { docsUrl } from './eslint/docs-url.js';
import type { CaptureHow } from './engine/contracts/contract.js';
import { borrowRuleSchema, defaultBorrowRuleOptions } from './eslint/options.js';
import { reportBorrows, type AdapterMessageId } from './eslint/report.js';

const messages = {
  spawn: '{{via}} goes on with a view of {{buffer}} that {{fate}}. Give it an owned copy, or await it first.',
  schedule: '{{via}} is given a function that uses a view of {{buffer}} later, and it {{fate}}. Let it have an owned copy.',
  listen: '{{via}} is given a function that uses a view of {{buffer}} again and again, and it {{fate}}. Let it have an owned copy.',
  copy: 'Give it an owned copy: {{copy}}',
  notice: '{{notice}}',
} satisfies Record<Exclude<CaptureHow, 'in flight'> | AdapterMessageId, string>;

const rule: Rule.RuleModule = {
  meta: {
    type: 'problem',
    docs: {
      description: 'disallow work that goes on from using a view of a buffer that is overwritten meanwhile',
      url: docsUrl('no-borrowed-capture'),
      recommended: true,
    },
    fixable: 'code',
    hasSuggestions: true,
    schema: borrowRuleSchema,
    defaultOptions: [defaultBorrowRuleOptions],
    messages,
  },
  create: (context) => reportBorrows(context, 'borrowed-capture'),
};

export default rule;
