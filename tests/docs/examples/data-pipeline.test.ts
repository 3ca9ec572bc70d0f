import { join } from 'node:path';
import { expect, test } from 'vitest';
import { enrich, linesOf } from '../../../docs/examples/data-pipeline.js';
import type { Stored } from '../../../docs/examples/data-pipeline.js';
import { folderWith } from '../../support/folder.js';
import { errorOf, settle } from '../../support/promises.js';

function fileOf(lines: readonly string[], end = ''): string {
  return join(folderWith({ 'lines.txt': lines.join('\n') + end }), 'lines.txt');
}

const many = Array.from({ length: 1234 }, (_, i) => `line ${i} ${'x'.repeat(i % 50)}`);

test.each([
  [many, ''],
  [many, '\n'],
  [[], ''],
  [['', 'a', ''], '\n'],
  [['exactly eighty bytes'.padEnd(79, '.'), 'next'], ''],
] as const)('the lines of a file, whatever the reads cut (%#)', async (lines, end) => {
  const read: string[] = [];
  for await (const line of linesOf(fileOf(lines, end), 80)) read.push(Buffer.from(line).toString());
  expect(read).toEqual(lines);
});

test('a line that does not fit is an error', async () => {
  const all = async (): Promise<void> => {
    for await (const line of linesOf(fileOf(['x'.repeat(100)]), 80)) expect(line).toBeDefined();
  };
  expect(await errorOf(all())).toBeInstanceOf(RangeError);
});

test('every line is looked up, some at a time, and stored in batches, in order', async () => {
  const stored: Stored<number>[] = [];
  let running = 0;
  let most = 0;
  await enrich({
    path: fileOf(many),
    concurrency: 4,
    lookUp: async (line) => {
      most = Math.max(most, ++running);
      await settle();
      running--;
      return line.length;
    },
    store: async (batch) => {
      await settle();
      stored.push(...batch);
    },
  });
  expect(stored).toEqual(many.map((line) => ({ line, result: line.length })));
  expect(most).toBe(4);
});

test('a look-up that fails ends all, and what was read and not stored is told', async () => {
  const stored: unknown[] = [];
  const lost: unknown[] = [];
  const error = new Error('line 100');
  const run = enrich({
    path: fileOf(many),
    concurrency: 4,
    lookUp: (line) => (line.startsWith('line 100 ') ? Promise.reject(error) : Promise.resolve(1)),
    store: (batch) => Promise.resolve(void stored.push(...batch)),
    onUndelivered: (item) => lost.push(...(Array.isArray(item) ? (item as unknown[]) : [item])),
  });
  expect(await errorOf(run)).toBe(error);
  // A batch whose time is over goes on before it is full; nothing from the failed line on does.
  expect(stored.length).toBeLessThanOrEqual(100);
  expect(lost.length).toBeGreaterThan(0);
  expect(stored.length + lost.length).toBeLessThan(300);
});
