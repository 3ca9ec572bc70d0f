import type { ApiData, ContractData, TypeData } from './catalog-format.js';
import type { ParameterEffect } from './contract.js';

/** Names that everyday code uses for things that move nothing: what is called so is looked at where bytes go in. */
const everyday: ReadonlySet<string> = new Set(['add', 'clear', 'close', 'delete', 'destroy', 'encode', 'end', 'enqueue', 'push', 'read', 'release', 'reset', 'run', 'write']);

/** What a module's data say, whatever else they hold. */
interface Described {
  readonly exports: { readonly [name: string]: ApiData };
  readonly default?: ApiData | undefined;
  readonly types?: { readonly [name: string]: TypeData } | undefined;
}

/**
 * The names of functions, classes and methods that move memory away, lend it, grow it or hand it back, but for those of everyday code.
 *
 * @param modules - the data of modules
 * @returns the names
 */
export function moversOf(modules: Iterable<Described>): ReadonlySet<string> {
  return new Set([...namesWhere(modules, isMoving)].filter((name) => !everyday.has(name)));
}

/**
 * The names of functions, classes and methods that copy a value by the structured clone algorithm.
 *
 * @param modules - the data of modules
 * @returns the names
 */
export function clonersOf(modules: Iterable<Described>): ReadonlySet<string> {
  return namesWhere(modules, (contract) => contract?.parameters?.some((effect) => effect != null && clonesSomewhere(effect)) === true);
}

/**
 * The names of functions, classes and methods that take something which has to be handed back, or that hand it back.
 *
 * @param modules - the data of modules
 * @returns the names
 */
export function keepersOf(modules: Iterable<Described>): ReadonlySet<string> {
  return namesWhere(modules, isKeeping);
}

/**
 * Whether a call takes something that has to be handed back, hands it back, or takes back itself what it lent.
 *
 * @param contract - the contract of what is called
 * @returns true when it does
 */
export function isKeeping(contract: ContractData | undefined): boolean {
  return contract?.acquires === true || [...(contract?.parameters ?? []), contract?.rest, contract?.receiver].some((effect) => effect?.ends !== undefined || effect?.reuses === true);
}

function namesWhere(modules: Iterable<Described>, is: (contract: ContractData | undefined) => boolean): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (apis: { readonly [name: string]: ApiData }): void => {
    for (const [name, api] of Object.entries(apis)) {
      if ([api.call, api.construct].some(is)) names.add(name);
      visit(api.members ?? {});
    }
  };
  for (const { exports, default: whole, types } of modules) {
    visit({ ...exports, ...whole?.members });
    for (const type of Object.values(types ?? {})) for (const [name, contract] of Object.entries(type.methods ?? {})) if (is(contract)) names.add(name);
  }
  return names;
}

function clonesSomewhere(effect: ParameterEffect): boolean {
  return effect.clones === true || Object.values(effect.properties ?? {}).some(clonesSomewhere);
}

/**
 * Whether a call moves memory away, lends it, grows it or hands it back.
 *
 * @param contract - the contract of what is called
 * @returns true when it does
 */
export function isMoving(contract: ContractData | undefined): boolean {
  if (contract?.result?.from === 'lent') return true;
  return [...(contract?.parameters ?? []), contract?.rest, contract?.receiver].some((effect) => effect != null && movesSomewhere(effect));
}

function movesSomewhere(effect: ParameterEffect): boolean {
  return effect.transfers === true || effect.releases === true || effect.resizes !== undefined || [effect.elements, ...Object.values(effect.properties ?? {})].some((one) => one !== undefined && movesSomewhere(one));
}
