import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fixesRow, parseFixesRecord, withFixesRow } from './fixes-record.js';
import { fixesRecord, packages, recordOf } from './packages.js';
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

describe('the record of the fixes', () => {
  const rows = parseFixesRecord(readFileSync(fixesRecord, 'utf8'));

  it('has at least twelve packages, at their pinned versions', () => {
    expect(rows.length).toBeGreaterThanOrEqual(12);
    const pinned = new Set(packages.map(({ name, version }) => `${name}@${version}`));
    expect(rows.map(({ title }) => title).filter((title) => !pinned.has(title))).toEqual([]);
  });

  it('has no rewrite that failed, and none that never ends', () => {
    expect(rows.filter(({ problems, passes }) => problems !== 0 || !(passes < 10))).toEqual([]);
    // How many there are to try is a matter of how much is found.
    expect(rows.reduce((sum, { rewrites }) => sum + rewrites, 0)).toBeGreaterThan(0);
  });

  it('keeps one line for each package', () => {
    const row = (problems: number): string => fixesRow({ title: '@a/b@1.0.0', tried: { 'no-borrowed-yield copy': 2, 'no-borrowed-yield --fix': 1 }, passes: 1, problems });
    const record = withFixesRow(withFixesRow('z@1.0.0: 0 rewrites, 0 passes, 0 problems\n', row(1)), row(0));
    expect(record).toBe('@a/b@1.0.0: 3 rewrites (1 no-borrowed-yield --fix, 2 no-borrowed-yield copy), 1 passes, 0 problems\nz@1.0.0: 0 rewrites, 0 passes, 0 problems\n');
    expect(parseFixesRecord(record)[0]).toEqual({ title: '@a/b@1.0.0', rewrites: 3, passes: 1, problems: 0 });
  });
});
