import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { gate } from './gate.js';
import { root } from './program.js';

/** What a program handed out, and what each chunk held at that moment. */
interface Outcome {
  readonly chunks: readonly Uint8Array[];
  readonly meant: readonly string[];
}

/**
 * Runs a module that exports `run(take)`: it hands out each chunk to `take` as its consumer would get it.
 *
 * @param source - the module
 * @returns the chunks, and their bytes at the moment they were handed out
 */
async function execute(source: string): Promise<Outcome> {
  const { outputText } = ts.transpileModule(source, { compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext } });
  const resolved = outputText.replaceAll("'borrowck-runtime'", JSON.stringify(pathToFileURL(`${root}/lib/dist/index.js`).href));
  const module = (await import(`data:text/javascript;base64,${Buffer.from(resolved).toString('base64')}`)) as { run(take: (chunk: Uint8Array) => void): Promise<void> };
  const chunks: Uint8Array[] = [];
  const meant: string[] = [];
  await module.run((chunk) => {
    chunks.push(chunk);
    meant.push(hex(chunk));
  });
  return { chunks, meant };
}

function hex(chunk: Uint8Array): string {
  return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('hex');
}

const programs: Record<string, { readonly source: string; readonly rule?: string }> = {
  'a generator that refills one buffer': {
    source: `
      import fs from 'node:fs';
      export function* read(fd: number): Generator<Uint8Array> {
        const scratch = new Uint8Array(16);
        let size: number;
        while ((size = fs.readSync(fd, scratch)) > 0) yield scratch.subarray(0, size);
      }
      export async function run(take: (chunk: Uint8Array) => void): Promise<void> {
        const fd = fs.openSync('package.json', 'r');
        for (const chunk of read(fd)) take(chunk);
        fs.closeSync(fd);
      }`,
  },
  'an async generator over a FileHandle': {
    source: `
      import { open, type FileHandle } from 'node:fs/promises';
      export async function* read(fh: FileHandle): AsyncGenerator<Buffer> {
        const buf = Buffer.alloc(16);
        for (;;) {
          const { bytesRead } = await fh.read(buf);
          if (bytesRead === 0) return;
          yield buf.subarray(0, bytesRead);
        }
      }
      export async function run(take: (chunk: Uint8Array) => void): Promise<void> {
        const fh = await open('package.json');
        for await (const chunk of read(fh)) take(chunk);
        await fh.close();
      }`,
  },
  'a Transform that reuses a field': {
    source: `
      import { Transform, type TransformCallback } from 'node:stream';
      export class Framer extends Transform {
        #buf = Buffer.alloc(64);
        #length = 0;
        override _transform(chunk: Buffer, _encoding: string, callback: TransformCallback): void {
          this.#length = chunk.copy(this.#buf);
          this.push(this.#buf.subarray(0, this.#length));
          callback();
        }
      }
      export async function run(take: (chunk: Uint8Array) => void): Promise<void> {
        const framer = new Framer();
        framer.on('data', (chunk: Buffer) => { take(chunk); });
        for (const text of ['one', 'two', 'three']) framer.write(text);
        await new Promise((resolve) => { framer.end(resolve); });
      }`,
  },
  'an exported function that returns its scratch buffer': {
    rule: 'no-borrowed-return',
    source: `
      const scratch = new Uint16Array(4);
      export function encode(value: number): Uint16Array {
        scratch.fill(value);
        return scratch.subarray(1);
      }
      export async function run(take: (chunk: any) => void): Promise<void> {
        for (const value of [1, 2, 3]) take(encode(value));
      }`,
  },
};

describe.each(Object.entries(programs))('%s', (_name, { source, rule = 'no-borrowed-yield' }) => {
  test.each(['never', 'always'])('corrupts before the fix, not after it (runtime: %s)', async (runtime) => {
    const before = await execute(source);
    expect(before.chunks.length).toBeGreaterThan(1);
    expect(before.chunks.map(hex)).not.toEqual(before.meant);

    const { output } = gate(source, { rules: { [`borrowck/${rule}`]: 'error' }, settings: { runtime } });
    const after = await execute(output);
    expect(after.chunks.map(hex)).toEqual(before.meant);
    expect(after.meant).toEqual(before.meant);
    expect(after.chunks.map((chunk) => chunk.constructor.name)).toEqual(before.chunks.map((chunk) => chunk.constructor.name));
  });
});
