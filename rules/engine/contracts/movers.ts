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
 * @returns the names, each with the number of arguments from which on it does: `structuredClone(value)` moves nothing
 */
export function moversOf(modules: Iterable<Described>): ReadonlyMap<string, number> {
  const movers = new Map<string, number>();
  visitContracts(modules, (name, contract) => {
    const from = everyday.has(name) ? undefined : movesFrom(contract);
    if (from !== undefined) movers.set(name, Math.min(from, movers.get(name) ?? from));
  });
  return movers;
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
  visitContracts(modules, (name, contract) => {
    if (is(contract)) names.add(name);
  });
  return names;
}

function visitContracts(modules: Iterable<Described>, take: (name: string, contract: ContractData | undefined) => void): void {
  const visit = (apis: { readonly [name: string]: ApiData }): void => {
    for (const [name, api] of Object.entries(apis)) {
      for (const contract of [api.call, api.construct]) take(name, contract);
      visit(api.members ?? {});
    }
  };
  for (const { exports, default: whole, types } of modules) {
    visit({ ...exports, ...whole?.members });
    for (const type of Object.values(types ?? {})) for (const [name, contract] of Object.entries(type.methods ?? {})) take(name, contract);
  }
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
  return movesFrom(contract) !== undefined;
}

/** With how many arguments a call moves something, at least; undefined for what moves nothing. */
function movesFrom(contract: ContractData | undefined): number | undefined {
  if (contract === undefined) return undefined;
  const moves = (effect: ParameterEffect | null | undefined): boolean => effect != null && movesSomewhere(effect);
  if (contract.result?.from === 'lent' || moves(contract.receiver)) return 0;
  const parameters = contract.parameters ?? [];
  const first = parameters.findIndex(moves);
  if (first >= 0) return first + 1;
  return moves(contract.rest) ? parameters.length + 1 : undefined;
}

function movesSomewhere(effect: ParameterEffect): boolean {
  return effect.transfers === true || effect.releases === true || effect.resizes !== undefined || [effect.elements, ...Object.values(effect.properties ?? {})].some((one) => one !== undefined && movesSomewhere(one));
}
