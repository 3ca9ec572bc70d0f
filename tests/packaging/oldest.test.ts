import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { OLDEST, tryOut } from './installation.js';

const { peerDependencies } = JSON.parse(readFileSync(new URL('../../rules/package.json', import.meta.url), 'utf8')) as { peerDependencies: Record<string, string> };

it('the packed plugin works beside the oldest ESLint and TypeScript that it allows', () => {
  expect(peerDependencies['eslint']).toContain(`^${OLDEST.eslint}`);
  expect(peerDependencies['typescript']).toContain(`>=${OLDEST.typescript.replace(/\.\d+$/, '')} `);
  expect(tryOut(OLDEST)).toEqual([]);
});
