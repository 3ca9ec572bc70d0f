import type { ApiData, ContractData, ModuleData } from '../engine/contracts/catalog-format.js';
import type { Source } from '../engine/contracts/contract.js';
import { callsLater, each, functions, gives, handedOut, instance, iterable, opaque, primitive, promise, reads, self, unknown } from './shorthand.js';

/** Emitters. A listener may keep what it is given, so emitting hands it out. */

/**
 * The methods that add and drop a listener.
 *
 * @param event - what listeners are given
 */
export function listening(...event: readonly Source[]): { readonly [name: string]: ContractData } {
  return {
    ...each('addListener on prependListener', { parameters: [null, callsLater('many', event)], result: self, drains: ['this'] } satisfies ContractData),
    ...each('once prependOnceListener', { parameters: [null, callsLater('once', event)], result: self, drains: ['this'] } satisfies ContractData),
  };
}

const emitterMembers: { readonly [name: string]: ApiData } = {
  // Emitters do not wait; streams among them have nothing in flight when they say so.
  once: { call: { ...gives(promise({ from: 'container' })), drains: [0] } },
  on: {
    call: {
      ...gives(iterable(unknown, true)),
      queue: { does: 'open', holds: 'events', bound: { argument: 2, property: 'highWaterMark' }, isUnlimitedByDefault: true, isBoundedElsewhere: true, example: '1024', advice: 'Give `highWaterMark`, which pauses an emitter that has `pause()` and `resume()`' },
    },
  },
  ...functions('getEventListeners getMaxListeners listenerCount setMaxListeners', reads),
  addAbortListener: { call: { parameters: [null, callsLater('once', [opaque])], result: opaque } },
  ...each('captureRejectionSymbol captureRejections defaultMaxListeners errorMonitor', { value: primitive } satisfies ApiData),
};

const emitterApi: ApiData = { type: 'node:events#EventEmitter', members: emitterMembers };

export const nodeEvents: ModuleData = {
  module: 'node:events',
  aliases: ['events'],
  default: emitterApi,
  exports: {
    EventEmitter: emitterApi,
    EventEmitterAsyncResource: { construct: gives(instance('EventEmitter')), type: 'EventEmitter' },
    ...emitterMembers,
  },
  types: {
    EventEmitter: {
      methods: {
        emit: { parameters: [null], rest: handedOut('emit'), result: primitive },
        ...listening(unknown),
        ...each('off removeAllListeners removeListener setMaxListeners', gives(self)),
        ...each('getMaxListeners listenerCount', reads),
        ...each('eventNames listeners rawListeners', gives(opaque)),
      },
    },
  },
};
