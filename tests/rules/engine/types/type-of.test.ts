import { describe, expect, it } from 'vitest';
import { shape, worldOf } from './program.js';

const source = `
import type { FileHandle } from 'node:fs/promises';
import * as fsp from 'fs/promises';
import { createReadStream } from 'fs';
import { Transform, type Readable, Duplex } from 'node:stream';
import { Socket } from 'net';
import type { NonSharedBuffer } from 'node:buffer';
class Bytes extends Uint8Array { extra = 1 }
class Framer extends Transform {}
class Plain { x = 1 }
interface Chunk extends Uint8Array { tag: string }
type Pair = [Buffer, Buffer];
enum Colour { Red }
declare const anything: any;
export function f<T extends Uint8Array, U>(
  bytes: Uint8Array, ofBuffer: Uint8Array<ArrayBuffer>, buffer: Buffer, generic: Buffer<ArrayBufferLike>, maybe: Buffer | undefined,
  nullable: Buffer | null, optional?: Uint8Array, view?: DataView, floats?: Float32Array, ab?: ArrayBuffer, abLike?: ArrayBufferLike,
  sab?: SharedArrayBuffer, either?: Uint8Array | Buffer, numbers?: Uint8Array | Float64Array, mixed?: string | Buffer,
  scalar?: string | number | null, own?: Bytes, framer?: Framer, plain?: Plain, chunk?: Chunk, list?: Buffer[], frozen?: readonly Uint8Array[],
  pair?: Pair, odd?: [Buffer, string], promised?: Promise<Buffer>, deep?: Promise<Buffer | undefined>, like?: PromiseLike<number>, constrained?: T, free?: U,
  fh?: FileHandle, readable?: Readable, duplex?: Duplex, socket?: Socket, web?: ReadableStream<Uint8Array>, cb?: (b: Buffer) => void,
  record?: { a: Buffer }, both?: Uint8Array & { tag: string }, nonShared?: NonSharedBuffer, colour?: Colour, any?: any, never?: never, ctor?: typeof Buffer,
  nodeStream?: NodeJS.ReadableStream, something?: unknown, viewLike?: ArrayBufferView, emitter?: NodeJS.EventEmitter,
) {
  const handle = fsp.open('x');
  const opened = createReadStream('x');
  const alloc = Buffer.alloc(1);
  const from = anything.read();
  const missing = notDeclared;
}
class Buffer2 {}
export class Holder { buf = new Uint8Array(4); #secret = Buffer.alloc(2); read() { return this.#secret; } }
`;
const world = worldOf({ 'a.ts': source });
const of = (name: string): unknown => shape(world, world.named('a.ts', name));

describe('typeOf', () => {
  it.each([
    ['bytes', 'global#Uint8Array'],
    ['ofBuffer', 'global#Uint8Array'],
    ['buffer', 'global#Buffer'],
    ['generic', 'global#Buffer'],
    ['nonShared', 'global#Buffer'],
    ['maybe', 'global#Buffer'],
    ['nullable', 'global#Buffer'],
    ['optional', 'global#Uint8Array'],
    ['view', 'global#DataView'],
    ['floats', 'global#Float32Array'],
    ['ab', 'global#ArrayBuffer'],
    ['sab', 'global#SharedArrayBuffer'],
    ['alloc', 'global#Buffer'],
  ])('%s is a byte type', (name, expected) => {
    expect(of(name)).toBe(expected);
  });

  it.each([
    ['own', 'global#Uint8Array'],
    ['chunk', 'global#Uint8Array'],
    ['both', 'global#Uint8Array'],
    ['constrained', 'global#Uint8Array'],
  ])('%s inherits from a byte type', (name, expected) => {
    expect(of(name)).toBe(expected);
  });

  it.each([
    ['either', 'global#AnyBytes'],
    ['numbers', 'global#TypedArray'],
    ['abLike', 'global#ArrayBuffer'],
    ['mixed', 'unknown'],
  ])('the union %s has what its members share', (name, expected) => {
    expect(of(name)).toBe(expected);
  });

  it.each([
    ['fh', 'node:fs/promises#FileHandle'],
    ['readable', 'node:stream#Readable'],
    ['duplex', 'node:stream#Duplex'],
    ['opened', 'node:fs#ReadStream'],
    ['nodeStream', 'global#NodeJS.ReadableStream'],
    ['socket', 'node:net#Socket'],
    ['web', 'global#ReadableStream'],
    ['viewLike', 'global#ArrayBufferView'],
  ])('%s is a catalogued object', (name, expected) => {
    expect(of(name)).toBe(expected);
  });

  it.each([
    ['framer', 'class Framer'],
    ['plain', 'class Plain'],
    ['list', { array: 'global#Buffer' }],
    ['frozen', { array: 'global#Uint8Array' }],
    ['pair', { array: 'global#Buffer' }],
    ['odd', { array: 'unknown' }],
    ['promised', { promise: 'global#Buffer' }],
    ['deep', { promise: 'global#Buffer' }],
    ['like', { promise: 'primitive' }],
    ['handle', { promise: 'node:fs/promises#FileHandle' }],
    ['cb', 'function'],
    ['ctor', 'function'],
    ['record', 'other'],
    ['scalar', 'primitive'],
    ['colour', 'primitive'],
    ['any', 'unknown'],
    ['something', 'unknown'],
    ['free', 'unknown'],
    ['from', 'unknown'],
    ['missing', 'unknown'],
  ])('%s', (name, expected) => {
    expect(of(name)).toEqual(expected);
  });

  it('sees fields, private ones included', () => {
    expect(shape(world, world.find('a.ts', 'this.#secret'))).toBe('global#Buffer');
  });

  it('does not take a project class for the platform type of that name', () => {
    const own = worldOf({
      'a.ts': 'export class Uint8Array {}\nexport interface Buffer { x: 1 }\nexport function f(a: Uint8Array, b: Buffer) {}',
    });
    expect(shape(own, own.named('a.ts', 'a'))).toBe('class Uint8Array');
    expect(shape(own, own.named('a.ts', 'b'))).toBe('other');
  });

  it('understands the runtime types through any alias', () => {
    const branded = worldOf({
      '/app/node_modules/borrowck-runtime/package.json': '{"name":"borrowck-runtime","types":"./index.d.ts"}',
      '/app/node_modules/borrowck-runtime/index.d.ts': `
declare const owned: unique symbol;
declare const borrowed: unique symbol;
export type Owned<T> = T & { readonly [owned]: true };
export type Borrowed<T> = T & { readonly [borrowed]?: true };
export type Lending<T> = AsyncIterable<Borrowed<T>, void, undefined>;`,
      '/app/a.ts': `
import type { Borrowed, Lending, Owned } from 'borrowck-runtime';
type Frame = Borrowed<Uint8Array>;
type Frames = Lending<Uint8Array>;
type Fake<T> = T & { readonly borrowed?: true };
export function f(a: Borrowed<Buffer>, b: Owned<Uint8Array>, c: Lending<Uint8Array>, d: Frame, e: Frames, g: Frame | undefined, h: Fake<Uint8Array>) {}
export async function* gen(): AsyncGenerator<Borrowed<Uint8Array>> {}
export async function* lend(): Lending<Uint8Array> {}
export async function* plain(): AsyncGenerator<Uint8Array> {}
/** @lends */
export function tagged() {}
/** @lends Foo.prototype */
export function jsdoc() {}`,
    });
    const named = (name: string): unknown => shape(branded, branded.named('/app/a.ts', name));
    expect(named('a')).toEqual({ Borrowed: 'global#Buffer' });
    expect(named('b')).toEqual({ Owned: 'global#Uint8Array' });
    expect(named('c')).toEqual({ Lending: 'global#Uint8Array' });
    expect(named('d')).toEqual({ Borrowed: 'global#Uint8Array' });
    expect(named('e')).toEqual({ Lending: 'global#Uint8Array' });
    expect(named('g')).toEqual({ Borrowed: 'global#Uint8Array' });
    expect(named('h')).toBe('global#Uint8Array');
  });
});
