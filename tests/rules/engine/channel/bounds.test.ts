import { describe, expect, test } from 'vitest';
import { explained } from './support.js';

/** What bounds the queue of a class whose `put` has these statements before the value is pushed, and these after. */
function boundOf(before: string, after = '', fields = ''): string | undefined {
  const { queues } = explained(`import { EventEmitter } from 'node:events';
export class Box {
  readonly queue: string[] = [];
  count = 0;
  ${fields}
  constructor(readonly source: EventEmitter & { pause(): void }, readonly options: { limit?: number; max: number }) {
    source.on('value', (value: string) => { this.put(value); });
  }
  put(value: string): void { ${before} this.queue.push(value); ${after} }
  async run(take: (value: string) => Promise<void>): Promise<void> {
    for (let value = this.queue.shift(); value !== undefined; value = this.queue.shift()) await take(value);
  }
}
`);
  expect(queues.map(({ name }) => name)).toEqual(['this.queue']);
  return queues[0]?.bound?.kind;
}

describe('a comparison of the length bounds a queue whose over-limit side', () => {
  test.each([
    ['throws', "if (this.queue.length >= 100) throw new Error('full');"],
    ['leaves', 'if (this.queue.length >= this.options.max) return;'],
    ['drops the oldest', 'if (this.queue.length >= 100) this.queue.shift();'],
    ['empties it', 'if (this.queue.length > 100) this.queue.length = 0;'],
    ['stops the source', 'if (this.queue.length > 100) this.source.pause();'],
    ['is met by a count', 'if (this.count >= 100) return; this.count++;'],
  ])('%s', (_, before) => {
    expect(boundOf(before)).toBe('limit');
  });
});

describe('it does not where that side', () => {
  test.each([
    ['only warns', "if (this.queue.length > 100) console.warn('long', `${this.queue.length}`);"],
    ['only looks whether there is anything', 'if (this.queue.length > 0) this.count++;'],
    ['counts', 'if (this.queue.length > 100) this.count++;'],
  ])('%s', (_, before) => {
    expect(boundOf(before)).toBeUndefined();
  });
});

test('a limit that need not be set is told apart', () => {
  expect(boundOf('if (this.options.limit !== undefined && this.queue.length >= this.options.limit) return;')).toBe('optional');
  expect(boundOf('if (this.queue.length >= this.cap) return;', '', 'cap = Infinity;')).toBe('optional');
});

test('what is not followed may bound it', () => {
  expect(boundOf("if (this.queue.length > 100) this.source.emit('full');")).toBe('unknown');
});
