import { expect, test } from 'vitest';
import { marked } from './support.js';

/** Whether a loop of writes to `sink` is left alone for what is near it. */
function isHeeded(statements: string): boolean {
  return marked('no-ignored-backpressure', `import { once } from 'node:events';
import type { Writable } from 'node:stream';
export async function f(sink: Writable, other: Writable, rows: AsyncIterable<string> & { pause(): void }, told: (error?: Error | null) => void): Promise<void> { ${statements} }
`).length === 0;
}

test.each([
  ['nobody looks', 'for await (const row of rows) sink.write(row);', false],
  ['the result is looked at', "for await (const row of rows) if (!sink.write(row)) await once(sink, 'drain');", true],
  ['room is waited for now and then', "for await (const row of rows) { sink.write(row); if (row === '') await once(sink, 'drain'); }", true],
  ['the sink is asked', 'for await (const row of rows) { sink.write(row); if (sink.writableNeedDrain) rows.pause(); }', true],
  ['somebody is told when it is through', 'for await (const row of rows) sink.write(row, told);', true],
  ['a callback is a literal', 'for await (const row of rows) sink.write(row, undefined as never);', false],
  ['another write is looked at', "for await (const row of rows) { sink.write(row); if (!sink.write('\\n')) return; }", true],
  ['another sink is looked at', "for await (const row of rows) { sink.write(row); if (!other.write('\\n')) return; }", false],
])('%s', (_, statements, isLeft) => {
  expect(isHeeded(statements)).toBe(isLeft);
});
