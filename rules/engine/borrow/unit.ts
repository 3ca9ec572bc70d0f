import type { Certainty, Step } from '../findings.js';
import type { BorrowFinding, MoveFinding } from '../findings.js';
import type { Budget } from '../flow/solver.js';
import { originKey, type ClassIr, type FunctionIr, type ModuleIr, type Origin, type Variable } from '../ir/index.js';
import { nothingGivenUp, type GivenUp, type GivingUp } from '../work.js';
import type { World } from '../world.js';
import { isAssigned } from './assigned.js';
import { Bringers } from './bringers.js';
import type { Linear } from './linear.js';
import type { Invalidation, Loan } from './loan.js';
import { adviceFor, isBetterMove, traceOf, type Move, type MoveUse } from './moves.js';
import type { Duty } from './duties.js';
import { useAtHome } from './home.js';
import type { Journal } from './journal.js';
import type { Lending } from './lending.js';
import type { Site } from './machine.js';
import { canMove } from './may-move.js';
import { describeEscape, isBetter, kindOf, kinds, shorten } from './reports.js';
import { describeInvalidation, leakOf } from './steps.js';
import { State, type HeapObject } from './state.js';
import type { ObjectId, RegionId, Value } from './value.js';
import { baseRegion, older } from './region-names.js';

/** What the analysis asks about the source itself. */
export interface SourceText {
  /** The source between an origin's ends, white space folded. */
  textOf(origin: Origin): string;
  /** The operand of a `yield` or `return`, without parentheses and assertions; the expression itself for any other. */
  operandOf(origin: Origin): Origin | undefined;
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

/** Milliseconds for one unit; reached only by code that the step limit does not hold. */
const timeLimit = 120_000;

/** Instructions of one call from outside without any memory coming up. */
const idleSlice = 1_500;

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
 * for all its states: memory known, findings made, facts learnt on the way, and the work done.
 */
export class Unit implements Budget {
  readonly regions = new Map<RegionId, RegionInfo>();
  readonly superOf = new Map<ClassIr, Value>();
  readonly made = new Map<string, Made>();
  readonly keptObjects = new Set<ObjectId>();
  /** What code here has for a while only, by the name of its memory. */
  readonly lendings = new Map<RegionId, Lending>();
  /** Objects that stand for the instances code outside makes of classes that share the module's variables. */
  readonly instances = new Map<ObjectId, ClassIr>();
  /** Calls whose result bounds a view of an argument: they filled it. Learnt late; the analysis is run again with it. */
  readonly fillers = new Set<string>();
  /** Calls that are followed although nothing tracked goes in, because what comes out is handed on. Learnt late, too. */
  readonly followed = new Set<string>();
  /** The expression that each iterator was opened on. */
  readonly iterables = new Map<Variable, Origin>();
  /** Functions that were interpreted, as roots or through a call. */
  readonly interpreted = new Set<FunctionIr>();
  /** Regions handed to calls whose contract is not known, by the name of the call's result. */
  private readonly handedTo = new Map<string, { readonly call: string; readonly regions: Set<RegionId> }>();
  hasLearnt = false;
  isExhausted = false;
  private readonly found = new Map<string, BorrowFinding>();
  private readonly moved = new Map<string, MoveFinding>();
  /** Something in the file can move memory away: what paths took to be true is kept. */
  readonly tracksMoves: boolean;
  private steps = 0;
  /** Hand-overs by code that is given a broken view already. */
  private readonly consequences = new Set<string>();
  private probes = 0;
  private sliceEnd = Number.POSITIVE_INFINITY;
  readonly world: World;
  readonly journal: Journal | undefined;
  readonly source: SourceText;
  private readonly environments: Environments;
  private readonly relevance: Nearness | undefined;
  private readonly module: ModuleIr | undefined;
  private readonly stepLimit: number;
  private readonly totalLimit: number;
  /** The count of steps at which the current group is given up. */
  private limit: number;
  private givenUp: GivenUp = nothingGivenUp;
  /** The last resort where steps do not measure the work: a lint run must not hang. */
  private readonly deadline = performance.now() + timeLimit;
  private readonly adopted = new Map<ModuleIr, Environment>();
  private readonly below = { variables: new Map<Variable, Value>(), objects: new Map<ObjectId, HeapObject>(), regions: new Set<RegionId>() };

  constructor(options: UnitOptions) {
    this.world = options.world;
    this.journal = options.journal;
    this.source = options.source;
    this.environments = options.environments;
    this.relevance = options.relevance;
    this.module = options.module;
    this.stepLimit = options.stepLimit;
    this.totalLimit = options.totalLimit;
    this.limit = Math.min(this.stepLimit, this.totalLimit);
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

  spend(steps: number): boolean {
    this.steps += steps;
    if (this.steps > this.sliceEnd && this.hasOwnMemory) this.sliceEnd = Number.POSITIVE_INFINITY;
    if (this.steps > this.limit || this.steps > this.sliceEnd || performance.now() > this.deadline) this.isExhausted = true;
    return !this.isExhausted;
  }

  get work(): number {
    return this.steps;
  }

  get findings(): readonly (BorrowFinding | MoveFinding)[] {
    const found = [...this.found.values()].filter((finding) => finding.kind !== 'borrowed-yield' || !this.consequences.has(originKey(finding.escape.at)));
    return [...found, ...this.moved.values()];
  }

  /** Memory exists that is not the caller's, or something was lent. */
  get hasOwnMemory(): boolean {
    if (this.lendings.size > 0) return true;
    for (const info of this.regions.values()) if (info.isForeign !== true) return true;
    return false;
  }

  /** Groups of functions given up so far. */
  get abandoned(): GivenUp {
    if (!this.isExhausted) return this.givenUp;
    const { limitHit } = this;
    return { ...this.givenUp, [limitHit]: this.givenUp[limitHit] + 1 };
  }

  private get limitHit(): GivingUp {
    return performance.now() > this.deadline ? 'time' : this.steps > this.totalLimit ? 'steps of the file' : 'own steps';
  }

  /** What a function does is not known to the end. */
  noteGivenUp(fn: FunctionIr): void {
    this.journal?.note({ kind: 'given up', at: fn.origin, name: fn.name, reason: this.limitHit });
  }

  /** Functions that share nothing with those before them: that those took too long does not concern them. */
  openGroup(): void {
    this.givenUp = this.abandoned;
    this.isExhausted = false;
    this.limit = Math.min(this.steps + this.stepLimit, this.totalLimit);
  }

  /** A call from outside begins: while there is no memory, it may not use up what the calls after it need. */
  openSlice(): void {
    this.sliceEnd = this.hasOwnMemory ? Number.POSITIVE_INFINITY : this.steps + idleSlice;
  }

  closeSlice(): void {
    if (this.steps <= this.limit && this.steps > this.sliceEnd) this.isExhausted = false;
    this.sliceEnd = Number.POSITIVE_INFINITY;
  }

  /** Starts over, keeping what was learnt. */
  restart(): void {
    this.journal?.restart();
    this.hasLearnt = false;
    this.isExhausted = false;
    this.givenUp = nothingGivenUp;
    this.steps = 0;
    this.limit = Math.min(this.stepLimit, this.totalLimit);
    this.found.clear();
    this.moved.clear();
    this.consequences.clear();
    this.regions.clear();
    this.handedTo.clear();
    this.keptObjects.clear();
    this.lendings.clear();
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
    if (this.followed.has(call)) return;
    this.followed.add(call);
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

  reportMove(region: RegionId, move: Move, found: MoveUse, frame: Frame): void {
    if (this.probes > 0) return;
    const kind = kinds[move.how];
    const info = this.originOf(region);
    const use = useAtHome(this, found, frame, [info?.at, move.origin, move.at]);
    const key = `${kind}:${originKey(use.at)}`;
    const old = this.moved.get(key);
    if (old !== undefined && !isBetterMove(use.certainty, move, old)) return;
    const name = shorten(move.name === '' ? (info?.name ?? '') : move.name);
    const what = { name, at: info?.at ?? move.origin, isReceived: info === undefined || info.isForeign === true || move.how === 'lapse' };
    const { how, by, remedy } = move;
    this.moved.set(key, { kind, certainty: use.certainty, at: use.at, form: use.form, what, move: { how, at: move.at, by }, remedy, advice: adviceFor(move, name), trace: traceOf(what, move, use) });
  }

  /** Something that has to be handed back is not, on a path that ends here. */
  reportLeak(duty: Duty, name: string, end: Origin): void {
    const leak = leakOf(duty, name, end);
    const key = `${leak.kind}:${originKey(leak.at)}`;
    if (this.probes === 0 && this.moved.get(key)?.certainty !== 'certain') this.moved.set(key, leak);
  }

  /** Where memory was allocated, or the object that lends it was made. */
  originOf(region: RegionId): RegionInfo | undefined {
    return this.regions.get(baseRegion(region)) ?? this.lenderOf(region);
  }

  private lenderOf(region: RegionId): RegionInfo | undefined {
    const made = this.made.get(this.ownerOf(region) ?? '');
    return made === undefined ? undefined : { at: made.at, name: `${made.name ?? 'memory'}.${/\.(\w+)\^?$/.exec(region)?.[1] ?? ''}`, isLent: true };
  }

  /** The name of the object behind memory that it lends: `i3` of `?i:global#WebAssembly.Memory:i3.buffer`. */
  ownerOf(region: RegionId): string | undefined {
    return /^\?wasm:(.*)$/.exec(region)?.[1] ?? /:([^:]+)\.\w+\^?$/.exec(region)?.[1];
  }

  report(loan: Loan, invalidation: Invalidation, certainty: Certainty): void {
    const info = this.originOf(loan.region);
    if (info === undefined || this.probes > 0) return;
    const { escape } = loan;
    const kind = kindOf(escape.how);
    const key = `${kind}:${originKey(escape.at)}`;
    for (const escapeKey of escape.leadsTo ?? []) this.consequences.add(escapeKey);
    const old = this.found.get(key);
    if (old !== undefined && !isBetter(certainty, invalidation, old)) return;
    const name = info.name ?? shorten(this.source.textOf(info.at));
    const trace: Step[] = [
      { at: info.at, label: info.isLent ? `\`${name}\` is only lent here` : `\`${name}\` is allocated here` },
      { at: escape.at, label: describeEscape(escape.how) },
      { at: invalidation.at, label: `and then ${describeInvalidation(invalidation)}` },
    ];
    this.found.set(key, {
      kind,
      certainty,
      escape: { how: escape.how, at: escape.at, view: escape.view, type: loan.type, via: escape.via, ...(escape.isUsedBesides === true && { isUsedBesides: true }) },
      region: { at: info.at, name, isLent: info.isLent },
      invalidation: { how: invalidation.how, at: invalidation.at, by: invalidation.by },
      trace,
    });
  }
}

/** The activation of a function that is being interpreted. */
export interface Frame {
  readonly function: FunctionIr;
  readonly caller: Frame | undefined;
  /** The call that led here; absent for calls from outside. */
  readonly calledAt?: Site | undefined;
  readonly depth: number;
  /** The calls that led here, as a suffix of names for merge points and allocations. */
  readonly context: string;
  /** Called from outside the unit: what it returns is handed out. */
  readonly isRoot: boolean;
  readonly isPublic: boolean;
  /** Run on its own although nothing outside the file can call it: what its parameters are is not known. */
  readonly isInternal: boolean;
}
