import type { CallbackUse, Contract, ParameterEffect } from '../contracts/contract.js';
import type { Certainty } from '../findings.js';
import type { Origin } from '../ir/index.js';
import { invalidate, issueLoans, overwrite, releaseHolder, viewsIn, whole } from './effects.js';
import { giveAway } from './giving.js';
import { leaveStale, lentBy, shrink } from './growth.js';
import { add } from './linear.js';
import type { Machine, Outcome, Site } from './machine.js';
import { Outcomes } from './outcomes.js';
import { calleeText, elementsOf, freshObject, givenValue, narrow, placeOf, valueOf, type Places } from './sources.js';
import { formOf, type State } from './state.js';
import { alternatives, anyOf, awaited, promiseOf, undefinedValue, type Closure, type Value } from './value.js';

/** How often a callback that runs "many times" is followed before its effects are taken as complete. */
const callbackTurns = 3;

/** Does to the state what a contract says a call does. */
export function applyContract(machine: Machine, state: State, contract: Contract, places: Places, site: Site): Outcome {
  const certainty: Certainty = contract.isCertain ? 'certain' : 'potential';
  const effects = places.arguments.map((_, index) => contract.parameters?.[index] ?? (index >= (contract.parameters?.length ?? 0) ? contract.rest : undefined) ?? undefined);
  const context: Application = { machine, contract, places, site, certainty };

  places.arguments.forEach((value, index) => {
    const effect = effects[index];
    if (effect !== undefined) applyToValue(context, state, effect, value, index);
  });
  if (contract.receiver !== undefined && places.self !== undefined) applyToValue(context, state, contract.receiver, places.self, undefined);

  // Callbacks that run before the call returns.
  let states: State[] = [state];
  const returned: Value[] = [];
  places.arguments.forEach((value, index) => {
    const use = callbackUse(contract, effects[index], value, index === places.arguments.length - 1);
    if (use === undefined) return;
    states = states.flatMap((one) => runCallback(context, one, use, value, returned));
  });

  const outcomes = new Outcomes(`${site.key}!`);
  for (const one of states) outcomes.return(one, resultOf(context, one, returned));
  return outcomes.outcome;
}

interface Application {
  readonly machine: Machine;
  readonly contract: Contract;
  readonly places: Places;
  readonly site: Site;
  readonly certainty: Certainty;
  /** The argument whose elements or properties are looked at. */
  readonly list?: Origin | undefined;
}

function resultOf({ machine, contract, places, site }: Application, state: State, returned: readonly Value[]): Value {
  const uses = [...(contract.parameters ?? []), contract.rest].map((effect) => effect?.callback?.returns);
  if (returned.length > 0 && uses.includes('result')) return anyOf(returned);
  if (returned.length > 0 && contract.result?.from === 'promise') return promiseOf(anyOf(returned.map(awaited)));
  if (returned.length > 0 && uses.includes('element')) {
    return freshObject(machine, state, site, { fields: new Map(), elements: anyOf(returned), shape: 'array', prototype: undefined, isClosed: false });
  }
  return valueOf(machine, state, contract.result, places, site);
}

function applyToValue(context: Application, state: State, effect: ParameterEffect, value: Value, index: number | undefined): void {
  const { machine, places, site, certainty } = context;
  const { unit } = machine;
  const by = (): string => `\`${calleeText(unit, site)}\``;
  const origin = index === undefined ? site.receiverOrigin : site.argumentOrigins[index];
  if (effect.writes !== undefined) {
    const { range } = effect.writes;
    overwrite(unit, state, value, site.at, by(), (view) => {
      const bounds = narrow(view, range, places);
      const count = range?.count;
      return count === undefined || bounds.low === undefined ? bounds : { low: bounds.low, high: add(bounds.low, { constant: count, terms: [] }) };
    }, certainty);
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
  if (effect.resizes !== undefined) {
    const size = places.arguments[effect.resizes];
    for (const view of alternatives(value)) if (view.kind === 'view') shrink(machine, state, view.region, size === undefined ? undefined : formOf(size), site);
  }
  if (effect.escapes !== undefined && !(site.isAwaited && effect.escapes === 'callback')) {
    issueLoans(unit, state, value, { how: effect.escapes, at: site.at, view: origin, via: calleeText(unit, site), certainty, holder: undefined });
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
      issueLoans(machine.unit, state, value, { how: 'store', at: site.at, view: origin, via, certainty, holder: one.id });
    } else if (one.kind === 'opaque' && viewsIn(state, value).length > 0) {
      // Somebody else's container: whoever has it reads it whenever they like.
      issueLoans(machine.unit, state, value, { how: 'store', at: site.at, view: origin, via, certainty: one.root.kind === 'parameter' ? certainty : 'potential', holder: undefined });
    }
  }
}

/** An options object: each property has its own effect, and its functions are called with the object's maker as `this`. */
function applyToProperties(context: Application, state: State, properties: NonNullable<ParameterEffect['properties']>, value: Value): void {
  if (value.kind !== 'object') return;
  const { machine, site } = context;
  const refills: Value[] = [];
  for (const [name, effect] of Object.entries(properties)) {
    const property = machine.load(state, value, name, site.at, site);
    if (effect.writes !== undefined && property.kind === 'view') refills.push(property);
    if (effect.callback === undefined) applyToValue(context, state, effect, property, undefined);
  }
  for (const [name, effect] of Object.entries(properties)) {
    if (effect.callback === undefined) continue;
    const property = machine.load(state, value, name, site.at, site);
    if (property.kind !== 'closure') continue;
    const places: Places = { self: value, arguments: context.places.arguments };
    const args = effect.callback.arguments.map((source, index) => givenValue(machine, state, source, places, { ...site, key: `${site.key}.${name}#${index}` }));
    if (effect.callback.when === 'later') {
      state.schedule({ closure: property.self === undefined ? { ...property, self: value } : property, times: effect.callback.times, arguments: args, isLast: effect.callback.isLast, isPublic: false, refills });
    }
  }
}

function callbackUse(contract: Contract, effect: ParameterEffect | undefined, value: Value, isLast: boolean): CallbackUse | undefined {
  if (value.kind !== 'closure') return undefined;
  return effect?.callback ?? (isLast ? contract.completion : undefined);
}

function runCallback(context: Application, state: State, use: CallbackUse, value: Value, returned: Value[]): State[] {
  if (value.kind !== 'closure') return [state];
  const { machine, places, site } = context;
  const argumentsOf = (one: State): Value[] => use.arguments.map((source, index) => givenValue(machine, one, source, places, { ...site, key: `${site.key}#${index}` }));
  // What a promise's handler returns is what the next promise settles to: it is followed here, in the order of the chain.
  const isHandler = use.when === 'later' && use.returns === 'element';
  if (use.when === 'later' && !isHandler) {
    state.schedule({ closure: value, times: use.times, arguments: argumentsOf(state), isPublic: false, refills: [] });
    return [state];
  }
  const isOnce = use.times === 'once';
  const outcomes = new Outcomes(`${site.key}*`);
  if (!isOnce || isHandler) outcomes.return(state.clone(), undefinedValue);
  let current: readonly State[] = [state];
  for (let turn = 0; turn < (isOnce ? 1 : callbackTurns); turn++) {
    const next: State[] = [];
    for (const one of current) {
      const outcome = machine.call(one.clone(), value, undefined, argumentsOf(one), callbackSite(site, value));
      for (const completion of outcome.returns) {
        returned.push(completion.value);
        next.push(completion.state);
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

/** A container method that takes elements out, or all of them. */
export function emptiesContainer(name: string | undefined): boolean {
  return name === 'shift' || name === 'pop' || name === 'splice' || name === 'clear' || name === 'delete';
}

export function releaseContainer(state: State, value: Value): void {
  for (const one of alternatives(value)) if (one.kind === 'object') releaseHolder(state, one.id);
}

