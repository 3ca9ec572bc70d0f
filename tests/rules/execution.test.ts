import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Consumer } from './support/consumer.js';
import { Bench, driversOf, kept, keepingRules, load } from './support/executed.js';
import { fixedTwinOf, fixturesRoot } from './support/fixtures.js';

const bench = new Bench();
afterAll(() => {
  bench.close();
});

const cases = await Promise.all(keepingRules.map(async (rule) => ({ rule, drivers: await driversOf<Consumer>(rule) })));

describe.each(cases)('$rule: the fixtures, executed', ({ rule, drivers }) => {
  describe('flagged code corrupts what its consumer keeps; fixed code does not', () => {
    test.each(Object.entries(drivers.flagged))('%s', async (name, driver) => {
      const file = join(fixturesRoot, rule, 'flagged', name);
      const before = await kept(await load(file), driver, bench.data);
      if (existsSync(fixedTwinOf(file))) {
        const after = await kept(await load(fixedTwinOf(file)), driver, bench.data);
        expect(after.changed).toBe(0);
        expect(after.content.length).toBeGreaterThan(0);
        // Some code has overwritten the bytes before its consumer gets to see them for the first time.
        expect(before.changed > 0 || before.content.join() !== after.content.join(), 'the bug shows').toBe(true);
      } else if (before.changed === 0) {
        expect(new Set(before.content).size, 'all values are the last one').toBe(1);
      }
    });
  });

  describe('clean code leaves alone what its consumer keeps', () => {
    test.each(Object.entries(drivers.clean))('%s', async (name, driver) => {
      const { changed, content } = await kept(await load(join(fixturesRoot, rule, 'clean', name)), driver, bench.data);
      expect(content.length).toBeGreaterThan(0);
      expect(changed).toBe(0);
    });
  });
});
