import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Arena, ByteArena, StaleRefError } from '../../../lib/index.js';
import type { ArenaRef, ByteRef, SlotOptions } from '../../../lib/index.js';

/** What an arena should hold: a value for each ref that is live, and the refs that are dead. */
interface Model {
  readonly live: Map<ArenaRef<number>, number>;
  readonly dead: ArenaRef<number>[];
}

const pick = <T>(items: readonly T[], at: number): T | undefined => items[at % Math.max(1, items.length)];

class Insert implements fc.Command<Model, Arena<number>> {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
  check = (): boolean => true;
  run({ live, dead }: Model, arena: Arena<number>): void {
    const ref = arena.insert(this.value);
    expect([...live.keys(), ...dead].some((other) => other.toBits() === ref.toBits())).toBe(false);
    live.set(ref, this.value);
  }
  toString = (): string => `insert(${this.value})`;
}

class Remove implements fc.Command<Model, Arena<number>> {
  readonly at: number;
  constructor(at: number) {
    this.at = at;
  }
  check = ({ live }: Readonly<Model>): boolean => live.size > 0;
  run({ live, dead }: Model, arena: Arena<number>): void {
    const ref = pick([...live.keys()], this.at)!;
    expect(arena.remove(ref)).toBe(live.get(ref));
    live.delete(ref);
    dead.push(ref);
  }
  toString = (): string => `remove(${this.at})`;
}

class Replace implements fc.Command<Model, Arena<number>> {
  readonly at: number;
  readonly value: number;
  constructor(at: number, value: number) {
    this.at = at;
    this.value = value;
  }
  check = ({ live }: Readonly<Model>): boolean => live.size > 0;
  run({ live }: Model, arena: Arena<number>): void {
    const ref = pick([...live.keys()], this.at)!;
    expect(arena.replace(ref, this.value)).toBe(live.get(ref));
    live.set(ref, this.value);
  }
  toString = (): string => `replace(${this.at}, ${this.value})`;
}

class UseDead implements fc.Command<Model, Arena<number>> {
  readonly at: number;
  constructor(at: number) {
    this.at = at;
  }
  check = ({ dead }: Readonly<Model>): boolean => dead.length > 0;
  run({ dead }: Model, arena: Arena<number>): void {
    const ref = pick(dead, this.at)!;
    expect([arena.get(ref), arena.has(ref), arena.remove(ref)]).toEqual([undefined, false, undefined]);
    expect(() => arena.deref(ref)).toThrow(StaleRefError);
    expect(() => arena.replace(ref, -1)).toThrow(StaleRefError);
  }
  toString = (): string => `useDead(${this.at})`;
}

class Clear implements fc.Command<Model, Arena<number>> {
  check = (): boolean => true;
  run({ live, dead }: Model, arena: Arena<number>): void {
    arena.clear();
    dead.push(...live.keys());
    live.clear();
  }
  toString = (): string => 'clear()';
}

class Look implements fc.Command<Model, Arena<number>> {
  check = (): boolean => true;
  run({ live, dead }: Model, arena: Arena<number>): void {
    expect(arena.size).toBe(live.size);
    for (const [ref, value] of live) expect([arena.get(ref), arena.get(arena.fromBits(ref.toBits()))]).toEqual([value, value]);
    for (const ref of dead) expect(arena.has(ref)).toBe(false);
    expect([...arena.entries()].map(([ref, value]) => [ref.toBits(), value]).sort()).toEqual([...live].map(([ref, value]) => [ref.toBits(), value]).sort());
  }
  toString = (): string => 'look()';
}

const options = fc.record<SlotOptions>({ order: fc.constantFrom('lifo', 'fifo'), maxGeneration: fc.constantFrom(2, 4, 8, 2 ** 29) });

test('an arena does what its model does, whatever is done in whatever order', () => {
  const commands = fc.commands(
    [
      fc.nat().map((value) => new Insert(value)),
      fc.nat().map((at) => new Remove(at)),
      fc.tuple(fc.nat(), fc.nat()).map(([at, value]) => new Replace(at, value)),
      fc.nat().map((at) => new UseDead(at)),
      fc.constant(new Clear()),
      fc.constant(new Look()),
    ],
    { maxCommands: 60 },
  );
  fc.assert(
    fc.property(options, commands, (each, run) => {
      fc.modelRun(() => ({ model: { live: new Map<ArenaRef<number>, number>(), dead: [] }, real: new Arena<number>(each) }), run);
    }),
    { numRuns: 500 },
  );
});

test('every live block shows its own bytes, every dead one is refused, and the limit is kept', () => {
  const step = fc.oneof(fc.record({ alloc: fc.nat(300) }), fc.record({ release: fc.nat() }), fc.record({ releaseWithin: fc.nat() }), fc.record({ again: fc.nat() }), fc.constant('trim' as const));
  fc.assert(
    fc.property(options, fc.constantFrom(512, 2048, Infinity), fc.boolean(), fc.array(step, { maxLength: 80 }), (slots, maxBytes, poison, steps) => {
      const arena = new ByteArena({ ...slots, maxBytes, poison });
      const live = new Map<ByteRef, number>();
      const dead: ByteRef[] = [];
      let stamp = 0;
      const bury = (ref: ByteRef): void => {
        live.delete(ref);
        dead.push(ref);
      };
      for (const each of steps) {
        if (each === 'trim') arena.trim();
        else if ('alloc' in each) {
          stamp = (stamp + 1) % 200;
          const ref = arena.tryAlloc(new Uint8Array(each.alloc).fill(stamp));
          if (ref !== undefined) live.set(ref, each.alloc * 256 + stamp);
        } else if ('again' in each) {
          const ref = pick(dead, each.again);
          if (ref !== undefined) expect(arena.release(ref)).toBe(false);
        } else {
          const ref = pick([...live.keys()], 'release' in each ? each.release : each.releaseWithin);
          if (ref === undefined) continue;
          if ('release' in each) expect(arena.release(ref)).toBe(true);
          else arena.with(ref, () => expect(arena.release(ref)).toBe(true));
          bury(ref);
        }
        expect(arena.size).toBe(live.size);
        expect(arena.heldBytes).toBeLessThanOrEqual(maxBytes);
        expect(arena.idleBytes).toBeLessThanOrEqual(arena.heldBytes);
        for (const [ref, expected] of live) {
          expect(arena.with(ref, (bytes) => [bytes.length, bytes.at(0), bytes.at(-1)])).toEqual(expected < 256 ? [0, undefined, undefined] : [expected >> 8, expected & 255, expected & 255]);
        }
        for (const ref of dead) expect(() => arena.with(ref, () => 0)).toThrow(StaleRefError);
      }
    }),
    { numRuns: 300 },
  );
});
