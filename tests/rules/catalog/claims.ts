import type { ApiData, ContractData, ModuleData } from '../../../rules/engine/contracts/catalog-format.js';
import type { ParameterEffect, Source } from '../../../rules/engine/contracts/contract.js';

/** Something that a contract says about memory: `global#Buffer#slice view`. */
export type Claim = string;

type Kind = 'acquires' | 'ends' | 'resizes' | 'writes' | 'view' | 'lent' | 'transfers' | 'keeps' | 'escapes' | 'releases';

/** What the data files claim about bytes. `module#export.member` for functions, `module#Type#member` for members of instances. */
export function claimsOf(modules: readonly ModuleData[]): ReadonlySet<Claim> {
  const claims = new Set<Claim>();
  const add = (path: string, kinds: ReadonlySet<Kind>): void => {
    for (const kind of kinds) claims.add(`${path} ${kind}`);
  };
  const visitApis = (apis: { readonly [name: string]: ApiData }, prefix: string): void => {
    for (const [name, api] of Object.entries(apis)) {
      // The same contracts as the methods', in another notation.
      if (name === 'primordials') continue;
      const path = `${prefix}${name}`;
      if (api.call) add(path, kindsOf(api.call));
      if (api.construct) add(`new ${path}`, kindsOf(api.construct));
      visitApis(api.members ?? {}, `${path}.`);
    }
  };
  for (const module of modules) {
    visitApis(module.exports, `${module.module}#`);
    for (const [name, type] of Object.entries(module.types ?? {})) {
      for (const [method, contract] of Object.entries(type.methods ?? {})) add(`${module.module}#${name}#${method}`, kindsOf(contract));
      for (const [property, source] of Object.entries(type.properties ?? {})) add(`${module.module}#${name}#${property}`, sourceKinds(source));
      for (const [method, { arguments: given }] of Object.entries(type.implemented ?? {})) {
        add(`${module.module}#${name}#${method}`, new Set(given.flatMap((source) => [...sourceKinds(source)])));
      }
    }
  }
  return claims;
}

function kindsOf(contract: ContractData): ReadonlySet<Kind> {
  const kinds = new Set<Kind>(contract.acquires === true ? ['acquires'] : []);
  const effects = [...(contract.parameters ?? []), contract.rest, contract.receiver];
  for (const effect of effects) if (effect) for (const kind of effectKinds(effect)) kinds.add(kind);
  for (const source of [contract.result, ...(contract.completion?.arguments ?? [])]) if (source) for (const kind of sourceKinds(source)) kinds.add(kind);
  return kinds;
}

function effectKinds(effect: ParameterEffect): Kind[] {
  const nested = [...Object.values(effect.properties ?? {}), ...(effect.elements ? [effect.elements] : [])].flatMap(effectKinds);
  const given = (effect.callback?.arguments ?? []).flatMap((source) => [...sourceKinds(source)]);
  // That a callback or an options object is kept says nothing about bytes.
  const isOfBytes = effect.callback === undefined && effect.properties === undefined;
  return [
    ...(effect.writes ? (['writes'] as const) : []),
    ...(effect.transfers ? (['transfers'] as const) : []),
    ...(effect.escapes ? (['escapes'] as const) : []),
    ...(effect.releases ? (['releases'] as const) : []),
    ...(effect.ends ? (['ends'] as const) : []),
    ...(effect.resizes === undefined ? [] : (['resizes'] as const)),
    ...(effect.keeps && effect.keeps !== 'return' && isOfBytes && !effect.writes && !effect.escapes ? (['keeps'] as const) : []),
    ...nested,
    ...given,
  ];
}

function sourceKinds(source: Source): ReadonlySet<Kind> {
  switch (source.from) {
    case 'view':
      return new Set(['view']);
    case 'lent':
      return new Set(['lent']);
    case 'promise':
    case 'iterable':
      return sourceKinds(source.of);
    case 'object':
      return new Set(Object.values(source.properties).flatMap((property) => [...sourceKinds(property)]));
    case 'choice':
      return new Set([...Object.values(source.when), source.otherwise].flatMap((each) => [...sourceKinds(each)]));
    case 'function':
      return kindsOf(source.contract);
    default:
      return new Set();
  }
}
