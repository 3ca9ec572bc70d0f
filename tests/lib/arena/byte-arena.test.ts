import { describe, expect, test } from 'vitest';
import { ArenaDisposedError, ArenaFullError, ByteArena, Bytes, DetachedBufferError, ForeignRefError, StaleRefError } from '../../../lib/index.js';
import type { ByteRef, ReadonlyBytes } from '../../../lib/index.js';

const of = (...bytes: number[]): Uint8Array => Uint8Array.from(bytes);
const shown = (arena: ByteArena, ref: ByteRef): number[] => arena.with(ref, (bytes) => [...bytes]);

/** What a caller that breaks the contract keeps. */
function leak(arena: ByteArena, ref: ByteRef): ReadonlyBytes {
  let kept: ReadonlyBytes = [];
  arena.with(ref, (bytes) => {
    kept = bytes;
  });
  return kept;
}

describe('a block', () => {
  test('holds a copy, of whatever source', () => {
    const arena = new ByteArena();
    const source = of(1, 2, 3, 4);
    const refs = [source, source.subarray(1, 3), source.buffer, new DataView(source.buffer, 1), new Uint16Array(source.buffer, 2, 1), Bytes.copyFrom(source).slice(1, 2)].map((each) => arena.alloc(each));
    source.fill(9);
    expect(refs.map((ref) => shown(arena, ref))).toEqual([[1, 2, 3, 4], [2, 3], [1, 2, 3, 4], [2, 3, 4], [3, 4], [2]]);
    expect(arena.read(refs[1]!).equals(of(2, 3))).toBe(true);
  });

  test.each([0, 1, 63, 64, 65, 127, 128, 129, 2 ** 20, 2 ** 20 + 1])('of %d bytes shows as many', (length) => {
    const arena = new ByteArena();
    const first = arena.alloc(new Uint8Array(length).fill(1));
    arena.release(first);
    const again = arena.alloc(new Uint8Array(length).fill(2));
    expect(arena.with(again, (bytes) => [bytes.length, bytes.at(-1)])).toEqual([length, length === 0 ? undefined : 2]);
  });

  test('a shorter block does not show the rest of a longer one before it', () => {
    const arena = new ByteArena({ poison: false });
    arena.release(arena.alloc(of(1, 2, 3)));
    const ref = arena.alloc(of(7));
    expect(shown(arena, ref)).toEqual([7]);
  });

  test('a subclass that lies about its length shows nobody else\'s bytes', () => {
    class Liar extends Uint8Array {
      override get length(): number {
        return 64;
      }
    }
    const arena = new ByteArena({ poison: false });
    arena.release(arena.alloc(new Uint8Array(64).fill(7)));
    expect(shown(arena, arena.alloc(new Liar([1, 2])))).toEqual([1, 2]);
  });

  test('bytes that are gone are not taken for none', () => {
    const buffer = new ArrayBuffer(8);
    const view = new Uint8Array(buffer);
    structuredClone(buffer, { transfer: [buffer] });
    const arena = new ByteArena();
    expect(() => arena.alloc(view)).toThrow(DetachedBufferError);
    expect(arena.size).toBe(0);
  });

  test('is released once', () => {
    const arena = new ByteArena();
    const ref = arena.alloc(of(1));
    expect([arena.has(ref), arena.release(ref), arena.has(ref), arena.release(ref), arena.size]).toEqual([true, true, false, false, 0]);
  });

  test('is not read after its release, nor when its memory is another\'s', () => {
    const arena = new ByteArena();
    const ref = arena.alloc(of(1));
    arena.release(ref);
    expect(() => arena.read(ref)).toThrow(StaleRefError);
    const other = arena.alloc(of(2));
    expect(other.index).toBe(ref.index);
    expect(() => arena.with(ref, () => 0)).toThrow(StaleRefError);
    expect(shown(arena, arena.fromBits(other.toBits()))).toEqual([2]);
  });

  test('of another arena is refused', () => {
    const foreign = new ByteArena().alloc(of(1));
    const arena = new ByteArena();
    arena.alloc(of(2));
    for (const use of [() => arena.read(foreign), () => arena.with(foreign, () => 0), () => arena.release(foreign), () => arena.has(foreign)]) {
      expect(use).toThrow(ForeignRefError);
    }
  });

  test('is leased for a scope', () => {
    const arena = new ByteArena();
    let kept: ByteRef;
    {
      using lease = arena.lease(of(1, 2));
      kept = lease.ref;
      expect(shown(arena, kept)).toEqual([1, 2]);
    }
    expect(arena.has(kept)).toBe(false);
  });

  test('a lease that ends after a release by hand, or after the arena, does no harm', () => {
    const arena = new ByteArena();
    const lease = arena.lease(of(1));
    arena.release(lease.ref);
    const next = arena.alloc(of(2));
    lease[Symbol.dispose]();
    expect(shown(arena, next)).toEqual([2]);
    const last = arena.lease(of(3));
    arena[Symbol.dispose]();
    expect(() => last[Symbol.dispose]()).not.toThrow();
  });
});

describe('a view that was kept', () => {
  test('reads poison', () => {
    const arena = new ByteArena({ poison: true });
    const ref = arena.alloc(of(1, 2));
    const kept = leak(arena, ref);
    arena.release(ref);
    expect([...kept]).toEqual([0xde, 0xde]);
  });
});

describe('a release during `with`', () => {
  test('ends the ref at once and the memory after the callback', () => {
    const arena = new ByteArena();
    const ref = arena.alloc(of(1, 2));
    const seen = arena.with(ref, (bytes) => {
      arena.release(ref);
      expect(arena.has(ref)).toBe(false);
      expect(arena.release(ref)).toBe(false);
      const other = arena.alloc(of(8, 9));
      expect(other.index).not.toBe(ref.index);
      return [...bytes];
    });
    expect(seen).toEqual([1, 2]);
    expect(arena.alloc(of(3)).index).toBe(ref.index);
  });

  test('waits for the outermost callback, also when one throws', () => {
    const arena = new ByteArena();
    const ref = arena.alloc(of(1));
    expect(() =>
      arena.with(ref, (outer) => {
        arena.with(ref, () => arena.release(ref));
        expect([...outer]).toEqual([1]);
        throw new Error('out');
      }),
    ).toThrow('out');
    expect(arena.idleBytes).toBe(64);
  });

  test('a disposal, too', () => {
    const arena = new ByteArena();
    const ref = arena.alloc(of(1));
    expect(
      arena.with(ref, (bytes) => {
        arena[Symbol.dispose]();
        return [...bytes];
      }),
    ).toEqual([1]);
    expect([arena.heldBytes, arena.size]).toEqual([0, 0]);
  });
});

describe('memory', () => {
  test('is reused by class, and counted', () => {
    const arena = new ByteArena();
    const ref = arena.alloc(new Uint8Array(100));
    expect([arena.heldBytes, arena.idleBytes]).toEqual([128, 0]);
    arena.release(ref);
    expect([arena.heldBytes, arena.idleBytes]).toEqual([128, 128]);
    arena.alloc(new Uint8Array(65));
    expect([arena.heldBytes, arena.idleBytes]).toEqual([128, 0]);
  });

  test('of a block larger than every class is not kept', () => {
    const arena = new ByteArena({ classes: [16, 48] });
    const [small, large] = [arena.alloc(new Uint8Array(17)), arena.alloc(new Uint8Array(49))];
    expect(arena.heldBytes).toBe(48 + 49);
    arena.release(large);
    expect(arena.heldBytes).toBe(48);
    arena.release(small);
    arena.trim();
    expect([arena.heldBytes, arena.idleBytes]).toEqual([0, 0]);
    expect(shown(arena, arena.alloc(of(1)))).toEqual([1]);
  });

  test('has a limit, which what is kept for reuse does not stand in the way of', () => {
    const arena = new ByteArena({ maxBytes: 256 });
    const refs = Array.from({ length: 4 }, () => arena.alloc(of(1)));
    expect(arena.tryAlloc(of(1))).toBeUndefined();
    expect(() => arena.alloc(of(1))).toThrow(ArenaFullError);
    for (const ref of refs) arena.release(ref);
    expect(arena.idleBytes).toBe(256);
    const large = arena.alloc(new Uint8Array(200));
    expect([arena.heldBytes, arena.idleBytes]).toEqual([256, 0]);
    expect(arena.tryAlloc(new Uint8Array(300))).toBeUndefined();
    arena.release(large);
    expect(shown(arena, arena.alloc(of(5)))).toEqual([5]);
  });

  test('of a retired slot is let go', () => {
    const arena = new ByteArena({ maxGeneration: 2 });
    for (let round = 0; round < 5; round++) {
      const ref = arena.alloc(of(round));
      expect([ref.index, shown(arena, ref)]).toEqual([round, [round]]);
      arena.release(ref);
    }
    expect(arena.heldBytes).toBe(0);
  });

  test('stays for reuse after clear, and goes with the arena', () => {
    const arena = new ByteArena();
    const ref = arena.alloc(of(1));
    arena.clear();
    expect([arena.has(ref), arena.heldBytes, arena.idleBytes]).toEqual([false, 64, 64]);
    const last = arena.alloc(of(2));
    arena[Symbol.dispose]();
    arena[Symbol.dispose]();
    expect([arena.has(last), arena.size, arena.heldBytes, arena.idleBytes]).toEqual([false, 0, 0, 0]);
    expect(() => arena.alloc(of(3))).toThrow(ArenaDisposedError);
    expect(() => arena.tryAlloc(of(3))).toThrow(ArenaDisposedError);
  });

  test.each([{ classes: [] }, { classes: [0] }, { classes: [8, 8] }, { classes: [1.5] }, { maxBytes: 0 }, { maxBytes: NaN }])('%o is refused', (options) => {
    expect(() => new ByteArena(options)).toThrow(RangeError);
  });
});
