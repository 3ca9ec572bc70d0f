import type { Linter } from 'eslint';
import { expect, test } from 'vitest';
import { gate, lint, typed } from './gate.js';

/** Who asks for channels gets them from `--fix`, where the generator can be a worker. */
const rules: Linter.RulesRecord = { 'borrowck/no-borrowed-yield': ['error', { fix: 'channel' }] };
const settings = { runtime: 'always' };

test('an async generator becomes a worker that owns the buffer', () => {
  const source = `import type { FileHandle } from 'node:fs/promises';

export class Reader {
  readonly #file: FileHandle;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    const scratch = new Uint8Array(64);
    for (;;) {
      const { bytesRead } = await this.#file.read(scratch, 0, 64);
      if (bytesRead === 0) return;
      // What was read.
      yield scratch.subarray(0, bytesRead);
    }
  }
}
`;
  expect(gate(source, { rules, settings }).output).toBe(`import type { FileHandle } from 'node:fs/promises';
import { snapshotStream } from 'borrowck-runtime';

export class Reader {
  readonly #file: FileHandle;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<Uint8Array> {
    return snapshotStream(async (emit) => {
      const scratch = new Uint8Array(64);
      for (;;) {
        const { bytesRead } = await this.#file.read(scratch, 0, 64);
        if (bytesRead === 0) return;
        // What was read.
        await emit(scratch.subarray(0, bytesRead));
      }
    }, { capacity: 16 }).values();
  }
}
`);
});

test.each([
  ['a generator that is not async', 'function* read(fd: number): Generator<Uint8Array> {', 'while (readSync(fd, scratch) > 0) yield scratch.subarray(1);'],
  ['one that returns a value', 'async function* read(fd: number): AsyncGenerator<Uint8Array, number> {', 'while (readSync(fd, scratch) > 0) yield scratch.subarray(1); return 1;'],
  ['one that takes what its consumer sends', 'async function* read(fd: number): AsyncGenerator<Uint8Array, void, number> {', 'while (readSync(fd, scratch) > 0) { const size = yield scratch.subarray(1); scratch.fill(size); }'],
  ['one that yields more than bytes', 'async function* read(fd: number): AsyncGenerator<Uint8Array | string> {', "while (readSync(fd, scratch) > 0) { yield scratch.subarray(1); yield 'next'; }"],
])('%s stays what it is', (_, head, body) => {
  const source = `import { readSync } from 'node:fs';\nexport ${head}\n  const scratch = new Uint8Array(8);\n  ${body}\n}\n`;
  const messages = lint(typed(source, {}), { rules, settings });
  expect(messages.length).toBeGreaterThan(0);
  expect(messages.flatMap(({ fix, suggestions }) => [fix?.text, ...(suggestions ?? []).map((one) => one.messageId)])).not.toContain('channel');
  expect(messages.map(({ fix }) => fix)).toEqual(messages.map(() => undefined));
});
