import { describe, expect, it } from 'vitest';
import type { RecordEntry, VerdictWord } from './record.js';
import { falseShareOf, printTable, rowOf, totalOf } from './table.js';

const check = { files: 2, lines: 100, failures: [], abandoned: 1, milliseconds: 1500 };

function entry(word: VerdictWord | undefined, isCertain = true): RecordEntry {
  return { key: '', text: '', isCertain, verdict: word && { word, reason: 'because' } };
}

describe('the figures of a package', () => {
  const row = rowOf('reader', check, [entry('true'), entry('true'), entry('false'), entry('arguable'), entry(undefined), entry('false', false), entry(undefined, false)]);

  it('count the verdicts on certain findings only', () => {
    expect(row).toMatchObject({ certain: 5, potential: 2, verdicts: { true: 2, false: 1, arguable: 1 }, open: 1 });
  });

  it('give the share of false ones', () => {
    expect(falseShareOf(row)).toBeCloseTo(0.2);
  });

  it('have no false ones where nothing was found', () => {
    expect(falseShareOf(rowOf('clean', check, []))).toBe(0);
  });

  it('add up', () => {
    expect(totalOf([row, row])).toMatchObject({ name: 'total', files: 4, lines: 200, certain: 10, verdicts: { true: 4, false: 2, arguable: 2 }, abandoned: 2, milliseconds: 3000 });
  });

  it('are printed in columns', () => {
    const lines = printTable([row, totalOf([row])]).split('\n');
    expect(lines).toHaveLength(3);
    expect(new Set(lines.map((line) => line.length)).size).toBe(1);
    expect(lines[1]).toMatch(/^reader .* 20\.0 % .* 1\.5 s$/);
  });
});
