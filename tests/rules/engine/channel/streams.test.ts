import { expect, test } from 'vitest';
import { marked } from './support.js';

const parse = '{ JSON.parse(chunk.toString()); done(); }';
const signature = '(chunk: Buffer, _encoding: string, done: () => void)';

/** Whether the function that parses is known for a step of a stream. */
test.each([
  ['a method', `export class S extends Transform { override _transform${signature} ${parse} }`, true],
  ['a method of a class between', `class Base extends Transform {} export class S extends Base { override _transform${signature} ${parse} }`, true],
  ['a field', `export class S extends Transform { override _transform = ${signature} => ${parse}; }`, true],
  ['an option', `export const s = new Transform({ transform${signature} ${parse} });`, true],
  ['an option that is a name', `const transform = ${signature} => ${parse}; export const s = new Transform({ transform });`, true],
  ['what is assigned', `export const s = new Transform(); s._transform = ${signature} => ${parse};`, true],
  ['an option of a base class', `export class S extends Transform { constructor() { super({ transform${signature} ${parse} }); } }`, true],
  ['a method of that name elsewhere', `export class S { _transform${signature} ${parse} }`, false],
  ['a step that this stream does not have', `export class S extends Readable { _transform${signature} ${parse} }`, false],
  ['an option of something else', `export const s = new Map(Object.entries({ transform${signature} ${parse} }));`, false],
])('%s', (_, code, isStep) => {
  expect(marked('no-throw-in-stream', `import { Readable, Transform } from 'node:stream';\n${code}\nexport { Readable, Transform };\n`)).toEqual(isStep ? ['JSON.parse(chunk.toString())'] : []);
});
