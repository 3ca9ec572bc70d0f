import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { Consumer } from './support/consumer.js';
import { fixedTwinOf, fixturesRoot } from './support/fixtures.js';

/** Runs a fixture's code so that its consumer keeps what it is handed. */
type Driver = (fixture: unknown, consumer: Consumer) => unknown;

interface Drivers {
  readonly flagged: Readonly<Record<string, Driver>>;
  readonly clean: Readonly<Record<string, Driver>>;
}

const folder = mkdtempSync(join(tmpdir(), 'borrowck-'));
const path = join(folder, 'data.bin');
writeFileSync(path, Uint8Array.from({ length: 150_000 }, (_, i) => (i * 31 + (i >> 8) * 7) % 251));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const cases = await Promise.all(
  ['no-borrowed-yield', 'no-borrowed-return'].map(async (rule) => ({
    rule,
    drivers: (await import(new URL(`execution/${rule}.mjs`, import.meta.url).href)) as Drivers,
  })),
);

describe.each(cases)('$rule: the fixtures, executed', ({ rule, drivers }) => {
  describe('flagged code corrupts what its consumer keeps; fixed code does not', () => {
    test.each(Object.entries(drivers.flagged))('%s', async (name, driver) => {
      const file = join(fixturesRoot, rule, 'flagged', name);
      const before = await run(file, driver);
      if (existsSync(fixedTwinOf(file))) {
        const after = await run(fixedTwinOf(file), driver);
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
      const { changed, content } = await run(join(fixturesRoot, rule, 'clean', name), driver);
      expect(content.length).toBeGreaterThan(0);
      expect(changed).toBe(0);
    });
  });
});

async function run(file: string, driver: Driver): Promise<{ readonly changed: number; readonly content: readonly string[] }> {
  const fixture: unknown = file.endsWith('.cjs') ? createRequire(import.meta.url)(file) : await import(pathToFileURL(file).href);
  const consumer = new Consumer(path);
  try {
    await driver(fixture, consumer);
    return { changed: consumer.changed, content: consumer.content };
  } finally {
    await consumer.close();
  }
}
