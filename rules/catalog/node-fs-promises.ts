import type { ContractData, ModuleData } from '../engine/contracts/catalog-format.js';
import type { Source } from '../engine/contracts/contract.js';
import { countUpTo, each, fresh, functions, gives, instance, iterable, opaque, place, primitive, promise, readUntilSettled, readsLater, writtenUntilSettled } from './shorthand.js';

/** Files through promises. */

/** `read(buffer, …)`, `read({ buffer, … })`, or `read()`, which allocates; an ArrayBuffer is taken for options without a buffer. */
const bufferReadInto: Source = {
  from: 'choice',
  of: 0,
  when: { view: place(0), object: { from: 'property', of: 0, name: 'buffer' } },
  otherwise: fresh('Buffer'),
};
const writesFile: ContractData = { parameters: [null, readUntilSettled], result: promise(primitive) };
const writesHandle: ContractData = { parameters: [readUntilSettled], result: promise(primitive) };

export const nodeFsPromises: ModuleData = {
  module: 'node:fs/promises',
  aliases: ['fs/promises'],
  exports: {
    open: { call: gives(promise(instance('node:fs/promises#FileHandle'))) },
    readFile: { call: gives(promise(fresh('Buffer'))) },
    ...functions('writeFile appendFile', writesFile),
    ...functions(
      `access chmod chown copyFile cp lchmod lchown link lutimes mkdir mkdtemp readlink realpath rename rm rmdir symlink truncate
       unlink utimes`,
      readsLater,
    ),
    ...functions('lstat mkdtempDisposable opendir readdir stat statfs', gives(promise(opaque))),
    ...functions('glob watch', gives(iterable(opaque, true))),
    constants: { value: opaque },
  },
  types: {
    FileHandle: {
      extends: 'node:events#EventEmitter',
      methods: {
        read: {
          parameters: [{ ...writtenUntilSettled({ start: 1, length: 2 }), properties: { buffer: writtenUntilSettled() } }],
          result: promise({ from: 'object', properties: { bytesRead: countUpTo(2), buffer: bufferReadInto } }),
        },
        readv: {
          parameters: [{ keeps: 'settle', elements: writtenUntilSettled() }],
          result: promise({ from: 'object', properties: { bytesRead: primitive, buffers: place(0) } }),
        },
        write: {
          parameters: [readUntilSettled],
          result: promise({ from: 'object', properties: { bytesWritten: primitive, buffer: place(0) } }),
        },
        writev: {
          parameters: [{ keeps: 'settle', elements: readUntilSettled }],
          result: promise({ from: 'object', properties: { bytesWritten: primitive, buffers: place(0) } }),
        },
        ...each('writeFile appendFile', writesHandle),
        readFile: gives(promise(fresh('Buffer'))),
        readLines: gives(iterable(primitive, true)),
        readableWebStream: gives(instance('global#ReadableStream')),
        createReadStream: gives(instance('node:fs#ReadStream')),
        createWriteStream: gives(instance('node:fs#WriteStream')),
        // Waits for what is under way.
        close: { ...readsLater, drains: ['this'] },
        ...each('chmod chown datasync sync truncate utimes', readsLater),
        getAsyncId: { result: primitive },
        stat: gives(promise(opaque)),
        '[Symbol.asyncDispose]': readsLater,
      },
      properties: { fd: primitive },
    },
  },
};
