import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { packages, recordOf } from './packages.js';
import { parseRecord } from './record.js';

describe('the packages', () => {
  it('are pinned to one version each', () => {
    expect(packages.filter(({ version }) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
    expect(new Set(packages.map(({ name }) => name)).size).toBe(packages.length);
  });

  it('are as many as the corpus needs', () => {
    expect(packages.length).toBeGreaterThanOrEqual(22);
    expect(packages.filter(({ isSmoke }) => isSmoke === true)).toHaveLength(2);
  });
});

const recorded = packages.filter((each) => existsSync(recordOf(each))).map((each) => [each.name, each] as const);

describe('the record of', () => {
  it.each(recorded)('%s is of the pinned version, and every certain finding in it is judged', (_, each) => {
    const { title, entries } = parseRecord(readFileSync(recordOf(each), 'utf8'));
    expect(title).toBe(`${each.name}@${each.version}`);
    expect(entries.filter(({ isCertain, verdict }) => isCertain && verdict === undefined)).toEqual([]);
  });
});
