import { strict as assert } from 'node:assert';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { expose, transfer, wrap, type Endpoint } from 'comlink';
import nodeAdapter from 'comlink/dist/umd/node-adapter.js';
import * as fflate from 'fflate';
import { Builder } from 'flatbuffers';
import { Encoder } from 'msgpack3';
import { createMp3Encoder } from 'wasm-media-encoders';
import { load } from './native.js';
import { changes, forEachOf, isDetached, type Proofs } from './proof.js';

/** The adapter is CommonJS, whatever its types say. */
const nodeEndpoint = nodeAdapter as unknown as (port: MessagePort) => Endpoint;

/** A second call of the same function writes over what the first gave. */
const reuses = (call: (value: unknown) => Uint8Array): void => {
  const first = call([1, 2, 3]);
  changes(first, () => call([9, 9, 9]));
};

const input = new TextEncoder().encode('the same words again, the same words again');
/** What each class takes. */
const inputs: Readonly<Record<string, () => Uint8Array>> = {
  AsyncGunzip: () => fflate.gzipSync(input),
  AsyncInflate: () => fflate.deflateSync(input),
  AsyncUnzlib: () => fflate.zlibSync(input),
};

export const packageProofs: Proofs = {
  'lmdb#Database#getBinaryFast lent': async () => {
    const db = load('lmdb').open({ path: mkdtempSync(join(tmpdir(), 'borrowck-')), encoding: 'binary' });
    await db.put('a', Buffer.alloc(16, 1));
    await db.put('b', Buffer.alloc(16, 2));
    const lent = db.getBinaryFast('a');
    assert.ok(lent);
    changes(lent.subarray(0, 16), () => db.get('b'));
    await db.close();
  },
  'msgpackr#Packr#useBuffer keeps': () => {
    const { Packr } = load('msgpackr');
    const packr = new Packr();
    const buffer = Buffer.alloc(1 << 15);
    packr.useBuffer(buffer);
    changes(buffer, () => packr.pack([1, 2, 3]));
  },
  '@msgpack/msgpack#Encoder#encodeSharedRef lent': () => {
    const encoder = new Encoder();
    reuses((value) => encoder.encodeSharedRef(value));
  },
  'flatbuffers#Builder#asUint8Array lent': () => {
    const builder = new Builder(16);
    builder.finish(builder.createString('hello'));
    const lent = builder.asUint8Array();
    changes(lent, () => {
      builder.clear();
      builder.finish(builder.createString('world'));
    });
  },
  ...forEachOf('encode finalize', (name) => `wasm-media-encoders#WasmMediaEncoder#${name} lent`, (name) => async () => {
    const encoder = await createMp3Encoder();
    const tone = (pitch: number): Float32Array[] => [Float32Array.from({ length: 4096 }, (_, i) => Math.sin((i * pitch) / 10))];
    encoder.configure({ sampleRate: 48000, channels: 1, vbrQuality: 2 });
    for (let i = 1; i < 4; i++) encoder.encode(tone(i));
    const lent = name === 'encode' ? encoder.encode(tone(5)) : encoder.finalize();
    assert.ok(lent.length > 0);
    changes(lent, () => {
      if (name === 'finalize') encoder.configure({ sampleRate: 48000, channels: 1, vbrQuality: 2 });
      for (let i = 6; i < 12; i++) encoder.encode(tone(i));
    });
  }),
  ...forEachOf('AsyncCompress AsyncDeflate AsyncGunzip AsyncGzip AsyncInflate AsyncUnzlib AsyncZlib', (name) => `fflate#${name}#push transfers`, (name) => async () => {
    const stream = new fflate[name as 'AsyncGzip']();
    const chunk = inputs[name]?.() ?? Uint8Array.from(input);
    const done = new Promise<void>((resolve) => {
      stream.ondata = (_error, _data, isFinal) => {
        if (isFinal) resolve();
      };
    });
    stream.push(chunk, true);
    isDetached(chunk);
    await done;
    stream.terminate();
  }),
  'comlink#transfer transfers': async () => {
    const { port1, port2 } = new MessageChannel();
    expose({ size: (buffer: ArrayBuffer) => buffer.byteLength }, nodeEndpoint(port1));
    const remote = wrap<{ size(buffer: ArrayBuffer): number }>(nodeEndpoint(port2));
    const buffer = new ArrayBuffer(8);
    const size = remote.size(transfer(buffer, [buffer]));
    isDetached(buffer);
    assert.equal(await size, 8);
    port1.close();
  },
};

const each = (names: string, of: (name: string) => string, reason: string): Record<string, string> => Object.fromEntries(names.split(' ').map((name) => [of(name), reason]));

/** Claims about packages that are not installed here, and what they rest on. */
export const unprovedPackages: Readonly<Record<string, string>> = {
  ...each('any connect del get head options patch post put trace', (name) => `uWebSockets.js#TemplatedApp#${name} lent`, 'installed from GitHub only: its index.d.ts, HttpRequest is "stack allocated and only accessible during this callback invocation"'),
  'uWebSockets.js#TemplatedApp#ws lent': 'installed from GitHub only: its index.d.ts, "messages are given as ArrayBuffer, valid until return"',
  ...each('onData onDataV2', (name) => `uWebSockets.js#HttpResponse#${name} lent`, 'installed from GitHub only: its index.d.ts, "the chunk is valid only for the duration of the callback"'),
  ...each('getProxiedRemoteAddress getProxiedRemoteAddressAsText getRemoteAddress getRemoteAddressAsText', (name) => `uWebSockets.js#HttpResponse#${name} lent`, 'installed from GitHub only: its README, ArrayBuffers are neutered on return'),
  ...each('getRemoteAddress getRemoteAddressAsText', (name) => `uWebSockets.js#WebSocket#${name} lent`, 'installed from GitHub only: its README, ArrayBuffers are neutered on return'),
  ...each('abort commit reset del putBinary putBoolean putNumber putString', (name) => `node-lmdb#Txn#${name} releases`, 'needs a compiler to install: its README, "unsafe" binaries are "only valid until the next put() or until the transaction ends"'),
  'node-lmdb#Txn#getBinaryUnsafe lent': 'needs a compiler to install: its README, zero-copy reads',
  'node-lmdb#Cursor#getCurrentBinaryUnsafe lent': 'needs a compiler to install: its README, zero-copy reads',
  'node-lmdb#Cursor#close releases': 'needs a compiler to install: its README, zero-copy reads',
  'electron#NativeImage#getBitmap lent': 'needs Electron: its docs, "the returned Buffer doesn\'t copy and might change in current event loop tick"',
  'pyodide#PyBuffer#getBuffer acquires': 'too large to install: its API reference, "PyBufferView must be released"',
  'pyodide#PyBufferView#release ends': 'too large to install: its API reference, PyBufferView.release()',
  'pyodide#PyBufferView#data lent': 'too large to install: its API reference, PyBufferView.data',
  ...each('heap8u heap8 heap16 heap16u heap32 heap32u', (name) => `@sqlite.org/sqlite-wasm#WASM_API#${name} lent`, 'grows by chance: its docs, heap views "may be invalidated by growing, never hold on to them"'),
  ...each('iterateReader iterateReaderSync BufReader#peek BufReader#readSlice BufReader#readLine', (name) => `@std/io#${name} lent`, 'needs Deno: its docs, "only valid until the next call"'),
  ...each('column_blob value_blob', (name) => `wa-sqlite#SQLiteAPI#${name} lent`, 'needs a database in the browser: its API reference, "the contents of the returned buffer may be invalid after the next SQLite call"'),
  '@duckdb/duckdb-wasm#AsyncDuckDB#registerFileBuffer transfers': 'needs browser workers: parallel/async_bindings.ts posts the buffer with [buffer.buffer]',
  '@ffmpeg/ffmpeg#FFmpeg#writeFile transfers': 'needs browser workers: classes.ts collects data.buffer of a Uint8Array in the transfer list',
  'pdfjs-dist#getDocument transfers': 'needs browser workers: display/api.js sends data.buffer in the transfer list of GetDocRequest',
  'global#DragEvent#dataTransfer lent': 'only in browsers: HTML, drag data store, protected mode after dispatch',
  'global#ClipboardEvent#clipboardData lent': 'only in browsers: Clipboard API and events, drag data store, protected mode after dispatch',
  'global#VideoFrame#close ends': 'only in browsers: WebCodecs, VideoFrame.close()',
  'global#AudioData#close ends': 'only in browsers: WebCodecs, AudioData.close()',
};
