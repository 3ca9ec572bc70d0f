import type { FunctionIr, Origin } from '../ir/index.js';
import type { World } from '../world.js';
import { contractOf } from './apis.js';
import { factsOf, type Call, type Site } from './facts.js';
import { functionIndexOf, type Reference } from './functions.js';

/** How a function comes to run, seen from outside of the functions that lead to it. */
export interface Role {
  readonly kind:
    /** On every event of some kind. */
    | 'event'
    /** Every so often. */
    | 'timer'
    /** By whoever has it: an exported function, a method, a function handed to unknown code. */
    | 'public'
    /** By the executor of a promise: whoever has the promise can wait. */
    | 'executor'
    /** Once, or as often as the program's text says. */
    | 'once';
  /** The function that is called from outside. */
  readonly fn: FunctionIr;
  /** From the function asked about (first) to the one that is called from outside (last). */
  readonly path: readonly FunctionIr[];
  /** Where it is registered, where it is. */
  readonly at: Origin | undefined;
  /** The event, where the code names it: `data`. */
  readonly event: string | undefined;
  /** On the way, the function runs once for every element of something. */
  readonly isRepeated: boolean;
}

/** Methods that register a listener for an event named by the first argument. */
const registering: ReadonlySet<string> = new Set(['on', 'addListener', 'addEventListener', 'prependListener', 'subscribe']);
/** Events that happen once in an object's life. */
const endings: ReadonlySet<string> = new Set(['end', 'close', 'error', 'finish', 'exit', 'abort', 'ready', 'connect', 'open', 'listening', 'disconnect', 'timeout', 'drain', 'SIGTERM', 'SIGINT', 'beforeExit']);
const iterating: ReadonlySet<string> = new Set(['forEach', 'map', 'flatMap', 'filter', 'some', 'every', 'reduce', 'find']);
const scheduling: ReadonlySet<string> = new Set(['setTimeout', 'setImmediate', 'queueMicrotask', 'nextTick', 'requestAnimationFrame']);

const deepest = 5;

/**
 * How a function comes to run.
 *
 * @param fn - the function
 * @param world - knows what a callee does with its callbacks
 * @returns all ways that the file tells of; none where nothing names the function
 */
export function rolesOf(fn: FunctionIr, world: World): readonly Role[] {
  return new Climb(world).from(fn, [fn], false);
}

class Climb {
  readonly #world: World;
  readonly #seen = new Set<FunctionIr>();

  constructor(world: World) {
    this.#world = world;
  }

  from(fn: FunctionIr, path: readonly FunctionIr[], isRepeated: boolean): readonly Role[] {
    if (this.#seen.has(fn) || path.length > deepest) return [];
    this.#seen.add(fn);
    const role = (kind: Role['kind'], at?: Origin, event?: string): Role => ({ kind, fn, path, at, event, isRepeated });
    if (fn.kind === 'module' || fn.kind === 'fields' || fn.kind === 'static-block') return [role('once')];
    if (fn.kind === 'constructor') return [role('once')];
    const references = functionIndexOf(fn.module).referencesOf(fn);
    const roles = references.flatMap((reference) => this.#through(reference, path, isRepeated, role));
    return roles.length === 0 || isOpen(fn) ? [...roles, ...(this.#isUncalled(fn, references) ? [role('public')] : [])] : roles;
  }

  /** A method or function that only code elsewhere can call. */
  #isUncalled(fn: FunctionIr, references: readonly Reference[]): boolean {
    if (fn.ownerClass !== undefined && fn.kind !== 'arrow') return isOpen(fn) && !references.some(({ kind }) => kind === 'argument' || (isHidden(fn) && kind === 'call'));
    return references.length === 0 && fn.kind !== 'arrow';
  }

  #through(reference: Reference, path: readonly FunctionIr[], isRepeated: boolean, role: (kind: Role['kind'], at?: Origin, event?: string) => Role): readonly Role[] {
    switch (reference.kind) {
      case 'call': {
        const { fn: caller, block } = reference.site;
        return this.from(caller, [...path, caller], isRepeated || isInStreamLoop(caller, block));
      }
      case 'member':
        // `socket.onmessage = …`
        if (/^on[a-z]+$/.test(reference.name)) return endings.has(reference.name.slice(2)) ? [role('once')] : [role('event', reference.site.instruction.origin, reference.name.slice(2))];
        return [role('public')];
      case 'public':
        return [role('public')];
      case 'argument':
        return this.#asArgument(reference, path, isRepeated, role);
    }
  }

  #asArgument(
    { site, position, property }: Extract<Reference, { readonly kind: 'argument' }>,
    path: readonly FunctionIr[],
    isRepeated: boolean,
    role: (kind: Role['kind'], at?: Origin, event?: string) => Role,
  ): readonly Role[] {
    const { instruction: call, fn } = site;
    const { callee, origin } = call;
    const up = (repeated: boolean): readonly Role[] => this.from(fn, [...path, fn], isRepeated || repeated);
    if (callee.kind === 'construct') return this.#constructed(site, property, up, role);
    const name = nameOf(call, fn);
    if (property !== undefined) return [/^on[A-Z]/.test(property) ? role('event', origin, property) : role('public', origin)];
    if (name === 'setInterval') return [role('timer', origin)];
    if (name !== undefined && scheduling.has(name)) return up(false);
    const event = eventOf(call, fn);
    if (name !== undefined && registering.has(name) && (position === 1 || name === 'subscribe')) {
      if (event !== undefined && endings.has(event)) return [role('once', origin, event)];
      return [role('event', origin, event)];
    }
    if (name === 'once' || name === 'prependOnceListener') return [role('once', origin, event)];
    if (name !== undefined && iterating.has(name)) return up(true);
    const use = contractOf(call, fn, this.#world)?.parameters?.[position]?.callback;
    if (use?.when === 'now') return up(use.times === 'many');
    if (use?.when === 'later' && use.times === 'many') return [role('event', origin, event)];
    // A completion runs as often as what it completes is started.
    return up(false);
  }

  #constructed(site: Site<Call>, property: string | undefined, up: (repeated: boolean) => readonly Role[], role: (kind: Role['kind'], at?: Origin) => Role): readonly Role[] {
    const { instruction: call, fn } = site;
    const constructed = call.callee.kind === 'construct' ? factsOf(fn).makerOf(call.callee.value) : undefined;
    if (property === undefined && constructed?.op === 'global' && constructed.name === 'Promise') return [role('executor', call.origin), ...up(false)];
    return [role('public', call.origin)];
  }
}

/** Anyone who has the object can call it. */
function isOpen(fn: FunctionIr): boolean {
  const member = fn.ownerClass?.members.find((one) => one.function === fn);
  return member !== undefined && member.access === 'public';
}

/** By the customs of plain JavaScript, `_name` is the class's own business. */
function isHidden(fn: FunctionIr): boolean {
  return /[#.]_[^#.]*$/.test(fn.name);
}

/** What is called, by its last name. */
export function nameOf({ callee }: Call, fn: FunctionIr): string | undefined {
  if (callee.kind === 'method') return callee.key.kind === 'name' ? callee.key.name : undefined;
  if (callee.kind !== 'value') return undefined;
  const maker = factsOf(fn).makerOf(callee.value);
  if (maker?.op === 'global') return maker.name;
  return callee.value.name === '' ? undefined : callee.value.name;
}

/** The event that a listener is registered for, where it is written out. */
function eventOf(call: Call, fn: FunctionIr): string | undefined {
  const first = call.arguments[0] && factsOf(fn).makerOf(call.arguments[0].value);
  return first?.op === 'literal' && typeof first.value === 'string' ? first.value : undefined;
}

/** Inside of a `for await`: once for everything that a stream brings. */
export function isInStreamLoop(fn: FunctionIr, block: number): boolean {
  const facts = factsOf(fn);
  return facts.loopsAround(block).some((loop) => [...loop.blocks].some((id) => {
    const terminal = facts.blocks[id]?.terminal;
    return terminal?.kind === 'next' && terminal.mode === 'async';
  }));
}
