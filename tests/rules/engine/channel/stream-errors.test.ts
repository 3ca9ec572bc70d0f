import { expect, test } from 'vitest';
import { marked } from './support.js';

const header = "import { Readable, Transform, Writable } from 'node:stream';\nimport { EventEmitter } from 'node:events';\ndeclare function save(text: string): Promise<void>;\n";

test.each([
  ['a listener of a stream', "export const f = (source: Readable) => source.on('data', (chunk: Buffer) => { JSON.parse(chunk.toString()); });", ['JSON.parse(chunk.toString())']],
  ['a listener of something else', "export const f = (source: EventEmitter) => source.on('data', (chunk: Buffer) => { JSON.parse(chunk.toString()); });", []],
  ['a listener for errors', "export const f = (source: Readable) => source.on('error', (error) => { throw error; });", []],
  ['an async listener', "export const f = (source: Readable) => source.on('end', async () => { await save(''); });", ["await save('')"]],
  ['a stream that takes rejections', "export const f = () => new Readable({ captureRejections: true } as never).on('end', async () => { await save(''); });", []],
  ['a step whose errors Node.js hands on', "export const s = new Transform({ flush() { throw new Error('open'); } });", []],
  ['a step of a web stream', "export const s = new WritableStream<string>({ write(chunk) { JSON.parse(chunk); } });", []],
  ['a chain that nobody catches', 'export const s = new Writable({ write(chunk: Buffer, _e, done) { save(chunk.toString()).then(() => { done(); }); } });', ['save(chunk.toString()).then(() => { done(); })']],
  ['a chain with a way out', 'export const s = new Writable({ write(chunk: Buffer, _e, done) { save(chunk.toString()).then(() => { done(); }, done); } });', []],
])('%s', (_, code, at) => {
  expect(marked('no-throw-in-stream', `${header}${code}\n`)).toEqual(at);
});
