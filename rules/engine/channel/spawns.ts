import type { AsyncFinding } from '../findings.js';
import type { FunctionIr, ModuleIr, Origin, Variable } from '../ir/index.js';
import type { World } from '../world.js';
import { apiOf } from './apis.js';
import { worksOnElement } from './element-work.js';
import { factsOf, isCall, type Call, type Site } from './facts.js';
import { functionBehind } from './function-behind.js';
import { calledAs } from './names.js';
import type { ChannelOptions } from './options.js';
import { sizeOf } from './sizes.js';
import { mappedBy, mayMake, type Mapped } from './mapped.js';
import { isWalk } from './walks.js';
import { startedIn, type Started } from './started.js';

const combining: ReadonlySet<string> = new Set(['all', 'allSettled', 'any', 'race']);

/** What a promise has. */
const ofPromises: ReadonlySet<string> = new Set(['then', 'catch', 'finally']);

const advice = 'Run a limited number at a time: `mapConcurrent` of borrowck-runtime, p-map with `concurrency`, or slices';

/**
 * One task for each element of an input whose size nothing in sight bounds, all of them at once.
 *
 * @param module - the file
 * @param options - answers about types
 * @returns a finding at each `Promise.all(…)` or the like, at each `forEach` of an async function, and at each task that a loop starts
 */
export function checkSpawns(module: ModuleIr, { world }: ChannelOptions): { readonly findings: readonly AsyncFinding[]; readonly work: number } {
  const asynchronous = namesOfAsync(module);
  const findings: AsyncFinding[] = [];
  let work = 0;
  for (const fn of module.functions) {
    const { freeNames, members, nested } = fn.outline;
    const mayCombine = freeNames.has('Promise') && [...combining].some((name) => members.has(name));
    const mayMap = mayCombine && mayMake(members);
    const mayVisit = members.has('forEach') && nested.some(({ isAsync }) => isAsync);
    const mayStart = (mayCombine && (members.has('push') || members.has('add') || fn.outline.hasElementStore)) || [...asynchronous].some((name) => freeNames.has(name) || members.has(name)) || mayStartImported(fn);
    if (!mayMap && !mayVisit && !mayStart) continue;
    const { sites } = factsOf(fn);
    work += sites.length;
    for (const site of sites) {
      if (!isCall(site)) continue;
      const found = (mayMap ? spawnAt(site, world) : undefined) ?? (mayVisit ? visitAt(site, world) : undefined);
      if (found !== undefined) findings.push(found);
    }
    if (mayStart) findings.push(...startedIn(fn, combinedIn(fn, world), world).map(findingOf));
  }
  return { findings, work };
}

/** A loop around what another file has. */
function mayStartImported({ outline }: FunctionIr): boolean {
  return outline.hasWalk && outline.hasCall && [...outline.captures].some(({ storage }) => storage === 'import');
}

/** What the file can start without a question about types: its own async functions, and `fetch`. */
function namesOfAsync({ functions }: ModuleIr): ReadonlySet<string> {
  return new Set(['fetch', ...functions.flatMap(({ isAsync, name }) => (isAsync ? [name.replace(/^.*[#.](?=#?\w+$)/, '')] : []))]);
}

/** The lists that a function hands to `Promise.all` and the like. */
function combinedIn(fn: FunctionIr, world: World): readonly Variable[] {
  return factsOf(fn).sites.flatMap((site) => {
    const input = isCall(site) ? combinedAt(site, world) : undefined;
    return input === undefined ? [] : [factsOf(fn).sourceOf(input)];
  });
}

function combinedAt({ fn, instruction }: Site<Call>, world: World): Variable | undefined {
  const { callee, arguments: args } = instruction;
  if (callee.kind !== 'method' || callee.key.kind !== 'name' || !combining.has(callee.key.name)) return undefined;
  return apiOf(callee.object, fn, world)?.path === 'global#Promise' ? args[0]?.value : undefined;
}

/** Tasks that are waited for together, and what is known of them. */
export interface SpawnNote {
  readonly at: Origin;
  /** How many there can be. */
  readonly size: Started['size'];
  /** Each does something of its own that takes a while. */
  readonly isWork: boolean;
}

/**
 * The tasks that code between two offsets makes of a list and waits for together, reported or not.
 *
 * @param module - the file
 * @param options - answers about types
 * @param range - the offsets
 * @returns what is known of each
 */
export function explainSpawns(module: ModuleIr, { world }: ChannelOptions, { start, end }: { readonly start: number; readonly end: number }): readonly SpawnNote[] {
  return module.functions.flatMap((fn) => factsOf(fn).sites).flatMap((site): SpawnNote[] => {
    const { origin } = site.instruction;
    const mapped = isCall(site) && start <= origin.start && origin.start < end ? mappedBy(combinedAt(site, world), site.fn, world) : undefined;
    if (mapped === undefined) return [];
    return [{ at: origin, size: sizeOf(mapped.list, site.fn, world), isWork: isWorking(mapped, world) }];
  });
}

function spawnAt(site: Site<Call>, world: World): AsyncFinding | undefined {
  const { fn, instruction } = site;
  const mapped = mappedBy(combinedAt(site, world), site.fn, world);
  if (mapped === undefined) return undefined;
  const { mapper } = mapped;
  const size = sizeOf(mapped.list, fn, world);
  if (size === 'bounded' || !isWorking(mapped, world)) return undefined;
  return findingAt(instruction.origin, mapper !== undefined && isWalk(mapped.list, mapper, fn) ? 'unknown' : size, {
    form: 'spawn',
    words: { call: `Promise.${calledAs(site)}()`, mapped: mapped.call.origin, advice },
    trace: [{ at: mapped.call.origin, label: 'one task for each element' }, { at: mapper?.origin ?? mapped.call.origin, label: 'each does its own input or output' }],
  });
}

/** Each task does something of its own that takes a while, and has not begun before. */
function isWorking({ mapper, element, given }: Mapped, world: World): boolean {
  return mapper === undefined || (worksOnElement(mapper, world, element, given) && !hasBegun(mapper, element, world));
}

/** What the mapper is given are promises: the work goes on already. */
function hasBegun(mapper: FunctionIr, element: Variable | undefined, world: World): boolean {
  return element !== undefined && !hasOwnMembers(element, mapper) && world.typeOf(element.origin).kind === 'promise';
}

/** Something is read of it that no promise has. */
function hasOwnMembers(element: Variable, mapper: FunctionIr): boolean {
  return factsOf(mapper).usesOf(element).some(({ instruction }) => {
    const key = instruction.op === 'load' && instruction.object === element ? instruction.key : instruction.op === 'call' && instruction.callee.kind === 'method' && instruction.callee.object === element ? instruction.callee.key : undefined;
    return key?.kind === 'name' && !ofPromises.has(key.name);
  });
}

/** `list.forEach(async (element) => …)`: `forEach` waits for nothing. */
function visitAt(site: Site<Call>, world: World): AsyncFinding | undefined {
  const { fn, instruction } = site;
  const { callee, arguments: args } = instruction;
  if (callee.kind !== 'method' || calledAs(site) !== 'forEach') return undefined;
  const visitor = args[0] && functionBehind(args[0].value, world);
  if (visitor?.isAsync !== true) return undefined;
  const size = sizeOf(callee.object, fn, world);
  if (size === 'bounded' || !worksOnElement(visitor, world)) return undefined;
  return findingAt(instruction.origin, size, {
    form: 'visit',
    words: { call: 'forEach()', advice },
    trace: [{ at: instruction.origin, label: 'one task for each element' }, { at: visitor.origin, label: 'each does its own input or output' }],
  });
}

function findingOf({ site, loop, size, isCollected }: Started): AsyncFinding {
  const call = `${calledAs(site) || 'the function'}()`;
  return findingAt(site.instruction.origin, size, {
    form: isCollected ? 'collected' : 'started',
    words: { call, loop, advice },
    trace: [{ at: loop, label: 'for each element' }, { at: site.instruction.origin, label: 'a task is started, and the loop goes on' }],
  });
}

function findingAt(at: Origin, size: Started['size'], told: Pick<AsyncFinding, 'form' | 'words' | 'trace'>): AsyncFinding {
  return { kind: 'unbounded-spawn', certainty: size === 'input' ? 'certain' : 'potential', at, advice, ...told };
}
