import { expect, test } from 'vitest';
import { explained } from './support.js';

/** What fills a queue that an async loop empties. */
function filledBy(code: string): readonly string[] {
  const { queues } = explained(`import { EventEmitter } from 'node:events';
const queue: string[] = [];
export async function run(take: (value: string) => Promise<void>): Promise<void> {
  for (let value = queue.shift(); value !== undefined; value = queue.shift()) await take(value);
}
declare const source: EventEmitter;
declare const rows: AsyncIterable<string>;
${code}
`);
  return queues.flatMap(({ filled }) => filled.map(({ label }) => label));
}

test.each([
  ['a listener', "source.on('value', (value: string) => { queue.push(value); });", ['on every `value` event']],
  ['a function that a listener calls', "const put = (value: string) => { queue.push(value); }; source.on('value', (value: string) => { put(value); });", ['on every `value` event']],
  ['a listener that is taken back', "const put = (value: string) => { queue.push(value); }; source.on('value', put); export const stop = () => { source.off('value', put); };", ['on every `value` event']],
  ['a timer', "setInterval(() => { queue.push(String(Date.now())); }, 10);", ['on every tick of a timer']],
  ['whoever calls', 'export function put(value: string): void { queue.push(value); }', ['by every call of `put()`']],
  ['whoever calls a method', 'export class Mailbox { push(value: string): void { queue.push(value); } }', ['by every call of `Mailbox.push()`']],
  ['a loop over a stream', 'export async function pump() { for await (const row of rows) queue.push(row); }', ['by a loop that does not wait']],
  ['a walk over a list, once', "export const all = ['a', 'b']; all.forEach((value) => { queue.push(value); });", []],
  ['an event that comes once', "source.once('value', (value: string) => { queue.push(value); });", []],
  ['the executor of a promise', 'export const put = (value: string) => new Promise<void>(() => { queue.push(value); });', []],
])('%s', (_, code, filled) => {
  expect(filledBy(code)).toEqual(filled);
});
