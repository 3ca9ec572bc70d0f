import { playwright } from '@vitest/browser-playwright';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import type { Plugin } from 'vitest/config';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What only Node has: a test that names it is about Node, or brings what it needs from there. */
const NEEDS_NODE = /from '(?:node:|typescript'|borrowck-runtime)|\bgc\b|\bsetImmediate\b|\bBuffer\.|\bprocess\.|\bstubEnv\b|\b(?:collected|unhandledDuring)\b/;

/** Histories by the hundred thousand: they try the logic, not the platform. */
const TAKES_LONG = /exhaustive/;

/** A test and the files beside it that it imports. */
function textOf(path: string): string {
  const text = readFileSync(path, 'utf8');
  const beside = [...text.matchAll(/from '(\.\/[^']+)\.js'/g)].map(([, file]) => textOf(join(dirname(path), `${file ?? ''}.ts`)));
  return [text, ...beside].join('\n');
}

/** The runtime's tests that name nothing of Node, and those written for both. */
const portable = readdirSync(`${root}/tests/lib`, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.test.ts') && !TAKES_LONG.test(path))
  .map((path) => `tests/lib/${path}`)
  .filter((path) => path.endsWith('.web.test.ts') || !NEEDS_NODE.test(textOf(`${root}/${path}`)));

/** Serves what is built as it is: the browser gets the package's own files, in pages and in threads. */
const asBuilt: Plugin = {
  name: 'as-built',
  configureServer: ({ middlewares }) =>
    void middlewares.use('/lib/dist', (request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://localhost');
      response.setHeader('Content-Type', 'text/javascript');
      response.end(readFileSync(`${root}/lib/dist${pathname}`));
    }),
};

export default defineConfig({
  root,
  plugins: [asBuilt],
  test: {
    include: portable,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({
        launchOptions: {
          executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
          args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--enable-features=SharedArrayBuffer'],
        },
      }),
      instances: [{ browser: 'chromium' }],
    },
    testTimeout: 60_000,
  },
});
