import type { ApiData, ContractData, ModuleData } from '../../../rules/engine/contracts/catalog-format.js';

/**
 * What the data files claim about queues: `rxjs#ReplaySubject opens`, `denque#Denque collects`, `p-queue#PQueue#add signals`.
 *
 * @param modules - the data files
 * @returns the claims
 */
export function queueClaimsOf(modules: readonly ModuleData[]): ReadonlySet<string> {
  const claims = new Set<string>();
  const ofContract = (contract: ContractData | undefined, path: string): void => {
    if (contract?.queue?.does === 'open') claims.add(`${path} opens`);
    if (contract?.sink !== undefined) claims.add(`${path} signals`);
  };
  const ofApis = (apis: { readonly [name: string]: ApiData }, prefix: string): void => {
    for (const [name, { call, construct, members }] of Object.entries(apis)) {
      if (name === 'primordials') continue;
      ofContract(call, `${prefix}${name}`);
      ofContract(construct, `${prefix}${name}`);
      ofApis(members ?? {}, `${prefix}${name}.`);
    }
  };
  for (const module of modules) {
    ofContract(module.default?.call, module.module);
    ofContract(module.default?.construct, module.module);
    ofApis(module.exports, `${module.module}#`);
    for (const [name, { methods = {} }] of Object.entries(module.types ?? {})) {
      const does = new Set(Object.values(methods).map(({ queue }) => queue?.does));
      if (does.has('put')) claims.add(`${module.module}#${name} collects`);
      for (const [method, contract] of Object.entries(methods)) ofContract(contract, `${module.module}#${name}#${method}`);
    }
  }
  return claims;
}
