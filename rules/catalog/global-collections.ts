import type { ApiData, ContractData, ModuleData, TypeData } from '../engine/contracts/catalog-format.js';
import type { CallbackUse, ParameterEffect, Source } from '../engine/contracts/contract.js';
import { callsLater, callsNow, each, elementOfThis, elementsOfThis, functions, gives, iterable, opaque, place, primitive, promise, reads, self, unknown } from './shorthand.js';

/**
 * The language's containers: what goes in comes out. Elements are told apart only by their container. A promise is a container of
 * what it settles to.
 */

const stored: ParameterEffect = { storedIn: 'this' };
/** `(element, index, container)` */
const visit = (returns?: CallbackUse['returns']): ParameterEffect => callsNow([elementOfThis, primitive, self], returns);
const pairsOfThis: Source = iterable({ from: 'container', elementsOf: ['this'] });
const compares = callsNow([elementOfThis, elementOfThis]);
const folds: ContractData = {
  parameters: [
    {
      callback: {
        when: 'now',
        times: 'many',
        arguments: [{ from: 'choice', of: 1, when: { absent: elementOfThis }, otherwise: place(1) }, elementOfThis, primitive, self],
        returns: 'accumulator',
      },
    },
  ],
  result: { from: 'choice', of: 1, when: { absent: elementOfThis }, otherwise: place(1) },
};

const array: TypeData = {
  methods: {
    push: { rest: stored, result: primitive },
    unshift: { rest: stored, result: primitive },
    ...each('at pop shift', gives(elementOfThis)),
    ...each('find findLast', { parameters: [visit()], result: elementOfThis }),
    ...each('every findIndex findLastIndex forEach some', { parameters: [visit()], result: primitive }),
    ...each('includes indexOf join lastIndexOf toLocaleString toString', reads),
    filter: { parameters: [visit()], result: elementsOfThis },
    ...each('map flatMap', { parameters: [visit('element')], result: { from: 'container' } }),
    ...each('flat slice toReversed toSpliced', gives(elementsOfThis)),
    toSorted: { parameters: [compares], result: elementsOfThis },
    with: gives({ from: 'container', elementsOf: ['this'], holding: [1] }),
    concat: gives({ from: 'container', elementsOf: ['this', 0, 1, 2, 3] }),
    splice: { parameters: [null, null], rest: stored, result: elementsOfThis },
    fill: { parameters: [stored], result: self },
    ...each('copyWithin reverse', gives(self)),
    sort: { parameters: [compares], result: self },
    ...each('reduce reduceRight', folds),
    entries: gives(pairsOfThis),
    keys: gives(iterable(primitive)),
    ...each('values [Symbol.iterator]', gives(iterable(elementOfThis))),
  },
  properties: { length: primitive },
};

const map: TypeData = {
  methods: {
    ...each('clear delete has', reads),
    get: gives(elementOfThis),
    getOrInsert: { parameters: [null, stored], result: elementOfThis },
    set: { parameters: [stored, stored], result: self },
    forEach: { parameters: [callsNow([elementOfThis, elementOfThis, self])], result: primitive },
    ...each('entries [Symbol.iterator]', gives(pairsOfThis)),
    ...each('keys values', gives(iterable(elementOfThis))),
  },
  properties: { size: primitive },
};

const set: TypeData = {
  methods: {
    ...each('clear delete has isDisjointFrom isSubsetOf isSupersetOf', reads),
    add: { parameters: [stored], result: self },
    forEach: { parameters: [callsNow([elementOfThis, elementOfThis, self])], result: primitive },
    ...each('difference intersection symmetricDifference union', gives(elementsOfThis)),
    entries: gives(pairsOfThis),
    ...each('keys values [Symbol.iterator]', gives(iterable(elementOfThis))),
  },
  properties: { size: primitive },
};

/** A handler of a promise: called once, later; what it returns is what the next promise settles to. */
function handles(on: 'fulfilled' | 'rejected', given: Source): ParameterEffect {
  return { keeps: 'settle', callback: { when: 'later', times: 'once', arguments: [given], returns: 'element', entry: 'promise', on } };
}

const promiseType: TypeData = {
  methods: {
    then: { parameters: [handles('fulfilled', elementOfThis), handles('rejected', opaque)], result: promise(primitive) },
    catch: { parameters: [handles('rejected', opaque)], result: promise(elementOfThis) },
    finally: { parameters: [{ keeps: 'settle', callback: { when: 'later', times: 'once', arguments: [], entry: 'promise' } }], result: promise(elementOfThis) },
  },
};

/** Lazy: each function runs while the result is consumed. */
const iteratorType: TypeData = {
  methods: {
    next: gives({ from: 'object', properties: { value: elementOfThis, done: primitive } }),
    ...each('return throw', gives(opaque)),
    ...each('drop take [Symbol.iterator] [Symbol.asyncIterator]', gives(self)),
    filter: { parameters: [visit()], result: self },
    ...each('map flatMap', { parameters: [visit('element')], result: { from: 'container' } }),
    toArray: gives(elementsOfThis),
    ...each('every forEach some', { parameters: [visit()], result: primitive }),
    find: { parameters: [visit()], result: elementOfThis },
    reduce: folds,
  },
};

function callsAt(times: 'once' | 'many', ...given: readonly Source[]): ParameterEffect {
  return { keeps: 'forever', callback: { when: 'later', times, arguments: given, entry: 'timer' } };
}

/** `setTimeout(callback, delay, ...args)` passes its further arguments on. */
const timers: ModuleData['exports'] = {
  setTimeout: { call: { parameters: [callsAt('once', place(2), place(3))], rest: { keeps: 'settle' }, result: opaque } },
  setInterval: { call: { parameters: [callsAt('many', place(2), place(3))], rest: { keeps: 'forever' }, result: opaque } },
  setImmediate: { call: { parameters: [callsAt('once', place(1), place(2))], rest: { keeps: 'settle' }, result: opaque } },
  ...functions('clearTimeout clearInterval clearImmediate', reads),
};

export const globalCollections: ModuleData = {
  module: 'global',
  exports: {
    Array: {
      call: gives({ from: 'container', holding: [0, 1, 2, 3] }),
      construct: gives({ from: 'container', holding: [0, 1, 2, 3] }),
      type: 'Array',
      members: {
        from: { call: { parameters: [null, callsNow([{ from: 'element', of: 0 }, primitive], 'element')], result: { from: 'container', elementsOf: [0] } } },
        fromAsync: {
          call: {
            parameters: [null, callsNow([{ from: 'element', of: 0 }, primitive], 'element')],
            result: promise({ from: 'container', elementsOf: [0] }),
          },
        },
        of: { call: gives({ from: 'container', holding: [0, 1, 2, 3] }) },
        isArray: { call: reads },
      },
    },
    ...Object.fromEntries(['Map', 'Set'].map((type) => [type, { construct: gives({ from: 'container', elementsOf: [0] }), type }])),
    ...Object.fromEntries(['WeakMap', 'WeakSet'].map((type) => [type, { construct: gives({ from: 'container', elementsOf: [0] }), type }])),
    WeakRef: { construct: gives({ from: 'container', holding: [0] }), type: 'WeakRef' },
    Promise: {
      type: 'Promise',
      members: {
        ...functions('all allSettled', gives({ from: 'promise', of: { from: 'container', elementsOf: [0] }, joins: 0 })),
        ...functions('any race', gives(promise({ from: 'element', of: 0 }))),
        resolve: { call: gives(promise(place(0))) },
        reject: { call: gives(promise(primitive)) },
      },
    },
    Iterator: { type: 'Iterator', members: { from: { call: gives(place(0)) } } },
    Object: {
      members: {
        assign: { call: { parameters: [null], rest: { storedIn: 0 }, result: place(0) } },
        ...functions('defineProperties defineProperty freeze preventExtensions seal setPrototypeOf', gives(place(0))),
        values: { call: gives({ from: 'container', elementsOf: [0] }) },
        ...functions('entries fromEntries', gives({ from: 'container', elementsOf: [0] })),
        groupBy: { call: { parameters: [null, callsNow([{ from: 'element', of: 0 }, primitive])], result: { from: 'container', elementsOf: [0] } } },
        ...functions('getOwnPropertyNames getOwnPropertySymbols keys', gives({ from: 'container' })),
        ...functions('hasOwn is isExtensible isFrozen isSealed', reads),
        ...functions('create getOwnPropertyDescriptor getOwnPropertyDescriptors getPrototypeOf', gives(unknown)),
      },
    },
    JSON: { members: { stringify: { call: reads }, parse: { call: { result: opaque, throwsOnInput: true } }, isRawJSON: { call: reads }, rawJSON: { call: gives(opaque) } } },
    Math: {
      members: functions(
        `abs acos acosh asin asinh atan atan2 atanh cbrt ceil clz32 cos cosh exp expm1 f16round floor fround hypot imul log log10 log1p
         log2 max min pow random round sign sin sinh sqrt tan tanh trunc`,
        reads,
      ),
    },
    Number: { call: reads, members: functions('isFinite isInteger isNaN isSafeInteger parseFloat parseInt', reads) },
    String: { call: reads, members: functions('fromCharCode fromCodePoint raw', reads) },
    URL: { construct: { result: opaque, throwsOnInput: true, vettedBy: 'global#URL.canParse' }, members: { canParse: { call: reads }, parse: { call: gives(opaque) } } },
    ...functions('decodeURI decodeURIComponent', { ...reads, throwsOnInput: true }),
    Symbol: {
      call: reads,
      members: {
        ...functions('for keyFor', reads),
        ...each(
          `asyncDispose asyncIterator dispose hasInstance isConcatSpreadable iterator match matchAll replace search species split
           toPrimitive toStringTag unscopables`,
          { value: primitive } satisfies ApiData,
        ),
      },
    },
    ...functions('BigInt Boolean encodeURI encodeURIComponent isFinite isNaN parseFloat parseInt', reads),
    console: {
      members: functions('assert count countReset debug dir dirxml error group groupCollapsed groupEnd info log table time timeEnd timeLog trace warn', reads),
    },
    ...timers,
    ...functions('requestAnimationFrame requestIdleCallback', { parameters: [callsLater('once', [])], result: primitive }),
    ...functions('queueMicrotask', { parameters: [{ keeps: 'forever', callback: { when: 'later', times: 'once', arguments: [], isMicrotask: true } }], result: primitive }),
  },
  types: {
    Array: array,
    ReadonlyArray: { extends: 'Array' },
    Map: map,
    ReadonlyMap: { extends: 'Map' },
    WeakMap: { extends: 'Map' },
    Set: set,
    ReadonlySet: { extends: 'Set' },
    WeakSet: { extends: 'Set' },
    WeakRef: { methods: { deref: gives(elementOfThis) } },
    Promise: promiseType,
    Iterator: iteratorType,
    ...each('Generator IterableIterator AsyncGenerator AsyncIterator AsyncIterableIterator ArrayIterator MapIterator SetIterator IteratorObject', {
      extends: 'Iterator',
    } satisfies TypeData),
  },
};

export const nodeTimers: ModuleData = { module: 'node:timers', aliases: ['timers'], exports: timers };

/** A promised timer settles with the value it was given. */
export const nodeTimersPromises: ModuleData = {
  module: 'node:timers/promises',
  aliases: ['timers/promises'],
  exports: {
    setTimeout: { call: gives(promise(place(1))) },
    setImmediate: { call: gives(promise(place(0))) },
    setInterval: { call: gives(iterable(place(1), true)) },
    scheduler: { members: functions('wait yield', gives(promise(primitive))) },
  },
};
