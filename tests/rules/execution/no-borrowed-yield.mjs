/**
 * Drivers: how to run each fixture so that its consumer keeps what it is handed. Plain JavaScript, because what fixtures export
 * has no type in common. A driver is given the fixture's exports and the tools of `consumer.ts`.
 */

const chunks = (length, count = 20) => Array.from({ length: count }, (_, i) => new Uint8Array(length).fill(i + 1));

async function* asynchronously(items) {
  yield* items;
}

function feed(transform, parts) {
  for (const part of parts) transform.write(part);
  transform.end();
  return transform;
}

/** An instance of a WebAssembly module whose memory is written to by its calls. */
const instanceWith = (calls) => {
  const memory = { buffer: new ArrayBuffer(256) };
  return { exports: { memory, ...calls(new Uint8Array(memory.buffer)) } };
};

export const flagged = {
  'array-buffer-window.ts': ({ samples }, { keepAll }) => keepAll(samples(441, 44100, 64)),
  'async-iterator-method.ts': async ({ BlobReader }, { keepAll, handle }) => keepAll(new BlobReader(await handle())),
  'audio-blocks.mjs': ({ decodeBlocks }, { keepAll }) => keepAll(decodeBlocks(asynchronously(chunks(500)), (code) => code * 3)),
  'borrowing-callback-besides.ts': ({ eachBlock }, { keep, fd }) => eachBlock(fd(), () => {}, keep),
  'buffer-from-array-buffer.ts': ({ packets }, { keepAll }) => keepAll(packets([1, 2, 3])),
  'byte-stream-transfer.ts': async ({ toByteStream }, { keepReadable, handle }) => keepReadable(toByteStream(await handle())),
  'callback-named-on.ts': ({ Reader }, { keep, fd }) => {
    const reader = new Reader();
    const descriptor = fd();
    for (let i = 0; i < 3; i++) reader.take(descriptor, keep);
  },
  'closure-factory.ts': ({ createReader }, { keepAll, fd }) => keepAll(createReader(fd()).chunks()),
  'collected-in-array.ts': async ({ readBlocks }, { keep, handle }) => keep(await readBlocks(await handle(), 1000)),
  'compaction.ts': ({ LengthPrefixed }, { keepAll }) => {
    const framer = new LengthPrefixed();
    return keepAll([0, 1, 2].flatMap((i) => [...framer.feed(Uint8Array.of(0, 2, i, i))]));
  },
  'conditional-view.ts': async ({ copyBlocks }, { keepAll, handle }) => keepAll(copyBlocks(await handle(), 1000)),
  'counted-samples.mjs': ({ batches }, { keep, emitter }) => {
    const source = emitter();
    batches(source, keep);
    for (let i = 0; i < 3 * 2048; i++) source.emit('sample', i);
  },
  'default-parameter.ts': ({ chunksOf }, { keepAll, fd }) => keepAll(chunksOf(fd())),
  'delegated.ts': async ({ Archive }, { keepAll, handle }) => keepAll(new Archive(await handle())),
  'emitter-frames.ts': ({ FrameParser }, { keep, emitter }) => {
    const socket = emitter();
    new FrameParser(socket).on('frame', keep);
    socket.emit('data', Buffer.from([1, 2, 3, 0x7e, 4, 5, 6, 0x7e]));
  },
  'encode-into-scratch.ts': ({ encodeLines }, { keepAll }) => keepAll(encodeLines(['a', 'b', 'c'])),
  'error-first-callback.cjs': async (PageReader, { keep, fd }) => {
    const reader = new PageReader(fd(), 512);
    for (const page of [0, 1, 2]) {
      await new Promise((resolve) => {
        reader.readPage(page, (_, view) => resolve(keep(view)));
      });
    }
  },
  'class-other-file/index.ts': ({ decodeAll }, { keepAll }) => keepAll(decodeAll(chunks(10))),
  'file-chunks.ts': ({ readChunks }, { keepAll, path }) => keepAll(readChunks(path)),
  'file-chunks-options.ts': async ({ tail }, { keepAll, handle }) => keepAll(tail(await handle(), 0)),
  'file-chunks-positional.ts': ({ BlockDevice }, { keepAll, path }) => keepAll(new BlockDevice(path).blocks(512)),
  'file-result-buffer.mjs': ({ lines }, { keepAll, path }) => keepAll(lines(path)),
  'framer-transform.ts': ({ Framer }, { keepAll }) => keepAll(feed(new Framer(), chunks(10))),
  'fs-read-callback-loop.mjs': ({ streamFile }, { keep, fd }) => new Promise((resolve) => streamFile(fd(), keep, resolve)),
  'hand-written-iterator.ts': ({ iterateFile }, { keepAll, fd }) => keepAll(iterateFile(fd())),
  'handler-named-on-data.ts': ({ Reader }, { keep, fd }) => {
    const reader = new Reader(keep);
    const descriptor = fd();
    for (let i = 0; i < 3; i++) reader.poll(descriptor);
  },
  'function-put-in-by-others.ts': ({ listen, next }, { keep }) => {
    listen(keep);
    for (let i = 0; i < 2; i++) next(8);
  },
  'given-by-helper-other-file/index.ts': ({ eachBlock }, { keep, fd }) => eachBlock(fd(), (_, part) => keep(part)),
  'grown-under-consumer.ts': ({ publish }, { keep }) => publish((_, part) => keep(part)),
  'helper-other-file-commonjs/index.cjs': (encodeAll, { keep }) => encodeAll(['ab', 'cd'], keep),
  'helper-other-file/index.ts': ({ sequence }, { keepAll }) => keepAll(sequence(4)),
  'helper-same-file.ts': async ({ pages }, { keepAll, handle }) => keepAll(pages(await handle())),
  'iterate-reader.ts': async ({ iterateReader }, { keepAll, handle }) => {
    const file = await handle();
    return keepAll(iterateReader({ read: async (p) => (await file.read(p)).bytesRead || null }));
  },
  'kept-across-await.ts': async ({ pump }, { keep, handle }) => pump(await handle(), keep),
  'labelled-loops.mjs': ({ fields }, { keepAll, fd }) => keepAll(fields(fd(), 7)),
  'lending-consumer.ts': async ({ collect }, { keep }) => {
    globalThis.lendChunks = async function* lendChunks() {
      const chunk = new Uint8Array(4);
      for (const value of [1, 2, 3]) yield chunk.fill(value);
    };
    keep(await collect(''));
  },
  'many-streams.ts': async (streams, { keepReadable, handle }) => {
    for (const read of Object.values(streams)) await keepReadable(read(await handle()), 5);
  },
  'mapped-views.ts': ({ encodeAll }, { keep }) => keep(encodeAll([1, 300, 70000])),
  'matrix-rows.ts': ({ rows }, { keepAll }) => keepAll(rows({ width: 2, height: 3, get: (x, y) => x + y * 10 })),
  'module-scratch.cjs': ({ varints }, { keepAll }) => keepAll(varints([1, 300, 70000])),
  'net-onread.ts': async ({ capture }, { keep, server }) => {
    const packets = [];
    await server(['first', 'other'], (port) => capture(port, packets));
    keep(packets);
  },
  'nonce-pool.cjs': ({ withNonce }, { keep }) => {
    for (let i = 0; i < 300; i++) withNonce((_, nonce) => keep(nonce));
  },
  'optional-sink.ts': ({ Encoder }, { keep }) => {
    const encoder = new Encoder();
    encoder.sink = { onChunk: keep };
    encoder.write('ab');
    encoder.write('cd');
  },
  'random-ids.mjs': ({ randomIds }, { keepAll }) => keepAll(randomIds()),
  'read-sync-option-callback.cjs': (readRecords, { keep, path }) => readRecords(path, { onRecord: keep }),
  'readable-options-read.mjs': ({ createFdStream }, { keepAll, fd }) => keepAll(createFdStream(fd())),
  'readable-read.cjs': ({ FileSource }, { keepAll, fd }) => keepAll(new FileSource(fd())),
  'reserved-too-little.ts': async ({ records }, { keepAll, handle }) => keepAll(records(await handle())),
  'room-set-back.ts': async ({ records }, { keepAll, handle }) => keepAll(records(await handle())),
  'ring-buffer-wraps.ts': ({ fromSource }, { keepAll }) => keepAll(fromSource(asynchronously(chunks(100_000)))),
  'set-then-emit.cjs': (Padder, { keep }) => {
    const padder = new Padder(8);
    padder.on('packet', keep);
    padder.write(Buffer.from('abc'));
    padder.write(Buffer.from('x'));
  },
  'sliding-window.mjs': ({ unpack }, { keepAll }) => keepAll(unpack(Array.from({ length: 32768 * 3 }, (_, i) => (i >> 15) + 1))),
  'species-class.cjs': ({ heads }, { keepAll, fd }) => keepAll(heads(fd())),
  'stored-on-request.ts': ({ serve }, { keep, fd }) => {
    const requests = [{ id: 1 }, { id: 2 }];
    serve(fd(), requests);
    keep(requests);
  },
  'switch-state-machine.ts': ({ parse }, { keepAll }) => {
    const input = [2, 1, 1, 2, 3, 3, 0];
    return keepAll(parse(() => input.shift()));
  },
  'thrown-error.ts': ({ LineParser }, { keep }) => {
    const parser = new LineParser();
    for (const line of ['abc', 'xyz']) {
      try {
        parser.parse(Buffer.from(line));
      } catch (problem) {
        keep(problem.line);
      }
    }
  },
  'transform-options.cjs': ({ createHexStream }, { keepAll }) => keepAll(feed(createHexStream(), chunks(10))),
  'try-finally.ts': ({ scan }, { keepAll }) => keepAll(scan(chunks(10))),
  'tuple-destructured.ts': ({ readAll }, { keepAll, fd }) => keepAll(readAll(fd())),
  'tuple-to-listener.cjs': ({ walk }, { keep, fd }) => walk(fd(), [0, 5000], { onEntry: (_, parts) => keep(parts) }),
  'view-in-map.ts': ({ records }, { keepAll }) => keepAll(records(chunks(16))),
  'view-in-promise.ts': async ({ reads }, { keep, fd }) => {
    for (const promise of reads(fd())) keep(await promise);
  },
  'view-in-spread.mjs': ({ messages }, { keepAll, path }) => keepAll(messages(path)),
  'wasm-decoder.ts': ({ decodeFrames }, { keepAll }) => {
    let turn = 0;
    return keepAll(decodeFrames(instanceWith((heap) => ({ decode_next: () => (++turn > 3 ? 0 : heap.fill(turn, 16, 24) && 8), frame_ptr: () => 16 }))));
  },
  'web-stream-pull.ts': async ({ toWebStream }, { keepReadable, handle }) => keepReadable(toWebStream(await handle())),
  'web-stream-start-loop.mjs': ({ countdownStream }, { keepReadable }) => keepReadable(countdownStream(3)),
  'web-transform-stream.ts': async ({ createUpperCaseStream }, { keepReadable }) => {
    const { readable, writable } = createUpperCaseStream();
    const writer = writable.getWriter();
    void (async () => {
      for (const part of chunks(10)) await writer.write(part);
      await writer.close();
    })();
    return keepReadable(readable);
  },
  'zeroed-after-yield.ts': ({ derive }, { keepAll }) => keepAll(derive(chunks(32))),
};

export const clean = {
  'buffer-concat.mjs': ({ withTrailer }, { keepAll, fd }) => keepAll(withTrailer(fd(), Buffer.from('x'))),
  'buffer-from-view.cjs': (FileSource, { keepAll, fd }) => keepAll(new FileSource(fd())),
  'copied-parts-collected.cjs': ({ split }, { keepAll }) => keepAll(split(Buffer.from('abcdefgh'), 3)),
  'delegated-copies.ts': ({ framed }, { keepAll, fd }) => keepAll(framed(fd())),
  'double-buffer-reallocated.ts': async ({ prefetched }, { keepAll, handle }) => keepAll(prefetched(await handle(), 1000)),
  'emitter-fresh-frame.ts': ({ FrameParser }, { keep }) => {
    const parser = new FrameParser();
    parser.on('frame', keep);
    parser.feed(Buffer.from([1, 2, 3, 0x7e, 4, 5, 6, 0x7e]));
  },
  'flush-is-last.ts': ({ LastBytes }, { keepAll }) => keepAll(feed(new LastBytes(), chunks(10))),
  'fresh-each-turn.ts': async ({ readChunks }, { keepAll, handle }) => keepAll(readChunks(await handle())),
  'fresh-header-per-frame.cjs': (LengthPrefix, { keepAll }) => keepAll(feed(new LengthPrefix(), chunks(10))),
  'growth-by-reallocation.ts': ({ AppendLog }, { keepAll }) => keepAll(new AppendLog().append(chunks(333))),
  'initialised-through-second-view.ts': ({ littleEndian }, { keepAll }) => keepAll(littleEndian([1n, 2n])),
  'line-splitter.ts': ({ LineSplitter }, { keepAll }) => keepAll(feed(new LineSplitter(), ['ab\ncd', 'e\nf'].map((text) => Buffer.from(text)))),
  'moving-pool-aligned.ts': ({ AlignedPool }, { keepAll }) =>
    keepAll(new AlignedPool().vectors(Array.from({ length: 3000 }, (_, i) => Array(i % 33).fill(i)))),
  'moving-pool-closure.mjs': ({ createReader }, { keepAll, fd }) => keepAll(createReader(fd(), 128, 1000).chunks()),
  'moving-pool-fields.ts': ({ Allocator }, { keepAll }) =>
    keepAll(new Allocator().encodeAll(Array.from({ length: 2000 }, (_, i) => 'w'.repeat(i % 97) + i))),
  'moving-pool-helper.ts': ({ MessageWriter }, { keepAll }) => keepAll(new MessageWriter().frames(chunks(333, 200))),
  'moving-pool-module.cjs': async (readPart, { keep, fd }) => {
    const file = fd();
    for (let i = 0; i < 60; i++) {
      await new Promise((resolve) => {
        readPart(file, 9000, (_, part) => resolve(keep(part)));
      });
    }
  },
  'net-onread-copy.ts': async ({ capture }, { keep, server }) => {
    const packets = [];
    await server(['first', 'other'], (port) => capture(port, packets));
    keep(packets);
  },
  'new-typed-array-copy.ts': ({ blocks }, { keepAll, fd }) => keepAll(blocks(fd())),
  'other-buffer-written.ts': ({ keyed }, { keepAll, fd }) => keepAll(keyed(fd(), Uint8Array.of(1, 2))),
  'rechunked.ts': ({ rechunk }, { keepAll }) => keepAll(rechunk(asynchronously(chunks(10)), 7)),
  'replaced-before-refill.ts': async ({ readChunks }, { keepAll, handle }) => keepAll(readChunks(await handle(), 1000)),
  'replaced-field.ts': ({ Framer }, { keepAll }) => keepAll(feed(new Framer(), chunks(10))),
  'reserved-ahead.ts': async ({ records }, { keepAll, handle }) => keepAll(records(await handle())),
  'ring-of-fresh-slots.cjs': (readAhead, { keep, fd }) => readAhead(fd(), 3, keep),
  'shrinking-room.ts': async ({ records }, { keepAll, handle }) => keepAll(records(await handle())),
  'species-class.cjs': ({ Reader, sums }, { keep, keepAll, fd }) => {
    const reader = new Reader(keep);
    for (const value of [1, 2, 3]) for (let half = 0; half < 2; half++) reader.take(Buffer.alloc(32, value));
    return keepAll(sums(fd()));
  },
  'swapped-out.cjs': ({ Batcher }, { keepAll }) => keepAll(feed(new Batcher(7), chunks(10))),
  'typed-array-slice.ts': async ({ readChunks }, { keepAll, handle }) => keepAll(readChunks(await handle())),
  'web-stream-fresh.ts': async ({ toWebStream }, { keepReadable, handle }) => keepReadable(toWebStream(await handle())),
  'written-before-only.mjs': ({ crcTable }, { keepAll }) => keepAll(crcTable()),
  'written-once.ts': async ({ split }, { keepAll, handle }) => keepAll(split(await handle(), 1000, 100)),
};
