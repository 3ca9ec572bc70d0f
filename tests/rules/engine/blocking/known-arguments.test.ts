import { expect, test } from 'vitest';
import { entryOf, entryOfAnyone } from '../../../../rules/engine/blocking/known-arguments.js';
import { calls } from '../channel/support.js';
import { functionNamed, lower } from '../lower/support.js';

/** Whether a call may come to the call of `read` in the function `f(first, second)`. */
function mayRead(body: string, call: string): boolean {
  const module = lower(`function f(first, second) { ${body} } function by(x, rest) { ${call}; }`);
  const fn = functionNamed(module, 'f');
  const [caller] = calls(functionNamed(module, 'by'), 'f');
  const [read] = calls(fn, 'read');
  if (caller === undefined || read === undefined) throw new Error('there is no call');
  return !entryOf(fn, caller.instruction, entryOfAnyone).notEntered.has(read.block);
}

test.each([
  ['a literal that is asked for', "if (second === 'file') read();", "f(x, 'file')", true],
  ['another literal', "if (second === 'file') read();", "f(x, 'text')", false],
  ['a literal of another kind, compared loosely', "if (second == '1') read();", 'f(x, 1)', true],
  ['what nobody knows', "if (second === 'file') read();", 'f(x, x)', true],
  ['nothing', 'if (second) read();', 'f(x)', false],
  ['nothing, where that is asked for', 'if (!second) read();', 'f(x)', true],
  ['something, where it may be missing', 'const value = second ?? read(); use(value);', 'f(x, x)', false],
  ['undefined, in so many words', 'const value = second ?? read(); use(value);', 'f(x, undefined)', true],
  ['a text, where an object is wanted', "if (typeof second === 'object') read();", "f(x, 'text')", false],
  ['as many as a list has', 'if (second) read();', 'f(...rest)', true],
  ['what is changed only where control does not come to', "if (typeof second === 'function') second = first; if (second === 'file') read();", "f(x, 'text')", false],
  ['what is changed where control comes to', "if (typeof second === 'string') second = first; if (second === 'file') read();", "f(x, 'text')", true],
  ['what a closure changes', "const set = () => { second = 'file'; }; if (second === 'file') read();", "f(x, 'text')", true],
  ['what the function changes itself', 'second = first; if (second) read();', 'f(x)', true],
  ['an object without the member that is asked for', 'if (second.file) read();', 'f(x, { text: x })', false],
  ['an object with it', 'if (second.file) read();', 'f(x, { file: x })', true],
  ['an object with another value of it', "if (second.via === 'file') read();", "f(x, { via: 'text' })", false],
  ['an object whose member is taken out', 'const { file } = second; if (file) read();', 'f(x, { text: x })', false],
  ['an object whose member has a default', 'const { file = first } = second; if (file) read();', 'f(x, { text: x })', true],
  ['an object that is made of others', 'if (second.file) read();', 'f(x, { ...rest, text: x })', true],
  ['an object that is given the member on the way', 'second.file = first; if (second.file) read();', 'f(x, { text: x })', true],
  ['an object that was made before', 'if (second.file) read();', 'const options = { text: x }; f(x, options)', true],
  ['what every object has', 'if (second.toString) read();', 'f(x, { text: x })', true],
])('%s', (_, body, call, isEntered) => {
  expect(mayRead(body, call)).toBe(isEntered);
});

test('a default stands for what is left out', () => {
  const module = lower('function f(x, second = true) { if (second) read(); } function by(x) { f(x); }');
  const fn = functionNamed(module, 'f');
  const [caller] = calls(functionNamed(module, 'by'), 'f');
  const [read] = calls(fn, 'read');
  expect(caller && entryOf(fn, caller.instruction, entryOfAnyone).notEntered.has(read?.block ?? -1)).toBe(false);
});

test('what a caller was given it hands on', () => {
  const module = lower("function f(x, via) { if (via === 'file') read(); } function middle(x, via) { f(x, via); } function by(x) { middle(x, 'text'); }");
  const [middle, f] = [functionNamed(module, 'middle'), functionNamed(module, 'f')];
  const [[outer], [inner], [read]] = [calls(functionNamed(module, 'by'), 'middle'), calls(middle, 'f'), calls(f, 'read')];
  if (outer === undefined || inner === undefined || read === undefined) throw new Error('there is no call');
  expect(entryOf(f, inner.instruction, entryOf(middle, outer.instruction, entryOfAnyone)).notEntered.has(read.block)).toBe(true);
  expect(entryOf(f, inner.instruction, entryOfAnyone).notEntered.has(read.block)).toBe(false);
});

test('what an object lacks, it lacks where it is handed on', () => {
  const module = lower('function f(options) { if (options.file) read(); } function middle(options) { f(options); } function by(x) { middle({ text: x }); middle({ file: x }); }');
  const [middle, f] = [functionNamed(module, 'middle'), functionNamed(module, 'f')];
  const [[without, having], [inner], [read]] = [calls(functionNamed(module, 'by'), 'middle'), calls(middle, 'f'), calls(f, 'read')];
  if (without === undefined || having === undefined || inner === undefined || read === undefined) throw new Error('there is no call');
  expect(entryOf(f, inner.instruction, entryOf(middle, without.instruction, entryOfAnyone)).notEntered.has(read.block)).toBe(true);
  expect(entryOf(f, inner.instruction, entryOf(middle, having.instruction, entryOfAnyone)).notEntered.has(read.block)).toBe(false);
});
