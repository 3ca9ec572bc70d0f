import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { longestPause } from './loop-delay.js';

/** Takes what it is given, in its own time. */
export type Take = (value?: unknown) => Promise<void>;

/** A value, an object or a row of some weight: what is handed over, and what is written. */
const HANDED = 3000;
const ROWS = 1000;
const ROW_BYTES = 1000;

/** So long another process lets a pipe wait, in milliseconds. */
const LATE = 300;

/** A consumer that stands still until it is let go, and counts what it has been given. */
class Standstill {
  taken = 0;
  #release: (() => void) | undefined;
  readonly #released = new Promise<void>((resolve) => (this.#release = resolve));

  readonly take: Take = async (value) => {
    await this.#released;
    this.taken += Array.isArray(value) ? value.length : 1;
    // Loops that never end and wait only here let others run.
    if (Array.isArray(value) && value.length === 0) await sleep(10);
  };

  release(): void {
    this.#release?.();
  }
}

/** Takes nothing at all; counts what it is offered. */
export class Stuck extends Writable {
  offered = 0;

  constructor() {
    super({ highWaterMark: 10 * ROW_BYTES, write: () => undefined });
  }

  override write(chunk: unknown, ...rest: never[]): boolean {
    this.offered++;
    return super.write(chunk, ...rest);
  }
}

/**
 * The strain that code is put under when it is executed: consumers that stand still, sinks that take nothing, more tasks than can run,
 * steps that fail, and reads that come late. Whatever is measured is a count, or a pause that the code decides and not the machine.
 */
export class Strain {
  /** The working directory meanwhile: with a pipe in it that nobody writes to or reads, and a worker that never answers. */
  readonly folder = fs.mkdtempSync(join(tmpdir(), 'borrowck-'));
  readonly pipe = this.pipeAt('pipe');
  readonly row = 'x'.repeat(ROW_BYTES);
  readonly never = new Promise<never>(() => undefined);
  /** Loads another module of the fixtures, by its path below them. */
  readonly load: (path: string) => Promise<unknown>;
  readonly #undo: (() => void)[] = [];
  #running = 0;

  constructor(load: Strain['load']) {
    this.load = load;
    fs.writeFileSync(join(this.folder, 'worker.js'), 'module.exports = () => new Promise(() => undefined);');
    const before = process.cwd();
    process.chdir(this.folder);
    this.#undo.push(() => {
      process.chdir(before);
    });
  }

  close(): void {
    for (const undo of this.#undo.reverse()) undo();
    fs.rmSync(this.folder, { recursive: true });
  }

  /** A named pipe below the folder. */
  pipeAt(name: string): string {
    const path = join(this.folder, name);
    fs.mkdirSync(join(path, '..'), { recursive: true });
    execFileSync('mkfifo', [path]);
    return path;
  }

  /** Another value for a member, until the end of the run. */
  replace(object: object, name: string, value: unknown): void {
    const before = Object.getOwnPropertyDescriptor(object, name);
    Object.defineProperty(object, name, { value, configurable: true, writable: true });
    syncBuiltinESMExports();
    this.#undo.push(() => {
      if (before === undefined) Reflect.deleteProperty(object, name);
      else Object.defineProperty(object, name, before);
      syncBuiltinESMExports();
    });
  }

  /** Timers that run when they are told to: gives what runs them all so many times. */
  timers(): (times: number) => void {
    const due = new Set<() => void>();
    const set = (isRepeated: boolean) => (run: (...given: unknown[]) => void, _ms: number, ...given: unknown[]) => {
      const timer = (): void => {
        if (!isRepeated) due.delete(timer);
        run(...given);
      };
      due.add(timer);
      return Object.assign(timer, { unref: () => timer });
    };
    this.replace(globalThis, 'setTimeout', set(false));
    this.replace(globalThis, 'setInterval', set(true));
    for (const clear of ['clearTimeout', 'clearInterval']) this.replace(globalThis, clear, (timer: () => void) => due.delete(timer));
    return (times) => {
      for (let i = 0; i < times; i++) for (const timer of [...due]) timer();
    };
  }

  // Queues

  /**
   * How many values wait while their consumer stands still.
   *
   * @param start - starts what empties the queue, and gives how a value is handed over; false, or an exception: it is refused
   * @returns how many the consumer is given once it is let go
   */
  async waiting(start: (take: Take) => (value: string) => unknown): Promise<number> {
    const consumer = new Standstill();
    const hand = start(consumer.take);
    for (let i = 0; i < HANDED; i++) {
      try {
        if (hand(`value ${i}`) === false) break;
      } catch {
        break;
      }
    }
    await turns(5);
    consumer.release();
    for (let before = -1; before !== consumer.taken; ) {
      before = consumer.taken;
      await sleep(30);
    }
    return consumer.taken;
  }

  /** Values come as events of an emitter that can be paused; the first before there is a consumer. */
  byEvents(event: string, connect: (source: EventEmitter) => (take: Take) => unknown, eventOf: (value: string) => unknown = (value) => value): Promise<number> {
    return this.waiting((take) => {
      const source = Object.assign(new EventEmitter(), { isPaused: false, pause: () => (source.isPaused = true), resume: () => (source.isPaused = false) });
      const run = connect(source);
      source.emit(event, eventOf('first'));
      void run(take);
      return (value) => !source.isPaused && source.emit(event, eventOf(value));
    });
  }

  /** Values come by calls; the first before there is a consumer. */
  byCalls(hand: (value: string) => unknown, run: (take: Take) => unknown): Promise<number> {
    return this.waiting((take) => {
      hand('first');
      void run(take);
      return (value) => {
        hand(value);
      };
    });
  }

  // Sinks

  readonly stuck = (): Stuck => new Stuck();

  /** Rows to go through, and how many of them have been asked for. */
  rows<T = string>(rowOf: (index: number) => T = () => this.row as T): AsyncGenerator<T> & { taken: number } {
    const generate = async function* (): AsyncGenerator<T> {
      for (let i = 0; i < ROWS; i++) {
        rows.taken++;
        yield await Promise.resolve(rowOf(i));
      }
    };
    const rows = Object.assign(generate(), { taken: 0 });
    return rows;
  }

  /** A source of rows that is read at the pace of whoever listens. */
  readonly source = (): Readable => Readable.from(this.rows(), { objectMode: false });

  /** Lines as the process's own input has them. */
  readonly lines = (count: number): Readable => Readable.from(Array.from({ length: count }, (_, i) => `line ${i}\n`), { objectMode: false });

  /** A row that no packing makes smaller. */
  readonly incompressible = (): string => randomBytes(ROW_BYTES).toString('latin1');

  /** A web stream of rows, which counts what is pulled out of it. */
  webSource(): { readonly stream: ReadableStream<Uint8Array>; taken: number } {
    const counted = { taken: 0 };
    const row = Buffer.from(this.row);
    const stream = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          counted.taken++;
          if (counted.taken > ROWS) controller.close();
          else controller.enqueue(row);
        },
      },
      { highWaterMark: 0 },
    );
    return Object.assign(counted, { stream });
  }

  /** How often a stream takes a chunk before it asks its writer to wait. */
  async accepted(sink: Writable, chunk: unknown = this.row): Promise<number> {
    let count = 0;
    while (count < HANDED && sink.write(chunk)) {
      count++;
      await turn();
    }
    return count;
  }

  /** How many writes a web stream says are done, while nobody takes anything. */
  async acceptedByWeb(sink: WritableStream<unknown>, chunk: unknown = this.row): Promise<number> {
    const writer = sink.getWriter();
    for (let count = 0; count < ROWS; count++) if ((await Promise.race([writer.write(chunk).then(() => true), turns(3)])) !== true) return count;
    return ROWS;
  }

  /** How many chunks wait in a web stream. */
  async queuedIn(stream: ReadableStream<unknown>): Promise<number> {
    const reader = stream.getReader();
    for (let count = 0; ; count++) {
      const read = await Promise.race([reader.read(), turns(3)]);
      if (read?.done !== false) return count;
    }
  }

  /**
   * Files take nothing for a while: whatever the platform does in other threads waits behind pipes that nobody writes to.
   *
   * @param work - writes to files; it comes to its end afterwards
   * @param count - what is to be known at the end of that while
   * @returns what was counted then
   */
  async whileFilesStall(work: () => unknown, count: () => number): Promise<number> {
    const threads = Number(process.env['UV_THREADPOOL_SIZE'] ?? 4);
    const pipes = Array.from({ length: threads }, () => this.pipeAt(`stalled ${Math.random()}`));
    const opened = pipes.map((path) => fs.promises.open(path, 'r'));
    const done = Promise.resolve(work());
    await Promise.race([done, sleep(500)]);
    const counted = count();
    const others = pipes.map((path) => fs.openSync(path, fs.constants.O_RDWR | fs.constants.O_NONBLOCK));
    for (const handle of await Promise.all(opened)) await handle.close();
    for (const descriptor of others) fs.closeSync(descriptor);
    await done;
    return counted;
  }

  // Tasks

  /** A task that takes a while, counted as long as it runs. */
  readonly task = async (): Promise<unknown> => {
    this.#running++;
    await turns(2);
    this.#running--;
    return { status: 200, ok: true, text: () => Promise.resolve(''), json: () => Promise.resolve({}) };
  };

  /** How many tasks, and requests to the file system, run at the same time at most. */
  async mostAtOnce(work: () => unknown): Promise<number> {
    this.replace(globalThis, 'fetch', this.task);
    let isOver = false;
    const over = Promise.resolve(work()).catch(() => undefined).then(() => (isOver = true));
    let most = 0;
    // Some of it is begun by code that is over by then.
    for (let quiet = 0; quiet < 20 || !isOver; ) {
      const files = process.getActiveResourcesInfo().filter((name) => name === 'FSReqPromise').length;
      most = Math.max(most, this.#running, files);
      quiet = this.#running + files === 0 ? quiet + 1 : 0;
      await turn();
    }
    await over;
    return most;
  }

  // Errors

  /**
   * Whether errors get lost: they reach whoever made a call, or nobody, instead of the stream.
   *
   * @param work - makes steps fail; calls what it is given when an error arrives where it belongs
   * @returns how many came up elsewhere; 1 as well where none arrived at all
   */
  async strayErrors(work: (arrived: () => void) => unknown): Promise<number> {
    let strays = 0;
    let isArrived = false;
    const stray = (): void => void strays++;
    const events = ['uncaughtException', 'unhandledRejection'] as const;
    const before = events.map((event) => process.listeners(event as 'uncaughtException'));
    for (const event of events) process.removeAllListeners(event).on(event, stray);
    try {
      await work(() => (isArrived = true));
    } catch {
      stray();
    }
    await sleep(20);
    await turns(20);
    for (const [i, event] of events.entries()) {
      process.removeAllListeners(event);
      for (const listener of before[i] ?? []) process.on(event as 'uncaughtException', listener);
    }
    return strays > 0 || isArrived ? strays : 1;
  }

  /** Writes a chunk that a step fails on; an error that the stream emits has arrived. */
  strayOf(stream: Writable, chunk: unknown): Promise<number> {
    return this.strayErrors((arrived) => {
      stream.on('error', arrived);
      stream.write(chunk);
      if (stream instanceof Readable) stream.resume();
    });
  }

  // Pauses

  /** The longest pause of the event loop, in milliseconds, during some work, where a function that waits for the disk waits long. */
  pauseOnSlowDisk(name: 'readdirSync' | 'statSync', work: () => unknown): Promise<number> {
    const real = fs[name] as (...given: unknown[]) => unknown;
    this.replace(fs, name, (...given: unknown[]) => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LATE);
      return real(...given);
    });
    return this.pauseOf(work);
  }

  /** The longest pause of the event loop, in milliseconds, while some work reads a pipe that is written to late. */
  pauseWhileReading(read: () => unknown, pipe = this.pipe, text = '{"late":true}'): Promise<number> {
    return pauseBeside(['-c', `exec 3>"$0"; sleep ${LATE / 1000}; echo '${text}' >&3`, pipe], read);
  }

  /** Likewise while some work writes to a pipe that is read late. */
  pauseWhileWriting(write: () => unknown, pipe = this.pipe): Promise<number> {
    return pauseBeside(['-c', `sleep ${LATE / 1000}; cat "$0" >/dev/null`, pipe], write);
  }

  readonly pauseOf = longestPause;
  readonly turns = turns;
  readonly sleep = sleep;
  readonly fs = fs;
}

async function pauseBeside(command: readonly string[], work: () => unknown): Promise<number> {
  const child = spawn('sh', command);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const pause = await longestPause(work);
  await ended;
  return pause;
}

/** Lets the event loop turn. */
export async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await turn();
}
