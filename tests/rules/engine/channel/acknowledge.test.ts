import { describe, expect, test } from 'vitest';
import { marked } from './support.js';

/** What is marked in a sink whose `_write` has these statements. */
function inSink(statements: string): readonly string[] {
  return marked('no-ignored-backpressure', `import { Writable } from 'node:stream';
export class Sink extends Writable {
  readonly queue: Buffer[] = [];
  declare send: (chunk: Buffer) => Promise<void>;
  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void { ${statements} }
  async drain(): Promise<void> { for (let one = this.queue.shift(); one !== undefined; one = this.queue.shift()) await this.send(one); }
}
`);
}

describe('a step acknowledges before it consumes where it', () => {
  test.each([
    ['queues, and calls back at once', 'this.queue.push(chunk); done();', 'done()'],
    ['says that there is no error', 'this.queue.push(chunk); done(null);', 'done(null)'],
    ['calls back in a moment', 'this.queue.push(chunk); setImmediate(done);', 'setImmediate(done)'],
    ['starts work, and calls back at once', 'void this.send(chunk); done();', 'done()'],
  ])('%s', (_, statements, at) => {
    expect(inSink(statements)).toEqual([at]);
  });
});

describe('it does not where it', () => {
  test.each([
    ['calls back when the work is done', 'this.send(chunk).then(() => { done(); }, done);'],
    ['looks at how long the queue is', 'if (this.queue.length > 9) throw new Error(); this.queue.push(chunk); done();'],
    ['reports an error', 'this.queue.push(chunk); done(new Error("full"));'],
    ['deals with the chunk', 'chunk.fill(0); done();'],
  ])('%s', (_, statements) => {
    expect(inSink(statements)).toEqual([]);
  });
});

test('a web sink has no callback: it has to return something to wait for', () => {
  const sink = (write: string): readonly string[] =>
    marked('no-ignored-backpressure', `declare function send(chunk: string): Promise<void>;\nexport const sink = new WritableStream<string>({ write(chunk) { ${write} } });\n`);
  expect(sink('void send(chunk);')).toEqual(['send(chunk)']);
  expect(sink('return send(chunk);')).toEqual([]);
});
