/**
 * Drivers: how to run each fixture so that what its sink finds in the end is kept. The sinks read what they are given in a later turn of
 * the event loop, as a busy one would. Plain JavaScript, because what fixtures export has no type in common. A driver is given the
 * fixture's exports and the tools of `consumer.ts`.
 */
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const inBlocks = (path, size) => readFileSync(path, 'latin1').match(new RegExp(`[^]{${size}}`, 'g')) ?? [];

/** The bytes of a file, as soon as it has as many as are to come. */
const written = async (path, size) => {
  for (let turn = 0; turn < 1000 && (statSync(path, { throwIfNoEntry: false })?.size ?? 0) < size; turn++) await sleep(5);
  return readFileSync(path);
};

/** A file whose writes read their bytes late. */
const slowFile = (keepLater) => ({
  write: async (bytes) => keepLater(bytes),
  writev: async (parts) => Promise.all(parts.map(keepLater)),
  sync: async () => {},
});

export const flagged = {
  'appended-log.ts': async ({ Log }, { keep, output }) => {
    const file = output().path;
    const log = new Log(file);
    for (const text of ['one', 'two']) log.add(text);
    keep((await written(file, 6)).latin1Slice().match(/.{3}/g).sort().join());
  },
  'awaited-too-late.ts': ({ copy }, { keepLater }) => {
    let turn = 0;
    return copy({ read: async (block) => ({ bytesRead: ++turn > 4 ? 0 : block.fill(turn).length }) }, slowFile(keepLater));
  },
  'chain-goes-on.ts': ({ Journal }, { keepLater, quiet }) => quiet(() => {
    const journal = new Journal(slowFile(keepLater));
    for (const value of [1, 2]) journal.add(value);
  }),
  'child-stdin.ts': ({ feed }, { sink, quiet }) => quiet(() => feed({ stdin: sink() }, ['who', 'why'])),
  'datagrams.ts': ({ broadcast }, { keepLater, quiet }) => quiet(() => broadcast({ send: keepLater }, [1, 2])),
  'encoder-reset.ts': ({ Encoder }, { sink, quiet }) => quiet(() => {
    const encoder = new Encoder();
    const socket = sink();
    for (const value of [1, 2]) encoder.byte(value).flush(socket);
  }),
  'file-handle-write.ts': ({ writeLines }, { keepLater, quiet }) => quiet(() => writeLines(slowFile(keepLater), ['one', 'two'])),
  'finally-wipes.ts': ({ persist }, { keepLater }) => persist(slowFile(keepLater), 'secret'),
  'fs-write-callback.cjs': async ({ writeAll }, { keep, output, occupied }) => {
    const file = output();
    await occupied(() => writeAll(file.fd, [1, 2, 3], () => {}));
    await written(file.path, 24);
    keep(inBlocks(file.path, 8).sort().join());
  },
  'free-too-early.ts': ({ Samples }, { keepLater, quiet }) => quiet(() => {
    const samples = new Samples(slowFile(keepLater));
    for (const value of [1, 2]) samples.add(value);
  }),
  // The compressed bytes are not handed out; their number tells which text they were made of.
  'given-back-in-flight.ts': ({ writeAll }, { keepLater, quiet }) => quiet(() => writeAll(slowFile(keepLater), [1, 2])),
  'gzip.ts': async ({ compress }, { keep, occupied, quiet }) => {
    const { log } = console;
    console.log = keep;
    try {
      await quiet(() => occupied(() => compress(['a'.repeat(500), Array.from({ length: 500 }, (_, i) => String.fromCharCode(33 + ((i * i) % 89))).join('')], () => {})));
    } finally {
      console.log = log;
    }
  },
  'helper-other-file/index.ts': ({ counters }, { sink, quiet }) => quiet(() => counters(sink(), 3)),
  'in-error-handler.ts': ({ check }, { sink, fd, quiet }) => quiet(() => check(fd(), sink(), () => false)),
  'jobs-of-writes.mjs': ({ writeRecords }, { keepLater }) => writeRecords(slowFile(keepLater), ['one', 'two']),
  'masked-again.ts': ({ mask }, { sink, quiet }) => quiet(() => mask(sink(), [Buffer.from('one'), Buffer.from('two')], 0x5a)),
  'only-one-branch-waits.ts': ({ copy }, { sink, fd, quiet }) => quiet(() => copy(fd(), sink())),
  // Random bytes: what counts is how many of them differ.
  'random-blocks.cjs': async ({ noise }, { keep, output }) => {
    const file = output().path;
    await once(noise(file, 3), 'finish');
    keep(new Set(inBlocks(file, 32)).size);
  },
  'response-chunks.ts': ({ serve }, { sink, fd, quiet }) => quiet(() => serve(fd(), sink())),
  'sides-not-waited-for.ts': ({ Log }, { keepLater, quiet }) => quiet(() => {
    const log = new Log(slowFile(keepLater));
    for (const text of ['one', 'two', 'six']) log.add(text);
  }),
  'socket-scratch.cjs': async ({ ping }, { keep }) => {
    const server = createServer();
    await once(server.listen(0), 'listening');
    const texts = [];
    const sockets = ['one', 'two'].map((text) => ping(server.address().port, text));
    while (texts.length < 2) {
      const [socket] = await once(server, 'connection');
      texts.push(once(socket, 'data'));
    }
    keep((await Promise.all(texts)).map(([text]) => text.toString()).sort().join());
    for (const socket of sockets) socket.destroy();
    server.close();
  },
  'stamped-scratch.mjs': async ({ send }, { keep, output, occupied }) => {
    const file = output();
    await occupied(() => send(file.fd, ['a', 'b']));
    await written(file.path, 8);
    keep(inBlocks(file.path, 4).sort().join());
  },
  'stream-write-header.ts': ({ Framer }, { sink, quiet }) => quiet(() => {
    const framer = new Framer(sink());
    for (const body of ['a', 'longer']) framer.send(body);
  }),
  'swapped-bytes.mjs': ({ both }, { sink, quiet }) => quiet(() => both(sink(), sink(), [1, 2])),
  'through-helper.ts': ({ lines }, { sink, quiet }) => quiet(() => lines(sink(), ['one', 'two'])),
  'transform-write.cjs': ({ pump }, { keepAll }) => keepAll(pump([1, 2, 3])),
  'vectored.ts': ({ writePairs }, { keepLater }) => writePairs({ writev: ([left]) => keepLater(left) }, [[1, 0], [2, 0]]),
  'web-writer.ts': ({ encodeAll }, { keepLater, quiet }) => quiet(() => encodeAll(new WritableStream({ write: keepLater }), ['one', 'two'])),
  'wiped-after-end.ts': ({ sendKey }, { sink, quiet }) => quiet(() => sendKey(sink(), 'secret')),
  'write-file-callback.mjs': async ({ checkpoints }, { keep, output, occupied }) => {
    const { path } = output();
    await occupied(() => checkpoints(path, [1, 2]));
    for (const index of [0, 1]) keep(await written(`${path}.${index}`, 8));
  },
  'write-file-promise.ts': async ({ save }, { keep, output }) => {
    const { path } = output();
    save(path, [1, 2]);
    for (const value of [1, 2]) keep(await written(`${path}-${value}`, 128));
  },
  'write-stream.mjs': async ({ dump }, { keep, output }) => {
    const file = output().path;
    await once(dump(file, [[1, 2], [3, 4]]), 'finish');
    keep(readFileSync(file));
  },
};

export const clean = {
  'awaited.ts': ({ writeLines }, { keepLater }) => writeLines(slowFile(keepLater), ['one', 'two']),
  'copied.ts': ({ Framer }, { sink, quiet }) => quiet(() => {
    const framer = new Framer(sink());
    for (const body of ['a', 'longer']) framer.send(body);
  }),
};
