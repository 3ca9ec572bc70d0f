import type { ApiData, ModuleData } from '../engine/contracts/catalog-format.js';
import { callsLater, each, functions, gives, instance, opaque, place, primitive, reads, unknown } from './shorthand.js';

/** Small modules that take bytes and give text, or functions and give functions. */

export const nodeUtil: ModuleData = {
  module: 'node:util',
  aliases: ['util'],
  exports: {
    // What the function does with bytes, the promised one does as well: that is not to be said in a contract.
    ...functions('callbackify debuglog debug deprecate promisify', gives(unknown)),
    ...functions(
      `convertProcessSignalToExitCode format formatWithOptions getSystemErrorMessage getSystemErrorName inspect isArray isBoolean
       isBuffer isDate isDeepStrictEqual isError isFunction isNull isNullOrUndefined isNumber isObject isPrimitive isRegExp isString
       isSymbol isUndefined log setTraceSigInt stripVTControlCharacters styleText toUSVString inherits`,
      reads,
    ),
    ...functions('diff getCallSites getSystemErrorMap parseArgs parseEnv transferableAbortController transferableAbortSignal aborted', gives(opaque)),
    TextDecoder: { type: 'global#TextDecoder' },
    TextEncoder: { type: 'global#TextEncoder' },
    types: {
      members: functions(
        `isAnyArrayBuffer isArgumentsObject isArrayBuffer isArrayBufferView isAsyncFunction isBigInt64Array isBigIntObject
         isBigUint64Array isBooleanObject isBoxedPrimitive isCryptoKey isDataView isDate isExternal isFloat16Array isFloat32Array
         isFloat64Array isGeneratorFunction isGeneratorObject isInt16Array isInt32Array isInt8Array isKeyObject isMap isMapIterator
         isModuleNamespaceObject isNativeError isNumberObject isPromise isProxy isRegExp isSet isSetIterator isSharedArrayBuffer
         isStringObject isSymbolObject isTypedArray isUint16Array isUint32Array isUint8Array isUint8ClampedArray isWeakMap isWeakSet`,
        reads,
      ),
    },
    ...each('MIMEParams MIMEType', { value: opaque } satisfies ApiData),
  },
};

export const nodeStringDecoder: ModuleData = {
  module: 'node:string_decoder',
  aliases: ['string_decoder'],
  exports: { StringDecoder: { type: 'StringDecoder' } },
  // An incomplete character is copied into the decoder.
  types: { StringDecoder: { methods: each('end write', reads), properties: each('encoding', primitive) } },
};

/** The process object: its streams, and its queue of callbacks. */
const processMembers: { readonly [name: string]: ApiData } = {
  ...each('stderr stdin stdout', { value: instance('node:net#Socket') } satisfies ApiData),
  nextTick: { call: { parameters: [callsLater('once', [place(1), place(2)])], rest: { keeps: 'settle' }, result: primitive } },
  ...functions('addListener on once prependListener prependOnceListener', { parameters: [null, callsLater('many', [unknown])], result: unknown }),
  ...functions('chdir cpuUsage cwd emitWarning hrtime kill memoryUsage umask uptime', reads),
  ...functions('abort exit reallyExit', { ...reads, endsProcess: true }),
};

export const nodeProcess: ModuleData = {
  module: 'node:process',
  aliases: ['process'],
  exports: processMembers,
  types: { Process: { extends: 'node:events#EventEmitter' } },
};

export const globalProcess: ModuleData = {
  module: 'global',
  exports: { process: { members: processMembers } },
  types: { 'NodeJS.Process': { extends: 'node:process#Process' } },
};
