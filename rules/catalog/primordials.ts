import type { ApiData, ContractData, ModuleData, TypeData } from '../engine/contracts/catalog-format.js';
import { globalBytes } from './global-bytes.js';
import { globalCollections } from './global-collections.js';
import { reads } from './shorthand.js';

/**
 * How the sources of runtimes write method calls: `TypedArrayPrototypeSubarray(bytes, 0, n)` for `bytes.subarray(0, n)`. The same
 * contracts with the receiver as the first argument.
 */

const prototypes = ['TypedArray', 'Uint8Array', 'DataView', 'ArrayBuffer', 'Array', 'Map', 'Set', 'Promise'] as const;

function capitalised(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

/** Moves every place of a contract by one argument. */
function uncurried(contract: ContractData): ContractData {
  const { receiver, parameters, ...others } = contract;
  return { ...(shifted(others) as ContractData), parameters: [(shifted(receiver) as typeof receiver) ?? null, ...((shifted(parameters) as typeof parameters) ?? [])] };
}

const PLACES: ReadonlySet<string> = new Set(['of', 'storedIn', 'start', 'end', 'length']);

function shifted(data: unknown, key = ''): unknown {
  if (Array.isArray(data)) return data.map((item) => shifted(item, key === 'elementsOf' || key === 'holding' ? 'of' : ''));
  if (typeof data === 'object' && data !== null) return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, shifted(value, name)]));
  if (!PLACES.has(key)) return data;
  return data === 'this' ? 0 : typeof data === 'number' ? data + 1 : data;
}

function membersOf(name: string, type: TypeData | undefined): [string, ApiData][] {
  const methods = Object.entries(type?.methods ?? {}).filter(([method]) => /^\w+$/.test(method));
  const getters = Object.entries(type?.properties ?? {});
  return [
    ...methods.map(([method, contract]): [string, ApiData] => [`${name}Prototype${capitalised(method)}`, { call: uncurried(contract) }]),
    ...getters.map(([property, source]): [string, ApiData] => [`${name}PrototypeGet${capitalised(property)}`, { call: uncurried({ result: source }) }]),
  ];
}

const types = { ...globalBytes.types, ...globalCollections.types };
const members: { readonly [name: string]: ApiData } = {
  ...Object.fromEntries(prototypes.flatMap((name) => membersOf(name, types[name]))),
  ...Object.fromEntries(['Uint8Array', 'DataView', 'ArrayBuffer', 'Promise', 'Map', 'Set'].map((name) => [name, globalBytes.exports[name] ?? globalCollections.exports[name] ?? {}])),
  ...Object.fromEntries(['NumberIsInteger', 'MathMin', 'MathMax', 'MathFloor', 'ArrayIsArray', 'ArrayBufferIsView'].map((name) => [name, { call: reads }])),
};

export const globalPrimordials: ModuleData = { module: 'global', namedBy: ['primordials'], exports: { primordials: { members: withFullTypes(members) } } };

export const denoCore: ModuleData = {
  module: 'ext:core/mod.js',
  exports: { primordials: { members: withFullTypes(members) } },
};

/** Types of another file of the catalog are named in full. */
function withFullTypes(apis: { readonly [name: string]: ApiData }): { readonly [name: string]: ApiData } {
  return Object.fromEntries(
    Object.entries(apis).map(([name, api]) => [name, api.type === undefined || api.type.includes('#') ? api : { ...api, type: `global#${api.type}` }]),
  );
}
