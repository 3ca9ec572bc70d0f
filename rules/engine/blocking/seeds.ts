import type { ApiData, ModuleData } from '../contracts/catalog-format.js';
import type { ProgramFile } from './files.js';

/** By which words a program comes to something that blocks. */
export interface Seeds {
  /** Names of functions and members. */
  readonly names: ReadonlySet<string>;
  /** Modules whose value itself blocks when it is called, under whatever name a file gives it. */
  readonly modules: ReadonlySet<string>;
  /** Functions of the project that settings speak of. */
  readonly declared: readonly string[];
}

/**
 * The names of what blocks in the modules that a program uses. What nobody imports cannot be called.
 *
 * @param modules - the data files, those from settings included
 * @param files - the program's own files
 * @param declared - the names of the project's functions that settings have contracts for
 * @returns the names
 */
export function seedsOf(modules: readonly ModuleData[], files: readonly ProgramFile[], declared: readonly string[]): Seeds {
  const imported = new Set(files.flatMap(({ specifiers }) => specifiers));
  const names = new Set<string>();
  const callable = new Set<string>();
  const visit = (members: { readonly [name: string]: ApiData }): void => {
    for (const [name, api] of Object.entries(members)) {
      if (isBlocking(api)) names.add(name);
      visit(api.members ?? {});
    }
  };
  const isNamed = (name: string): boolean => files.some((file) => file.names.has(name));
  for (const { module, aliases, exports: all, types, default: whole } of modules) {
    // What is the platform's is not imported, but it is named.
    const exports = module === 'global' ? Object.fromEntries(Object.entries(all).filter(([name]) => isNamed(name))) : all;
    const specifiers = [module, ...(aliases ?? [])];
    const isUsed = module === 'global' || specifiers.some((specifier) => imported.has(specifier));
    if (!isUsed) continue;
    visit({ ...exports, ...whole?.members });
    if (whole !== undefined && isBlocking(whole)) for (const each of specifiers) callable.add(each);
    for (const [type, { methods = {} }] of Object.entries(types ?? {})) {
      const blocking = Object.keys(methods).filter((name) => methods[name]?.blocks !== undefined);
      const isMet = module !== 'global' || (blocking.length > 0 && isNamed(type.slice(type.lastIndexOf('.') + 1)));
      if (isMet) for (const name of blocking) names.add(name);
    }
  }
  return { names, modules: callable, declared };
}

function isBlocking({ call, construct }: ApiData): boolean {
  return call?.blocks !== undefined || construct?.blocks !== undefined;
}
