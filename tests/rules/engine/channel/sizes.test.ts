import { expect, test } from 'vitest';
import { sizeOf } from '../../../../rules/engine/channel/sizes.js';
import { f, variable } from './support.js';

test.each([
  ['what is written out', 'const list = [1, 2];', 'bounded'],
  ['a part that is cut to length', 'const list = given.slice(0, 8);', 'bounded'],
  ['all from one place on', 'const list = given.slice(1);', 'input'],
  ['as many as a number says', 'const list = Array.from({ length: 4 });', 'bounded'],
  ['what an iterable brings', 'const list = Array.from(given);', 'input'],
  ['the pieces of a text', "const list = given.split(',');", 'input'],
  ['what text says', 'const list = JSON.parse(given);', 'input'],
  ['a list that is filtered', 'const list = given.filter(Boolean);', 'input'],
  ['the keys of an object written out', 'const list = Object.keys({ a: 1 });', 'unknown'],
  ['a list that takes in another', 'const list = [0, ...given];', 'input'],
  ['what a call waits for', 'const list = await given.rows();', 'input'],
  ['what somebody else makes', 'const list = other();', 'unknown'],
])('%s', (_, statement, size) => {
  const fn = f(`export async function f(given) { ${statement} return list; }`);
  expect(sizeOf(variable(fn, 'list'), fn)).toBe(size);
});

test('a parameter is as long as what the file hands it', () => {
  const fn = f('function f(list) { return list; } f([1, 2]); f([3]);');
  expect(sizeOf(variable(fn, 'list'), fn)).toBe('bounded');
  const other = f('export function f(list) { return list; } export const all = (rows) => f(rows);');
  expect(sizeOf(variable(other, 'list'), other)).toBe('input');
});
