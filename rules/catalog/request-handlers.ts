import type { ApiData, ContractData, ModuleData, TypeData } from '../engine/contracts/catalog-format.js';
import { limitedMapping } from './queue-packages.js';
import { callsNow, each, gives, handlesAt, instance, primitive, self, unknown } from './shorthand.js';

/** Frameworks that call a program's functions, once for each request, message or command. */

const verbs = 'all copy delete get head lock merge mkcol move options patch post propfind proppatch purge put query search trace unlock';

/** Handlers may stand at any position, also the first. */
function routing(names: string, ...given: Parameters<typeof instance>[0][]): { readonly [name: string]: ContractData } {
  return each(names, { rest: handlesAt('handler', ...given.map((type) => instance(type))), result: self });
}

const express: ModuleData = {
  module: 'express',
  aliases: ['express-serve-static-core', 'router'],
  default: { call: gives(instance('Application')), members: { Router: { call: gives(instance('Router')) } } },
  exports: { Router: { call: gives(instance('Router')), construct: gives(instance('Router')), type: 'Router' } },
  types: {
    Application: { extends: 'Router', methods: { listen: gives(instance('node:http#Server')) } },
    ...each('IRouter Express', { extends: 'Router' } satisfies TypeData),
    Router: { methods: { ...routing(`${verbs} use param`), route: gives(instance('Route')) } },
    ...each('Route IRoute', { methods: routing(verbs) } satisfies TypeData),
    ...each('Request Response', {} satisfies TypeData),
  },
};

const connect: ModuleData = { module: 'connect', default: { call: gives(instance('Server')) }, exports: {}, types: { Server: { methods: routing('use') } } };

const koa: ModuleData = {
  module: 'koa',
  default: { type: 'Koa', construct: gives(instance('Koa')) },
  exports: {},
  types: { Koa: { extends: 'node:events#EventEmitter', methods: routing('use') }, Application: { extends: 'Koa' }, ...each('Context ParameterizedContext', {} satisfies TypeData) },
};

const koaRouter: ModuleData = {
  module: '@koa/router',
  aliases: ['koa-router'],
  default: { type: 'Router', construct: gives(instance('Router')) },
  exports: {},
  types: { Router: { methods: routing(`${verbs} del use param register`) } },
};

/** `{ handler, preHandler, onRequest }` of a route, or of the options before the handler. */
const fastifyRoute = { properties: each('handler errorHandler onError onRequest onResponse onSend preHandler preParsing preSerialization preValidation', handlesAt('handler')) };
const fastify: ModuleData = {
  module: 'fastify',
  default: { call: gives(instance('FastifyInstance')) },
  exports: { fastify: { call: gives(instance('FastifyInstance')) } },
  types: {
    FastifyInstance: {
      methods: {
        ...each('all delete get head options patch post put', { parameters: [null, { ...fastifyRoute, ...handlesAt('handler') }, handlesAt('handler')], result: self } satisfies ContractData),
        route: { parameters: [fastifyRoute], result: self },
        addHook: { parameters: [null, handlesAt('handler')], result: self },
        ...each('setErrorHandler setNotFoundHandler', { rest: handlesAt('handler'), result: self } satisfies ContractData),
      },
    },
    ...each('FastifyRequest FastifyReply', {} satisfies TypeData),
  },
};

const hono: ModuleData = {
  module: 'hono',
  exports: { Hono: { type: 'Hono', construct: gives(instance('Hono')) } },
  types: { Hono: { methods: { ...routing('all delete get notFound on onError options patch post put use'), ...each('basePath route', gives(self)) } }, Context: {} },
};

const h3Handler: ApiData = { call: { parameters: [handlesAt('handler')], result: unknown } };
const h3: ModuleData = {
  module: 'h3',
  exports: { ...each('defineEventHandler eventHandler defineLazyEventHandler defineHandler', h3Handler), createRouter: { call: gives(instance('Router')) }, createApp: { call: gives(instance('App')) }, H3: { type: 'App', construct: gives(instance('App')) } },
  types: { Router: { methods: routing('add connect delete get head options patch post put trace use') }, App: { extends: 'Router' }, H3Event: {} },
};

const next: ModuleData = { module: 'next', exports: {}, types: each('NextApiRequest NextApiResponse', {}) };

const socketIo: ModuleData = {
  module: 'socket.io',
  exports: { Server: { type: 'Server', construct: gives(instance('Server')) } },
  types: {
    Server: { methods: { ...each('on once', { parameters: [null, handlesAt('handler', instance('Socket'))], result: self } satisfies ContractData), use: { parameters: [handlesAt('handler', instance('Socket'))], result: self }, of: gives(self) } },
    ...each('Socket Namespace', { methods: { ...each('on once', { parameters: [null, handlesAt('handler')], result: self } satisfies ContractData), use: { parameters: [handlesAt('handler')], result: self } } } satisfies TypeData),
  },
};

const ws: ModuleData = {
  module: 'ws',
  default: { type: 'WebSocket' },
  exports: { ...each('WebSocketServer Server', { type: 'WebSocketServer', construct: gives(instance('WebSocketServer')) }), WebSocket: { type: 'WebSocket', construct: gives(instance('WebSocket')) } },
  types: {
    WebSocketServer: { methods: each('on once addListener', { parameters: [null, handlesAt('handler', instance('WebSocket'))], result: self }) },
    WebSocket: {
      // What the other side has not taken waits in memory.
      methods: { ...each('on once addListener addEventListener', { parameters: [null, handlesAt('handler')], result: self } satisfies ContractData), send: { result: primitive, sink: 'bufferedAmount' } },
      properties: { bufferedAmount: primitive },
    },
  },
};

/** The extension host is one process for all extensions. */
const vscode: ModuleData = {
  module: 'vscode',
  exports: {
    commands: { members: each('registerCommand registerTextEditorCommand', { call: { parameters: [null, handlesAt('handler')], result: unknown } }) },
  },
  types: { ExtensionContext: {} },
};

/** Generator functions that a library drives, one step for each promise. */
const driven: ApiData = { call: { parameters: [handlesAt('coroutine')], result: unknown } };
const co: ModuleData = { module: 'co', default: { ...driven, members: { wrap: driven } }, exports: { wrap: driven } };
const bluebird: ModuleData = {
  module: 'bluebird',
  exports: { coroutine: driven, each: { call: { parameters: [null, handlesAt('promise')], result: unknown } }, map: { call: { ...limitedMapping, parameters: [null, handlesAt('promise')] } }, ...each('mapSeries filter reduce', { call: { parameters: [null, handlesAt('promise')], result: unknown } } satisfies ApiData) },
};

/** Lists of things to do at once, whose functions run before the call returns. */
const lodash: ModuleData = {
  module: 'lodash',
  exports: each('each every filter find flatMap forEach map reduce some sortBy times', { call: { parameters: [null, callsNow([unknown])], result: unknown } }),
};

export const handlerPackages: readonly ModuleData[] = [bluebird, co, connect, express, fastify, h3, hono, koa, koaRouter, lodash, next, socketIo, vscode, ws];
