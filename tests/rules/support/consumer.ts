import { EventEmitter, once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { createServer, type AddressInfo, type Socket } from 'node:net';

const END = { done: true, value: undefined } as const;

/** A consumer that keeps what it is handed, as one that queues or collects would, and the tools that make code hand it something. */
export class Consumer {
  readonly path: string;
  readonly #kept: { readonly value: unknown; readonly whenReceived: string }[] = [];
  readonly #handles: FileHandle[] = [];
  readonly #descriptors: number[] = [];

  /** @param path - a file with bytes that differ from block to block */
  constructor(path: string) {
    this.path = path;
  }

  /** Takes a value and looks at its bytes at once. */
  readonly keep = (value: unknown): void => {
    this.#kept.push({ value, whenReceived: bytesOf(value) });
  };

  /** Takes the first items of an iterable or stream, as fast as they come. */
  readonly keepAll = async (items: Iterable<unknown> | AsyncIterable<unknown>): Promise<void> => {
    let count = 0;
    for await (const item of items) {
      this.keep(item);
      if (++count === 400) break;
    }
  };

  /** Takes the chunks of a web stream; one that fails ends there. */
  readonly keepReadable = async (stream: ReadableStream<unknown>): Promise<void> => {
    const reader = stream.getReader();
    // The stream may run ahead of its reader by one chunk: it does so before each look.
    for (let result = await reader.read(); !result.done; result = await reader.read().catch(() => END)) {
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
    return this.#kept.map(({ value }) => bytesOf(value));
  }

  /** How many of the values that were kept show other bytes than when they were received. */
  get changed(): number {
    return this.#kept.filter(({ value, whenReceived }) => bytesOf(value) !== whenReceived).length;
  }

  async close(): Promise<void> {
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

function bytesOf(value: unknown): string {
  if (ArrayBuffer.isView(value)) return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1');
  if (value instanceof Map) return bytesOf([...(value as Map<unknown, unknown>)]);
  if (Array.isArray(value)) return `[${value.map(bytesOf).join(', ')}]`;
  if (typeof value === 'object' && value !== null) return `{${Object.values(value).map(bytesOf).join(', ')}}`;
  return String(value);
}
