import { expect, test } from 'vitest';
import type { Catalog } from '../../../../rules/engine/contracts/api.js';
import { sizeOf } from '../../../../rules/engine/channel/sizes.js';
import { functionNamed, lower } from '../lower/support.js';
import { f, variable } from './support.js';

const callees = { assertedBy: () => undefined, resolveImport: () => undefined, catalog: { module: () => undefined } as unknown as Catalog };
const dictionaries: Parameters<typeof sizeOf>[2] = { ...callees, extentOf: () => 'open' };

test.each([
  ['what is written out', 'const list = [1, 2];', 'bounded'],
  ['a part that is cut to length', 'const list = given.slice(0, 8);', 'bounded'],
  ['all from one place on', 'const list = given.slice(1);', 'input'],
  ['as many as a number says', 'const list = Array.from({ length: 4 });', 'bounded'],
  ['what an iterable brings', 'const list = Array.from(given);', 'input'],
  ['the pieces of a text', "const list = given.split(',');", 'input'],
  ['what text says', 'const list = JSON.parse(given);', 'input'],
  ['a list that is filtered', 'const list = given.filter(Boolean);', 'input'],
  ['the keys of an object written out', 'const list = Object.keys({ a: 1 });', 'bounded'],
  ['the keys of one that is given members by name', 'const table = { a: 1 }; table.b = 2; const list = Object.keys(table);', 'bounded'],
  ['the keys of one that grows', 'const table = { a: 1 }; table[given] = 2; const list = Object.keys(table);', 'unknown'],
  ['the keys of one that others get', 'const table = { a: 1 }; given(table); const list = Object.keys(table);', 'unknown'],
  ['the keys of one made of another', 'const table = { a: 1, ...given }; const list = Object.keys(table);', 'unknown'],
  ['what is distinct in a list written out', 'const list = [...new Set([1, given])];', 'bounded'],
  ['what is distinct in a list', 'const list = [...new Set(given.rows)];', 'unknown'],
  ['what is distinct, and more that is added', 'const set = new Set([1]); set.add(given); const list = [...set];', 'unknown'],
  ['the results of tasks written out', 'const list = await Promise.all([1, 2].map(given));', 'bounded'],
  ['the first result of tasks written out', 'const list = await Promise.race([1, 2].map(given));', 'input'],
  ['the keys of a dictionary', 'const list = Object.keys(given);', 'input'],
  ['a list that takes in another', 'const list = [0, ...given];', 'input'],
  ['what a call waits for', 'const list = await given.rows();', 'input'],
  ['what somebody else makes', 'const list = other();', 'unknown'],
])('%s', (_, statement, size) => {
  const fn = f(`export async function f(given) { ${statement} return list; }`);
  expect(sizeOf(variable(fn, 'list'), fn, dictionaries)).toBe(size);
});

test('a parameter is as long as what the file hands it', () => {
  const fn = f('function f(list) { return list; } f([1, 2]); f([3]);');
  expect(sizeOf(variable(fn, 'list'), fn, dictionaries)).toBe('bounded');
  const other = f('export function f(list) { return list; } export const all = (rows) => f(rows);');
  expect(sizeOf(variable(other, 'list'), other, dictionaries)).toBe('input');
});

test('what an async function writes out is as long for whoever waits for it', () => {
  const size = (made: string): string => {
    const fn = functionNamed(lower(`async function make(given) { ${made} } export async function f(given) { const list = await make(given); return list; }`), 'f');
    return sizeOf(variable(fn, 'list'), fn, dictionaries);
  };
  expect(size('return [1, 2];')).toBe('bounded');
  expect(size('if (given) return given.rows(); return [1, 2];')).toBe('input');
  expect(size('given();')).toBe('input');
});

test('an object that is no dictionary has as many members as somebody wrote down', () => {
  const fn = f('export function f(given) { const list = Object.values(given); return list; }');
  expect(sizeOf(variable(fn, 'list'), fn, { ...callees, extentOf: () => 'unknown' })).toBe('unknown');
});

test('arguments are written out where a function takes any number of them', () => {
  const fn = f('export function f(...list) { return list; }');
  expect(sizeOf(variable(fn, 'list'), fn, dictionaries)).toBe('unknown');
});

test('what the file keeps to itself is as long as what it hands it', () => {
  const open = f('exports.all = (text) => f(other(text)); export function f(list) { return list; }');
  expect(sizeOf(variable(open, 'list'), open, dictionaries)).toBe('input');
  const hidden = functionNamed(lower('exports.all = (text) => _f(other(text)); function _f(list) { return list; }'), '_f');
  expect(sizeOf(variable(hidden, 'list'), hidden, dictionaries)).toBe('unknown');
});
