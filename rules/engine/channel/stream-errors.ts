import type { ApiType } from '../contracts/api.js';
import type { CallbackUse } from '../contracts/contract.js';
import type { AsyncFinding } from '../findings.js';
import { originKey, type FunctionIr, type ModuleIr } from '../ir/index.js';
import type { World } from '../world.js';
import { contractOf } from './apis.js';
import { isCaughtIn, mayReject, rejectionsOf, thrownBy, type Escape } from './escapes.js';
import { isDoneBefore } from './done-before.js';
import { closuresOf, factsOf, isCall, type Call, type Site } from './facts.js';
import { fateOf } from './fate.js';
import { calleeBehind } from './function-behind.js';
import { functionIndexOf } from './functions.js';
import { calledAs } from './names.js';
import { madeBy, rootOf, stringIn } from './roots.js';
import { baseTypeOf, mayBeStep, stepOf } from './streams.js';

/** A function that a stream calls, and what the stream does about its exceptions. */
interface Callback {
  readonly fn: FunctionIr;
  /** As a reader knows it: `_transform()`, `the 'data' listener`. */
  readonly name: string;
  /** What it throws while it runs goes to the stream. */
  readonly isGuarded: boolean;
  /** How it tells the stream of an error, as its parameter is named. */
  readonly done: string;
  readonly isListener: boolean;
  /** Whoever calls it is a stream: asked only where there is something to find. */
  isOfStream(): boolean;
}

/** Steps whose exceptions go to whoever writes; Node.js hands those of the others to the stream. */
const unguardedSteps: ReadonlySet<string> = new Set(['_write', '_writev', '_transform']);
/** Methods that take a listener. */
const listening: ReadonlySet<string> = new Set(['on', 'once', 'addListener', 'prependListener', 'prependOnceListener']);
/** Whoever throws in a listener for errors means to; the others run inside of a call that adds or removes a listener, and its caller gets it. */
const ownEvents: ReadonlySet<string> = new Set(['error', 'newListener', 'removeListener']);
const donePositions: Readonly<Record<string, number>> = { _write: 2, _transform: 2, _writev: 1, _destroy: 1, _flush: 0, _final: 0, _construct: 0 };

/**
 * Looks for exceptions and rejections that leave a function which a stream of Node's calls: then the process ends, instead of the
 * stream. Web streams take what their steps throw.
 *
 * @param module - the file
 * @param options - what may be asked
 * @returns the findings, and how many instructions were looked at
 */
export function findStreamErrors(module: ModuleIr, { world }: { readonly world: World }): { readonly findings: readonly AsyncFinding[]; readonly work: number } {
  const findings = new Map<string, AsyncFinding>();
  const isListening = [...listening].some((name) => functionIndexOf(module).touching(name).length > 0);
  let work = 0;
  for (const fn of module.functions) {
    if (!mayBeStep(fn) && (!isListening || (fn.kind !== 'function' && fn.kind !== 'arrow' && fn.kind !== 'method'))) continue;
    if (!mayFail(fn)) continue;
    for (const callback of callbacksOf(fn, world)) {
      work += factsOf(fn).sites.length;
      const found = findingsIn(callback, world);
      if (found.length === 0 || !callback.isOfStream()) continue;
      for (const finding of found) if (!world.isNeverReached(finding.at)) findings.set(originKey(finding.at), finding);
      break;
    }
  }
  return { findings: [...findings.values()], work };
}

/** Functions in which nothing throws and nobody waits are most of them. */
function mayFail(fn: FunctionIr): boolean {
  return fn.outline.hasCall || fn.outline.hasAwait || fn.outline.constructed.size > 0;
}

/** What the function is to a stream, or may be. */
function callbacksOf(fn: FunctionIr, world: World): readonly Callback[] {
  const step = mayBeStep(fn) ? stepOf(fn, world) : undefined;
  if (step !== undefined) {
    if (step.platform === 'web') return [];
    const done = fn.parameters[donePositions[step.name] ?? -1]?.name ?? '';
    return [{ fn, name: `${step.name}()`, isGuarded: !unguardedSteps.has(step.name), done, isListener: false, isOfStream: () => true }];
  }
  if (fn.ownerClass !== undefined && fn.kind === 'method') return [];
  return functionIndexOf(fn.module).referencesOf(fn).flatMap((reference) => {
    if (reference.kind !== 'argument' || reference.property !== undefined || reference.position !== 1) return [];
    const event = listenedEvent(reference.site);
    return event === undefined ? [] : [{ fn, name: `the '${event}' listener`, isGuarded: false, done: '', isListener: true, isOfStream: () => isOnStream(reference.site, world) }];
  });
}

/** The event that a function is called for, whoever emits it. */
function listenedEvent(site: Site<Call>): string | undefined {
  const { callee } = site.instruction;
  if (callee.kind !== 'method' || !listening.has(calledAs(site))) return undefined;
  const event = stringIn(site.instruction.arguments[0]?.value);
  return event === undefined || ownEvents.has(event) || capturesRejections(site) ? undefined : event;
}

function isOwnEvent(site: Site<Call>): boolean {
  return listening.has(calledAs(site)) && ownEvents.has(stringIn(site.instruction.arguments[0]?.value) ?? '');
}

/** A stream's `on()` is called, not another emitter's. */
function isOnStream({ instruction: { callee } }: Site<Call>, world: World): boolean {
  if (callee.kind !== 'method') return false;
  const type = world.typeOf(callee.objectOrigin);
  const stream = type.kind === 'instance' ? type.type : type.kind === 'class' ? baseTypeOf(type.class, world) : undefined;
  return stream !== undefined && isStream(stream);
}

function isStream(type: ApiType): boolean {
  for (let at: ApiType | undefined = type; at !== undefined; at = at.base) if (at.path === 'node:stream#Stream' || at.path === 'node:stream#Readable' || at.path === 'node:stream#Writable') return true;
  return false;
}

/** `new Readable({ captureRejections: true })` */
function capturesRejections({ instruction, fn }: Site<Call>): boolean {
  if (functionIndexOf(fn.module).touching('captureRejections').length > 0) return true;
  const made = instruction.callee.kind === 'method' ? madeBy(rootOf(instruction.callee.object).base)?.instruction : undefined;
  if (made?.op !== 'call') return false;
  return made.arguments.some(({ value }) => {
    const options = madeBy(value)?.instruction;
    return options?.op === 'object' && options.properties.some((one) => one.kind === 'value' && one.key.kind === 'name' && one.key.name === 'captureRejections');
  });
}

function findingsIn(callback: Callback, world: World): readonly AsyncFinding[] {
  const { fn } = callback;
  const found: AsyncFinding[] = [];
  if (fn.isAsync) {
    const [first] = rejectionsOf(fn, world);
    if (first !== undefined) found.push(finding(callback, first, callback.isListener ? 'listener' : 'rejection'));
    return found;
  }
  const chains = unhandledChains(callback, world);
  // What begins a chain that nobody listens to is told of with the chain.
  const isTold = ({ at }: Escape): boolean => chains.some((chain) => chain.at.start === at.start);
  if (!callback.isGuarded) for (const escape of thrownBy(fn, world)) if (!isTold(escape)) found.push(finding(callback, escape, escape.how));
  return [...found, ...inClosures(callback, world), ...chains, ...begunTasks(callback, world)];
}

/** What the callback's own callbacks throw: those that run with it, and those that run when it is gone. */
function inClosures(callback: Callback, world: World): readonly AsyncFinding[] {
  return closuresOf(callback.fn).flatMap((inner) => {
    if (inner.isAsync || inner.isGenerator) return [];
    const references = functionIndexOf(inner.module).referencesOf(inner);
    if (references.some((reference) => reference.kind === 'argument' && reference.position === 1 && isOwnEvent(reference.site))) return [];
    const use = usesOf(inner, world).find(({ site, when }) => when !== 'now' || !isCaughtAround(site, callback.fn, world));
    if (use === undefined || (use.when === 'now' && callback.isGuarded)) return [];
    return thrownBy(inner, world).map((escape) => finding({ ...callback, done: '' }, escape, use.when === 'now' ? escape.how : 'callback'));
  });
}

/** Where a function is handed to a callee that is known to call it, and when that does. */
function usesOf(fn: FunctionIr, world: World): readonly { readonly site: Site<Call>; readonly when: CallbackUse['when'] }[] {
  return functionIndexOf(fn.module).referencesOf(fn).flatMap((reference) => {
    const use = reference.kind === 'argument' && reference.property === undefined ? useOf(reference.site, reference.position, world) : undefined;
    return use === undefined || reference.kind !== 'argument' ? [] : [{ site: reference.site, when: use.when }];
  });
}

/** What runs now throws where it is called: a `try` around the call catches that, and so does one around the call of what it is in. */
function isCaughtAround({ fn, block }: Site, outermost: FunctionIr, world: World, depth = 0): boolean {
  if (isCaughtIn(fn, block)) return true;
  if (fn === outermost || depth > 4) return false;
  const uses = usesOf(fn, world);
  return uses.length > 0 && uses.every(({ site, when }) => when === 'now' && isCaughtAround(site, outermost, world, depth + 1));
}

/** How a callee calls a function back; undefined for one that turns exceptions into rejections, and for one that nobody knows. */
function useOf(site: Site<Call>, position: number, world: World): CallbackUse | undefined {
  const contract = contractOf(site.instruction, site.fn, world);
  if (contract === undefined || contract.result?.from === 'promise' || site.instruction.callee.kind === 'construct') return undefined;
  const effect = contract.parameters?.[position];
  return effect?.callback ?? (position === site.instruction.arguments.length - 1 ? contract.completion : undefined);
}

/** `work(chunk).then(() => done())`: when the work fails, nobody is told. */
function unhandledChains(callback: Callback, world: World): readonly AsyncFinding[] {
  return factsOf(callback.fn).sites.flatMap((site) => {
    const { instruction } = site;
    if (instruction.op !== 'call' || instruction.callee.kind !== 'method') return [];
    const call: Site<Call> = { ...site, instruction };
    if (calledAs(call) !== 'then' || instruction.arguments.length !== 1 || fateOf(call) !== 'dropped' || instruction.isAwaited) return [];
    const { callee } = instruction;
    if (callee.kind !== 'method' || world.typeOf(callee.objectOrigin).kind !== 'promise' || isCaughtLater(call) || !mayReject(callee.object, world)) return [];
    return [finding(callback, { how: 'await', certainty: 'certain', at: instruction.origin, by: 'then()', from: undefined }, 'chain')];
  });
}

/** `void this.#save(chunk, done);`, `(async () => { … })();`: a task of the program's own that can fail, and whose promise nobody holds. */
function begunTasks(callback: Callback, world: World): readonly AsyncFinding[] {
  return factsOf(callback.fn).sites.flatMap((site) => {
    if (!isCall(site) || fateOf(site) !== 'dropped' || isCaughtLater(site)) return [];
    const task = calleeBehind(site.instruction, callback.fn, world);
    if (task?.isAsync !== true || task.isGenerator || rejectionsOf(task, world).length === 0) return [];
    const done = callback.fn.parameters.find(({ name }) => name !== '' && name === callback.done);
    // Where the task was to call back, the stream waits for ever.
    const isCallingBack = done !== undefined && (site.instruction.arguments.some(({ value }) => rootOf(value).base === done) || [task, ...closuresOf(task)].some(({ outline }) => outline.captures.has(done)));
    return [finding(callback, { how: 'await', certainty: isCallingBack ? 'certain' : 'potential', at: site.instruction.origin, by: '', from: undefined }, 'begun')];
  });
}

/** `.then(f).catch(g)`: the fate of a chain is that of its last link. */
function isCaughtLater(site: Site<Call>): boolean {
  return factsOf(site.fn).usesOf(site.instruction.target).some(({ instruction }) => instruction.op === 'call');
}

/** In a `catch` the callback may have been called already. */
function hasHandlers(fn: FunctionIr): boolean {
  return factsOf(fn).sites.some(({ instruction }) => instruction.op === 'caught');
}

const advice = 'hand the error to the stream: `callback(error)`, or `stream.destroy(error)`';

function finding(callback: Callback, escape: Escape, form: string): AsyncFinding {
  const done = callback.fn.parameters.find(({ name }) => name !== '' && name === callback.done);
  return {
    kind: 'throw-in-stream',
    certainty: escape.certainty,
    at: escape.at,
    form,
    words: { step: callback.name, via: escape.by, done: callback.done === '' ? 'stream.destroy(error)' : `${callback.done}(error)`, ...(escape.from && { from: escape.from }) },
    rewrite: form === 'throw' && done !== undefined && !isDoneBefore(callback.fn, done, escape.at) ? { how: 'call back', callback: done.name, isHarmless: !hasHandlers(callback.fn) } : undefined,
    advice,
    trace: [
      { at: callback.fn.origin, label: `${callback.name} of a stream` },
      ...(escape.from === undefined ? [] : [{ at: escape.from, label: 'thrown here' }]),
      { at: escape.at, label: 'leaves the stream here' },
    ],
  };
}
