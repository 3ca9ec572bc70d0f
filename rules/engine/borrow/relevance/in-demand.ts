import type { FunctionIr } from '../../ir/index.js';
import { Demand, type DemandOptions } from './demand.js';
import { ProgramIndex, type ProgramFile } from './program.js';
import { Writers } from './writers.js';

/** Looking back from overwrites is given up once it costs more than looking on from all sources is likely to. */
const variablesPerSource = 16;

/**
 * The functions from which memory comes to where it is overwritten: by the program, or by whoever lent it.
 *
 * @param options - what following back goes by, the program's files, which functions are called with memory that is lent to them, and
 *   how many functions may be a source of memory
 * @returns undefined where that may be any function, as far as can be told
 */
export function functionsInDemand(
  options: Omit<DemandOptions, 'index' | 'limit'> & { readonly files: readonly ProgramFile[]; readonly isLentTo: (fn: FunctionIr) => boolean; readonly sources: number },
): ReadonlySet<FunctionIr> | undefined {
  const { catalog, files, types, families, isLentTo, sources } = options;
  if (sources === 0) return new Set();
  const index = new ProgramIndex(files, (class_) => { families.relate(class_.name, class_.superNames); });
  index.list(() => true);
  const writers = new Writers(catalog, types, (name) => index.known(name).length > 0);
  const demand = new Demand({ ...options, index, limit: sources * variablesPerSource });
  for (const fn of index.functions()) {
    for (const { variable, isWithin } of writers.writtenIn(fn)) demand.wantMemory(fn, variable, isWithin);
    if (isLentTo(fn) || writers.isLent(fn)) demand.wantMakers(fn, writers.lendersIn(fn));
  }
  return demand.find();
}
