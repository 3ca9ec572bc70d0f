import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Analyst } from './analyse.js';
import { Case } from './compare.js';
import { parseKept, placesIn } from './kept.js';
import { runOracle } from './run.js';

const folder = new URL('./kept/', import.meta.url);

describe('kept programs', () => {
  const analyst = new Analyst();
  it.each(readdirSync(folder))('%s: the engine says what happens', async (name) => {
    const kept = parseKept(readFileSync(new URL(name, folder), 'utf8'));
    const tested = await Case.of(kept.files);
    expect(tested.truth.failures).toEqual([]);
    expect(placesIn(tested.truth.corrupted.keys())).toEqual([...kept.corrupted]);
    expect(placesIn(tested.truth.parked.keys())).toEqual([...kept.parked]);
    const [opinion] = analyst.analyse([kept.files]);
    if (opinion === undefined) throw new Error('no opinion');
    const verdict = await tested.judge(opinion, kept.isBranchExact);
    expect(verdict).toMatchObject({ missed: [], missedParked: [], falseAlarms: [], crash: undefined });
  });
});

describe('generated programs', () => {
  it('show no difference between the engine and the truth', async () => {
    const report = await runOracle({ runs: 200, seed: 1 });
    expect(report.failures).toEqual([]);
    expect(report.counts.corruptedPrograms).toBeGreaterThan(60);
    expect(report.counts.cleanPrograms).toBeGreaterThan(60);
  }, 240_000);
});
