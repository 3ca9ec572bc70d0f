import type { ApiData, ContractData, ModuleData, TypeData } from './catalog-format.js';
import type { ParameterEffect, PlaceRef, Source } from './contract.js';

/** What some API of a name does with one of its places. */
export interface PlaceEffects {
  /** It overwrites the bytes, moves them away or takes them back. */
  isWritten: boolean;
  /** It moves the bytes away: any later use is of nothing. */
  isMoved: boolean;
  /** Of these, at least the value's own bytes: not only those that it has for elements, properties, or on loan. */
  isOwnWritten: boolean;
  /** Of these, at least those that it has for elements or properties. */
  isInnerMoved: boolean;
  /** It hands the value to code elsewhere, or goes on referring to it. */
  isKept: boolean;
  /** The value becomes part of the receiver. */
  isStored: boolean;
}

/** What the APIs of one name do, whichever of them is meant. */
export interface NameEffects {
  /** The result is memory that was not there before, or holds some. */
  givesMemory: boolean;
  /** The result is memory that the API will reuse. */
  lendsMemory: boolean;
  /** The result may be an object or an iterable with such memory inside. */
  givesInside: boolean;
  /** The result is an array, a map or a set. */
  givesCollection: boolean;
  /** The result, or a part of it, may be an object of the catalog, or anything. */
  givesObjects: boolean;
  /** Functions that it is given are given memory. */
  feedsCallbacks: boolean;
  /** Functions that it is given have run when it returns, and run no more. */
  callsNow: boolean;
  /** Where the receiver is a collection, functions are given what it holds, and nothing else. */
  visitsElements: boolean;
  /** That memory is only lent to them. */
  lendsToCallbacks: boolean;
  /** Places that the result may be, or be part of. */
  readonly aliases: Set<PlaceRef>;
  readonly parameters: PlaceEffects[];
  readonly rest: PlaceEffects;
  readonly receiver: PlaceEffects;
}

/**
 * What the functions, methods, classes and properties of the catalog do with memory, by their names alone: all that is possible for
 * code that uses a name, before anyone asks what the name refers to.
 *
 * @param modules - the data files
 * @param named - all names; or those alone that say something of a call on a value which nothing is known of: without the members of
 *   global functions and namespaces, such as `Atomics.add`, which only these objects have; or those of functions and classes that
 *   modules export: no method of an object can be imported
 * @returns the effects by name
 */
export function nameEffects(modules: readonly ModuleData[], named: 'anywhere' | 'on anything' | 'as an export' = 'anywhere'): ReadonlyMap<string, NameEffects> {
  const byName = new Map<string, NameEffects>();
  const of = (name: string): NameEffects => {
    let effects = byName.get(name);
    if (effects === undefined) byName.set(name, (effects = noNameEffects()));
    return effects;
  };
  const views = viewTypes(modules);
  const visitApi = (name: string, api: ApiData, isGlobal: boolean): void => {
    for (const contract of [api.call, api.construct]) if (contract !== undefined) addContract(of(name), contract, views);
    if (api.construct === undefined && api.type !== undefined && views.has(api.type)) of(name).givesMemory = true;
    if (api.value !== undefined) addResult(of(name), api.value, views);
    if ((isGlobal && named === 'on anything') || named === 'as an export') return;
    for (const [member, inner] of Object.entries(api.members ?? {})) visitApi(member, inner, isGlobal);
  };
  for (const { module, exports, types, default: whole } of modules) {
    for (const [name, api] of Object.entries(exports)) visitApi(name, api, module === 'global');
    if (whole !== undefined) visitApi('default', whole, false);
    if (named === 'as an export') continue;
    for (const [typeName, type] of Object.entries(types ?? {})) {
      for (const [name, contract] of Object.entries(type.methods ?? {})) addContract(of(name), contract, views, isOfView(typeName, types ?? {}));
      for (const [name, source] of Object.entries(type.properties ?? {})) addResult(of(name), source, views);
    }
  }
  return byName;
}

/** The catalog's types of byte views, by path and by name. */
export function viewTypes(modules: readonly ModuleData[]): ReadonlySet<string> {
  return new Set(modules.flatMap(({ module, types }) => Object.entries(types ?? {}).flatMap(([name, type]) => (type.view === undefined ? [] : [`${module}#${name}`, name]))));
}

/** The type is one of byte views, or what some of these extend. */
function isOfView(name: string, types: Readonly<Record<string, TypeData>>): boolean {
  return types[name]?.view !== undefined || Object.values(types).some(({ extends: base, view }) => view !== undefined && base?.replace(/^.*#/, '') === name);
}

/**
 * What one API does with memory.
 *
 * @param contract - the API's contract
 * @param views - the types of byte views
 * @returns the same as a name's effects, where only this API has the name; when it calls what it is given is told here alone
 */
export function effectsOfContract(contract: ContractData, views: ReadonlySet<string>): NameEffects {
  const effects = noNameEffects();
  addContract(effects, contract, views);
  const callbacks = [...(contract.parameters ?? []), contract.rest].flatMap((effect) => effect?.callback ?? []);
  effects.callsNow = callbacks.length > 0 && callbacks.every(({ when }) => when === 'now') && contract.result?.from !== 'promise';
  return effects;
}

/** A method that an API calls on objects of the program, and passes memory to: `_transform`, `write`, `pull`. */
export interface FedMethod {
  /** The memory is only lent. */
  readonly isLent: boolean;
  /** Names without one of which a program has no such object: who is handed one, and what its type is called. Undefined where it is inherited. */
  readonly givers: ReadonlySet<string> | undefined;
}

/**
 * Methods that APIs call on objects of the program, and pass memory to.
 *
 * @param modules - the data files
 * @returns them by name
 */
export function fedMethods(modules: readonly ModuleData[]): ReadonlyMap<string, FedMethod> {
  const fed = new Map<string, FedMethod>();
  for (const { exports, types } of modules) {
    for (const [typeName, type] of Object.entries(types ?? {})) {
      const isInherited = exports[typeName] !== undefined;
      for (const [name, { arguments: given }] of Object.entries(type.implemented ?? {})) {
        if (!given.some(isMemory)) continue;
        const known = fed.get(name);
        const givers = isInherited || (known !== undefined && known.givers === undefined) ? undefined : new Set([typeName, ...(known?.givers ?? []), ...handedOne(exports, name)]);
        fed.set(name, { isLent: known?.isLent === true || given.some(isLent), givers });
      }
    }
  }
  return fed;
}

/** Functions and classes that are handed an object with a method which they call. */
function handedOne(exports: ModuleData['exports'], method: string): string[] {
  const calls = (contract: ContractData | undefined): boolean => contract?.parameters?.some((parameter) => parameter?.properties?.[method]?.callback !== undefined) === true;
  return Object.entries(exports).flatMap(([name, { call, construct }]) => (calls(call) || calls(construct) ? [name] : []));
}

function noNameEffects(): NameEffects {
  return { givesMemory: false, lendsMemory: false, givesInside: false, givesCollection: false, givesObjects: false, feedsCallbacks: false, callsNow: false, visitsElements: false, lendsToCallbacks: false, aliases: new Set(), parameters: [], rest: noEffects(), receiver: noEffects() };
}

function noEffects(): PlaceEffects {
  return { isWritten: false, isMoved: false, isOwnWritten: false, isInnerMoved: false, isKept: false, isStored: false };
}

function addContract(effects: NameEffects, contract: ContractData, views: ReadonlySet<string>, isOfView = false): void {
  contract.parameters?.forEach((parameter, index) => {
    const into = (effects.parameters[index] ??= noEffects());
    if (parameter !== null) addEffect(effects, into, parameter);
  });
  if (contract.rest !== undefined) addEffect(effects, effects.rest, contract.rest);
  if (contract.receiver !== undefined) addEffect(effects, effects.receiver, contract.receiver, isOfView ? 'own' : 'lent');
  addGiven(effects, contract.completion?.arguments ?? []);
  if (contract.result !== undefined) addResult(effects, contract.result, views);
}

function addEffect(effects: NameEffects, into: PlaceEffects, effect: ParameterEffect, whose: 'own' | 'inner' | 'lent' = 'own'): void {
  const isMoved = effect.transfers === true || effect.releases === true;
  if (isMoved || effect.writes !== undefined) {
    into.isWritten = true;
    into.isMoved ||= isMoved;
    into.isOwnWritten ||= whose === 'own';
    into.isInnerMoved ||= isMoved && whose === 'inner';
  }
  if (effect.escapes !== undefined || (effect.keeps !== undefined && effect.keeps !== 'return')) into.isKept = true;
  if (effect.storedIn !== undefined) into.isStored = true;
  addGiven(effects, effect.callback?.arguments ?? []);
  if (effect.elements !== undefined) addEffect(effects, into, effect.elements, 'inner');
  for (const property of Object.values(effect.properties ?? {})) addEffect(effects, into, property, 'inner');
}

function addGiven(effects: NameEffects, given: readonly Source[]): void {
  if (given.some((source) => isNew(source) || source.from === 'function')) effects.feedsCallbacks = true;
  else if (given.some(isMemory)) effects.visitsElements = true;
  if (given.some(isLent)) effects.lendsToCallbacks = true;
}

function isLent(source: Source): boolean {
  if (source.from === 'object') return Object.values(source.properties).some(isLent);
  return source.from === 'lent' || ((source.from === 'promise' || source.from === 'iterable') && isLent(source.of));
}

function addResult(effects: NameEffects, source: Source, views: ReadonlySet<string>, isInside = false): void {
  if (isInside && isNew(source)) effects.givesInside = true;
  switch (source.from) {
    case 'fresh':
      effects.givesMemory = true;
      break;
    case 'lent':
      effects.lendsMemory = true;
      if (source.of !== undefined) effects.givesObjects = true;
      break;
    case 'instance':
      if (views.has(source.type)) effects.givesMemory = true;
      else effects.givesObjects = true;
      break;
    case 'view':
    case 'place':
    case 'element':
      effects.aliases.add(source.of);
      break;
    case 'property':
      effects.aliases.add(source.of);
      effects.givesObjects = true;
      break;
    case 'container':
      if (!isInside) effects.givesCollection = true;
      for (const ref of [...(source.elementsOf ?? []), ...(source.holding ?? [])]) effects.aliases.add(ref);
      break;
    case 'promise':
      addResult(effects, source.of, views, isInside);
      break;
    case 'iterable':
      addResult(effects, source.of, views, true);
      break;
    case 'object':
      for (const property of Object.values(source.properties)) addResult(effects, property, views, true);
      break;
    case 'choice':
      for (const one of [source.otherwise, ...Object.values(source.when)]) addResult(effects, one, views, isInside);
      break;
    case 'function':
    case 'unknown':
      effects.givesObjects = true;
      break;
    case 'primitive':
  }
}

/** Not only what the receiver or an argument holds: who has an array of names calls its functions with names. */
function isNew(source: Source): boolean {
  return isSome(source, (one) => one.from !== 'view' && one.from !== 'place' && one.from !== 'element' && one.from !== 'property' && one.from !== 'container');
}

/** Bytes, or something that may hold some: all but numbers, strings and empty objects. */
function isMemory(source: Source): boolean {
  return isSome(source, () => true);
}

/** The source, or one that it is made of, may be memory of a kind. */
function isSome(source: Source, isOfKind: (one: Source) => boolean): boolean {
  switch (source.from) {
    case 'primitive':
    case 'unknown':
    case 'function':
      return false;
    case 'object':
      return Object.values(source.properties).some((one) => isSome(one, isOfKind));
    case 'promise':
    case 'iterable':
      return isSome(source.of, isOfKind);
    case 'choice':
      return [source.otherwise, ...Object.values(source.when)].some((one) => isSome(one, isOfKind));
    default:
      return isOfKind(source);
  }
}
