import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { driversOf, isOverrun, isSound, load, strainedRules, type StrainedRule } from './support/executed.js';
import { fixedTwinOf, fixturesOf, fixturesRoot } from './support/fixtures.js';
import type { Strain } from './support/strain.js';

const rules = Object.keys(strainedRules) as StrainedRule[];
const cases = await Promise.all(rules.map(async (rule) => ({ rule, drivers: await driversOf<Strain>(rule) })));

describe.each(cases)('$rule: the fixtures, executed', ({ rule, drivers }) => {
  const { flagged, clean, notRun = {} } = drivers;
  const loaded = (file: string) => () => load(file);

  test('all that are flagged are run, or it is said why not', () => {
    const named = [...Object.keys(flagged), ...Object.keys(notRun)].map((name) => name.split('/')[0] ?? '');
    const fixtures = fixturesOf(rule).filter(({ kind }) => kind === 'flagged');
    expect(named.sort()).toEqual(fixtures.map(({ name }) => name).sort());
  });

  describe('flagged code gives way; fixed code does not', () => {
    test.each(Object.entries(flagged))('%s', async (name, driver) => {
      const file = join(fixturesRoot, rule, 'flagged', name);
      expect(await isOverrun(rule, loaded(file), driver), 'the bug shows').toBe(true);
      if (existsSync(fixedTwinOf(file))) expect(await isSound(rule, loaded(fixedTwinOf(file)), driver), 'the fix mends it').toBe(true);
    });
  });

  describe('clean code does not give way', () => {
    test.each(Object.entries(clean))('%s', async (name, driver) => {
      expect(await isSound(rule, loaded(join(fixturesRoot, rule, 'clean', name)), driver)).toBe(true);
    });
  });
});
