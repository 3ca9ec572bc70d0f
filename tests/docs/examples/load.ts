import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { FrameServer } from '../../../docs/examples/tcp-server.js';
import { FrameSplitter, frameOf } from '../../../docs/examples/frames.js';
import { mapConcurrent } from '../../../lib/index.js';

/** What a client does with its connection. */
export const behaviours = ['polite', 'slow reader', 'oversized', 'truncated', 'aborted'] as const;
export type ClientKind = (typeof behaviours)[number];

/** What a client saw. */
export interface Seen {
  readonly kind: ClientKind;
  readonly sent: number;
  readonly answers: string[];
  refusal: string | undefined;
}

const MAX_FRAME = 4096;

export function serverOf(maxConnections: number): FrameServer {
  return new FrameServer({
    maxConnections,
    maxFrameBytes: MAX_FRAME,
    queueLength: 4,
    maxMemoryBytes: 64 << 20,
    idleMs: 20_000,
    // Gives the frame back, backwards, after a while.
    handle: async (frame) => {
      await delay(0);
      return frame.with((bytes) => Uint8Array.from({ length: bytes.length }, (_, i) => bytes[bytes.length - 1 - i] ?? 0));
    },
  });
}

/** The frames that a client sends: each of its own content and length. */
function payload(client: number, n: number): Buffer {
  return Buffer.from(`${client}:${n}:${'x'.repeat((client * 37 + n * 101) % 900)}`);
}

async function talk(port: number, client: number, kind: ClientKind, frames: number): Promise<Seen> {
  const seen: Seen = { kind, sent: frames, answers: [], refusal: undefined };
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  const reading = read(socket, kind, seen);
  for (let n = 0; n < frames; n++) if (!socket.write(frameOf(payload(client, n)))) await Promise.race([once(socket, 'drain'), once(socket, 'close')]);
  if (kind === 'oversized') {
    const header = Buffer.alloc(4);
    header.writeUInt32BE(MAX_FRAME + 1);
    socket.write(header);
  } else if (kind === 'truncated') socket.end(frameOf(payload(client, frames)).subarray(0, 6));
  else if (kind === 'aborted') {
    await delay(client % 5);
    socket.resetAndDestroy();
  } else socket.end();
  await reading;
  return seen;
}

async function read(socket: Socket, kind: ClientKind, seen: Seen): Promise<void> {
  const splitter = new FrameSplitter(MAX_FRAME * 2);
  try {
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      for (const frame of splitter.split(chunk)) {
        const said = Buffer.from(frame.subarray(1));
        if (frame[0] === 0) seen.answers.push(said.reverse().toString());
        else seen.refusal = said.toString();
      }
      if (kind === 'slow reader') await delay(20);
    }
  } catch (error) {
    if (kind !== 'aborted') throw error;
  }
}

/** What is wrong with what a client saw. */
function complaintOf(seen: Seen, client: number): string | undefined {
  const expected = Array.from({ length: seen.sent }, (_, n) => payload(client, n).toString());
  const answers = seen.kind === 'aborted' ? expected.slice(0, seen.answers.length) : expected;
  if (seen.answers.join('\n') !== answers.join('\n')) return `${seen.kind} ${client}: ${seen.answers.length} of ${seen.sent} answers, or wrong ones`;
  const refusal = { polite: undefined, 'slow reader': undefined, oversized: `a frame of ${MAX_FRAME + 1} bytes is too long: at most ${MAX_FRAME}`, truncated: 'the connection ended within a frame', aborted: seen.refusal }[seen.kind];
  return seen.refusal === refusal ? undefined : `${seen.kind} ${client}: told ${String(seen.refusal)}`;
}

export interface LoadResult {
  readonly complaints: string[];
  readonly answered: number;
  readonly ended: Record<string, number>;
  /** Blocks that the arena still held, and connections that were still open, when all clients had gone. */
  readonly left: { readonly frames: number; readonly connections: number };
  /** Memory held after each tenth of the clients, in bytes, after a collection. */
  readonly memory: number[];
}

/** Opens and closes so many connections, some at a time, of every kind in turn. */
export async function load(clients: number, concurrency: number, frames: number): Promise<LoadResult> {
  const server = serverOf(concurrency + 16);
  const port = await server.listen();
  const complaints: string[] = [];
  const memory: number[] = [];
  for (let tenth = 0; tenth < 10; tenth++) {
    const some = Array.from({ length: clients / 10 }, (_, i) => (tenth * clients) / 10 + i);
    await mapConcurrent(some, concurrency, async (client) => {
      const kind = behaviours[client % behaviours.length] ?? 'polite';
      const complaint = complaintOf(await talk(port, client, kind, frames), client);
      if (complaint !== undefined) complaints.push(complaint);
    });
    await delay(10);
    globalThis.gc?.();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    memory.push(heapUsed + arrayBuffers);
  }
  for (let tries = 0; tries < 200 && server.connections > 0; tries++) await delay(10);
  const left = { frames: server.arena.size, connections: server.connections };
  await server.close(5000);
  return { complaints, answered: server.answered, ended: Object.fromEntries(server.ended), left, memory };
}
