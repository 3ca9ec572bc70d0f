import * as crypto from 'node:crypto';
import * as events from 'node:events';
import * as fsp from 'node:fs/promises';
import * as net from 'node:net';
import * as stream from 'node:stream';
import * as tls from 'node:tls';
import { Worker, MessagePort } from 'node:worker_threads';
import { isBuiltin } from 'node:module';
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

/** Modules of Node.js of which the catalog has only what concerns memory, streams or the event loop, and why. */
const partial: Readonly<Record<string, string>> = {
  'node:assert': 'assertions that take functions and promises are followed like any unknown call',
  'node:diagnostics_channel': 'only what is published can be memory',
  'node:http2': 'sessions and streams are told apart by their types, which name the classes below',
  'node:process': 'a global object: `global#process` has what concerns streams and the queue of callbacks',
  'node:url': 'classes of the web platform',
};

const modules = [...new Set(catalogModules.map(({ module }) => module))].filter((module) => module.startsWith('node:') && isBuiltin(module) && !Object.hasOwn(partial, module));

const namespaces: readonly (readonly [module: string, value: object])[] = [
  ...(await Promise.all(modules.map(async (module) => [module, (await import(module)) as object] as const))),
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

/** Exports and members about which there is nothing to say: internal parts of Node.js that can be seen, and what it has given up. */
const neutral = new Set([
  ...each('node:events', 'usingDomains init kMaxEventTargetListeners kMaxEventTargetListenersWarned'),
  ...each('node:events#EventEmitterAsyncResource', 'emitDestroy asyncId triggerAsyncId asyncResource'),
  ...each('node:timers', 'active enroll unenroll promises'),
  ...each('node:tls', 'createSecurePair'),
  ...each('node:tls#Server', 'setOptions'),
  ...each('node:child_process#ChildProcess', 'spawn'),
  ...each('node:dgram#Socket', 'sendto'),
  ...each('node:http#Agent', 'addRequest createSocket removeSocket'),
  ...each('node:http#ClientRequest', 'clearTimeout'),
  ...each('node:http#ServerResponse', 'writeHeader'),
  ...each('node:https#Agent', 'createConnection'),
  ...each('node:string_decoder#StringDecoder', 'lastChar lastNeed lastTotal text'),
  // Handlers that are set: what is called is found where it is written.
  ...each('node:worker_threads#BroadcastChannel', 'onmessage onmessageerror'),
  ...each('node:fs#ReadStream', 'autoClose open'),
  ...each('node:fs#WriteStream', 'autoClose destroySoon open'),
  ...each('node:fs#FileReadStream', 'autoClose open'),
  ...each('node:fs#FileWriteStream', 'autoClose destroySoon open'),
]);

function each(path: string, names: string): string[] {
  return names.split(' ').map((name) => `${path}#${name}`);
}

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

  it.each(namespaces)('every member of the classes of %s that it has a type for', (module, value) => {
    const missing = Object.entries(value).flatMap(([name, one]: [string, unknown]) => {
      const path = `${module}#${name}`;
      const prototype = typeof one === 'function' && /^[A-Z]/.test(name) && catalog.type(path) !== undefined ? (one.prototype as object | undefined) : undefined;
      return prototype === undefined ? [] : membersOf(prototype).filter((member) => !isClassified(path, member)).map((member) => `${path}#${member}`);
    });
    expect(missing.filter((path) => !neutral.has(path))).toEqual([]);
  });

  it('all modules of Node.js that it names, or says why not', () => {
    expect(modules.length).toBeGreaterThan(20);
    const named = new Set(catalogModules.map(({ module }) => module));
    expect(Object.keys(partial).filter((module) => !named.has(module))).toEqual([]);
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
