import type { ApiData, ContractData, TypeData } from './catalog-format.js';
import type { CallbackUse, ParameterEffect, Source } from './contract.js';
import { isKeeping, isMoving } from './movers.js';

/** By what a file shows that something may be lent to it, or that it takes things that have to be handed back. */
export interface LenderNames {
  /** Specifiers of packages. */
  readonly modules: ReadonlySet<string>;
  /** Names of the platform's. */
  readonly names: ReadonlySet<string>;
}

/** What a module's data say, whatever else they hold. */
interface Described {
  readonly module: string;
  readonly aliases: readonly string[];
  readonly exports: { readonly [name: string]: ApiData };
  readonly default?: ApiData | undefined;
  readonly types: { readonly [name: string]: TypeData };
}

/**
 * Who lends something that is taken back when the code that has it returns or waits, or that has to be handed back; and who takes away
 * what it is given. The platform's own movers have names that tell.
 *
 * @param modules - the data of modules
 * @returns packages by specifier, and for the platform the names of what lends
 */
export function lendersOf(modules: Iterable<Described>): LenderNames {
  const packages = new Set<string>();
  const names = new Set<string>();
  for (const module of modules) {
    const lending = lendingNamesOf(module);
    if (lending.length === 0) continue;
    if (module.module === 'global') for (const name of lending) names.add(name);
    else for (const specifier of [module.module, ...module.aliases]) packages.add(specifier);
  }
  return { modules: packages, names };
}

function lendingNamesOf({ module, exports, default: whole, types }: Described): string[] {
  const found: string[] = [];
  const isPackage = module !== 'global' && !module.startsWith('node:');
  const isMarked = (contract: ContractData | undefined): boolean => isKeeping(contract) || (isPackage && isMoving(contract));
  const visit = (apis: { readonly [name: string]: ApiData }): void => {
    for (const [name, api] of Object.entries(apis)) {
      if ([api.call, api.construct].some((contract) => isLending(contract) || isMarked(contract))) found.push(name);
      visit(api.members ?? {});
    }
  };
  visit({ ...exports, ...(whole && { default: whole }) });
  for (const [type, { methods, properties, implemented }] of Object.entries(types)) {
    for (const [name, contract] of Object.entries(methods ?? {})) {
      // Its method's name may be anybody's; its own is not.
      if (isMarked(contract)) found.push(type);
      else if (isLending(contract)) found.push(name);
    }
    for (const [name, source] of Object.entries(properties ?? {})) if (isShort(source)) found.push(name);
    // An implementation names the type that it extends.
    if (Object.values(implemented ?? {}).some((method) => method.arguments.some(isShort))) found.push(type);
  }
  return found;
}

function isLending(contract: ContractData | undefined): boolean {
  if (contract === undefined) return false;
  const effects = [...(contract.parameters ?? []), contract.rest, contract.receiver];
  return effects.some((effect) => effect != null && lendsTo(effect)) || lends(contract.completion) || (contract.result !== undefined && contract.result.from === 'lent' && contract.result.until === 'first await');
}

function lendsTo(effect: ParameterEffect): boolean {
  return lends(effect.callback) || [effect.elements, ...Object.values(effect.properties ?? {})].some((one) => one !== undefined && lendsTo(one));
}

function lends(use: CallbackUse | undefined): boolean {
  return use?.arguments.some(isShort) === true;
}

function isShort(source: Source): boolean {
  return source.from === 'lent' && (source.until === 'return' || source.until === 'callback' || source.until === 'first await');
}
