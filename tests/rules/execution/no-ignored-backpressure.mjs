import { EventEmitter, once } from 'node:events';
import { closeSync, openSync, truncateSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net, { createServer } from 'node:net';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { several } from './sinks/several.mjs';

/** How to run each fixture: a driver gives how many chunks wait in memory, or were taken from the source, while the sink takes nothing. */

/** What a sink that takes nothing is offered. */
const offered = (run) => async (fixture, strain) => {
  const sink = strain.stuck();
  await run(fixture, sink, strain);
  await strain.turns(3000);
  return sink.offered;
};
/** What is taken from the source while files take nothing. */
const takenWhileFilesStall = (run) => async (fixture, strain) => {
  const rows = strain.rows();
  return strain.whileFilesStall(() => run(fixture, rows, join(strain.folder, 'out')), () => rows.taken);
};
const thousand = (emit) => {
  for (let i = 0; i < 1000; i++) emit(i);
};
/** A web socket, or a data channel, whose buffer nobody empties. */
const socketOf = (strain) => {
  strain.replace(globalThis, 'WebSocket', Object.assign(globalThis.WebSocket ?? {}, { OPEN: 1 }));
  return Object.assign(new EventEmitter(), {
    readyState: 1,
    bufferedAmount: 0,
    sent: 0,
    send(data) {
      this.sent++;
      this.bufferedAmount += data.length ?? data.byteLength;
    },
  });
};
const pulledBy = (make) => async (fixture, strain) => {
  const source = strain.webSource();
  make(fixture, source.stream);
  await strain.turns(200);
  return source.taken;
};
/** What a stream holds that nobody reads. */
const held = (make) => async (fixture, strain) => {
  const stream = make(fixture, strain);
  stream.read(0);
  await strain.turns(100);
  return stream.readableObjectMode ? stream.readableLength : stream.readableLength / strain.row.length;
};
/** What waits in a stream, which is given up then. */
const abandoned = async (stream) => {
  const { writableLength } = stream;
  stream.on('error', () => undefined).destroy();
  await once(stream, 'close');
  return writableLength;
};
const lineSource = (strain, count = 1000) => {
  let next = 0;
  return () => (next++ < count ? strain.row : null);
};

export const flagged = {
  ...several,
  'acknowledged-at-once.ts': ({ BatchSink }, strain) => strain.accepted(new BatchSink(() => strain.never)),
  'acknowledged-next-tick.cjs': async ({ SlowSink }, strain) => {
    const sink = new SlowSink(() => undefined);
    const count = await strain.accepted(sink);
    sink.end();
    return count;
  },
  'acknowledged-store.ts': ({ Store }, strain) => strain.accepted(new Store()),
  'acknowledged-work-begun.ts': ({ uploadSink }, strain) => strain.accepted(uploadSink(() => strain.never)),
  'arrow-returns-result.ts': offered(({ tee }, sink, strain) => tee(strain.source(), sink)),
  'async-read-loop.ts': held(({ pages }, strain) => {
    const next = lineSource(strain);
    return pages(async () => next() ?? undefined);
  }),
  'bound-write.ts': offered(({ dump }, sink, strain) => dump(strain.rows(), sink)),
  'broadcast.ts': async ({ relay }, strain) => {
    const viewer = socketOf(strain);
    relay(strain.source(), viewer);
    await strain.turns(3000);
    return viewer.sent;
  },
  'child-output.cjs': ({ record }, strain) => {
    let bytes = 0;
    return strain.whileFilesStall(() => {
      const child = record('head -c 1000000 /dev/zero', join(strain.folder, 'out'));
      child.stdout.on('data', (chunk) => (bytes += chunk.length));
      return once(child, 'close');
    }, () => bytes / strain.row.length);
  },
  'controller-kept.ts': ({ broadcast }, strain) => {
    const bus = new EventEmitter();
    const stream = broadcast(bus);
    thousand(() => bus.emit('data', strain.row));
    return strain.queuedIn(stream);
  },
  'counting-down.cjs': async ({ fill }, strain) => {
    const out = fill(join(strain.folder, 'out'), 'x');
    const { writableLength } = out;
    await once(out, 'close');
    return writableLength;
  },
  'custom-event.ts': offered(({ audit }, sink) => {
    const bus = new EventEmitter();
    audit(bus, sink);
    thousand((i) => bus.emit('login', `user ${i}`));
  }),
  'data-channel.ts': async ({ sendFile }, strain) => {
    const channel = socketOf(strain);
    await sendFile(channel, new Blob([Buffer.alloc(500 * 16384)]));
    return channel.sent;
  },
  'data-event-forwarded.ts': offered(({ forward }, sink, strain) => forward(strain.source(), sink)),
  'duplex-pushes-what-is-written.ts': ({ LineSplitter }, strain) => strain.accepted(new LineSplitter(), `${strain.row}\n`),
  'fast-timer.ts': async ({ Sampler }, strain) => {
    const tick = strain.timers();
    const sink = strain.stuck();
    new Sampler(sink, () => strain.row).start();
    tick(1000);
    return sink.offered;
  },
  'feeds-another-process.mjs': async ({ convert }, strain) => {
    const other = convert(`head -c ${400 * strain.row.length} /dev/zero`, 'sleep 60');
    while (!other.stdin.writableEnded) await new Promise((resolve) => setTimeout(resolve, 5));
    const length = await abandoned(other.stdin);
    other.kill();
    return length / strain.row.length;
  },
  'for-await-file.ts': takenWhileFilesStall(({ saveRows }, rows, path) => saveRows(rows, path)),
  'generator-source.ts': offered(({ flood }, sink) => flood(sink, 1000)),
  'handed-in-options/copier.mjs': offered(({ Copier }, sink, strain) => new Copier({ sink }).copy(strain.source())),
  'handed-to-a-class/copier.cjs': offered(({ Copier }, sink, strain) => new Copier(sink).copy(strain.source())),
  'handed-to-a-helper/line.ts': async (_line, strain) => {
    const { exportRows } = await strain.load('no-ignored-backpressure/flagged/handed-to-a-helper/export.ts');
    return offered((_, sink) => exportRows(strain.rows(() => [strain.row]), sink))(undefined, strain);
  },
  'handed-without-types/pump.mjs': offered(({ pump }, sink, strain) => pump(sink, strain.source())),
  'helper-asks-another.ts': async ({ sendAll }, strain) => {
    const socket = socketOf(strain);
    await sendAll(socket, socketOf(strain), strain.rows());
    return socket.sent;
  },
  'helper-method.ts': ({ Exporter }, strain) => {
    const rows = strain.rows(() => [strain.row]);
    return strain.whileFilesStall(() => new Exporter(join(strain.folder, 'out')).run(rows), () => rows.taken);
  },
  'helper-with-sink.ts': offered(({ dump }, sink, strain) => dump(strain.rows(() => ['key', strain.row]), sink)),
  'inherits-readable.cjs': held((TailStream, strain) => {
    const source = new EventEmitter();
    const stream = new TailStream(source);
    thousand(() => source.emit('data', strain.row));
    return stream;
  }),
  'lines-to-socket.ts': offered(({ feed }, sink, { row }) => {
    const lines = new EventEmitter();
    feed(lines, sink);
    thousand(() => lines.emit('line', row));
  }),
  'log-of-requests.ts': async ({ Client }, strain) => {
    strain.replace(globalThis, 'fetch', async () => ({ status: 200 }));
    const rows = strain.rows(() => Buffer.from(strain.row));
    void new Client(new Writable({ write: (chunk, encoding, done) => done() }), strain.stuck()).upload(rows);
    await strain.turns(3000);
    return rows.taken;
  },
  'million-writes.ts': offered(({ fill }, sink) => fill(sink)),
  'one-of-many.ts': ({ broadcast }, strain) => {
    const [socket, prices] = [socketOf(strain), new EventEmitter()];
    broadcast(new Set([socket]), prices);
    thousand((i) => prices.emit('data', `price ${i}`));
    return socket.sent;
  },
  'output-that-is-given.ts': ({ ticks }, strain) => {
    const tick = strain.timers();
    const sink = strain.stuck();
    ticks({ output: sink }, sink);
    tick(1000);
    return sink.offered;
  },
  'pages-of-a-list.mjs': async ({ joined }, strain) => {
    let fetched = 0;
    strain.replace(globalThis, 'fetch', async () => ({ arrayBuffer: async () => new ArrayBuffer(++fetched) }));
    joined(Array.from({ length: 1000 }, (_, i) => `https://example.org/${i}`));
    await strain.turns(3000);
    return fetched;
  },
  'paginated.mjs': async ({ archive }, strain) => {
    let pages = 0;
    const gzip = await archive(async () => (pages++ < 1000 ? [strain.incompressible()] : []));
    gzip.destroy();
    return pages;
  },
  'pull-to-the-end.mjs': pulledBy(({ messages }, source) => messages(source)),
  'pull-until-told.js': async ({ streamOf }, strain) => {
    const rows = Array.from({ length: 400 }, () => strain.row);
    const stream = streamOf({ state: '', take: () => rows.shift() });
    await strain.turns(100);
    await stream.cancel().catch(() => undefined);
    return 400 - rows.length;
  },
  'pull-without-end.ts': pulledBy(({ everything }, source) => everything(source.getReader())),
  'pull-all-batches.ts': pulledBy(({ framesOf }, source) => framesOf(source.getReader(), (chunk) => [String(chunk)], () => undefined)),
  'pump-recursion.ts': pulledBy(({ decoded }, source) => decoded(source.getReader())),
  'read-loop.ts': held(({ Countdown }, strain) => new Countdown(lineSource(strain))),
  'read-more-than-asked.ts': held(({ Names }, strain) => {
    const next = lineSource(strain);
    return new Names({ next: async () => [next()].filter((row) => row !== null), isFile: async () => true });
  }),
  'read-sync-loop.mjs': async ({ copySlowly }, strain) => {
    const path = join(strain.folder, 'in');
    writeFileSync(path, '');
    truncateSync(path, 400 * 65536);
    const fd = openSync(path);
    const length = await abandoned(copySlowly(fd, join(strain.folder, 'out')));
    closeSync(fd);
    return length / 65536;
  },
  'readable-class-pushes.ts': held(({ Feed }) => {
    const source = new EventEmitter();
    const feed = new Feed(source);
    thousand((i) => source.emit('data', i + 1));
    return feed;
  }),
  'reads-from-elsewhere.ts': offered(({ Relay }, sink, strain) => {
    const next = lineSource(strain);
    strain.replace(globalThis, 'readLine', () => new Promise((resolve) => setImmediate(() => resolve(next() ?? 'quit'))));
    return new Relay({}, sink).serve();
  }),
  'reply-to-another.ts': offered(({ Tunnel }, sink, strain) => {
    strain.replace(net, 'createConnection', () => strain.source());
    new Tunnel(sink).connect(1);
  }),
  'request-of-the-first-turn.ts': offered(({ upload }, sink, strain) => {
    strain.replace(http, 'request', () => sink);
    void upload('http://example.org', strain.rows());
  }),
  'response-rows.ts': offered(({ serveRows }, response, strain) => {
    response.setHeader = () => undefined;
    serveRows(() => strain.rows(() => ({ row: strain.row }))).emit('request', {}, response);
  }),
  'rows-taken-by-next.mjs': async ({ save }, strain) => {
    const rows = Array.from({ length: 400 }, () => strain.row);
    return (await abandoned(save(rows.values(), join(strain.folder, 'out')))) / strain.row.length;
  },
  'self-timer.cjs': async ({ report }, strain) => {
    const server = createServer({ pauseOnConnect: true }).listen(0);
    const tick = strain.timers();
    const socket = report(server.address().port, () => strain.row);
    tick(1000);
    const length = await abandoned(socket);
    server.close();
    return length / strain.row.length;
  },
  'start-event-target.ts': ({ events }, strain) => {
    const source = new EventTarget();
    const stream = events(source);
    thousand(() => source.dispatchEvent(new Event('message')));
    return strain.queuedIn(stream);
  },
  'start-listens.ts': async ({ toWeb }, strain) => {
    const stream = toWeb(strain.source());
    await strain.turns(3000);
    return strain.queuedIn(stream);
  },
  'start-loop.ts': async ({ streamOf }, strain) => {
    const rows = strain.rows();
    streamOf(rows);
    await strain.turns(50);
    return rows.taken;
  },
  'start-websocket.ts': ({ messages }, strain) => {
    let socket;
    strain.replace(globalThis, 'WebSocket', class {
      constructor() {
        socket = this;
      }
    });
    const stream = messages('ws://localhost');
    thousand(() => socket.onmessage({ data: strain.row }));
    return strain.queuedIn(stream);
  },
  'task-queue.ts': ({ serve }, strain) => strain.byEvents('data', (socket) => (take) => serve(socket, take)),
  'then-recursion.mjs': pulledBy(({ relayed }, source) => relayed(source.getReader())),
  'timer-pushes.ts': async ({ samples }, strain) => {
    const tick = strain.timers();
    const stream = samples(() => Buffer.from(strain.row));
    tick(1000);
    return stream.readableLength / strain.row.length;
  },
  'transform-acknowledges.ts': ({ Enriching }, strain) => strain.accepted(new Enriching(() => strain.never)),
  'transform-writes-aside.ts': async ({ recorded }, strain) => {
    const log = strain.stuck();
    await strain.accepted(recorded(log).resume());
    return log.offered;
  },
  'web-sink-into-writer.ts': pulledBy(({ relay }, source) => relay(source, new WritableStream({ write: () => new Promise(() => undefined) }))),
  'web-sink-posts.mjs': ({ postSink }, strain) => {
    strain.replace(globalThis, 'fetch', () => strain.never);
    return strain.acceptedByWeb(postSink('http://localhost'));
  },
  'web-sink-queues.ts': ({ queueSink }, strain) => strain.acceptedByWeb(queueSink(() => strain.never)),
  'web-sink-to-file.ts': ({ fileSink }, strain) => {
    let accepted = 0;
    return strain.whileFilesStall(async () => (accepted = await strain.acceptedByWeb(fileSink(join(strain.folder, 'out')))), () => accepted);
  },
  'websocket-send-loop.ts': async ({ upload }, strain) => {
    const socket = socketOf(strain);
    await upload(socket, strain.rows());
    return socket.sent;
  },
  'write-step-feeds-another.ts': ({ Tap }, strain) => strain.accepted(new Tap(strain.stuck())),
  'write-step-forwards.ts': async ({ SocketSink }, strain) => {
    const socket = strain.stuck();
    await strain.accepted(new SocketSink(socket));
    return socket.offered;
  },
  'written-before-it-is-read.ts': async ({ numbered }, strain) => {
    const rows = strain.rows();
    await numbered(rows);
    return rows.taken;
  },
  'written-while-it-is-read.ts': takenWhileFilesStall(({ saveRows }, rows, path) => new Promise((resolve) => saveRows(rows, path, resolve))),
  'wrapped/connection.ts': async (_connection, strain) => {
    const { replay } = await strain.load('no-ignored-backpressure/flagged/wrapped/replay.ts');
    return offered((_, sink) => replay(strain.rows(), sink))(undefined, strain);
  },
  'write-called.mjs': takenWhileFilesStall(({ dump }, rows, path) => dump(rows, path)),
  'writer-errors-only.ts': async ({ collect }, strain) => {
    const writer = new WritableStream({ write: () => strain.never }).getWriter();
    collect(strain.source(), writer);
    await strain.turns(3000);
    return 1 - writer.desiredSize;
  },
  'writer-loop.ts': async ({ copy }, strain) => {
    const rows = strain.rows();
    void copy(rows, new WritableStream({ write: () => strain.never }));
    await strain.turns(50);
    return rows.taken;
  },
};

export const notRun = {};

/** Rows that are written one by one, to the end: what is read of them while the sink takes nothing. */
const takenOf = (run) => async (fixture, strain) => {
  const rows = strain.rows();
  void run(fixture, rows, strain.stuck());
  await strain.turns(50);
  return rows.taken;
};

export const clean = {
  'desired-size.ts': async ({ toWeb }, strain) => {
    const rows = strain.rows();
    toWeb(Readable.from(rows, { highWaterMark: 10 }));
    await strain.turns(3000);
    return rows.taken;
  },
  'drain-awaited.ts': takenOf(({ saveRows }, rows, sink) => saveRows(rows, sink)),
  'drain-reentered.ts': offered(({ writeOneMillionTimes }, sink, { row }) => writeOneMillionTimes(sink, row, () => undefined)),
  'from-iterable.ts': async ({ rows: readableOf }, strain) => {
    const rows = strain.rows();
    readableOf(rows).read(0);
    await strain.turns(50);
    return rows.taken;
  },
  'need-drain.ts': takenOf(({ copy }, rows, sink) => copy(rows, sink)),
  'pause-resume.ts': offered(({ forward }, sink, strain) => forward(strain.source(), sink)),
  'pull-source.ts': async ({ streamOf }, strain) => {
    const rows = strain.rows();
    streamOf(rows);
    await strain.turns(50);
    return rows.taken;
  },
  'pull-until-fed.mjs': pulledBy(({ messages }, source) => messages(source, { decode: (chunk) => [chunk] })),
  'push-paused.ts': async ({ SocketSource }, strain) => {
    const source = strain.source();
    const stream = new SocketSource(source);
    stream.read(0);
    await strain.turns(3000);
    return stream.readableLength / strain.row.length;
  },
  'read-a-batch.mjs': held(({ Batches }, strain) => new Batches(async () => [strain.row, strain.row])),
  'read-until-false.ts': held(({ Lines }, strain) => new Lines(lineSource(strain))),
  'result-for-the-caller.ts': takenOf(({ LineWriter, save }, rows, sink) => save(rows, new LineWriter(sink))),
  'task-queue-awaited.ts': async ({ all }, strain) => {
    const rows = strain.rows();
    void all(rows, () => strain.never);
    await strain.turns(50);
    return rows.taken;
  },
  'web-sink-returns-promise.ts': ({ savingSink }, strain) => strain.acceptedByWeb(savingSink(() => strain.never)),
  'write-callback-awaited.ts': takenOf(({ save }, rows, sink) => save(rows, sink)),
  'write-holds-callback.ts': async ({ SocketSink }, strain) => {
    const socket = new Writable({ write: () => undefined });
    return strain.accepted(new SocketSink(socket));
  },
  'write-queues-and-withholds.ts': ({ QueueSink }, strain) => strain.accepted(new QueueSink(() => strain.never)),
  'writer-awaited.ts': async ({ copy }, strain) => {
    const rows = strain.rows();
    void copy(rows, new WritableStream({ write: () => strain.never }));
    await strain.turns(50);
    return rows.taken;
  },
  'writer-ready.mjs': async ({ copy }, strain) => {
    const rows = strain.rows();
    void copy(rows, new WritableStream({ write: () => strain.never }));
    await strain.turns(50);
    return rows.taken;
  },
};
