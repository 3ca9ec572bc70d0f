import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'tests/corpus/.packages/**', 'tests/bench/.packages/**'],
    // Loading the TypeScript compiler is most of a small test's time: a worker that lives on loads it once.
    pool: 'forks',
    isolate: false,
    maxWorkers: 2,
    execArgv: ['--expose-gc'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
