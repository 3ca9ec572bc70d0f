import { expect, test } from 'vitest';
import { derivedFrom } from '../../../../rules/engine/channel/taint.js';
import { f, variable } from './support.js';

test.each([
  ['a part', 'const result = value.part;'],
  ['what a call makes of it', 'const result = make(value);'],
  ['what its method gives', 'const result = value.read();'],
  ['a collection that it was put into', 'const result = []; result.push(value);'],
  ['an object that holds it', 'const result = { value };'],
  ['a list that holds it', 'const result = [value];'],
  ['what comes of it later', 'const result = await value;'],
  ['a function that captured it', 'const result = () => value;'],
  ['a text that it stands in', 'const result = `${value}`;'],
  ['an element of it', 'let result; for (const one of value) result = one;'],
])('%s comes from a value', (_, statements) => {
  const fn = f(`async function f(value, other) { ${statements} return result; }`);
  expect(derivedFrom(fn, [variable(fn, 'value')]).has(variable(fn, 'result'))).toBe(true);
});

test.each([
  ['what is made of something else', 'const result = make(other);'],
  ['a function that captured something else', 'const result = () => other;'],
  ['a collection of other things', 'const result = []; result.push(other); use(value);'],
])('%s does not', (_, statements) => {
  const fn = f(`async function f(value, other) { ${statements} return result; }`);
  expect(derivedFrom(fn, [variable(fn, 'value')]).has(variable(fn, 'result'))).toBe(false);
});
