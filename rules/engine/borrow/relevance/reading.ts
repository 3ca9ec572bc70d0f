import type { NameEffects } from '../../contracts/name-effects.js';
import type { Callee, Key } from '../../ir/index.js';
import type { CatalogNames } from './catalog-names.js';
import { importKindOf } from './import-kind.js';
import type { Wiring } from './wiring.js';

/** The name of a member; none for elements: `x[i]`, `x[0]`. */
export function memberNamed(key: Key): string | undefined {
  return key.kind === 'computed' || /^\d+$/.test(key.name) ? undefined : key.name;
}

/** `import { read } from './io.js'`, `import * as io from './io.js'`: no method of an object, whatever it is called. */
export function isExport(callee: Callee): boolean {
  switch (callee.kind) {
    case 'value':
    case 'construct':
      return importKindOf(callee.value) === 'export';
    case 'method':
      return importKindOf(callee.object) === 'namespace';
    default:
      return false;
  }
}

/** What the catalog's APIs of a name do, as far as the call shows which of them may be meant. */
export function effectsOfCall(callee: Callee, name: string, wiring: Wiring, { effects, effectsOnAnything, effectsAsExport }: Pick<CatalogNames, 'effects' | 'effectsOnAnything' | 'effectsAsExport'>): NameEffects | undefined {
  if (isExport(callee)) return effectsAsExport.get(name);
  return callee.kind === 'method' && !wiring.isGlobal(callee.object) ? effectsOnAnything.get(name) : effects.get(name);
}
