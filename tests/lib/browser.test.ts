import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const chromium = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

describe.runIf(existsSync(chromium))('in headless Chromium', () => {
  test('everything that needs no Node passes the same tests', () => {
    // As from the command line: what this runner tells its workers is none of the other one's affair.
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST')));
    const { stdout, stderr, status } = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', '--config', 'tests/lib/vitest.browser.config.ts', '--reporter=json'], { cwd: root, env, encoding: 'utf8', maxBuffer: 2 ** 26, timeout: 600_000 });
    expect(status, stderr + stdout.slice(-4000)).toBe(0);
    const { numPassedTests, numFailedTests } = JSON.parse(stdout.slice(stdout.indexOf('{'))) as { numPassedTests: number; numFailedTests: number };
    expect(numFailedTests).toBe(0);
    expect(numPassedTests).toBeGreaterThan(100);
  }, 600_000);
});
