import { EventEmitter } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { PassThrough, Readable, Writable } from 'node:stream';

/** How to run each fixture: a driver gives how many errors come up elsewhere than at the stream. */

const gone = () => Promise.reject(new Error('gone'));
/** Writes a chunk that the stream's step fails on. */
const onWrite = (make, chunk = 'text') => (fixture, strain) => strain.strayOf(make(fixture), chunk);
const onEnd = (make) => (fixture, strain) =>
  strain.strayErrors((arrived) => {
    const stream = make(fixture).on('error', arrived);
    stream.end('text');
    stream.resume?.();
  });
/** A request whose body is no JSON, and what becomes of the answer. */
const request = (server, strain) =>
  strain.strayErrors((arrived) => {
    const body = new PassThrough();
    const response = Object.assign(new Writable({ write: (chunk, encoding, done) => done() }), { writeHead: () => response });
    response.on('finish', arrived);
    server.emit('request', body, response);
    body.end('{');
  });

export const flagged = {
  'asked-in-vain.ts': onWrite(({ Hosts }) => new Hosts(), 'no address'),
  'async-construct.ts': ({ Tail }, strain) => strain.strayErrors((arrived) => new Tail('/nowhere/at/all').on('error', arrived)),
  'async-data-listener.ts': ({ index }, strain) =>
    strain.strayErrors((arrived) => {
      const source = new PassThrough().on('error', arrived);
      source.write('text');
      index(source, gone);
    }),
  'async-destroy.cjs': (Connection, strain) =>
    strain.strayErrors((arrived) => {
      new Connection({ disconnect: gone }).on('error', arrived).destroy();
    }),
  'async-end-listener.ts': ({ handle }, strain) =>
    strain.strayErrors((arrived) => {
      const response = new PassThrough().on('error', arrived);
      handle(Readable.from(['text']), response, gone);
    }),
  'async-final.ts': onEnd(({ Batch }) => new Batch(gone)),
  'async-flush.mjs': onEnd(({ Uploader }) => new Uploader({ add: () => undefined, complete: gone })),
  'async-read.ts': ({ FileSource }, strain) => strain.strayErrors((arrived) => new FileSource({ read: gone }).on('error', arrived).resume()),
  'async-transform.ts': onWrite(({ Enricher }) => new Enricher(gone)),
  'async-write-option.ts': onWrite(({ fileSink }) => fileSink({ write: gone })),
  'callback-outside-of-try.ts': onWrite(({ statements }) => statements(() => undefined), '{'),
  'chain-of-pipes.ts': ({ send }, strain) =>
    strain.strayErrors((arrived) => {
      send('/nowhere/at/all', new PassThrough().on('error', arrived));
    }),
  'finally-is-no-catch.ts': onWrite(({ locked }) => locked({ take: gone, free: () => undefined }, gone)),
  'helper-throws.ts': onWrite(({ Checked }) => new Checked()),
  'inflate-in-transform.cjs': onWrite(({ Inflater }) => new Inflater()),
  'inherits-write.cjs': onWrite((Sink) => new Sink({ decodeStrings: false })),
  'method-throws.cjs': onWrite((Parser) => new Parser(), Buffer.of(200)),
  'not-every-case.ts': onWrite(({ Changed }) => new Changed('title')),
  'optional-call.ts': ({ forward }, strain) =>
    strain.strayErrors((arrived) => {
      const socket = new PassThrough().on('error', arrived);
      forward(socket, { write: gone });
      socket.write('text');
    }),
  'parse-at-end.cjs': (server, strain) => request(server, strain),
  'parse-in-arrow-option.mjs': onWrite(({ collectJson }) => collectJson([])),
  'parse-in-transform.ts': onWrite(({ JsonLines }) => new JsonLines(), '{\n'),
  'parser-elsewhere/stream.ts': onWrite(({ lines }) => lines()),
  'pipe-of-file-beside.cjs': ({ asset }, strain) =>
    strain.strayErrors((arrived) => {
      asset('nowhere', new PassThrough().on('error', arrived));
    }),
  'pipe-from-variable.mjs': ({ copy }, strain) => strain.strayErrors((arrived) => copy('/nowhere/at/all', join(strain.folder, 'out'), arrived)),
  'read-from-own-generator.ts': ({ Upload }, strain) => strain.strayErrors((arrived) => new Upload('/nowhere/at/all').body().on('error', arrived).resume()),
  'rethrown.ts': onWrite(({ Careful }) => new Careful()),
  'step-as-field.ts': onWrite(({ Rows }) => new Rows()),
  'step-calls-itself.ts': onWrite(({ Responses }) => new Responses()),
  'subclass-of-own-class.ts': onWrite(({ Decode }) => new Decode(), '%'),
  'then-of-helper.ts': onWrite(({ Parts }) => new Parts(gone)),
  'task-of-a-step.ts': onWrite(({ Contents }) => new Contents(), '/nowhere/at/all'),
  'then-without-catch.ts': onWrite(({ Uploads }) => new Uploads(gone)),
  'throw-after-callback.ts': onWrite(({ Frames }) => new Frames(), Buffer.alloc(0)),
  'throw-in-callback.ts': onWrite(({ Include }) => new Include(), '/nowhere/at/all'),
  'throw-in-data-listener.ts': ({ limited }, strain) =>
    strain.strayErrors((arrived) => {
      const socket = Readable.from([Buffer.alloc(10)]).on('error', arrived);
      limited(socket, 5);
    }),
  'throw-in-inner-listener.ts': ({ attach }, strain) =>
    strain.strayErrors((arrived) => {
      const server = createServer((socket) => socket.end()).listen(join(strain.folder, 'socket'), () => {
        const client = new PassThrough().on('error', arrived);
        attach(client, join(strain.folder, 'socket'));
        client.write('text');
        server.close();
      });
    }),
  'throw-in-option.ts': onWrite(({ upperCase }) => {
    const stream = upperCase();
    // What it is given stays what it is.
    stream._writableState.decodeStrings = false;
    return stream;
  }),
  'throw-in-transform.ts': onWrite(({ Frames }) => new Frames(), Buffer.of(200)),
  'throw-in-write.ts': onWrite(({ JsonSink }) => new JsonSink(), Buffer.alloc(0)),
  'throw-in-writev.cjs': onWrite(({ store }) => store((records, done) => done()), {}),
  'throw-that-stays.ts': onWrite(({ Kept }) => new Kept(), Buffer.alloc(10)),
  'url-in-write.mjs': onWrite(({ UrlSink }) => new UrlSink([])),
};

export const notRun = {  'throws-or-rejects.ts': onWrite(({ Cursors }) => new Cursors(gone)),
};

export const clean = {
  'async-destroys.mjs': ({ Pages }, strain) => strain.strayErrors((arrived) => new Pages(gone).on('error', arrived).resume()),
  'async-helper-that-catches.ts': onWrite(({ Saver }) => new Saver(gone)),
  'async-listener-caught.ts': ({ index }, strain) =>
    strain.strayErrors((arrived) => {
      const source = new PassThrough().on('error', arrived);
      source.write('text');
      index(source, gone);
    }),
  'async-with-catch.ts': onWrite(({ Enricher }) => new Enricher(gone)),
  'capture-rejections.ts': ({ careful }, strain) =>
    strain.strayErrors((arrived) => {
      careful(gone).on('error', arrived).push('text');
    }),
  'caught-around-callback.ts': onWrite(({ statements }) => statements(), '{'),
  'caught-parse.ts': onWrite(({ Json }) => new Json()),
  'caught-throw.ts': onWrite(({ Frames }) => new Frames(), Buffer.alloc(200)),
  'error-to-callback.ts': onWrite(({ JsonSink }) => new JsonSink(), Buffer.alloc(0)),
  'executor-throws.cjs': onWrite((sinkOf) => sinkOf(() => undefined), Buffer.alloc(0)),
  'parse-guarded-at-end.cjs': (server, strain) => request(server, strain),
  'pipe-finished.mjs': ({ copy }, strain) =>
    strain.strayErrors(async (arrived) => {
      await copy('/nowhere/at/all', join(strain.folder, 'out')).catch(arrived);
    }),
  'pipe-with-listeners.ts': ({ send }, strain) =>
    strain.strayErrors((arrived) => {
      send('/nowhere/at/all', Object.assign(new PassThrough(), { writeHead: () => ({ end: arrived }) }));
    }),
  'pipeline.ts': ({ unpack }, strain) =>
    strain.strayErrors((arrived) => {
      const path = join(strain.folder, 'in');
      writeFileSync(path, 'not compressed');
      return new Promise((resolve) => unpack(path, join(strain.folder, 'out'), (error) => resolve(error && arrived())));
    }),
  'promise-chain-in-listener.ts': ({ handle }, strain) =>
    strain.strayErrors((arrived) => {
      handle(Readable.from(['text']), Object.assign(new EventEmitter(), { writeHead: () => ({ end: arrived }) }), gone);
    }),
  'then-with-both.ts': onWrite(({ uploads }) => uploads(gone)),
  'throw-in-a-promise.ts': onWrite(({ saved }) => saved(async () => -1)),
  'throw-in-flush-and-final.ts': onEnd(({ Whole }) => new Whole()),
  'throw-in-read.ts': ({ Numbers }, strain) => strain.strayErrors((arrived) => new Numbers().on('error', arrived).resume()),
};
