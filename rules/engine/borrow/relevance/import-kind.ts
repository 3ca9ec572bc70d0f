import type { ModuleIr, Variable } from '../../ir/index.js';

type ImportKind = 'export' | 'namespace';

const known = new WeakMap<ModuleIr, ReadonlyMap<Variable, ImportKind>>();

/**
 * What a variable stands for of another file of the program.
 *
 * @param variable - any
 * @returns one of its exports, or all of them; undefined for what is not imported, a default (which may be an object of any kind), and
 *   what other packages export, of which nobody knows what it is
 */
export function importKindOf(variable: Variable): ImportKind | undefined {
  if (variable.storage !== 'import') return undefined;
  const { module } = variable.owner;
  let imports = known.get(module);
  if (imports === undefined) known.set(module, (imports = importsOf(module)));
  return imports.get(variable);
}

function importsOf({ top }: ModuleIr): ReadonlyMap<Variable, ImportKind> {
  const imports = new Map<Variable, ImportKind>();
  for (const { instructions } of top.body?.blocks ?? []) {
    for (const instruction of instructions) {
      if (instruction.op !== 'import' || !/^[./#]/.test(instruction.specifier) || instruction.imported === 'default') continue;
      imports.set(instruction.target, instruction.imported === '*' ? 'namespace' : 'export');
    }
  }
  return imports;
}
