import { expect, test } from 'vitest';
import { marked } from './support.js';

/** How many chains of pipes are marked. */
function unheard(statements: string): number {
  return marked('no-throw-in-stream', `import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGzip } from 'node:zlib';
export function f(path: string, hand: (stream: unknown) => void, failed: (error: Error | null) => void): unknown { ${statements} }
`).length;
}

test.each([
  ['nobody listens', "createReadStream(path).pipe(createWriteStream('x')); return 0;", 1],
  ['a chain is one place', "createReadStream(path).pipe(createGzip()).pipe(createWriteStream('x')); return 0;", 1],
  ['only one of two has a listener', "createReadStream(path).on('error', failed).pipe(createWriteStream('x')); return 0;", 1],
  ['each has a listener', "createReadStream(path).on('error', failed).pipe(createWriteStream('x')).on('error', failed); return 0;", 0],
  ['a listener for something else', "const from = createReadStream(path); from.on('end', () => {}); from.pipe(createWriteStream('x').on('error', failed)); return 0;", 1],
  ['pipeline listens', "pipeline(createReadStream(path), createWriteStream('x'), failed); return 0;", 0],
  ['it is handed on', "const from = createReadStream(path); hand(from); const to = createWriteStream('x'); hand(to); from.pipe(to); return 0;", 0],
  ['it is returned', "const to = createWriteStream('x').on('error', failed); const from = createReadStream(path); from.pipe(to); return from;", 0],
])('%s', (_, statements, count) => {
  expect(unheard(statements)).toBe(count);
});
