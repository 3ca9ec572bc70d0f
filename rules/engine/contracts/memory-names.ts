import type { ApiData, ContractData, ModuleData, TypeData } from './catalog-format.js';
import type { ParameterEffect, Source } from './contract.js';

/** The names by which code comes to memory, without what they are members of. */
export interface MemoryNames {
  /** Globals, and members of instances: bytes come out whatever else has that name. */
  readonly certain: ReadonlySet<string>;
  /** Functions and classes of a module, by its name and its aliases. */
  readonly byModule: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * The names of functions, methods, classes and properties of the catalog that give bytes which were not there before, or that hand
 * them to a callback. Code that uses none of them holds no memory that the analysis knows of.
 *
 * @param modules - the data files, those from settings included
 * @returns the names
 */
export function memoryNames(modules: readonly ModuleData[]): MemoryNames {
  const views = new Set(modules.flatMap((module) => Object.entries(module.types ?? {}).flatMap(([name, type]) => (type.view === undefined ? [] : [name]))));
  const search = new Search(views);
  const giving = new Set<string>();
  const lending = new Set<string>();
  const others = new Set<string>();
  const note = (name: string, gives: boolean): void => void (gives ? giving : others).add(name);
  const byModule = new Map<string, Set<string>>();
  const visit = (members: { readonly [name: string]: ApiData }, take: (name: string, gives: boolean) => void): void => {
    for (const [name, api] of Object.entries(members)) {
      take(name, search.isIn(api));
      visit(api.members ?? {}, take);
    }
  };
  for (const { module, aliases, exports, types, default: whole } of modules) {
    const own = byModule.get(module) ?? new Set<string>();
    const take = module === 'global' ? note : (name: string, gives: boolean): void => void (gives && own.add(name));
    for (const name of [module, ...(aliases ?? [])]) byModule.set(name, own);
    visit({ ...exports, ...whole?.members, ...(whole && { default: whole }) }, take);
    for (const [name, type] of Object.entries(types ?? {})) {
      if (search.isImplemented(type)) own.add(name);
      if (search.isImplemented(type) && module === 'global') giving.add(name);
      for (const [method, contract] of Object.entries(type.methods ?? {})) {
        note(method, search.isInContract(contract));
      }
      for (const [property, source] of Object.entries(type.properties ?? {})) {
        note(property, search.isInSource(source));
        // `buffer`: a wasm memory's own, which any function of the instance writes.
        if (source.from === 'lent') lending.add(property);
      }
    }
  }
  // `Symbol.iterator` is no member of a catalogued type.
  const isAmbiguous = (name: string): boolean => (others.has(name) && !lending.has(name)) || name === 'iterator';
  return { certain: new Set([...giving].filter((name) => !isAmbiguous(name))), byModule };
}

function effectsOf(contract: ContractData): ParameterEffect[] {
  return [...(contract.parameters ?? []), contract.rest, contract.receiver].filter((effect) => effect != null);
}

class Search {
  readonly #views: ReadonlySet<string>;

  constructor(views: ReadonlySet<string>) {
    this.#views = views;
  }

  isIn(api: ApiData): boolean {
    if (api.type !== undefined && this.#isView(api.type)) return true;
    return [api.call, api.construct].some((contract) => contract !== undefined && this.isInContract(contract)) || (api.value !== undefined && this.isInSource(api.value));
  }

  isInContract(contract: ContractData): boolean {
    if (effectsOf(contract).some((effect) => this.#isInEffect(effect))) return true;
    return [contract.result, ...(contract.completion?.arguments ?? [])].some((source) => source !== undefined && this.isInSource(source));
  }

  /** What a subclass or an options object is given when the API calls it. */
  isImplemented(type: TypeData): boolean {
    return Object.values(type.implemented ?? {}).some((method) => method.arguments.some((source) => this.isInSource(source)));
  }

  isInSource(source: Source): boolean {
    switch (source.from) {
      case 'fresh':
      case 'lent':
        return true;
      case 'instance':
        return this.#isView(source.type);
      case 'promise':
      case 'iterable':
        return this.isInSource(source.of);
      case 'object':
        return Object.values(source.properties).some((property) => this.isInSource(property));
      case 'choice':
        return [source.otherwise, ...Object.values(source.when)].some((one) => this.isInSource(one));
      case 'function':
        return this.isInContract(source.contract);
      default:
        return false;
    }
  }

  #isInEffect(effect: ParameterEffect): boolean {
    if (effect.callback?.arguments.some((source) => this.isInSource(source)) === true) return true;
    if (effect.elements !== undefined && this.#isInEffect(effect.elements)) return true;
    return Object.values(effect.properties ?? {}).some((property) => this.#isInEffect(property));
  }

  #isView(type: string): boolean {
    return this.#views.has(type.slice(type.lastIndexOf('#') + 1));
  }
}
