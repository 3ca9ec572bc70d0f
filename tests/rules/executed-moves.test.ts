import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { driversOf, findingRules, isFound, load, type Ports } from './support/executed.js';
import { fixedTwinOf, fixturesRoot } from './support/fixtures.js';

const hasTransfer = 'transfer' in ArrayBuffer.prototype;
const cases = await Promise.all(findingRules.map(async (rule) => ({ rule, drivers: await driversOf<Ports>(rule) })));

describe.each(cases)('$rule: the fixtures, executed', ({ rule, drivers }) => {
  describe('flagged code finds nothing, or throws; fixed code finds what it looks for', () => {
    test.each(runnable(drivers.flagged))('%s', async (name, driver) => {
      const file = join(fixturesRoot, rule, 'flagged', name);
      expect(await isFound(await load(file), driver), 'the bug shows').toBe(false);
      if (existsSync(fixedTwinOf(file))) expect(await isFound(await load(fixedTwinOf(file)), driver), 'the fix mends it').toBe(true);
    });
  });

  describe('clean code finds what it looks for', () => {
    test.each(runnable(drivers.clean))('%s', async (name, driver) => {
      expect(await isFound(await load(join(fixturesRoot, rule, 'clean', name)), driver)).toBe(true);
    });
  });
});

/** `ArrayBuffer.prototype.transfer` is younger than the oldest supported Node.js. */
function runnable<Driver>(drivers: Readonly<Record<string, Driver>>): [string, Driver][] {
  return Object.entries(drivers).filter(([name]) => hasTransfer || !/transfer/.test(name));
}
