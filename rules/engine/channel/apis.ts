import type { Api } from '../contracts/api.js';
import type { CallbackUse, Contract } from '../contracts/contract.js';
import type { FunctionIr, Variable } from '../ir/index.js';
import type { World } from '../world.js';
import { factsOf, type Call } from './facts.js';
import { functionIndexOf } from './functions.js';

/**
 * What a variable names of the catalog, by imports, `require` and globals: no type is asked for, so it works where a package has none.
 *
 * @param variable - of `fn`, or captured by it
 * @param fn - where it is read
 * @param world - resolves imports and globals
 * @returns the function, class or namespace; undefined for what is not catalogued
 */
export function apiOf(variable: Variable, fn: FunctionIr, world: World, depth = 0): Api | undefined {
  if (depth > 8 || variable.storage === 'parameter' || variable.storage === 'this') return undefined;
  const owner = variable.storage === 'temporary' ? fn : variable.owner;
  const definitions = functionIndexOf(owner.module).definitionsOf(variable);
  const definition = definitions.length === 1 ? definitions[0]?.instruction : undefined;
  switch (definition?.op) {
    case 'copy':
      return apiOf(definition.source, owner, world, depth + 1);
    case 'global':
      return world.resolveGlobal(definition.name, definition.origin);
    case 'import': {
      const module = world.catalog.module(definition.specifier);
      if (module === undefined) return undefined;
      return definition.imported === '*' ? module : (module.member(definition.imported) ?? (definition.imported === 'default' ? module : undefined));
    }
    case 'load':
      return definition.key.kind === 'name' ? apiOf(definition.object, owner, world, depth + 1)?.member(definition.key.name) : undefined;
    case 'call':
      return requiredBy(definition, owner, world);
    case 'await': {
      const imported = factsOf(owner).makerOf(definition.value);
      return imported?.op === 'call' && imported.callee.kind === 'import' ? moduleNamedBy(imported, owner, world) : undefined;
    }
    default:
      return undefined;
  }
}

/** `require('module')`, also of what TypeScript's `import x = require('module')` lowers to. */
function requiredBy(call: Call, fn: FunctionIr, world: World): Api | undefined {
  if (call.callee.kind !== 'value') return undefined;
  const callee = factsOf(fn).makerOf(call.callee.value);
  return callee?.op === 'global' && callee.name === 'require' ? moduleNamedBy(call, fn, world) : undefined;
}

function moduleNamedBy(call: Call, fn: FunctionIr, world: World): Api | undefined {
  const specifier = call.arguments[0] && factsOf(fn).makerOf(call.arguments[0].value);
  return specifier?.op === 'literal' && typeof specifier.value === 'string' ? world.catalog.module(specifier.value) : undefined;
}

/** The function or class of the catalog that a call names. */
export function calledApi(call: Call, fn: FunctionIr, world: World): Api | undefined {
  const { callee } = call;
  if (callee.kind === 'value' || callee.kind === 'construct') return apiOf(callee.value, fn, world);
  if (callee.kind !== 'method' || callee.key.kind !== 'name') return undefined;
  return apiOf(callee.object, fn, world)?.member(callee.key.name);
}

/**
 * What a callee does with a function that it is given, as far as a contract says so.
 *
 * @param call - the call
 * @param position - the function's, among the arguments
 * @param fn - where the call is
 * @param world - answers questions about types
 * @returns when the callee calls it, and how often; undefined where nobody says
 */
export function callbackUseOf(call: Call, position: number, fn: FunctionIr, world: World): CallbackUse | undefined {
  const contract = contractOf(call, fn, world);
  const effect = contract?.parameters?.[position] ?? (position >= (contract?.parameters?.length ?? 0) ? contract?.rest : undefined);
  return effect?.callback ?? (position === call.arguments.length - 1 ? contract?.completion : undefined);
}

/**
 * The contract of a call, by its names first, then by its static type.
 *
 * @param call - the call
 * @param fn - where it is
 * @param world - answers questions about types
 * @returns what the catalog says of the callee
 */
export function contractOf(call: Call, fn: FunctionIr, world: World): Contract | undefined {
  const api = calledApi(call, fn, world);
  const named = call.callee.kind === 'construct' ? api?.construct : api?.call;
  if (named !== undefined) return named;
  const callee = world.calleeOf(call.origin);
  return callee !== undefined && 'contract' in callee ? callee.contract : undefined;
}
