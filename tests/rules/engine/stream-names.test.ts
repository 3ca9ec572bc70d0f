import { expect, test } from 'vitest';
import { namesStreams } from '../../../rules/engine/stream-names.js';
import { lower } from './lower/support.js';

test.each([
  ['extends one', 'class Gzip extends stream.Transform {}', true],
  ['makes one', 'export const out = new PassThrough();', true],
  ['imports the module', "import { pipeline } from 'node:stream/promises'; pipeline(a, b);", true],
  ['requires the module', "const s = require('readable-stream'); s.pipeline(a, b);", true],
  ['refers to one of another file', 'import { readable } from "./a.js"; export const f = () => readable.push(1);', true],
  ['has a class whose name happens to contain the word', 'export class ZodTransform {}; export const f = (q) => q.push(new ZodTransform());', false],
  ['has a method of such a name', 'export class Schema { transform(f) { return this.steps.push(f); } }', false],
  ['has arrays alone', 'export const f = (list) => list.push(1);', false],
])('a file that %s', (_, text, answer) => {
  expect(namesStreams(lower(text, '/a.js'))).toBe(answer);
});
