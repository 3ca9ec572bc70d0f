import { expect, test } from 'vitest';
import { isTestFile } from '../../../rules/engine/test-files.js';

const isTest = (path: string, specifiers: readonly string[] = [], names: readonly string[] = []): boolean => isTestFile({ path, specifiers, names: new Set(names) });

test('a file is a test when it imports a runner, or uses what one makes global', () => {
  expect(isTest('/app/src/parser.js', ['node:test'])).toBe(true);
  expect(isTest('/app/src/parser.js', ['tap/lib'])).toBe(true);
  expect(isTest('/app/src/parser.js', [], ['describe', 'it', 'expect'])).toBe(true);
  expect(isTest('/app/src/parser.js', [], ['describe', 'test', 'expect'])).toBe(true);
  expect(isTest('/app/src/parser.js', ['should'], ['describe', 'it'])).toBe(true);
  expect(isTest('/app/src/parser.js', [], ['describe', 'it'])).toBe(false);
});

test('its name is enough where nothing else is called so', () => {
  expect(isTest('/app/src/parser.test.ts')).toBe(true);
  expect(isTest('/app/src/parser.spec.cjs')).toBe(true);
});

test('a name with the word in it needs assertions, and assertions need the name', () => {
  expect(isTest('/app/test/test-parser.js', ['assert'])).toBe(true);
  expect(isTest('/app/src/parser_test.ts', ['node:assert/strict'])).toBe(true);
  expect(isTest('/app/src/test-runner.js', ['fs'])).toBe(false);
  expect(isTest('/app/src/parser.js', ['assert'])).toBe(false);
  expect(isTest('/app/src/latest.js', ['assert'])).toBe(false);
  // A folder above the project says nothing of its files.
  expect(isTest('/home/test-user/app/parser.js', ['assert'])).toBe(false);
});
