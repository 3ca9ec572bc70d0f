import { afterEach, expect, test, vi } from 'vitest';
import { ByteArena } from '../../lib/index.js';
import { isDevelopment } from '../../lib/development.js';
import type { ReadonlyBytes } from '../../lib/index.js';

afterEach(() => {
  vi.unstubAllEnvs();
});

/** What a view that was kept reads once its block was released. */
function afterRelease(): number | undefined {
  const arena = new ByteArena();
  const ref = arena.alloc(Uint8Array.of(1));
  let kept: ReadonlyBytes = [];
  arena.with(ref, (bytes) => {
    kept = bytes;
  });
  arena.release(ref);
  return kept.at(0);
}

test.each([
  ['production', false, 1],
  ['development', true, 0xde],
  ['', true, 0xde],
])('NODE_ENV=%s: checks on %s, released memory reads %d', (environment, isOn, byte) => {
  vi.stubEnv('NODE_ENV', environment);
  expect([isDevelopment(), afterRelease()]).toEqual([isOn, byte]);
});
