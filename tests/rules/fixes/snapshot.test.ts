import { afterEach, describe, expect, test, vi } from 'vitest';
import type { ViewType } from '../../../rules/engine/contracts/contract.js';
import { prepareFindings, type Prepared } from '../eslint/prepared.js';
import { gate, lint, typed, type GateOptions } from './gate.js';

afterEach(() => {
  vi.restoreAllMocks();
});

const rules = { 'borrowck/no-borrowed-yield': 'error' } as const;

/** What `--fix` makes of a text, with the gate around it. */
function fixed(text: string, finding: Prepared | readonly Prepared[], options: Partial<GateOptions> = {}): string {
  prepareFindings([finding].flat());
  return gate(text, { rules, ...options }).output;
}

/** What the editor offers for the first problem of a text, applied. */
function suggested(text: string, finding: Prepared, options: Partial<GateOptions> = {}): { readonly desc: string; readonly output: string } | undefined {
  prepareFindings([finding]);
  const [message] = lint(typed(text, options), { rules, ...options });
  expect(message?.fix, 'nothing is applied unasked').toBeUndefined();
  const [suggestion] = message?.suggestions ?? [];
  if (suggestion === undefined) return undefined;
  const { desc, fix } = suggestion;
  return { desc, output: text.slice(0, fix.range[0]) + fix.text + text.slice(fix.range[1]) };
}

/** A generator that yields one expression over a buffer of a type. */
function yielding(view: string, type: string): string {
  return `export function* read(buf: ${type}, n: number): Generator<${type} | undefined> {\n  yield ${view};\n}\n`;
}

describe('platform form', () => {
  test.each<readonly [view: string, type: ViewType, copy: string]>([
    ['buf.subarray(0, n)', 'Buffer', 'Buffer.from(buf.subarray(0, n))'],
    ['buf.slice(0, n)', 'Buffer', 'Buffer.from(buf.slice(0, n))'],
    ['buf', 'Buffer', 'Buffer.from(buf)'],
    ['buf.subarray(0, n)', 'Uint8Array', 'buf.slice(0, n)'],
    ['buf.subarray(n)', 'Float64Array', 'buf.slice(n)'],
    ['buf.subarray()', 'BigInt64Array', 'buf.slice()'],
    ['buf', 'Int16Array', 'buf.slice()'],
    ['buf?.subarray(0, n)', 'Uint8Array', 'buf?.slice(0, n)'],
    ['new Uint8Array(buf.buffer, 1, n)', 'Uint8Array', 'new Uint8Array(buf.buffer, 1, n).slice()'],
    ['buf', 'ArrayBuffer', 'buf.slice(0)'],
    ['buf', 'SharedArrayBuffer', 'buf.slice(0)'],
    // Parentheses only where they are needed.
    ['buf!', 'Uint8Array', 'buf!.slice()'],
    ['(n > 1 ? buf : buf.subarray(1))', 'Uint8Array', '(n > 1 ? buf : buf.subarray(1)).slice()'],
    ['n > 1 ? buf : buf.subarray(1)', 'Uint8Array', '(n > 1 ? buf : buf.subarray(1)).slice()'],
    ['n > 1 ? buf : buf.subarray(1)', 'Buffer', 'Buffer.from(n > 1 ? buf : buf.subarray(1))'],
    ['buf ?? buf', 'Uint8Array', '(buf ?? buf).slice()'],
    ['buf as Uint8Array', 'Uint8Array', '(buf as Uint8Array).slice()'],
    ['<Uint8Array>buf', 'Uint8Array', '(<Uint8Array>buf).slice()'],
    ['(buf as Uint8Array).subarray(n)', 'Uint8Array', '(buf as Uint8Array).slice(n)'],
    // Comments stay where they are.
    ['buf /* all */ . subarray ( 0 /* from */, n )', 'Uint8Array', 'buf /* all */ . slice ( 0 /* from */, n )'],
    ['buf // scratch\n    .subarray(0, n)', 'Buffer', 'Buffer.from(buf // scratch\n    .subarray(0, n))'],
    ['[buf][0]!.subarray(n)', 'Uint8Array', '[buf][0]!.slice(n)'],
    ["buf['subarray'](n)", 'Uint8Array', "buf['subarray'](n).slice()"],
  ])('%s of %s', (view, type, copy) => {
    expect(fixed(yielding(view, type), { at: `yield ${view};\n`, view, type })).toBe(yielding(copy, type));
  });

  test('a comma expression is one argument', () => {
    expect(fixed(yielding('(n++, buf)', 'Buffer'), { at: 'yield (n++, buf);', view: 'n++, buf', type: 'Buffer' })).toBe(yielding('(Buffer.from((n++, buf)))', 'Buffer'));
  });

  test('an awaited view, in a call without semicolons', () => {
    const text = (view: string): string =>
      `export async function f(next: () => Promise<Uint8Array>, out: Uint8Array[]) {\n  const a = 1\n  out.push(${view})\n  ;[a].forEach(() => {})\n}\n`;
    expect(fixed(text('await next()'), { at: 'out.push(await next())', view: 'await next()', type: 'Uint8Array', how: 'push' })).toBe(text('(await next()).slice()'));
  });

  test('a shorthand property gets its name', () => {
    const text = (property: string): string => `export function* f(body: Uint8Array) {\n  yield { ${property} };\n}\n`;
    expect(fixed(text('body'), { at: 'yield { body }', view: 'body', type: 'Uint8Array' })).toBe(text('body: body.slice()'));
    const buffer = (property: string): string => text(property).replace('Uint8Array', 'Buffer');
    expect(fixed(buffer('body'), { at: 'yield { body }', view: 'body', type: 'Buffer' })).toBe(buffer('body: Buffer.from(body)'));
  });

  test('new without an argument list', () => {
    const text = (view: string): string => `class Frame extends Uint8Array {}\nexport function* f() {\n  yield ${view};\n}\n`;
    expect(fixed(text('new Frame'), { at: 'yield new Frame;', view: 'new Frame', type: 'Uint8Array' })).toBe(text('(new Frame).slice()'));
  });

  test('several findings of a file in one go', () => {
    const text = 'export function* f(a: Uint8Array, b: Buffer) {\n  yield a;\n  yield b;\n}\n';
    const findings: Prepared[] = [
      { at: 'yield a;', view: 'a', type: 'Uint8Array' },
      { at: 'yield b;', view: 'b', type: 'Buffer' },
    ];
    prepareFindings(findings);
    const result = gate(text, { rules });
    expect(result.output).toBe('export function* f(a: Uint8Array, b: Buffer) {\n  yield a.slice();\n  yield Buffer.from(b);\n}\n');
    expect(result.passes).toBe(1);
  });
});

describe('a value that may be missing', () => {
  test.each<readonly [view: string, type: ViewType, copy: string]>([
    // Where one branch is bytes and another nothing, the bytes are copied.
    ['n === 0 ? null : buf.subarray(0, n)', 'Buffer', 'n === 0 ? null : Buffer.from(buf.subarray(0, n))'],
    ['n === 0 ? undefined : buf.subarray(0, n)', 'Uint8Array', 'n === 0 ? undefined : buf.slice(0, n)'],
    ['n === 0 ? void 0 : (buf)', 'Uint8Array', 'n === 0 ? void 0 : (buf.slice())'],
    ['n > 1 ? buf : n > 0 ? buf.subarray(1) : null', 'Buffer', 'n > 1 ? Buffer.from(buf) : n > 0 ? Buffer.from(buf.subarray(1)) : null'],
    ['n > 0 && buf', 'Buffer', 'n > 0 && Buffer.from(buf)'],
    ['some ?? null', 'Buffer', '(some && Buffer.from(some)) ?? null'],
    // A name can be asked twice.
    ['some', 'Buffer', 'some && Buffer.from(some)'],
    ['some', 'Uint8Array', 'some && some.slice()'],
    ['(some)', 'Buffer', '(some) && Buffer.from((some))'],
    ['some!', 'Buffer', 'Buffer.from(some!)'],
  ])('%s of %s', (view, type, copy) => {
    const text = (value: string): string => `export function* read(buf: ${type}, n: number, some: ${type} | null | undefined) {\n  void some;\n  yield ${value};\n}\n`;
    expect(fixed(text(view), { at: `yield ${view};\n`, view, type })).toBe(text(copy));
  });

  test('a shorthand property', () => {
    const text = (property: string): string => `export function* read(body: Buffer | null) {\n  yield { ${property} };\n}\n`;
    expect(fixed(text('body'), { at: 'yield { body }', view: 'body', type: 'Buffer' })).toBe(text('body: body && Buffer.from(body)'));
  });

  test('narrowed, it is not missing', () => {
    const text = (view: string): string => `export function* read(buf: Buffer | null) {\n  if (buf) yield ${view};\n}\n`;
    expect(fixed(text('buf'), { at: 'yield buf;', view: 'buf', type: 'Buffer' })).toBe(text('Buffer.from(buf)'));
  });

  test.each<readonly [what: string, text: string, view: string, type: ViewType]>([
    ['a call that may give nothing', 'export function* read(next: () => Buffer | null) {\n  yield next();\n}\n', 'next()', 'Buffer'],
    ['a promise of bytes', 'export function* read(buf: Buffer) {\n  yield Promise.resolve(buf);\n}\n', 'Promise.resolve(buf)', 'Buffer'],
    ['an array of bytes', 'export function* read(buf: Uint8Array) {\n  yield [buf];\n}\n', '[buf]', 'Uint8Array'],
    ['bytes or text', 'export function* read(buf: Buffer | string) {\n  yield buf;\n}\n', 'buf', 'Buffer'],
  ])('nothing is offered for %s', (_what, text, view, type) => {
    expect(suggested(text, { at: `yield ${view};`, view, type })).toBeUndefined();
  });

  test.each<readonly [what: string, text: string, view: string, copy: string]>([
    ['the type is any', 'export function* read(buf: any) {\n  yield buf;\n}\n', 'buf', 'Buffer.from(buf)'],
    ['the type is a parameter', 'export function* read<T extends Buffer>(buf: T) {\n  yield buf;\n}\n', 'buf', 'Buffer.from(buf)'],
  ])('a copy is offered, not applied, where %s', (_what, text, view, copy) => {
    expect(suggested(text, { at: `yield ${view};`, view, type: 'Buffer' })?.output).toBe(text.replace(`yield ${view}`, `yield ${copy}`));
  });

  test('a part of a buffer is there, whatever the types say', () => {
    const text = (view: string): string => `export function* read(buf: any) {\n  yield ${view};\n}\n`;
    expect(fixed(text('buf.subarray(1)'), { at: 'yield buf.subarray(1);', view: 'buf.subarray(1)', type: 'Buffer' })).toBe(text('Buffer.from(buf.subarray(1))'));
  });
});

describe('a Buffer that is not the global one', () => {
  const finding: Prepared = { at: 'yield view;', view: 'view', type: 'Buffer' };

  test('an import of it is used, under its name', () => {
    const text = (copy: string): string => `import { Buffer as Bytes } from 'buffer';\nexport function* f(view: Bytes) {\n  yield ${copy};\n}\n`;
    expect(fixed(text('view'), finding)).toBe(text('Bytes.from(view)'));
  });

  test('an import of it under its own name is used', () => {
    const text = (copy: string): string => `import { Buffer } from 'node:buffer';\nexport function* f(view: Buffer) {\n  yield ${copy};\n}\n`;
    expect(fixed(text('view'), finding)).toBe(text('Buffer.from(view)'));
  });

  test('a hidden one is imported under another name', () => {
    const text = 'class Buffer {}\nexport function* f(view: ReturnType<typeof globalThis.Buffer.from>) {\n  yield view;\n  yield new Buffer();\n}\n';
    expect(fixed(text, finding)).toBe(
      "import { Buffer as Buffer_ } from 'node:buffer';\n\nclass Buffer {}\nexport function* f(view: ReturnType<typeof globalThis.Buffer.from>) {\n  yield Buffer_.from(view);\n  yield new Buffer();\n}\n",
    );
  });

  test('an import of the type alone is no value', () => {
    const text = "import type { Buffer } from 'node:buffer';\nexport function* f(view: Buffer) {\n  yield view;\n}\n";
    expect(fixed(text, finding)).toBe(
      "import type { Buffer } from 'node:buffer';\nimport { Buffer as Buffer_ } from 'node:buffer';\nexport function* f(view: Buffer) {\n  yield Buffer_.from(view);\n}\n",
    );
  });
});

describe('runtime form', () => {
  const always = { settings: { runtime: 'always' } };
  const finding: Prepared = { at: 'yield view;', view: 'view', type: 'Uint8Array' };
  const body = (copy: string): string => `export function* f(view: Uint8Array): Generator<Uint8Array> {\n  yield ${copy};\n}\n`;

  test('snapshot() with its import', () => {
    expect(fixed(body('view'), finding, always)).toBe(`import { snapshot } from 'borrowck-runtime';\n\n${body('snapshot(view)')}`);
  });

  test('two findings share one import', () => {
    const text = 'export function* f(a: Uint8Array, b: Uint8Array): Generator<Uint8Array> {\n  yield a;\n  yield b;\n}\n';
    const findings: Prepared[] = [
      { at: 'yield a;', view: 'a', type: 'Uint8Array' },
      { at: 'yield b;', view: 'b', type: 'Uint8Array' },
    ];
    expect(fixed(text, findings, always)).toBe(`import { snapshot } from 'borrowck-runtime';\n\n${text.replace('yield a', 'yield snapshot(a)').replace('yield b', 'yield snapshot(b)')}`);
  });

  test.each<ViewType>(['Buffer', 'Uint16Array', 'ArrayBuffer'])('%s keeps its type: the platform form', (type) => {
    const text = (copy: string): string => body(copy).replaceAll('Uint8Array', type);
    const copy = { Buffer: 'Buffer.from(view)', Uint16Array: 'view.slice()', ArrayBuffer: 'view.slice(0)' }[type as 'Buffer'];
    expect(fixed(text('view'), { ...finding, type }, always)).toBe(text(copy));
  });

  test('a view of unknown type is offered a snapshot, not given one', () => {
    const result = suggested(body('view'), { ...finding, type: undefined }, always);
    expect(result).toEqual({ desc: 'Hand out an owned copy: snapshot(view)', output: `import { snapshot } from 'borrowck-runtime';\n\n${body('snapshot(view)')}` });
  });
});

describe('what is offered, not applied', () => {
  test('a potential finding', () => {
    const text = yielding('buf', 'Uint8Array');
    prepareFindings([{ at: 'yield buf;', view: 'buf', type: 'Uint8Array', certainty: 'potential' }]);
    const [message] = lint(typed(text, {}), { rules: { 'borrowck/no-borrowed-yield': ['error', { report: 'potential' }] } });
    expect(message?.fix).toBeUndefined();
    expect(message?.suggestions?.map(({ desc }) => desc)).toEqual(['Hand out an owned copy: buf.slice()']);
  });

  test('any finding, with fix: off', () => {
    prepareFindings([{ at: 'yield buf;', view: 'buf', type: 'Uint8Array' }]);
    const [message] = lint(typed(yielding('buf', 'Uint8Array'), {}), { rules: { 'borrowck/no-borrowed-yield': ['error', { fix: 'off' }] } });
    expect(message?.fix).toBeUndefined();
    expect(message?.suggestions?.map(({ desc }) => desc)).toEqual(['Hand out an owned copy: buf.slice()']);
  });

  test('a DataView', () => {
    const copy = 'new DataView(buf.buffer.slice(buf.byteOffset, buf.byteOffset + buf.byteLength))';
    expect(suggested(yielding('buf', 'DataView'), { at: 'yield buf;', view: 'buf', type: 'DataView' })?.output).toBe(yielding(copy, 'DataView'));
    const made = 'export function* f(memory: ArrayBuffer) {\n  yield new DataView(memory);\n}\n';
    expect(suggested(made, { at: 'yield new DataView(memory);', view: 'new DataView(memory)', type: 'DataView' })?.output).toBe(made.replace('(memory);', '(memory.slice(0));'));
  });
});

test.each<readonly [string, string, ViewType | undefined]>([
  ['a DataView that costs something to name', 'next().view', 'DataView'],
  ['a Buffer that may be missing', 'buf?.subarray(0)', 'Buffer'],
  ['an unknown type without the runtime', 'buf.subarray(0)', undefined],
])('nothing is offered for %s', (_what, view, type) => {
  expect(suggested(yielding(view, 'any'), { at: `yield ${view};`, view, type })).toBeUndefined();
});

test('nothing is offered where no expression is the view', () => {
  const text = 'export function* f(views: Iterable<Buffer>) {\n  yield* views;\n}\n';
  expect(suggested(text, { at: 'yield* views', type: 'Buffer' })).toBeUndefined();
});
