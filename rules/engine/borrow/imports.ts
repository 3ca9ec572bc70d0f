import type { Origin } from '../ir/index.js';
import type { Machine } from './machine.js';
import type { Value } from './value.js';

/** What an import binds: a catalogued API at once, a file of the program when it is needed. */
export function importedValue(machine: Machine, specifier: string, imported: string, at: Origin): Value {
  const module = machine.unit.world.catalog.module(specifier);
  if (module !== undefined) {
    const api = imported === '*' ? module : (module.member(imported) ?? (imported === 'default' ? module : undefined));
    if (api !== undefined) return { kind: 'api', api };
  }
  return { kind: 'import', specifier, imported, file: at.file };
}
