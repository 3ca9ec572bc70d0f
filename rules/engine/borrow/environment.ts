import type { ModuleIr } from '../ir/index.js';
import type { World } from '../world.js';
import { rootFrame } from './driver.js';
import { Interpreter } from './interpreter.js';
import { joinStates } from './merging.js';
import { Unit, type Environment, type Environments, type Nearness, type SourceText } from './unit.js';

/** Work allowed for one module's top level, in instructions interpreted: as much as for a unit. Real ones take a third of it at most. */
const topLevelLimit = 12_000;

/**
 * Runs the top level of modules, each once and only when something needs it.
 *
 * @param world the program's types
 * @param source the program's text
 * @param relevance tells what need not be run
 * @returns what each module's top level leaves behind; while a module runs, those that import it back see it empty
 */
export function makeEnvironments(world: World, source: SourceText, relevance: () => Nearness | undefined): Environments {
  const made = new WeakMap<ModuleIr, Environment>();
  const of: Environments = (module) => {
    let environment = made.get(module);
    if (environment === undefined) {
      made.set(module, { variables: new Map(), objects: new Map(), regions: new Map(), superOf: new Map(), made: new Map() });
      environment = runTop(module, new Unit({ world, source, environments: of, relevance: relevance(), module: undefined, stepLimit: topLevelLimit, totalLimit: topLevelLimit }));
      made.set(module, environment);
    }
    return environment;
  };
  return of;
}

function runTop(module: ModuleIr, unit: Unit): Environment {
  const { top } = module;
  const interpreter = new Interpreter(unit);
  const outcome = interpreter.run(unit.start(), { kind: 'closure', function: top, self: undefined }, [], rootFrame(top, { isPublic: false, isInternal: false }));
  const [first, ...others] = outcome.returns.map((completion) => completion.state);
  const end = first ?? unit.start();
  for (const other of others) joinStates(end, other, 'top');
  return { variables: new Map(end.variables), objects: new Map(end.objects), regions: unit.regions, superOf: unit.superOf, made: unit.made };
}
