import { solve, type Domain, type Edge } from '../flow/solver.js';
import { graphOf } from '../flow/graph.js';
import { mayThrow, originKey, runsOtherCode, type Block, type ClassIr, type FunctionIr, type Origin, type Variable } from '../ir/index.js';
import { callOpaquely, callUnknown } from './calls.js';
import { forgetAnswered } from './duties.js';
import { renewIdentity, returnMemory } from './effects.js';
import { constructPromise } from './executor.js';
import { settleAs } from './fates.js';
import type { Frame } from './frame.js';
import { execute } from './instructions.js';
import { beginCall, lentParameter } from './lending.js';
import { returned, siteFor, type Outcome, type Site } from './machine.js';
import { loadMember, storeMember } from './members.js';
import { symbol, zero } from './linear.js';
import { joinStates, mergeStates } from './merging.js';
import { forgetMoves } from './moves.js';
import { forgetSymbols, renameNumbers } from './numbers.js';
import { leaveBlock, type Leaver } from './terminals.js';
import { Outcomes } from './outcomes.js';
import { prune } from './prune.js';
import { calleeText } from './reports.js';
import { freshObject, unknownResult } from './sources.js';
import { variablePlace, type State } from './state.js';
import { spawn } from './tasks.js';
import { mentionsMove } from './may-move.js';
import type { Unit } from './unit.js';
import { writesBytes } from './foreign.js';
import { alternatives, foreignRegion, undefinedValue, type Closure, type Value } from './value.js';
import { baseRegion } from './region-names.js';

/** How deep calls are followed into bodies. */
const inlineDepth = 4;
/** Distinguishable states kept at one block, by the depth of the activation: what is left apart inside a call multiplies outside. */
const stateLimits = [10, 5, 3, 2, 1];

const domain: Domain<State> = { clone: (state) => state.clone(), key: (state) => state.key(), merge: mergeStates, join: joinStates };

/** Interprets bodies over abstract states. One for each unit. */
export class Interpreter implements Leaver {
  readonly unit: Unit;
  /** Calls and allocations interpreted before: only a second time can something older be confused with it. */
  private readonly met = new Set<string>();
  /** Blocks with a handler on the way here: without one, exceptions that hardly happen are of no interest. */
  private guards = 0;
  /** Instances under construction: nothing in the state may refer to them yet. */
  private readonly pinned: Value[] = [];

  constructor(unit: Unit) {
    this.unit = unit;
  }

  get isGuarded(): boolean {
    return this.guards > 0;
  }

  /** Runs a function's body. */
  run(state: State, closure: Closure, args: readonly Value[], frame: Frame): Outcome {
    const fn = closure.function;
    const { body } = fn;
    if (body === undefined) return returned(state, { kind: 'opaque', id: `skipped:${fn.id}`, origin: fn.origin, root: { kind: 'elsewhere' } });
    this.unit.interpreted.add(fn);
    this.unit.enter(fn.module, state);
    this.bindParameters(state, closure, args, frame);
    const mostStates = this.unit.budget.isCoarse ? 1 : (stateLimits[frame.depth] ?? 1);
    const outcomes = new Outcomes(`x${fn.id}${frame.context}`, mostStates);
    const { liveAtEntry, loops } = graphOf(body);
    const isOuter = (variable: Variable): boolean => variable.owner !== fn || variable.isCaptured;
    solve<State>(domain, body, state, {
      tag: `${fn.id}${frame.context}b`,
      // Before there is memory, nothing depends on which path was taken.
      limit: (one) => (one.hasMemory ? mostStates : 1),
      budget: this.unit.budget,
      normalise: (block, one) => {
        const live = liveAtEntry[block];
        const loop = loops.get(block);
        if (loop !== undefined) renameNumbers(one, `${fn.id}${frame.context}b${block}`, (variable) => loop.assigned.has(variable) || (loop.hasEffects && variable.isCaptured && !variable.isConstant), loop.hasEffects, (field) => this.unit.isFixed(field));
        this.prune(one, (variable) => isOuter(variable) || live?.has(variable) === true || isNamedBySuper(variable), this.pinned);
      },
      step: (block, one) => this.step(block, one, frame, outcomes),
    });
    return outcomes.outcome;
  }

  leave(state: State, fn: FunctionIr, value: Value | undefined): void {
    this.prune(state, (variable) => variable.owner !== fn || variable.isCaptured, value === undefined ? this.pinned : [...this.pinned, value]);
  }

  private prune(state: State, isLive: (variable: Variable) => boolean, pinned: readonly Value[]): void {
    const { journal, keptObjects } = this.unit;
    if (journal === undefined) prune(state, isLive, pinned, keptObjects);
    else journal.noteEnds(state, undefined, () => { prune(state, isLive, pinned, keptObjects); });
  }

  whilePinned<T>(value: Value, run: () => T): T {
    this.pinned.push(value);
    const outcome = run();
    this.pinned.pop();
    return outcome;
  }

  private bindParameters(state: State, closure: Closure, args: readonly Value[], frame: Frame): void {
    const fn = closure.function;
    if (frame.isRoot) beginCall(this.unit, state, args);
    if (fn.thisVariable !== undefined) {
      state.setVariable(fn.thisVariable, closure.self ?? { kind: 'opaque', id: `this:${fn.id}`, origin: fn.origin, root: { kind: 'elsewhere' } });
    }
    fn.parameters.forEach((parameter, index) => {
      const isRest = fn.hasRest && index === fn.parameters.length - 1;
      if (isRest) {
        const rest = args.slice(index);
        state.setVariable(parameter, rest.length === 0 ? undefined : freshObject(this, state, siteFor(parameter.origin, frame), { fields: new Map(rest.map((value, i) => [String(i), value])), elements: undefined, shape: 'array', prototype: undefined, isClosed: false }));
        return;
      }
      const given = args[index];
      if (given === undefined && !frame.isRoot) {
        state.setVariable(parameter, undefinedValue);
        return;
      }
      const id = `p:${fn.id}:${index}`;
      if (given === undefined) {
        this.renewSymbol(state, id);
        returnMemory(state, foreignRegion(id));
      }
      if (given?.kind === 'view') this.unit.nameRegion(given.region, parameter.name);
      state.setVariable(parameter, given ?? lentParameter(this.unit, state, fn, parameter, index) ?? this.bytesOf(state, parameter, fn, index) ?? parameterValue(this.unit, fn, parameter, index));
    });
  }

  /** A parameter that holds the caller's bytes, where the program may write them. */
  private bytesOf(state: State, parameter: Variable, fn: FunctionIr, index: number): Value | undefined {
    const isMoving = this.unit.tracksMoves && mentionsMove(fn, this.unit.world.catalog.movers);
    // One with a default is a temporary: what it holds is decided by the body.
    if (parameter.storage !== 'parameter' || (!isMoving && !writesBytes(fn) && !this.unit.isParameterInQuestion(fn, index))) return undefined;
    const type = this.unit.world.typeOf(parameter.origin);
    const view = type.kind === 'instance' ? type.type.view : undefined;
    if (view === undefined) return undefined;
    const region = `r:${variablePlace(parameter)}`;
    if (this.met.has(region)) renewIdentity(state, region);
    this.met.add(region);
    state.hasMemory = true;
    if (!this.unit.regions.has(region)) this.unit.regions.set(region, { at: parameter.origin, name: parameter.name, isLent: false, isForeign: true });
    return { kind: 'view', region, type: view, low: zero, high: symbol(`len:${region}`) };
  }

  renewSymbol(state: State, id: string): void {
    if (this.met.has(id)) forgetSymbols(state, new Set([id]));
    else this.met.add(id);
  }

  private step(block: Block, state: State, frame: Frame, outcomes: Outcomes): Edge<State>[] {
    let current: State[] = [state];
    const edges: Edge<State>[] = [];
    const raise = (one: State): void => {
      if (block.handler !== undefined) edges.push({ target: block.handler, state: one });
      else {
        this.leave(one, frame.function, undefined);
        outcomes.throw(one);
      }
    };
    const raised = new Set<number>();
    const isGuarded = block.handler !== undefined;
    const versionOf = (one: State): number => (isGuarded ? one.version : one.outerVersion);
    if (isGuarded) this.guards++;
    for (const instruction of block.instructions) {
      const next: State[] = [];
      for (const one of current) {
        this.unit.journal?.noteState(instruction.origin, one, (region) => this.unit.regions.get(baseRegion(region)));
        const canThrow = this.guards > 0 && (one.duties.size > 0 ? runsOtherCode(instruction) : mayThrow(instruction));
        const failed = canThrow && !raised.has(versionOf(one)) ? one.clone() : undefined;
        if (failed !== undefined) raised.add(versionOf(one));
        const outcome = execute(this, one, instruction, frame);
        if (failed !== undefined) {
          if (failed.duties.size > 0 && outcome !== undefined) forgetAnswered(failed, outcome);
          failed.doubtLoans();
          if (instruction.op !== 'await' || settleAs(this.unit, failed, this.read(failed, instruction.value), false)) raise(failed);
        }
        if (outcome === undefined) {
          next.push(one);
          continue;
        }
        for (const thrown of outcome.throws) raise(thrown);
        for (const completion of outcome.returns) {
          const target = 'target' in instruction ? instruction.target : undefined;
          if (target !== undefined) completion.state.setVariable(target, completion.value);
          next.push(completion.state);
        }
      }
      current = next;
    }
    if (isGuarded) this.guards--;
    for (const one of current) edges.push(...leaveBlock(this, block, one, frame, outcomes));
    return edges;
  }

  // ---------------------------------------------------------------------------------------------------------------- Machine

  resolve(value: Value): Value {
    if (value.kind !== 'import') return value;
    const binding = this.unit.world.resolveImport(value.specifier, value.imported, value.file);
    switch (binding?.kind) {
      case 'api':
        return { kind: 'api', api: binding.api };
      case 'function':
        return { kind: 'closure', function: binding.function, self: undefined };
      case 'class':
        return { kind: 'class', class: binding.class };
      default:
        return value;
    }
  }

  read(state: State, variable: Variable): Value {
    return (
      state.variable(variable) ?? { kind: 'opaque', id: `v:${variablePlace(variable)}`, origin: variable.origin, root: { kind: 'elsewhere' }, isMadeOnce: variable.isConstant && variable.storage === 'local' && variable.owner.kind === 'module' }
    );
  }

  load(state: State, object: Value, name: string | undefined, at: Origin): Value {
    return loadMember(this, state, object, name, at);
  }

  store(state: State, object: Value, name: string | undefined, value: Value, at: Origin, frame: Frame): void {
    storeMember(this, state, object, name, value, at, frame);
  }

  identity(state: State, prefix: string, at: Origin, frame: Frame): string {
    const id = `${prefix}${this.unit.tagOf(frame.function.module)}${at.start}-${at.end}${frame.context}`;
    if (this.met.has(id)) {
      this.unit.journal?.note({ kind: 'renewal', at, region: id });
      if (prefix === 'i') this.unit.ageLent(id);
      renewIdentity(state, id);
      if (state.moves.size > 0) forgetMoves(state, (name) => name.includes(`:${id}.`));
    } else this.met.add(id);
    return id;
  }

  call(state: State, callee: Value, self: Value | undefined, args: readonly Value[], site: Site): Outcome {
    this.renewSymbol(state, `call:${site.key}`);
    if (callee.kind === 'any') {
      const outcomes = new Outcomes(`${site.key}?`);
      for (const one of callee.of) outcomes.add(this.call(state.clone(), doubtful(one), self, args, site));
      return outcomes.outcome;
    }
    if (callee.kind === 'closure') return this.callClosure(state, callee, self, args, site);
    return callOpaquely(this, state, callee, self, args, site);
  }

  private callClosure(state: State, closure: Closure, self: Value | undefined, args: readonly Value[], site: Site): Outcome {
    const fn = closure.function;
    const bound: Closure = { ...closure, self: closure.self ?? self };
    if (fn.isGenerator) {
      state.schedule({ closure: bound, times: 'many', arguments: args, isPublic: true, refills: [] });
      return returned(state, this.unit.world.isLending(fn) ? { kind: 'iterator', of: unknownResult(site), id: `?lending:${fn.module.file}:${fn.id}` } : unknownResult(site));
    }
    if (this.unit.isIdle(fn) && !args.some((value) => this.isBusy(value))) return returned(state, unknownResult(site));
    const declared = this.unit.world.declaredContract(fn);
    if (declared !== undefined) this.unit.journal?.note({ kind: 'contract', at: site.at, callee: calleeText(this.unit, site), contract: declared, path: undefined, declaredAt: fn.origin });
    if (declared !== undefined) return callOpaquely(this, state, { kind: 'method', contract: declared, receiver: self ?? undefinedValue, name: fn.name }, self, args, site);
    if (isOnStack(site.frame, fn) || site.frame.depth >= inlineDepth || fn.body === undefined || this.unit.budget.isExhausted) {
      return callUnknown(this, state, bound, self, args, site);
    }
    this.unit.journal?.note({ kind: 'followed call', at: site.at, callee: calleeText(this.unit, site), into: fn.origin });
    const run = (): Outcome => this.run(state, bound, args, this.frameFor(fn, site));
    return fn.isAsync && !site.isAwaited && state.hasMemory ? spawn(this, state, bound, args, site, run) : { ...run(), isFollowed: true };
  }

  /** A function that matters, or memory: whoever is given it must be followed. */
  private isBusy(value: Value): boolean {
    return alternatives(value).some((one) => one.kind === 'view' || (one.kind === 'closure' && !this.unit.isIdle(one.function)));
  }

  frameFor(fn: FunctionIr, site: Site): Frame {
    return { function: fn, caller: site.frame, calledAt: site, depth: site.frame.depth + 1, context: `${site.frame.context}@${site.at.start}`, isRoot: false, isPublic: false, isInternal: site.frame.isInternal };
  }

  construct(state: State, callee: Value, args: readonly Value[], site: Site): Outcome {
    this.renewSymbol(state, `call:${site.key}`);
    if (callee.kind === 'any') {
      const outcomes = new Outcomes(`${site.key}?`);
      for (const one of callee.of) outcomes.add(this.construct(state.clone(), one, args, site));
      return outcomes.outcome;
    }
    if (callee.kind === 'class') {
      const self = freshObject(this, state, site, { fields: new Map(), elements: undefined, shape: 'object', prototype: { kind: 'class', class: callee.class }, isClosed: false });
      return this.whilePinned(self, () => this.constructClass(state, callee.class, self, args, site));
    }
    if (callee.kind === 'closure') {
      const prototype = this.load(state, callee, 'prototype', site.at);
      const self = freshObject(this, state, site, { fields: new Map(), elements: undefined, shape: 'object', prototype: prototype.kind === 'object' ? { kind: 'object', id: prototype.id } : undefined, isClosed: false });
      return this.whilePinned(self, () => replaceResults(this.callClosure(state, { ...callee, self }, self, args, site), self));
    }
    if (callee.kind === 'api') {
      const { construct, instance } = callee.api;
      if (callee.api.path === 'global#Promise') return constructPromise(this, state, args[0], site);
      if (construct !== undefined) return callOpaquely(this, state, { kind: 'method', contract: construct, receiver: undefinedValue, name: 'new' }, undefined, args, site);
      if (instance !== undefined) return callOpaquely(this, state, { kind: 'method', contract: { origin: 'catalog', isCertain: true, result: { from: 'instance', type: instance.path } }, receiver: undefinedValue, name: 'new' }, undefined, args, site);
    }
    const known = callee.kind === 'import' && this.unit.followed.has(originKey(site.at)) ? this.resolve(callee) : callee;
    if (known.kind === 'class' || known.kind === 'closure') return this.construct(state, known, args, site);
    return callOpaquely(this, state, callee, undefined, args, { ...site, isConstruct: true });
  }

  /** Runs a class's constructor (or, without one, its base's) and fields on an instance. */
  constructClass(state: State, class_: ClassIr, self: Value, args: readonly Value[], site: Site): Outcome {
    const written = class_.constructorFunction;
    if (!class_.hasSuperClass && [written, class_.fields].every((fn) => fn === undefined || this.unit.isIdle(fn)) && !args.some((value) => this.isBusy(value))) return returned(state, self);
    if (written?.body === undefined || isOnStack(site.frame, written) || site.frame.depth >= inlineDepth) {
      return replaceResults(class_.hasSuperClass ? this.constructBase(state, class_, self, args, site) : this.runFields(state, class_, self, site), self);
    }
    // `constructor(readonly buf)`: a field is what the constructor is given.
    const isGivenToFields = [...(class_.fields?.outline.captures ?? [])].some(({ owner }) => owner === written);
    if (isGivenToFields && !class_.hasSuperClass) this.bindParameters(state, { kind: 'closure', function: written, self }, args, this.frameFor(written, site));
    const start: Outcome = class_.hasSuperClass ? returned(state, self) : this.runFields(state, class_, self, site);
    const outcomes = new Outcomes(`${site.key}new`);
    for (const thrown of start.throws) outcomes.throw(thrown);
    for (const { state: one } of start.returns) outcomes.add(this.run(one, { kind: 'closure', function: written, self }, args, this.frameFor(written, site)));
    return replaceResults(outcomes.outcome, self);
  }

  constructBase(state: State, class_: ClassIr, self: Value, args: readonly Value[], site: Site): Outcome {
    const base = this.unit.superOf.get(class_);
    const first = base === undefined ? undefined : this.resolve(alternatives(base)[0] ?? base);
    let start: Outcome = returned(state, self);
    if (first?.kind === 'class' && first.class !== class_) start = this.constructClass(state, first.class, self, args, site);
    else if (first?.kind === 'closure') start = this.callClosure(state, { ...first, self }, self, args, site);
    else if (first?.kind === 'api' && first.api.construct !== undefined) {
      start = callOpaquely(this, state, { kind: 'method', contract: { ...first.api.construct, result: { from: 'primitive' } }, receiver: self, name: 'super' }, self, args, site);
    }
    const outcomes = new Outcomes(`${site.key}super`);
    for (const thrown of start.throws) outcomes.throw(thrown);
    for (const { state: one } of start.returns) outcomes.add(this.runFields(one, class_, self, site));
    return replaceResults(outcomes.outcome, self);
  }

  private runFields(state: State, class_: ClassIr, self: Value, site: Site): Outcome {
    const { fields } = class_;
    if (fields?.body === undefined) return returned(state, self);
    return replaceResults(this.run(state, { kind: 'closure', function: fields, self }, [], this.frameFor(fields, site)), self);
  }
}

/** What code outside passes in. */
export function parameterValue({ tracksMoves, world }: Unit, fn: FunctionIr, parameter: Variable, index: number): Value {
  const isObject = tracksMoves && parameter.storage === 'parameter' && world.typeOf(parameter.origin).kind === 'instance';
  return { kind: 'opaque', id: `p:${fn.id}:${index}`, origin: parameter.origin, root: { kind: 'parameter', function: fn, index, path: '' }, isObject };
}

/** A method of one of several values: what it does to that one, it does only if it is that one. */
function doubtful(callee: Value): Value {
  return callee.kind === 'method' && callee.receiver.kind === 'view' ? { ...callee, receiver: { kind: 'any', of: [callee.receiver] } } : callee;
}

function replaceResults(outcome: Outcome, value: Value): Outcome {
  return { returns: outcome.returns.map((completion) => ({ state: completion.state, value })), throws: outcome.throws };
}

/** `super(…)` and `super.close()` name no variable, and work on `this`. */
function isNamedBySuper({ storage, owner }: Variable): boolean {
  return storage === 'this' && owner.ownerClass?.hasSuperClass === true;
}

function isOnStack(frame: Frame | undefined, fn: FunctionIr): boolean {
  for (let at = frame; at !== undefined; at = at.caller) if (at.function === fn) return true;
  return false;
}
