import type { ApiData, ContractData, ModuleData, TypeData } from '../engine/contracts/catalog-format.js';
import { classes, completes, each, fresh, functions, gives, instance, opaque, primitive, reads, self } from './shorthand.js';
import { withBlocking } from './synchronous.js';
import { listening, serving } from './node-events.js';

/** Requests and responses are streams. */

const handles: ContractData = {
  completion: { when: 'later', times: 'many', arguments: [instance('node:http#IncomingMessage'), instance('node:http#ServerResponse')], entry: 'handler' },
  result: instance('node:http#Server'),
};
const requests: ContractData = {
  completion: { when: 'later', times: 'once', arguments: [instance('node:http#IncomingMessage')] },
  result: instance('node:http#ClientRequest'),
};
const constants = (names: string): { readonly [name: string]: ApiData } => each(names, { value: opaque });

/** What HTTP and HTTPS share. */
const common: { readonly [name: string]: ApiData } = {
  createServer: { call: handles },
  ...functions('get request', requests),
  Server: { call: handles, construct: handles, type: 'node:http#Server' },
};

export const nodeHttp: ModuleData = {
  module: 'node:http',
  aliases: ['http'],
  exports: {
    ...common,
    ...functions('setGlobalProxyFromEnv setMaxIdleHTTPParsers validateHeaderName validateHeaderValue', reads),
    ...classes('IncomingMessage OutgoingMessage ServerResponse ClientRequest Agent'),
    ...constants('METHODS STATUS_CODES globalAgent maxHeaderSize'),
    WebSocket: { type: 'global#WebSocket' },
  },
  types: {
    IncomingMessage: {
      extends: 'node:stream#Readable',
      methods: { setTimeout: { completion: completes(), result: self } },
      properties: {
        ...each('aborted complete httpVersion method statusCode statusMessage url', primitive),
        ...each('headers headersDistinct rawHeaders rawTrailers trailers trailersDistinct', opaque),
        ...each('connection socket', instance('node:net#Socket')),
      },
    },
    OutgoingMessage: {
      extends: 'node:stream#Writable',
      methods: {
        ...each('addTrailers flushHeaders getHeader getHeaderNames getHeaders getRawHeaderNames hasHeader removeHeader', reads),
        ...each('appendHeader setHeader setHeaders setTimeout', gives(self)),
      },
      properties: { ...each('headersSent finished sendDate', primitive), ...each('connection socket', instance('node:net#Socket')) },
    },
    ServerResponse: {
      extends: 'OutgoingMessage',
      methods: { writeHead: gives(self), ...each('assignSocket detachSocket writeContinue writeEarlyHints writeProcessing', reads) },
      properties: each('statusCode statusMessage', primitive),
    },
    ClientRequest: {
      extends: 'OutgoingMessage',
      methods: { ...listening(instance('IncomingMessage')), ...each('abort onSocket setNoDelay setSocketKeepAlive', reads) },
      properties: each('aborted host method path protocol reusedSocket', primitive),
    },
    Server: {
      extends: 'node:net#Server',
      methods: {
        ...serving(instance('IncomingMessage'), instance('ServerResponse')),
        ...each('closeAllConnections closeIdleConnections', reads),
        setTimeout: gives(self),
      },
    },
    Agent: { extends: 'node:events#EventEmitter', methods: { ...each('destroy getName keepSocketAlive reuseSocket', reads), createConnection: gives(instance('node:net#Socket')) } },
  } satisfies { readonly [name: string]: TypeData },
};

export const nodeHttps: ModuleData = {
  module: 'node:https',
  aliases: ['https'],
  exports: { ...common, Agent: { type: 'node:http#Agent' }, globalAgent: { value: opaque } },
};

const codecs = 'BrotliCompress BrotliDecompress Deflate DeflateRaw Gunzip Gzip Inflate InflateRaw Unzip ZstdCompress ZstdDecompress';
const oneShot = `brotliCompress brotliDecompress deflate deflateRaw gunzip gzip inflate inflateRaw unzip zstdCompress zstdDecompress`;
/** Compressed input can be broken; anything can be compressed. */
const decoders = /^(?:brotliDecompress|gunzip|inflate|inflateRaw|unzip|zstdDecompress)$/i;

/** Compressed and decompressed bytes are new memory; the input is read on another thread until the callback. */
export const nodeZlib: ModuleData = {
  module: 'node:zlib',
  aliases: ['zlib'],
  exports: withBlocking('node:zlib', {
    ...functions(oneShot, { parameters: [{ keeps: 'settle' }], completion: completes(opaque, fresh('Buffer')), result: primitive }),
    ...Object.fromEntries(oneShot.split(' ').map((name) => [`${name}Sync`, { call: { result: fresh('Buffer'), ...(decoders.test(name) && { throwsOnInput: true }) } }])),
    ...Object.fromEntries(codecs.split(' ').map((type) => [`create${type}`, { call: { result: instance(type), ...(decoders.test(type) && { mayFail: true }) } }])),
    ...Object.fromEntries(codecs.split(' ').map((type) => [type, { call: gives(instance(type)), type }])),
    crc32: { call: reads },
    ...each('codes constants', { value: opaque } satisfies ApiData),
  }),
  types: {
    Zlib: {
      extends: 'node:stream#Transform',
      methods: { ...each('close flush params', { completion: completes(opaque), result: primitive } satisfies ContractData), reset: reads },
      properties: each('bytesWritten bytesRead shell', primitive),
    },
    ...each(codecs, { extends: 'Zlib' } satisfies TypeData),
  },
};
