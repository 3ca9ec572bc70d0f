import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { MessageChannel, receiveMessageOnPort, type MessagePort } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import { fixedTwinOf, fixturesRoot } from './support/fixtures.js';

/** What a driver may use: two ends of channels, and the bytes in the smallest message that came out at the other ends. */
interface Tools {
  readonly port: MessagePort;
  readonly other: MessagePort;
  readonly arrived: () => number;
}

/** Runs a fixture's code and gives what it found in the end. */
type Driver = (fixture: unknown, tools: Tools) => unknown;

interface Drivers {
  readonly flagged: Readonly<Record<string, Driver>>;
  readonly clean: Readonly<Record<string, Driver>>;
}

const hasTransfer = 'transfer' in ArrayBuffer.prototype;
const cases = await Promise.all(
  ['no-use-after-transfer', 'no-stale-view', 'no-unsendable-message'].map(async (rule) => ({ rule, drivers: (await import(new URL(`execution/${rule}.mjs`, import.meta.url).href)) as Drivers })),
);

describe.each(cases)('$rule: the fixtures, executed', ({ rule, drivers }) => {
  describe('flagged code finds nothing, or throws; fixed code finds what it looks for', () => {
    test.each(runnable(drivers.flagged))('%s', async (name, driver) => {
      const file = join(fixturesRoot, rule, 'flagged', name);
      expect(await isFound(file, driver), 'the bug shows').toBe(false);
      if (existsSync(fixedTwinOf(file))) expect(await isFound(fixedTwinOf(file), driver), 'the fix mends it').toBe(true);
    });
  });

  describe('clean code finds what it looks for', () => {
    test.each(runnable(drivers.clean))('%s', async (name, driver) => {
      expect(await isFound(join(fixturesRoot, rule, 'clean', name), driver)).toBe(true);
    });
  });
});

/** `ArrayBuffer.prototype.transfer` is younger than the oldest supported Node.js. */
function runnable(drivers: Readonly<Record<string, Driver>>): [string, Driver][] {
  return Object.entries(drivers).filter(([name]) => hasTransfer || !/transfer/.test(name));
}

function sizesAt(port: MessagePort): number[] {
  const sizes: number[] = [];
  for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) sizes.push((next as { readonly message: ArrayBuffer }).message.byteLength);
  return sizes;
}

/** The code ran to its end and found bytes. */
async function isFound(file: string, driver: Driver): Promise<boolean> {
  const fixture: unknown = file.endsWith('.cjs') ? createRequire(import.meta.url)(file) : await import(pathToFileURL(file).href);
  const { port1, port2 } = new MessageChannel();
  const second = new MessageChannel();
  try {
    const found = await driver(fixture, { port: port1, other: second.port1, arrived: () => Math.min(...[port2, second.port2].flatMap(sizesAt)) });
    const size = typeof found === 'object' || typeof found === 'string' ? (found as ArrayLike<unknown>).length : Number(found);
    return size > 0;
  } catch {
    return false;
  } finally {
    for (const port of [port1, port2, second.port1, second.port2]) port.close();
  }
}
