import { describe, expect, it } from 'vitest';
import { truthOfBody } from './support.js';
import type { SourceText, Truth } from './truth.js';

const truthOf = (body: string, ...more: SourceText[]): Promise<Truth> => truthOfBody('byte, c, look', body, more);

const first = ({ gone }: Truth): string[] => [...gone.keys()].sort();

const uses = ['look(view);', 'view[2] = byte();', 'view.fill(byte());', 'out.push(view.slice(0, 4));', 'view.subarray(0, 2);'];

describe('the executor sees the use of memory that was given away', () => {
  const transfers: Readonly<Record<string, string>> = {
    'by structuredClone': 'structuredClone(view, { transfer: [view.buffer] });',
    'by a port': 'port.postMessage(view, [view.buffer]);',
    'by its own method': 'view.buffer.transfer();',
    'by a method on what a type assertion is about': '(view.buffer as ArrayBuffer).transfer();',
  };

  it.each(Object.entries(transfers))('%s', async (_name, transfer) => {
    for (const use of [...uses, transfer]) {
      expect(first(await truthOf(`export function move(out, port) {\n  const view = new Uint8Array(8);\n  ${transfer}\n  ${use}\n}`))).toEqual(['main.ts:5']);
      expect(first(await truthOf(`export function move(out, port) {\n  let view = new Uint8Array(8);\n  ${transfer}\n  view = new Uint8Array(8);\n  ${use}\n}`))).toEqual([]);
    }
  });

  it('by a helper of another file, and in one', async () => {
    const helpers = { name: 'helpers.ts', text: "import { look } from './opaque.js';\nexport function moveAway(b) {\n  structuredClone(b, { transfer: [b.buffer] });\n}\nexport function inspect(b) {\n  look(b);\n}\n" };
    const truth = await truthOf("import { moveAway, inspect } from './helpers.js';\nexport function move() {\n  const view = new Uint8Array(8);\n  moveAway(view);\n  inspect(view);\n}", helpers);
    expect([...truth.gone.values()]).toMatchObject([{ place: 'helpers.ts:6', callers: new Set(['main.ts:6']) }]);
  });

  it('once: what follows on the same path is told apart', async () => {
    const truth = await truthOf(`export function move(out, port) {
  const view = new Uint8Array(8);
  port.postMessage(view, [view.buffer]);
  if (c(1)) look(view);
  port.postMessage(view, [view.buffer]);
  const part = view.subarray(0, 4);
  part.fill(byte());
}`);
    expect(first(truth)).toEqual(['main.ts:5', 'main.ts:6']);
    expect([...truth.goneAgain.keys()].sort()).toEqual(['main.ts:6', 'main.ts:7', 'main.ts:8']);
  });

  it('by whoever was handed a view of it', async () => {
    const truth = await truthOf('export function move(out) {\n  const view = new Uint8Array(8);\n  out.push(view);\n  view.buffer.transfer();\n}');
    expect([...truth.corrupted.keys()]).toEqual(['main.ts:4']);
  });
});

describe('the executor sees the use of a view whose memory', () => {
  it('grew', async () => {
    const body = (again: string): string => `export function move(out) {\n  const memory = new WebAssembly.Memory({ initial: 1, maximum: 60 });\n  let view = new Uint8Array(memory.buffer);\n  memory.grow(1);\n  ${again}\n  look(view);\n}`;
    expect(first(await truthOf(body('')))).toEqual(['main.ts:7']);
    expect(first(await truthOf(body('view = new Uint8Array(memory.buffer);')))).toEqual([]);
  });

  it('shrank, but not one that is there still', async () => {
    const body = (size: number, view: string): string => `export function move(out) {\n  const ab = new ArrayBuffer(8, { maxByteLength: 32 });\n  const view = new Uint8Array(${view});\n  ab.resize(${String(size)});\n  look(view);\n}`;
    expect(first(await truthOf(body(2, 'ab, 0, 4')))).toEqual(['main.ts:6']);
    expect(first(await truthOf(body(4, 'ab, 0, 4')))).toEqual([]);
    expect(first(await truthOf(body(16, 'ab, 0, 4')))).toEqual([]);
    expect(first(await truthOf(body(2, 'ab')))).toEqual([]);
  });
});
