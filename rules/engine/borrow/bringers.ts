import type { FunctionIr, ModuleIr } from '../ir/index.js';
import { calledAs, namesIn } from './relevance/program.js';
import type { Nearness } from './unit.js';

type Functions = ReadonlySet<FunctionIr>;

interface Leading {
  /** They may come by memory themselves. */
  readonly themselves: Functions;
  /** Those, and all that lead to one of them. */
  readonly all: Functions;
}

const known = new WeakMap<Nearness, WeakMap<ModuleIr, Leading>>();

/**
 * Tells the functions of a file that are worth calling from outside while there is no memory: those that may come by some
 * themselves, and those that lead to such a function where nothing else does. What others leave behind matters only once there is
 * memory.
 */
export class Bringers {
  private readonly leading: Leading;
  private readonly module: ModuleIr;
  private roots: Functions = new Set();
  private bringers: Functions | undefined;

  constructor(module: ModuleIr, nearness: Nearness) {
    this.module = module;
    this.leading = leadingIn(module, nearness);
  }

  /** @param roots the functions that code outside can call: as many as before are the same ones */
  has(fn: FunctionIr, roots: () => Functions, count: number): boolean {
    if (this.leading.themselves.has(fn)) return true;
    if (!this.leading.all.has(fn)) return false;
    if (this.bringers === undefined || this.roots.size !== count) {
      this.roots = roots();
      this.bringers = leadersTo(this.leading.themselves, this.module, this.roots);
    }
    return this.bringers.has(fn);
  }
}

function leadingIn(module: ModuleIr, nearness: Nearness): Leading {
  let byModule = known.get(nearness);
  if (byModule === undefined) known.set(nearness, (byModule = new WeakMap<ModuleIr, Leading>()));
  let leading = byModule.get(module);
  if (leading === undefined) {
    const themselves = new Set(module.functions.filter((fn) => nearness.comesByMemory(fn)));
    byModule.set(module, (leading = { themselves, all: leadersTo(themselves, module, new Set()) }));
  }
  return leading;
}

/** Adds whoever names a function that is no root itself, or leads to one. */
function leadersTo(functions: Functions, module: ModuleIr, roots: Functions): Functions {
  const found = new Set(functions);
  for (let size = 0; size !== found.size; ) {
    size = found.size;
    const names = new Set<string>();
    for (const fn of found) if (!roots.has(fn)) names.add(fn.ownerClass !== undefined && (fn.kind === 'constructor' || fn.kind === 'fields') ? fn.ownerClass.name : calledAs(fn.name));
    for (const fn of module.functions) if (!found.has(fn) && isNaming(fn, names)) found.add(fn);
  }
  return found;
}

/** It, or a function written inside it, names one of them. */
function isNaming(fn: FunctionIr, names: ReadonlySet<string>): boolean {
  for (const name of namesIn(fn)) if (names.has(name)) return true;
  return fn.outline.nested.some((nested) => isNaming(nested, names));
}
