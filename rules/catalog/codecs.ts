import type { ContractData, ModuleData } from '../engine/contracts/catalog-format.js';
import { classes, each, fresh, gives, instance, lent, promise, reads, unknown } from './shorthand.js';

/** Packages that encode into memory which they use again. */

const reuses = { reuses: true };

const packs: ContractData = gives(fresh('Buffer'));

const decodes: ContractData = gives(unknown);

export const msgpackr: ModuleData = {
  module: 'msgpackr',
  exports: { ...classes('Packr Encoder Unpackr Decoder'), ...each('pack encode', { call: packs }), ...each('unpack decode', { call: decodes }) },
  types: {
    Unpackr: { methods: each('unpack decode unpackMultiple', decodes) },
    Decoder: { extends: 'Unpackr' },
    Packr: { extends: 'Unpackr', methods: { ...each('pack encode', packs), useBuffer: { parameters: [{ keeps: 'forever' }], result: unknown } } },
    Encoder: { extends: 'Packr' },
  },
};

export const cborX: ModuleData = {
  module: 'cbor-x',
  exports: { ...classes('Encoder Decoder'), encode: { call: packs }, decode: { call: decodes } },
  types: { Decoder: { methods: each('decode decodeMultiple', decodes) }, Encoder: { extends: 'Decoder', methods: { encode: packs } } },
};

export const msgpack: ModuleData = {
  module: '@msgpack/msgpack',
  exports: { ...classes('Encoder Decoder'), encode: { call: gives(fresh('Uint8Array')) }, decode: { call: decodes } },
  types: {
    Encoder: { methods: { encodeSharedRef: { receiver: reuses, result: lent('next call', 'Uint8Array') }, encode: { receiver: reuses, result: fresh('Uint8Array') } } },
    Decoder: { methods: each('decode decodeAsync', decodes) },
  },
};

export const flatbuffers: ModuleData = {
  module: 'flatbuffers',
  exports: classes('Builder ByteBuffer'),
  types: {
    Builder: {
      methods: {
        asUint8Array: gives(lent('close', 'Uint8Array')),
        clear: { receiver: reuses, result: unknown },
        ...each('createString createSharedString finish finishSizePrefixed startObject endObject startVector endVector', reads),
      },
    },
    ByteBuffer: { methods: { bytes: gives(unknown) } },
  },
};

export const wasmMediaEncoders: ModuleData = {
  module: 'wasm-media-encoders',
  exports: each('createEncoder createMp3Encoder createOggEncoder', { call: gives(promise(instance('WasmMediaEncoder'))) }),
  types: {
    WasmMediaEncoder: { methods: { ...each<ContractData>('encode finalize', { receiver: reuses, result: lent('next call', 'Uint8Array') }), configure: { receiver: reuses, result: unknown } } },
  },
};
