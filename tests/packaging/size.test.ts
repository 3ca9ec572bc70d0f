import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { IMPORTS, sizeOf } from './size.js';

test('one import brings one part: a snapshot is a fraction of the whole', async () => {
  const [one, all] = [await sizeOf('{ snapshot }'), await sizeOf('*')];
  expect(one.minified).toBeGreaterThan(500);
  expect(one.compressed).toBeLessThan(all.compressed / 4);
});

test('the README lists the size of every part', () => {
  const readme = readFileSync(new URL('../../lib/README.md', import.meta.url), 'utf8');
  expect(IMPORTS.filter((name) => !readme.includes(`| \`{ ${name} }\` |`))).toEqual([]);
});
