import type { ContractData, ModuleData } from '../engine/contracts/catalog-format.js';
import type { ParameterEffect } from '../engine/contracts/contract.js';
import { completes, each, fresh, functions, gives, instance, opaque, primitive, readUntilSettled, reads, self } from './shorthand.js';
import { withBlocking } from './synchronous.js';
import { serving } from './node-events.js';

/** Sockets: streams, and the one API where the caller's buffer is filled again and again. */

/** `onread: { buffer, callback }`: each read overwrites the buffer and calls back with it. */
const socketOptions: ParameterEffect = {
  properties: {
    onread: {
      properties: {
        buffer: { writes: { until: 'settle' }, keeps: 'forever' },
        callback: {
          keeps: 'forever',
          callback: { when: 'later', times: 'many', arguments: [primitive, { from: 'property', of: 'this', name: 'buffer' }] },
        },
      },
    },
  },
};

const connects: ContractData = { parameters: [socketOptions], completion: completes(), result: instance('node:net#Socket') };
/** `createServer(options, listener)`: the listener is given each connection. */
function serves(connection: string, server: string): ContractData {
  return { completion: { when: 'later', times: 'many', arguments: [instance(connection)], entry: 'handler' }, result: instance(server) };
}

export const nodeNet: ModuleData = {
  module: 'node:net',
  aliases: ['net'],
  exports: {
    ...functions('connect createConnection', connects),
    createServer: { call: serves('Socket', 'Server') },
    Socket: { call: gives(instance('Socket')), construct: { parameters: [socketOptions], result: instance('Socket') }, type: 'Socket' },
    Stream: { type: 'Socket' },
    Server: { call: serves('Socket', 'Server'), construct: serves('Socket', 'Server'), type: 'Server' },
    ...functions(
      `getDefaultAutoSelectFamily getDefaultAutoSelectFamilyAttemptTimeout isIP isIPv4 isIPv6 setDefaultAutoSelectFamily
       setDefaultAutoSelectFamilyAttemptTimeout`,
      reads,
    ),
    ...each('BlockList SocketAddress', { value: opaque } satisfies ModuleData['exports'][string]),
  },
  types: {
    Socket: {
      extends: 'node:stream#Duplex',
      methods: {
        // Only the constructor looks at `onread`.
        connect: { completion: completes(), result: self },
        ...each('destroySoon resetAndDestroy', gives(self)),
        ...each('ref setKeepAlive setNoDelay setTimeout setTypeOfService unref', gives(self)),
        address: gives(opaque),
        getTypeOfService: reads,
      },
      properties: each(
        `autoSelectFamilyAttemptedAddresses bufferSize bytesRead bytesWritten connecting localAddress localFamily localPort pending
         readyState remoteAddress remoteFamily remotePort timeout`,
        primitive,
      ),
    },
    Server: {
      extends: 'node:events#EventEmitter',
      methods: {
        ...serving(instance('Socket')),
        ...each('listen close', { completion: { ...completes(opaque), outOfService: true }, result: self } satisfies ContractData),
        ...each('ref unref', gives(self)),
        address: gives(opaque),
        getConnections: { completion: completes(opaque, primitive), result: self },
      },
      properties: each('connections listening maxConnections', primitive),
    },
  },
};

export const nodeTls: ModuleData = {
  module: 'node:tls',
  aliases: ['tls'],
  exports: {
    connect: { call: { ...connects, result: instance('TLSSocket') } },
    createServer: { call: serves('TLSSocket', 'Server') },
    Server: { construct: serves('TLSSocket', 'Server'), type: 'Server' },
    TLSSocket: { construct: gives(instance('TLSSocket')), type: 'TLSSocket' },
    ...functions('createSecureContext', gives(opaque)),
    ...functions('checkServerIdentity convertALPNProtocols getCACertificates getCiphers setDefaultCACertificates', reads),
    ...each('CLIENT_RENEG_LIMIT CLIENT_RENEG_WINDOW DEFAULT_CIPHERS DEFAULT_ECDH_CURVE DEFAULT_MAX_VERSION DEFAULT_MIN_VERSION SecureContext rootCertificates', {
      value: opaque,
    } satisfies ModuleData['exports'][string]),
  },
  types: {
    TLSSocket: {
      extends: 'node:net#Socket',
      methods: {
        ...each('getFinished getPeerFinished getSession getTLSTicket exportKeyingMaterial', gives(fresh('Buffer'))),
        ...each('getCertificate getCipher getEphemeralKeyInfo getPeerCertificate getPeerX509Certificate getSharedSigalgs getX509Certificate', gives(opaque)),
        ...each('disableRenegotiation enableTrace getProtocol isSessionReused setKeyCert setMaxSendFragment setServername setSession', reads),
        renegotiate: { completion: completes(opaque), result: primitive },
      },
      properties: each('alpnProtocol authorizationError authorized encrypted servername', primitive),
    },
    Server: { extends: 'node:net#Server', methods: { ...serving(instance('TLSSocket')), ...each('addContext setSecureContext setTicketKeys', reads), getTicketKeys: gives(opaque) } },
  },
};

/** A datagram's bytes are memory of its own; what is sent is read until the callback. */
export const nodeDgram: ModuleData = {
  module: 'node:dgram',
  aliases: ['dgram'],
  exports: {
    createSocket: { call: { completion: { when: 'later', times: 'many', arguments: [fresh('Buffer'), opaque] }, result: instance('Socket') } },
    Socket: { type: 'Socket' },
  },
  types: {
    Socket: {
      extends: 'node:events#EventEmitter',
      methods: {
        ...serving(fresh('Buffer'), opaque),
        send: { parameters: [{ ...readUntilSettled, elements: readUntilSettled }], completion: completes(opaque, primitive), result: primitive },
        ...each('bind close', { completion: { ...completes(), outOfService: true }, result: self } satisfies ContractData),
        connect: { completion: completes(), result: self },
        ...each('address remoteAddress', gives(opaque)),
        ...each('ref unref', gives(self)),
        ...each(
          `addMembership addSourceSpecificMembership disconnect dropMembership dropSourceSpecificMembership getRecvBufferSize
           getSendBufferSize getSendQueueCount getSendQueueSize setBroadcast setMulticastInterface setMulticastLoopback
           setMulticastTTL setRecvBufferSize setSendBufferSize setTTL`,
          reads,
        ),
      },
    },
  },
};

export const nodeChildProcess: ModuleData = {
  module: 'node:child_process',
  aliases: ['child_process'],
  exports: withBlocking('node:child_process', {
    ...functions('fork spawn', gives(instance('ChildProcess'))),
    ...functions('exec execFile', { completion: completes(opaque, fresh('Buffer'), fresh('Buffer')), result: instance('ChildProcess') }),
    ...functions('execFileSync execSync', gives(fresh('Buffer'))),
    spawnSync: { call: gives({ from: 'object', properties: { stdout: fresh('Buffer'), stderr: fresh('Buffer'), status: primitive, pid: primitive, signal: primitive } }) },
    ChildProcess: { type: 'ChildProcess' },
  }),
  types: {
    ChildProcess: {
      extends: 'node:events#EventEmitter',
      methods: { ...each('disconnect kill ref unref', reads), send: { completion: completes(opaque), result: primitive } },
      properties: {
        stdin: instance('node:stream#Writable'),
        ...each('stderr stdout', instance('node:stream#Readable')),
        ...each('connected exitCode killed pid signalCode spawnfile', primitive),
      },
    },
    ChildProcessWithoutNullStreams: { extends: 'ChildProcess' },
    ChildProcessByStdio: { extends: 'ChildProcess' },
  },
};
