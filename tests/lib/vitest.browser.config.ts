import { playwright } from '@vitest/browser-playwright';
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What only Node has. A test that uses it is about Node, or brings what it needs from there. */
const NEEDS_NODE = /from '(?:node:|typescript'|borrowck-runtime)|\bglobal\.gc\b|\bBuffer\.|\bprocess\./;

/** The runtime's tests that name nothing of Node. */
const portable = readdirSync(`${root}/tests/lib`, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.test.ts'))
  .map((path) => `tests/lib/${path}`)
  .filter((path) => !NEEDS_NODE.test(readFileSync(`${root}/${path}`, 'utf8')));

export default defineConfig({
  root,
  test: {
    include: portable,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({
        launchOptions: {
          executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
          args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
        },
      }),
      instances: [{ browser: 'chromium' }],
    },
    testTimeout: 60_000,
  },
});
