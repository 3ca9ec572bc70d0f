import type { Api, ApiType, Catalog, ModuleQueues } from './api.js';
import type { ApiData, ContractData, ImplementedData, ModuleData, TypeData } from './catalog-format.js';
import type { Contract, Source, ViewType } from './contract.js';
import { mergeModules, type MergedModule } from './merge.js';
import { lendersOf, type LenderNames } from './lenders.js';
import { clonersOf, keepersOf, moversOf } from './movers.js';
import { queuesIn } from './queues.js';

/**
 * Turns catalog data into something to look names up in. Nothing is linked before it is asked for.
 *
 * @param modules - the data files; several may describe `global`
 * @param overrides - what the user declared in settings; wins over the data files, member by member
 * @returns the catalog
 * @throws {TypeError} when two data files declare the same name
 */
export function linkCatalog(modules: readonly ModuleData[], overrides: readonly ModuleData[] = []): Catalog {
  return new LinkedCatalog(mergeModules(modules, overrides));
}

/** The names of the global object itself. */
const GLOBAL_OBJECTS: ReadonlySet<string> = new Set(['globalThis', 'global', 'self', 'window']);

class LinkedCatalog implements Catalog {
  readonly #modules: ReadonlyMap<string, MergedModule>;
  readonly #aliases = new Map<string, MergedModule>();
  readonly #namespaces = new Map<MergedModule, LinkedApi>();
  readonly #types = new Map<string, LinkedType | undefined>();
  #names: ReadonlySet<string> | undefined;
  #movers: ReadonlyMap<string, number> | undefined;
  #cloners: ReadonlySet<string> | undefined;
  #sinkNames: ReadonlySet<string> | undefined;
  readonly #queues = new Map<MergedModule, ModuleQueues>();
  #lenders: LenderNames | undefined;
  #keepers: ReadonlySet<string> | undefined;
  readonly #marked = new Map<ContractMark, ReadonlySet<string>>();

  constructor(modules: ReadonlyMap<string, MergedModule>) {
    this.#modules = modules;
    for (const module of modules.values()) {
      for (const alias of [module.module, ...module.aliases]) this.#aliases.set(alias, module);
    }
  }

  module(specifier: string): Api | undefined {
    return specifier === 'global' ? undefined : this.#namespace(this.#aliases.get(specifier));
  }

  global(name: string): Api | undefined {
    const globals = this.#namespace(this.#modules.get('global'));
    return GLOBAL_OBJECTS.has(name) ? globals : globals?.member(name);
  }

  type(path: string): ApiType | undefined {
    const known = this.#types.get(path);
    if (known !== undefined || this.#types.has(path)) return known;
    const linked = this.#linkType(path);
    this.#types.set(path, linked);
    return linked;
  }

  viewType(view: ViewType): ApiType {
    const type = this.type(`global#${view}`);
    if (type === undefined) throw new TypeError(`The catalog has no type global#${view}`);
    return type;
  }

  get movers(): ReadonlyMap<string, number> {
    return (this.#movers ??= moversOf(this.#modules.values()));
  }

  get lenders(): LenderNames {
    return (this.#lenders ??= lendersOf(this.#modules.values()));
  }

  get keepers(): ReadonlySet<string> {
    return (this.#keepers ??= keepersOf(this.#modules.values()));
  }

  get cloners(): ReadonlySet<string> {
    return (this.#cloners ??= clonersOf(this.#modules.values()));
  }

  get names(): ReadonlySet<string> {
    return (this.#names ??= new Set([...this.#modules.values()].flatMap(namesOf)));
  }

  get sinkNames(): ReadonlySet<string> {
    return (this.#sinkNames ??= new Set([...this.#modules.values()].filter(isPlatform).flatMap((module) => markedNamesOf(module, 'sink'))));
  }

  queuesOf(specifier: string): ModuleQueues | undefined {
    const module = this.#aliases.get(specifier);
    if (module === undefined) return undefined;
    const known = this.#queues.get(module);
    if (known !== undefined) return known;
    const queues = queuesIn(module, isPlatform(module) ? [] : markedNamesOf(module, 'sink'));
    this.#queues.set(module, queues);
    return queues;
  }

  get throwingNames(): ReadonlySet<string> {
    return this.#namesMarked('throwsOnInput');
  }

  get failingNames(): ReadonlySet<string> {
    return this.#namesMarked('mayFail');
  }

  #namesMarked(mark: ContractMark): ReadonlySet<string> {
    let names = this.#marked.get(mark);
    if (names === undefined) this.#marked.set(mark, (names = new Set([...this.#modules.values()].flatMap((module) => markedNamesOf(module, mark)))));
    return names;
  }

  #namespace(module: MergedModule | undefined): LinkedApi | undefined {
    if (module === undefined) return undefined;
    let api = this.#namespaces.get(module);
    if (api === undefined) {
      // `require(module)` and a default import give the default where there is one; a namespace import has its members as well.
      const members = { ...module.default?.members, ...module.exports };
      api = new LinkedApi(this, module, module.module, { ...module.default, members });
      this.#namespaces.set(module, api);
    }
    return api;
  }

  #linkType(path: string): LinkedType | undefined {
    const hash = path.lastIndexOf('#');
    const module = this.#aliases.get(path.slice(0, hash));
    if (module === undefined) return undefined;
    const name = path.slice(hash + 1);
    const canonical = `${module.module}#${name}`;
    if (canonical !== path) return this.type(canonical) as LinkedType | undefined;
    const data = Object.hasOwn(module.types, name) ? module.types[name] : undefined;
    if (data !== undefined) return new LinkedType(this, module, path, data);
    // A class exported under another name, or re-exported from where it is catalogued.
    const exported = (Object.hasOwn(module.exports, name) ? module.exports[name]?.type : undefined) ?? undefined;
    const target = exported === undefined ? undefined : qualify(exported, module);
    return target === undefined || target === path ? undefined : (this.type(target) as LinkedType | undefined);
  }
}

class LinkedApi implements Api {
  readonly path: string;
  readonly #catalog: LinkedCatalog;
  readonly #module: MergedModule;
  readonly #data: ApiData;
  readonly #members = new Map<string, LinkedApi | undefined>();
  #call: Contract | undefined;
  #construct: Contract | undefined;

  constructor(catalog: LinkedCatalog, module: MergedModule, path: string, data: ApiData) {
    this.#catalog = catalog;
    this.#module = module;
    this.#data = data;
    this.path = path;
  }

  get call(): Contract | undefined {
    return (this.#call ??= this.#data.call && linkContract(this.#data.call, this.#module, this.path));
  }

  get construct(): Contract | undefined {
    return (this.#construct ??= this.#linkConstruct());
  }

  get instance(): ApiType | undefined {
    return this.#data.type === undefined ? undefined : this.#catalog.type(qualify(this.#data.type, this.#module));
  }

  get value(): Source | undefined {
    return this.#data.value && linkSource(this.#data.value, this.#module);
  }

  member(name: string): Api | undefined {
    if (this.#members.has(name)) return this.#members.get(name);
    const members = this.#data.members;
    const data = members !== undefined && Object.hasOwn(members, name) ? members[name] : undefined;
    const separator = this.path.includes('#') ? '.' : '#';
    const api = data && new LinkedApi(this.#catalog, this.#module, `${this.path}${separator}${name}`, data);
    // A default import names the namespace itself, which has the default's own call and members.
    const isDefault = name === 'default' && api === undefined && separator === '#';
    this.#members.set(name, isDefault ? this : api);
    return isDefault ? this : api;
  }

  #linkConstruct(): Contract | undefined {
    if (this.#data.construct) return linkContract(this.#data.construct, this.#module, this.path);
    const type = this.instance;
    if (type === undefined) return undefined;
    const result: Source = type.view === undefined ? { from: 'instance', type: type.path } : { from: 'fresh', type: type.view };
    return { origin: 'catalog', isCertain: true, result };
  }
}

class LinkedType implements ApiType {
  readonly path: string;
  readonly #catalog: LinkedCatalog;
  readonly #module: MergedModule;
  readonly #data: TypeData;
  readonly #methods = new Map<string, Contract | undefined>();

  constructor(catalog: LinkedCatalog, module: MergedModule, path: string, data: TypeData) {
    this.#catalog = catalog;
    this.#module = module;
    this.#data = data;
    this.path = path;
  }

  get view(): ViewType | undefined {
    return this.#data.view ?? this.base?.view;
  }

  get base(): ApiType | undefined {
    return this.#data.extends === undefined ? undefined : this.#catalog.type(qualify(this.#data.extends, this.#module));
  }

  method(name: string): Contract | undefined {
    if (this.#methods.has(name)) return this.#methods.get(name);
    const own = ownEntry(this.#data.methods, name);
    const contract = own ? linkContract(own, this.#module, `${this.path}.${name}`) : this.base?.method(name);
    this.#methods.set(name, contract);
    return contract;
  }

  property(name: string): Source | undefined {
    const own = ownEntry(this.#data.properties, name);
    return own ? linkSource(own, this.#module) : this.base?.property(name);
  }

  implemented(name: string): ImplementedData | undefined {
    const own = ownEntry(this.#data.implemented, name);
    return own ? { ...own, arguments: own.arguments.map((source) => linkSource(source, this.#module)) } : this.base?.implemented(name);
  }
}

/** Names come from programs: `constructor` and `toString` must not find what plain objects inherit. */
function ownEntry<T>(record: { readonly [name: string]: T } | undefined, name: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}

function qualify(type: string, module: MergedModule): string {
  return type.includes('#') ? type : `${module.module}#${type}`;
}

function linkContract(data: ContractData, module: MergedModule, path: string): Contract {
  const origin = module.overridden.has(data) ? 'settings' : 'catalog';
  return { ...(qualifyInside(data, module) as ContractData), ...(data.blocks && { blocks: { ...data.blocks, path } }), origin, isCertain: true };
}

function linkSource(source: Source, module: MergedModule): Source {
  return qualifyInside(source, module) as Source;
}

/** Writes out the module of every type that a contract names; the rest stays as it is. */
function qualifyInside(data: unknown, module: MergedModule): unknown {
  if (Array.isArray(data)) return data.map((item) => qualifyInside(item, module));
  if (typeof data !== 'object' || data === null) return data;
  const copy = Object.fromEntries(Object.entries(data).map(([key, value]) => [key, qualifyInside(value, module)]));
  if (copy['from'] === 'instance' && typeof copy['type'] === 'string') copy['type'] = qualify(copy['type'], module);
  return copy;
}

function namesOf(module: MergedModule): string[] {
  const types = Object.entries(module.types).flatMap(([name, type]) => [
    name,
    ...Object.keys(type.methods ?? {}),
    ...Object.keys(type.properties ?? {}),
    ...Object.keys(type.implemented ?? {}),
  ]);
  return [...namesOfMembers(module.exports), ...namesOfMembers(module.default?.members ?? {}), ...types];
}

function namesOfMembers(members: { readonly [name: string]: ApiData }): string[] {
  return Object.entries(members).flatMap(([name, data]) => [name, ...namesOfMembers(data.members ?? {})]);
}

/** Its names are looked for in every file; those of a package only where the package is imported. */
function isPlatform({ module }: MergedModule): boolean {
  return module === 'global' || module.startsWith('node:');
}

/** What a contract says beside what it does with bytes. */
type ContractMark = 'sink' | 'throwsOnInput' | 'mayFail';

function markedNamesOf(module: MergedModule, mark: ContractMark): string[] {
  const methods = Object.values(module.types).flatMap((type) => Object.entries(type.methods ?? {}));
  return [...methods.flatMap(([name, contract]) => (contract[mark] === undefined ? [] : [name])), ...markedMembers({ ...module.default?.members, ...module.exports }, mark)];
}

function markedMembers(members: { readonly [name: string]: ApiData }, mark: ContractMark): string[] {
  return Object.entries(members).flatMap(([name, { call, construct, members: own }]) => [
    ...(call?.[mark] === undefined && construct?.[mark] === undefined ? [] : [name]),
    ...markedMembers(own ?? {}, mark),
  ]);
}
