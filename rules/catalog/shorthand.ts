import type { ApiData, ContractData } from '../engine/contracts/catalog-format.js';
import type { BlockedOn, Blocking, CallbackUse, LoopEntry, ParameterEffect, PlaceRef, RangeRef, Source, Until, ViewType } from '../engine/contracts/contract.js';

/** Words that the catalog's data files are written in. Everything they give is plain data. */

export const primitive: Source = { from: 'primitive' };
export const unknown: Source = { from: 'unknown' };

/** A count that is no greater than an argument. */
export function countUpTo(argument: number): Source {
  return { from: 'primitive', atMost: argument };
}

/** An object that holds no bytes anyone else refers to: options, statistics, an error. */
export const opaque: Source = { from: 'object', properties: {} };
export const self: Source = { from: 'place', of: 'this' };
export const elementOfThis: Source = { from: 'element', of: 'this' };
export const elementsOfThis: Source = { from: 'container', elementsOf: ['this'] };

export function fresh(type?: ViewType | 'same'): Source {
  return type === undefined ? { from: 'fresh' } : { from: 'fresh', type };
}

export function viewOf(of: PlaceRef, type?: ViewType, range?: RangeRef): Source {
  return { from: 'view', of, ...(type && { type }), ...(range && { range }) };
}

export function place(of: PlaceRef): Source {
  return { from: 'place', of };
}

export function instance(type: string): Source {
  return { from: 'instance', type };
}

/** Memory that is the callee's, which it uses again. */
export function lent(until: Until, type?: ViewType): Source {
  return { from: 'lent', until, ...(type && { type }) };
}

export function promise(of: Source): Source {
  return { from: 'promise', of };
}

export function iterable(of: Source, isAsync = false): Source {
  return { from: 'iterable', of, isAsync };
}

/** Reads what it is given, keeps nothing, and gives a value that holds no bytes. */
export const reads: ContractData = { result: primitive };
/** As `reads`, through a promise. */
export const readsLater: ContractData = { result: promise(primitive) };

export function gives(result: Source): ContractData {
  return { result };
}

/** A contract that overwrites its receiver. */
export function writesThis(result: Source, range?: RangeRef): ContractData {
  return { receiver: { writes: range ? { range } : {} }, result };
}

/** Effect: the bytes are overwritten while the call runs. */
export function written(range?: RangeRef): ParameterEffect {
  return { writes: range ? { range } : {} };
}

/** Effect: the bytes are overwritten at any time until the promise settles or the callback fires, and kept that long. */
export function writtenUntilSettled(range?: RangeRef): ParameterEffect {
  return { writes: range ? { range, until: 'settle' } : { until: 'settle' }, keeps: 'settle' };
}

/** Effect: the value is copied by the structured clone algorithm. */
export const cloned: ParameterEffect = { clones: true };
/** Effect: the bytes are read until the promise settles or the callback fires. */
export const readUntilSettled: ParameterEffect = { keeps: 'settle' };

/** Effect: whoever is on the other side gets the value, and may keep it. */
export function handedOut(how: NonNullable<ParameterEffect['escapes']>): ParameterEffect {
  return { escapes: how, keeps: 'forever' };
}

/** A function called while the callee runs, for each element. */
export function callsNow(argumentSources: readonly Source[], returns?: CallbackUse['returns']): ParameterEffect {
  return { callback: { when: 'now', times: 'many', arguments: argumentSources, ...(returns && { returns }) } };
}

/** A function kept and called after the callee returned. */
export function callsLater(times: CallbackUse['times'], argumentSources: readonly Source[]): ParameterEffect {
  return { keeps: 'forever', callback: { when: 'later', times, arguments: argumentSources } };
}

/** Node's completion callback: the last argument, called once. */
export function completes(...argumentSources: readonly Source[]): CallbackUse {
  return { when: 'later', times: 'once', arguments: argumentSources };
}

/** The same data under several names, separated by blanks. */
export function each<T>(names: string, data: T): { readonly [name: string]: T } {
  return Object.fromEntries(names.split(/\s+/).filter(Boolean).map((name) => [name, data]));
}

/** Functions that share a contract. */
export function functions(names: string, call: ContractData): { readonly [name: string]: ApiData } {
  return each<ApiData>(names, { call });
}

/** Classes whose instances are the type of the same name, in the same file. */
export function classes(names: string): { readonly [name: string]: ApiData } {
  return Object.fromEntries(names.split(/\s+/).filter(Boolean).map((name) => [name, { type: name }]));
}

/** Functions that return when the work is done, and keep the event loop from turning until then. */
export function blocking(names: string, on: BlockedOn, how: Omit<Blocking, 'on'> = {}): { readonly [name: string]: ApiData } {
  return each<ApiData>(names, { call: { result: unknown, blocks: { on, ...how } } });
}

/** A function that the event loop calls, on an occasion of its own. */
export function handlesAt(entry: LoopEntry, ...argumentSources: readonly Source[]): ParameterEffect {
  return { keeps: 'forever', callback: { when: 'later', times: 'many', arguments: argumentSources, entry } };
}
