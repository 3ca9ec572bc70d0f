import type { ContractData, ModuleData } from '../engine/contracts/catalog-format.js';
import { classes, each, gives, instance, opaque, promise, readsLater, unknown } from './shorthand.js';

/** Packages that move what they are given to another thread. */

const pushes: ContractData = { parameters: [{ transfers: true }], result: opaque };
const asynchronous = 'AsyncCompress AsyncDeflate AsyncGunzip AsyncGzip AsyncInflate AsyncUnzlib AsyncZlib';

export const fflate: ModuleData = {
  module: 'fflate',
  exports: classes(asynchronous),
  types: each(asynchronous, { methods: { push: pushes } }),
};

export const comlink: ModuleData = {
  module: 'comlink',
  exports: {
    // Marked for the message that it is sent with, which is this call's argument.
    transfer: { call: { parameters: [null, { elements: { transfers: true } }], result: opaque } },
    proxy: { call: gives(opaque) },
    wrap: { call: gives(unknown) },
  },
};

export const pdfjs: ModuleData = {
  module: 'pdfjs-dist',
  aliases: ['pdfjs-dist/legacy/build/pdf.mjs', 'pdfjs-dist/build/pdf.mjs'],
  exports: { getDocument: { call: { parameters: [{ properties: { data: { transfers: true } } }], result: opaque } } },
};

export const ffmpeg: ModuleData = {
  module: '@ffmpeg/ffmpeg',
  exports: classes('FFmpeg'),
  types: { FFmpeg: { methods: { writeFile: { parameters: [null, { transfers: true }], result: promise(opaque) }, readFile: gives(promise({ from: 'fresh', type: 'Uint8Array' })) } } },
};

export const duckdb: ModuleData = {
  module: '@duckdb/duckdb-wasm',
  exports: classes('AsyncDuckDB'),
  types: { AsyncDuckDB: { methods: { registerFileBuffer: { parameters: [null, { transfers: true }], result: promise(opaque) }, connect: gives(promise(instance('AsyncDuckDBConnection'))) } }, AsyncDuckDBConnection: { methods: { close: readsLater } } },
};
