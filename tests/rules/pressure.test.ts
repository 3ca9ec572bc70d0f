import { EventEmitter, once } from 'node:events';
import { join } from 'node:path';
import { createRequire } from 'node:module';
import { Readable, Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { fixedTwinOf, fixturesRoot } from './support/fixtures.js';

/** The fixtures about streams, executed: what waits in memory while nobody takes it, and where an error arrives. */

type Exports = Readonly<Record<string, (...args: never[]) => unknown>>;

async function load(rule: string, path: string): Promise<Exports> {
  const file = join(fixturesRoot, rule, path);
  return file.endsWith('.cjs') ? (createRequire(import.meta.url)(file) as Exports) : ((await import(pathToFileURL(file).href)) as Exports);
}

const turns = async (count: number): Promise<void> => {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
};

/** Takes nothing at all; counts what waits. */
const stuck = (): Writable => new Writable({ highWaterMark: 100, write: () => undefined });

async function* lines(count: number): AsyncGenerator<string> {
  for (let i = 0; i < count; i++) yield await Promise.resolve('x'.repeat(10));
}

describe('what nobody waits for piles up', () => {
  const rule = 'no-ignored-backpressure';

  test('in a stream that is written to in a loop', async () => {
    const out = stuck();
    const { dump } = await load(rule, 'flagged/helper-with-sink.ts');
    async function* entries(): AsyncGenerator<[string, string]> {
      for await (const line of lines(1000)) yield ['key', line];
    }
    await dump?.(entries() as never, out as never);
    expect(out.writableLength).toBeGreaterThan(10_000);
  });

  test('in a stream that a listener writes to', async () => {
    const out = stuck();
    const { forward } = await load(rule, 'flagged/data-event-forwarded.ts');
    forward?.(Readable.from(lines(1000), { objectMode: false }) as never, out as never);
    await turns(3000);
    expect(out.writableLength).toBeGreaterThan(5000);
  });

  test('and not where the listener pauses its source', async () => {
    const out = stuck();
    const { forward } = await load(rule, 'clean/pause-resume.ts');
    forward?.(Readable.from(lines(1000), { objectMode: false }) as never, out as never);
    await turns(3000);
    expect(out.writableLength).toBeLessThan(500);
  });

  test('in a readable that is pushed to by events', async () => {
    const { Feed } = (await load(rule, 'flagged/readable-class-pushes.ts')) as unknown as { readonly Feed: new (source: EventEmitter) => Readable };
    const source = new EventEmitter();
    const feed = new Feed(source);
    for (let i = 0; i < 1000; i++) source.emit('data', i + 1);
    expect(feed.readableLength).toBe(1000);
  });

  test('in a web stream whose start goes through all there is', async () => {
    const { streamOf } = await load(rule, 'flagged/start-loop.ts');
    let taken = 0;
    const counted = async function* (): AsyncGenerator<string> {
      for await (const line of lines(1000)) {
        taken++;
        yield line;
      }
    };
    streamOf?.(counted() as never);
    await turns(50);
    expect(taken).toBe(1000);
    taken = 0;
    const pulled = await load(rule, 'clean/pull-source.ts');
    pulled['streamOf']?.(counted() as never);
    await turns(50);
    expect(taken).toBeLessThanOrEqual(2);
  });

  test('in the queue of a sink that acknowledges at once', async () => {
    const { BatchSink } = (await load(rule, 'flagged/acknowledged-at-once.ts')) as unknown as { readonly BatchSink: new (send: () => Promise<void>) => Writable };
    const sink = new BatchSink(() => new Promise(() => undefined));
    let refused = 0;
    for (let i = 0; i < 1000; i++) {
      if (!sink.write('x'.repeat(100))) refused++;
      await Promise.resolve();
    }
    expect(refused, 'whoever writes is never told to wait').toBe(0);
  });

  test('until the write holds its callback', async () => {
    interface Sinks {
      readonly SocketSink: new (socket: Writable) => Writable;
    }
    const path = 'flagged/write-step-forwards.ts';
    const before = (await load(rule, path)) as unknown as Sinks;
    const after = (await load(rule, fixedTwinOf(path))) as unknown as Sinks;
    for (const [{ SocketSink }, grows] of [[before, true], [after, false]] as const) {
      const socket = stuck();
      const sink = new SocketSink(socket);
      for (let i = 0; i < 200; i++) sink.write('x'.repeat(100));
      expect(socket.writableLength > 1000).toBe(grows);
    }
  });

  test('until the loop awaits the sink', async () => {
    const path = 'flagged/response-rows.ts';
    for (const [name, grows] of [[path, true], [fixedTwinOf(path), false]] as const) {
      const { serveRows } = await load(rule, name);
      const server = serveRows?.((() => lines(1000)) as never) as EventEmitter;
      const response = Object.assign(stuck(), { setHeader: () => undefined });
      server.emit('request', {}, response);
      await turns(50);
      expect(response.writableLength > 5000).toBe(grows);
    }
  });
});

/** What became of an error: the stream's own event, or whoever made the call. */
async function arrival(stream: Writable, chunk: unknown): Promise<string> {
  const failed = once(stream, 'error').then(() => 'error event', () => 'error event');
  try {
    stream.write(chunk);
  } catch {
    return 'exception';
  }
  return Promise.race([failed, turns(20).then(() => 'nothing')]);
}

describe('errors of a step', () => {
  const rule = 'no-throw-in-stream';

  test.each([
    ['throw-in-write.ts', 'JsonSink', ''],
    ['throw-in-transform.ts', 'Frames', Buffer.of(200)],
  ])('leave the stream in %s, and arrive at it once fixed', async (name, exported, chunk) => {
    for (const [path, expected] of [[`flagged/${name}`, 'exception'], [fixedTwinOf(`flagged/${name}`), 'error event']] as const) {
      const classes = (await load(rule, path)) as unknown as Readonly<Record<string, new (options?: object) => Writable>>;
      const Sink = classes[exported];
      expect(Sink && (await arrival(new Sink(), chunk === '' ? Buffer.alloc(0) : chunk))).toBe(expected);
    }
  });

  test('never arrive where an async step has no catch', async () => {
    const { Enricher } = (await load(rule, 'flagged/async-transform.ts')) as unknown as { readonly Enricher: new (look: () => Promise<object>) => Writable };
    const unhandled: unknown[] = [];
    const listeners = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', (reason) => unhandled.push(reason));
    try {
      expect(await arrival(new Enricher(() => Promise.reject(new Error('gone'))), 'id')).toBe('nothing');
      expect(unhandled).toHaveLength(1);
    } finally {
      process.removeAllListeners('unhandledRejection');
      for (const listener of listeners) process.on('unhandledRejection', listener);
    }
  });

  test('arrive where an async step catches them', async () => {
    const { Enricher } = (await load(rule, 'clean/async-with-catch.ts')) as unknown as { readonly Enricher: new (look: () => Promise<object>) => Writable };
    expect(await arrival(new Enricher(() => Promise.reject(new Error('gone'))), 'id')).toBe('error event');
  });

  test('are taken by Node.js itself in a flush', async () => {
    const { Whole } = (await load(rule, 'clean/throw-in-flush-and-final.ts')) as unknown as { readonly Whole: new () => Writable & Readable };
    const whole = new Whole();
    const failed = once(whole, 'end').catch((error: unknown) => error);
    whole.resume();
    whole.end('{');
    expect(await failed).toBeInstanceOf(SyntaxError);
  });
});
