import { strict as assert } from 'node:assert';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createConnection, createServer, Socket, type AddressInfo, type NetConnectOpts } from 'node:net';
import * as tls from 'node:tls';
import { forEachOf, type Proofs } from './proof.js';

/** Sockets on the loopback interface. */

interface Onread {
  readonly buffer: Uint8Array;
  readonly callback: (length: number, buffer: Uint8Array) => boolean;
}

/** Sends two messages one after the other; the view of the first shows the second. */
async function onreadOverwrites(open: (port: number, onread: Onread) => Socket, serve: (connected: (socket: Socket) => void) => { listen(port: number, host: string): unknown; close(): unknown; address(): unknown }): Promise<void> {
  let peer: Socket | undefined;
  const server = serve((socket) => {
    peer = socket;
    socket.write('a');
  });
  server.listen(0, '127.0.0.1');
  await once(server as never, 'listening');
  const views: Uint8Array[] = [];
  const own = Buffer.alloc(16);
  const client = await new Promise<Socket>((resolve, reject) => {
    const socket: Socket = open((server.address() as AddressInfo).port, {
      buffer: own,
      callback: (length, buffer) => {
        views.push(buffer.subarray(0, length));
        if (views.length === 1) peer?.write('b');
        else resolve(socket);
        return true;
      },
    });
    socket.on('error', reject);
  });
  client.destroy();
  peer?.destroy();
  server.close();
  assert.equal(views[0]?.buffer, own.buffer, 'the callback is given another buffer');
  assert.equal(String.fromCharCode(views[0]?.[0] ?? 0), 'b', 'the next read did not overwrite it');
}

const psk = { identity: 'borrowck', key: Buffer.alloc(32, 7) };
const ciphers = 'PSK-AES128-GCM-SHA256';
const tlsServer = (connected: (socket: Socket) => void): tls.Server =>
  tls.createServer({ pskCallback: () => psk.key, ciphers, maxVersion: 'TLSv1.2' }, connected);
const tlsClient = (port: number, onread: Onread): Socket =>
  tls.connect({ port, host: '127.0.0.1', onread, ciphers, maxVersion: 'TLSv1.2', checkServerIdentity: () => undefined, pskCallback: () => ({ psk: psk.key, identity: psk.identity }) } as tls.ConnectionOptions);

const options = (port: number, onread: Onread): NetConnectOpts => ({ port, host: '127.0.0.1', onread });

export const networkProofs: Proofs = {
  'node:net#connect writes': () => onreadOverwrites((port, onread) => connect(options(port, onread)), createServer),
  'node:net#createConnection writes': () => onreadOverwrites((port, onread) => createConnection(options(port, onread)), createServer),
  'new node:net#Socket writes': () => onreadOverwrites((port, onread) => new Socket({ onread }).connect(port, '127.0.0.1'), createServer),
  'node:tls#connect writes': () => onreadOverwrites(tlsClient, tlsServer),
  ...forEachOf('list view', (form) => (form === 'view' ? 'node:dgram#Socket#send keeps' : 'node:dgram#Socket#send keeps (in a list)'), (form) => async () => {
    const receiver = createSocket('udp4');
    receiver.bind(0, '127.0.0.1');
    await once(receiver, 'listening');
    const sender = createSocket('udp4');
    const bytes = Buffer.alloc(4, 1);
    const received = once(receiver, 'message') as Promise<[Buffer]>;
    sender.send(form === 'view' ? bytes : ([bytes] as never), receiver.address().port, '127.0.0.1');
    bytes.fill(2);
    const [message] = await received;
    sender.close();
    receiver.close();
    assert.deepEqual([...message], [2, 2, 2, 2], 'the datagram was copied by send()');
  }),
};
