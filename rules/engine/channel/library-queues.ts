import type { Api } from '../contracts/api.js';
import type { QueueUse } from '../contracts/contract.js';
import type { AsyncFinding, Certainty } from '../findings.js';
import type { FunctionIr, ModuleIr, Origin, Variable } from '../ir/index.js';
import type { World } from '../world.js';
import { apiOf, calledApi, contractOf } from './apis.js';
import { isEndless } from './bounds.js';
import { worksOnElement } from './element-work.js';
import { factsOf, type Call, type Site } from './facts.js';
import { functionIndexOf } from './functions.js';
import { calledAs } from './names.js';
import { isOfOneValue } from './one-value.js';
import type { ChannelOptions } from './options.js';
import { sizeOf } from './sizes.js';

type Opening = Extract<QueueUse, { readonly does: 'open' }>;

/** What a call says of the bound. */
type Given =
  | { readonly is: 'bounded' | 'unknown' }
  /** Nothing, or that there is none; `at`: the value that says so. */
  | { readonly is: 'unbounded'; readonly at: Origin | undefined; readonly options: Origin | undefined };

/** Names by which code says that there is no limit. */
const endless: readonly string[] = ['Infinity', 'POSITIVE_INFINITY', 'MAX_SAFE_INTEGER', 'MAX_VALUE'];

/**
 * Looks for queues that packages and the platform make, left at "no limit", and for mappers that start a task for each element at once.
 *
 * @param module - the file
 * @param options - what may be asked
 * @returns the findings, and how many instructions were looked at
 */
export function findOpenedQueues(module: ModuleIr, { world, file }: ChannelOptions): { readonly findings: readonly AsyncFinding[]; readonly work: number } {
  const isSpelledOut = endless.some((name) => file.names.has(name));
  const packages = file.specifiers.flatMap((specifier) => world.catalog.queuesOf(specifier) ?? []);
  const isWorthwhile = packages.some(({ opens }) => opens === 'by default' || (opens === 'in words' && isSpelledOut)) || (isSpelledOut && file.names.has('highWaterMark'));
  if (!isWorthwhile) return { findings: [], work: 0 };
  const methods = new Set(packages.flatMap(({ openingMethods }) => [...openingMethods]));
  const makers = makersIn(module, new Set(packages.flatMap(({ openingNames }) => [...openingNames])), world);
  const findings: AsyncFinding[] = [];
  let work = 0;
  for (const fn of module.functions) {
    const { captures, members } = fn.outline;
    const isNamed = fn.kind === 'module' || (isSpelledOut && file.names.has('highWaterMark')) || [...captures].some((variable) => makers.has(variable)) || [...methods].some((name) => members.has(name));
    if (!isNamed) continue;
    const { sites } = factsOf(fn);
    work += sites.length;
    for (const site of sites) {
      if (site.instruction.op !== 'call') continue;
      const call: Site<Call> = { ...site, instruction: site.instruction };
      const opening = openingOf(call, methods, world);
      const finding = opening && findingOf(call, opening, world);
      if (finding !== undefined) findings.push(finding);
    }
  }
  return { findings, work };
}

/** The file's own names of what makes such queues, or of what has it as a member. */
function makersIn({ top, functions }: ModuleIr, names: ReadonlySet<string>, world: World): ReadonlySet<Variable> {
  const candidates = new Set(functions.flatMap(({ outline }) => [...outline.captures]).filter(({ owner }) => owner === top));
  return new Set(
    [...candidates].filter((variable) => {
      const api = apiOf(variable, top, world);
      return api !== undefined && (isOpening(api) || [...names].some((name) => isOpening(api.member(name))));
    }),
  );
}

function isOpening(api: Api | undefined): boolean {
  return api?.call?.queue?.does === 'open' || api?.construct?.queue?.does === 'open';
}

/** By names first; by type only where a method's name asks for it. */
function openingOf({ instruction, fn, block, index }: Site<Call>, methods: ReadonlySet<string>, world: World): Opening | undefined {
  const api = calledApi(instruction, fn, world);
  const isMethod = api === undefined && methods.has(calledAs({ instruction, fn, block, index }));
  const contract = instruction.callee.kind === 'construct' ? api?.construct : (api?.call ?? (isMethod ? contractOf(instruction, fn, world) : undefined));
  return contract?.queue?.does === 'open' ? contract.queue : undefined;
}

function findingOf(site: Site<Call>, opening: Opening, world: World): AsyncFinding | undefined {
  const { fn, instruction } = site;
  const given = boundGiven(instruction, opening, fn);
  if (given.is !== 'unbounded') return undefined;
  const at = instruction.origin;
  const { advice, bound, example, spawns } = opening;
  const hasPlace = bound?.isNeverAlone !== true || given.options !== undefined;
  const rewrite = bound && example !== undefined && hasPlace ? ({ how: 'bound', argument: bound.argument, property: bound.property, example, value: given.at, options: given.options, arguments: instruction.arguments.length } as const) : undefined;
  if (spawns !== undefined) {
    const certainty = spawnedBy(instruction, spawns, fn, world);
    if (certainty === undefined) return undefined;
    return { kind: 'unbounded-spawn', certainty, at, form: 'spawn', words: { call: `${calledAs(site)}()`, mapped: at, advice }, rewrite, advice, trace: [{ at, label: 'one task for each element' }] };
  }
  if (instruction.callee.kind === 'construct' && isOfOneValue(site)) return undefined;
  const isCertain = given.at !== undefined || opening.isBoundedElsewhere !== true || isOutpaced(instruction, fn);
  return {
    kind: 'unbounded-channel',
    certainty: isCertain ? 'certain' : 'potential',
    at,
    form: 'opened',
    words: { call: instruction.callee.kind === 'construct' ? `new ${calledAs(site)}()` : `${calledAs(site)}()`, holds: opening.holds, advice },
    rewrite,
    advice,
    trace: [{ at: given.at ?? at, label: given.at === undefined ? 'no bound is given' : 'the bound is none' }],
  };
}

/** Whether a mapper that starts all its tasks at once has no bound in sight; undefined where the list is short, or the task does no work of its own. */
function spawnedBy(call: Call, spawns: NonNullable<Opening['spawns']>, fn: FunctionIr, world: World): Certainty | undefined {
  const task = call.arguments[spawns.task];
  const mapper = task && functionIndexOf(fn.module).functionOf(task.value);
  if (mapper === undefined || !worksOnElement(mapper, world)) return undefined;
  const list = spawns.input === undefined ? undefined : call.arguments[spawns.input];
  const size = list === undefined ? 'unknown' : sizeOf(list.value, fn, world);
  return size === 'bounded' ? undefined : size === 'input' ? 'certain' : 'potential';
}

function boundGiven(call: Call, { bound, isUnlimitedByDefault, isZeroUnlimited }: Opening, fn: FunctionIr): Given {
  if (bound === undefined) return { is: 'unbounded', at: undefined, options: undefined };
  const byDefault = (options?: Origin): Given => (isUnlimitedByDefault === true ? { is: 'unbounded', at: undefined, options } : { is: 'bounded' });
  if (call.arguments.some(({ isSpread }) => isSpread)) return { is: 'unknown' };
  const argument = call.arguments[bound.argument];
  const { property } = bound;
  const facts = factsOf(fn);
  if (property === undefined) return argument === undefined ? byDefault() : valueOf(argument.value, argument.origin, fn, isZeroUnlimited === true);
  // Options may stand at another place where arguments before them are left out.
  for (const { value, origin } of call.arguments) {
    const object = facts.makerOf(value);
    if (object?.op !== 'object') continue;
    if (object.properties.some(({ kind }) => kind !== 'value')) return { is: 'unknown' };
    const found = object.properties.find((one) => one.kind === 'value' && one.key.kind === 'name' && one.key.name === property);
    if (found?.kind === 'value') return valueOf(found.value, facts.originOf(found.value), fn, isZeroUnlimited === true);
    if (argument?.value === value) return byDefault(origin);
  }
  if (argument === undefined) return byDefault();
  const made = facts.makerOf(argument.value);
  // `shareReplay(1)`: the bound itself, in the place of the options.
  if (made?.op === 'literal') return typeof made.value === 'string' ? byDefault() : valueOf(argument.value, argument.origin, fn, isZeroUnlimited === true);
  return { is: 'unknown' };
}

function valueOf(value: Variable, at: Origin, fn: FunctionIr, isZeroUnlimited: boolean): Given {
  const maker = factsOf(fn).makerOf(value);
  const isNone = maker?.op === 'literal' && (maker.value === undefined || maker.value === null || (isZeroUnlimited && maker.value === 0));
  const isInfinite = maker?.op === 'global' && maker.name === 'Infinity';
  if (isNone || isInfinite || isEndless(fn, value, 0)) return { is: 'unbounded', at, options: undefined };
  return maker?.op === 'literal' ? { is: 'bounded' } : { is: 'unknown' };
}

/** A loop over what the call gives waits for something else on each turn: meanwhile it piles up. */
function isOutpaced(call: Call, fn: FunctionIr): boolean {
  const facts = factsOf(fn);
  return facts.blocks.some(({ id, terminal }) => {
    if (terminal.kind !== 'next' || terminal.mode !== 'async') return false;
    const iterator = facts.makerOf(terminal.iterator);
    if (iterator?.op !== 'iterate' || facts.sourceOf(iterator.iterable) !== call.target) return false;
    const [loop] = facts.loopsAround(id);
    return loop !== undefined && [...loop.blocks].some((inner) => facts.blocks[inner]?.instructions.some(({ op }) => op === 'await') === true);
  });
}
