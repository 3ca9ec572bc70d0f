import { describe, expect, test } from 'vitest';
import { resetWork, workDone } from '../../../rules/engine/work.js';
import { nestedAsDeepAsPossible, nestings, pathologicalInputs } from '../../fuzz/pathological.js';
import { subject } from '../../fuzz/subject.js';

/**
 * Files out of all proportion. What they cost is counted, so that a regression shows on any machine; the time-out is for what hangs.
 * The bounds are the limits of the analysis itself where it gives a file up, and a little more than what was counted elsewhere.
 */
const timeout = 180_000;

/** What all the units of one file may interpret, and what the last of them may still do when the rest is given up. */
const stepsOfFile = 30_000 + 10_000 + 12_000;

const bounds: Readonly<Record<string, { readonly instructions: number; readonly questions: number }>> = {
  '20,000 lines': { instructions: 65_000, questions: 50 },
  '2,000 cases': { instructions: 100, questions: 50 },
  'types that recurse': { instructions: 100, questions: 50 },
  '10,000 functions': { instructions: stepsOfFile, questions: 30_000 },
  'a class of 500 methods': { instructions: 25_000, questions: 5_000 },
  '300 branches': { instructions: 10_000, questions: 5_000 },
  '1 MB on one line': { instructions: 100, questions: 60_000 },
};

test.each(pathologicalInputs())('$name', { timeout }, ({ name, text }) => {
  resetWork();
  const { isUnparsable, problem } = subject('large.ts', text);
  expect(isUnparsable).toBe(false);
  expect(problem).toBeUndefined();
  const work = workDone();
  expect(work.lowered).toBe(1);
  expect(work.instructions).toBeLessThanOrEqual(bounds[name]?.instructions ?? 0);
  expect(Object.values(work.questions).reduce((sum, count) => sum + count)).toBeLessThanOrEqual(bounds[name]?.questions ?? 0);
});

describe('nested as deep as the parser takes it', () => {
  test.each(nestings)('$name', { timeout }, (nesting) => {
    const { text, depth } = nestedAsDeepAsPossible(nesting, (one) => !subject('large.ts', one).isUnparsable);
    expect(depth).toBeGreaterThan(50);
    expect(subject('large.ts', text).problem).toBeUndefined();
  });
});
