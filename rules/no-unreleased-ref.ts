import type { Rule } from 'eslint';
import { docsUrl } from './eslint/docs-url.js';
import { defaultRefRuleOptions, refRuleSchema } from './eslint/options.js';
import { reportMoves, type MoveMessageId } from './eslint/report-moves.js';

const messages = {
  leak: 'What `{{by}}` gives here is not released on a path that ends {{end}}. Release it in a `finally`, or hold it with `using`.',
  release: 'This releases {{buffer}}, which {{fate}}: it may be somebody else\'s by now. Release it once.',
  read: 'This reads {{buffer}}, which {{fate}}: it may hold something else by now. Use it before.',
  write: 'This writes to {{buffer}}, which {{fate}}: it may be somebody else\'s by now. Write before.',
  pass: 'This passes on {{buffer}}, which {{fate}}: it is refused, or holds something else by now. Use it before.',
  use: 'This uses {{buffer}}, which {{fate}}: it answers no more. Use it before.',
  using: 'Hold it with `using`: {{copy}}',
  finally: 'Release it in a `finally`: {{copy}}',
  notice: '{{notice}}',
} satisfies Record<Exclude<MoveMessageId<'leak' | 'release' | 'read' | 'write' | 'pass' | 'use'>, 'copy'> | 'using' | 'finally', string>;

const rule: Rule.RuleModule = {
  meta: {
    type: 'problem',
    docs: {
      description: 'disallow arena refs, permits and pooled buffers that are never released, released twice or used after release',
      url: docsUrl('no-unreleased-ref'),
      recommended: true,
    },
    fixable: 'code',
    hasSuggestions: true,
    schema: refRuleSchema,
    defaultOptions: [defaultRefRuleOptions],
    messages,
  },
  create: (context) => reportMoves(context, 'unreleased-ref'),
};

export default rule;
