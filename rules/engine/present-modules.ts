import type ts from 'typescript';
import { catalogModules } from '../catalog/index.js';
import type { CatalogNames } from './borrow/relevance/index.js';
import type { ModuleData } from './contracts/catalog-format.js';
import { memoryNames } from './contracts/memory-names.js';
import { fedMethods, nameEffects, viewTypes } from './contracts/name-effects.js';
import { programFilesOf } from './program-files.js';

/** What of the catalog a program can come by. */
export interface PresentModules {
  readonly modules: readonly ModuleData[];
  /** What their APIs do, by names alone. Made when it is asked for. */
  names(): CatalogNames;
}

/** Programs of one run mostly have the same packages. */
const known = new Map<string, PresentModules>();
const knownLimit = 16;

/**
 * The platform's modules, but for parts that the program does not name, and those packages of the catalog that the program has a file
 * of or names in an import. An object of anything else cannot come by, so its names say nothing: without `node-lmdb`, `abort` moves no
 * memory.
 *
 * @param program - the program
 * @returns the modules; the same object for programs with the same packages
 */
export function presentModulesOf(program: ts.Program): PresentModules {
  const files = programFilesOf(program, unasked);
  const mentioned = mentionedIn(program, files);
  const isPresent = ({ module, aliases = [], namedBy }: ModuleData): boolean => {
    if (namedBy !== undefined) return files.some(({ names }) => namedBy.some((name) => names.has(name)));
    return isPlatform(module) || [module, ...aliases].some((name) => mentioned.has(name) || mentioned.has(packageOf(name)));
  };
  const modules = catalogModules.filter(isPresent);
  const key = catalogModules.map((data) => (modules.includes(data) ? '1' : '0')).join('');
  let present = known.get(key);
  if (present === undefined) {
    if (known.size >= knownLimit) known.clear();
    let names: CatalogNames | undefined;
    present = { modules, names: () => (names ??= catalogNamesOf(modules)) };
    known.set(key, present);
  }
  return present;
}

/**
 * What the APIs of some modules do, by names alone.
 *
 * @param modules - the data files
 * @returns what the tracing goes by
 */
export function catalogNamesOf(modules: readonly ModuleData[]): CatalogNames {
  return {
    memory: memoryNames(modules),
    effects: nameEffects(modules),
    effectsOnAnything: nameEffects(modules, 'on anything'),
    effectsAsExport: nameEffects(modules, 'as an export'),
    fed: fedMethods(modules),
    views: viewTypes(modules),
  };
}

function isPlatform(module: string): boolean {
  return module === 'global' || module.startsWith('node:');
}

/** Packages that the program has files of, and what its own files import. */
function mentionedIn(program: ts.Program, files: ReturnType<typeof programFilesOf>): ReadonlySet<string> {
  const mentioned = new Set<string>();
  for (const { fileName } of program.getSourceFiles()) {
    const installed = packageOfPath(fileName);
    if (installed !== undefined) mentioned.add(installed);
  }
  for (const { specifiers } of files) {
    for (const specifier of specifiers) {
      mentioned.add(specifier);
      mentioned.add(packageOf(specifier));
    }
  }
  return mentioned;
}

function unasked(): never {
  throw new TypeError('The functions of a file are of no interest here');
}

/** The catalog describes what a file's package exports: its declarations say more of it than its code. */
export function isDescribed(path: string): boolean {
  const name = packageOfPath(path);
  return name !== undefined && catalogModules.some(({ module }) => packageOf(module) === name);
}

/** `/…/node_modules/@types/a__b/index.d.ts` belongs to `@a/b`. */
function packageOfPath(path: string): string | undefined {
  const at = path.lastIndexOf('/node_modules/');
  if (at < 0) return undefined;
  const name = packageOf(path.slice(at + '/node_modules/'.length));
  if (!name.startsWith('@types/')) return name;
  const untyped = name.slice('@types/'.length);
  return untyped.includes('__') ? `@${untyped.replace('__', '/')}` : untyped;
}

/** `@a/b/c.js` is of `@a/b`. */
function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}
