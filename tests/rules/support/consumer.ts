import { pbkdf2, randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { Writable } from 'node:stream';
import { promisify } from 'node:util';
import type { ByteArena, ByteRef } from 'borrowck-runtime';

const END = { done: true, value: undefined } as const;

/** A consumer that keeps what it is handed, as one that queues or collects would, and the tools that make code hand it something. */
export class Consumer {
  readonly path: string;
  readonly #kept: { readonly value: unknown; readonly whenReceived: string }[] = [];
  readonly #handles: FileHandle[] = [];
  readonly #descriptors: number[] = [];

  readonly #arena: ByteArena | undefined;

  /**
   * @param path - a file with bytes that differ from block to block
   * @param arena - where the bytes are that the code gives refs to
   */
  constructor(path: string, arena?: ByteArena) {
    this.path = path;
    this.#arena = arena;
  }

  /** Takes a value and looks at its bytes at once. */
  readonly keep = (value: unknown): void => {
    this.#kept.push({ value, whenReceived: this.#bytesOf(value) });
  };

  /** Takes the first items of an iterable or stream, as fast as they come. */
  readonly keepAll = async (items: Iterable<unknown> | AsyncIterable<unknown>): Promise<void> => {
    let count = 0;
    for await (const item of items) {
      this.keep(item);
      if (++count === 400) break;
    }
  };

  /** Takes the first chunks of a web stream; one that fails ends there. */
  readonly keepReadable = async (stream: ReadableStream<unknown>, most = Infinity): Promise<void> => {
    const reader = stream.getReader();
    // The stream may run ahead of its reader by one chunk: it does so before each look.
    let count = 0;
    for (let result = await reader.read(); !result.done && count++ < most; result = await reader.read().catch(() => END)) {
      this.keep(result.value);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };

  readonly handle = async (): Promise<FileHandle> => {
    const handle = await open(this.path);
    this.#handles.push(handle);
    return handle;
  };

  readonly fd = (): number => {
    const descriptor = openSync(this.path, 'r');
    this.#descriptors.push(descriptor);
    return descriptor;
  };

  /** Takes the bytes that a value shows in a later turn of the event loop, as a busy sink does. */
  readonly keepLater = async (value: Uint8Array): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve));
    this.keep(Buffer.from(value));
  };

  /** A stream that reads each chunk in a later turn of the event loop. */
  readonly sink = (): Writable =>
    new Writable({
      write: (chunk: Uint8Array, _encoding, callback) => {
        this.keepLater(chunk).then(() => {
          callback();
        }, callback);
      },
    });

  /** A new file, empty and open. */
  readonly output = (): { readonly path: string; readonly fd: number } => {
    const path = `${this.path}.${randomUUID()}`;
    const fd = openSync(path, 'w+');
    this.#descriptors.push(fd);
    return { path, fd };
  };

  /** Starts something while all threads of the pool are occupied: what it asks of them happens when its own code has run to its end. */
  readonly occupied = async (start: () => unknown): Promise<void> => {
    const works = Array.from({ length: Number(process.env['UV_THREADPOOL_SIZE'] ?? 4) }, () => promisify(pbkdf2)('', '', 50_000, 8, 'sha1'));
    start();
    await Promise.all(works);
  };

  /** Starts something, and waits until nothing more is kept. */
  readonly quiet = async (start: () => unknown): Promise<void> => {
    await start();
    for (let seen = -1; seen !== this.#kept.length; ) {
      seen = this.#kept.length;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  };

  readonly emitter = (): EventEmitter => new EventEmitter();

  /** Sends messages, one packet each, to whoever connects; resolves when all have arrived. */
  readonly server = async (messages: readonly string[], connect: (port: number) => Socket): Promise<void> => {
    const server = createServer((socket) => {
      socket.setNoDelay(true);
      void (async () => {
        for (const message of messages) {
          await new Promise((resolve) => socket.write(message, resolve));
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
        socket.end();
      })();
    });
    await once(server.listen(0), 'listening');
    const socket = connect((server.address() as AddressInfo).port);
    await once(socket, 'end');
    socket.destroy();
    server.close();
  };

  /** The bytes of everything that was kept, as they are now. */
  get content(): string[] {
    return this.#kept.map(({ value }) => this.#bytesOf(value));
  }

  /** How many of the values that were kept show other bytes than when they were received. */
  get changed(): number {
    return this.#kept.filter(({ value, whenReceived }) => this.#bytesOf(value) !== whenReceived).length;
  }

  #bytesOf(value: unknown): string {
    return bytesOf(isRef(value) && this.#arena !== undefined ? this.#arena.with(value, (bytes) => Buffer.from(bytes)) : value);
  }

  async close(): Promise<void> {
    for (const { value } of this.#kept) if (isRef(value)) this.#arena?.release(value);
    await Promise.all(this.#handles.map((handle) => handle.close()));
    for (const descriptor of this.#descriptors) {
      try {
        closeSync(descriptor);
      } catch {
        // The code under test closed it.
      }
    }
  }
}

function isRef(value: unknown): value is ByteRef {
  return typeof value === 'object' && value !== null && 'toBits' in value;
}

function bytesOf(value: unknown): string {
  // Of memory that went away there are none.
  if (ArrayBuffer.isView(value)) return value.byteLength === 0 ? '' : Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1');
  if (value instanceof Map) return bytesOf([...(value as Map<unknown, unknown>)]);
  if (Array.isArray(value)) return `[${value.map(bytesOf).join(', ')}]`;
  if (typeof value === 'object' && value !== null) return `{${Object.values(value).map(bytesOf).join(', ')}}`;
  return String(value);
}
