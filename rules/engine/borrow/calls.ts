import type { Contract } from '../contracts/contract.js';
import type { Certainty } from '../findings.js';
import { originKey } from '../ir/index.js';
import { applyContract } from './contracts.js';
import { takeOut, takesOut } from './taking.js';
import { noteUse } from './activity.js';
import { isLastOfMany } from './countdowns.js';
import type { Frame } from './frame.js';
import { handOn, isAccountable } from './handing.js';
import { issueLoans, overwrite, whole } from './effects.js';
import { leaveStale } from './growth.js';
import { viewsIn } from './views.js';
import { isHandlerName } from './handler-names.js';
import { importedValue } from './imports.js';
import { returned, type Machine, type Outcome, type Site } from './machine.js';
import { hasInFlight } from './in-flight.js';
import { calleeText } from './reports.js';
import { narrow, unknownResult } from './sources.js';
import type { State } from './state.js';
import type { Unit } from './unit.js';
import { useArguments } from './uses.js';
import { doubtTasks, newTask, tasksOf, withTasks } from './tasks.js';
import { alternatives, foreignRegion, primitive, promiseOf, type Opaque, type Value } from './value.js';
import { baseRegion, memoryOf } from './region-names.js';

/** Calls something whose body is not followed: a catalogued API, a function of another file, or code nobody knows. */
export function callOpaquely(machine: Machine, state: State, callee: Value, self: Value | undefined, args: readonly Value[], site: Site): Outcome {
  const name = symbolOf(callee, args, site);
  if (name !== undefined) return returned(state, name);
  const known = contractOf(callee);
  if (known !== undefined) return callWithContract(machine, state, known.contract, known.receiver ?? self, args, site, callee);

  const followed = follow(machine, state, callee, self, args, site);
  if (followed !== undefined) return followed;
  const visited = visitByName(machine, state, callee, args, site);
  if (visited !== undefined) return visited;
  const required = requireModule(machine, callee, args, site);
  if (required !== undefined) return returned(state, required);
  return callUnknown(machine, state, callee, self, args, site);
}

/** Calls code of which nothing is known, or nothing more than was followed already. */
export function callUnknown(machine: Machine, state: State, callee: Value, self: Value | undefined, args: readonly Value[], site: Site): Outcome {
  machine.unit.journal?.note({ kind: 'unknown call', at: site.at, callee: calleeText(machine.unit, site), isFollowed: args.some((value) => viewsIn(state, value).length > 0) });
  useArguments(machine, state, args, site, undefined);
  for (const value of args) handOn(state, value);
  const cut = touchForeignBytes(machine, state, self, site);
  if (cut !== undefined) return returned(state, cut);
  transferByName(machine, state, callee, args, site);
  for (const value of args) noteUse(state, value);
  const kept = withoutBorrowed(machine, state, args, site);
  const spawned = spawnUnknown(machine, state, callee, kept, site);
  if (spawned === undefined) escapeByName(machine, state, callee, kept, site);
  const isCallback = spawned !== undefined || escapeToCallback(machine, state, callee, kept, site) || kept !== args;
  for (const value of args) doubtTasks(state, tasksOf(value));
  handOver(machine, state, args, site, isCallback);
  wakeWasm(machine, state, callee, self, site);
  // Unknown code may throw, with all that it did before.
  return { returns: [{ state, value: spawned ?? unknownResult(site) }], throws: (machine.isGuarded ? state.hasMemory : state.loans.size > 0) ? [state.clone()] : [] };
}

/** What the callee may keep. A parameter declared `Borrowed<…>` keeps nothing: lending is what its caller is there for. */
function withoutBorrowed(machine: Machine, state: State, args: readonly Value[], site: Site): readonly Value[] {
  const { world } = machine.unit;
  const isBorrowed = args.map((value, index) => site.argumentOrigins.length > 0 && viewsIn(state, value).length > 0 && world.isBorrowed(site.at, index));
  return isBorrowed.includes(true) ? args.map((value, index) => (isBorrowed[index] === true ? primitive : value)) : args;
}

/** CommonJS: `require('fs')`. */
function requireModule(machine: Machine, callee: Value, args: readonly Value[], site: Site): Value | undefined {
  const [specifier] = args;
  if (callee.kind !== 'opaque' || callee.id !== 'global:require' || specifier?.kind !== 'constant' || typeof specifier.value !== 'string') return undefined;
  return importedValue(machine, specifier.value, '*', site.at);
}

/** `Symbol('x')`: a property name of its own. */
function symbolOf(callee: Value, args: readonly Value[], site: Site): Value | undefined {
  if (callee.kind !== 'api') return undefined;
  if (callee.api.path === 'global#Symbol') return { kind: 'constant', value: `@Symbol(${site.at.file}:${site.at.start})` };
  const [key] = args;
  return callee.api.path === 'global#Symbol.for' && key?.kind === 'constant' ? { kind: 'constant', value: `@Symbol.for(${String(key.value)})` } : undefined;
}

function callWithContract(machine: Machine, state: State, contract: Contract, self: Value | undefined, args: readonly Value[], site: Site, callee: Value): Outcome {
  machine.unit.journal?.note({ kind: 'contract', at: site.at, callee: calleeText(machine.unit, site), contract, path: pathOf(machine.unit, callee, site) });
  useArguments(machine, state, args, site, contract);
  const outcome = applyContract(machine, state, contract, { self, arguments: args }, site);
  if (self !== undefined && takesOut(site.name)) for (const completion of outcome.returns) takeOut(completion.state, self, site.name, args, completion.value);
  return outcome;
}

function contractOf(callee: Value): { readonly contract: Contract; readonly receiver: Value | undefined } | undefined {
  if (callee.kind === 'method') return { contract: callee.contract, receiver: callee.receiver };
  if (callee.kind === 'api' && callee.api.call !== undefined) return { contract: callee.api.call, receiver: undefined };
  return undefined;
}

/** What the catalog calls it. */
function pathOf({ world }: Unit, callee: Value, site: Site): string | undefined {
  if (callee.kind === 'api') return callee.api.path;
  const receiver = callee.kind === 'method' ? callee.receiver : undefined;
  if (receiver?.kind === 'instance') return `${receiver.type.path}.${site.name ?? ''}`;
  if (receiver?.kind === 'view' && receiver.type !== undefined) return `${world.catalog.viewType(receiver.type).path}.${site.name ?? ''}`;
  const type = site.receiverOrigin === undefined ? undefined : world.typeOf(site.receiverOrigin);
  return type?.kind === 'instance' ? `${type.type.path}.${site.name ?? ''}` : undefined;
}

/** Asks the types who is called, where the answer can matter: something followed goes in, or what comes out is handed on. */
function follow(machine: Machine, state: State, callee: Value, self: Value | undefined, args: readonly Value[], site: Site): Outcome | undefined {
  const { unit } = machine;
  const hasViews = args.some((value) => value.kind !== 'closure' && viewsIn(state, value).length > 0);
  const isFollowed = unit.followed.has(originKey(site.at));
  const mayMove = site.name !== undefined && (unit.world.catalog.movers.has(site.name) || (unit.tracksMoves && unit.world.catalog.keepers.has(site.name)));
  const isOwed = state.hasMemory && args.some((value) => isAccountable(state, value));
  // `map.get(key)`: what a collection gives is what it has.
  const hasInside = state.hasMemory && self?.kind === 'object' && viewsIn(state, self).length > 0;
  const isTold = callee.kind === 'opaque' && unit.tracksMoves && unit.world.mayCallTagged(site.at.file);
  if (!isFollowed && !hasViews && !hasInside && !mayMove && !isOwed && !isTold && !hasInFlight(state, self)) {
    // A function handed to a library: only what the catalog names can say when it is called.
    if (!args.some((value) => value.kind === 'closure') || site.name === undefined || !unit.world.catalog.names.has(site.name)) return undefined;
  }
  const known = callee.kind === 'import' ? machine.resolve(callee) : undefined;
  if (known !== undefined && known.kind !== 'import') return machine.call(state, known, self, args, site);
  const answer = unit.world.calleeOf(site.at);
  if (answer === undefined) return undefined;
  // What a method hands out may be its object's, or a view of it: then it matters how that was made.
  if (isFollowed && self?.kind === 'opaque' && self.root.kind === 'call') unit.follow(originKey(self.root.call));
  if ('contract' in answer) return callWithContract(machine, state, answer.contract, self, args, site, callee);
  if (!('function' in answer)) return undefined;
  return machine.call(state, { kind: 'closure', function: answer.function, self }, self, args, site);
}

/**
 * Views handed to unknown code: it may write them. It certainly did where the result then bounds a view of the same memory, and had to
 * be waited for; otherwise it may have found that in the bytes: `const end = endOf(bytes)`, `const length = readLength(bytes, at)`.
 */
function handOver(machine: Machine, state: State, args: readonly Value[], site: Site, isCallback: boolean): void {
  const { unit } = machine;
  const key = originKey(site.at);
  const hasFilled = (site.isAwaited || args.length === 1) && unit.fillers.has(key);
  const isReader = site.isConstruct === true || isOfCollections(machine, site);
  for (const value of args) {
    if (value.kind === 'closure') {
      state.schedule({ closure: value, times: 'many', isGuess: true, arguments: [], isPublic: false, refills: [] });
      continue;
    }
    for (const { view, path } of viewsIn(state, value)) {
      unit.noteHandedOver(site.key, key, baseRegion(view.region));
      // A listener is given bytes to read, and what is made of bytes is a view of them or a copy.
      if (path?.length !== 0 || ((isCallback || isReader) && !hasFilled)) continue;
      overwrite(unit, state, view, site.at, `\`${calleeText(unit, site)}\``, (one) => narrow(one, undefined, { self: undefined, arguments: args }), hasFilled && site.isAwaited ? 'certain' : 'potential');
    }
  }
}

/**
 * A call of a function value that came from outside: a parameter, an option, a listener. What it is given it may keep, unless the
 * caller uses what it returns (then it is a visitor that computes something) or awaits it (then the borrow ends with it).
 */
function escapeToCallback(machine: Machine, state: State, callee: Value, args: readonly Value[], site: Site): boolean {
  if (site.isAwaited || !args.some((value) => viewsIn(state, value).length > 0)) return false;
  // `cb(null, view)`; `cipher.decrypt(null, view)` is a method like any other.
  const isErrorFirst = args.length > 1 && args[0]?.kind === 'constant' && (args[0].value === null || args[0].value === undefined) && (site.name === undefined || isHandlerName(site.name));
  const isPromised = site.isResultUsed && !isErrorFirst && mayPromise(machine, site);
  if (site.isResultUsed && !isErrorFirst && !isPromised) return false;
  const known = alternatives(callee).map((one) => callbackCertainty(one, site, isErrorFirst)).find((one) => one !== undefined);
  if (known === undefined || fillsBytes(machine, state, args, site)) return false;
  const certainty = isLastOfMany(site) ? 'potential' : known;
  args.forEach((value, index) => {
    issueLoans(machine.unit, state, value, { how: 'callback', at: site.at, view: site.argumentOrigins[index], via: calleeText(machine.unit, site), certainty: isPromised ? 'potential' : certainty, holder: undefined }, site.frame);
  });
  return true;
}

/**
 * An async function that nobody can look into, called without waiting for it: it goes on with what it was given until its promise
 * settles. Whether it looks at the bytes after its first suspension is certain only where everyone may implement it: its signature
 * is the promise, as that of an `async fn(&[u8])` is.
 *
 * @returns its promise
 */
function spawnUnknown(machine: Machine, state: State, callee: Value, args: readonly Value[], site: Site): Value | undefined {
  if (site.isAwaited || !state.hasMemory || !args.some((value) => value.kind !== 'closure' && viewsIn(state, value).length > 0)) return undefined;
  if (machine.unit.world.typeOf(site.at).kind !== 'promise') return undefined;
  const known = alternatives(callee).map((one) => callbackCertainty(one, site, false)).find((one) => one !== undefined) ?? 'potential';
  const certainty = known === 'certain' || rootFrame(site.frame).isInternal || !machine.unit.world.isOpen(site.at) ? known : 'certain';
  const task = newTask(state, site);
  args.forEach((value, index) => {
    issueLoans(machine.unit, state, value, { how: 'spawn', at: site.at, view: site.argumentOrigins[index], via: calleeText(machine.unit, site), certainty, holder: undefined, tasks: [task] }, site.frame);
  });
  return withTasks(promiseOf(unknownResult(site)), [task]);
}

/** The result is used, but not awaited here: a promise may go on reading what it was given. */
function mayPromise(machine: Machine, site: Site): boolean {
  const type = machine.unit.world.typeOf(site.at);
  return type.kind === 'promise' || type.kind === 'unknown';
}

function callbackCertainty(callee: Value, site: Site, isErrorFirst: boolean): Certainty | undefined {
  // A file's own function, whoever made it, is a helper and no listener.
  if (callee.kind !== 'opaque' || (callee.isMadeOnce === true && site.name === undefined)) return undefined;
  const known: Certainty = rootFrame(site.frame).isInternal ? 'potential' : 'certain';
  if (isErrorFirst) return known;
  switch (callee.root.kind) {
    case 'parameter':
      if (site.name !== undefined && !isHandlerName(site.name)) return isMethodOfParameter(callee, site) ? undefined : 'potential';
      return known;
    case 'field':
      return site.name === undefined || isHandlerName(site.name) ? 'certain' : 'potential';
    case 'item':
      return 'certain';
    default:
      return site.name === undefined || isHandlerName(site.name) ? 'potential' : undefined;
  }
}

/** Methods that write the bytes they are called on, whatever view it is. */
const writers = /^(?:fill|set|copyWithin|write(?:\w*(?:8|16|32|64|LE|BE))?|swap\d+)$/;

/**
 * Plain JavaScript: only bytes have `subarray`, so what it is called on is bytes, and its result a view of them. Nothing about
 * the caller's memory is certain.
 */
function touchForeignBytes(machine: Machine, state: State, self: Value | undefined, site: Site): Value | undefined {
  if (self?.kind !== 'opaque' || self.root.kind !== 'parameter' || site.name === undefined) return undefined;
  const { unit } = machine;
  const region = foreignRegion(self.id);
  const view: Value = { kind: 'view', region, type: undefined, low: undefined, high: undefined };
  if (site.name === 'subarray') {
    state.hasMemory = true;
    if (!unit.regions.has(region)) unit.regions.set(region, { at: self.origin, name: unit.source.textOf(self.origin), isLent: false, isForeign: true });
    return view;
  }
  if (unit.regions.has(region) && writers.test(site.name)) overwrite(unit, state, view, site.at, `\`${calleeText(unit, site)}\``, () => whole);
  return undefined;
}

/** Types whose methods of these names keep what they are given, each in its way. */
const keepers = ['global#Array', 'node:stream#Readable', 'node:events#EventEmitter', 'global#ReadableStreamDefaultController', 'global#Set'];

const collections = ['global#Array', 'global#Map', 'global#Set', 'global#TypedArray'];

/** Nothing says what the receiver is, but collections have a method of that name, and in none of them does it write: `values.map(f, bytes)`. */
function isOfCollections({ unit }: Machine, { name, receiverOrigin }: Site): boolean {
  if (name === undefined || receiverOrigin === undefined) return false;
  const contracts = collections.map((path) => unit.world.catalog.type(path)?.method(name)).filter((one) => one !== undefined);
  return contracts.length > 0 && contracts.every(({ parameters = [], rest, receiver }) => [...parameters, rest, receiver].every((effect) => effect?.writes === undefined));
}

/** Nothing says what the receiver is, but bytes have a method of that name, and it fills what it is given: `field.value.copy(target)`. */
function fillsBytes({ unit }: Machine, state: State, args: readonly Value[], { name, receiverOrigin }: Site): boolean {
  if (name === undefined || receiverOrigin === undefined || unit.world.typeOf(receiverOrigin).kind !== 'unknown') return false;
  const contract = unit.world.catalog.viewType('Buffer').method(name);
  return args.every((value, index) => viewsIn(state, value).length === 0 || contract?.parameters?.[index]?.writes !== undefined);
}

/** Plain JavaScript: nothing says what the receiver is, but collections have a method of that name, and it calls what it is given before it returns. */
function visitByName(machine: Machine, state: State, callee: Value, args: readonly Value[], site: Site): Outcome | undefined {
  const { world } = machine.unit;
  if (!state.hasMemory || callee.kind !== 'opaque' || args[0]?.kind !== 'closure' || site.name === undefined || site.receiverOrigin === undefined) return undefined;
  const contract = world.catalog.type('global#Array')?.method(site.name);
  if (contract?.parameters?.[0]?.callback?.when !== 'now' || contract.result?.from === 'promise' || world.typeOf(site.receiverOrigin).kind !== 'unknown') return undefined;
  return applyContract(machine, state, { ...contract, isCertain: false }, { self: undefined, arguments: args }, site);
}

/** Plain JavaScript: nothing says what the receiver is, but everything that has such a method keeps its argument. */
function escapeByName(machine: Machine, state: State, callee: Value, args: readonly Value[], site: Site): void {
  if (callee.kind !== 'opaque' || site.name === undefined || !args.some((value) => viewsIn(state, value).length > 0)) return;
  for (const path of keepers) {
    const contract = machine.unit.world.catalog.type(path)?.method(site.name);
    if (contract === undefined) continue;
    args.forEach((value, index) => {
      const effect = contract.parameters?.[index] ?? contract.rest;
      const how = effect?.escapes ?? (effect?.storedIn === undefined ? undefined : 'store');
      if (how === undefined) return;
      issueLoans(machine.unit, state, value, { how, at: site.at, view: site.argumentOrigins[index], via: calleeText(machine.unit, site), certainty: 'potential', holder: undefined }, site.frame);
    });
    return;
  }
}

/** Plain JavaScript: nothing says what the receiver is, but what a port's method of that name takes is a transfer list, and here is one. */
function transferByName(machine: Machine, state: State, callee: Value, args: readonly Value[], site: Site): void {
  const { world } = machine.unit;
  const list = args[1];
  if (callee.kind !== 'opaque' || site.name === undefined || site.receiverOrigin === undefined || list?.kind !== 'object' || !world.catalog.movers.has(site.name)) return;
  const contract = world.catalog.type('global#MessagePort')?.method(site.name);
  if (contract === undefined || world.typeOf(site.receiverOrigin).kind !== 'unknown') return;
  applyContract(machine, state, { ...contract, isCertain: false }, { self: undefined, arguments: args }, site);
}

/** `sink.write(view)`: a method of an object that was passed in, not a function that was. */
function isMethodOfParameter(callee: Opaque, site: Site): boolean {
  return site.receiverOrigin !== undefined && callee.root.kind === 'parameter' && callee.root.path !== '';
}

function rootFrame(frame: Frame): Frame {
  return frame.caller === undefined ? frame : rootFrame(frame.caller);
}

/** Any function of the same wasm instance may write its memory. */
function wakeWasm(machine: Machine, state: State, callee: Value, self: Value | undefined, site: Site): void {
  const root = ownerPath(self ?? callee);
  if (root === undefined || !state.hasMemory) return;
  const isOwn = (region: string): boolean => {
    if (!region.startsWith('?wasm:')) return false;
    const memory = memoryOf(region).slice('?wasm:'.length);
    return memory === root || memory.startsWith(`${root}.`) || root.startsWith(`${memory.split('.')[0] ?? memory}.`) || memory.split('.')[0] === root.split('.')[0];
  };
  for (const loan of [...state.loans.values()]) {
    if (!isOwn(loan.region)) continue;
    overwrite(machine.unit, state, { kind: 'view', region: loan.region, type: 'ArrayBuffer', low: undefined, high: undefined }, site.at, `\`${calleeText(machine.unit, site)}\``, () => whole);
  }
  // It may allocate, and grow its memory to do so.
  if (machine.unit.tracksMoves) for (const region of [...machine.unit.regions.keys()]) if (isOwn(region) && memoryOf(region) === region) leaveStale(machine, state, region, site, 'potential');
}

function ownerPath(value: Value): string | undefined {
  return value.kind === 'opaque' ? value.id : value.kind === 'instance' ? value.id : undefined;
}
