/**
 * What a callable does with the bytes and objects that pass through it. ONE format: the catalog declares it for libraries, users
 * declare it in settings and JSDoc, and the engine infers the same thing from bodies.
 *
 * Data only: a contract is JSON-serialisable, so that catalogs, settings and caches share one schema.
 */

/** Names a place a call can see: the receiver, or an argument by position (from 0). */
export type PlaceRef = 'this' | number;

/** When a borrow that a callee took is over. */
export type Until =
  /** when the call returns */
  | 'return'
  /** when the returned promise settles (or the completion callback fires) */
  | 'settle'
  /** when the callback that received it returns */
  | 'callback'
  /** at the next call of the same method on the same receiver (or of the same function) */
  | 'next call'
  /** at the first suspension of the code that received it */
  | 'first await'
  /** when the receiver is closed, freed or released */
  | 'close'
  /** never, as far as the caller can tell: it is kept */
  | 'forever';

/** How a value leaves the code that owns it. */
export type EscapeHow =
  | 'yield'
  | 'iterator result'
  | 'push'
  | 'enqueue'
  | 'emit'
  | 'callback'
  | 'return'
  | 'store'
  | 'throw';

/** How a value comes to be used by work that goes on. */
export type CaptureHow =
  /** by a call whose promise nobody awaited yet */
  | 'spawn'
  /** by a function that is called later: a timer, a microtask, a handler of a promise */
  | 'schedule'
  /** by a function that is called again and again: a listener, an interval */
  | 'listen'
  /** by a write or send that goes on */
  | 'in flight';

/** The concrete byte types that the language and Node have. */
export type ViewType =
  | 'Buffer'
  | 'Uint8Array'
  | 'Uint8ClampedArray'
  | 'Int8Array'
  | 'Uint16Array'
  | 'Int16Array'
  | 'Uint32Array'
  | 'Int32Array'
  | 'Float16Array'
  | 'Float32Array'
  | 'Float64Array'
  | 'BigInt64Array'
  | 'BigUint64Array'
  | 'DataView'
  | 'ArrayBuffer'
  | 'SharedArrayBuffer';

/**
 * Part of a view: `start`/`end`/`length` are argument positions that hold element offsets; absent ones are the view's own bounds.
 * An argument there that is not a number (an encoding, an options object, undefined) counts as absent.
 */
export interface RangeRef {
  readonly start?: number;
  readonly end?: number;
  readonly length?: number;
  /** A number of elements that the callable itself fixes: `writeUInt32LE` writes 4 from `start`. */
  readonly count?: number;
}

/**
 * What an argument is, as far as overloads care. `buffer`: ArrayBuffer or SharedArrayBuffer. `view`: typed array, Buffer, DataView.
 * `object`: any other object, arrays included.
 */
export type ArgumentKind = 'absent' | 'primitive' | 'buffer' | 'view' | 'function' | 'object';

/** Where a value comes from: a call's result, or an argument that a callee passes to a callback. */
export type Source =
  /** A number, string, boolean: holds no bytes. `atMost`: a number no greater than the argument at that position, where that is one. */
  | { readonly from: 'primitive'; readonly atMost?: number | undefined }
  /** Newly allocated memory that nobody else refers to, or a copy. `type` may be `'same'`: as the receiver's. */
  | { readonly from: 'fresh'; readonly type?: ViewType | 'same' | undefined }
  /** An alias of the memory of a place. `range` narrows it; `type` is the result's type (default: as the place's). */
  | { readonly from: 'view'; readonly of: PlaceRef; readonly range?: RangeRef | undefined; readonly type?: ViewType | undefined }
  /** The very value of a place (chaining: `return this`; `Object.freeze(x)`). */
  | { readonly from: 'place'; readonly of: PlaceRef }
  /** What a container holds: an array's element, a map's value, what a promise settles to. */
  | { readonly from: 'element'; readonly of: PlaceRef }
  /** A new container that holds what these places' containers hold (`slice`, `concat`, `[...x]`), or the places themselves. */
  | { readonly from: 'container'; readonly elementsOf?: readonly PlaceRef[] | undefined; readonly holding?: readonly PlaceRef[] | undefined }
  /** Memory that the callee owns and will reuse; or, with `of`, an object that it takes back. */
  | { readonly from: 'lent'; readonly until: Until; readonly type?: ViewType | undefined; readonly of?: Source | undefined }
  /** A property of a place: `{ from: 'property', of: 0, name: 'buffer' }`. */
  | { readonly from: 'property'; readonly of: PlaceRef; readonly name: string }
  /** An object with known properties: `{ bytesRead, buffer }`. */
  | { readonly from: 'object'; readonly properties: { readonly [name: string]: Source } }
  /** An object of a type of the catalog: `node:fs/promises#FileHandle`. */
  | { readonly from: 'instance'; readonly type: string }
  /** As `of` settles; a promise in `of` is flattened. */
  | {
      readonly from: 'promise';
      readonly of: Source;
      /** It settles when all promises in that place's container have: `Promise.all`. */
      readonly joins?: PlaceRef | undefined;
    }
  /** An async iterable or iterator of such items; lent items make it a lending one. */
  | { readonly from: 'iterable'; readonly of: Source; readonly isAsync: boolean }
  /** Overloads: depends on what argument `of` is. A kind that is not listed is `otherwise`; one that is not known, any of them. */
  | {
      readonly from: 'choice';
      readonly of: number;
      readonly when: { readonly [K in ArgumentKind]?: Source };
      readonly otherwise: Source;
    }
  /** A function of the API's that calls back into it: the `callback` of `_transform(chunk, encoding, callback)`. */
  | { readonly from: 'function'; readonly contract: Pick<Contract, 'parameters' | 'rest' | 'result'> }
  | { readonly from: 'unknown' };

/** What the event loop stands still for while a call blocks it. */
export type BlockedOn = 'disk' | 'process' | 'computation' | 'database' | 'time' | 'input' | 'network';

/** A call returns only when the work is done, and nothing else of the program runs until then. */
export interface Blocking {
  readonly on: BlockedOn;
  /** Only where an argument is so: `number` for a size, `false` for a flag that asks for the synchronous form. */
  readonly when?: { readonly argument: number; readonly is: 'number' | 'false' | 'string' | 'absent' } | undefined;
  /** Not where an argument is a function: the completion callback of the asynchronous form. */
  readonly isAsyncWithCallback?: boolean | undefined;
  /** The asynchronous form with the same arguments: `node:fs/promises#readFile`; one with a callback is promisified. */
  readonly twin?: string | undefined;
  /** What blocks, as the catalog names it: `node:fs#readFileSync`. Filled in when the catalog is linked. */
  readonly path?: string | undefined;
}

/** Where the event loop calls back into a program. `event` is anything that is not one of the others. */
export type LoopEntry = 'handler' | 'event' | 'timer' | 'promise' | 'stream' | 'coroutine';

/** What a callee does with a function it is given. */
export interface CallbackUse {
  /** `now`: before the callee returns. `later`: after it. */
  readonly when: 'now' | 'later';
  readonly times: 'once' | 'many';
  readonly arguments: readonly Source[];
  /** Nothing else of the object that holds it is called afterwards: `flush`, `final`, `close`. */
  readonly isLast?: boolean | undefined;
  /**
   * What the callback's return value becomes: the elements of the callee's result (`map`), the result itself, the result by way of the next
   * call's first argument (`reduce`), or nothing.
   */
  readonly returns?: 'element' | 'result' | 'accumulator' | undefined;
  /** It handles a promise, the receiver: it is called only if that settles this way. */
  readonly on?: 'fulfilled' | 'rejected' | undefined;
  /** It is called before anything goes on that waits from then on: the queue of microtasks is worked off in order (ECMA-262, 9.5). */
  readonly isMicrotask?: boolean | undefined;
  /** On what occasion a function that is called later is called. Absent: an event. */
  readonly entry?: LoopEntry | undefined;
  /** When it is called the object serves nobody, not yet or no longer: on all occasions, or on these events. */
  readonly outOfService?: true | readonly string[] | undefined;
}

/** What a callee does with one argument, or with its receiver. Absent means: reads it, and keeps nothing after it returns. */
export interface ParameterEffect {
  /** It overwrites the bytes (all of them, or a range); an argument that is not bytes is left alone. `settle`: at any time until the promise settles or the callback fires. */
  readonly writes?: { readonly range?: RangeRef | undefined; readonly until?: 'return' | 'settle' | undefined } | undefined;
  /** It goes on referring to the argument after the call, that long. Absent or `return`: it does not. */
  readonly keeps?: Until | undefined;
  /** Handing a value over here gives it to code outside (a stream's consumer, a listener). */
  readonly escapes?: EscapeHow | undefined;
  /** The backing buffer is moved away: the argument is detached. */
  readonly transfers?: boolean | undefined;
  /** The argument becomes an element of that place's container. */
  readonly storedIn?: PlaceRef | undefined;
  /** The argument is a callback. */
  readonly callback?: CallbackUse | undefined;
  /** The argument is an object whose properties have effects of their own (`{ buffer, callback }`, `{ transform() {} }`). */
  readonly properties?: { readonly [name: string]: ParameterEffect } | undefined;
  /** The argument is a container (array of buffers, transfer list) whose elements have these effects. */
  readonly elements?: ParameterEffect | undefined;
  /** It is copied by the structured clone algorithm, which refuses functions and strips instances. */
  readonly clones?: boolean | undefined;
  /** The buffer is given another size, that of the argument at this position: views of what is cut off are gone. */
  readonly resizes?: number | undefined;
  /** The bytes it is given may no longer be used by anyone else: memory grew, was freed or went back to its pool. */
  readonly releases?: boolean | undefined;
  /** What it lent so far it uses again: views of that show something else from here on. */
  readonly reuses?: boolean | undefined;
  /** It is handed back: whoever took it owes it no more, and nobody may use it any more. `once`: a second time is one too many. */
  readonly ends?: 'once' | 'idempotent' | undefined;
}

/**
 * What a call has to do with a queue. `put`, `take`, `clear`: with the receiver, which is a collection that never refuses a value.
 * `open`: the call makes something that queues, or starts tasks that do.
 */
export type QueueUse =
  | { readonly does: 'put' | 'take' | 'clear' }
  | {
      readonly does: 'open';
      /** What piles up, as a message says it: `values`, `tasks that wait`, `callers that wait for a connection`. */
      readonly holds: string;
      /** Where a bound can be given: in an argument, or in a property of one; absent where the API has none. */
      readonly bound?: { readonly argument: number; readonly property?: string | undefined; /** Options that hold nothing else are refused: the property is only added to those that are there. */ readonly isNeverAlone?: boolean | undefined } | undefined;
      /** 0 means "no limit"; null, `Infinity` and `Number.MAX_SAFE_INTEGER` always do. */
      readonly isZeroUnlimited?: boolean | undefined;
      /** What is left out means "no limit" as well; otherwise there is a finite default. */
      readonly isUnlimitedByDefault?: boolean | undefined;
      /** Whoever feeds it can bound it, by waiting for each call's result or by keeping pace: that it grows is not certain. */
      readonly isBoundedElsewhere?: boolean | undefined;
      /** One task for each element of the input at once, rather than a queue: the arguments that are the list and the task. */
      readonly spawns?: { readonly input?: number | undefined; readonly task: number } | undefined;
      /** The value to write there: `64`, `'auto'`. Absent where none can be given. */
      readonly example?: string | undefined;
      /** What to do, in one sentence without a full stop. */
      readonly advice: string;
    };

/**
 * How a sink says that it is full, and that it has room again. `false`: the call returns `false`, and the sink emits `drain` (or asks
 * by `_read`); `promise`: the call's promise settles when the chunk is taken; `desiredSize` and `bufferedAmount`: a property to ask.
 */
export type SinkSignal = 'false' | 'promise' | 'desiredSize' | 'bufferedAmount';

export interface Contract {
  /** Where it comes from; messages and `explain` say so. */
  readonly origin: 'catalog' | 'settings' | 'annotation' | 'inferred';
  /** Effects per argument, by position. */
  readonly parameters?: readonly (ParameterEffect | null)[] | undefined;
  /** Effects on every argument from `parameters.length` on. */
  readonly rest?: ParameterEffect | undefined;
  /** Effects on the last argument where it is a function, wherever it stands (Node's completion callback). */
  readonly completion?: CallbackUse | undefined;
  readonly receiver?: ParameterEffect | undefined;
  readonly result?: Source | undefined;
  /** The result has to be handed back, on every path: to what `ends` it, or by disposing of it. */
  readonly acquires?: boolean | undefined;
  /** It blocks the event loop. */
  readonly blocks?: Blocking | undefined;
  readonly queue?: QueueUse | undefined;
  /** When the call has settled, or calls back, nothing is in flight any more on these: `once(stream, 'drain')`, `file.close()`. */
  readonly drains?: readonly PlaceRef[] | undefined;
  /** The call hands something to a sink that goes on taking when it is full: whoever calls it again and again has to heed the signal. */
  readonly sink?: SinkSignal | undefined;
  /** The process ends: nothing runs after it. */
  readonly endsProcess?: boolean | undefined;
  /** It throws on input that it cannot read, and input comes from outside: `JSON.parse`. */
  readonly throwsOnInput?: boolean | undefined;
  /** What tells beforehand whether it can read an input: `global#URL.canParse`. */
  readonly vettedBy?: string | undefined;
  /** The stream that it gives can fail by itself (a file that is not there, input that is not compressed): without a listener for `error` the process ends. */
  readonly mayFail?: boolean | undefined;
  /** False where a body was cut short by a budget or an unknown callee: what follows from it is `potential`. */
  readonly isCertain: boolean;
}
