import type { FunctionIr, Origin } from '../ir/index.js';
import type { World } from '../world.js';
import type { CallbackUse } from '../contracts/contract.js';
import { callbackUseOf } from './apis.js';
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
  /** On the way, the function runs once for everything that a stream brings. */
  readonly isRepeated: boolean;
  /** The call that registers it, where it is registered. */
  readonly by: Site<Call> | undefined;
  /** What calls it has no declaration: only the name of a method says so. */
  readonly isGuess: boolean;
}

/** Methods that register a listener for an event named by the first argument, in code without types. */
const registering: ReadonlySet<string> = new Set(['on', 'addListener', 'addEventListener', 'prependListener', 'subscribe']);
/** Events that happen once in an object's life. */
const endings: ReadonlySet<string> = new Set(['end', 'close', 'error', 'finish', 'exit', 'abort', 'ready', 'connect', 'open', 'listening', 'disconnect', 'timeout', 'drain', 'SIGTERM', 'SIGINT', 'beforeExit']);

/** Methods that are given a listener to forget it. */
const forgetting: ReadonlySet<string> = new Set(['off', 'removeListener', 'removeEventListener', 'unsubscribe']);

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

/** Makes a role of the function that is asked about. */
type MakeRole = (kind: Role['kind'], by?: Site<Call>, event?: string, isGuess?: boolean) => Role;

class Climb {
  readonly #world: World;
  readonly #seen = new Set<FunctionIr>();

  constructor(world: World) {
    this.#world = world;
  }

  from(fn: FunctionIr, path: readonly FunctionIr[], isRepeated: boolean): readonly Role[] {
    if (this.#seen.has(fn) || path.length > deepest) return [];
    this.#seen.add(fn);
    const role: MakeRole = (kind, by, event, isGuess = false) => ({ kind, fn, path, at: by?.instruction.origin, event, isRepeated, by, isGuess });
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

  #through(reference: Reference, path: readonly FunctionIr[], isRepeated: boolean, role: MakeRole): readonly Role[] {
    switch (reference.kind) {
      case 'call': {
        const { fn: caller, block } = reference.site;
        return this.from(caller, [...path, caller], isRepeated || isInStreamLoop(caller, block));
      }
      case 'member':
        // `socket.onmessage = …`
        if (/^on[a-z]+$/.test(reference.name)) return endings.has(reference.name.slice(2)) ? [role('once')] : [role('event', undefined, reference.name.slice(2))];
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
    role: MakeRole,
  ): readonly Role[] {
    const { instruction: call, fn } = site;
    const up = (): readonly Role[] => this.from(fn, [...path, fn], isRepeated);
    if (call.callee.kind === 'construct') return this.#constructed(site, property, up, role);
    if (property !== undefined) return [/^on[A-Z]/.test(property) ? role('event', site, property) : role('public', site)];
    const event = eventOf(call, fn);
    const use = callbackUseOf(call, position, fn, this.#world) ?? this.#useByBody(call, position);
    if (use !== undefined) return used(use, site, event, up, role);
    const name = nameOf(call, fn);
    if (name !== undefined && registering.has(name) && (position === 1 || name === 'subscribe')) return [event !== undefined && endings.has(event) ? role('once', site, event) : role('event', site, event, true)];
    if (name !== undefined && forgetting.has(name) && position === 1) return [];
    if (name === 'once' || name === 'prependOnceListener') return [role('once', site, event)];
    // A completion runs as often as what it completes is started.
    return up();
  }

  /** A function of the program that keeps what it is given calls it later, as often as it likes. */
  #useByBody(call: Call, position: number): Pick<CallbackUse, 'when' | 'times' | 'entry'> | undefined {
    if (call.callee.kind !== 'method') return undefined;
    const callee = this.#world.calleeOf(call.origin);
    if (callee === undefined || !('function' in callee)) return undefined;
    const parameter = callee.function.parameters[position];
    if (parameter === undefined) return undefined;
    const uses = factsOf(callee.function).usesOf(parameter).map(({ instruction }) => instruction);
    if (uses.some((use) => use.op === 'call' && use.callee.kind === 'value' && use.callee.value === parameter)) return undefined;
    const isKept = uses.some((use) => use.op === 'store' || use.op === 'object' || (use.op === 'call' && use.callee.kind === 'method' && (doesTo(use, 'push') || doesTo(use, 'add') || doesTo(use, 'set') || doesTo(use, 'on') || doesTo(use, 'addListener'))));
    return isKept ? { when: 'later', times: 'many' } : undefined;
  }

  #constructed(site: Site<Call>, property: string | undefined, up: () => readonly Role[], role: MakeRole): readonly Role[] {
    const { instruction: call, fn } = site;
    const constructed = call.callee.kind === 'construct' ? factsOf(fn).makerOf(call.callee.value) : undefined;
    if (property === undefined && constructed?.op === 'global' && constructed.name === 'Promise') return [role('executor', site), ...up()];
    return [role('public', site)];
  }
}

/** The role of a function that a callee with a contract is given. */
function used({ when, times, entry }: Pick<CallbackUse, 'when' | 'times' | 'entry'>, site: Site<Call>, event: string | undefined, up: () => readonly Role[], role: MakeRole): readonly Role[] {
  if (when === 'now') return up();
  if (times === 'once') return event === undefined ? up() : [role('once', site, event)];
  if (entry === 'timer') return [role('timer', site)];
  return [event !== undefined && endings.has(event) ? role('once', site, event) : role('event', site, event)];
}

function doesTo({ callee }: Call, name: string): boolean {
  return callee.kind === 'method' && callee.key.kind === 'name' && callee.key.name === name;
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
