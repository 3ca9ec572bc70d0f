import { describe, expect, it } from 'vitest';
import { Analyst } from '../analyse.js';
import { programAt } from '../run.js';
import { buildProgram } from './program.js';
import type { RawProgram } from './raw.js';
import { reductionsOf } from './reduce.js';

const nothing = { shape: 0, a: 0, b: 0, body: [], second: [], third: [] };

describe('generated programs', () => {
  it('are the same for the same seed', () => {
    expect(programAt(7, 3).print('ts')).toEqual(programAt(7, 3).print('ts'));
    expect(programAt(7, 3).print('ts')).not.toEqual(programAt(8, 3).print('ts'));
  });

  it('have each statement on the same line in every dialect', () => {
    for (let index = 0; index < 50; index++) {
      const program = programAt(11, index);
      const [typed, plain, common] = (['ts', 'js', 'cjs'] as const).map((dialect) => program.print(dialect)[0]?.text.split('\n') ?? []);
      const lineOf = (lines: readonly string[] | undefined, mark: string): number[] => (lines ?? []).flatMap((line, at) => (line.includes(mark) ? [at] : []));
      for (const mark of ['yield ', 'byte()', '.push(', 'sink(']) {
        const expected = lineOf(typed, mark).filter((at) => typed?.[at]?.startsWith('import ') !== true);
        expect(lineOf(plain, mark)).toEqual(expected);
        expect(lineOf(common, mark)).toEqual(expected);
      }
    }
  });

  it('have no annotations in JavaScript, and no marks left in any dialect', () => {
    for (let index = 0; index < 50; index++) {
      const program = programAt(12, index);
      for (const dialect of ['ts', 'js', 'cjs'] as const) {
        const text = program.print(dialect).map((file) => file.text).join('\n');
        expect(text).not.toMatch(/[‹›«»]/);
        if (dialect !== 'ts') expect(text).not.toMatch(/: (?:Buffer|Uint8Array)\b(?!\.)/);
        if (dialect === 'cjs') expect(text).not.toMatch(/^(?:import|export) /m);
      }
    }
  });

  it('are what a person could have written: they type-check', () => {
    const analyst = new Analyst();
    const errors = Array.from({ length: 12 }, (_, index) => analyst.typeErrors(programAt(13, index).print('ts'))).flat();
    expect(errors).toEqual([]);
  });

  it('shrink to smaller ones', () => {
    const write = { op: 0, a: 0, b: 0, c: 0, kids: [], more: [] };
    const raw: RawProgram = { top: [write], entries: [nothing, { ...nothing, body: [write, { ...write, kids: [write] }] }], style: 0 };
    const size = JSON.stringify(raw).length;
    const reductions = [...reductionsOf(raw)];
    expect(reductions.length).toBeGreaterThan(8);
    for (const reduction of reductions) {
      expect(JSON.stringify(reduction).length).toBeLessThanOrEqual(size);
      expect(buildProgram(reduction).print('ts')[0]?.text).toContain('export ');
    }
  });
});
