import type { Rule } from 'eslint';
import { docsUrl } from './eslint/docs-url.js';
import { reportAsync } from './eslint/report-async.js';
import { rewriteMessage, streamRewrites } from './eslint/stream-rewrites.js';

const messages = {
  write: '`{{via}}` returns `false` when the stream is full, and nobody looks: it runs for {{again}} ({{where}}), and what the stream cannot take waits in memory.',
  push: '`{{via}}` returns `false` when the reader is behind, and nobody looks: it runs for {{again}} ({{where}}), and what is not read waits in memory.',
  enqueue: '`{{via}}` takes everything, and nobody looks at `desiredSize`: it runs for {{again}} ({{where}}), and what is not read waits in memory.',
  writer: '`{{via}}` is not awaited: it runs for {{again}} ({{where}}), and what the stream cannot take waits in memory.',
  send: '`{{via}}` takes everything, and nobody looks at `bufferedAmount`: it runs for {{again}} ({{where}}), and what the network cannot take waits in memory.',
  acknowledge: '`{{via}}` says that the chunk is written, but it only went to {{to}} ({{where}}): whoever writes here is never told to wait.',
  accept: 'This sink hands the chunk to {{to}} and returns nothing to wait for: whoever writes here is never told to wait.',
  rewrite: rewriteMessage,
  notice: '{{notice}}',
};

const rule: Rule.RuleModule = {
  meta: {
    type: 'problem',
    docs: {
      description: "disallow producers that ignore a sink's signal to wait",
      url: docsUrl('no-ignored-backpressure'),
      recommended: true,
    },
    fixable: 'code',
    hasSuggestions: true,
    schema: [
      {
        type: 'object',
        properties: {
          report: { description: 'Which findings are reported: only certain ones, or potential ones too.', type: 'string', enum: ['certain', 'potential'] },
          fix: { description: 'Which rewrite `--fix` applies.', type: 'string', enum: ['await', 'off'] },
        },
        additionalProperties: false,
      },
    ],
    defaultOptions: [{ report: 'certain', fix: 'await' }],
    messages,
  },
  create: (context) => reportAsync(context, 'channel', 'ignored-backpressure', streamRewrites(context)),
};

export default rule;
