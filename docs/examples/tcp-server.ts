/**
 * A server for length-prefixed frames. Nothing in it grows with what clients send: connections are counted, each has a bounded channel
 * between reading and answering, and frames lie in an arena with a limit. A client that reads slowly is read slowly.
 *
 * Every frame is answered, in order, with a frame: a status byte, then the answer (0) or a reason (1) in words. After a reason the
 * connection is closed.
 */
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { ByteArena, CancelToken, ScopeStuckError, TaskScope, channel } from 'borrowck-runtime';
import type { Borrowed, ByteRef, Cancellation, ReadonlyBytes, Sender, TaskContext } from 'borrowck-runtime';
import { FrameSplitter, frameOf } from './frames.js';
import { waitFor, write } from './sockets.js';

const OK = Uint8Array.of(0);
const REFUSED = Uint8Array.of(1);

/** A frame in the arena: it can be looked at until it is answered. */
export interface HeldFrame {
  with<R>(use: (bytes: Borrowed<ReadonlyBytes>) => R): R;
}

export interface FrameServerOptions {
  readonly maxConnections: number;
  readonly maxFrameBytes: number;
  /** How many frames of a connection wait to be answered. */
  readonly queueLength: number;
  /** How much memory all frames may take together. */
  readonly maxMemoryBytes: number;
  readonly idleMs: number;
  /** Makes the answer. */
  readonly handle: (frame: HeldFrame, connection: Cancellation) => Promise<Uint8Array> | Uint8Array;
}

export class FrameServer {
  /** How many connections ended, by reason. */
  readonly ended = new Map<string, number>();
  readonly arena: ByteArena;
  answered = 0;
  readonly #options: FrameServerOptions;
  readonly #scope = new TaskScope({ name: 'server', onError: 'collect' });
  readonly #draining = new CancelToken();
  readonly #server: Server;

  constructor(options: FrameServerOptions) {
    this.#options = options;
    this.arena = new ByteArena({ maxBytes: options.maxMemoryBytes });
    // Half open: a client that has said its last word still gets its answers.
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => this.#accept(socket));
  }

  get connections(): number {
    return this.#scope.size;
  }

  /** @returns the port */
  async listen(port = 0): Promise<number> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  /** Accepts nobody and reads nothing any more, answers what was read, and cuts off after a grace time who does not take the answers. */
  async close(graceMs: number): Promise<void> {
    this.#server.close();
    this.#draining.cancel('the server is shutting down');
    const timer = setTimeout(() => this.#scope.cancel('the server is shutting down'), graceMs);
    try {
      await this.#scope.join({ graceMs });
    } catch (error) {
      if (error instanceof ScopeStuckError) throw error;
    } finally {
      clearTimeout(timer);
    }
    this.arena[Symbol.dispose]();
  }

  #accept(socket: Socket): void {
    // Told to whoever waits for the socket through 'close'.
    socket.on('error', () => undefined);
    if (this.#draining.cancelled || this.#scope.size >= this.#options.maxConnections) {
      this.#note('refused');
      socket.end(frameOf(REFUSED, Buffer.from('too many connections')));
      socket.resume();
      setTimeout(() => socket.destroy(), this.#options.idleMs).unref();
      return;
    }
    this.#scope.spawn((task) => this.#serve(socket, task), { name: `connection from ${socket.remoteAddress ?? 'nowhere'}:${socket.remotePort ?? 0}` });
  }

  async #serve(socket: Socket, task: TaskContext): Promise<void> {
    const { queueLength, idleMs } = this.#options;
    const [sender, receiver] = channel<ByteRef>(queueLength, { name: 'frames', onUndelivered: (ref) => this.arena.release(ref) });
    let isAnswering = false;
    let reason = 'finished';
    try {
      reason = await TaskScope.run(
        async (scope) => {
          const reading = scope.spawn(async (reader) => {
            try {
              return await this.#read(socket, sender, () => isAnswering, reader);
            } finally {
              sender.close();
            }
          });
          for await (const ref of receiver) {
            isAnswering = true;
            await this.#answer(socket, ref, scope);
            isAnswering = false;
          }
          return await reading;
        },
        { parent: task, name: 'connection' },
      );
    } catch (error) {
      // Whatever failed because the client went away is that, and no more.
      if (socket.destroyed) reason = 'aborted';
      else reason = error instanceof Error ? error.message : String(error);
    }
    this.#note(reason);
    try {
      if (!socket.destroyed && !task.cancelled) {
        if (reason === 'finished') socket.end();
        else socket.end(frameOf(REFUSED, Buffer.from(reason)));
        // What else comes is thrown away, so that the other side's last word is heard: then the socket closes.
        socket.resume();
        await waitFor(socket, [], idleMs, task);
      }
    } finally {
      socket.destroy();
    }
  }

  /** @returns why there is nothing more to read */
  async #read(socket: Socket, sender: Sender<ByteRef>, isAnswering: () => boolean, task: Cancellation): Promise<string> {
    const splitter = new FrameSplitter(this.#options.maxFrameBytes);
    const stop = new CancelToken(task);
    using _tie = this.#draining.onCancel(() => stop.cancel());
    while (!stop.cancelled) {
      const chunk = socket.read() as Buffer | null;
      if (chunk !== null) {
        try {
          for (const frame of splitter.split(chunk)) {
            const ref = this.arena.tryAlloc(frame);
            if (ref === undefined) return 'out of memory: try again later';
            await this.#pass(ref, sender);
          }
        } catch (error) {
          if (error instanceof RangeError) return error.message;
          throw error;
        }
      } else if (socket.readableEnded) return splitter.isInside ? 'the connection ended within a frame' : 'finished';
      else if (socket.destroyed) return 'aborted';
      else if ((await waitFor(socket, ['readable', 'end'], this.#options.idleMs, stop)) === 'idle' && !isAnswering()) return `idle for ${this.#options.idleMs} ms`;
    }
    return 'the server is shutting down';
  }

  /** Waits while the queue is full: then nothing is read either, and the client is slowed down. */
  async #pass(ref: ByteRef, sender: Sender<ByteRef>): Promise<void> {
    try {
      await sender.send(ref);
    } catch (error) {
      this.arena.release(ref);
      throw error;
    }
  }

  async #answer(socket: Socket, ref: ByteRef, scope: TaskScope): Promise<void> {
    try {
      const answer = await this.#options.handle({ with: (use) => this.arena.with(ref, use) }, scope);
      await write(socket, frameOf(OK, answer), this.#options.idleMs, scope);
      this.answered++;
    } finally {
      this.arena.release(ref);
    }
  }

  #note(reason: string): void {
    this.ended.set(reason, (this.ended.get(reason) ?? 0) + 1);
  }
}
