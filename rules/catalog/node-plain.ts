import type { ModuleData } from '../engine/contracts/catalog-format.js';
import { each, functions, gives, handedOut, instance, opaque, primitive, reads, self } from './shorthand.js';

/** Modules that only read what they are given, and streams by other names. */

const paths: ModuleData['exports'] = functions(
  'basename dirname extname format isAbsolute join matchesGlob normalize relative resolve toNamespacedPath',
  reads,
);

export const nodePath: ModuleData = {
  module: 'node:path',
  aliases: ['path', 'node:path/posix', 'path/posix', 'node:path/win32', 'path/win32'],
  exports: { ...paths, parse: { call: gives(opaque) }, ...each('posix win32', { members: paths }), ...each('delimiter sep', { value: primitive }) },
};

const assertions: ModuleData['exports'] = functions(
  `deepEqual deepStrictEqual doesNotMatch equal fail ifError match notDeepEqual notDeepStrictEqual notEqual notStrictEqual ok
   partialDeepStrictEqual strictEqual`,
  reads,
);

export const nodeAssert: ModuleData = {
  module: 'node:assert',
  aliases: ['assert', 'node:assert/strict', 'assert/strict'],
  default: { call: reads },
  exports: { ...assertions, strict: { call: reads, members: assertions } },
};

export const nodeOs: ModuleData = {
  module: 'node:os',
  aliases: ['os'],
  exports: {
    ...functions('arch availableParallelism endianness freemem getPriority homedir hostname machine platform release setPriority tmpdir totalmem type uptime version', reads),
    ...functions('cpus loadavg networkInterfaces userInfo', gives(opaque)),
    ...each('EOL devNull', { value: primitive }),
    constants: { value: opaque },
  },
};

export const nodeUrl: ModuleData = {
  module: 'node:url',
  aliases: ['url'],
  exports: {
    ...functions('domainToASCII domainToUnicode fileURLToPath format resolve', reads),
    ...functions('parse pathToFileURL urlToHttpOptions', gives(opaque)),
  },
};

export const nodeHttp2: ModuleData = {
  module: 'node:http2',
  aliases: ['http2'],
  exports: functions('getDefaultSettings getPackedSettings getUnpackedSettings', gives(opaque)),
  types: {
    ...each('ClientHttp2Stream Http2Stream ServerHttp2Stream', { extends: 'node:stream#Duplex' }),
    Http2ServerRequest: { extends: 'node:stream#Readable' },
    Http2ServerResponse: { extends: 'node:stream#Writable' },
    ...each('ClientHttp2Session Http2Session ServerHttp2Session', { extends: 'node:events#EventEmitter' }),
  },
};

export const nodeTty: ModuleData = {
  module: 'node:tty',
  aliases: ['tty'],
  exports: { isatty: { call: reads }, ReadStream: { type: 'ReadStream' }, WriteStream: { type: 'WriteStream' } },
  types: {
    ReadStream: { extends: 'node:net#Socket', methods: { setRawMode: gives(self) }, properties: { isRaw: primitive, isTTY: primitive } },
    WriteStream: {
      extends: 'node:net#Socket',
      methods: { ...each('clearLine clearScreenDown cursorTo getColorDepth hasColors moveCursor', reads), getWindowSize: gives(opaque) },
      properties: each('columns isTTY rows', primitive),
    },
  },
};

/** Subscribers are called at once, and may keep the message. */
export const nodeDiagnosticsChannel: ModuleData = {
  module: 'node:diagnostics_channel',
  aliases: ['diagnostics_channel'],
  exports: { channel: { call: gives(instance('Channel')) }, hasSubscribers: { call: reads } },
  types: { Channel: { methods: { publish: { parameters: [handedOut('emit')], result: primitive } }, properties: { hasSubscribers: primitive } } },
};
