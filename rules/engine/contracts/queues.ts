import type { ModuleQueues } from './api.js';
import type { ApiData, ContractData } from './catalog-format.js';
import type { QueueUse } from './contract.js';
import type { MergedModule } from './merge.js';

type Opening = Extract<QueueUse, { readonly does: 'open' }>;

/**
 * What a module has to do with queues.
 *
 * @param module - the module's data
 * @param sinks - the names of its methods that hand something to a sink
 * @returns the names; empty where it makes no queue and has no sink
 */
export function queuesIn(module: MergedModule, sinks: readonly string[]): ModuleQueues {
  const methods = Object.values(module.types).flatMap((type) => Object.entries(type.methods ?? {}));
  const openingMethods = methods.filter(([, contract]) => openingOf(contract) !== undefined);
  const named = apisIn({ ...module.default?.members, ...module.exports });
  const openings = [...named.flatMap(([, api]) => openingsOf(api)), ...openingsOf(module.default), ...openingMethods.flatMap(([, call]) => openingsOf({ call }))];
  return {
    opens: openings.length === 0 ? undefined : openings.some(({ bound, isUnlimitedByDefault }) => bound === undefined || isUnlimitedByDefault === true) ? 'by default' : 'in words',
    openingNames: new Set(named.flatMap(([name, api]) => (openingsOf(api).length > 0 ? [name] : []))),
    openingMethods: new Set(openingMethods.map(([name]) => name)),
    sinks: new Set(sinks),
  };
}

function apisIn(members: { readonly [name: string]: ApiData }): readonly (readonly [name: string, api: ApiData])[] {
  return Object.entries(members).flatMap(([name, api]) => [[name, api] as const, ...apisIn(api.members ?? {})]);
}

function openingsOf(api: ApiData | undefined): readonly Opening[] {
  return [openingOf(api?.call), openingOf(api?.construct)].filter((opening) => opening !== undefined);
}

function openingOf(contract: ContractData | undefined): Opening | undefined {
  return contract?.queue?.does === 'open' ? contract.queue : undefined;
}
