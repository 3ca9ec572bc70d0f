import { strict as assert } from 'node:assert';
import * as nodeBuffer from 'node:buffer';
import * as crypto from 'node:crypto';
import { aliases, changes, changesOnly, forEachOf, isDetached, withBusyThreads, type Proofs } from './proof.js';

/** Memory and views of it. Members that the type library does not know yet are called by name. */
type Callable = { readonly [name: string]: (...args: unknown[]) => unknown };
const call = (target: object, name: string, ...args: unknown[]): unknown => (target as Callable)[name]?.apply(target, args);

const views = 'Uint8Array Uint8ClampedArray Int8Array Uint16Array Int16Array Uint32Array Int32Array Float16Array Float32Array Float64Array BigInt64Array BigUint64Array';
const fixedWidth: { readonly [width: string]: string } = {
  1: 'writeInt8 writeUInt8 writeUint8',
  2: 'writeInt16BE writeInt16LE writeUInt16BE writeUInt16LE writeUint16BE writeUint16LE',
  4: 'writeInt32BE writeInt32LE writeUInt32BE writeUInt32LE writeUint32BE writeUint32LE writeFloatBE writeFloatLE',
  8: 'writeBigInt64BE writeBigInt64LE writeBigUInt64BE writeBigUInt64LE writeBigUint64BE writeBigUint64LE writeDoubleBE writeDoubleLE',
};
const setters: { readonly [width: string]: string } = {
  1: 'setInt8 setUint8',
  2: 'setInt16 setUint16 setFloat16',
  4: 'setInt32 setUint32 setFloat32',
  8: 'setFloat64 setBigInt64 setBigUint64',
};
const filled = (): Buffer => Buffer.from('0123456789abcdef');
const valueFor = (name: string): unknown => (name.includes('Big') ? 0x0101010101010101n : /Float|Double/.test(name) ? 1.1 : 1);

function fromBuffer(make: (memory: ArrayBuffer, offset: number, length: number) => Buffer): () => void {
  return () => {
    const memory = new ArrayBuffer(8);
    const view = make(memory, 2, 3);
    aliases(view, memory);
    assert.equal(view.byteOffset, 2);
    assert.equal(view.length, 3);
  };
}
/** The constructor and function forms are deprecated, and still views. */
const constructed = (memory: ArrayBuffer, offset: number, length: number): Buffer => Reflect.construct(Buffer, [memory, offset, length]) as Buffer;
const called = (memory: ArrayBuffer, offset: number, length: number): Buffer => Reflect.apply(Buffer, undefined, [memory, offset, length]) as Buffer;

export const byteProofs: Proofs = {
  ...forEachOf(views, (name) => `new global#${name} view`, (name) => () => {
    const memory = new ArrayBuffer(16);
    const view = Reflect.construct(Reflect.get(globalThis, name), [memory, 8, 1]) as ArrayBufferView;
    aliases(view, memory);
    assert.equal(view.byteOffset, 8);
  }),
  'new global#DataView view': () => {
    const memory = new ArrayBuffer(8);
    const view = new DataView(memory, 2, 3);
    aliases(view, memory);
    assert.deepEqual([view.byteOffset, view.byteLength], [2, 3]);
  },
  ...forEachOf('add and compareExchange exchange or store sub xor', (name) => `global#Atomics.${name} writes`, (name) => () => {
    const cells = new Uint8Array([1, 1, 1, 1]);
    const args = name === 'compareExchange' ? [1, 7] : [name === 'and' ? 0 : 6];
    changesOnly(cells, 2, 3, () => call(Atomics, name, cells, 2, ...args));
  }),
  'global#structuredClone transfers': () => {
    const bytes = new Uint8Array(4);
    structuredClone(bytes, { transfer: [bytes.buffer] });
    isDetached(bytes);
  },
  'global#TypedArray#copyWithin writes': () => {
    const bytes = Uint8Array.of(1, 2, 3, 4, 5);
    changesOnly(bytes, 3, 5, () => bytes.copyWithin(3, 0));
  },
  'global#TypedArray#fill writes': () => {
    const bytes = new Uint8Array(5);
    changesOnly(bytes, 1, 3, () => bytes.fill(9, 1, 3));
  },
  ...forEachOf('reverse sort', (name) => `global#TypedArray#${name} writes`, (name) => () => {
    const bytes = Uint8Array.of(3, 2, 1, 0);
    changes(bytes, () => call(bytes, name));
    assert.equal(call(bytes, name), bytes, 'gives another array');
  }),
  'global#TypedArray#set writes': () => {
    const bytes = new Uint8Array(5);
    changesOnly(bytes, 2, 5, () => bytes.set([1, 2, 3], 2));
  },
  'global#TypedArray#subarray view': () => {
    const bytes = Uint8Array.of(1, 2, 3, 4);
    aliases(bytes.subarray(1, 3), bytes);
    assert.deepEqual([...bytes.subarray(1, 3)], [2, 3]);
  },
  'global#TypedArray#buffer view': () => {
    const bytes = new Float64Array(2);
    aliases(bytes.buffer, bytes);
  },
  'global#ArrayBufferView#buffer view': () => {
    const bytes: ArrayBufferView = new Uint8Array(2);
    aliases(bytes.buffer as ArrayBuffer, bytes);
  },
  'global#DataView#buffer view': () => {
    const view = new DataView(new ArrayBuffer(4));
    aliases(view.buffer, view);
  },
  ...forEachOf('setFromBase64 setFromHex', (name) => `global#Uint8Array#${name} writes`, (name) => () => {
    const bytes = new Uint8Array(4);
    changes(bytes, () => call(bytes, name, 'ffff'));
  }),
  ...Object.assign({}, ...Object.entries(setters).map(([width, names]) =>
    forEachOf(names, (name) => `global#DataView#${name} writes`, (name) => () => {
      const bytes = new Uint8Array(16).fill(0xaa);
      changesOnly(bytes, 4, 4 + Number(width), () => call(new DataView(bytes.buffer), name, 4, valueFor(name)));
    }),
  )),
  'global#ArrayBuffer#resize resizes': () => {
    const buffer = new ArrayBuffer(16, { maxByteLength: 32 });
    const [fixed, tracking] = [new Uint8Array(buffer, 8, 8), new Uint8Array(buffer)];
    buffer.resize(8);
    assert.deepEqual([fixed.length, tracking.length], [0, 8]);
  },
  ...forEachOf('transfer transferToFixedLength', (name) => `global#ArrayBuffer#${name} transfers`, (name) => () => {
    const memory = new ArrayBuffer(4);
    const moved = call(memory, name) as ArrayBuffer;
    isDetached(memory);
    assert.equal(moved.byteLength, 4);
  }),
  'global#TextEncoder#encodeInto writes': () => {
    const bytes = new Uint8Array(4);
    changes(bytes, () => new TextEncoder().encodeInto('ab', bytes));
  },
  ...forEachOf('global#Crypto# node:crypto#', (prefix) => `${prefix}getRandomValues writes`, (prefix) => () => {
    const bytes = new Uint8Array(32);
    changes(bytes, () => assert.equal(prefix.startsWith('node') ? crypto.getRandomValues(bytes) : globalThis.crypto.getRandomValues(bytes), bytes));
  }),
  'node:crypto#randomFillSync writes': () => {
    const bytes = new Uint8Array(64);
    changesOnly(bytes, 8, 40, () => assert.equal(crypto.randomFillSync(bytes, 8, 32), bytes));
  },
  'node:crypto#randomFill writes': async () => {
    const bytes = new Uint8Array(64);
    await withBusyThreads(async () => {
      const filling = new Promise<void>((resolve, reject) =>
        crypto.randomFill(bytes, 8, 32, (error, given) => (error ? reject(error) : resolve(assert.equal(given, bytes)))),
      );
      assert.ok(bytes.every((byte) => byte === 0), 'written before it returned');
      await filling;
    });
    assert.ok(bytes.subarray(8, 40).some((byte) => byte !== 0));
    assert.ok(bytes.subarray(40).every((byte) => byte === 0));
  },
  'global#Buffer view': fromBuffer(called),
  'node:buffer#Buffer view': fromBuffer(called),
  'new global#Buffer view': fromBuffer(constructed),
  'new node:buffer#Buffer view': fromBuffer(constructed),
  'global#Buffer.from view': fromBuffer((...args) => Buffer.from(...args)),
  'node:buffer#Buffer.from view': fromBuffer((...args) => nodeBuffer.Buffer.from(...args)),
  ...Object.assign({}, ...Object.entries(fixedWidth).map(([width, names]) =>
    forEachOf(names, (name) => `global#Buffer#${name} writes`, (name) => () => {
      const bytes = Buffer.alloc(16, 0xaa);
      changesOnly(bytes, 4, 4 + Number(width), () => call(bytes, name, valueFor(name), 4));
    }),
  )),
  ...forEachOf('writeIntBE writeIntLE writeUIntBE writeUIntLE writeUintBE writeUintLE', (name) => `global#Buffer#${name} writes`, (name) => () => {
    const bytes = Buffer.alloc(16, 0xaa);
    changesOnly(bytes, 4, 7, () => call(bytes, name, 1, 4, 3));
  }),
  ...forEachOf('asciiWrite base64Write base64urlWrite hexWrite latin1Write ucs2Write utf8Write write', (name) => `global#Buffer#${name} writes`, (name) => () => {
    const bytes = Buffer.alloc(16);
    changesOnly(bytes, 4, 8, () => call(bytes, name, 'ffffffffffff', 4, 4));
  }),
  'global#Buffer#fill writes': () => {
    const bytes = filled();
    changesOnly(bytes, 2, 4, () => assert.equal(bytes.fill('x', 2, 4), bytes));
    changes(bytes, () => bytes.fill('yy', 'latin1'));
  },
  ...forEachOf('swap16 swap32 swap64', (name) => `global#Buffer#${name} writes`, (name) => () => {
    const bytes = filled();
    changes(bytes, () => assert.equal(call(bytes, name), bytes));
  }),
  'global#Buffer#copy writes': () => {
    const target = new Uint8Array(8);
    changesOnly(target, 2, 8, () => filled().copy(target, 2));
  },
  ...forEachOf('slice subarray', (name) => `global#Buffer#${name} view`, (name) => () => {
    const bytes = filled();
    const part = call(bytes, name, 2, 4) as Buffer;
    aliases(part, bytes);
    assert.equal(part.toString(), '23');
    assert.ok(Buffer.isBuffer(part));
  }),
  'global#Buffer#parent view': () => {
    const bytes = Buffer.alloc(4);
    aliases(Reflect.get(bytes, 'parent') as ArrayBuffer, bytes);
  },
};
