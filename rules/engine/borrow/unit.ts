import type { ClassIr, FunctionIr, ModuleIr, Origin, Variable } from '../ir/index.js';
import type { World } from '../world.js';
import { isAssigned } from './assigned.js';
import { Bringers } from './bringers.js';
import type { Journal } from './journal.js';
import type { Lending } from './lending.js';
import type { Linear } from './linear.js';
import { canMove } from './may-move.js';
import { baseRegion, memoryOf, older } from './region-names.js';
import { Reporter } from './reporter.js';
import { State, type HeapObject } from './state.js';
import { UnitBudget } from './unit-budget.js';
import type { ObjectId, RegionId, Value } from './value.js';

/** What the analysis asks about the source itself. */
export interface SourceText {
  /** The source between an origin's ends, white space folded. */
  textOf(origin: Origin): string;
  /** The operand of a `yield` or `return`, without parentheses and assertions; the expression itself for any other. */
  operandOf(origin: Origin): Origin | undefined;
  /** What an object that is written out has under a name, or under one after the other; undefined where it is not written out. */
  memberOf(origin: Origin, path: readonly string[]): Origin | undefined;
}

export interface RegionInfo {
  readonly at: Origin;
  name: string | undefined;
  readonly isLent: boolean;
  /** Bytes, where known. */
  readonly size?: Linear;
  /** Memory of the caller's: what it does with it is its own affair, so nothing about it is certain. */
  readonly isForeign?: boolean;
  /** An API makes it for each call of a function of ours, and passes it in. */
  isGiven?: boolean;
}

/** What running a module's top level leaves behind; every unit that touches the module starts from it. */
export interface Environment {
  readonly variables: ReadonlyMap<Variable, Value>;
  readonly objects: ReadonlyMap<ObjectId, HeapObject>;
  readonly regions: ReadonlyMap<RegionId, RegionInfo>;
  readonly superOf: ReadonlyMap<ClassIr, Value>;
  readonly made: ReadonlyMap<string, Made>;
}

/** Where an object of a catalogued type was made, and what it is called. */
export interface Made {
  readonly at: Origin;
  name: string | undefined;
}

/** Gives the environment of any module of the program; empty while it is being made. */
export type Environments = (module: ModuleIr) => Environment;

/** Tells the functions that matter from those that need not be run. */
export interface Nearness {
  isNear(fn: FunctionIr): boolean;
  /** The function itself, or one written inside it, has to do with memory. */
  comesByMemory(fn: FunctionIr): boolean;
  isParameterInQuestion(fn: FunctionIr, index: number): boolean;
}

export interface UnitOptions {
  readonly world: World;
  readonly source: SourceText;
  readonly environments: Environments;
  /** Without it, everything matters. */
  readonly relevance?: Nearness | undefined;
  /** The module under analysis; `undefined` while its own environment is being made. */
  readonly module: ModuleIr | undefined;
  /** Told what is done on the way. */
  readonly journal?: Journal | undefined;
  /** Instructions interpreted before a group of the unit's functions is given up. */
  readonly stepLimit: number;
  /** Instructions interpreted before the rest of the unit is given up. */
  readonly totalLimit: number;
}

/**
 * One analysis: a class with its methods, the functions that share module variables, or a lone function. Holds what is true
 * for all its states: memory known, and facts learnt on the way.
 */
export class Unit {
  readonly regions = new Map<RegionId, RegionInfo>();
  readonly superOf = new Map<ClassIr, Value>();
  readonly made = new Map<string, Made>();
  readonly keptObjects = new Set<ObjectId>();
  /** What code here has for a while only, by the name of its memory. */
  readonly lendings = new Map<RegionId, Lending>();
  /** Some object's own buffer was looked at, as a WebAssembly memory's. */
  hasLender = false;
  /** Objects that stand for the instances code outside makes of classes that share the module's variables. */
  readonly instances = new Map<ObjectId, ClassIr>();
  /** Calls whose result bounds a view of an argument: they filled it. Learnt late; the analysis is run again with it. */
  readonly fillers = new Set<string>();
  /** Calls that are followed although nothing tracked goes in, because what comes out is handed on. Learnt late, too. */
  readonly followed = new Set<string>();
  /** Expressions that are gone through whose items are lent. Learnt late, too. */
  readonly lendingIterables = new Set<string>();
  /** The expression that each iterator was opened on. */
  readonly iterables = new Map<Variable, Origin>();
  /** Functions that were interpreted, as roots or through a call. */
  readonly interpreted = new Set<FunctionIr>();
  /** Regions handed to calls whose contract is not known, by the name of the call's result. */
  private readonly handedTo = new Map<string, { readonly call: string; readonly regions: Set<RegionId> }>();
  hasLearnt = false;
  readonly budget: UnitBudget;
  readonly reporter = new Reporter(this);
  /** Something in the file can move memory away: what paths took to be true is kept. */
  readonly tracksMoves: boolean;
  private probes = 0;
  readonly world: World;
  readonly journal: Journal | undefined;
  readonly source: SourceText;
  private readonly environments: Environments;
  private readonly relevance: Nearness | undefined;
  private readonly module: ModuleIr | undefined;
  private readonly adopted = new Map<ModuleIr, Environment>();
  private readonly below = { variables: new Map<Variable, Value>(), objects: new Map<ObjectId, HeapObject>(), regions: new Set<RegionId>() };

  constructor(options: UnitOptions) {
    this.world = options.world;
    this.journal = options.journal;
    this.source = options.source;
    this.environments = options.environments;
    this.relevance = options.relevance;
    this.module = options.module;
    this.budget = new UnitBudget(options.stepLimit, options.totalLimit, this);
    this.tracksMoves = options.module !== undefined && canMove(options.module, options.world);
    if (this.module !== undefined) this.adopt(this.module);
  }

  /** Brings in what a module's top level made. */
  private adopt(module: ModuleIr): void {
    const environment = this.environments(module);
    this.adopted.set(module, environment);
    for (const [region, info] of environment.regions) {
      this.regions.set(region, { ...info });
      this.below.regions.add(region);
    }
    for (const [id, made] of environment.made) this.made.set(id, made);
    for (const [class_, value] of environment.superOf) this.superOf.set(class_, value);
    for (const [variable, value] of environment.variables) this.below.variables.set(variable, value);
    for (const [id, object] of environment.objects) this.below.objects.set(id, object);
  }

  /** A state before anything of the unit has run. */
  start(): State {
    return new State(this.below);
  }

  /** Makes a module's variables known, before its code runs. */
  enter(module: ModuleIr, state: State): void {
    if (module === this.module || this.adopted.has(module)) return;
    this.adopt(module);
    if (this.below.regions.size > 0) state.hasMemory = true;
  }

  /** A function of another file that comes by no memory in question. In the unit's own file, any may move a cursor. */
  isIdle(fn: FunctionIr): boolean {
    // What is moved away need not be memory: ports and streams are, too.
    return fn.module !== this.module && !this.tracksMoves && this.relevance?.isNear(fn) === false;
  }

  /** Tells the functions of the unit's file that are worth calling while there is no memory; without it, all are. */
  bringers(): Bringers | undefined {
    return this.module === undefined || this.relevance === undefined || this.tracksMoves ? undefined : new Bringers(this.module, this.relevance);
  }

  /** What the function is given may be handed out and overwritten by the program itself. */
  isParameterInQuestion(fn: FunctionIr, index: number): boolean {
    return this.relevance?.isParameterInQuestion(fn, index) !== false;
  }

  /** A prefix that keeps identities of other files apart. */
  tagOf(module: ModuleIr): string {
    if (module === this.module || this.module === undefined) return '';
    const index = [...this.adopted.keys()].indexOf(module);
    return `${index < 0 ? 'x' : index}:`;
  }

  /** Memory exists that is not the caller's, or something was lent. */
  get hasOwnMemory(): boolean {
    if (this.lendings.size > 0 || this.hasLender) return true;
    for (const info of this.regions.values()) if (info.isForeign !== true) return true;
    return false;
  }

  /** Memory exists, whose ever it is; or what is made here, and what is moved, is wanted all the same. */
  get isWorthSteps(): boolean {
    return this.module === undefined || this.tracksMoves || this.regions.size > 0 || this.hasOwnMemory;
  }

  /** What a function does is not known to the end. */
  noteGivenUp(fn: FunctionIr): void {
    this.journal?.note({ kind: 'given up', at: fn.origin, name: fn.name, reason: this.budget.limitHit });
  }

  /** What a function does is not told apart by the ways through it. */
  noteSecondLook(fn: FunctionIr): void {
    this.journal?.note({ kind: 'second look', at: fn.origin, name: fn.name });
  }

  /** Starts over, keeping what was learnt. */
  restart(): void {
    this.journal?.restart();
    this.hasLearnt = false;
    this.budget.restart();
    this.reporter.clear();
    this.regions.clear();
    this.handedTo.clear();
    this.keptObjects.clear();
    this.lendings.clear();
    this.hasLender = false;
    this.instances.clear();
    this.interpreted.clear();
    this.adopted.clear();
    if (this.module !== undefined) this.adopt(this.module);
  }

  noteHandedOver(siteKey: string, call: string, region: RegionId): void {
    const noted = this.handedTo.get(siteKey) ?? { call, regions: new Set() };
    this.handedTo.set(siteKey, { ...noted, regions: noted.regions.add(region) });
  }

  /**
   * A number bounds a view of a region. Where the number is what a call gave that was handed this very region, the call has filled
   * it: `const n = await reader.read(buf); buf.subarray(0, n)`. No name and no type says it more clearly.
   */
  noteBound(symbols: readonly string[], region: RegionId): void {
    for (const name of symbols) {
      if (!name.startsWith('call:')) continue;
      const noted = this.handedTo.get(name.slice('call:'.length).split(/[.#]/)[0] ?? '');
      if (noted === undefined || !noted.regions.has(baseRegion(region)) || this.fillers.has(noted.call)) continue;
      this.fillers.add(noted.call);
      this.hasLearnt = true;
    }
  }

  follow(call: string): void {
    this.learn(this.followed, call);
  }

  /** What goes through the expression is lent its items. */
  noteLending(iterable: string): void {
    this.learn(this.lendingIterables, iterable);
  }

  private learn(facts: Set<string>, fact: string): void {
    if (facts.has(fact)) return;
    facts.add(fact);
    this.hasLearnt = true;
  }

  /** Nobody in the file assigns a field of that name: what an object was made with stays. */
  isFixed(field: string): boolean {
    return this.module !== undefined && !isAssigned(this.module, field);
  }

  /** The place is in the file under analysis. */
  isHome(at: Origin): boolean {
    return this.module === undefined || at.file === this.module.file;
  }

  /** The memory is not the program's: who lends it says how long. */
  isLent(region: RegionId): boolean {
    return this.regions.get(baseRegion(region))?.isLent === true;
  }

  /**
   * Nothing that comes up now is reported: something is run ahead of time, or there are no steps left, so that the calls on what is
   * left of the way are not followed.
   */
  get isSilent(): boolean {
    return this.probes > 0 || this.budget.isExhausted;
  }

  /** Runs something ahead of time, to see what it would do: nothing is found and nothing is learnt. */
  probe(run: () => void): void {
    const { hasLearnt } = this;
    this.probes++;
    try {
      run();
    } finally {
      this.probes--;
      this.hasLearnt = hasLearnt;
    }
  }

  /** Another object is made where this one was: what is known of memory that the last one lent stays known by its older name. */
  ageLent(id: string): void {
    for (const [region, info] of [...this.regions]) {
      const aged = older(region, id);
      if (aged !== region && !this.regions.has(aged)) this.regions.set(aged, info);
    }
  }

  nameRegion(region: RegionId, name: string): void {
    const info = this.regions.get(baseRegion(region));
    if (info !== undefined && info.name === undefined && name !== '') info.name = name;
  }

  /** Where memory was allocated, or the object that lends it was made. */
  originOf(region: RegionId): RegionInfo | undefined {
    return this.regions.get(baseRegion(region)) ?? this.lenderOf(region);
  }

  private lenderOf(region: RegionId): RegionInfo | undefined {
    const made = this.made.get(this.ownerOf(region) ?? '');
    return made === undefined ? undefined : { at: made.at, name: `${made.name ?? 'memory'}.${/\.(\w+)$/.exec(memoryOf(region))?.[1] ?? ''}`, isLent: true };
  }

  /** The name of the object behind memory that it lends: `i3` of `?i:global#WebAssembly.Memory:i3.buffer`. */
  ownerOf(region: RegionId): string | undefined {
    const memory = memoryOf(region);
    return /^\?wasm:(.*)$/.exec(memory)?.[1] ?? /:([^:]+)\.\w+$/.exec(memory)?.[1];
  }
}
