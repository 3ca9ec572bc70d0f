import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { fixedTwinOf, fixturesRoot } from './support/fixtures.js';
import { longestPause } from './support/loop-delay.js';

/**
 * What is read here comes from a pipe that another process fills late: a synchronous read stands still until then, an asynchronous
 * one lets the loop turn. So the pause is decided by the code, not by the speed of the machine.
 */
const folder = mkdtempSync(join(tmpdir(), 'borrowck-'));
const pipe = join(folder, 'pipe');
execFileSync('mkfifo', [pipe]);
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const LATE = 400;

const flagged = join(fixturesRoot, 'no-blocking-in-async/flagged');
type Exports = Readonly<Record<string, (...given: unknown[]) => unknown>>;
const load = async (file: string): Promise<Exports> => (await import(pathToFileURL(file).href)) as Exports;

/** Runs work that reads the pipe, while a child process writes to it after a while. */
async function pauseWhileReading(read: () => unknown): Promise<number> {
  const writer = spawn('sh', ['-c', `sleep ${LATE / 1000}; echo '{"late":true}' > '${pipe}'`]);
  const ended = new Promise((resolve) => writer.once('exit', resolve));
  const pause = await longestPause(read);
  await ended;
  return pause;
}

describe('flagged code stops the event loop; fixed code does not', () => {
  test.each([
    ['async-function.ts', 'loadTemplate'],
    ['async-in-name-only.ts', 'readConfig'],
    ['renamed-import.ts', 'first'],
  ])('%s', async (name, exported) => {
    const file = join(flagged, name);
    const pauseOf = async (path: string): Promise<number> => {
      const work = (await load(path))[exported];
      return pauseWhileReading(() => work?.(pipe));
    };
    const before = await pauseOf(file);
    // A busy machine pauses code that blocks nothing, too, but not every time.
    let after = Number.POSITIVE_INFINITY;
    for (let tries = 0; tries < 4 && after >= before / 2; tries++) after = await pauseOf(fixedTwinOf(file));
    expect(before).toBeGreaterThan(LATE / 2);
    expect(after).toBeLessThan(before / 2);
  });
});

describe('flagged code stops the event loop', () => {
  test('a wait in Atomics', async () => {
    const pause = (await load(join(flagged, 'atomics-wait.ts')))['pause'];
    expect(await longestPause(() => pause?.(200))).toBeGreaterThan(150);
  });

  test('a loop on the clock', async () => {
    const retry = (await load(join(flagged, 'busy-wait.ts')))['retry'];
    let tries = 0;
    const pause = await longestPause(() => retry?.(() => (++tries < 2 ? Promise.reject(new Error('once more')) : Promise.resolve())));
    expect(pause).toBeGreaterThan(80);
  });

  test('a wait behind a helper', async () => {
    const poll = (await load(join(flagged, 'busy-wait-helper.cjs')))['default'];
    let checks = 0;
    expect(await longestPause(() => poll?.(() => Promise.resolve(++checks > 2)))).toBeGreaterThan(40);
  });

  test('a read behind a private method', async () => {
    const Cache = (await load(join(flagged, 'method-chain.ts')))['Cache'] as unknown as new (folder: string) => { get(key: string): Promise<string> };
    expect(await pauseWhileReading(() => new Cache(folder).get('pipe'))).toBeGreaterThan(LATE / 2);
  });
});
