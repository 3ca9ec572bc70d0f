import { expect, test } from 'vitest';
import { lint, typed } from '../../fixes/gate.js';

/** What is said to make writes repeat, in the rule's words; undefined where nothing does. */
function repeatedBy(code: string): string | undefined {
  const text = `import { createWriteStream, type WriteStream } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import type { Readable } from 'node:stream';
declare const source: Readable;
declare const rows: AsyncIterable<string>;
${code}
`;
  const [message] = lint(typed(text, { name: 'repeated.ts' }), { rules: { 'borrowck/no-ignored-backpressure': ['error', { report: 'potential' }] } });
  return message && /it runs for (.+) \(on line/.exec(message.message)?.[1];
}

const out = "const out = createWriteStream('x');";

test.each([
  ['a loop over a stream', `export async function f() { ${out} for await (const row of rows) out.write(row); }`, "every chunk of the stream that the loop reads"],
  ['an event', `${out} source.on('data', (chunk: Buffer) => { out.write(chunk); });`, "every 'data' event"],
  ['a helper between', `${out} const put = (text: string) => { out.write(text); }; source.on('data', (chunk: Buffer) => { put(chunk.toString()); });`, "every 'data' event"],
  ['a timer', `${out} setInterval(() => { out.write(String(Date.now())); }, 10);`, 'every tick of the timer'],
  ['an event that comes once', `${out} source.once('end', () => { out.write('end'); });`, undefined],
  ['a reply to its own messages', "createServer((socket: Socket) => { socket.on('data', (chunk) => { socket.write(chunk.toString().trim()); }); });", undefined],
  ['a sink for each turn', "export async function f() { for await (const row of rows) { const out: WriteStream = createWriteStream(row); out.write(row); } }", undefined],
  ['a flag that is set and taken back', `${out} let isDue = false; source.on('end', () => { isDue = true; }); export const take = () => { isDue = true; }; setInterval(() => { if (isDue) out.write(String(Date.now())); isDue = false; }, 10);`, 'every tick of the timer'],
])('%s', (_, code, by) => {
  const found = repeatedBy(code);
  if (by === undefined || found === undefined) expect(found).toBe(by);
  else expect(found.includes('loop') ? 'loop' : found).toBe(by.includes('loop') ? 'loop' : by);
});
