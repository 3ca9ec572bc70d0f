import type { ApiData, ContractData, ModuleData, TypeData } from '../engine/contracts/catalog-format.js';
import { each, fresh, functions, gives, primitive, reads, self, viewOf, writesThis, written } from './shorthand.js';

/** `Buffer`, as a global and as an export of `node:buffer`. */

/** A buffer's memory is viewed; a number, string, view, array or array-like is copied. */
const fromAnything: ContractData = {
  result: {
    from: 'choice',
    of: 0,
    when: { buffer: viewOf(0, 'Buffer', { start: 1, length: 2 }) },
    otherwise: fresh('Buffer'),
  },
};
const makesBuffer = gives(fresh('Buffer'));

const bufferApi: ApiData = {
  call: fromAnything,
  construct: fromAnything,
  type: 'global#Buffer',
  members: {
    from: { call: fromAnything },
    ...functions('alloc allocUnsafe allocUnsafeSlow concat copyBytesFrom of', makesBuffer),
    ...functions('byteLength compare isBuffer isEncoding', reads),
    ...each('BYTES_PER_ELEMENT poolSize', { value: primitive } satisfies ApiData),
  },
};

/** `write…(value, offset)`: how many bytes each writes. */
const fixedWidthWrites = [
  [1, 'writeInt8 writeUInt8 writeUint8'],
  [2, 'writeInt16BE writeInt16LE writeUInt16BE writeUInt16LE writeUint16BE writeUint16LE'],
  [4, 'writeInt32BE writeInt32LE writeUInt32BE writeUInt32LE writeUint32BE writeUint32LE writeFloatBE writeFloatLE'],
  [
    8,
    `writeBigInt64BE writeBigInt64LE writeBigUInt64BE writeBigUInt64LE writeBigUint64BE writeBigUint64LE writeDoubleBE
     writeDoubleLE`,
  ],
] as const;

const bufferType: TypeData = {
  view: 'Buffer',
  extends: 'global#Uint8Array',
  methods: {
    ...Object.assign({}, ...fixedWidthWrites.map(([count, names]) => each(names, writesThis(primitive, { start: 1, count })))),
    ...each('writeIntBE writeIntLE writeUIntBE writeUIntLE writeUintBE writeUintLE', writesThis(primitive, { start: 1, length: 2 })),
    // write(string, encoding), write(string, offset, encoding), write(string, offset, length, encoding)
    ...each('write asciiWrite base64Write base64urlWrite hexWrite latin1Write ucs2Write utf8Write', writesThis(primitive, { start: 1, length: 2 })),
    fill: writesThis(self, { start: 1, end: 2 }),
    ...each('swap16 swap32 swap64', writesThis(self)),
    copy: { parameters: [written({ start: 1 })], result: primitive },
    // Unlike Uint8Array#slice.
    slice: gives(viewOf('this', 'Buffer', { start: 0, end: 1 })),
    subarray: gives(viewOf('this', 'Buffer', { start: 0, end: 1 })),
    ...each(
      `readInt8 readUInt8 readUint8 readInt16BE readInt16LE readUInt16BE readUInt16LE readUint16BE readUint16LE readInt32BE
       readInt32LE readUInt32BE readUInt32LE readUint32BE readUint32LE readBigInt64BE readBigInt64LE readBigUInt64BE
       readBigUInt64LE readBigUint64BE readBigUint64LE readDoubleBE readDoubleLE readFloatBE readFloatLE readIntBE readIntLE
       readUIntBE readUIntLE readUintBE readUintLE`,
      reads,
    ),
    ...each('asciiSlice base64Slice base64urlSlice hexSlice latin1Slice ucs2Slice utf8Slice', reads),
    ...each('compare equals includes indexOf inspect lastIndexOf toJSON toLocaleString toString', reads),
  },
  properties: { parent: viewOf('this', 'ArrayBuffer'), offset: primitive },
};

export const globalBuffer: ModuleData = {
  module: 'global',
  exports: { Buffer: bufferApi },
  types: { Buffer: bufferType },
};

export const nodeBuffer: ModuleData = {
  module: 'node:buffer',
  aliases: ['buffer'],
  exports: {
    Buffer: bufferApi,
    SlowBuffer: { call: makesBuffer, construct: makesBuffer, type: 'global#Buffer' },
    Blob: { type: 'global#Blob' },
    File: { type: 'global#File' },
    transcode: { call: makesBuffer },
    ...functions('atob btoa isAscii isUtf8', reads),
    resolveObjectURL: { call: gives({ from: 'instance', type: 'global#Blob' }) },
    ...each('INSPECT_MAX_BYTES constants kMaxLength kStringMaxLength', { value: primitive } satisfies ApiData),
  },
};
