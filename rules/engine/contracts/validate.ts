import { boolean, jsonSchemaOf, listOf, nothing, object, oneOf, position, problemsOf, recordOf, text, type ObjectShape, type Shape } from './shape.js';

/** The shape of contracts as data, the same for catalog files, settings and caches. */

const until = oneOf('return', 'settle', 'callback', 'next call', 'first await', 'close', 'forever');
const escape = oneOf('yield', 'iterator result', 'push', 'enqueue', 'emit', 'callback', 'return', 'store', 'throw');
const viewNames = [
  'Buffer', 'Uint8Array', 'Uint8ClampedArray', 'Int8Array', 'Uint16Array', 'Int16Array', 'Uint32Array', 'Int32Array', 'Float16Array',
  'Float32Array', 'Float64Array', 'BigInt64Array', 'BigUint64Array', 'DataView', 'ArrayBuffer', 'SharedArrayBuffer',
] as const;
const view = oneOf(...viewNames);
const place: Shape = { kind: 'either', of: [position, { kind: 'constant', value: 'this' }], expected: '"this" or the position of an argument' };
const range = object({}, { start: position, end: position, length: position, count: position });

const source: Shape = { kind: 'named', name: 'source', shape: () => sourceShape };
const effect: Shape = { kind: 'named', name: 'effect', shape: () => effectShape };

const callback = object(
  { when: oneOf('now', 'later'), times: oneOf('once', 'many'), arguments: listOf(source) },
  { returns: oneOf('element', 'result', 'accumulator'), isLast: boolean, isMicrotask: boolean, on: oneOf('fulfilled', 'rejected'), entry: oneOf('handler', 'event', 'timer', 'promise', 'stream', 'coroutine'), outOfService: { kind: 'either', of: [{ kind: 'constant', value: true }, listOf(text)], expected: 'true or a list of events' } },
);

const blocks = object(
  { on: oneOf('disk', 'process', 'computation', 'database', 'time', 'input', 'network') },
  { when: object({ argument: position, is: oneOf('number', 'false', 'string', 'absent') }), isAsyncWithCallback: boolean, twin: text },
);

const queue: Shape = {
  kind: 'variants',
  tag: 'does',
  variants: {
    put: object({}),
    take: object({}),
    clear: object({}),
    open: object(
      { holds: text, advice: text },
      {
        bound: object({ argument: position }, { property: text, isNeverAlone: boolean }),
        isZeroUnlimited: boolean,
        isUnlimitedByDefault: boolean,
        isBoundedElsewhere: boolean,
        spawns: object({ task: position }, { input: position }),
        example: text,
      },
    ),
  },
};

const contractParts: { readonly [name: string]: Shape } = {
  parameters: listOf({ kind: 'either', of: [nothing, effect], expected: 'an effect or null' }),
  rest: effect,
  completion: callback,
  receiver: effect,
  result: source,
  acquires: boolean,
  blocks,
  queue,
  drains: listOf(place),
  sink: oneOf('false', 'promise', 'desiredSize', 'bufferedAmount'),
  endsProcess: boolean,
  throwsOnInput: boolean,
  vettedBy: text,
  mayFail: boolean,
};

const sourceShape: Shape = {
  kind: 'variants',
  tag: 'from',
  variants: {
    primitive: object({}, { atMost: position }),
    fresh: object({}, { type: oneOf(...viewNames, 'same') }),
    view: object({ of: place }, { range, type: view }),
    place: object({ of: place }),
    element: object({ of: place }),
    container: object({}, { elementsOf: listOf(place), holding: listOf(place) }),
    lent: object({ until }, { type: view, of: source }),
    property: object({ of: place, name: text }),
    object: object({ properties: recordOf(source) }),
    instance: object({ type: text }),
    promise: object({ of: source }, { joins: place }),
    iterable: object({ of: source, isAsync: boolean }),
    choice: object({
      of: position,
      when: object({}, { absent: source, primitive: source, buffer: source, view: source, function: source, object: source }),
      otherwise: source,
    }),
    function: object({ contract: object({}, { parameters: contractParts['parameters'] as Shape, rest: effect, result: source }) }),
    unknown: object({}),
  },
};

const effectShape: ObjectShape = object(
  {},
  {
    writes: object({}, { range, until: oneOf('return', 'settle') }),
    keeps: until,
    escapes: escape,
    transfers: boolean,
    storedIn: place,
    callback,
    properties: recordOf(effect),
    elements: effect,
    releases: boolean,
    reuses: boolean,
    ends: oneOf('once', 'idempotent'),
    resizes: position,
    clones: boolean,
  },
);

const contract: Shape = { kind: 'named', name: 'contract', shape: () => object({}, contractParts) };
const api: Shape = {
  kind: 'named',
  name: 'api',
  shape: () => object({}, { call: contract, construct: contract, type: text, members: recordOf(api), value: source }),
};
const type = object(
  {},
  {
    view,
    extends: text,
    methods: recordOf(contract),
    properties: recordOf(source),
    implemented: recordOf(object({ arguments: listOf(source) }, { isLast: boolean })),
  },
);
const module = object({ module: text, exports: recordOf(api) }, { aliases: listOf(text), namedBy: listOf(text), default: api, types: recordOf(type) });

/**
 * Checks a contract that somebody wrote.
 *
 * @param data - the contract
 * @param where - how to name it in a message
 * @returns one sentence for each thing that is wrong; none when it can be used
 */
export function validateContract(data: unknown, where: string): string[] {
  return problemsOf(data, contract, where);
}

/**
 * Checks a data file of the catalog.
 *
 * @param data - what the file exports
 * @param where - how to name it in a message
 * @returns one sentence for each thing that is wrong; none when it can be linked
 */
export function validateModule(data: unknown, where: string): string[] {
  return problemsOf(data, module, where);
}

/** JSON schema of a contract, for editors and for `settings.borrowck.contracts`. */
export const contractSchema: Readonly<Record<string, unknown>> = jsonSchemaOf(contract);
/** JSON schema of `settings.borrowck.contracts`: contracts by what they are about. */
export const contractsSchema: Readonly<Record<string, unknown>> = jsonSchemaOf(recordOf(contract));
/** JSON schema of a catalog file. */
export const moduleSchema: Readonly<Record<string, unknown>> = jsonSchemaOf(module);
