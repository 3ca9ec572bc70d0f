import type { ApiData, ContractData, ModuleData } from '../engine/contracts/catalog-format.js';
import { completes, each, fresh, functions, gives, instance, opaque, place, primitive, reads, self, written, writtenUntilSettled } from './shorthand.js';
import { withBlocking } from './synchronous.js';

/** Digests, ciphers and random bytes: results are new memory, inputs are copied or consumed before the call returns. */

const makes = (type: string): ContractData => gives(instance(type));
const bytes = gives(fresh('Buffer'));
const bytesLater: ContractData = { completion: completes(opaque, fresh('Buffer')), result: fresh('Buffer') };
const constants = (names: string): { readonly [name: string]: ApiData } => each(names, { value: opaque });

export const nodeCrypto: ModuleData = {
  module: 'node:crypto',
  aliases: ['crypto'],
  exports: withBlocking('node:crypto', {
    // randomFill(buffer, offset, size, callback)
    randomFill: { call: { parameters: [writtenUntilSettled({ start: 1, length: 2 })], completion: completes(opaque, place(0)), result: primitive } },
    randomFillSync: { call: { parameters: [written({ start: 1, length: 2 })], result: place(0) } },
    getRandomValues: { call: { parameters: [written()], result: place(0) } },
    ...functions('randomBytes pseudoRandomBytes prng rng', bytesLater),
    ...functions('hkdf pbkdf2 scrypt argon2', { completion: completes(opaque, fresh()), result: primitive }),
    hkdfSync: { call: gives(fresh('ArrayBuffer')) },
    ...functions('pbkdf2Sync scryptSync argon2Sync', bytes),
    ...functions('privateDecrypt privateEncrypt publicDecrypt publicEncrypt', bytes),
    ...functions('diffieHellman sign encapsulate decapsulate', { completion: completes(opaque, fresh('Buffer')), result: fresh('Buffer') }),
    hash: { call: bytes },
    createHash: { call: makes('Hash') },
    createHmac: { call: makes('Hmac') },
    ...functions('createCipheriv createCipher', makes('Cipheriv')),
    ...functions('createDecipheriv createDecipher', makes('Decipheriv')),
    createSign: { call: makes('Sign') },
    createVerify: { call: makes('Verify') },
    ...functions('createDiffieHellman createDiffieHellmanGroup createECDH getDiffieHellman', makes('KeyExchange')),
    ...functions('createPrivateKey createPublicKey createSecretKey', makes('KeyObject')),
    ...functions('generateKey generateKeyPair generatePrime', { completion: completes(opaque, opaque, opaque), result: primitive }),
    ...functions('generateKeyPairSync generateKeySync generatePrimeSync', gives(opaque)),
    ...functions('checkPrime randomInt verify', { completion: completes(opaque, primitive), result: primitive }),
    ...functions('checkPrimeSync getFips randomUUID randomUUIDv7 secureHeapUsed setEngine setFips timingSafeEqual', reads),
    ...functions('getCipherInfo getCiphers getCurves getHashes', gives(opaque)),
    Hash: { call: makes('Hash'), type: 'Hash' },
    Hmac: { call: makes('Hmac'), type: 'Hmac' },
    ...each('Cipheriv Cipher', { type: 'Cipheriv' } satisfies ApiData),
    ...each('Decipheriv Decipher', { type: 'Decipheriv' } satisfies ApiData),
    Sign: { type: 'Sign' },
    Verify: { type: 'Verify' },
    ...each('DiffieHellman DiffieHellmanGroup ECDH', { type: 'KeyExchange' } satisfies ApiData),
    KeyObject: { type: 'KeyObject' },
    webcrypto: { value: instance('global#Crypto') },
    subtle: { value: instance('global#SubtleCrypto') },
    ...constants('Certificate X509Certificate constants fips'),
  }),
  types: {
    // Node's declarations of the web's interfaces.
    Crypto: { extends: 'global#Crypto' },
    SubtleCrypto: { extends: 'global#SubtleCrypto' },
    // They take in what they are given before `write` returns, and there is never anything to wait for.
    Hash: { extends: 'node:stream#Transform', methods: { update: gives(self), digest: bytes, copy: makes('Hash'), write: reads } },
    Hmac: { extends: 'node:stream#Transform', methods: { update: gives(self), digest: bytes, write: reads } },
    Cipheriv: {
      extends: 'node:stream#Transform',
      methods: { ...each('update final getAuthTag', bytes), ...each('setAAD setAutoPadding', gives(self)) },
    },
    Decipheriv: {
      extends: 'node:stream#Transform',
      methods: { update: bytes, final: { ...bytes, throwsOnInput: true }, ...each('setAAD setAuthTag setAutoPadding', gives(self)) },
    },
    ...each('Cipher CipherGCM CipherCCM CipherOCB CipherChaCha20Poly1305', { extends: 'Cipheriv' }),
    ...each('Decipher DecipherGCM DecipherCCM DecipherOCB DecipherChaCha20Poly1305', { extends: 'Decipheriv' }),
    Sign: { extends: 'node:stream#Writable', methods: { update: gives(self), sign: bytes, write: reads } },
    Verify: { extends: 'node:stream#Writable', methods: { update: gives(self), verify: reads, write: reads } },
    KeyExchange: {
      methods: {
        ...each('computeSecret generateKeys getGenerator getPrime getPrivateKey getPublicKey', bytes),
        ...each('setPrivateKey setPublicKey', reads),
      },
      properties: { verifyError: primitive },
    },
    ...each('DiffieHellman DiffieHellmanGroup ECDH', { extends: 'KeyExchange' }),
    KeyObject: {
      methods: { export: bytes, equals: reads, toCryptoKey: gives(opaque) },
      properties: each('asymmetricKeyType symmetricKeySize type', primitive),
    },
  },
};
