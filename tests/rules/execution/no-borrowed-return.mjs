/** How to call each fixture so that what an earlier call returned is still held during the later ones. */

const chunks = (length, count = 50) => Array.from({ length: count }, (_, i) => new Uint8Array(length).fill(i + 1));

export const flagged = {
  'async-class.ts': async ({ Pager }, { keep, handle }) => {
    const pager = new Pager(await handle());
    for (const page of [0, 1]) keep(await pager.page(page));
  },
  'async-read-header.ts': async ({ readHeader }, { keep, handle }) => {
    const file = await handle();
    for (const position of [0, 512]) keep(await readHeader(file, position));
  },
  'base-given-memory.ts': ({ Header }, { keep }) => {
    const header = new Header();
    for (const value of [1, 2]) keep(header.encode(value));
  },
  'base-makes-memory.mjs': ({ Header }, { keep }) => {
    const header = new Header();
    for (const value of [1, 2]) keep(header.encode(value));
  },
  'block-reader.ts': ({ BlockReader }, { keep, fd }) => {
    const reader = new BlockReader(fd(), 512);
    for (const index of [0, 3]) keep(reader.read(index));
  },
  'buffer-by-key.ts': ({ Sessions }, { keep, fd }) => {
    const sessions = new Sessions();
    const file = fd();
    for (let i = 0; i < 2; i++) keep(sessions.read(file, 'a'));
  },
  'builder-for-all.ts': ({ encodeName }, { keep }) => {
    for (const name of ['a', 'b']) keep(encodeName(name));
  },
  'caller-bytes-refilled.ts': ({ Framer }, { keep }) => {
    const framer = new Framer();
    for (const chunk of chunks(8, 2)) keep(framer.next(chunk, 7));
  },
  'closure-arrow.cjs': ({ open }, { keep, path }) => {
    const read = open(path);
    for (const index of [0, 1]) keep(read(index));
  },
  'closure-factory.ts': ({ createStringEncoder }, { keep }) => {
    const encoder = createStringEncoder();
    for (const text of ['a', 'b']) keep(encoder.encode(text));
  },
  'copy-within-compaction.cjs': ({ ByteQueue }, { keep }) => {
    const queue = new ByteQueue(10);
    queue.push(Buffer.from('abcdef'));
    keep(queue.peek(3));
    queue.drop(3);
  },
  'export-list.ts': ({ default: frameHeader }, { keep }) => {
    for (const length of [1, 2]) keep(frameHeader(length, length));
  },
  'exported-arrow.ts': ({ utf8 }, { keep }) => {
    for (const text of ['a', 'b']) keep(utf8(text));
  },
  'getter-bytes.ts': ({ Register }, { keep }) => {
    const register = new Register();
    for (const bytes of chunks(32, 2)) {
      register.load(bytes);
      keep(register.bytes);
    }
  },
  'grown-on-demand.cjs': ({ escape }, { keep }) => {
    for (const text of ['a', 'b']) keep(escape(Buffer.from(text)));
  },
  'helper-other-file/index.ts': ({ nonce }, { keep }) => {
    for (const counter of [1, 99]) keep(nonce(counter));
  },
  'lanes.mjs': ({ next }, { keep, fd }) => {
    const file = fd();
    for (let i = 0; i < 5; i++) keep(next(file));
  },
  'lazily-allocated.mjs': ({ utf16 }, { keep }) => {
    for (const text of ['a', 'b']) keep(utf16(text));
  },
  'matrix-temporary.mjs': ({ multiply }, { keep }) => {
    const one = new Float32Array(16).fill(1);
    for (const value of [1, 2]) keep(multiply(one, new Float32Array(16).fill(value)));
  },
  'methods-of-some-object.ts': ({ encode }, { keep }) => {
    let turn = 0;
    for (let i = 0; i < 2; i++) keep(encode({ render: (part) => part.fill(++turn).length }));
  },
  'module-scratch.cjs': (encodeDouble, { keep }) => {
    for (const value of [1, 2]) keep(encodeDouble(value));
  },
  'module-scratch.ts': ({ encodeVarint }, { keep }) => {
    for (const value of [1, 300]) keep(encodeVarint(value));
  },
  'moved-fields.mjs': ({ Packet }, { keep }) => {
    const packet = new Packet(1);
    keep(packet.data());
    packet.setLength(5);
  },
  'msgpack-encoder.ts': ({ Encoder }, { keep }) => {
    const encoder = new Encoder();
    for (const value of [[1, 2], [3]]) keep(encoder.encode(value));
  },
  'optional-field.ts': ({ PixelDecoder }, { keep }) => {
    const decoder = new PixelDecoder();
    decoder.allocate(4);
    for (const colour of [5, 9]) keep(decoder.decode([0, 0], [colour]));
  },
  'parameter-property.ts': ({ counter }, { keep }) => {
    const one = counter();
    for (const value of [1, 2]) keep(one.next(value));
  },
  'private-helper.ts': ({ LineBuffer }, { keep }) => {
    const buffer = new LineBuffer();
    for (const text of ['abc', 'xyz']) keep(buffer.put(text));
  },
  'private-method-shares.ts': ({ Reader, refill }, { keep }) => {
    keep(new Reader().first());
    refill(7);
  },
  'prototype-writer.cjs': (Writer, { keep }) => {
    const writer = new Writer();
    for (const value of [1, 2]) keep(writer.addInt32(value).finish());
  },
  'random-pool.cjs': ({ takeRandom }, { keep }) => {
    for (let i = 0; i < 500; i++) keep(takeRandom(16));
  },
  'random-values.mjs': ({ default: createSalt }, { keep }) => {
    for (let i = 0; i < 2; i++) keep(createSalt());
  },
  'reserved-and-wrapped.ts': async ({ Reader }, { keep, handle }) => {
    const reader = new Reader();
    const file = await handle();
    for (let i = 0; i < 3; i++) keep(await reader.read(file));
  },
  'rest-of-the-slab.ts': ({ Slab }, { keep }) => {
    const slab = new Slab();
    for (const part of chunks(8, 3)) keep(slab.copy(part));
  },
  'ring-buffer-wraps.ts': ({ SlotRing }, { keep }) => {
    const ring = new SlotRing();
    for (const record of chunks(10_000)) keep(ring.store(record));
  },
  'serializer-reset.ts': ({ Serializer }, { keep }) => {
    const serializer = new Serializer();
    for (const value of [1, 2]) {
      keep(serializer.writeUint32(value).finish());
      serializer.reset();
    }
  },
  'static-field.ts': ({ Hex }, { keep }) => {
    for (const text of ['aabb', 'ccdd']) keep(Hex.parse(text));
  },
  'switch-returns.ts': ({ encodeField }, { keep }) => {
    keep(encodeField('u8', 1));
    keep(encodeField('u16', 515));
  },
  'two-views-of-one-memory.ts': ({ floatToBytes }, { keep }) => {
    for (const value of [1, 2]) keep(floatToBytes(value));
  },
  'view-in-array.cjs': ({ readChunk }, { keep, fd }) => {
    const file = fd();
    for (let i = 0; i < 2; i++) keep(readChunk(file));
  },
  'view-in-map.ts': ({ KeyTable }, { keep }) => {
    const table = new KeyTable();
    for (const seed of chunks(16, 2)) keep(table.lookup('a', seed));
  },
  'view-in-object.ts': ({ PacketSource }, { keep, fd }) => {
    const source = new PacketSource(fd());
    for (let i = 0; i < 2; i++) keep(source.next());
  },
  'whole-buffer.ts': ({ Checksum }, { keep }) => {
    const checksum = new Checksum();
    for (const value of [1, 2]) keep(checksum.digest([value]));
  },
  'wasm-glue.mjs': async ({ start, compress }, { keep }) => {
    // (module (memory (export "memory") 1)
    //   (func (export "allocate") (param i32) (result i32) (i32.const 8))
    //   (func (export "compress") (param i32 i32) (result i32) (local.get 1))
    //   (func (export "output") (result i32) (i32.const 8)))
    const header = [0, 97, 115, 109, 1, 0, 0, 0];
    const types = [1, 16, 3, 96, 1, 127, 1, 127, 96, 2, 127, 127, 1, 127, 96, 0, 1, 127];
    const exported = [[2, 0, 'memory'], [0, 0, 'allocate'], [0, 1, 'compress'], [0, 2, 'output']].flatMap(([kind, index, name]) => [name.length, ...Buffer.from(name), kind, index]);
    const bodies = [[65, 8], [32, 1], [65, 8]].flatMap((body) => [4, 0, ...body, 11]);
    await start(Uint8Array.from([...header, ...types, 3, 4, 3, 0, 1, 2, 5, 3, 1, 0, 1, 7, exported.length + 1, 4, ...exported, 10, bodies.length + 1, 3, ...bodies]));
    for (const data of chunks(8, 2)) keep(compress(data));
  },
  'wasm-memory-class.ts': ({ Hasher }, { keep }) => {
    const memory = { buffer: new ArrayBuffer(256) };
    const heap = new Uint8Array(memory.buffer);
    let turn = 0;
    const hasher = new Hasher({ exports: { memory, update: () => {}, finish: () => heap.fill(++turn, 64, 96) && 64 } });
    for (const data of chunks(8, 2)) keep(hasher.update(data).digest());
  },
};

export const clean = {
  'accumulator-rebound.cjs': (Accumulator, { keep }) => {
    const accumulator = new Accumulator();
    for (let i = 0; i < 5; i++) {
      accumulator.push(Buffer.from(`abc${i}`));
      keep(accumulator.read(3));
    }
  },
  'append-only-writer.ts': ({ ByteWriter }, { keep }) => {
    const writer = new ByteWriter();
    for (let i = 0; i < 300; i++) keep(writer.writeByte(i).bytes());
  },
  'block-hash.ts': ({ BlockHash }, { keep }) => {
    const hash = new BlockHash();
    for (const text of ['abc', 'def']) keep(hash.update(Buffer.from(text)).digest());
  },
  'buffer-from-view.cjs': (encodeDouble, { keep }) => {
    for (const value of [1, 2]) keep(encodeDouble(value));
  },
  'bump-allocator-ceil.ts': ({ VectorPool }, { keep }) => {
    const pool = new VectorPool();
    for (let i = 0; i < 2000; i++) keep(pool.vector(Array(i % 77).fill(i)));
  },
  'bump-allocator-class.ts': ({ Slab }, { keep }) => {
    const slab = new Slab();
    for (const bytes of chunks(9999)) keep(slab.copy(bytes));
  },
  'bump-allocator-closure.cjs': (createArena, { keep }) => {
    const copyIn = createArena(1000);
    for (const bytes of chunks(333)) keep(copyIn(Buffer.from(bytes)));
  },
  'bump-allocator-helper/index.ts': ({ encodeName }, { keep }) => {
    for (let i = 0; i < 2000; i++) keep(encodeName('n'.repeat(i % 60)));
  },
  'bump-allocator-module.mjs': ({ keep: keepBytes }, { keep }) => {
    for (const bytes of chunks(3333)) keep(keepBytes(bytes));
  },
  'fresh-per-call.ts': ({ encodeVarint }, { keep }) => {
    for (const value of [1, 300]) keep(encodeVarint(value));
  },
  'growable-prototype.cjs': (Writer, { keep }) => {
    const writer = new Writer();
    for (let i = 0; i < 40; i++) keep(writer.u32(i).toBuffer());
  },
  'initialised-through-second-view.ts': ({ floatToBytes }, { keep }) => {
    for (const value of [1, 2]) keep(floatToBytes(value));
  },
  'random-pool-replaced.cjs': ({ takeRandom }, { keep }) => {
    for (let i = 0; i < 600; i++) keep(takeRandom(20));
  },
  'random-pool-sliced.mjs': ({ default: sessionId }, { keep }) => {
    for (let i = 0; i < 60; i++) keep(sessionId());
  },
  'reserved-ahead.ts': async ({ Reader }, { keep, handle }) => {
    const reader = new Reader();
    const file = await handle();
    for (let i = 0; i < 3; i++) keep(await reader.read(file));
  },
  'rest-of-the-slab.ts': ({ Slab }, { keep }) => {
    const slab = new Slab();
    for (const part of chunks(8, 3)) keep(slab.copy(part));
  },
  'run-length-decoder.mjs': ({ expand }, { keep }) => {
    for (const byte of [65, 66]) keep(expand(Uint8Array.of(0, byte, 1, 3), 10));
  },
  'set-into-fresh.ts': ({ unescape }, { keep }) => {
    for (const text of ['ab', 'xy']) keep(unescape(Buffer.from(text)));
  },
  'structured-clone.ts': ({ Machine }, { keep }) => {
    const machine = new Machine();
    for (const opcode of [0x11, 0x21]) keep(machine.step(opcode));
  },
  'swapped-out.ts': ({ BatchWriter }, { keep }) => {
    const writer = new BatchWriter();
    for (const text of ['a', 'b']) {
      writer.append(text);
      keep(writer.take());
    }
  },
  'swapped-out-prototype.cjs': (Writer, { keep }) => {
    const writer = new Writer();
    for (const value of [1, 2]) keep(writer.addInt32(value).finish());
  },
  'typed-array-slice.ts': ({ encodeVarint }, { keep }) => {
    for (const value of [1, 300]) keep(encodeVarint(value));
  },
};
