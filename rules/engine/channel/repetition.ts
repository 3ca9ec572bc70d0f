import type { Certainty } from '../findings.js';
import type { Loop } from '../flow/graph.js';
import type { BlockId, FunctionIr, Origin, Variable } from '../ir/index.js';
import type { World } from '../world.js';
import { waitsForSink } from './answers.js';
import { calledApi, callbackUseOf } from './apis.js';
import type { Callers } from './callers.js';
import type { Call, Site } from './facts.js';
import { closuresOf, factsOf } from './facts.js';
import { fateOf, type Fate } from './fate.js';
import { functionIndexOf, type Reference } from './functions.js';
import { countsUpTo, endsWithFlag, endsWithList, isThereAlready, loopKindOf, type LoopKind } from './loop-kind.js';
import { isMadeAnew } from './made-anew.js';
import { calledAs } from './names.js';
import { isSameMember, isSameRoot, rootOf, stringIn, type Root } from './roots.js';
import { stepOf, type Step } from './streams.js';

/** What makes a place in the code run again and again while a sink stays the same. */
export interface Repetition {
  readonly certainty: Certainty;
  readonly how: 'loop' | 'event' | 'timer' | 'step' | 'recursion';
  /** As a reader knows it: `the loop`, `every 'data' event`. */
  readonly by: string;
  readonly at: Origin;
  /** The function that is run again, or that holds the loop. */
  readonly fn: FunctionIr;
  /** Functions on the way wait for something else each time. */
  readonly isAroundWork?: boolean;
}

/** A call on a sink, or of a function that makes one. */
interface Place {
  readonly fn: FunctionIr;
  readonly block: BlockId;
  /** How this function reaches the sink. */
  readonly root: Root;
  /** What becomes of the sink's answer here. */
  readonly fate: Fate;
  /** What the sink is given, where it is given it here. */
  readonly chunk?: Variable | undefined;
}

/** Callers of callers are followed this far. */
const longestChain = 4;

/** Events that come once, or that tell of the sink's own state. */
const singleEvents: ReadonlySet<string> = new Set([
  'abort', 'aborted', 'beforeExit', 'close', 'connect', 'connected', 'disconnect', 'drain', 'end', 'error', 'exit', 'finish', 'init',
  'listening', 'load', 'loadend', 'online', 'open', 'pause', 'pipe', 'prefinish', 'ready', 'resume', 'secureConnect', 'spawn', 'timeout', 'unpipe', 'upgrade',
]);
/** Events by which sources hand out what they have. */
const dataEvents: ReadonlySet<string> = new Set(['data', 'readable', 'line', 'message', 'row', 'entry']);

/** Steps that a stream calls for each chunk that somebody writes. */
const fedSteps: ReadonlySet<string> = new Set(['_write', '_writev', '_transform', 'write', 'transform']);
/** Among them those whose stream waits until what they made of a chunk is read. */
const pacedSteps: ReadonlySet<string> = new Set(['_transform', '_flush', 'transform', 'flush']);
/** Steps that a stream calls when somebody wants more. */
const askedSteps: ReadonlySet<string> = new Set(['_read', 'pull']);

/** Milliseconds between the ticks of a timer that keeps something alive rather than produces. */
const slowPeriod = 5000;

/** Finds what makes a place run again and again. */
export class Repetitions {
  readonly #world: World;
  readonly #callers: Callers;
  readonly #kinds = new Map<Loop, LoopKind | undefined>();

  constructor(world: World, callers: Callers) {
    this.#world = world;
    this.#callers = callers;
  }

  /**
   * The strongest reason why a call on a sink runs again and again.
   *
   * @param site - the call
   * @param root - how its function reaches the sink
   * @returns the reason; undefined where the call runs a bounded number of times for each sink, or nobody knows
   */
  of(site: Site<Call>, root: Root): Repetition | undefined {
    const fate = fateOf(site);
    return this.#around({ fn: site.fn, block: site.block, root, fate, chunk: site.instruction.arguments[0]?.value }, new Set(), false, 0);
  }

  /**
   * The same, by calls that only other files, or types, tell of: of a function that is handed the sink, or of a method of what holds it.
   *
   * @param site - the call
   * @param root - how its function reaches the sink
   * @param isHeeding - whether a function that makes a call listens to the sink itself
   * @returns the reason; only perhaps one, where what holds the sink is not seen to be the same each time
   */
  ofOthers(site: Site<Call>, root: Root, isHeeding: (fn: FunctionIr, root: Root) => boolean): Repetition | undefined {
    const { fn } = site;
    const fate = fateOf(site);
    if (root.base.owner !== fn || fate === 'used' || (root.base.storage !== 'parameter' && root.base.storage !== 'this') || stepOf(fn, this.#world) !== undefined) return undefined;
    let found: Repetition | undefined;
    for (const call of this.#callers.callsOf(fn)) {
      const isFollowed = call.fn.module === fn.module && (call.instruction.callee.kind !== 'method' || functionIndexOf(fn.module).calleeOf(call.instruction) === fn);
      if (isFollowed) continue;
      const given = rootAtCall(root, fn, call);
      if (given === undefined || isHeeding(call.fn, given)) continue;
      const around = this.#around({ fn: call.fn, block: call.block, root: given, fate: fate === 'returned' ? fateOf(call) : 'dropped' }, new Set([fn]), fn.outline.hasAwait, 1);
      found = strongest(found, around && root.base.storage === 'this' ? { ...around, certainty: 'potential' } : around);
    }
    return found;
  }

  /**
   * The same, of one of many sinks that are gone through: `for (const client of clients) client.send(text)`. Whether they stay the same each time,
   * nobody says.
   *
   * @param site - the call
   * @param root - how its function reaches the sink
   * @returns the reason why they are gone through again and again
   */
  ofMany(site: Site<Call>, { base }: Root): Repetition | undefined {
    const pass = passAround(site.fn, base);
    if (pass === undefined || fateOf(site) === 'used') return undefined;
    const around = this.#around({ fn: pass.fn, block: pass.block, root: pass.of, fate: 'dropped' }, new Set(), false, 0);
    return around && { ...around, certainty: 'potential' };
  }

  #around(place: Place, trail: ReadonlySet<FunctionIr>, isLater: boolean, depth: number): Repetition | undefined {
    if (place.fate === 'used' || depth > longestChain) return undefined;
    const own = ownStepOf(place.root, place.fn, this.#world);
    if (own !== undefined && pacedSteps.has(own.name)) return undefined;
    if (own !== undefined && fedSteps.has(own.name) && (isWithheld(place.root.base.owner) || place.fn === place.root.base.owner)) return duplexed(own, place);
    const loop = place.fate === 'dropped' ? this.#loopAround(place, own !== undefined && askedSteps.has(own.name), isLater) : undefined;
    if (loop?.certainty === 'certain') return loop;
    return strongest(loop, this.#byCallers(place, trail, isLater, depth));
  }

  #loopAround({ fn, block, root, chunk }: Place, isAsked: boolean, isAroundWork: boolean): Repetition | undefined {
    let found: Repetition | undefined;
    for (const loop of factsOf(fn).loopsAround(block)) {
      if (isOfOneTurn(root, fn, loop.blocks)) break;
      const kind = this.#kindOf(fn, loop);
      // What is in memory already takes no more room for waiting there, and as much as was asked for is what the request is for.
      if (kind === undefined || kind.how === 'collection' || waitsForSink(fn, loop, root) || (isAsked && (endsWithFlag(fn, loop, block) || endsWithList(fn, loop, block) || isAskedFor(fn, loop, root)))) continue;
      if (chunk !== undefined && kind.certainty === 'certain' && isThereAlready(fn, loop, chunk, this.#world)) continue;
      found = strongest(found, { certainty: isAsked && kind.how === 'loop' ? 'certain' : kind.certainty, how: 'loop', by: kind.by, at: kind.at, fn, isAroundWork });
    }
    return found;
  }

  /** Asks about what a loop goes through, once for all that the loop does. */
  #kindOf(fn: FunctionIr, loop: Loop): LoopKind | undefined {
    if (!this.#kinds.has(loop)) this.#kinds.set(loop, loopKindOf(fn, loop, this.#world));
    return this.#kinds.get(loop);
  }

  #byCallers(place: Place, trail: ReadonlySet<FunctionIr>, isLater: boolean, depth: number): Repetition | undefined {
    const { fn, root } = place;
    // A sink that the function itself makes is another one each time.
    if (root.base.owner === fn && root.base.storage !== 'parameter' && root.base.storage !== 'this') return undefined;
    if (isMadeAnew(fn, root, place.block)) return undefined;
    const step = stepOf(fn, this.#world);
    // A web stream waits for the promise that a step gives before it calls one again.
    if (step !== undefined) return step.platform === 'web' && place.fate === 'returned' ? undefined : this.#byStep(step, place);
    const seen = new Set(trail).add(fn);
    let found: Repetition | undefined;
    for (const reference of functionIndexOf(fn.module).referencesOf(fn)) {
      found = strongest(found, this.#byReference(reference, place, seen, isLater || fn.outline.hasAwait, depth));
      if (found?.certainty === 'certain') break;
    }
    return found;
  }

  #byStep(step: Step, { fn, root }: Place): Repetition | undefined {
    if (!fedSteps.has(step.name) || (root.base.owner === fn && root.base.storage === 'parameter')) return undefined;
    return { certainty: 'certain', how: 'step', by: 'every chunk that is written', at: fn.origin, fn };
  }

  #byReference(reference: Reference, place: Place, seen: ReadonlySet<FunctionIr>, isLater: boolean, depth: number): Repetition | undefined {
    switch (reference.kind) {
      case 'call':
        return this.#byCall(reference.site, place, seen, isLater, depth);
      case 'argument':
        return reference.property === undefined ? this.#byCallback(reference.site, reference.position, place, seen, depth) : undefined;
      case 'member':
        return this.#byHandler(reference.site, reference.name, place);
      case 'public':
        return undefined;
    }
  }

  #byCall(site: Site<Call>, place: Place, seen: ReadonlySet<FunctionIr>, isLater: boolean, depth: number): Repetition | undefined {
    const { fn } = place;
    const { callee } = site.instruction;
    if (callee.kind === 'method' && functionIndexOf(fn.module).calleeOf(site.instruction) !== fn) return undefined;
    const root = rootAtCall(place.root, fn, site);
    if (root === undefined) return undefined;
    if (seen.has(site.fn)) return isLater ? recursion(site, fn) : undefined;
    return this.#around({ fn: site.fn, block: site.block, root, fate: place.fate === 'returned' ? fateOf(site) : 'dropped' }, seen, isLater, depth + 1);
  }

  #byCallback(site: Site<Call>, position: number, place: Place, seen: ReadonlySet<FunctionIr>, depth: number): Repetition | undefined {
    const { fn, root } = place;
    // What a callback is given is another object each time, and so is the `this` of a listener that is a plain function.
    if (root.base.owner === fn && (root.base.storage === 'parameter' || (root.base.storage === 'this' && fn.kind === 'function'))) return undefined;
    const use = callbackUseOf(site.instruction, position, site.fn, this.#world);
    const event = position === 1 ? stringIn(site.instruction.arguments[0]?.value) : undefined;
    if (use === undefined) return event !== undefined && isListening(site) ? listener(site, event, root, fn, false) : undefined;
    if (use.when === 'later' && use.times === 'many') return this.#byManyCalls(site, event, place);
    const isLater = use.when === 'later';
    if (seen.has(site.fn)) return isLater ? this.#paced(recursion(site, fn), site) : undefined;
    const around = this.#around({ fn: site.fn, block: site.block, root, fate: 'dropped' }, seen, isLater, depth + 1);
    return use.times === 'once' ? this.#paced(around, site) : around;
  }

  /** What comes round by way of a timer comes as often as that says. */
  #paced(found: Repetition | undefined, site: Site<Call>): Repetition | undefined {
    return found !== undefined && isTimer(site, this.#world) && !isFast(site) ? { ...found, certainty: 'potential' } : found;
  }

  #byManyCalls(site: Site<Call>, event: string | undefined, { root, fn, block }: Place): Repetition | undefined {
    if (event !== undefined) return listener(site, event, root, fn, true);
    const at = site.instruction.origin;
    if (isTimer(site, this.#world)) return { certainty: !isFast(site) || isOnceAskedFor(fn, block) ? 'potential' : 'certain', how: 'timer', by: 'every tick of the timer', at, fn };
    return { certainty: 'potential', how: 'event', by: `every call of what \`${calledAs(site)}()\` was given`, at, fn };
  }

  /** `socket.onmessage = (event) => …` */
  #byHandler(site: Site, name: string, { root, fn }: Place): Repetition | undefined {
    if (site.instruction.op !== 'store' || !/^on[a-z]+$/.test(name) || (root.base.owner === fn && root.base.storage === 'parameter')) return undefined;
    const event = name.slice(2);
    if (singleEvents.has(event) || isSameMember(rootOf(site.instruction.object), root)) return undefined;
    const type = this.#world.typeOf(factsOf(site.fn).originOf(site.instruction.object));
    const isCertain = dataEvents.has(event) && type.kind === 'instance';
    return { certainty: isCertain ? 'certain' : 'potential', how: 'event', by: `every '${event}' event`, at: site.instruction.origin, fn };
  }
}

/** `for (const client of clients)`, `clients.forEach((client) => …)`: where it is written, and how its function reaches what it goes through. */
function passAround(fn: FunctionIr, element: Variable): { readonly fn: FunctionIr; readonly block: BlockId; readonly of: Root } | undefined {
  const facts = factsOf(fn);
  const step = facts.stepOf(facts.sourceOf(element));
  if (step?.kind === 'next' && step.mode === 'sync') {
    const opened = facts.makerOf(step.iterator);
    const at = facts.blocks.find(({ terminal }) => terminal === step);
    return opened?.op === 'iterate' && at !== undefined ? { fn, block: at.id, of: rootOf(valuesOf(opened.iterable, fn)) } : undefined;
  }
  if (element.storage !== 'parameter' || element.owner !== fn || fn.parameters[0] !== element) return undefined;
  const visit = functionIndexOf(fn.module).referencesOf(fn).find((reference) => reference.kind === 'argument' && reference.position === 0 && reference.property === undefined && calledAs(reference.site) === 'forEach');
  if (visit?.kind !== 'argument' || visit.site.instruction.callee.kind !== 'method') return undefined;
  return { fn: visit.site.fn, block: visit.site.block, of: rootOf(visit.site.instruction.callee.object) };
}

/** `clients` of `clients.values()` */
function valuesOf(iterable: Variable, fn: FunctionIr): Variable {
  const made = factsOf(fn).makerOf(iterable);
  return made?.op === 'call' && made.callee.kind === 'method' && made.callee.key.kind === 'name' && made.callee.key.name === 'values' ? made.callee.object : iterable;
}

/** What a sink answers to its own messages is one reply each. */
function listener(site: Site<Call>, event: string, root: Root, fn: FunctionIr, isKnown: boolean): Repetition | undefined {
  const { callee, origin } = site.instruction;
  if (singleEvents.has(event) || /^SIG/.test(event)) return undefined;
  if (callee.kind === 'method' && namesOf(rootOf(callee.object), site.fn).some((heard) => isSameConversation(heard, root))) return undefined;
  const isCertain = event === 'data' || event === 'readable' || (isKnown && dataEvents.has(event));
  return { certainty: isCertain ? 'certain' : 'potential', how: 'event', by: `every '${event}' event`, at: origin, fn };
}

/** `this.socket = socket` */
function namesOf(object: Root, fn: FunctionIr): readonly Root[] {
  const others = factsOf(fn).sites.flatMap(({ instruction }): Root[] => {
    if (instruction.op !== 'store' || instruction.key.kind !== 'name' || !isSameRoot(rootOf(instruction.value), object)) return [];
    const { base, path } = rootOf(instruction.object);
    return [{ base, path: [...path, instruction.key.name] }];
  });
  return [object, ...others];
}

/** What the other side says comes by the sink itself, or by another end of the same process: `child.stdout` and `child.stdin`. */
function isSameConversation(heard: Root, sink: Root): boolean {
  if (isSameMember(heard, sink)) return true;
  const isProcess = sink.path.at(-1) === 'stdin' && /^std(?:out|err)$/.test(heard.path.at(-1) ?? '');
  return isProcess && isSameMember({ base: heard.base, path: heard.path.slice(0, -1) }, { base: sink.base, path: sink.path.slice(0, -1) });
}

/** `_read(size)`: the stream says how much it wants. */
function isAskedFor(fn: FunctionIr, loop: Loop, { base }: Root): boolean {
  const [size] = base.owner.parameters;
  return size !== undefined && countsUpTo(fn, loop, size);
}

function isListening(site: Site<Call>): boolean {
  const name = calledAs(site);
  return name === 'on' || name === 'addListener' || name === 'prependListener' || name === 'addEventListener';
}

function recursion(site: Site<Call>, fn: FunctionIr): Repetition {
  return { certainty: 'certain', how: 'recursion', by: `the next turn of \`${fn.name}\``, at: site.instruction.origin, fn, isAroundWork: true };
}

function strongest(one: Repetition | undefined, other: Repetition | undefined): Repetition | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one.certainty === 'potential' && other.certainty === 'certain' ? other : one;
}

/** A sink that a turn of the loop made, or was given. */
function isOfOneTurn({ base }: Root, fn: FunctionIr, blocks: ReadonlySet<BlockId>): boolean {
  if (base.owner !== fn) return false;
  const facts = factsOf(fn);
  const step = facts.stepOf(base);
  const isStepped = step !== undefined && facts.blocks.some(({ id, terminal }) => terminal === step && blocks.has(id));
  return isStepped || facts.definitionsOf(base).some(({ block }) => blocks.has(block));
}

/** How the caller of a function reaches what the function reaches. */
function rootAtCall(root: Root, fn: FunctionIr, site: Site<Call>): Root | undefined {
  if (root.base.owner !== fn) return root;
  const { callee, arguments: args } = site.instruction;
  if (root.base.storage === 'this') {
    if (callee.kind !== 'method') return undefined;
    const { base, path } = rootOf(callee.object);
    return { base, path: [...path, ...root.path] };
  }
  const position = fn.parameters.indexOf(root.base);
  const argument = position < 0 ? undefined : args[position];
  if (argument === undefined || args.slice(0, position + 1).some(({ isSpread }) => isSpread)) return undefined;
  const { base, path } = rootOf(argument.value);
  return { base, path: [...path, ...root.path] };
}

/** The step around a call whose own stream or controller is the sink. */
export function ownStepOf(root: Root, fn: FunctionIr, world: World): Step | undefined {
  const { owner, storage } = root.base;
  if (root.path.length > 0 || (storage !== 'this' && storage !== 'parameter')) return undefined;
  for (let at: FunctionIr | undefined = fn; at !== undefined; at = at.parent) if (at === owner) return stepOf(owner, world);
  return undefined;
}

/** A step that calls back some other time makes whoever writes wait until then. */
function isWithheld(step: FunctionIr): boolean {
  const done = step.parameters.at(-1);
  return done !== undefined && (closuresOf(step).some(({ outline }) => outline.captures.has(done)) || factsOf(step).usesOf(done).some(({ instruction }) => instruction.op === 'store'));
}

/** Whether a call stands in the step by which its own stream asks for more. */
export function isInAnswer(root: Root, fn: FunctionIr, world: World): boolean {
  const own = ownStepOf(root, fn, world);
  return own !== undefined && askedSteps.has(own.name);
}

/** A duplex waits with neither side for the other: what is pushed while it is written to waits until somebody reads. */
function duplexed(step: Step, { fn, root }: Place): Repetition | undefined {
  const reads = step.sibling('_read');
  const isTransform = step.type.implemented('_transform') !== undefined;
  if (isTransform || reads === undefined || !isIdle(reads) || isWithheld(root.base.owner)) return undefined;
  return { certainty: 'certain', how: 'step', by: 'every chunk that is written', at: fn.origin, fn };
}

/** A step that does nothing: whoever wants more is not heard. */
export function isIdle(fn: FunctionIr): boolean {
  return fn.body !== undefined && !fn.outline.hasCall && fn.outline.members.size === 0 && fn.outline.captures.size === 0;
}

/** Code that runs once for each time that somebody sets a flag, which it takes back: `if (this.isWaiting) send(); this.isWaiting = false;`. */
function isOnceAskedFor(fn: FunctionIr, block: BlockId): boolean {
  const facts = factsOf(fn);
  return facts.blocks.some(({ id, terminal }) => {
    if (terminal.kind !== 'branch' || terminal.test.kind !== 'truthy') return false;
    if (!facts.reachableFrom(terminal.then, id).has(block) || facts.reachableFrom(terminal.otherwise, id).has(block)) return false;
    const flag = rootOf(terminal.test.value);
    return facts.sites.some(({ instruction }) => {
      const made = instruction.op === 'store' ? facts.makerOf(instruction.value) : instruction.op === 'copy' ? facts.makerOf(instruction.source) : undefined;
      if (made?.op !== 'literal' || Boolean(made.value)) return false;
      if (instruction.op === 'copy') return flag.path.length === 0 && instruction.target === flag.base;
      if (instruction.op !== 'store' || instruction.key.kind !== 'name') return false;
      const { base, path } = rootOf(instruction.object);
      return isSameRoot({ base, path: [...path, instruction.key.name] }, flag);
    });
  });
}

/**
 * It ticks often, as far as the code says how often: otherwise what one tick writes is gone before the next, unless the sink has stopped
 * for good.
 */
function isFast({ instruction, fn }: Site<Call>): boolean {
  const period = instruction.arguments[1]?.value;
  if (period === undefined) return true;
  const numbers = numbersIn(period, fn, 0);
  return numbers.length > 0 && numbers.every((milliseconds) => milliseconds < slowPeriod);
}

/** The numbers that a variable may be given, the default of a parameter among them. */
function numbersIn(variable: Variable, fn: FunctionIr, depth: number): readonly number[] {
  if (depth > 4) return [];
  return functionIndexOf(fn.module).definitionsOf(variable).flatMap(({ instruction }) => {
    if (instruction.op === 'copy') return numbersIn(instruction.source, fn, depth + 1);
    return instruction.op === 'literal' && typeof instruction.value === 'number' ? [instruction.value] : [];
  });
}

function isTimer(site: Site<Call>, world: World): boolean {
  return /#set(?:Interval|Timeout)$/.test(calledApi(site.instruction, site.fn, world)?.path ?? '');
}
