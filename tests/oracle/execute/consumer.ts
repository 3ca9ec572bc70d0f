import { EventEmitter } from 'node:events';
import { Readable, Transform } from 'node:stream';
import type { Recorder, Site } from './recorder.js';
import { implicit, thrown } from './recorder.js';

type Callable = (...args: unknown[]) => unknown;

/** Something the consumer may call. */
interface Entry {
  readonly name: string;
  readonly receiver: unknown;
  readonly call: Callable;
  readonly parameters: readonly string[];
  calls: number;
}

/** A generator, sync or async. */
interface Steps {
  next(): IteratorResult<unknown, unknown> | Promise<IteratorResult<unknown, unknown>>;
  return(value: undefined): IteratorResult<unknown, unknown> | Promise<IteratorResult<unknown, unknown>>;
}

/** What a module offers, and what is known of it. */
export interface Surface {
  readonly exports: Readonly<Record<string, unknown>>;
  /** Parameter names by function name, or `Class.method`. */
  readonly signatures: ReadonlyMap<string, readonly string[]>;
  /** Something outlives a call, so that calls are repeated in every order. */
  readonly isStateful: boolean;
  /** Generators are also left early. */
  readonly hasFinally: boolean;
}

/** How persistent a consumer is. */
export interface Patience {
  /** Calls of what is exported, where the order matters. */
  readonly calls: number;
  readonly callsOfOne: number;
  /** Items taken from one iterator. */
  readonly items: number;
}

/**
 * Uses a module as a consumer does that keeps whatever it is given: calls what is exported, in an order that the recorder's
 * decisions pick, and drains what is iterable.
 *
 * What it passes is told from the parameter's name: `cb` (Node's callback), `sink` (a callback that returns a promise), `out`
 * (a collector), `file` (with a `write` that takes its time), `emitter`, `controller` (of a ReadableStream), `chunk` (fresh bytes, other ones each time), anything else a number.
 * @param surface the module
 * @param patience how often it calls
 * @param recorder told of everything received
 * @throws {Stop} when the run's decisions are used up
 */
export async function consume(surface: Surface, patience: Patience, recorder: Recorder): Promise<void> {
  const entries: Entry[] = [];
  for (const [name, value] of Object.entries(surface.exports)) {
    if (typeof value !== 'function') continue;
    if (isClass(value)) addInstance(name, new value(), surface, recorder, entries);
    else addEntry(name, undefined, value as Callable, surface.signatures.get(name), entries);
  }
  const hasOrder = surface.isStateful;
  let calls = 0;
  while (calls < (hasOrder ? patience.calls : entries.length)) {
    const open = entries.filter((entry) => entry.calls < patience.callsOfOne);
    const entry = hasOrder ? open[recorder.decide(open.length)] : entries[calls];
    if (entry === undefined) return;
    entry.calls++;
    const known = entries.length;
    // What is done at once leaves no room for microtasks.
    const pending = use(entry, surface, patience, recorder, entries);
    if (pending !== undefined) await pending;
    // A factory only adds to what can be called.
    if (entries.length > known) entry.calls = patience.callsOfOne;
    else calls++;
  }
}

function isClass(value: object): value is new () => object {
  return Function.prototype.toString.call(value).startsWith('class');
}

function addEntry(name: string, receiver: unknown, call: Callable, parameters: readonly string[] | undefined, entries: Entry[]): void {
  entries.push({ name, receiver, call, parameters: parameters ?? [], calls: 0 });
}

function addInstance(className: string, instance: object, surface: Surface, recorder: Recorder, entries: Entry[]): void {
  if (instance instanceof Readable) {
    instance.push = (chunk: unknown) => {
      recorder.take(chunk);
      return true;
    };
  }
  if (instance instanceof EventEmitter && !(instance instanceof Readable)) {
    instance.emit = (_event: unknown, ...values: unknown[]) => {
      recorder.take(values);
      return true;
    };
  }
  const prototype = Object.getPrototypeOf(instance) as object;
  for (const name of Object.getOwnPropertyNames(prototype)) {
    const parameters = surface.signatures.get(`${className}.${name}`);
    const value = Object.getOwnPropertyDescriptor(prototype, name)?.value as unknown;
    if (name !== 'constructor' && typeof value === 'function' && parameters !== undefined) {
      addEntry(name, instance, value as Callable, parameters, entries);
    }
  }
}

/** @returns a promise where the entry is asynchronous */
function use(entry: Entry, surface: Surface, patience: Patience, recorder: Recorder, entries: Entry[]): Promise<void> | undefined {
  const fail = (error: unknown): void => {
    recorder.observe();
    if (error !== thrown && error !== implicit) throw error;
  };
  try {
    recorder.line = 0;
    const result = entry.call.apply(entry.receiver, entry.parameters.map((name) => argumentFor(name, entry, recorder)));
    if (isThenable(result)) {
      return Promise.resolve(result).then((value) => {
        receive(value, surface, recorder, entries);
        recorder.observe();
      }).catch(fail);
    }
    if (isSteps(result) && Symbol.asyncIterator in result) {
      return drain(result, surface, patience.items, recorder).then(() => {
        recorder.observe();
      }).catch(fail);
    }
    if (isSteps(result)) drainNow(result as Generator, surface, patience.items, recorder);
    else receive(result, surface, recorder, entries);
    recorder.observe();
  } catch (error) {
    fail(error);
  }
  return undefined;
}

function receive(result: unknown, surface: Surface, recorder: Recorder, entries: Entry[]): void {
  if (typeof result === 'function') {
    addEntry('returned function', undefined, result as Callable, surface.signatures.get('returned function'), entries);
  } else if (isObject(result) && Object.values(result).some((member) => typeof member === 'function')) {
    for (const [name, member] of Object.entries(result)) {
      if (typeof member === 'function') addEntry(name, result, member as Callable, surface.signatures.get(name), entries);
    }
  } else {
    recorder.take(result, recorder.returned);
  }
}

async function drain(iterator: Steps, surface: Surface, mostItems: number, recorder: Recorder): Promise<void> {
  for (let count = 0; count < mostItems; count++) {
    const { done, value } = await iterator.next();
    if (goesOn(done, value, surface, recorder)) continue;
    if (done !== true) await iterator.return(undefined);
    return;
  }
}

function drainNow(iterator: Generator, surface: Surface, mostItems: number, recorder: Recorder): void {
  for (let count = 0; count < mostItems; count++) {
    const { done, value } = iterator.next();
    if (goesOn(done, value, surface, recorder)) continue;
    if (done !== true) iterator.return(undefined);
    return;
  }
}

/** An item is taken. @returns whether the next one is asked for */
function goesOn(done: boolean | undefined, value: unknown, surface: Surface, recorder: Recorder): boolean {
  recorder.observe();
  if (done === true) return false;
  recorder.take(value);
  return !(surface.hasFinally && recorder.decide(2) === 1);
}

function argumentFor(name: string, entry: Entry, recorder: Recorder): unknown {
  switch (name) {
    case 'cb':
      return (...values: unknown[]) => {
        recorder.take(values);
      };
    case 'sink':
      return (value: unknown) => lend(value, recorder);
    case 'file':
      return { write: (value: unknown) => inFlight(value, recorder) };
    case 'port':
      return {
        postMessage: (value: unknown, transfer: ArrayBuffer[]) => {
          recorder.transfer(value, transfer);
        },
      };
    case 'out':
      return recorder.collector;
    case 'emitter': {
      const emitter = new EventEmitter();
      emitter.on('data', (value: unknown) => {
        recorder.take(value);
      });
      return emitter;
    }
    case 'controller':
      return controllerFor(recorder);
    case 'chunk':
      return entry.receiver instanceof Transform ? Buffer.alloc(8, recorder.byte()) : new Uint8Array(8).fill(recorder.byte());
    default:
      return 4;
  }
}

/** A consumer that is done with the value once its promise was awaited; whoever does not await it, gave the value away. */
function lend(value: unknown, recorder: Recorder): PromiseLike<void> {
  const release = { isReleased: false };
  const site: Site = recorder.line;
  recorder.take(value, site, release);
  return {
    then(resolve) {
      recorder.observe();
      release.isReleased = true;
      return Promise.resolve().then(resolve);
    },
  };
}

/** A write that takes its time: the bytes are read until it is done, and it is not done before somebody waits for it. */
function inFlight(value: unknown, recorder: Recorder): PromiseLike<unknown> {
  const release = { isReleased: false };
  recorder.take(value, recorder.line, release);
  return {
    then(resolve, reject) {
      const done = new Promise<void>((settle) => {
        recorder.work.later(() => {
          recorder.observe();
          release.isReleased = true;
          settle();
        });
      });
      return done.then(() => ({ bytesWritten: 4, buffer: value })).then(resolve, reject);
    },
  };
}

function controllerFor(recorder: Recorder): ReadableStreamDefaultController<unknown> {
  let controller: ReadableStreamDefaultController<unknown> | undefined;
  new ReadableStream<unknown>(
    {
      start(given) {
        controller = given;
      },
    },
    { highWaterMark: 100 },
  );
  if (controller === undefined) throw new Error('a ReadableStream starts at once');
  const enqueue = controller.enqueue.bind(controller);
  controller.enqueue = (value: unknown) => {
    recorder.take(value);
    enqueue(value);
  };
  return controller;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return isObject(value) && 'then' in value;
}

function isSteps(value: unknown): value is Steps {
  return isObject(value) && 'next' in value && (Symbol.iterator in value || Symbol.asyncIterator in value);
}
