import type { ApiData, ContractData, ModuleData, TypeData } from '../engine/contracts/catalog-format.js';
import type { ViewType } from '../engine/contracts/contract.js';
import { callsNow, cloned, each, fresh, functions, gives, instance, iterable, opaque, place, primitive, promise, reads, readsLater, self, unknown, viewOf, written, writesThis } from './shorthand.js';

/** Memory and views of it, as the language and the web platform define them. */

/** A typed array's constructor: a view of a buffer, otherwise memory of its own (a length, or elements that are copied). */
function typedArray(type: ViewType): ApiData {
  return {
    construct: {
      result: { from: 'choice', of: 0, when: { buffer: viewOf(0, type, { start: 1, length: 2 }) }, otherwise: fresh(type) },
    },
    type,
    members: {
      BYTES_PER_ELEMENT: { value: primitive },
      from: { call: { parameters: [null, callsNow([primitive, primitive])], result: fresh(type) } },
      of: { call: gives(fresh(type)) },
      // Uint8Array only.
      ...(type === 'Uint8Array' && functions('fromBase64 fromHex', gives(fresh(type)))),
    },
  };
}

const visits = callsNow([primitive, primitive, self]);
const mutators: { readonly [name: string]: ContractData } = {
  copyWithin: writesThis(self, { start: 0 }),
  fill: writesThis(self, { start: 1, end: 2 }),
  reverse: writesThis(self),
  set: writesThis(primitive, { start: 1 }),
  sort: { ...writesThis(self), parameters: [callsNow([primitive, primitive])] },
};

const typedArrayType: TypeData = {
  methods: {
    ...mutators,
    ...each('at includes indexOf join lastIndexOf toLocaleString toString', reads),
    ...each('entries keys values', gives(iterable(primitive))),
    ...each('every find findIndex findLast findLastIndex forEach some', { parameters: [visits], result: primitive }),
    ...each('reduce reduceRight', {
      parameters: [{ callback: { when: 'now', times: 'many', arguments: [place(1), primitive, primitive, self], returns: 'accumulator' } }],
      result: place(1),
    }),
    ...each('filter map', { parameters: [visits], result: fresh('same') }),
    ...each('slice toReversed with', gives(fresh('same'))),
    toSorted: { parameters: [callsNow([primitive, primitive])], result: fresh('same') },
    subarray: gives(viewOf('this', undefined, { start: 0, end: 1 })),
  },
  properties: {
    buffer: viewOf('this', 'ArrayBuffer'),
    ...each('BYTES_PER_ELEMENT byteLength byteOffset length', primitive),
  },
};

const viewTypes = [
  'Uint8Array',
  'Uint8ClampedArray',
  'Int8Array',
  'Uint16Array',
  'Int16Array',
  'Uint32Array',
  'Int32Array',
  'Float16Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
] as const satisfies readonly ViewType[];

const setters = [
  [1, 'setInt8 setUint8'],
  [2, 'setInt16 setUint16 setFloat16'],
  [4, 'setInt32 setUint32 setFloat32'],
  [8, 'setFloat64 setBigInt64 setBigUint64'],
] as const;

const dataView: TypeData = {
  view: 'DataView',
  methods: {
    ...Object.assign({}, ...setters.map(([count, names]) => each(names, writesThis(primitive, { start: 0, count })))),
    ...each('getInt8 getUint8 getInt16 getUint16 getInt32 getUint32 getFloat16 getFloat32 getFloat64 getBigInt64 getBigUint64', reads),
  },
  properties: { buffer: viewOf('this', 'ArrayBuffer'), ...each('byteLength byteOffset', primitive) },
};

const freshBits: ContractData = gives(promise(fresh('ArrayBuffer')));

export const globalBytes: ModuleData = {
  module: 'global',
  exports: {
    ...Object.fromEntries(viewTypes.map((type) => [type, typedArray(type)])),
    ArrayBuffer: { construct: gives(fresh('ArrayBuffer')), type: 'ArrayBuffer', members: functions('isView', reads) },
    SharedArrayBuffer: { construct: gives(fresh('SharedArrayBuffer')), type: 'SharedArrayBuffer' },
    DataView: { construct: gives(viewOf(0, 'DataView', { start: 1, length: 2 })), type: 'DataView' },
    TextEncoder: { type: 'TextEncoder' },
    TextDecoder: { type: 'TextDecoder' },
    structuredClone: {
      call: { parameters: [cloned, { properties: { transfer: { elements: { transfers: true } } } }], result: fresh() },
    },
    atob: { call: { ...reads, throwsOnInput: true } },
    btoa: { call: reads },
    crypto: { value: instance('Crypto') },
    Blob: { type: 'Blob' },
    File: { type: 'File' },
  },
  types: {
    TypedArray: typedArrayType,
    ...Object.fromEntries(viewTypes.map((view) => [view, { view, extends: 'TypedArray' } satisfies TypeData])),
    Uint8Array: {
      view: 'Uint8Array',
      extends: 'TypedArray',
      methods: { ...each('setFromBase64 setFromHex', writesThis(opaque)), ...each('toBase64 toHex', reads) },
    },
    DataView: dataView,
    // What may be a Buffer or a Uint8Array: everything but `slice` is the same.
    AnyBytes: { extends: 'TypedArray', methods: { slice: gives(unknown) } },
    ArrayBufferView: { properties: { buffer: viewOf('this', 'ArrayBuffer'), ...each('byteLength byteOffset', primitive) } },
    ArrayBuffer: {
      view: 'ArrayBuffer',
      methods: {
        slice: gives(fresh('ArrayBuffer')),
        ...each('transfer transferToFixedLength', { receiver: { transfers: true }, result: fresh('ArrayBuffer') } satisfies ContractData),
        // Views keep showing the same bytes; only those past a smaller end are lost.
        resize: { receiver: { resizes: 0 }, result: primitive },
      },
      properties: each('byteLength detached maxByteLength resizable', primitive),
    },
    SharedArrayBuffer: {
      view: 'SharedArrayBuffer',
      methods: { slice: gives(fresh('SharedArrayBuffer')), grow: reads },
      properties: each('byteLength growable maxByteLength', primitive),
    },
    TextEncoder: {
      methods: { encode: gives(fresh('Uint8Array')), encodeInto: { parameters: [null, written()], result: opaque } },
      properties: each('encoding', primitive),
    },
    TextDecoder: { methods: { decode: reads }, properties: each('encoding fatal ignoreBOM', primitive) },
    Crypto: {
      methods: { getRandomValues: { parameters: [written()], result: place(0) }, randomUUID: reads },
      properties: { subtle: instance('SubtleCrypto') },
    },
    // Web Crypto takes a copy of every buffer before it returns.
    SubtleCrypto: {
      methods: {
        ...each('decrypt deriveBits digest encrypt exportKey sign wrapKey', freshBits),
        ...each('deriveKey generateKey importKey unwrapKey', gives(promise(opaque))),
        verify: readsLater,
      },
    },
    // A blob copies the bytes it is made of.
    Blob: {
      methods: {
        arrayBuffer: freshBits,
        bytes: gives(promise(fresh('Uint8Array'))),
        slice: gives(instance('Blob')),
        stream: gives(instance('ReadableStream')),
        text: readsLater,
      },
      properties: each('size type', primitive),
    },
    File: { extends: 'Blob', properties: each('lastModified name webkitRelativePath', primitive) },
  },
};

const atomicWrite: ContractData = { parameters: [written({ start: 1, count: 1 })], result: primitive };

/** A part of its own: `add` and `store` are methods of much else. */
export const globalAtomics: ModuleData = {
  module: 'global',
  namedBy: ['Atomics'],
  exports: {
    Atomics: {
      members: {
        ...functions('add and compareExchange exchange or store sub xor', atomicWrite),
        ...functions('isLockFree load notify pause', reads),
        wait: { call: { ...reads, blocks: { on: 'time' } } },
        // `{ async, value }`, where the value is a promise of a string.
        waitAsync: { call: gives(opaque) },
      },
    },
  },
};
