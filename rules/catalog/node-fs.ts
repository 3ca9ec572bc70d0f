import type { ApiData, ContractData, ModuleData } from '../engine/contracts/catalog-format.js';
import type { ParameterEffect, Source } from '../engine/contracts/contract.js';
import { nodeFsPromises } from './node-fs-promises.js';
import { completes, countUpTo, each, fresh, functions, gives, instance, opaque, place, primitive, promise, readUntilSettled, reads, callsLater, written, writtenUntilSettled } from './shorthand.js';
import { withBlocking } from './synchronous.js';

/** Files by descriptor and by path, with callbacks and synchronously. */

/** The buffer of a read: argument 1, or `buffer` of the options there; Node allocates one where neither is given. */
const bufferReadInto: Source = {
  from: 'choice',
  of: 1,
  when: { view: place(1), object: { from: 'property', of: 1, name: 'buffer' } },
  otherwise: fresh('Buffer'),
};
const readTarget: ParameterEffect = {
  ...writtenUntilSettled({ start: 2, length: 3 }),
  properties: { buffer: writtenUntilSettled() },
};
const buffersUntilSettled: ParameterEffect = { keeps: 'settle', elements: readUntilSettled };

/** A completion callback that gets an error, then what holds no bytes. */
const completesPlainly: ContractData = { completion: completes(opaque, opaque), result: primitive };
const readsThenCompletes: ContractData = { parameters: [null, readUntilSettled], completion: completes(opaque, primitive, place(1)), result: primitive };
const givesBytesLater: ContractData = { completion: completes(opaque, fresh('Buffer')), result: primitive };

const plainAsync = `access chmod chown close copyFile cp exists fchmod fchown fdatasync fstat fsync ftruncate futimes lchmod lchown link
  lstat lutimes mkdir mkdtemp open readdir readlink realpath rename rm rmdir stat statfs symlink truncate unlink utimes glob`;
const plainSync = `accessSync chmodSync chownSync closeSync copyFileSync cpSync existsSync fchmodSync fchownSync fdatasyncSync fsyncSync
  ftruncateSync futimesSync lchmodSync lchownSync linkSync lutimesSync mkdirSync mkdtempSync openSync readlinkSync realpathSync
  renameSync rmSync rmdirSync symlinkSync truncateSync unlinkSync utimesSync unwatchFile`;
const objectSync = 'fstatSync globSync lstatSync mkdtempDisposableSync opendirSync readdirSync statSync statfsSync';

export const nodeFs: ModuleData = {
  module: 'node:fs',
  aliases: ['fs', 'graceful-fs'],
  exports: withBlocking('node:fs', {
    read: {
      call: {
        parameters: [null, readTarget],
        completion: completes(opaque, countUpTo(3), bufferReadInto),
        result: primitive,
      },
    },
    readSync: { call: { parameters: [null, written({ start: 2, length: 3 })], result: countUpTo(3) } },
    readv: {
      call: {
        parameters: [null, { keeps: 'settle', elements: writtenUntilSettled() }],
        completion: completes(opaque, primitive, place(1)),
        result: primitive,
      },
    },
    readvSync: { call: { parameters: [null, { elements: written() }], result: primitive } },
    write: { call: readsThenCompletes },
    writev: {
      call: { parameters: [null, buffersUntilSettled], completion: completes(opaque, primitive, place(1)), result: primitive },
    },
    ...functions('writeFile appendFile', { parameters: [null, readUntilSettled], completion: completes(opaque), result: primitive }),
    ...functions('writeSync writevSync writeFileSync appendFileSync', reads),
    readFile: { call: givesBytesLater },
    readFileSync: { call: gives(fresh('Buffer')) },
    openAsBlob: { call: gives(promise(instance('global#Blob'))) },
    opendir: { call: { completion: completes(opaque, opaque), result: primitive } },
    createReadStream: { call: { result: instance('ReadStream'), mayFail: true } },
    createWriteStream: { call: { result: instance('WriteStream'), mayFail: true } },
    ...functions(plainAsync, completesPlainly),
    ...functions(plainSync, reads),
    ...functions(objectSync, gives(opaque)),
    watchFile: { call: { completion: { when: 'later', times: 'many', arguments: [opaque, opaque] }, result: opaque } },
    watch: {
      call: { completion: { when: 'later', times: 'many', arguments: [primitive, primitive] }, result: instance('node:events#EventEmitter') },
    },
    ...each('ReadStream FileReadStream', { type: 'ReadStream', call: gives(instance('ReadStream')) } satisfies ApiData),
    ...each('WriteStream FileWriteStream', { type: 'WriteStream', call: gives(instance('WriteStream')) } satisfies ApiData),
    promises: { members: nodeFsPromises.exports },
    ...each('F_OK R_OK W_OK X_OK constants Dir Dirent Stats Utf8Stream _toUnixTimestamp', { value: opaque } satisfies ApiData),
  }),
  types: {
    ReadStream: {
      extends: 'node:stream#Readable',
      methods: { close: { parameters: [callsLater('once', [opaque])], result: primitive } },
      properties: each('bytesRead path pending', primitive),
    },
    WriteStream: {
      extends: 'node:stream#Writable',
      methods: { close: { parameters: [callsLater('once', [opaque])], result: primitive } },
      properties: each('bytesWritten path pending', primitive),
    },
  },
};
