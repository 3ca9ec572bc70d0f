import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { FrameSplitter, frameOf } from '../../../docs/examples/frames.js';
import { FrameServer } from '../../../docs/examples/tcp-server.js';
import type { FrameServerOptions } from '../../../docs/examples/tcp-server.js';
import { load } from './load.js';

function started(more: Partial<FrameServerOptions> = {}): FrameServer {
  return new FrameServer({ maxConnections: 2, maxFrameBytes: 100, queueLength: 2, maxMemoryBytes: 1 << 20, idleMs: 10_000, handle: (frame) => frame.with((bytes) => Uint8Array.from(bytes)), ...more });
}

async function client(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** What the server says until it closes the connection. */
async function heard(socket: Socket): Promise<string[]> {
  const splitter = new FrameSplitter(1000);
  const said: string[] = [];
  for await (const chunk of socket as AsyncIterable<Buffer>) for (const frame of splitter.split(chunk)) said.push(`${frame[0] ?? -1} ${frame.subarray(1).toString()}`);
  return said;
}

test('frames are answered in order, however they are cut', async () => {
  const server = started();
  const socket = await client(await server.listen());
  const bytes = Buffer.concat(['a', '', 'ccc'].map((text) => frameOf(Buffer.from(text))));
  for (const byte of bytes) {
    socket.write(Uint8Array.of(byte));
    await delay(0);
  }
  socket.end();
  expect(await heard(socket)).toEqual(['0 a', '0 ', '0 ccc']);
  await server.close(1000);
  expect([...server.ended]).toEqual([['finished', 1]]);
});

test('one connection too many is told so', async () => {
  const server = started();
  const port = await server.listen();
  const [first, second] = [await client(port), await client(port)];
  await delay(10);
  expect(await heard(await client(port))).toEqual(['1 too many connections']);
  const said = [heard(first), heard(second)];
  await server.close(1000);
  expect(await Promise.all(said)).toEqual([['1 the server is shutting down'], ['1 the server is shutting down']]);
  expect(Object.fromEntries(server.ended)).toEqual({ refused: 1, 'the server is shutting down': 2 });
});

test('who says nothing is told so, and who is being answered is not idle', async () => {
  const server = started({ idleMs: 30, handle: async () => (await delay(100), Buffer.from('late')) });
  const port = await server.listen();
  const busy = await client(port);
  busy.write(frameOf(Buffer.from('x')));
  expect(await heard(await client(port))).toEqual(['1 idle for 30 ms']);
  expect(await heard(busy)).toEqual(['0 late', '1 idle for 30 ms']);
  await server.close(1000);
});

test('a handler that fails is told to its client alone', async () => {
  const server = started({ handle: () => Promise.reject(new Error('cannot')) });
  const port = await server.listen();
  const socket = await client(port);
  socket.write(frameOf(Buffer.from('x')));
  expect(await heard(socket)).toEqual(['1 cannot']);
  await server.close(1000);
  expect(server.arena.size).toBe(0);
});

test('a shutdown answers what was read, says why it ends, and cuts off who does not listen', async () => {
  const server = started({ handle: async () => (await delay(30), Buffer.from('answer')) });
  const port = await server.listen();
  const socket = await client(port);
  socket.write(frameOf(Buffer.from('x')));
  await delay(10);
  const said = heard(socket);
  await server.close(2000);
  expect(await said).toEqual(['0 answer', '1 the server is shutting down']);
  const stuck = started({ handle: () => new Promise(() => undefined) });
  const silent = await client(await stuck.listen());
  silent.write(frameOf(Buffer.from('x')));
  await delay(10);
  await expect(stuck.close(20)).rejects.toMatchObject({ code: 'ERR_SCOPE_STUCK' });
  silent.destroy();
});

test('under load nothing is lost, nothing is left, and every bad frame is answered or closed with a reason', async () => {
  const { complaints, ended, left } = await load(100, 20, 5);
  expect([complaints, left]).toEqual([[], { frames: 0, connections: 0 }]);
  expect(ended).toEqual({ aborted: 20, finished: 40, 'a frame of 4097 bytes is too long: at most 4096': 20, 'the connection ended within a frame': 20 });
});
