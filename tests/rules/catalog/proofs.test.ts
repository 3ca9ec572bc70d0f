import { describe, expect, it } from 'vitest';
import { catalogModules } from '../../../rules/catalog/index.js';
import { claimsOf } from './claims.js';
import { byteProofs } from './proofs/bytes.js';
import { fileProofs } from './proofs/files.js';
import { networkProofs } from './proofs/network.js';
import { packageProofs, unprovedPackages } from './proofs/packages.js';
import { runtimeProofs } from './proofs/runtime.js';
import { streamProofs } from './proofs/streams.js';

const proofs = { ...byteProofs, ...fileProofs, ...networkProofs, ...packageProofs, ...runtimeProofs, ...streamProofs };

/** Members that the oldest supported Node.js does not have: their proofs run where it does. */
const newer: ReadonlyMap<string, () => boolean> = new Map(
  Object.entries({
    'new global#Float16Array view': () => 'Float16Array' in globalThis,
    'global#DataView#setFloat16 writes': () => 'setFloat16' in DataView.prototype,
    'global#Uint8Array#setFromBase64 writes': () => 'setFromBase64' in Uint8Array.prototype,
    'global#Uint8Array#setFromHex writes': () => 'setFromHex' in Uint8Array.prototype,
    'global#ArrayBuffer#transfer transfers': () => 'transfer' in ArrayBuffer.prototype,
    'global#ArrayBuffer#transferToFixedLength transfers': () => 'transferToFixedLength' in ArrayBuffer.prototype,
  }),
);

/** Claims that nothing here can run, and what they rest on. */
const unproved: Readonly<Record<string, string>> = {
  ...unprovedPackages,
  'global#GPUBuffer#destroy releases': 'needs a GPU: WebGPU, GPUBuffer.destroy() unmaps',
  'global#GPUBuffer#getMappedRange lent': 'needs a GPU: WebGPU, GPUBuffer.getMappedRange()',
  'global#GPUBuffer#unmap releases': 'needs a GPU: WebGPU, GPUBuffer.unmap() detaches all mapped ranges',
  'global#postMessage transfers': 'only in a browser’s worker: HTML, DedicatedWorkerGlobalScope.postMessage, StructuredSerializeWithTransfer',
  'global#Worker#postMessage transfers': 'only in browsers: HTML, Worker.postMessage, StructuredSerializeWithTransfer',
  'node:worker_threads#postMessageToThread transfers': 'needs Node.js 22.5: its transferList is that of worker.postMessage',
  'node:zlib#zstdCompress keeps': 'needs Node.js 22.15: the same asynchronous zlib stream as the other codecs',
  'node:zlib#zstdDecompress keeps': 'needs Node.js 22.15: the same asynchronous zlib stream as the other codecs',
};

const claims = claimsOf(catalogModules);

describe('what the catalog claims about memory', () => {
  for (const [claim, prove] of Object.entries(proofs)) {
    const isAvailable = newer.get(claim);
    if (isAvailable === undefined || isAvailable()) it(claim, prove);
  }

  it('is proved, or listed with the reason why it is not', () => {
    const missing = [...claims].filter((claim) => !Object.hasOwn(proofs, claim) && !Object.hasOwn(unproved, claim));
    expect(missing).toEqual([]);
  });

  it('is what the proofs are about', () => {
    const idle = [...Object.keys(proofs), ...Object.keys(unproved)].filter((claim) => !claims.has(claim.replace(/ \(.*\)$/, '')));
    expect(idle).toEqual([]);
    expect(Object.keys(unproved).filter((claim) => Object.hasOwn(proofs, claim))).toEqual([]);
  });
});
