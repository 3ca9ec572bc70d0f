import type { Rule } from 'eslint';
import { docsUrl } from './eslint/docs-url.js';
import { reportAsync } from './eslint/report-async.js';
import { rewriteMessage, streamRewrites } from './eslint/stream-rewrites.js';

const messages = {
  throw: 'This exception leaves {{step}} of a stream: it reaches whoever writes, or ends the process, and no `error` event tells of it. Call `{{done}}` instead.',
  parse: '`{{via}}` throws on input that it cannot read, and the exception leaves {{step}} of a stream: it ends the process, and no `error` event tells of it. Catch it and call `{{done}}`.',
  helper: '`{{via}}` can throw ({{from}}), and the exception leaves {{step}} of a stream: it ends the process, and no `error` event tells of it. Catch it and call `{{done}}`.',
  rejection: 'When this fails, {{step}} of a stream rejects a promise that nobody holds: no `error` event tells of it, and the process ends. Catch it and call `{{done}}`.',
  listener: 'When this fails, {{step}} of a stream rejects a promise that nobody holds, and the process ends. Catch it and call `{{done}}`.',
  callback: 'This exception leaves a callback of {{step}} of a stream: nobody can catch it, and the process ends. Hand the error to the stream instead.',
  chain: 'When this promise is rejected, {{step}} of a stream is never told: give `then` a second argument, or add `.catch`, that calls `{{done}}`.',
  begun: 'When this fails, {{step}} of a stream is never told: nobody holds the promise, and the process ends. Add `.catch`, that calls `{{done}}`.',
  pipe: '`pipe` hands on no errors, and nobody listens to those of {{streams}}: one ends the process. Use `pipeline`.',
  rewrite: rewriteMessage,
  notice: '{{notice}}',
};

const rule: Rule.RuleModule = {
  meta: {
    type: 'problem',
    docs: {
      description: 'disallow exceptions and rejections that leave the callbacks of a stream',
      url: docsUrl('no-throw-in-stream'),
      recommended: true,
    },
    fixable: 'code',
    hasSuggestions: true,
    schema: [
      {
        type: 'object',
        properties: {
          report: { description: 'Which findings are reported: only certain ones, or potential ones too.', type: 'string', enum: ['certain', 'potential'] },
          fix: { description: 'Which rewrite `--fix` applies.', type: 'string', enum: ['callback', 'off'] },
        },
        additionalProperties: false,
      },
    ],
    defaultOptions: [{ report: 'certain', fix: 'callback' }],
    messages,
  },
  create: (context) => reportAsync(context, 'channel', 'throw-in-stream', streamRewrites(context)),
};

export default rule;
