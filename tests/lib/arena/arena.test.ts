import { describe, expect, test } from 'vitest';
import { Arena, ArenaDisposedError, ForeignRefError, StaleRefError } from '../../../lib/index.js';
import type { ArenaRef } from '../../../lib/index.js';

describe('a ref', () => {
  test('finds its value until that is removed, and never another one', () => {
    const arena = new Arena<string>();
    const first = arena.insert('a');
    expect([arena.get(first), arena.deref(first), arena.has(first), arena.size]).toEqual(['a', 'a', true, 1]);
    expect(arena.remove(first)).toBe('a');
    const second = arena.insert('b');
    expect(second.index).toBe(first.index);
    expect([arena.get(first), arena.has(first), arena.get(second)]).toEqual([undefined, false, 'b']);
  });

  test('removes once', () => {
    const arena = new Arena<string>();
    const ref = arena.insert('a');
    const other = arena.insert('b');
    arena.remove(ref);
    expect(arena.remove(ref)).toBeUndefined();
    expect([arena.size, arena.get(other)]).toEqual([1, 'b']);
  });

  test('that is stale says which generation came after it', () => {
    const arena = new Arena<string>();
    const ref = arena.insert('a');
    arena.remove(ref);
    expect(() => arena.deref(ref)).toThrow(StaleRefError);
    arena.insert('b');
    let error: unknown;
    try {
      arena.replace(ref, 'c');
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ name: 'StaleRefError', code: 'ERR_STALE_REF', index: 0, generation: 1, current: 3 });
  });

  test('of another arena is refused by every method', () => {
    const arena = new Arena<string>();
    arena.insert('mine');
    const foreign = new Arena<string>().insert('theirs');
    for (const use of [() => arena.get(foreign), () => arena.deref(foreign), () => arena.has(foreign), () => arena.remove(foreign), () => arena.replace(foreign, '')]) {
      expect(use).toThrow(ForeignRefError);
    }
    // A look-alike was given out by nobody.
    expect(() => arena.get({ index: 0, generation: 1, toBits: () => 0 })).toThrow(ForeignRefError);
  });

  test('travels as a number', () => {
    const arena = new Arena<string>();
    arena.insert('a');
    arena.remove(arena.insert('b'));
    const ref = arena.insert('c');
    expect(ref.toBits()).toBe(3 * 2 ** 24 + 1);
    expect(arena.get(arena.fromBits(ref.toBits()))).toBe('c');
    arena.remove(ref);
    expect(arena.get(arena.fromBits(ref.toBits()))).toBeUndefined();
    expect(arena.get(arena.fromBits(2 ** 24 + 77))).toBeUndefined();
  });

  test.each([-1, 0, 5, 2 * 2 ** 24, 2 ** 53, 1.5, NaN, (2 ** 29 + 1) * 2 ** 24])('no ref has the bits %d', (bits) => {
    expect(() => new Arena().fromBits(bits)).toThrow(RangeError);
  });
});

describe('values', () => {
  test('may be undefined, null or NaN', () => {
    const arena = new Arena<unknown>();
    const refs = [undefined, null, NaN].map((value) => arena.insert(value));
    expect(refs.map((ref) => [arena.has(ref), arena.deref(ref)])).toEqual([[true, undefined], [true, null], [true, NaN]]);
  });

  test('are replaced in place', () => {
    const arena = new Arena<number>();
    const ref = arena.insert(1);
    expect(arena.replace(ref, 2)).toBe(1);
    expect(arena.get(ref)).toBe(2);
  });

  test('are listed with refs to them', () => {
    const arena = new Arena<string>();
    const refs = ['a', 'b', 'c'].map((value) => arena.insert(value));
    arena.remove(refs[1]!);
    const listed = [...arena.entries()];
    expect(listed.map(([, value]) => value)).toEqual(['a', 'c']);
    expect(listed.map(([ref]) => arena.get(ref))).toEqual(['a', 'c']);
  });

  test('are let go of when they are removed', async () => {
    const arena = new Arena<object>();
    const [removed, cleared, disposed] = [new Arena<object>(), new Arena<object>(), arena].map((each) => {
      const value = {};
      const ref = each.insert(value);
      return { each, ref, weak: new WeakRef(value) };
    }) as [Kept, Kept, Kept];
    removed.each.remove(removed.ref);
    cleared.each.clear();
    disposed.each[Symbol.dispose]();
    await collect();
    expect([removed, cleared, disposed].map(({ weak }) => weak.deref())).toEqual([undefined, undefined, undefined]);
    expect(removed.each.size + cleared.each.size + disposed.each.size).toBe(0);
  });

  test('are found in any number', () => {
    const arena = new Arena<number>();
    const refs = Array.from({ length: 1000 }, (_, at) => arena.insert(at));
    expect(refs.map((ref) => arena.get(ref))).toEqual(Array.from({ length: 1000 }, (_, at) => at));
    expect(arena.capacity).toBeGreaterThanOrEqual(1000);
  });
});

interface Kept {
  readonly each: Arena<object>;
  readonly ref: ArenaRef<object>;
  readonly weak: WeakRef<object>;
}

async function collect(): Promise<void> {
  for (let round = 0; round < 4; round++) {
    await new Promise((resolve) => setTimeout(resolve));
    global.gc?.();
  }
}

describe('after', () => {
  test('clear, no ref is live, and slots are used again', () => {
    const arena = new Arena<string>();
    const refs = ['a', 'b'].map((value) => arena.insert(value));
    arena.clear();
    expect(refs.map((ref) => arena.get(ref))).toEqual([undefined, undefined]);
    expect(['c', 'd'].map((value) => arena.insert(value).index).sort()).toEqual([0, 1]);
  });

  test('disposal, no ref is live and nothing goes in; twice does no harm', () => {
    const arena = new Arena<string>();
    const ref = arena.insert('a');
    arena[Symbol.dispose]();
    arena[Symbol.dispose]();
    expect([arena.get(ref), arena.size]).toEqual([undefined, 0]);
    expect(() => arena.insert('b')).toThrow(ArenaDisposedError);
  });
});

describe('generations', () => {
  test('end: a slot is retired, not wrapped around', () => {
    const arena = new Arena<number>({ maxGeneration: 6 });
    const refs = Array.from({ length: 7 }, (_, at) => {
      const ref = arena.insert(at);
      arena.remove(ref);
      return ref;
    });
    expect(refs.map(({ index, generation }) => [index, generation])).toEqual([[0, 1], [0, 3], [0, 5], [1, 1], [1, 3], [1, 5], [2, 1]]);
    expect(refs.some((ref) => arena.has(ref))).toBe(false);
  });

  test('a slot that ends is not retired by clear either', () => {
    const arena = new Arena<number>({ maxGeneration: 2 });
    const first = arena.insert(1);
    arena.clear();
    expect(arena.insert(2).index).toBe(1);
    expect(arena.get(first)).toBeUndefined();
  });

  test.each([0, 1, 3, 2.5, 2 ** 29 + 2, NaN])('%d is no limit of generations', (maxGeneration) => {
    expect(() => new Arena({ maxGeneration })).toThrow(RangeError);
  });

  test('the default limit fits a safe integer with any index', () => {
    const highest = (2 ** 29 - 1) * 2 ** 24 + (2 ** 24 - 1);
    expect(Number.isSafeInteger(highest)).toBe(true);
    expect(new Arena().fromBits(highest)).toMatchObject({ index: 2 ** 24 - 1, generation: 2 ** 29 - 1 });
  });

  test.each([
    ['lifo', [1, 0, 2]],
    ['fifo', [0, 1, 2]],
  ] as const)('%s: of the free slots, this one is taken', (order, expected) => {
    const arena = new Arena<number>({ order });
    const refs = [1, 2, 3].map((value) => arena.insert(value));
    for (const at of [0, 1]) arena.remove(refs[at]!);
    arena.remove(refs[2]!);
    const taken = [4, 5, 6].map((value) => arena.insert(value).index);
    expect(taken).toEqual(order === 'lifo' ? [2, ...expected.slice(0, 2)] : expected);
  });
});
