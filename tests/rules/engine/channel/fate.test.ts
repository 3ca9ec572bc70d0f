import { expect, test } from 'vitest';
import { fateOf } from '../../../../rules/engine/channel/fate.js';
import { calls, f } from './support.js';

test.each([
  ['a statement', 'sink.write(x);', 'dropped'],
  ['a statement marked void', 'void sink.write(x);', 'dropped'],
  ['a promise that is given an error handler alone', 'sink.write(x).catch(() => {});', 'dropped'],
  ['a test', 'if (!sink.write(x)) pause();', 'used'],
  ['a variable', 'const room = sink.write(x); use(room);', 'used'],
  ['an argument', 'use(sink.write(x));', 'used'],
  ['a promise that is waited for', 'await sink.write(x);', 'used'],
  ['a promise that something follows', 'sink.write(x).then(next);', 'used'],
  ['what a function gives back', 'return sink.write(x);', 'returned'],
])('%s', (_, statements, fate) => {
  const [site] = calls(f(`async function f(sink, x) { ${statements} }`), 'write');
  expect(site && fateOf(site)).toBe(fate);
});
