import { createContext, runInContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DetachedBufferError, snapshot } from '../../lib/index.js';

/** What every snapshot promises, whatever it was taken of. */
function expectOwned(copy: Uint8Array, bytes: readonly number[]): void {
  expect([...copy]).toEqual(bytes);
  expect(Object.getPrototypeOf(copy)).toBe(Uint8Array.prototype);
  expect(Object.prototype.toString.call(copy.buffer)).toBe('[object ArrayBuffer]');
  expect(copy.byteOffset).toBe(0);
  expect(copy.buffer.byteLength).toBe(bytes.length);
  expect(Reflect.get(copy.buffer, 'resizable')).toBe(false);
}

function resizable(byteLength: number, maxByteLength: number): ArrayBuffer {
  return new ArrayBuffer(byteLength, { maxByteLength });
}

function detach(buffer: ArrayBuffer): void {
  structuredClone(buffer, { transfer: [buffer] });
}

const four = (): ArrayBuffer => new Uint8Array([1, 2, 3, 4]).buffer;

describe('copies the bytes of', () => {
  test('a Uint8Array in the middle of a larger buffer', () => {
    expectOwned(snapshot(new Uint8Array([0, 1, 2, 3, 0]).subarray(1, 4)), [1, 2, 3]);
  });

  test('a pooled Buffer', () => {
    const buffer = Buffer.from('ab');
    expect(buffer.buffer.byteLength).toBeGreaterThan(2);
    expectOwned(snapshot(buffer), [97, 98]);
  });

  test('a Buffer of its own', () => {
    expectOwned(snapshot(Buffer.alloc(3, 7)), [7, 7, 7]);
  });

  test('a DataView at an odd offset', () => {
    expectOwned(snapshot(new DataView(four(), 1, 2)), [2, 3]);
  });

  test('a Uint16Array, as bytes', () => {
    expectOwned(snapshot(new Uint16Array(four(), 2, 1)), [3, 4]);
  });

  test('a Uint16Array at an odd element offset of an odd buffer', () => {
    expectOwned(snapshot(new Uint16Array(new Uint8Array([9, 9, 9, 9, 1, 2, 5]).buffer, 4, 1)), [1, 2]);
  });

  test('a BigInt64Array', () => {
    expectOwned(snapshot(new BigInt64Array(new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]).buffer)), [1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test('a Float32Array holding a NaN with a payload, bit for bit', () => {
    const bytes = [1, 0, 0xa0, 0x7f];
    expectOwned(snapshot(new Float32Array(new Uint8Array(bytes).buffer)), bytes);
  });

  test('an Int8Array and a Uint8ClampedArray', () => {
    expectOwned(snapshot(new Int8Array([-1, 1])), [255, 1]);
    expectOwned(snapshot(new Uint8ClampedArray([255, 1])), [255, 1]);
  });

  test('an ArrayBuffer', () => {
    expectOwned(snapshot(four()), [1, 2, 3, 4]);
  });

  test('a SharedArrayBuffer, and a view of one', () => {
    const shared = new SharedArrayBuffer(3);
    new Uint8Array(shared).set([1, 2, 3]);
    expectOwned(snapshot(shared), [1, 2, 3]);
    expectOwned(snapshot(new Uint8Array(shared, 1)), [2, 3]);
    expectOwned(snapshot(new DataView(shared, 2)), [3]);
  });

  test('WebAssembly memory', () => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 2 });
    const view = new Uint8Array(memory.buffer, 8, 2);
    view.set([5, 6]);
    const copy = snapshot(view);
    memory.grow(1);
    expectOwned(copy, [5, 6]);
  });

  test('a resizable buffer, without following its length', () => {
    const buffer = resizable(2, 8);
    const tracking = new Uint8Array(buffer);
    tracking.set([1, 2]);
    const copy = snapshot(tracking);
    buffer.resize(4);
    expectOwned(copy, [1, 2]);
    expectOwned(snapshot(tracking), [1, 2, 0, 0]);
    expectOwned(snapshot(buffer), [1, 2, 0, 0]);
  });

  test('a view from another realm', () => {
    const foreign = runInContext('new Uint16Array([0x0201]).subarray(0)', createContext({})) as Uint16Array;
    expectOwned(snapshot(foreign), [1, 2]);
    expectOwned(snapshot(runInContext('new Uint8Array([1, 2]).buffer', createContext({})) as ArrayBuffer), [1, 2]);
  });

  test('a subclass whose species and properties lie', () => {
    class Liar extends Uint8Array {
      static get [Symbol.species](): typeof Uint8ClampedArray {
        return Uint8ClampedArray;
      }
      override get byteLength(): number {
        return 1;
      }
      override get length(): number {
        return 1;
      }
    }
    expectOwned(snapshot(new Liar([1, 2, 3])), [1, 2, 3]);
  });

  test('nothing', () => {
    for (const empty of [new Uint8Array(0), Buffer.alloc(0), new Float64Array(0), new DataView(new ArrayBuffer(0)), new ArrayBuffer(0), new SharedArrayBuffer(0)]) {
      expectOwned(snapshot(empty), []);
    }
    expect(snapshot(new Uint8Array(0)).buffer).not.toBe(snapshot(new Uint8Array(0)).buffer);
  });
});

test('a copy and its source no longer know of each other', () => {
  const source = new Uint8Array([1, 2]);
  const copy = snapshot(source);
  source[0] = 9;
  copy[1] = 8;
  expect([...copy]).toEqual([1, 8]);
  expect([...source]).toEqual([9, 2]);
});

test('a copy can be transferred, and takes nothing else along', () => {
  const copy = snapshot(Buffer.from('ab'));
  const moved = structuredClone(copy, { transfer: [copy.buffer] });
  expect(copy.byteLength).toBe(0);
  expect(moved.buffer.byteLength).toBe(2);
});

describe('never takes an empty copy of bytes that are gone', () => {
  const views: Record<string, (buffer: ArrayBuffer) => ArrayBufferView | ArrayBuffer> = {
    Uint8Array: (buffer) => new Uint8Array(buffer),
    Buffer: (buffer) => Buffer.from(buffer, 1, 2),
    'an empty Uint8Array': (buffer) => new Uint8Array(buffer, 0, 0),
    Int16Array: (buffer) => new Int16Array(buffer),
    DataView: (buffer) => new DataView(buffer),
    ArrayBuffer: (buffer) => buffer,
  };
  test.each(Object.keys(views))('%s over a transferred buffer', (name) => {
    const buffer = four();
    const view = views[name]?.(buffer) ?? buffer;
    detach(buffer);
    expect(() => snapshot(view)).toThrow(DetachedBufferError);
    expect(() => snapshot(view)).toThrow(/transferred or resized away/);
  });

  test.each(['Uint8Array', 'Uint16Array', 'DataView'] as const)('%s that a resize left behind', (name) => {
    const buffer = resizable(8, 8);
    const view = { Uint8Array: () => new Uint8Array(buffer, 4, 4), Uint16Array: () => new Uint16Array(buffer, 4, 2), DataView: () => new DataView(buffer, 4, 4) }[name]();
    buffer.resize(6);
    expect(() => snapshot(view)).toThrow(DetachedBufferError);
    buffer.resize(8);
    expectOwned(snapshot(view), [0, 0, 0, 0]);
  });

  test('WebAssembly memory that grew', () => {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const view = new Uint8Array(memory.buffer, 0, 4);
    memory.grow(1);
    expect(() => snapshot(view)).toThrow(DetachedBufferError);
  });

  test('the error says what it is', () => {
    const buffer = four();
    detach(buffer);
    let error: unknown;
    try {
      snapshot(buffer);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ name: 'DetachedBufferError', code: 'ERR_DETACHED_BUFFER' });
    expect((error as Error).cause).toBeInstanceOf(TypeError);
  });
});

test.each([
  [null, 'null'],
  [undefined, 'type undefined'],
  ['bytes', 'type string'],
  [[1, 2], 'an instance of Array'],
  [Object.create(null), 'an object'],
  [{ buffer: new ArrayBuffer(1), byteLength: 1, byteOffset: 0 }, 'an instance of Object'],
])('%s is refused with a sentence', (value, said) => {
  // A call from JavaScript, which no compiler stops.
  const call = (): unknown => Reflect.apply(snapshot, undefined, [value]);
  expect(call).toThrow(TypeError);
  expect(call).toThrow(said);
  expect(call).not.toThrow(DetachedBufferError);
});

test('for any window of any buffer, exactly its bytes are copied', () => {
  const kinds = [Uint8Array, Int8Array, Uint16Array, Int32Array, Float64Array, BigUint64Array, DataView] as const;
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), fc.nat(64), fc.nat(64), fc.constantFrom(...kinds), (bytes, from, count, Kind) => {
      const size = 'BYTES_PER_ELEMENT' in Kind ? Kind.BYTES_PER_ELEMENT : 1;
      const offset = Math.floor(Math.min(from, bytes.length) / size) * size;
      const length = Math.min(count, Math.floor((bytes.length - offset) / size));
      const view = Reflect.construct(Kind, [bytes.slice().buffer, offset, length]) as ArrayBufferView;
      expectOwned(snapshot(view), [...bytes.subarray(offset, offset + length * size)]);
    }),
  );
});
