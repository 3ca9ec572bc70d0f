import type { ApiData, ContractData, ModuleData, TypeData } from './catalog-format.js';

/** A module as all its data files together describe it. */
export interface MergedModule {
  readonly module: string;
  readonly aliases: readonly string[];
  readonly default: ApiData | undefined;
  readonly exports: { readonly [name: string]: ApiData };
  readonly types: { readonly [name: string]: TypeData };
  /** The contracts that come from settings. */
  readonly overridden: ReadonlySet<ContractData>;
}

/**
 * Joins the files that describe one module, and lays what the user declared over them.
 *
 * @param modules - the data files
 * @param overrides - what wins over them, member by member
 * @returns the modules by canonical name
 * @throws {TypeError} when two data files declare the same name
 */
export function mergeModules(modules: readonly ModuleData[], overrides: readonly ModuleData[]): ReadonlyMap<string, MergedModule> {
  const merged = new Map<string, MergedModule>();
  const canonical = new Map<string, string>();
  for (const data of modules) {
    const before = merged.get(data.module) ?? emptyModule(data.module);
    merged.set(data.module, {
      ...before,
      aliases: [...before.aliases, ...(data.aliases ?? [])],
      default: data.default ?? before.default,
      exports: joined(before.exports, data.exports, `${data.module} exports`),
      types: joined(before.types, data.types ?? {}, `types of ${data.module}`),
    });
    for (const name of [data.module, ...(data.aliases ?? [])]) canonical.set(name, data.module);
  }
  for (const data of overrides) {
    const name = canonical.get(data.module) ?? data.module;
    merged.set(name, overlay(merged.get(name) ?? emptyModule(name), data));
  }
  return merged;
}

function emptyModule(module: string): MergedModule {
  return { module, aliases: [], default: undefined, exports: {}, types: {}, overridden: new Set() };
}

function joined<T>(left: { readonly [name: string]: T }, right: { readonly [name: string]: T }, what: string): { readonly [name: string]: T } {
  const twice = Object.keys(right).find((name) => Object.hasOwn(left, name));
  if (twice !== undefined) throw new TypeError(`Two data files declare ${twice} in the ${what}`);
  return { ...left, ...right };
}

function overlay(base: MergedModule, data: ModuleData): MergedModule {
  const types = { ...base.types };
  for (const [name, type] of Object.entries(data.types ?? {})) {
    const before = types[name];
    types[name] = { ...before, ...type, methods: { ...before?.methods, ...type.methods } };
  }
  const overridden = new Set([...base.overridden, ...contractsOf(data.exports), ...Object.values(data.types ?? {}).flatMap((type) => Object.values(type.methods ?? {}))]);
  return { ...base, exports: overlayMembers(base.exports, data.exports), types, overridden };
}

function overlayMembers(base: { readonly [name: string]: ApiData }, over: { readonly [name: string]: ApiData }): { readonly [name: string]: ApiData } {
  const members: Record<string, ApiData> = { ...base };
  for (const [name, api] of Object.entries(over)) {
    const before = members[name];
    members[name] = { ...before, ...api, ...(api.members && { members: overlayMembers(before?.members ?? {}, api.members) }) };
  }
  return members;
}

function contractsOf(members: { readonly [name: string]: ApiData }): ContractData[] {
  return Object.values(members).flatMap((api) => [api.call, api.construct].filter((contract) => contract !== undefined).concat(contractsOf(api.members ?? {})));
}
