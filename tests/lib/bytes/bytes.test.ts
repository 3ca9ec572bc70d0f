import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Bytes, BytesMut, DetachedBufferError } from '../../../lib/index.js';
import type { TextEncoding } from '../../../lib/index.js';

const upTo = (count: number): Uint8Array => Uint8Array.from({ length: count }, (_, at) => at);
const bytesUpTo = (count: number): Bytes => Bytes.copyFrom(upTo(count));

describe('Bytes', () => {
  test('do not change with what they were copied from', () => {
    const source = upTo(4);
    const bytes = Bytes.copyFrom(source.subarray(1, 3));
    source.fill(9);
    expect([...bytes]).toEqual([1, 2]);
  });

  test('take a buffer over: its owner has nothing left', () => {
    const { buffer } = upTo(3);
    const bytes = Bytes.adopt(buffer as ArrayBuffer);
    expect(buffer.byteLength).toBe(0);
    expect([...bytes]).toEqual([0, 1, 2]);
    expect(() => Bytes.adopt(buffer as ArrayBuffer)).toThrow(DetachedBufferError);
  });

  test('an empty buffer can be adopted once, too', () => {
    const buffer = new ArrayBuffer(0);
    expect(Bytes.adopt(buffer).length).toBe(0);
    expect(() => Bytes.adopt(buffer)).toThrow(DetachedBufferError);
  });

  test.each([
    ['shared memory', new SharedArrayBuffer(1)],
    ['WebAssembly memory', new WebAssembly.Memory({ initial: 1 }).buffer],
    ['a view', new Uint8Array(1)],
    ['nothing', undefined],
  ])('%s cannot be adopted', (_, buffer) => {
    expect(() => Bytes.adopt(buffer as ArrayBuffer)).toThrow(TypeError);
  });

  test('splitTo takes the front off, splitOff the back', () => {
    const bytes = bytesUpTo(6);
    expect([...bytes.splitTo(2)]).toEqual([0, 1]);
    expect([...bytes.splitOff(3)]).toEqual([5]);
    expect([...bytes]).toEqual([2, 3, 4]);
    bytes.truncate(9);
    expect(bytes.length).toBe(3);
    bytes.truncate(1);
    expect([...bytes]).toEqual([2]);
  });

  test.each([-1, 4, 0.5, NaN])('there is no byte to split at %d of three', (at) => {
    expect(() => bytesUpTo(3).splitTo(at)).toThrow(RangeError);
    expect(() => bytesUpTo(3).splitOff(at)).toThrow(RangeError);
  });

  test('a number that lies across the end is refused, though the memory goes on behind it', () => {
    const middle = bytesUpTo(8).slice(2, 5);
    expect(middle.getUint16(1)).toBe(0x0304);
    expect(middle.getUint16(1, true)).toBe(0x0403);
    expect(() => middle.getUint16(2)).toThrow(RangeError);
    expect(() => middle.getUint8(-1)).toThrow(RangeError);
    expect(() => middle.getUint32(0)).toThrow(RangeError);
  });

  test('numbers are read as a DataView reads them', () => {
    const source = Uint8Array.from([0xff, 0xfe, 0x80, 0x01, 0x40, 0x09, 0x21, 0xfb]);
    const view = new DataView(source.buffer);
    const bytes = Bytes.copyFrom(source);
    for (const isLittle of [false, true]) {
      expect(bytes.getInt16(1, isLittle)).toBe(view.getInt16(1, isLittle));
      expect(bytes.getUint32(3, isLittle)).toBe(view.getUint32(3, isLittle));
      expect(bytes.getInt32(3, isLittle)).toBe(view.getInt32(3, isLittle));
      expect(bytes.getBigUint64(0, isLittle)).toBe(view.getBigUint64(0, isLittle));
      expect(bytes.getBigInt64(0, isLittle)).toBe(view.getBigInt64(0, isLittle));
      expect(bytes.getFloat32(4, isLittle)).toBe(view.getFloat32(4, isLittle));
      expect(bytes.getFloat64(0, isLittle)).toBe(view.getFloat64(0, isLittle));
    }
    expect([bytes.getInt8(0), bytes.getUint8(0)]).toEqual([-1, 255]);
  });

  test('give a copy away, never their memory', () => {
    const bytes = bytesUpTo(2);
    const copy = bytes.toUint8Array();
    copy.fill(9);
    expect([...bytes]).toEqual([0, 1]);
    expect(copy.buffer.byteLength).toBe(2);
  });

  test('copyTo copies what fits, into a view of any kind', () => {
    const target = new Uint16Array(2);
    expect(bytesUpTo(3).copyTo(target, 1)).toBe(3);
    expect([...new Uint8Array(target.buffer)]).toEqual([0, 0, 1, 2]);
    expect(bytesUpTo(3).copyTo(new Uint8Array(2), 1)).toBe(1);
    expect(bytesUpTo(3).copyTo(new Uint8Array(2), 2)).toBe(0);
    expect(() => bytesUpTo(3).copyTo(new Uint8Array(2), 3)).toThrow(RangeError);
  });

  test('compact leaves a small part of large memory, and only that', () => {
    const large = Bytes.copyFrom(new Uint8Array(65_537));
    const small = large.slice(0, 8192);
    expect(small.compact()).not.toBe(small);
    expect(small.compact().equals(small)).toBe(true);
    expect(large.slice(0, 8193).compact()).toHaveLength(8193);
    const share = large.slice(0, 8193);
    expect(share.compact()).toBe(share);
    const ofLittle = Bytes.copyFrom(new Uint8Array(65_536)).slice(0, 1);
    expect(ofLittle.compact()).toBe(ofLittle);
  });

  test('equal what shows the same bytes', () => {
    const bytes = bytesUpTo(3);
    expect([bytes.equals(bytes), bytes.equals(bytesUpTo(3)), bytes.equals(upTo(3)), bytes.equals(upTo(3).buffer)]).toEqual([true, true, true, true]);
    expect([bytes.equals(bytesUpTo(4)), bytes.equals(upTo(4).subarray(1))]).toEqual([false, false]);
  });

  test.each<[TextEncoding, string]>([
    ['utf8', '\u{feff}h\u{e9}\u{fffd}'],
    ['latin1', '\u{ef}\u{bb}\u{bf}h\u{c3}\u{a9}\u{ff}'],
    ['hex', 'efbbbf68c3a9ff'],
    ['base64', '77u/aMOp/w=='],
  ])('are text in %s', (encoding, text) => {
    const bytes = Bytes.copyFrom(Uint8Array.from([0xef, 0xbb, 0xbf, 0x68, 0xc3, 0xa9, 0xff]));
    expect(bytes.toString(encoding)).toBe(text);
  });

  test('are no text in an encoding that there is not', () => {
    expect(() => bytesUpTo(1).toString('utf16le' as TextEncoding)).toThrow('utf16le');
  });

  test('more bytes than a call takes arguments are text as well', () => {
    expect(Bytes.copyFrom(new Uint8Array(200_000).fill(65)).toString('latin1')).toBe('A'.repeat(200_000));
  });
});

describe('a handle that nobody shares', () => {
  test('becomes writable without a copy, and is empty then', () => {
    const bytes = Bytes.adopt(upTo(3).buffer as ArrayBuffer);
    const mutable = bytes.tryIntoMut();
    expect(mutable).toHaveLength(3);
    expect(bytes).toHaveLength(0);
    expect(bytes.tryIntoMut()).toHaveLength(0);
  });

  test('is known once the other handles let go', () => {
    const bytes = bytesUpTo(4);
    const part = bytes.slice(1, 2);
    expect([bytes.isUnique(), bytes.tryIntoMut()]).toEqual([false, undefined]);
    part[Symbol.dispose]();
    part[Symbol.dispose]();
    expect(bytes.isUnique()).toBe(true);
    expect(bytes.slice(2, 2).isUnique()).toBe(true);
    expect(bytes.isUnique()).toBe(true);
  });

  test('is known after all was split off', () => {
    const bytes = bytesUpTo(4);
    const all = bytes.splitTo(4);
    expect([all.isUnique(), bytes.isUnique()]).toEqual([true, true]);
  });
});

describe('BytesMut', () => {
  test('put copies, freeze does not', () => {
    const mutable = BytesMut.withCapacity(4);
    const source = upTo(2);
    mutable.put(source);
    source.fill(9);
    expect([mutable.length, mutable.remaining]).toEqual([2, 2]);
    mutable.put(bytesUpTo(3));
    const frozen = mutable.freeze();
    expect([...frozen]).toEqual([0, 1, 0, 1, 2]);
    expect([mutable.length, mutable.remaining]).toEqual([0, 0]);
    mutable.put(upTo(1));
    expect([...frozen, ...mutable.freeze()]).toEqual([0, 1, 0, 1, 2, 0]);
  });

  test('what was split off is not written any more', () => {
    const mutable = BytesMut.withCapacity(8);
    mutable.put(upTo(3));
    const head = mutable.split();
    mutable.put(Uint8Array.from([7, 7, 7]));
    head.put(Uint8Array.from([8, 8]));
    expect([...head.freeze()]).toEqual([0, 1, 2, 8, 8]);
    expect([...mutable.freeze()]).toEqual([7, 7, 7]);
  });

  test('cuts frames off a stream of chunks', () => {
    const stream = Uint8Array.from([0, 2, 65, 66, 0, 1, 67, 0, 0, 0, 3, 68, 69, 70]);
    const frames: string[] = [];
    const buffer = BytesMut.withCapacity(4);
    for (let at = 0; at < stream.length; at += 3) {
      buffer.put(stream.subarray(at, at + 3));
      while (buffer.length >= 2 && buffer.length >= 2 + buffer.getUint16(0)) {
        const length = buffer.getUint16(0);
        buffer.advance(2);
        frames.push(buffer.splitTo(length).freeze().toString());
      }
    }
    expect(frames).toEqual(['AB', 'C', '', 'DEF']);
  });

  test('room that was advanced over is used again', () => {
    const mutable = BytesMut.withCapacity(8);
    for (let round = 0; round < 5; round++) {
      mutable.put(upTo(4));
      mutable.advance(4);
      mutable.reserve(8);
      expect(mutable.remaining).toBe(8);
    }
  });

  test.each([-1, 1.5, NaN, Infinity])('%d is no capacity', (capacity) => {
    expect(() => BytesMut.withCapacity(capacity)).toThrow(RangeError);
    expect(() => BytesMut.withCapacity(1).reserve(capacity)).toThrow(RangeError);
  });
});

test('slices of slices show what the same slices of an array show', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.array(fc.tuple(fc.integer({ min: -50, max: 50 }), fc.option(fc.integer({ min: -50, max: 50 }), { nil: undefined }))), (source, cuts) => {
      let bytes = Bytes.copyFrom(source);
      let expected = source;
      for (const [start, end] of cuts) {
        bytes = bytes.slice(start, end);
        expected = expected.slice(start, end);
      }
      expect([...bytes]).toEqual([...expected]);
      expect(bytes.at(-1)).toBe(expected.at(-1));
    }),
  );
});

test('whatever is put, advanced, split and frozen, every handle shows its own bytes', () => {
  const steps = fc.array(fc.oneof(fc.record({ put: fc.uint8Array({ maxLength: 20 }) }), fc.record({ advance: fc.nat(20) }), fc.record({ split: fc.nat(20) }), fc.record({ reserve: fc.nat(100) })), { maxLength: 30 });
  fc.assert(
    fc.property(fc.nat(32), steps, (capacity, commands) => {
      const mutable = BytesMut.withCapacity(capacity);
      let model: number[] = [];
      const frozen: [Bytes, number[]][] = [];
      for (const command of commands) {
        if ('put' in command) {
          mutable.put(command.put);
          model.push(...command.put);
        } else if ('reserve' in command) {
          mutable.reserve(command.reserve);
          expect(mutable.remaining).toBeGreaterThanOrEqual(command.reserve);
        } else if ('advance' in command) {
          const count = Math.min(command.advance, model.length);
          mutable.advance(count);
          model = model.slice(count);
        } else {
          const count = Math.min(command.split, model.length);
          frozen.push([mutable.splitTo(count).freeze(), model.slice(0, count)]);
          model = model.slice(count);
        }
        expect([...mutable]).toEqual(model);
      }
      for (const [bytes, expected] of frozen) expect([...bytes]).toEqual(expected);
    }),
  );
});
