import { describe, expect, test } from 'vitest';
import { lint, typed } from '../../fixes/gate.js';

/** Whether it is offered to wait for room in `sink`. */
function isOffered(statements: string): boolean {
  const text = `import { createWriteStream } from 'node:fs';
import { PassThrough, pipeline } from 'node:stream';
import { createGzip } from 'node:zlib';
export async function f(rows: AsyncIterable<string>, hand: (stream: unknown) => void, given: PassThrough): Promise<unknown> { ${statements} }
`;
  const messages = lint(typed(text, { name: 'unread.ts' }), { rules: { 'borrowck/no-ignored-backpressure': 'error' } });
  expect(messages).toHaveLength(1);
  return messages.some(({ fix, suggestions }) => fix !== undefined || (suggestions ?? []).length > 0);
}

const write = 'for await (const row of rows) sink.write(row);';

describe('whoever waits for room gets it', () => {
  test.each([
    ['in a sink that only swallows', `const sink = createWriteStream('x'); ${write} return undefined;`],
    ['in a stream that is given', `const sink = given; ${write} return undefined;`],
    ['in a stream that is piped on before', `const sink = createGzip(); sink.pipe(createWriteStream('x')); ${write} return undefined;`],
    ['in a stream that a pipeline takes from', `const sink = createGzip(); pipeline(sink, createWriteStream('x'), () => {}); ${write} return undefined;`],
    ['in a stream that somebody listens to', `const sink = new PassThrough(); sink.on('data', hand); ${write} return undefined;`],
    ['in a stream that was handed on', `const sink = new PassThrough(); hand(sink); ${write} return undefined;`],
  ])('%s', (_, statements) => {
    expect(isOffered(statements)).toBe(true);
  });
});

describe('whoever waits for room waits for ever', () => {
  test.each([
    ['in a stream that is returned afterwards', `const sink = createGzip(); ${write} return sink;`],
    ['in a stream that is piped on afterwards', `const sink = new PassThrough(); ${write} return sink.pipe(createWriteStream('x'));`],
    ['in the writable end of a transform', `const { readable, writable } = new TransformStream<string>(); const sink = writable.getWriter(); for await (const row of rows) void sink.write(row); return readable;`],
  ])('%s', (_, statements) => {
    expect(isOffered(statements)).toBe(false);
  });
});
