import { ByteArena } from '../../../../lib/index.js';
import type { Contender, Table, Work } from '../table.js';

/** Blocks held at any time: each piece of work releases one, takes one and looks at a third. */
const LIVE = 256;
const VIEWS = 16;
/** A ref takes 48 bytes; the profiler's own objects are a fraction of one. */
const REF_BYTES = 49;

interface Holder<Handle> {
  alloc(source: Uint8Array): Handle;
  first(handle: Handle): number;
  release(handle: Handle): void;
}

/** Views into a buffer larger than each, as a parser holds them; each starts with its own number. */
function viewsOf(size: number): Uint8Array[] {
  const large = new Uint8Array((size + 4) * VIEWS);
  return Array.from({ length: VIEWS }, (_, at) => {
    const view = large.subarray(at * (size + 4), at * (size + 4) + size);
    view[0] = at;
    return view;
  });
}

function holding<Handle>(kind: Contender['kind'], make: (size: number) => Holder<Handle>, isRival = false): Contender {
  return {
    kind,
    isRival,
    make: (): Work => {
      let run: ((count: number) => number) | undefined;
      return (count, size) => (run ??= turning(make(size), size))(count);
    },
  };
}

function turning<Handle>(holder: Holder<Handle>, size: number): (count: number) => number {
  const views = viewsOf(size);
  const held = Array.from({ length: LIVE }, (_, at) => holder.alloc(views[at % VIEWS] as Uint8Array));
  return (count) => {
    let sum = 0;
    for (let turn = 0; turn < count; turn++) {
      const at = turn & (LIVE - 1);
      holder.release(held[at] as Handle);
      held[at] = holder.alloc(views[turn & (VIEWS - 1)] as Uint8Array);
      sum += holder.first(held[(turn * 7) & (LIVE - 1)] as Handle);
    }
    return sum;
  };
}

/** Names a stay in {@link BareArena}. */
class BareRef {
  readonly index: number;
  readonly generation: number;

  constructor(index: number, generation: number) {
    this.index = index;
    this.generation = generation;
  }
}

/** The least that a generational arena can do: blocks of one size, no owners, no readers, no limit, nothing for views of other lengths. */
class BareArena {
  readonly #buffers: Uint8Array[] = [];
  readonly #generations: number[] = [];
  readonly #free: number[] = [];
  readonly #size: number;

  constructor(size: number) {
    this.#size = size;
  }

  alloc(source: Uint8Array): BareRef {
    const index = this.#free.pop() ?? this.#make();
    (this.#buffers[index] as Uint8Array).set(source);
    const generation = (this.#generations[index] as number) + 1;
    this.#generations[index] = generation;
    return new BareRef(index, generation);
  }

  get({ index, generation }: BareRef): Uint8Array | undefined {
    return this.#generations[index] === generation ? this.#buffers[index] : undefined;
  }

  release({ index, generation }: BareRef): void {
    if (this.#generations[index] !== generation) return;
    this.#generations[index] = generation + 1;
    this.#free.push(index);
  }

  #make(): number {
    this.#generations.push(0);
    return this.#buffers.push(new Uint8Array(this.#size)) - 1;
  }
}

const collected = (copy: (source: Uint8Array) => Uint8Array): Contender => holding('peer', () => ({ alloc: copy, first: (bytes) => bytes[0] as number, release: () => undefined }), true);

/** Bytes copied in, looked at and given back. */
export const arenaTable: Table = {
  name: 'arena',
  title: 'Bytes copied in, looked at, given back; 256 held',
  parameterTitle: 'bytes',
  parameters: [64, 1024, 16_384, 65_536],
  time: 'cpu',
  floor: 'memcpy into fixed buffers',
  least: () => 500,
  contenders: {
    'memcpy into fixed buffers': holding('floor', (size) => {
      const buffers = Array.from({ length: LIVE }, () => new Uint8Array(size));
      let next = 0;
      return {
        alloc: (source) => {
          const at = next++ & (LIVE - 1);
          (buffers[at] as Uint8Array).set(source);
          return at;
        },
        first: (at) => (buffers[at] as Uint8Array)[0] as number,
        release: () => undefined,
      };
    }),
    'a generational arena without checks': holding('floor', (size) => {
      const arena = new BareArena(size);
      return { alloc: (source) => arena.alloc(source), first: (ref) => arena.get(ref)?.[0] as number, release: (ref) => arena.release(ref) };
    }),
    ByteArena: holding('ours', () => {
      const arena = new ByteArena({ poison: false });
      const first = (bytes: { readonly [index: number]: number }): number => bytes[0] as number;
      return { alloc: (source) => arena.alloc(source), first: (ref) => arena.with(ref, first), release: (ref) => void arena.release(ref) };
    }),
    'view.slice()': collected((source) => source.slice()),
    'new Uint8Array(view)': collected((source) => new Uint8Array(source)),
    'Buffer.from(view), pooled': collected((source) => Buffer.from(source)),
    'Map of slices': holding('peer', () => {
      const map = new Map<number, Uint8Array>();
      let last = 0;
      return {
        alloc: (source) => {
          map.set(++last, source.slice());
          return last;
        },
        first: (key) => map.get(key)?.[0] as number,
        release: (key) => void map.delete(key),
      };
    }, true),
  },
  bars: [
    { contender: 'ByteArena', parameter: 64, ratio: 2, heapBytes: REF_BYTES },
    { contender: 'ByteArena', parameter: 1024, ratio: 1.6, heapBytes: REF_BYTES },
    { contender: 'ByteArena', parameter: 16_384, ratio: 1.2, heapBytes: REF_BYTES },
    { contender: 'ByteArena', parameter: 65_536, ratio: 1.2, heapBytes: REF_BYTES },
    ...[1024, 16_384].map((parameter) => ({ contender: 'ByteArena', parameter, against: 'view.slice()', ratio: 0.2 })),
  ],
  check: (count) => Array.from({ length: count }, (_, turn) => (turn * 7) % VIEWS).reduce((sum, at) => sum + at, 0),
  peers: {},
};
