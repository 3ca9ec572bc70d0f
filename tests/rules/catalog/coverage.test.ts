import * as childProcess from 'node:child_process';
import * as crypto from 'node:crypto';
import * as events from 'node:events';
import * as fs from 'node:fs';
import * as fsp from 'node:fs/promises';
import * as net from 'node:net';
import * as stream from 'node:stream';
import * as tls from 'node:tls';
import * as zlib from 'node:zlib';
import * as buffer from 'node:buffer';
import { Worker, MessagePort } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import * as runtime from '../../../lib/index.js';
import { catalogModules } from '../../../rules/catalog/index.js';
import { linkCatalog } from '../../../rules/engine/contracts/link.js';

/** A member that the platform has and the catalog does not classify is a hole: a new release of Node.js fails here. */

const catalog = linkCatalog(catalogModules);

/** Own names that a program can write; what starts with an underscore is the platform's own business, or implemented by subclasses. */
function membersOf(object: object): string[] {
  return Object.getOwnPropertyNames(object).filter((name) => name !== 'constructor' && !name.startsWith('_'));
}

const functionParts = new Set(['length', 'name', 'prototype', 'arguments', 'caller']);
const prototypeOf = (value: object): object => Object.getPrototypeOf(value) as object;

async function fileHandlePrototype(): Promise<object> {
  const handle = await fsp.open(import.meta.filename);
  await handle.close();
  return prototypeOf(handle);
}

const types: readonly (readonly [path: string, prototype: object])[] = [
  ['global#Uint8Array', prototypeOf(Uint8Array.prototype)],
  ['global#Uint8Array', Uint8Array.prototype],
  ['global#Buffer', Buffer.prototype],
  ['global#DataView', DataView.prototype],
  ['global#ArrayBuffer', ArrayBuffer.prototype],
  ['global#SharedArrayBuffer', SharedArrayBuffer.prototype],
  ['global#TextEncoder', TextEncoder.prototype],
  ['global#TextDecoder', TextDecoder.prototype],
  ['global#Array', Array.prototype],
  ['global#Map', Map.prototype],
  ['global#Set', Set.prototype],
  ['global#WeakMap', WeakMap.prototype],
  ['global#WeakRef', WeakRef.prototype],
  ['global#Promise', Promise.prototype],
  ['global#Blob', Blob.prototype],
  ['global#ReadableStream', ReadableStream.prototype],
  ['global#ReadableStreamDefaultController', ReadableStreamDefaultController.prototype],
  ['global#ReadableByteStreamController', ReadableByteStreamController.prototype],
  ['global#ReadableStreamBYOBRequest', ReadableStreamBYOBRequest.prototype],
  ['global#ReadableStreamDefaultReader', ReadableStreamDefaultReader.prototype],
  ['global#ReadableStreamBYOBReader', ReadableStreamBYOBReader.prototype],
  ['global#WritableStream', WritableStream.prototype],
  ['global#WritableStreamDefaultWriter', WritableStreamDefaultWriter.prototype],
  ['global#TransformStream', TransformStream.prototype],
  ['global#TransformStreamDefaultController', TransformStreamDefaultController.prototype],
  ['global#EventTarget', EventTarget.prototype],
  ['global#Crypto', globalThis.crypto.constructor.prototype as object],
  ['global#SubtleCrypto', globalThis.crypto.subtle.constructor.prototype as object],
  ['node:events#EventEmitter', events.EventEmitter.prototype],
  ['node:stream#Readable', stream.Readable.prototype],
  ['node:stream#Writable', stream.Writable.prototype],
  ['node:stream#Duplex', stream.Duplex.prototype],
  ['node:stream#Transform', stream.Transform.prototype],
  ['node:net#Socket', net.Socket.prototype],
  ['node:net#Server', net.Server.prototype],
  ['node:tls#TLSSocket', tls.TLSSocket.prototype],
  ['node:crypto#Hash', crypto.createHash('md5').constructor.prototype as object],
  ['node:crypto#Hmac', crypto.createHmac('md5', 'x').constructor.prototype as object],
  ['node:worker_threads#MessagePort', MessagePort.prototype],
  ['node:worker_threads#Worker', Worker.prototype],
  ['borrowck-runtime#Bytes', prototypeOf(runtime.Bytes.prototype)],
  ['borrowck-runtime#Bytes', runtime.Bytes.prototype],
  ['borrowck-runtime#BytesMut', runtime.BytesMut.prototype],
  ['borrowck-runtime#Arena', runtime.Arena.prototype],
  ['borrowck-runtime#ByteArena', runtime.ByteArena.prototype],
  ['borrowck-runtime#OneshotSender', prototypeOf(runtime.oneshot()[0])],
  ['borrowck-runtime#WatchSender', prototypeOf(runtime.watch(0)[0])],
  ['borrowck-runtime#BroadcastSender', prototypeOf(runtime.broadcast(1))],
];

const namespaces: readonly (readonly [module: string, value: object])[] = [
  ['node:fs', fs],
  ['node:fs/promises', fsp],
  ['node:buffer', buffer],
  ['node:stream', stream],
  ['node:events', events],
  ['node:net', net],
  ['node:zlib', zlib],
  ['node:crypto', crypto],
  ['node:child_process', childProcess],
  ['borrowck-runtime', runtime],
];

const statics: readonly (readonly [name: string, value: object])[] = [
  ['Buffer', Buffer],
  ['Uint8Array', prototypeOf(Uint8Array)],
  ['ArrayBuffer', ArrayBuffer],
  ['Atomics', Atomics],
  ['Array', Array],
  ['Object', Object],
  ['Promise', Promise],
  ['JSON', JSON],
  ['Math', Math],
];

/** Exports about which there is nothing to say: internal parts of Node.js that happen to be enumerable. */
const neutral = new Set(['node:events#usingDomains', 'node:events#init', 'node:events#kMaxEventTargetListeners', 'node:events#kMaxEventTargetListenersWarned']);

const isClassified = (path: string, name: string): boolean => {
  const type = catalog.type(path);
  return type?.method(name) !== undefined || type?.property(name) !== undefined;
};

describe('the catalog classifies', () => {
  it.each(types)('every member of %s', (path, prototype) => {
    expect(membersOf(prototype).filter((name) => !isClassified(path, name))).toEqual([]);
  });

  it('every member of node:fs/promises#FileHandle', async () => {
    const members = membersOf(await fileHandlePrototype());
    expect(members.filter((name) => !isClassified('node:fs/promises#FileHandle', name))).toEqual([]);
  });

  it.each(namespaces)('every export of %s', (module, value) => {
    const api = catalog.module(module);
    const names = membersOf(value).filter((name) => name !== 'default' && !functionParts.has(name) && name !== 'module.exports');
    expect(names.filter((name) => api?.member(name) === undefined && !neutral.has(`${module}#${name}`) && !/^(?:Z_|[A-Z_]+$)/.test(name))).toEqual([]);
  });

  it.each(statics)('every static member of %s', (name, value) => {
    const api = catalog.global(name);
    const names = membersOf(value).filter((member) => !functionParts.has(member) && !/^[A-Z\d_]+$/.test(member));
    expect(names.filter((member) => api?.member(member) === undefined)).toEqual([]);
  });
});

describe('the catalog is closed', () => {
  const instances = new Set<string>();
  const collect = (data: unknown, module: string): void => {
    if (typeof data !== 'object' || data === null) return;
    const { from, type, extends: base } = data as { from?: unknown; type?: unknown; extends?: unknown };
    for (const name of [from === 'instance' || from === undefined ? type : undefined, base]) {
      if (typeof name === 'string') instances.add(name.includes('#') ? name : `${module}#${name}`);
    }
    for (const value of Object.values(data)) collect(value, module);
  };
  for (const module of catalogModules) collect(module, module.module);

  it('names no type that is not there', () => {
    expect(instances.size).toBeGreaterThan(50);
    expect([...instances].filter((path) => catalog.type(path) === undefined)).toEqual([]);
  });

  it('extends in no circle', () => {
    for (const path of instances) {
      let depth = 0;
      for (let type = catalog.type(path); type !== undefined; type = type.base) expect(depth++).toBeLessThan(12);
    }
  });
});
