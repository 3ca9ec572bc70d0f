import { strict as assert } from 'node:assert';
import * as fs from 'node:fs';
import * as fsp from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import { changesOnly, forEachOf, readsAfterReturning, withBusyThreads, type Proofs } from './proof.js';

/** Files: reads fill the caller's memory, writes look at it later. */

async function inFolder(act: (path: string) => Promise<void> | void): Promise<void> {
  const folder = await fsp.mkdtemp(join(tmpdir(), 'borrowck-'));
  const path = join(folder, 'file');
  await fsp.writeFile(path, Buffer.alloc(64, 7));
  try {
    await act(path);
  } finally {
    await fsp.rm(folder, { recursive: true });
  }
}

function withDescriptor(act: (fd: number, path: string) => Promise<void> | void): () => Promise<void> {
  return () =>
    inFolder(async (path) => {
      const fd = fs.openSync(path, 'r+');
      try {
        await act(fd, path);
      } finally {
        fs.closeSync(fd);
      }
    });
}

function withHandle(act: (handle: fsp.FileHandle, path: string) => Promise<void>): () => Promise<void> {
  return () =>
    inFolder(async (path) => {
      const handle = await fsp.open(path, 'r+');
      try {
        await act(handle, path);
      } finally {
        await handle.close();
      }
    });
}

/** Nothing is written when the call returns, everything when it settles. */
async function writesLater(bytes: Uint8Array, start: () => Promise<void>): Promise<void> {
  await withBusyThreads(async () => {
    const running = start();
    assert.ok(bytes.every((byte) => byte === 0), 'written before it returned');
    await running;
  });
  assert.ok(bytes.includes(7), 'not written');
}

const callback = (start: (done: (error: Error | null) => void) => void): Promise<void> =>
  new Promise((resolve, reject) => start((error) => (error ? reject(error) : resolve())));

const appends = (write: (path: string, bytes: Buffer) => Promise<unknown>) => () =>
  inFolder((path) => readsAfterReturning((bytes) => write(path, bytes), () => fs.readFileSync(path)));

export const fileProofs: Proofs = {
  'node:fs#readSync writes': withDescriptor((fd) => {
    const bytes = new Uint8Array(16);
    changesOnly(bytes, 4, 8, () => fs.readSync(fd, bytes, 4, 4, 0));
  }),
  'node:fs#readvSync writes': withDescriptor((fd) => {
    const buffers = [Buffer.alloc(4), Buffer.alloc(4)];
    fs.readvSync(fd, buffers, 0);
    for (const buffer of buffers) assert.ok(buffer.includes(7));
  }),
  'node:fs#read writes': withDescriptor(async (fd) => {
    const bytes = Buffer.alloc(16);
    await writesLater(bytes, () => callback((done) => fs.read(fd, bytes, 4, 4, 0, (error, _, given) => done(error ?? (given === bytes ? null : new Error('another buffer'))))));
    assert.deepEqual([...bytes.subarray(8)], Array(8).fill(0));
    const other = Buffer.alloc(4);
    await writesLater(other, () => callback((done) => fs.read(fd, { buffer: other, position: 0 }, (error, _, given) => done(error ?? (given === other ? null : new Error('another buffer'))))));
  }),
  ...forEachOf('keeps writes', (kind) => `node:fs#readv ${kind}`, () => withDescriptor(async (fd) => {
    const bytes = Buffer.alloc(4);
    await writesLater(bytes, () => callback((done) => fs.readv(fd, [bytes], 0, (error, _, given) => done(error ?? (given[0] === bytes ? null : new Error('another buffer'))))));
  })),
  'node:fs#write keeps': withDescriptor((fd, path) => readsAfterReturning((bytes) => callback((done) => fs.write(fd, bytes, 0, 64, 0, done)), () => fs.readFileSync(path))),
  'node:fs#writev keeps': withDescriptor((fd, path) => readsAfterReturning((bytes) => callback((done) => fs.writev(fd, [bytes], 0, done)), () => fs.readFileSync(path))),
  'node:fs#writeFile keeps': appends((path, bytes) => callback((done) => fs.writeFile(path, bytes, done))),
  'node:fs#appendFile keeps': appends((path, bytes) => callback((done) => fs.appendFile(path, bytes, done))),
  'node:fs#promises.writeFile keeps': appends((path, bytes) => fs.promises.writeFile(path, bytes)),
  'node:fs#promises.appendFile keeps': appends((path, bytes) => fs.promises.appendFile(path, bytes)),
  'node:fs/promises#writeFile keeps': appends((path, bytes) => fsp.writeFile(path, bytes)),
  'node:fs/promises#appendFile keeps': appends((path, bytes) => fsp.appendFile(path, bytes)),
  'node:fs/promises#FileHandle#read writes': withHandle(async (handle) => {
    const bytes = Buffer.alloc(16);
    await writesLater(bytes, async () => assert.equal((await handle.read(bytes, 4, 4, 0)).buffer, bytes));
    assert.deepEqual([...bytes.subarray(8)], Array(8).fill(0));
    const other = Buffer.alloc(4);
    await writesLater(other, async () => assert.equal((await handle.read({ buffer: other, position: 0 })).buffer, other));
    const { buffer } = await handle.read({ position: 0 });
    assert.notEqual((await handle.read({ position: 0 })).buffer, buffer, 'one buffer for two reads');
    // An ArrayBuffer is no view: it is taken for options.
    const memory = new ArrayBuffer(4);
    const odd = (await Reflect.apply(handle.read, handle, [memory])) as { buffer: Buffer };
    assert.notEqual(odd.buffer, memory);
    assert.ok(!new Uint8Array(memory).includes(7));
  }),
  ...forEachOf('keeps writes', (kind) => `node:fs/promises#FileHandle#readv ${kind}`, () => withHandle(async (handle) => {
    const bytes = Buffer.alloc(4);
    await writesLater(bytes, async () => assert.equal((await handle.readv([bytes], 0)).buffers[0], bytes));
  })),
  'node:fs/promises#FileHandle#write keeps': withHandle((handle, path) => readsAfterReturning((bytes) => handle.write(bytes, 0, 64, 0), () => fs.readFileSync(path))),
  'node:fs/promises#FileHandle#writev keeps': withHandle((handle, path) => readsAfterReturning((bytes) => handle.writev([bytes], 0), () => fs.readFileSync(path))),
  'node:fs/promises#FileHandle#writeFile keeps': withHandle((handle, path) => readsAfterReturning((bytes) => handle.writeFile(bytes), () => fs.readFileSync(path))),
  'node:fs/promises#FileHandle#appendFile keeps': withHandle((handle, path) => readsAfterReturning((bytes) => handle.appendFile(bytes), () => fs.readFileSync(path))),
  ...forEachOf('deflate deflateRaw gzip brotliCompress', (name) => `node:zlib#${name} keeps`, (name) => async () => {
    const back = { deflate: zlib.inflateSync, deflateRaw: zlib.inflateRawSync, gzip: zlib.gunzipSync, brotliCompress: zlib.brotliDecompressSync }[name];
    const compress = promisify(Reflect.get(zlib, name) as (input: Buffer, done: (error: Error | null, output: Buffer) => void) => void);
    let output: Buffer = Buffer.alloc(0);
    await readsAfterReturning(async (bytes) => (output = await compress(bytes)), () => back?.(output) ?? Buffer.alloc(0));
  }),
  ...forEachOf('inflate inflateRaw gunzip unzip brotliDecompress', (name) => `node:zlib#${name} keeps`, (name) => async () => {
    const forth = { inflate: zlib.deflateSync, inflateRaw: zlib.deflateRawSync, gunzip: zlib.gzipSync, unzip: zlib.gzipSync, brotliDecompress: zlib.brotliCompressSync }[name];
    const decompress = promisify(Reflect.get(zlib, name) as (input: Buffer, done: (error: Error | null, output: Buffer) => void) => void);
    const original = Buffer.alloc(64, 1);
    const input = forth?.(original) ?? Buffer.alloc(0);
    const outcome = await withBusyThreads(async () => {
      const running = decompress(input).catch((error: unknown) => error);
      input.fill(0xff);
      return running;
    });
    assert.ok(!Buffer.isBuffer(outcome) || !outcome.equals(original), 'the input was copied before the call returned');
  }),
};
