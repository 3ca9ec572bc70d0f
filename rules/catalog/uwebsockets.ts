import type { ContractData, ModuleData } from '../engine/contracts/catalog-format.js';
import type { ParameterEffect, Source } from '../engine/contracts/contract.js';
import { each, gives, instance, lent, opaque, primitive, reads, self, unknown } from './shorthand.js';

/** Its memory is native: a message or chunk is gone when the handler has returned, which an async one does at its first `await`. */
const message = lent('first await', 'ArrayBuffer');
/** The request lives on the stack of the call. */
const request: Source = { from: 'lent', until: 'first await', of: instance('HttpRequest') };

const calls = (...given: readonly Source[]): ParameterEffect => ({ keeps: 'forever', callback: { when: 'later', times: 'many', arguments: given, entry: 'handler' } });

const route: ContractData = { parameters: [null, calls(instance('HttpResponse'), request)], result: self };

const behavior: ParameterEffect = {
  properties: {
    upgrade: calls(instance('HttpResponse'), request, opaque),
    open: calls(instance('WebSocket')),
    drain: calls(instance('WebSocket')),
    message: calls(instance('WebSocket'), message, primitive),
    dropped: calls(instance('WebSocket'), message, primitive),
    ping: calls(instance('WebSocket'), message),
    pong: calls(instance('WebSocket'), message),
    close: calls(instance('WebSocket'), primitive, message),
    subscription: calls(instance('WebSocket'), message, primitive, primitive),
  },
};

const address = gives(message);

/** Installed from GitHub. */
export const uwebsockets: ModuleData = {
  module: 'uWebSockets.js',
  exports: each('App SSLApp H3App', { call: gives(instance('TemplatedApp')) }),
  types: {
    TemplatedApp: {
      methods: {
        ...each('any connect del get head options patch post put trace', route),
        ws: { parameters: [null, behavior], result: self },
        ...each('addServerName domain filter listen listen_unix missingServerName publish removeServerName', gives(self)),
        ...each('close numSubscribers', reads),
      },
    },
    HttpRequest: { methods: each('forEach getCaseSensitiveMethod getHeader getMethod getParameter getQuery getUrl setYield', reads) },
    HttpResponse: {
      methods: {
        onData: { parameters: [calls(message, primitive)], result: self },
        onDataV2: { parameters: [calls(message, primitive)], result: self },
        onAborted: { parameters: [calls()], result: self },
        onWritable: { parameters: [calls(primitive)], result: self },
        cork: { parameters: [{ callback: { when: 'now', times: 'once', arguments: [] } }], result: self },
        // What is written is copied, or sent at once.
        ...each('end endWithoutBody pause resume tryEnd write writeHeader writeStatus', reads),
        ...each('getProxiedRemoteAddress getProxiedRemoteAddressAsText getRemoteAddress getRemoteAddressAsText', address),
        upgrade: gives(unknown),
      },
    },
    WebSocket: {
      methods: {
        ...each('close end isSubscribed ping publish send subscribe unsubscribe', reads),
        ...each('getRemoteAddress getRemoteAddressAsText', address),
        cork: { parameters: [{ callback: { when: 'now', times: 'once', arguments: [] } }], result: self },
      },
    },
  },
};
