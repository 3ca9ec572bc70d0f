import { expect, test } from 'vitest';
import { explained } from './support.js';

test('tasks are explained by how many there can be, and by what each does', () => {
  const { spawns } = explained(`export async function f(urls: string[]): Promise<void> {
  await Promise.all(urls.map((url) => fetch(url)));
  await Promise.all(['a', 'b'].map((url) => fetch(url)));
  await Promise.all(urls.map((url) => url.length));
}
`);
  expect(spawns.map(({ size, isWork }) => [size, isWork])).toEqual([['input', true], ['bounded', true], ['input', false]]);
});

test('calls on sinks are explained by what makes them repeat, and by who listens', () => {
  const { sinks } = explained(`import { createWriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
export function f(source: Readable, path: string): void {
  const out = createWriteStream(path);
  out.write('head');
  source.on('data', (chunk: Buffer) => { out.write(chunk); });
}
export function g(source: Readable, path: string): void {
  const out = createWriteStream(path);
  source.on('data', (chunk: Buffer) => { out.write(chunk); source.pause(); });
}
`);
  expect(sinks.map(({ via, repeated, isHeeded }) => [via, repeated?.label, isHeeded])).toEqual([
    ['out.write()', undefined, false],
    ['out.write()', "runs for every 'data' event", false],
    ['out.write()', "runs for every 'data' event", true],
  ]);
});
