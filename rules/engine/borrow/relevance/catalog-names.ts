import type { MemoryNames } from '../../contracts/memory-names.js';
import type { FedMethod, NameEffects } from '../../contracts/name-effects.js';

/** What the catalog says by names alone. */
export interface CatalogNames {
  readonly memory: MemoryNames;
  readonly effects: ReadonlyMap<string, NameEffects>;
  readonly effectsOnAnything: ReadonlyMap<string, NameEffects>;
  readonly effectsAsExport: ReadonlyMap<string, NameEffects>;
  /** Methods that an API calls with memory. */
  readonly fed: ReadonlyMap<string, FedMethod>;
  /** Types of byte views. */
  readonly views: ReadonlySet<string>;
}

/** Names of APIs that overwrite something; what only moves it away does not. */
export function namesThatOverwrite(effects: ReadonlyMap<string, NameEffects>): ReadonlySet<string> {
  const names = new Set<string>();
  for (const [name, { receiver, parameters, rest }] of effects) if ([receiver, rest, ...parameters].some(({ isWritten, isMoved }) => isWritten && !isMoved)) names.add(name);
  return names;
}
