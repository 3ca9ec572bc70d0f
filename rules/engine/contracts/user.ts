import type { ApiData, ContractData, ModuleData, TypeData } from './catalog-format.js';
import type { Contract } from './contract.js';
import { show } from './shape.js';
import { validateContract } from './validate.js';

/** Contracts of the project's own functions. */
export interface ProjectContracts {
  /** The contract of a function by its file and its name as the engine gives it (`take`, `Pool#take`). */
  of(file: string, name: string): Contract | undefined;
}

/** What `settings.borrowck.contracts` says. */
export interface UserContracts {
  /** What is declared of packages and of the platform: overrides for `linkCatalog`. */
  readonly modules: readonly ModuleData[];
  readonly project: ProjectContracts;
  /** Entries that cannot be used, in sentences; they are left out. */
  readonly problems: readonly string[];
}

const WHERE = 'settings.borrowck.contracts';

/**
 * Reads `settings.borrowck.contracts`: an object from what is called to its contract. Keys are
 *
 * - `module#name`: an exported function (`lmdb#open`), a global one (`global#decode`)
 * - `module#Type.method`: a method of the instances of a type (`lmdb#Database.getBinaryFast`)
 * - `module#static Type.method`: a method of the class itself (`bytes#static Slab.from`)
 * - `module#new Type`: what `new Type(…)` does
 * - `./path/to/file#name`: a function of the project (`./src/pool.ts#take`, `./src/pool.ts#Pool.take`), the path relative to `root`,
 *   with or without its extension
 *
 * @param written - the setting as the user wrote it; undefined when there is none
 * @param root - the folder that relative paths start from
 * @returns the contracts, and what is wrong with those that cannot be used
 */
export function readUserContracts(written: unknown, root: string): UserContracts {
  const problems: string[] = [];
  const modules = new Map<string, { exports: Record<string, ApiData>; types: Record<string, TypeData> }>();
  const project = new Map<string, Contract>();
  if (written !== undefined && (typeof written !== 'object' || written === null || Array.isArray(written))) {
    problems.push(`${WHERE}: expected an object from functions to contracts, got ${show(written)}`);
  }
  for (const [key, data] of Object.entries(problems.length > 0 ? {} : (written ?? {}))) {
    const where = `${WHERE}[${JSON.stringify(key)}]`;
    const found = validateContract(data, where);
    const target = parseKey(key);
    if (target === undefined) found.push(`${where}: expected a key like "module#name", "module#Type.method" or "./file#name"`);
    problems.push(...found);
    if (target === undefined || found.length > 0) continue;
    const contract = data as ContractData;
    if (target.isOwn) {
      project.set(`${resolvePath(root, target.module)}#${target.names.join('.')}`, { ...contract, origin: 'settings', isCertain: true });
      continue;
    }
    let module = modules.get(target.module);
    if (module === undefined) modules.set(target.module, (module = { exports: {}, types: {} }));
    declare(module, target, contract);
  }
  return {
    modules: [...modules].map(([name, { exports, types }]) => ({ module: name, exports, types })),
    project: { of: (file, name) => contractOf(project, file, name) },
    problems,
  };
}

interface Target {
  readonly module: string;
  readonly isOwn: boolean;
  readonly role: 'call' | 'new' | 'static';
  readonly names: readonly string[];
}

function parseKey(key: string): Target | undefined {
  const match = /^([^#\s]+)#(?:(new|static) )?([\w$]+(?:\.#?[\w$]+)?)$/.exec(key);
  const [, module, word, path] = match ?? [];
  if (module === undefined || path === undefined) return undefined;
  const names = path.split('.');
  const role = word === 'new' || word === 'static' ? word : 'call';
  const isOwn = /^\.{1,2}\//.test(module);
  if (role === 'new' && names.length > 1) return undefined;
  if (role === 'static' && names.length < 2) return undefined;
  return isOwn && role === 'new' ? undefined : { module, isOwn, role, names };
}

function declare(module: { exports: Record<string, ApiData>; types: Record<string, TypeData> }, target: Target, contract: ContractData): void {
  const [first = '', second = ''] = target.names;
  const before = module.exports[first] ?? {};
  if (target.role === 'static') module.exports[first] = { ...before, members: { ...before.members, [second]: { call: contract } } };
  else if (target.role === 'new') module.exports[first] = { ...before, construct: contract };
  else if (target.names.length === 1) module.exports[first] = { ...before, call: contract };
  else {
    const type = module.types[first];
    module.types[first] = { ...type, methods: { ...type?.methods, [second]: contract } };
  }
}

function contractOf(project: ReadonlyMap<string, Contract>, file: string, name: string): Contract | undefined {
  if (project.size === 0) return undefined;
  // The engine writes `Pool#take`, and `Pool##take` for a private method.
  const path = name.replace('#', '.');
  return project.get(`${file}#${path}`) ?? project.get(`${file.replace(/\.[cm]?[jt]sx?$/, '')}#${path}`);
}

/** Posix paths only: TypeScript's file names are such on every platform. */
function resolvePath(root: string, relative: string): string {
  const parts = root.replaceAll('\\', '/').replace(/\/$/, '').split('/');
  for (const part of relative.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}
