import type { FunctionIr, Instruction, Variable } from '../ir/index.js';
import type { Binding, World } from '../world.js';
import { factsOf, type Call } from './facts.js';
import { functionIndexOf } from './functions.js';

/** Resolves imports. */
type Resolver = Pick<World, 'catalog' | 'resolveImport'>;

/**
 * The function that a variable stands for: one of its own file, or one that its file imports from another.
 *
 * @param variable - holds the function
 * @param world - resolves imports
 * @returns the function; undefined for those of packages, and for what is not followed
 */
export function functionBehind(variable: Variable, world: Resolver): FunctionIr | undefined {
  return functionIndexOf(variable.owner.module).functionOf(variable) ?? functionOf(importedBy(variable, world));
}

/**
 * What a call calls, in its own file or in another one.
 *
 * @param call - the call
 * @param fn - where it is
 * @param world - resolves imports
 * @returns the function; undefined for those of packages, and for what is not followed
 */
export function calleeBehind(call: Call, fn: FunctionIr, world: Resolver): FunctionIr | undefined {
  const own = functionIndexOf(fn.module).calleeOf(call);
  if (own !== undefined) return own;
  const { callee } = call;
  if (callee.kind === 'value') return functionOf(importedBy(callee.value, world));
  // `files.load(path)`
  return callee.kind === 'method' && callee.key.kind === 'name' ? functionOf(memberOf(callee.object, callee.key.name, world)) : undefined;
}

function functionOf(binding: Binding | undefined): FunctionIr | undefined {
  return binding?.kind === 'function' ? binding.function : undefined;
}

/**
 * What a variable stands for that another file of the program exports, or that is a member of what it exports.
 *
 * @param variable - holds it, by an import or `require`
 * @param world - resolves imports
 * @returns undefined for what packages export, and for what is not followed
 */
export function importedBy(variable: Variable, world: Resolver, depth = 0): Binding | undefined {
  const definition = depth > 4 ? undefined : definitionOf(variable);
  switch (definition?.op) {
    case 'copy':
      return importedBy(definition.source, world, depth + 1);
    case 'import':
      return bound(definition.specifier, definition.imported, variable, world);
    case 'load':
      return definition.key.kind === 'name' ? memberOf(definition.object, definition.key.name, world) : undefined;
    default:
      return undefined;
  }
}

function memberOf(object: Variable, name: string, world: Resolver): Binding | undefined {
  const specifier = moduleIn(object, 0);
  return specifier === undefined ? undefined : bound(specifier, name, object, world);
}

/** The module whose namespace a variable holds: `import * as files`, `require('./files')`. */
function moduleIn(variable: Variable, depth: number): string | undefined {
  const definition = depth > 4 ? undefined : definitionOf(variable);
  if (definition?.op === 'copy') return moduleIn(definition.source, depth + 1);
  if (definition?.op === 'import') return definition.imported === '*' ? definition.specifier : undefined;
  if (definition?.op !== 'call' || definition.callee.kind !== 'value') return undefined;
  const facts = factsOf(variable.owner);
  const callee = facts.makerOf(definition.callee.value);
  const [specifier] = definition.arguments;
  const literal = specifier && facts.makerOf(specifier.value);
  return callee?.op === 'global' && callee.name === 'require' && literal?.op === 'literal' && typeof literal.value === 'string' ? literal.value : undefined;
}

function definitionOf(variable: Variable): Instruction | undefined {
  if (variable.storage === 'parameter' || variable.storage === 'this') return undefined;
  const definitions = functionIndexOf(variable.owner.module).definitionsOf(variable);
  return definitions.length === 1 ? definitions[0]?.instruction : undefined;
}

function bound(specifier: string, imported: string, from: Variable, world: Resolver): Binding | undefined {
  return world.catalog.module(specifier) === undefined ? world.resolveImport(specifier, imported, from.owner.module.file) : undefined;
}
