import type { CallbackUse, Contract, ParameterEffect, Source } from '../contracts/contract.js';
import type { Certainty } from '../findings.js';
import type { FunctionIr, Origin } from '../ir/index.js';
import { noteUse } from './activity.js';
import { handOn, isOwed, listOwed, owe, release } from './handing.js';
import { invalidate, issueLoans, overwrite, whole } from './effects.js';
import { promised, settleAs, supposeFulfilled } from './fates.js';
import { giveAway } from './giving.js';
import { leaveStale, lentBy, shrink } from './growth.js';
import { doubtPassedOn, endAfterCall, noteLent, takeBackFrom } from './lending.js';
import { viewsIn } from './views.js';
import { drainedBy, flightOf, type Flight } from './in-flight.js';
import { add } from './linear.js';
import type { Completion, Machine, Outcome, Site } from './machine.js';
import { Outcomes } from './outcomes.js';
import { calleeText } from './reports.js';
import { elementsOf, freshObject, givenValue, narrow, placeOf, takenValue, valueOf, type Places } from './sources.js';
import { formOf, type HeapObject, type State } from './state.js';
import { capture, doubtEarlierTurns, handle, ofMany, settle, tasksOf, tasksWithin, withTasks } from './tasks.js';
import { alternatives, anyOf, awaited, promiseOf, undefinedValue, type Closure, type TaskId, type Value } from './value.js';

/** How often a callback that runs "many times" is followed before its effects are taken as complete. */
const callbackTurns = 3;

/** Does to the state what a contract says a call does. */
export function applyContract(machine: Machine, state: State, contract: Contract, places: Places, site: Site): Outcome {
  const certainty: Certainty = contract.isCertain ? 'certain' : 'potential';
  const effects = places.arguments.map((_, index) => contract.parameters?.[index] ?? (index >= (contract.parameters?.length ?? 0) ? contract.rest : undefined) ?? undefined);
  const flight = flightOf(machine, state, contract, places, site);
  const gathered = gathers(effects) ? freshObject(machine, state, site, { fields: new Map(), elements: undefined, shape: 'array', prototype: undefined, isClosed: false }) : undefined;
  const context: Application = { machine, contract, places, site, certainty, flight, gathered };

  places.arguments.forEach((value, index) => {
    const effect = effects[index];
    if (effect !== undefined) applyToValue(context, state, effect, value, index);
  });
  if (contract.receiver !== undefined && places.self !== undefined) applyToValue(context, state, contract.receiver, places.self, undefined);

  // Callbacks that run before the call returns.
  let states: State[] = [state];
  const returned: Value[] = [];
  const tasks = new Set<TaskId>(drainedBy(contract, places));
  if (flight !== undefined) tasks.add(flight.own);
  const handled: State[] = [];
  places.arguments.forEach((value, index) => {
    const use = callbackUse(contract, effects[index], value, index === places.arguments.length - 1);
    if (use === undefined) return;
    if (use.on !== undefined) {
      // Of several handlers one is called: none goes on from what another has done.
      for (const one of states) handled.push(...runCallback(context, one.clone(), use, value, returned, tasks));
      return;
    }
    const run = (): State[] => states.flatMap((one) => runCallback(context, one, use, value, returned, tasks));
    states = gathered === undefined ? run() : machine.whilePinned(gathered, run);
  });

  const outcomes = new Outcomes(`${site.key}!`);
  for (const one of handled.length > 0 ? handled : states) {
    const result = resultOf(context, one, returned);
    if (contract.acquires === true) owe(machine, one, result, places.self, site, contract.isCertain ? 'certain' : 'potential');
    noteUses(one, contract, effects, places, result);
    outcomes.return(one, contract.result?.from === 'promise' ? promised(machine.unit, one, settlesWith(one, contract.result, places, result, [...tasks, ...returned.flatMap(tasksOf)]), site) : result);
  }
  return outcomes.outcome;
}

/** The bytes of an argument, or of the receiver, are looked at: not where the call only cuts a view, or writes. */
function noteUses(state: State, contract: Contract, effects: readonly (ParameterEffect | undefined)[], places: Places, result: Value): void {
  if (state.activity === undefined) return;
  const cut = new Set(alternatives(result).map((one) => (one.kind === 'view' ? one.region : '')));
  const look = (value: Value | undefined, effect: ParameterEffect | undefined): void => {
    if (value === undefined || effect?.writes !== undefined || (value.kind === 'view' && cut.has(value.region))) return;
    noteUse(state, value);
  };
  places.arguments.forEach((value, index) => {
    look(value, effects[index]);
  });
  if (places.self?.kind === 'view') look(places.self, contract.receiver);
}

/** The promise that a call gives: settled when what the call began is done, and what it waits for. */
function settlesWith(state: State, result: Extract<Source, { from: 'promise' }>, places: Places, value: Value, tasks: readonly TaskId[]): Value {
  const joined = result.joins === undefined ? undefined : placeOf(places, result.joins);
  if (joined !== undefined) return joinOf(withTasks(value, [...tasks, ...tasksWithin(state, joined)]));
  // The first of several says nothing of the others.
  const isRace = result.of.from === 'element' && result.of.of !== 'this';
  if (isRace) return { kind: 'promise', of: awaited(value) };
  return withTasks(value, [...tasks, ...(places.self === undefined ? [] : tasksOf(places.self))]);
}

function joinOf(value: Value): Value {
  return value.kind === 'promise' ? { ...value, isJoin: true } : value;
}

interface Application {
  readonly machine: Machine;
  readonly contract: Contract;
  readonly places: Places;
  readonly site: Site;
  readonly certainty: Certainty;
  /** The argument whose elements or properties are looked at. */
  readonly list?: Origin | undefined;
  /** What the call goes on with after it returned. */
  readonly flight: Flight | undefined;
  /** The array in which what a callback returns is kept while the others run: `list.map(callback)`. */
  readonly gathered: Extract<Value, { readonly kind: 'object' }> | undefined;
}

/** A callback that runs for each of several elements gives one of the result's. */
function gathers(effects: readonly (ParameterEffect | undefined)[]): boolean {
  return effects.some((effect) => effect?.callback?.when === 'now' && effect.callback.returns === 'element');
}

function resultOf({ machine, contract, places, site, gathered }: Application, state: State, returned: readonly Value[]): Value {
  const uses = [...(contract.parameters ?? []), contract.rest].map((effect) => effect?.callback?.returns);
  if (returned.length > 0 && (uses.includes('result') || uses.includes('accumulator'))) return anyOf(returned);
  if (returned.length > 0 && contract.result?.from === 'promise') return promiseOf(anyOf(returned.map(awaited)));
  if (returned.length > 0 && uses.includes('element')) {
    // What was made on another path is not in it.
    const here = returned.filter((value) => value.kind !== 'object' || state.object(value.id) !== undefined);
    const array: HeapObject = { fields: new Map(), elements: here.length === 0 ? undefined : anyOf(here.map(ofMany)), shape: 'array', prototype: undefined, isClosed: false };
    if (gathered === undefined) return freshObject(machine, state, site, array);
    // Each of several things that are owed has to be handed back.
    if (isOwed(state, gathered)) return gathered;
    // Where there was nothing to go through, the bytes of elements gone through before are not in it.
    const isEmpty = state.object(gathered.id)?.elements === undefined && returned.some((value) => viewsIn(state, value).length > 0);
    if (!isEmpty) state.setObject(gathered.id, array);
    return gathered;
  }
  return contract.acquires === true && contract.result === undefined ? takenValue(machine, state, site) : valueOf(machine, state, contract.result, places, site);
}

function applyToValue(context: Application, state: State, effect: ParameterEffect, value: Value, index: number | undefined): void {
  const { machine, contract, places, site, certainty } = context;
  const { unit } = machine;
  const by = (): string => `\`${calleeText(unit, site)}\``;
  const origin = index === undefined ? site.receiverOrigin : site.argumentOrigins[index];
  if (effect.keeps === 'settle' && effect.writes === undefined && context.flight !== undefined) {
    const how = contract.parameters?.some((one) => one?.callback !== undefined) === true ? 'schedule' : contract.origin === 'catalog' ? 'in flight' : 'spawn';
    issueLoans(unit, state, value, { how, at: site.at, view: origin, via: calleeText(unit, site), certainty, holder: undefined, tasks: context.flight.tasks }, site.frame);
  }
  if (effect.writes !== undefined) {
    const { range } = effect.writes;
    overwrite(unit, state, value, site.at, by(), (view) => {
      const bounds = narrow(view, range, places);
      const count = range?.count;
      return count === undefined || bounds.low === undefined ? bounds : { low: bounds.low, high: add(bounds.low, { constant: count, terms: [] }) };
    }, certainty, site.isAwaited && effect.writes.until === 'settle');
  }
  if (effect.transfers === true || effect.releases === true) {
    const how = effect.transfers === true ? 'transfer' : 'release';
    for (const view of alternatives(value)) {
      if (view.kind === 'view') invalidate(unit, state, view.region, whole, { how, at: site.at, by: by(), certainty });
    }
    const argument = context.list ?? (index === undefined ? undefined : origin);
    if (effect.transfers === true) giveAway({ machine, contract: context.contract, site, certainty, by: calleeText(unit, site), argument, isListed: context.list !== undefined }, state, value, effect);
  }
  if (effect.releases === true && index === undefined) for (const owner of alternatives(value)) for (const region of lentBy(unit, owner)) leaveStale(machine, state, region, site, value.kind === 'any' ? 'potential' : certainty);
  if (effect.reuses === true) for (const owner of alternatives(value)) takeBackFrom(unit, state, owner, site);
  if (effect.ends !== undefined) {
    for (const view of alternatives(value)) {
      if (view.kind !== 'view') continue;
      doubtPassedOn(state, view.region);
      invalidate(unit, state, view.region, whole, { how: 'release', at: site.at, by: by(), certainty });
    }
    release(machine, state, value, { at: site.at, by: calleeText(unit, site), certainty, isOnce: effect.ends === 'once' }, site.frame);
  }
  if ((effect.keeps !== undefined && effect.keeps !== 'return') || effect.escapes !== undefined || effect.storedIn !== undefined) handOn(state, value);
  if (effect.resizes !== undefined) {
    const size = places.arguments[effect.resizes];
    for (const view of alternatives(value)) if (view.kind === 'view') shrink(machine, state, view.region, size === undefined ? undefined : formOf(size), site);
  }
  if (effect.escapes !== undefined && !(site.isAwaited && effect.escapes === 'callback')) {
    issueLoans(unit, state, value, { how: effect.escapes, at: site.at, view: origin, via: calleeText(unit, site), certainty, holder: undefined }, site.frame);
  }
  if (effect.storedIn !== undefined) storeInContainer(context, state, effect.storedIn, value, index);
  if (effect.elements !== undefined) {
    const inside = { ...context, list: context.list ?? origin };
    for (const element of elementsOf(state, value)) applyToValue(inside, state, effect.elements, element, undefined);
  }
  if (effect.properties !== undefined) applyToProperties({ ...context, list: context.list ?? origin }, state, effect.properties, value);
}

/** `array.push(view)`, `map.set(key, view)`: the container holds the view from now on. */
function storeInContainer({ machine, places, site, certainty }: Application, state: State, ref: 'this' | number, value: Value, index: number | undefined): void {
  const container = placeOf(places, ref);
  if (container === undefined) return;
  const origin = index === undefined ? undefined : site.argumentOrigins[index];
  const via = calleeText(machine.unit, site);
  for (const one of alternatives(container)) {
    if (one.kind === 'object') {
      state.addElement(one.id, value);
      // What a pending operation gives back is what it was given: it is the operation that holds it.
      if (tasksOf(value).length > 0) continue;
      issueLoans(machine.unit, state, value, { how: 'store', at: site.at, view: origin, via, certainty, holder: one.id }, site.frame);
    } else if (one.kind === 'opaque' && viewsIn(state, value).length > 0) {
      // Somebody else's container: whoever has it reads it whenever they like.
      issueLoans(machine.unit, state, value, { how: 'store', at: site.at, view: origin, via, certainty: one.root.kind === 'parameter' ? certainty : 'potential', holder: undefined }, site.frame);
    }
  }
}

/** An options object: each property has its own effect, and its functions are called with the object's maker as `this`. */
function applyToProperties(context: Application, state: State, properties: NonNullable<ParameterEffect['properties']>, value: Value): void {
  if (value.kind !== 'object') return;
  const { machine, site } = context;
  const refills: Value[] = [];
  for (const [name, effect] of Object.entries(properties)) {
    const property = machine.load(state, value, name, site.at);
    if (effect.writes !== undefined && property.kind === 'view') refills.push(property);
    if (effect.callback === undefined) applyToValue(context, state, effect, property, undefined);
  }
  for (const [name, effect] of Object.entries(properties)) {
    if (effect.callback === undefined) continue;
    const property = machine.load(state, value, name, site.at);
    if (property.kind !== 'closure') continue;
    const places: Places = { self: value, arguments: context.places.arguments };
    const args = effect.callback.arguments.map((source, index) => {
      const value = givenValue(machine, state, source, places, { ...site, key: `${site.key}.${name}#${index}` });
      noteLent(machine.unit, source, value, property.function, index);
      return value;
    });
    if (effect.callback.when === 'later') {
      state.schedule({ closure: property.self === undefined ? { ...property, self: value } : property, times: effect.callback.times, arguments: args, isLast: effect.callback.isLast, isPublic: false, refills });
    }
  }
}

function callbackUse(contract: Contract, effect: ParameterEffect | undefined, value: Value, isLast: boolean): CallbackUse | undefined {
  if (value.kind !== 'closure') return undefined;
  return effect?.callback ?? (isLast ? contract.completion : undefined);
}

function runCallback(context: Application, state: State, use: CallbackUse, value: Value, returned: Value[], tasks: Set<TaskId>): State[] {
  if (value.kind !== 'closure') return [state];
  const { machine, places, site } = context;
  const argumentsOf = (one: State): Value[] =>
    use.arguments.map((source, index) => {
      const given = givenValue(machine, one, source, places, { ...site, key: `${site.key}#${index}` });
      noteLent(machine.unit, source, given, value.function, index);
      return given;
    });
  // What a promise's handler returns is what the next promise settles to: it is followed here, in the order of the chain.
  const isHandler = use.when === 'later' && use.returns === 'element';
  if (use.when === 'later' && !isHandler) {
    const args = argumentsOf(state);
    const captured = capture(machine, state, value, args, use, site);
    state.schedule({ closure: value, times: use.times, arguments: args, isPublic: false, refills: [], tasks: [...new Set([...(captured ?? []), ...tasks, ...settledBefore(context)])] });
    return [state];
  }
  if (isHandler) {
    const handled = handle(machine, state, value, argumentsOf(state), site, (one) => callNow(context, one, use, value, argumentsOf, returned));
    for (const task of handled.tasks) tasks.add(task);
    return handled.states;
  }
  return callNow(context, state, use, value, argumentsOf, returned);
}

/** What is done when a promise calls the functions that its methods are given: `write(b).finally(callback)`. */
function settledBefore({ contract, places }: Application): readonly TaskId[] {
  return contract.result?.from === 'promise' && places.self !== undefined ? tasksOf(places.self) : [];
}

/** `list.map(callback)` keeps what the callback returned while it runs for the next element. */
function gather({ machine, gathered, certainty, site }: Application, state: State, fn: FunctionIr, value: Value): void {
  if (gathered === undefined) return;
  if (isOwed(state, value)) {
    listOwed(state, value);
    state.addElement(gathered.id, value);
  }
  if (viewsIn(state, value).length === 0) return;
  state.addElement(gathered.id, value);
  if (tasksOf(value).length > 0) return;
  const ways = fn.body?.blocks.flatMap(({ terminal }) => (terminal.kind === 'return' && terminal.value !== undefined ? [terminal.origin] : [])) ?? [];
  const [at, ...others] = ways;
  const isOneWay = at !== undefined && others.every((other) => other.start === at.start) && machine.unit.isHome(at);
  issueLoans(machine.unit, state, value, { how: 'store', at: isOneWay ? at : site.at, view: isOneWay ? machine.unit.source.operandOf(at) : undefined, via: calleeText(machine.unit, site), certainty, holder: gathered.id }, site.frame);
}

function callNow(context: Application, state: State, use: CallbackUse, value: Closure, argumentsOf: (state: State) => Value[], returned: Value[]): State[] {
  const { machine, places, site } = context;
  const isHandler = use.when === 'later';
  const isOnce = use.times === 'once';
  const outcomes = new Outcomes(`${site.key}*`);
  if (!isOnce || isHandler) outcomes.return(state.clone(), undefinedValue);
  let current: readonly Completion[] = [{ state, value: undefinedValue }];
  for (let turn = 0; turn < (isOnce ? 1 : callbackTurns); turn++) {
    const next: Completion[] = [];
    for (const { state: one, value: before } of current) {
      const called = one.clone();
      if (use.on !== undefined && !settleAs(machine.unit, called, places.self, use.on === 'fulfilled')) continue;
      if (use.on !== undefined) supposeFulfilled(machine.unit, called, site);
      if (isHandler && places.self !== undefined) settle(called, places.self);
      const args = argumentsOf(called);
      if (turn > 0 && use.returns === 'accumulator') args[0] = before;
      if (turn > 0) args.forEach((given, index) => { if (use.arguments[index]?.from === 'element') doubtEarlierTurns(called, given, value.function.origin); });
      const outcome = machine.call(called, value, undefined, args, callbackSite(site, value));
      for (const completion of outcome.returns) {
        const result = isHandler ? completion.value : endAfterCall(machine.unit, completion.state, value.function, site.frame, completion.value);
        returned.push(result);
        gather(context, completion.state, value.function, result);
        next.push({ state: completion.state, value: result });
        outcomes.return(completion.state.clone(), undefinedValue);
      }
    }
    current = next;
  }
  return outcomes.outcome.returns.map((completion) => completion.state);
}

function callbackSite(site: Site, closure: Closure): Site {
  return { ...site, key: `${site.key}/${closure.function.id}`, argumentOrigins: [], receiverOrigin: undefined, name: undefined, isResultUsed: true, isAwaited: false };
}
