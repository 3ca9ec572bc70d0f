import { expect, test } from 'vitest';
import { explained } from './support.js';

/** Whether what an expression makes is followed as a queue. */
function isQueue(made: string, declared = '', put = 'push', take = 'shift'): boolean {
  const { queues } = explained(`import { EventEmitter } from 'node:events';
import Denque from 'denque';
${declared}
const queue = ${made};
export function follow(source: EventEmitter): void { source.on('value', (value: string) => { queue.${put}(value); }); }
export async function run(take: (value: unknown) => Promise<void>): Promise<void> {
  for (let value = queue.${take}(); value; value = queue.${take}()) await take(value);
}
`);
  return queues.some(({ emptied }) => emptied.length > 0);
}

const list = (add: string): string => `{ private readonly all: string[] = []; enqueue(value: string): void { ${add} } dequeue(): string | undefined { return this.all.shift(); } }`;

test('an array, and a collection of a package', () => {
  expect(isQueue('[] as string[]')).toBe(true);
  expect(isQueue('new Denque<string>()')).toBe(true);
});

test('a class, or what a function returns, that keeps values and gives them out', () => {
  expect(isQueue('new List()', `class List ${list('this.all.push(value);')}`, 'enqueue', 'dequeue')).toBe(true);
  expect(isQueue('make()', 'function make() { const all: string[] = []; return { enqueue(value: string) { all.push(value); }, dequeue() { return all.shift(); } }; }', 'enqueue', 'dequeue')).toBe(true);
});

test('not one that refuses what does not fit, nor one that keeps nothing', () => {
  expect(isQueue('new List()', `class List ${list("if (this.all.length >= 10) throw new Error('full'); this.all.push(value);")}`, 'enqueue', 'dequeue')).toBe(false);
  expect(isQueue('make()', 'function make() { let sum = 0; return { add(value: string) { sum += value.length; }, take() { return sum; } }; }', 'add', 'take')).toBe(false);
});
