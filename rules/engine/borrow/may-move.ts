import type { FunctionIr, ModuleIr } from '../ir/index.js';
import type { World } from '../world.js';

const movers = new WeakMap<ModuleIr, boolean>();

/** Some function of the file names what moves memory, or the file is lent some. */
export function canMove(module: ModuleIr, world: World): boolean {
  const { catalog } = world;
  let verdict = movers.get(module);
  if (verdict === undefined) movers.set(module, (verdict = world.isLentTo(module.file) || module.functions.some((fn) => mentionsMove(fn, catalog.movers) || mentionsGrowing(fn))));
  return verdict;
}

/** The buffer of a memory that wasm code may grow. */
function mentionsGrowing({ outline: { members, freeNames } }: FunctionIr): boolean {
  return members.has('buffer') && (members.has('memory') || freeNames.has('WebAssembly'));
}

/** The function names what moves memory away. */
export function mentionsMove({ outline }: FunctionIr, names: ReadonlySet<string>): boolean {
  for (const name of names) if (outline.members.has(name) || outline.freeNames.has(name)) return true;
  return false;
}
