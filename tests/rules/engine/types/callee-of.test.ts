import { describe, expect, it } from 'vitest';
import { catalog, worldOf, type TestWorld } from './program.js';

function callee(world: TestWorld, file: string, text: string): unknown {
  const found = world.world.calleeOf(world.find(file, text));
  if (found === undefined) return undefined;
  if ('function' in found) return `function ${found.function.name}`;
  if ('class' in found) return `class ${found.class.name}`;
  return found.contract;
}

const typed = worldOf({
  'helper.ts': `
export function fill(b: Uint8Array): void { b.fill(0); }
export const arrow = (b: Uint8Array) => b;
export default class Reader { read() { return 1; } static make() { return new Reader(); } }
`,
  'barrel.ts': `export * from './helper.js'; export { default as Source } from './helper.js';`,
  'a.ts': `
import * as fs from 'node:fs';
import { readSync as sync, read } from 'fs';
import fsp, { open } from 'node:fs/promises';
import { Readable, Transform } from 'stream';
import { EventEmitter, once } from 'node:events';
import { connect } from 'net';
import { fill, arrow } from './helper.js';
import { fill as again, Source } from './barrel.js';
declare const buf: Buffer; declare const u8: Uint8Array; declare const fd: number; declare const maybe: Buffer | undefined;
declare const stream: Readable; declare const emitter: EventEmitter; declare const anything: any; declare const map: Map<string, Buffer>;
let replaced = (x: number) => x;
interface Sink { put(b: Buffer): void }
class OnlySink implements Sink { put(b: Buffer) {} #secret() {} go() { this.#secret(); this.put(buf); } }
declare const sink: Sink;
class Framer extends Transform { constructor() { super({ objectMode: true }); } _transform() { this.push(buf); } }
class Derived extends OnlySink { constructor() { super(); } }
function overloaded(a: string): void;
function overloaded(a: number): void;
function overloaded(a: unknown): void {}
function take(cb: (b: Buffer) => void) { cb(buf); }
const nested = () => () => 1;
fs.readSync(fd, buf); sync(fd, buf); fsp.readFile('x'); open('x');
buf.slice(1); u8.slice(1); maybe?.subarray(1); maybe!.copy(buf); buf['fill'](0);
Buffer.from('x'); Buffer.alloc(1); new Uint8Array(4); new Readable(); Readable.from([buf]); stream.push(buf); stream.on('data', () => {});
emitter.emit('x', buf); once(emitter, 'x'); connect(1); structuredClone(buf); Object.freeze(buf); Math.max(1); Atomics.load(u8, 0);
JSON.parse(''); Promise.all([]); map.get('x'); crypto.getRandomValues(u8); new TextEncoder().encode('x'); buf.readUInt8(0); Array.from([1]);
fill(u8); arrow(u8); again(u8); new Source(); Source.make(); new Source().read(); overloaded(1); nested()(); replaced(1); sink.put(buf);
anything.read(buf); anything(buf); new OnlySink(); (fill as any)(u8);
`,
});

describe('calleeOf, typed', () => {
  const fs = catalog.module('fs');
  const view = (type: 'Buffer' | 'Uint8Array') => catalog.viewType(type);

  it.each([
    ['fs.readSync(fd, buf)', fs?.member('readSync')?.call],
    ['sync(fd, buf)', fs?.member('readSync')?.call],
    ["fsp.readFile('x')", catalog.module('fs/promises')?.member('readFile')?.call],
    ["open('x')", catalog.module('fs/promises')?.member('open')?.call],
    ['buf.slice(1)', view('Buffer').method('slice')],
    ['u8.slice(1)', view('Uint8Array').method('slice')],
    ['maybe?.subarray(1)', view('Buffer').method('subarray')],
    ['maybe!.copy(buf)', view('Buffer').method('copy')],
    ["buf['fill'](0)", view('Buffer').method('fill')],
    ['buf.readUInt8(0)', view('Buffer').method('readUInt8')],
    ["Buffer.from('x')", catalog.global('Buffer')?.member('from')?.call],
    ['Buffer.alloc(1)', catalog.global('Buffer')?.member('alloc')?.call],
    ['new Uint8Array(4)', catalog.global('Uint8Array')?.construct],
    ['new Readable()', catalog.module('stream')?.member('Readable')?.construct],
    ['Readable.from([buf])', catalog.module('stream')?.member('Readable')?.member('from')?.call],
    ['stream.push(buf)', catalog.type('node:stream#Readable')?.method('push')],
    ["stream.on('data', () => {})", catalog.type('node:stream#Readable')?.method('on')],
    ["emitter.emit('x', buf)", catalog.type('node:events#EventEmitter')?.method('emit')],
    ["once(emitter, 'x')", catalog.module('events')?.member('once')?.call],
    ['connect(1)', catalog.module('net')?.member('connect')?.call],
    ['structuredClone(buf)', catalog.global('structuredClone')?.call],
    ['Object.freeze(buf)', catalog.global('Object')?.member('freeze')?.call],
    ['Math.max(1)', catalog.global('Math')?.member('max')?.call],
    ['Atomics.load(u8, 0)', catalog.global('Atomics')?.member('load')?.call],
    ["JSON.parse('')", catalog.global('JSON')?.member('parse')?.call],
    ['Promise.all([])', catalog.global('Promise')?.member('all')?.call],
    ['Array.from([1])', catalog.global('Array')?.member('from')?.call],
    ["map.get('x')", catalog.type('global#Map')?.method('get')],
    ['crypto.getRandomValues(u8)', catalog.type('global#Crypto')?.method('getRandomValues')],
    ["new TextEncoder().encode('x')", catalog.type('global#TextEncoder')?.method('encode')],
    ['super({ objectMode: true })', catalog.module('stream')?.member('Transform')?.construct],
    ['this.push(buf)', catalog.type('node:stream#Readable')?.method('push')],
  ])('%s has its contract', (text, contract) => {
    expect(contract).toBeDefined();
    expect(callee(typed, 'a.ts', text)).toEqual(contract);
  });

  it.each([
    ['fill(u8)', 'function fill'],
    ['arrow(u8)', 'function <anonymous>'],
    ['again(u8)', 'function fill'],
    ['new Source()', 'class Reader'],
    ['Source.make()', 'function make'],
    ['new Source().read()', 'function read'],
    ['overloaded(1)', 'function overloaded'],
    ['nested()()', 'function <anonymous>'],
    ['new OnlySink()', 'class OnlySink'],
    ['this.#secret()', 'function #secret'],
    ['super()', 'class OnlySink'],
    ['(fill as any)(u8)', 'function fill'],
  ])('%s has its body', (text, name) => {
    expect(callee(typed, 'a.ts', text)).toBe(name);
  });

  it.each(['replaced(1)', 'sink.put(buf)', 'anything.read(buf)', 'anything(buf)', 'cb(buf)'])('%s is not known', (text) => {
    expect(callee(typed, 'a.ts', text)).toBeUndefined();
  });

  it('answers nothing for what is not a call', () => {
    expect(typed.world.calleeOf(typed.named('a.ts', 'buf'))).toBeUndefined();
  });
});

describe('calleeOf, plain JavaScript', () => {
  const plain = worldOf(
    {
      'lib.js': `
exports.fill = function fill(b) { b.fill(0); };
exports.twice = exports.again = (b) => b;
function Parser() {}
Parser.prototype.parse = function (b) { return b; };
exports.Parser = Parser;`,
      'main.js': `
const fs = require('fs');
const { fill, Parser, twice } = require('./lib');
const lib = require('./lib');
const p = new Parser();
fs.readSync(0, Buffer.alloc(1)); fill(1); lib.fill(2); twice(3); p.parse(4);`,
    },
    { module: 1, moduleResolution: 2, ignoreDeprecations: '6.0' },
  );

  it.each([
    ['fill(1)', 'function fill'],
    ['lib.fill(2)', 'function fill'],
    ['new Parser()', 'function Parser'],
  ])('%s has its body', (text, name) => {
    expect(callee(plain, 'main.js', text)).toBe(name);
  });

  it('takes contracts through require', () => {
    expect(callee(plain, 'main.js', 'fs.readSync(0, Buffer.alloc(1))')).toEqual(catalog.module('fs')?.member('readSync')?.call);
  });
});
