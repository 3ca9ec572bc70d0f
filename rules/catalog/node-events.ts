import type { ApiData, ContractData, ModuleData } from '../engine/contracts/catalog-format.js';
import type { CallbackUse, Source } from '../engine/contracts/contract.js';
import { callsLater, each, functions, gives, handedOut, instance, iterable, opaque, primitive, promise, reads, self, unknown } from './shorthand.js';

/** Emitters. A listener may keep what it is given, so emitting hands it out. */

/**
 * The methods that add and drop a listener.
 *
 * @param event - what listeners are given
 */
export function listening(...event: readonly Source[]): { readonly [name: string]: ContractData } {
  return listeningFor(event, {});
}

/**
 * The same of what serves others: it says when it begins, and when it has stopped.
 *
 * @param event - what listeners are given
 */
export function serving(...event: readonly Source[]): { readonly [name: string]: ContractData } {
  return listeningFor(event, { outOfService: ['listening', 'close'] });
}

function listeningFor(event: readonly Source[], told: Pick<CallbackUse, 'outOfService'>): { readonly [name: string]: ContractData } {
  const calls = (times: CallbackUse['times']): ContractData => ({ parameters: [null, { keeps: 'forever', callback: { when: 'later', times, arguments: event, ...told } }], result: self, drains: ['this'] });
  return { ...each('addListener on prependListener', calls('many')), ...each('once prependOnceListener', calls('once')) };
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
