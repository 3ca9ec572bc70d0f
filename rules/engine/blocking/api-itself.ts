import type { Instruction, Variable } from '../ir/index.js';
import type { World } from '../world.js';
import type { Call, Values } from './values.js';

/** Names of names are followed that far. */
const MOST_STEPS = 16;

/**
 * Whether what a call calls is what its name says wherever the code runs: an import, a member of one, a constant that stands for
 * either. A parameter with a default, a field or an entry of a table may be given another function.
 *
 * @param call - the call
 * @param values - follows the callee
 * @param world - resolves imports
 * @returns false where another function may be called, or the call hands on `this`
 */
export function isApiItself({ callee }: Call, values: Values, world: World): boolean {
  switch (callee.kind) {
    case 'value':
    case 'construct':
      return isFixed(callee.value, values, world, 0);
    case 'method':
      return callee.key.kind === 'name' && !['call', 'apply'].includes(callee.key.name) && isFixed(callee.object, values, world, 0);
    default:
      return false;
  }
}

function isFixed(variable: Variable, values: Values, world: World, steps: number): boolean {
  if (steps > MOST_STEPS || variable.storage === 'parameter' || variable.storage === 'this') return false;
  const [definition, ...others] = values.definitionsIn(variable.owner).get(variable) ?? [];
  const isOnly = variable.storage === 'temporary' || variable.storage === 'import' || variable.isConstant;
  return definition !== undefined && others.length === 0 && isOnly && isFixedResult(definition, variable, values, world, steps + 1);
}

function isFixedResult(definition: Instruction, { owner }: Variable, values: Values, world: World, steps: number): boolean {
  switch (definition.op) {
    case 'global':
      return true;
    case 'import': {
      const binding = world.resolveImport(definition.specifier, definition.imported, owner.module.file);
      return binding?.kind === 'variable' ? isFixed(binding.variable, values, world, steps) : binding?.kind === 'api';
    }
    case 'copy':
      return isFixed(definition.source, values, world, steps);
    case 'await':
      return isFixed(definition.value, values, world, steps);
    case 'load':
      return definition.key.kind === 'name' && isFixed(definition.object, values, world, steps);
    case 'call':
      return isFixedModule(definition, values, world, steps);
    default:
      return false;
  }
}

/** `require('fs')`, `import('fs')`, and those in what compilers put around them. */
function isFixedModule(call: Call, values: Values, world: World, steps: number): boolean {
  const { callee } = call;
  if (callee.kind === 'import' || (callee.kind === 'value' && values.of(callee.value).some(({ kind }) => kind === 'require'))) return true;
  const inner = values.interopped(call);
  return inner !== undefined && isFixed(inner, values, world, steps);
}
