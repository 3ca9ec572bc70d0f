import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repositoryRoot } from '../../rules/support/fixtures.js';
import { borrowck } from '../../support/command.js';

test('the examples pass our own rules', () => {
  const { code, out, errors } = borrowck(['check', 'docs/examples'], repositoryRoot);
  const count = readdirSync(join(repositoryRoot, 'docs/examples')).filter((name) => name.endsWith('.ts')).length;
  expect([errors, out.trim(), code]).toEqual(['', `clean: ${count} files checked`, 0]);
});
