import { strict as assert } from 'node:assert';
import { createHash, pbkdf2Sync, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { transcode } from 'node:buffer';
import { deflateSync, inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { snapshot } from '../../../lib/index.js';
import { linkCatalog } from '../../../rules/engine/contracts/link.js';
import { catalogModules } from '../../../rules/catalog/index.js';
import type { Contract } from '../../../rules/engine/contracts/contract.js';
import { isCopyOf } from './proofs/proof.js';

/** Results that the catalog calls fresh, beside the memory they might have shared. */

const catalog = linkCatalog(catalogModules);
const source = (): Buffer => Buffer.from('0123456789');
const typed = (): Uint8Array => Uint8Array.from(source());
const method = (type: string, name: string): Contract | undefined => catalog.type(`global#${type}`)?.method(name);
const statics = (name: string): Contract | undefined => catalog.global('Buffer')?.member(name)?.call;

type Case = readonly [name: string, contract: Contract | undefined, copy: () => readonly [ArrayBufferView | ArrayBuffer, ArrayBufferView | ArrayBuffer]];

const after = <T extends ArrayBufferView | ArrayBuffer>(given: T, make: (given: T) => ArrayBufferView | ArrayBuffer) => [make(given), given] as const;

const cases: readonly Case[] = [
  ['Uint8Array#slice', method('Uint8Array', 'slice'), () => after(typed(), (bytes) => bytes.slice(0))],
  ['Uint8Array#map', method('Uint8Array', 'map'), () => after(typed(), (bytes) => bytes.map((byte) => byte))],
  ['Uint8Array#filter', method('Uint8Array', 'filter'), () => after(typed(), (bytes) => bytes.filter(() => true))],
  ['Uint8Array#toSorted', method('Uint8Array', 'toSorted'), () => after(typed(), (bytes) => bytes.toSorted())],
  ['Uint8Array#toReversed', method('Uint8Array', 'toReversed'), () => after(typed(), (bytes) => bytes.toReversed())],
  ['Uint8Array#with', method('Uint8Array', 'with'), () => after(typed(), (bytes) => bytes.with(1, 9))],
  ['Buffer#map', method('Buffer', 'map'), () => after(source(), (bytes) => bytes.map((byte) => byte))],
  ['ArrayBuffer#slice', method('ArrayBuffer', 'slice'), () => after(new ArrayBuffer(8), (memory) => memory.slice(0))],
  ['SharedArrayBuffer#slice', method('SharedArrayBuffer', 'slice'), () => {
    const memory = new SharedArrayBuffer(8);
    return [new Uint8Array(memory.slice(0)), new Uint8Array(memory)];
  }],
  ['Buffer.from(Buffer)', statics('from'), () => after(source(), (bytes) => Buffer.from(bytes))],
  ['Buffer.from(Uint8Array)', statics('from'), () => after(typed(), (bytes) => Buffer.from(bytes))],
  ['Buffer.concat of one', statics('concat'), () => after(source(), (bytes) => Buffer.concat([bytes]))],
  ['Buffer.copyBytesFrom', statics('copyBytesFrom'), () => after(typed(), (bytes) => Buffer.copyBytesFrom(bytes))],
  ['Buffer.alloc with fill', statics('alloc'), () => after(source(), (bytes) => Buffer.alloc(10, bytes))],
  ['new Uint8Array(Uint8Array)', catalog.global('Uint8Array')?.construct, () => after(typed(), (bytes) => new Uint8Array(bytes))],
  ['new Uint8Array(Buffer)', catalog.global('Uint8Array')?.construct, () => after(source(), (bytes) => new Uint8Array(bytes))],
  ['Uint8Array.from', catalog.global('Uint8Array')?.member('from')?.call, () => after(typed(), (bytes) => Uint8Array.from(bytes))],
  ['structuredClone', catalog.global('structuredClone')?.call, () => after(typed(), (bytes) => structuredClone(bytes))],
  ['snapshot', catalog.module('borrowck-runtime')?.member('snapshot')?.call, () => after(source(), (bytes) => snapshot(bytes))],
  ['transcode', catalog.module('buffer')?.member('transcode')?.call, () => after(source(), (bytes) => transcode(bytes, 'utf8', 'utf8'))],
  ['deflateSync and inflateSync', catalog.module('zlib')?.member('inflateSync')?.call, () => after(source(), (bytes) => inflateSync(deflateSync(bytes)))],
  ['Hash#digest', catalog.type('node:crypto#Hash')?.method('digest'), () => after(source(), (bytes) => createHash('md5').update(bytes).digest())],
  ['pbkdf2Sync', catalog.module('crypto')?.member('pbkdf2Sync')?.call, () => after(source(), (bytes) => pbkdf2Sync(bytes, 'x', 1, 10, 'md5'))],
  ['randomBytes', catalog.module('crypto')?.member('randomBytes')?.call, () => after(randomBytes(8), () => randomBytes(8))],
];

describe('what the catalog calls fresh', () => {
  it.each(cases)('%s is memory of its own', (_, contract, copy) => {
    expect(JSON.stringify(contract?.result)).toContain('"from":"fresh"');
    const [one, other] = copy();
    isCopyOf(one, other);
  });

  it('includes a file read twice', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'borrowck-'));
    const path = join(folder, 'file');
    writeFileSync(path, source());
    isCopyOf(readFileSync(path), readFileSync(path));
    isCopyOf(await readFile(path), await readFile(path));
    rmSync(folder, { recursive: true });
  });

  it('includes the parts of a blob', async () => {
    const bytes = typed();
    const blob = new Blob([bytes as Uint8Array<ArrayBuffer>]);
    bytes.fill(0);
    assert.equal(await blob.text(), '0123456789');
    isCopyOf(await blob.arrayBuffer(), await blob.arrayBuffer());
  });

  it('lets inputs be overwritten as soon as a digest, a cipher or a decoder has them', async () => {
    const bytes = source();
    const hash = createHash('sha256').update(bytes);
    const decoder = new StringDecoder('utf8');
    const half = Buffer.from('€').subarray(0, 2);
    decoder.write(half);
    const digest = crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>);
    bytes.fill(0);
    half.fill(0);
    assert.equal(hash.digest('hex'), createHash('sha256').update(source()).digest('hex'));
    assert.equal(decoder.write(Buffer.from('€').subarray(2)), '€');
    assert.equal(Buffer.from(await digest).toString('hex'), createHash('sha256').update(source()).digest('hex'));
  });
});
