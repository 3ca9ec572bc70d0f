import type { AsyncFinding } from '../findings.js';
import type { FunctionIr, Instruction, ModuleIr, Variable } from '../ir/index.js';
import type { World } from '../world.js';
import { apiOf } from './apis.js';
import { factsOf, type Call, type Site } from './facts.js';
import { functionIndexOf } from './functions.js';
import type { ChannelOptions } from './options.js';
import { derivedFrom } from './taint.js';

const combining: ReadonlySet<string> = new Set(['all', 'allSettled', 'any', 'race']);
/** Methods whose result has no more elements than what they are called on. */
const keeping: ReadonlySet<string> = new Set(['filter', 'sort', 'reverse', 'concat', 'values', 'entries', 'keys', 'toSorted', 'toReversed', 'map', 'flat']);

/**
 * One task for each element of an input whose size nothing in sight bounds, all of them at once.
 *
 * @param module - the file
 * @param options - answers about types
 * @returns a finding at each `Promise.all(…)` or the like
 */
export function checkSpawns(module: ModuleIr, { world }: ChannelOptions): { readonly findings: readonly AsyncFinding[]; readonly work: number } {
  const functions = module.functions.filter(({ outline }) => outline.freeNames.has('Promise') && outline.members.has('map') && [...combining].some((name) => outline.members.has(name)));
  const findings = functions.flatMap((fn) => factsOf(fn).sites.flatMap((site) => spawnAt(site, world) ?? []));
  return { findings, work: functions.reduce((sum, fn) => sum + factsOf(fn).sites.length, 0) };
}

function spawnAt({ fn, instruction }: Site, world: World): AsyncFinding | undefined {
  if (instruction.op !== 'call' || instruction.callee.kind !== 'method' || instruction.callee.key.kind !== 'name') return undefined;
  const { object, key } = instruction.callee;
  const [input] = instruction.arguments;
  if (!combining.has(key.name) || input === undefined || apiOf(object, fn, world)?.path !== 'global#Promise') return undefined;
  const mapped = factsOf(fn).makerOf(input.value);
  if (mapped?.op !== 'call' || mapped.callee.kind !== 'method' || mapped.callee.key.kind !== 'name' || mapped.callee.key.name !== 'map') return undefined;
  const mapper = mapped.arguments[0] && functionIndexOf(fn.module).functionOf(mapped.arguments[0].value);
  if (mapper === undefined) return undefined;
  const size = sizeOf(mapped.callee.object, fn, 0);
  if (size === 'bounded' || !worksOnElement(mapper, 0)) return undefined;
  const advice = 'Run a limited number at a time: `mapConcurrent` of borrowck-runtime, p-map with `concurrency`, or slices';
  return {
    kind: 'unbounded-spawn',
    certainty: size === 'input' ? 'certain' : 'potential',
    at: instruction.origin,
    form: 'spawn',
    words: { call: `Promise.${key.name}()`, mapped: mapped.origin, advice },
    advice,
    trace: [{ at: mapped.origin, label: 'one task for each element' }, { at: mapper.origin, label: 'each does its own input or output' }],
  };
}

/** How many elements a list can have: what the code writes out; what comes from outside; or what this file does not tell. */
type Size = 'bounded' | 'input' | 'unknown';

function sizeOf(list: Variable, fn: FunctionIr, depth: number): Size {
  if (depth > 6) return 'unknown';
  const facts = factsOf(fn);
  const source = facts.sourceOf(list);
  const maker = facts.definitionOf(source);
  if (source.storage === 'parameter') return source.owner.kind === 'method' && isHidden(source.owner) ? sizeAtCalls(source, depth) : sizeOfParameter(source, depth);
  if (maker !== undefined) return sizeOfMade(maker, fn, depth);
  if (source.storage !== 'local' || source.owner === fn) return 'unknown';
  const definitions = functionIndexOf(fn.module).definitionsOf(source);
  const [only] = definitions;
  return definitions.length === 1 && only !== undefined ? sizeOf(source, only.fn, depth + 1) : 'unknown';
}

function sizeOfMade(maker: Instruction, fn: FunctionIr, depth: number): Size {
  switch (maker.op) {
    case 'array':
      return maker.elements.reduce<Size>((size, element) => (element.kind === 'spread' && size === 'bounded' ? sizeOf(element.value, fn, depth + 1) : size), 'bounded');
    case 'copy':
      return sizeOf(maker.source, fn, depth + 1);
    // What an asynchronous call found: rows, files, pages.
    case 'await':
      return 'input';
    case 'call':
      return sizeOfCall(maker, fn, depth);
    default:
      return 'unknown';
  }
}

function sizeOfCall({ callee, arguments: args }: Call, fn: FunctionIr, depth: number): Size {
  if (callee.kind !== 'method' || callee.key.kind !== 'name') return 'unknown';
  const { name } = callee.key;
  if (name === 'split' || name === 'matchAll') return 'input';
  if (name === 'slice' || name === 'splice') return args.length >= 2 ? 'bounded' : sizeOf(callee.object, fn, depth + 1);
  if (keeping.has(name)) {
    const object = factsOf(fn).makerOf(callee.object);
    if (object?.op === 'global' && object.name === 'Object' && args[0] !== undefined) return sizeOf(args[0].value, fn, depth + 1);
    return sizeOf(callee.object, fn, depth + 1);
  }
  const object = factsOf(fn).makerOf(callee.object);
  // `Array.from(files)`; `Array.from({ length: workers })` says how many.
  if (object?.op === 'global' && object.name === 'Array' && name === 'from' && args[0] !== undefined) {
    return factsOf(fn).makerOf(args[0].value)?.op === 'object' ? 'bounded' : sizeOf(args[0].value, fn, depth + 1);
  }
  return object?.op === 'global' && object.name === 'JSON' ? 'input' : 'unknown';
}

/** Not what a function that is handed to a call is given: a part of something of the caller's. */
function sizeOfParameter(parameter: Variable, depth: number): Size {
  const { owner } = parameter;
  if (functionIndexOf(owner.module).referencesOf(owner).some(({ kind }) => kind === 'argument')) return 'unknown';
  const size = sizeAtCalls(parameter, depth);
  return size === 'unknown' ? 'input' : size;
}

function sizeAtCalls(parameter: Variable, depth: number): Size {
  const { owner } = parameter;
  const position = owner.parameters.indexOf(parameter);
  const calls = functionIndexOf(owner.module).referencesOf(owner).filter((reference) => reference.kind === 'call');
  const sizes = calls.map(({ site }) => {
    const argument = site.instruction.arguments[position];
    return argument === undefined ? 'unknown' : sizeOf(argument.value, site.fn, depth + 1);
  });
  if (sizes.includes('input')) return 'input';
  return sizes.length > 0 && sizes.every((size) => size === 'bounded') ? 'bounded' : 'unknown';
}

function isHidden({ name }: FunctionIr): boolean {
  return /[#.][_#][^#.]*$/.test(name);
}

/**
 * The mapper hands its element to a call that it waits for. Not where the element is what the call is made on (`connection.close()`:
 * the resources are there already), nor where a limiter is given a function, nor after waiting for a turn.
 */
function worksOnElement(mapper: FunctionIr, depth: number): boolean {
  const [element] = mapper.parameters;
  if (element === undefined || depth > 3) return false;
  const facts = factsOf(mapper);
  const derived = derivedFrom(mapper, [element]);
  let isWork = false;
  for (const { instruction } of facts.sites) {
    if (instruction.op !== 'await') continue;
    const call = facts.makerOf(instruction.value);
    if (call?.op !== 'call') continue;
    if (isTurn(call, mapper, derived)) return false;
    if (isGiven(call, mapper, derived, depth)) isWork = true;
  }
  if (isWork) return true;
  return facts.returned.some((value) => {
    const call = facts.makerOf(value);
    return call?.op === 'call' && !mapper.isAsync && !isTurn(call, mapper, derived) && isGiven(chainHead(call, mapper), mapper, derived, depth) && isKnownAsync(chainHead(call, mapper), mapper);
  });
}

/** `limit(() => …)`, or a call before the work that has nothing to do with the element: `await semaphore.acquire()`. */
function isTurn(call: Call, mapper: FunctionIr, derived: ReadonlySet<Variable>): boolean {
  const takesFunction = call.arguments.some(({ value }) => factsOf(mapper).makerOf(value)?.op === 'function');
  const isOnPromise = call.callee.kind === 'method' && call.callee.key.kind === 'name' && /^(?:then|catch|finally)$/.test(call.callee.key.name);
  if (takesFunction && !isOnPromise && call.callee.kind !== 'construct') return true;
  return call.arguments.length === 0 && !derived.has(call.target);
}

function isGiven(call: Call, mapper: FunctionIr, derived: ReadonlySet<Variable>, depth: number): boolean {
  const head = chainHead(call, mapper);
  if (!head.arguments.some(({ value }) => derived.has(value)) || head.callee.kind === 'construct') return false;
  const callee = functionIndexOf(mapper.module).calleeOf(head);
  if (callee === undefined || callee.body === undefined) return true;
  return waitsForSomething(callee, depth + 1);
}

/** `fetch(url).then(…).catch(…)`: the call at the head. */
function chainHead(call: Call, fn: FunctionIr): Call {
  let head = call;
  for (let turns = 0; turns < 8; turns++) {
    const { callee } = head;
    if (callee.kind !== 'method' || callee.key.kind !== 'name' || !/^(?:then|catch|finally)$/.test(callee.key.name)) return head;
    const maker = factsOf(fn).makerOf(callee.object);
    if (maker?.op !== 'call') return head;
    head = maker;
  }
  return head;
}

/** `fetch`, an async function of the file, or the start of a chain of `then`. */
function isKnownAsync(call: Call, fn: FunctionIr): boolean {
  const callee = functionIndexOf(fn.module).calleeOf(call);
  if (callee !== undefined) return callee.isAsync;
  if (call.callee.kind === 'value') {
    const maker = factsOf(fn).makerOf(call.callee.value);
    if (maker?.op === 'global') return maker.name === 'fetch';
  }
  return factsOf(fn).usesOf(call.target).some(({ instruction }) => instruction.op === 'call' && instruction.callee.kind === 'method' && instruction.callee.key.kind === 'name' && instruction.callee.key.name === 'then');
}

function waitsForSomething(fn: FunctionIr, depth: number): boolean {
  if (depth > 3) return false;
  return factsOf(fn).sites.some(({ instruction }) => {
    const waited = instruction.op === 'await' ? factsOf(fn).makerOf(instruction.value) : undefined;
    if (waited?.op !== 'call') return false;
    const callee = functionIndexOf(fn.module).calleeOf(waited);
    return callee === undefined || callee === fn || callee.body === undefined || waitsForSomething(callee, depth + 1);
  });
}
