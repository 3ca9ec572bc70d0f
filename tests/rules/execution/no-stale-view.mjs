/** How to call each fixture: a driver gives what the code found in the end, a count or something that has a length. */

const memory = () => new WebAssembly.Memory({ initial: 1, maximum: 64 });
const bytes = (length = 8) => new Uint8Array(length).fill(1);
const filled = () => {
  const made = memory();
  new Uint8Array(made.buffer).fill(1);
  return made;
};
const first = (one) => new Uint8Array(one.buffer)[0];
const at = (one, address) => new Uint8Array(one.buffer)[address];

export const flagged = {
  'asserted-export.ts': async ({ start }) => {
    // (module (memory (export "memory") 1) (data (i32.const 0) "\01"))
    const code = [0, 97, 115, 109, 1, 0, 0, 0, 5, 3, 1, 0, 1, 7, 10, 1, 6, 109, 101, 109, 111, 114, 121, 2, 0, 11, 7, 1, 0, 65, 0, 11, 1, 1];
    return start(new WebAssembly.Module(Uint8Array.from(code)));
  },
  'cached-field.ts': ({ Heap }) => {
    const heap = new Heap(filled());
    heap.reserve(1);
    return heap.at(0);
  },
  'class-heap.mjs': ({ Arena }) => {
    const arena = new Arena();
    arena.reserve();
    return arena.words.length;
  },
  'closure-over-heap.ts': ({ reader }) => reader(filled()),
  'conditional-growth.ts': ({ write }) => {
    const made = memory();
    write(made, 65540, 7);
    return at(made, 65540);
  },
  'data-view.ts': ({ writeLength }) => {
    const made = memory();
    writeLength(made, 65537);
    return first(made);
  },
  'exported-alloc.ts': ({ send }) => {
    const made = memory();
    send({ memory: made, alloc: () => made.grow(1) && 8 }, bytes());
    return at(made, 8);
  },
  'exported-call.ts': ({ result }) => {
    const made = filled();
    return result({ memory: made, run: () => made.grow(1) && 8 });
  },
  'grow-then-set.mjs': ({ put }) => (put(bytes()), 1),
  'grown-between.ts': ({ append }) => {
    const made = memory();
    append(made, bytes());
    return at(made, 65536);
  },
  'grown-in-loop.ts': ({ fill }) => {
    const made = memory();
    fill(made, 3);
    return new Uint32Array(made.buffer)[2];
  },
  'helper-grows.ts': ({ store }) => {
    const made = memory();
    store(made, 'x'.repeat(65540));
    return first(made);
  },
  'iterated.ts': ({ sum }) => sum(filled()),
  'kept-across-await.ts': async ({ load }) => {
    const made = memory();
    await load(made, { bytes: async () => bytes() });
    return first(made);
  },
  'module-heap.cjs': ({ grow, read }) => {
    grow(1);
    return read(0) === undefined ? 0 : 1;
  },
  'object-of-views.ts': ({ views }) => views(filled()),
  'own-memory.ts': ({ zeroed }) => zeroed(1),
  'passed-view.ts': ({ text }) => text(filled(), 4),
  'resized.mjs': ({ halve }) => halve().length,
  'returned-view.ts': ({ block }) => block(filled(), 8),
  'shrunk-on-one-path.ts': ({ settle }) => settle(false, 1) + 1,
  'shrunk.ts': ({ cut }) => cut(7) + 1,
  'shrunk-data-view.ts': ({ trim }) => (trim(1), 1),
  'subarray-of-heap.ts': ({ tail }) => tail(memory()) + 1,
  'switched-view.cjs': ({ store, load }) => (store('grow', 7), load()),
  'try-grow.cjs': ({ tryWrite, load }) => (tryWrite(7), load()),
  'two-views.ts': ({ copyUp }) => {
    copyUp(memory());
    return 1;
  },
};

export const clean = {
  'address-kept.ts': ({ send }) => {
    const made = memory();
    send({ memory: made, alloc: () => made.grow(1) && 8 }, bytes());
    return at(made, 8);
  },
  'branch-returns.ts': ({ write }) => {
    const made = memory();
    write(made, 65540, 7);
    write(made, 1, 7);
    return at(made, 1);
  },
  'checked-by-buffer.ts': ({ Heap }) => {
    const heap = new Heap(filled());
    heap.reserve(1);
    return heap.at(0);
  },
  'checked-by-length.ts': ({ Heap }) => new Heap(filled()).reserve(1),
  'class-heap.cjs': ({ Arena }) => new Arena().reserve(),
  'copied-before.ts': ({ keep }) => keep(memory(), 8),
  'cut-elsewhere.ts': ({ trim }) => trim(1),
  'enlarged.ts': ({ grow }) => grow(1),
  'field-made-again.ts': ({ Heap }) => {
    const heap = new Heap(filled());
    heap.reserve(1);
    return heap.at(0);
  },
  'glue-cache.mjs': ({ put }) => put(7),
  'grow-first.mjs': ({ put }) => put(bytes()),
  'helper-makes-again.ts': ({ store }) => {
    const made = memory();
    store(made, bytes());
    return first(made);
  },
  'length-tracking.ts': ({ grow }) => grow(7),
  'made-after-growth.ts': ({ append }) => {
    const made = memory();
    append(made, bytes());
    return at(made, 65536);
  },
  'made-at-each-use.ts': ({ Heap }) => new Heap(memory()).reserve(1),
  'module-heap.cjs': ({ grow, read }) => {
    grow(1);
    return read(0) + 1;
  },
  'other-memory.ts': ({ copy }) => {
    const to = memory();
    copy(filled(), to);
    return first(to);
  },
  'own-class-that-grows.ts': ({ double }) => double({ items: bytes(), grow: () => undefined }),
  'read-as-number.ts': ({ first: read }) => read(filled()),
  'resized-up.mjs': ({ double }) => double(),
  'shared-memory-grows.ts': ({ grow }) => grow(new SharedArrayBuffer(8, { maxByteLength: 16 }), 16),
  'used-before.ts': ({ store }) => {
    const made = memory();
    store(made, bytes());
    return first(made);
  },
  'variable-made-again.ts': ({ fill }) => {
    const made = memory();
    fill(made, 3);
    return new Uint32Array(made.buffer)[2];
  },
};
