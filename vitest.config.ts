import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // What tests run as users do is of the sources as they are now.
    globalSetup: ['rules/bundle.mjs'],
    include: ['tests/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'tests/corpus/.packages/**', 'tests/bench/.packages/**', 'tests/editor/.packages/**', 'tests/packaging/.packages/**'],
    // Loading the TypeScript compiler is most of a small test's time: a worker that lives on loads it once.
    pool: 'forks',
    isolate: false,
    maxWorkers: 2,
    execArgv: ['--expose-gc'],
    // Some tests start processes that load the compiler; on a busy machine that takes its time.
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
