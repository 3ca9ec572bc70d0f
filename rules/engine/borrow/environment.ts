import type { ModuleIr, Variable } from '../ir/index.js';
import type { World } from '../world.js';
import { rootFrame } from './driver.js';
import { Interpreter } from './interpreter.js';
import { joinStates } from './merging.js';
import { State } from './state.js';
import { Unit, type Environment, type Environments, type SourceText } from './unit.js';
import { isWeak, type Value } from './value.js';

/** Work allowed for one module's top level, in instructions interpreted. */
const topLevelLimit = 40_000;

/**
 * Runs the top level of modules, each once and only when something needs it.
 *
 * @param world the program's types
 * @param source the program's text
 * @returns what each module's top level leaves behind; while a module runs, those that import it back see it empty
 */
export function makeEnvironments(world: World, source: SourceText): Environments {
  const made = new WeakMap<ModuleIr, Environment>();
  const of: Environments = (module) => {
    let environment = made.get(module);
    if (environment === undefined) {
      made.set(module, { values: new Map(), roots: [], regions: new Map(), superOf: new Map(), start: new State() });
      environment = runTop(module, new Unit({ world, source, environments: of, module: undefined, stepLimit: topLevelLimit }));
      made.set(module, environment);
    }
    return environment;
  };
  return of;
}

function runTop(module: ModuleIr, unit: Unit): Environment {
  const { top } = module;
  const interpreter = new Interpreter(unit);
  const outcome = interpreter.run(new State(), { kind: 'closure', function: top, self: undefined }, [], rootFrame(top, { isPublic: false, isInternal: false }));
  const [first, ...others] = outcome.returns.map((completion) => completion.state);
  const start = first ?? new State();
  for (const other of others) joinStates(start, other, 'top');
  const values = new Map<Variable, Value>();
  for (const [variable, value] of [...start.variables]) {
    if (!variable.isConstant && value.kind !== 'closure' && value.kind !== 'class') continue;
    values.set(variable, value);
    start.variables.delete(variable);
  }
  start.scheduled.clear();
  start.loans.clear();
  start.modules.add(module.file);
  return { values, roots: [...values.values()].filter((value) => !isWeak(value)), regions: unit.regions, superOf: unit.superOf, start };
}
