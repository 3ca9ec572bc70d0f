import type { ContractData, ModuleData } from '../engine/contracts/catalog-format.js';
import { classes, each, fresh, gives, instance, iterable, lent, primitive, promise, reads, unknown } from './shorthand.js';

/** Runtimes and WebAssembly packages that lend their own memory. */

const blocks = (isAsync: boolean): ContractData => gives(iterable(lent('next call', 'Uint8Array'), isAsync));
const reuses = { reuses: true };

export const stdIo: ModuleData = {
  module: '@std/io',
  aliases: ['jsr:@std/io', '@std/io/iterate-reader', '@std/io/buf-reader'],
  exports: { iterateReader: { call: blocks(true) }, iterateReaderSync: { call: blocks(false) }, ...classes('BufReader') },
  types: {
    // "Only valid until the next call."
    BufReader: { methods: { ...each<ContractData>('peek readSlice', { receiver: reuses, result: promise(lent('next call', 'Uint8Array')) }), readLine: { receiver: reuses, result: promise({ from: 'object', properties: { line: lent('next call', 'Uint8Array'), more: primitive } }) } } },
  },
};

export const electron: ModuleData = {
  module: 'electron',
  aliases: ['electron/main', 'electron/common', 'electron/renderer'],
  exports: { nativeImage: { members: each('createEmpty createFromPath createFromBuffer createFromDataURL createFromNamedImage createFromBitmap', { call: gives(instance('NativeImage')) }) } },
  types: {
    // The bitmap is the image's own; `toBitmap` copies.
    NativeImage: { methods: { getBitmap: gives(lent('close', 'Buffer')), ...each('toBitmap toPNG toJPEG', gives(fresh('Buffer'))), ...each('getSize isEmpty toDataURL', reads) } },
  },
};

export const sqliteWasm: ModuleData = {
  module: '@sqlite.org/sqlite-wasm',
  default: { call: gives(promise(instance('Sqlite3Static'))) },
  exports: {},
  types: {
    Sqlite3Static: { properties: { wasm: instance('WASM_API') } },
    // Detached when the heap grows, as any call may make it.
    WASM_API: { methods: { ...each('heap8u', gives(lent('first await', 'Uint8Array'))), heap8: gives(lent('first await', 'Int8Array')), heap16: gives(lent('first await', 'Int16Array')), heap16u: gives(lent('first await', 'Uint16Array')), heap32: gives(lent('first await', 'Int32Array')), heap32u: gives(lent('first await', 'Uint32Array')) } },
  },
};

export const waSqlite: ModuleData = {
  module: 'wa-sqlite',
  exports: { Factory: { call: gives(instance('SQLiteAPI')) } },
  types: {
    SQLiteAPI: {
      methods: {
        ...each('column_blob value_blob', gives(lent('first await', 'Uint8Array'))),
        ...each<ContractData>('step reset finalize', { receiver: reuses, result: promise(primitive) }),
      },
    },
  },
};

export const pyodide: ModuleData = {
  module: 'pyodide',
  exports: { loadPyodide: { call: gives(promise(unknown)) } },
  types: {
    PyBuffer: { methods: { getBuffer: { result: instance('PyBufferView'), acquires: true } } },
    PyBufferView: { methods: { release: { receiver: { ends: 'idempotent' }, result: primitive } }, properties: { data: lent('close', 'Uint8Array') } },
  },
};
