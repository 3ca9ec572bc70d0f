import { describe, expect, it } from 'vitest';
import { truthOfBody } from './support.js';
import type { SourceText, Truth } from './truth.js';
import { executeOnEveryPath, throwingEffort, usualEffort } from './truth.js';

const names = 'byte, c, items, pick, t, tick';
const imports = `import { ${names} } from './opaque.js';`;

const truthOf = (body: string, ...more: SourceText[]): Promise<Truth> => truthOfBody(names, body, more);

function places(truth: Truth): string[] {
  return [...truth.corrupted.keys()].sort();
}

describe('the executor sees corruption', () => {
  it('of a yielded view whose buffer is refilled', async () => {
    const truth = await truthOf(`export function* read() {
  const buf = Buffer.alloc(8);
  while (c(1)) {
    buf.fill(byte());
    yield buf.subarray(0, 4);
  }
}`);
    expect(places(truth)).toEqual(['main.ts:6']);
    expect([...(truth.corrupted.get('main.ts:6')?.by ?? [])]).toEqual(['main.ts:5']);
  });

  it('only where an overwrite follows', async () => {
    const truth = await truthOf(`export function* read() {
  const buf = Buffer.alloc(8);
  yield buf.subarray(0, 4);
  buf.fill(byte());
  yield buf.subarray(0, 4);
}`);
    expect(places(truth)).toEqual(['main.ts:4']);
    expect([...truth.handedOver].sort()).toEqual(['main.ts:4', 'main.ts:6']);
  });

  it('also where the buffer began as bytes that somebody wrote out', async () => {
    const truth = await truthOf(`export function* read() {
  const buf = Buffer.from([1, 2, 3, 4, 5, 6, 7, 8]);
  yield buf.subarray(0, 4);
  buf.set([byte(), byte(), byte()]);
}`);
    expect(places(truth)).toEqual(['main.ts:4']);
  });

  it('on one path of many', async () => {
    const truth = await truthOf(`export function* read() {
  const buf = Buffer.alloc(8);
  let view = Buffer.alloc(4);
  if (c(1)) view = buf.subarray(0, 4);
  yield view;
  if (c(2)) return;
  switch (pick(3, 3)) {
    case 0:
      break;
    case 1:
      buf[2] = byte();
  }
}`);
    expect(places(truth)).toEqual(['main.ts:6']);
  });

  it('in async generators, through a helper of another file and a container', async () => {
    const truth = await truthOf(
      `import { head } from './helpers.js';
export async function* read() {
  const buf = new Uint8Array(8);
  for (const item of items(1)) {
    await tick();
    buf.set([byte(), item]);
    yield { inner: { v: head(buf) } };
  }
}`,
      { name: 'helpers.ts', text: 'export function head(b: Uint8Array) {\n  return b.subarray(0, 4);\n}\n' },
    );
    expect(places(truth)).toEqual(['main.ts:8']);
  });

  it('of a return value, by another method', async () => {
    const truth = await truthOf(`export class Reader {
  #buf = Buffer.alloc(8);
  next() {
    return this.#buf.slice(0, 4);
  }
  refill() {
    this.#buf.fill(byte());
  }
}`);
    expect(places(truth)).toEqual(['main.ts:5']);
    expect([...(truth.corrupted.get('main.ts:5')?.by ?? [])]).toEqual(['main.ts:8']);
  });

  it('of a return value, by the next call of a closure', async () => {
    const truth = await truthOf(`export function make() {
  const buf = Buffer.alloc(8);
  return () => {
    buf.fill(byte());
    return buf.subarray(0, 4);
  };
}`);
    expect(places(truth)).toEqual(['main.ts:6']);
  });

  it('of what a callback, a collector, an emitter and a controller were given', async () => {
    const truth = await truthOf(`export function give(cb, out, emitter, controller) {
  const buf = Buffer.alloc(8);
  cb(null, buf.subarray(0, 4));
  out.push(buf.subarray(0, 4));
  emitter.emit('data', [buf]);
  controller.enqueue(buf);
  buf.fill(byte());
}`);
    expect(places(truth)).toEqual(['main.ts:4', 'main.ts:5', 'main.ts:6', 'main.ts:7']);
  });

  it('of what a helper handed over, with the call that led there', async () => {
    const truth = await truthOf(`export function give(out) {
  const buf = Buffer.alloc(8);
  pass(out, buf);
  buf.fill(byte());
}
function pass(to, b) {
  to.push(b);
}`);
    expect(places(truth)).toEqual(['main.ts:8']);
    expect([...(truth.corrupted.get('main.ts:8')?.callers ?? [])]).toEqual(['main.ts:4']);
  });

  it('of what a sink still holds', async () => {
    const truth = await truthOf(`export async function give(sink) {
  const buf = Buffer.alloc(8);
  void sink(buf);
  const late = sink(buf);
  await sink(buf);
  buf.fill(byte());
  await late;
}`);
    expect(places(truth)).toEqual(['main.ts:4', 'main.ts:5']);
  });

  it('of what a stream was pushed', async () => {
    const truth = await truthOf(`import { Readable, Transform } from 'node:stream';
export class Source extends Readable {
  #buf = Buffer.alloc(8);
  _read() {
    this.#buf.fill(byte());
    this.push(this.#buf.subarray(0, 4));
  }
}
export class Framer extends Transform {
  #buf = Buffer.alloc(8);
  _transform(chunk, _encoding, cb) {
    chunk.copy(this.#buf);
    cb(null, this.#buf);
  }
}`);
    expect(places(truth)).toEqual(['main.ts:14', 'main.ts:7']);
  });

  it('when a finally block overwrites after an early return', async () => {
    const truth = await truthOf(`export function* read() {
  const buf = Buffer.alloc(8);
  try {
    yield buf.subarray(0, 4);
    for (;;) t(1);
  } finally {
    buf.fill(byte());
  }
}`);
    expect(places(truth)).toEqual(['main.ts:5']);
  });

  it('in CommonJS without annotations', async () => {
    const truth = await executeOnEveryPath([
      {
        name: 'main.js',
        text: `const { byte, c } = require('./opaque.js');
function* read() {
  const ab = new ArrayBuffer(8);
  const view = new Uint8Array(ab, 0, 4);
  outer: for (;;) {
    while (c(1)) {
      yield view;
      if (c(2)) continue outer;
    }
    Buffer.from(ab).fill(byte());
  }
}
module.exports = { read };
`,
      },
    ]);
    expect(places(truth)).toEqual(['main.js:7']);
  });

  it('of two slices of one array that show the same bytes, as parked', async () => {
    const truth = await truthOf(`export function gather() {
  const buf = Buffer.alloc(8);
  const results = [];
  while (c(1)) {
    buf.fill(byte());
    results.push(buf.subarray(0, 4));
  }
  return results;
}`);
    expect(places(truth)).toEqual([]);
    expect([...truth.parked.keys()]).toEqual(['main.ts:7']);
    expect([...(truth.parkedAndGiven.get('main.ts:7')?.callers ?? [])]).toEqual(['main.ts:9']);
  });

  it('of slices that are parked but stay inside, as parked only', async () => {
    const truth = await truthOf(`export function gather() {
  const buf = Buffer.alloc(8);
  const results = [];
  while (c(1)) {
    buf.fill(byte());
    results.push(buf.subarray(0, 4));
  }
  return results.length;
}`);
    expect([...truth.parked.keys()]).toEqual(['main.ts:7']);
    expect([...truth.parkedAndGiven.keys()]).toEqual([]);
  });

  it('of a ring that wraps', async () => {
    const truth = await truthOf(`export function* take(n) {
  const slab = Buffer.alloc(8);
  let position = 0;
  while (c(1)) {
    if (position + n > slab.length) position = 0;
    const piece = slab.subarray(position, position + n);
    piece.fill(byte());
    position += n;
    yield piece;
  }
}`);
    expect(places(truth)).toEqual(['main.ts:10']);
  });
});

describe('the executor sees none', () => {
  const clean: Record<string, string> = {
    'when the buffer is fresh in each turn': `export function* read() {
  while (c(1)) {
    const buf = Buffer.alloc(8);
    buf.fill(byte());
    yield buf.subarray(0, 4);
  }
}`,
    'when a copy is given away': `export function* read() {
  const buf = new Uint8Array(8);
  while (c(1)) {
    buf.fill(byte());
    yield buf.slice(0, 4);
  }
}`,
    'when nothing is written after it': `const buf = Buffer.alloc(8);
export function read() {
  return buf.subarray(0, 4);
}`,
    'when the slab is replaced before it is used up': `let slab = Buffer.alloc(6);
let position = 0;
export function take(n) {
  if (position + n > slab.length) {
    slab = Buffer.alloc(6);
    position = 0;
  }
  const piece = slab.subarray(position, position + n);
  piece.fill(byte());
  position += n;
  return piece;
}`,
    'when the sink was awaited first': `export async function give(sink) {
  const buf = Buffer.alloc(8);
  const all = [sink(buf), sink({ v: buf })];
  const late = sink(buf);
  await Promise.all(all);
  await late;
  buf.fill(byte());
}`,
    'when the closure writes to what the variable was bound to since': `export function* read() {
  let buf = Buffer.alloc(8);
  const put = () => { buf.fill(byte()); };
  yield buf.subarray(0, 4);
  buf = Buffer.alloc(8);
  put();
}`,
    'when each turn has an array of its own': `export function read() {
  const buf = Buffer.alloc(8);
  let size = 0;
  while (c(1)) {
    const list = [];
    buf.fill(byte());
    list.push(buf.subarray(0, 4));
    size += list.length;
  }
  return size;
}`,
    'when the array of own things stays inside': `export function read() {
  const buf = Buffer.alloc(8);
  const list = [];
  list.push(buf);
  buf.fill(byte());
  return list.length;
}`,
  };

  it.each(Object.entries(clean))('%s', async (_name, body) => {
    const truth = await truthOf(body);
    expect(places(truth)).toEqual([]);
    expect([...truth.parked.keys()]).toEqual([]);
  });
});

describe('every path', () => {
  it('is each answer at each question, once', async () => {
    const truth = await truthOf('export function read() {\n  return [c(1), c(2), pick(3, 3)];\n}');
    expect(truth.runs).toBe(12);
  });

  it('is cut at the bound, and what happened before counts', async () => {
    const text = `${imports}\nexport function* read() {\n  const buf = Buffer.alloc(8);\n  for (;;) {\n    if (c(1)) break;\n    yield buf;\n    buf.fill(byte());\n  }\n}`;
    const truth = await executeOnEveryPath([{ name: 'main.ts', text }], { ...usualEffort, decisions: 2 });
    expect(truth.runs).toBe(3);
    expect(places(truth)).toEqual(['main.ts:6']);
  });

  it('goes on behind a catch only where something may throw', async () => {
    const body = (risk: string): string => `export function* read() {
  const buf = Buffer.alloc(8);
  let view = buf.subarray(0, 4);
  try {
    view = Buffer.from(view);
    ${risk}
  } catch {
    view.fill(byte());
  }
  yield view;
  buf.fill(byte());
}`;
    expect(places(await truthOf(body('t(1);')))).toEqual([]);
    const text = `${imports}\n${body('t(1);')}`;
    const truth = await executeOnEveryPath([{ name: 'main.ts', text }], throwingEffort);
    expect(places(truth)).toEqual(['main.ts:11']);
  });

  it('reports errors that the program did not mean', async () => {
    const truth = await executeOnEveryPath([{ name: 'main.ts', text: 'export function read() {\n  return undefined.length;\n}' }]);
    expect(truth.failures).toHaveLength(1);
  });

  it('includes what a catch block sees after a throw', async () => {
    const truth = await truthOf(`export function give(out) {
  const buf = Buffer.alloc(8);
  try {
    out.push(buf);
    t(1);
  } catch {
    buf.fill(byte());
  }
}`);
    expect(places(truth)).toEqual(['main.ts:5']);
  });
});
