import type { FedMethod, NameEffects } from '../../contracts/name-effects.js';
import type { FunctionIr, ModuleIr, Variable } from '../../ir/index.js';
import { writesBytes } from '../foreign.js';
import { writtenIn } from './backward.js';
import { namesThatOverwrite, type CatalogNames } from './catalog-names.js';
import { Families } from './families.js';
import { flowOf } from './flow.js';
import type { Flow } from './holdings.js';
import { functionsInDemand } from './in-demand.js';
import { isWrittenAfter } from './order.js';
import { PlaceGraph } from './place-graph.js';
import { calledAs, namesIn, ProgramIndex, type ProgramFile } from './program.js';
import type { World } from '../../world.js';
import type { Holder, Members, Memory, ParameterSummary, Place, Source, Summary, Surroundings } from './sources.js';
import { Summaries } from './summaries.js';
import { VariableTypes } from './types.js';
import { Worklist } from './worklist.js';

/** Only bytes have it, whatever the types say. */
const viewMaker = 'subarray';

/** How far calls are followed: as deep as the analysis goes into bodies. */
const callDepth = 4;

/** What tracing comes to. */
export interface Traced {
  /** Memory may be handed out here, or in what the function hands memory to, and be overwritten afterwards. */
  readonly relevant: ReadonlySet<FunctionIr>;
  /** Memory comes by. */
  readonly touching: ReadonlySet<FunctionIr>;
  /** Running the function can matter: memory in question comes by, or is reached through what the function calls or makes. */
  readonly near: ReadonlySet<FunctionIr>;
  /** The positions of parameters whose memory may be handed out, and be overwritten afterwards, by the program itself. */
  readonly parametersInQuestion: ReadonlyMap<FunctionIr, ReadonlySet<number>>;
  /** Which classes extend which. */
  readonly families: Families;
}

/**
 * Traces memory through a program: without order between functions, by names where types would have to be asked. Only functions that
 * memory reaches are looked at. What is worked out on the way is needed no longer afterwards.
 *
 * @param catalog - what the catalog's names do
 * @param files - the program's own files
 * @param world - the program's types; asked only about what memory reaches
 * @returns where memory comes, and where it may be handed out and overwritten
 */
export function trace(catalog: CatalogNames, files: readonly ProgramFile[], world: World): Traced {
  return new Tracing(catalog, files, world).result;
}

class Tracing implements Surroundings {
  private readonly catalog: CatalogNames;
  readonly types: VariableTypes;
  private readonly index: ProgramIndex;
  private readonly families = new Families();
  private readonly places = new PlaceGraph(this.families);
  readonly members: Members = this.places.members;
  private readonly capturers = new Map<ModuleIr, Map<Variable, FunctionIr[]>>();
  private readonly summaries = new Summaries();
  private readonly worklist = new Worklist();
  /** Functions whose callers were told that they give memory, or that it is overwritten. */
  private readonly toldOn = new Map<FunctionIr, 'gives' | 'reuses'>();
  private readonly seeds = new Set<ModuleIr>();
  private readonly lending = new Set<ModuleIr>();
  private readonly relevant = new Set<FunctionIr>();
  private readonly touching = new Set<FunctionIr>();
  private readonly near = new Set<FunctionIr>();
  private readonly fedWithBytes = new Map<FunctionIr, Set<string>>();
  /** Names of APIs that overwrite something. */
  private readonly overwriting: ReadonlySet<string>;
  /** Those among them that say something of whatever they are called on. */
  private readonly overwritingMethods: ReadonlySet<string>;
  /** Methods that an API calls with memory, of objects that the program may have. */
  private readonly fed: ReadonlyMap<string, FedMethod>;
  /** Functions through which memory may come to where it is overwritten. */
  private readonly worthIt: ReadonlySet<FunctionIr> | undefined;
  readonly result: Traced;

  constructor(catalog: CatalogNames, files: readonly ProgramFile[], world: World) {
    this.catalog = catalog;
    this.types = new VariableTypes(world, catalog.views);
    this.index = new ProgramIndex(files, (class_) => { this.families.relate(class_.name, class_.superNames); });
    const isNamed = (name: string): boolean => files.some((file) => file.names(name));
    this.fed = new Map([...catalog.fed].filter(([, { givers }]) => givers === undefined || [...givers].some(isNamed)));
    this.overwriting = namesThatOverwrite(catalog.effects);
    this.overwritingMethods = namesThatOverwrite(catalog.effectsOnAnything);
    for (const module of this.index.list((file) => this.isSeed(file))) {
      this.seeds.add(module);
      if (files.find((file) => file.module === module)?.isLending === true) this.lending.add(module);
    }
    const sources = [...this.seeds].flatMap(({ functions }) => functions.filter((fn) => this.isLending(fn) || this.isWriter(fn) || this.hasMemory(fn)));
    this.worthIt = functionsInDemand({
      catalog,
      files,
      types: this.types,
      families: this.families,
      capturersOf: (variable) => this.capturersOf(variable),
      isLentTo: (fn) => this.seeds.has(fn.module) && this.fed.get(calledAs(fn.name))?.isLent === true,
      sources: sources.length,
    });
    for (const fn of sources) if (this.isWorthIt(fn)) this.start(fn);
    this.worklist.run((fn) => { this.look(fn); }, (fn) => this.summaries.callersOf(fn));
    const inQuestion = this.places.inQuestion();
    for (const { lenders, writers } of inQuestion) for (const fn of [...lenders, ...writers]) this.relevant.add(fn);
    for (const [fn, { inlined }] of this.flows) for (const part of inlined) for (const set of [this.relevant, this.touching]) if (set.has(fn)) set.add(part);
    this.findNear(inQuestion);
    const { relevant, touching, near, families } = this;
    this.result = { relevant, touching, near, families, parametersInQuestion: this.parametersAmong(inQuestion) };
  }

  private isSeed(file: ProgramFile): boolean {
    if (file.isLending) return true;
    const { memory } = this.catalog;
    for (const name of memory.certain) if (file.names(name)) return true;
    for (const names of new Set(memory.byModule.values())) for (const name of names) if (name !== 'default' && file.names(name)) return true;
    return false;
  }

  /** The function itself names something that gives memory, or a part of it. */
  private hasMemory(fn: FunctionIr): boolean {
    const { outline } = fn;
    const { effects } = this.catalog;
    if (this.fed.has(calledAs(fn.name)) || outline.members.has(viewMaker)) return true;
    for (const names of [outline.members, outline.freeNames, outline.constructed]) {
      for (const name of names) {
        const effect = effects.get(name);
        if (effect?.givesMemory === true || effect?.lendsMemory === true || effect?.feedsCallbacks === true) return true;
      }
    }
    return false;
  }

  private start(fn: FunctionIr): void {
    const isLending = this.isLending(fn);
    const isGiven = isLending || this.fed.has(calledAs(fn.name)) || fn.outline.members.has(viewMaker);
    if (isLending || this.fed.get(calledAs(fn.name))?.isLent === true) this.lendTo(fn);
    if (isGiven) fn.parameters.forEach((_, index) => {
      this.feed(fn, index, true);
    });
    else if (this.isWriter(fn)) this.feedBytes(fn);
    this.worklist.add(fn.module.top);
    this.worklist.add(fn);
  }

  private isWriter(fn: FunctionIr): boolean {
    if (writesBytes(fn)) return true;
    for (const name of fn.outline.members) if (this.overwriting.has(name)) return true;
    return false;
  }

  /**
   * The function overwrites bytes, or calls one that does: those that it is given itself, or a function around it, may be among them.
   *
   * @param callee - the name of a function that overwrites; without it, the function's own stores and APIs are meant
   */
  private feedBytes(fn: FunctionIr, callee?: string): void {
    const key = callee ?? '';
    const fed = this.fedWithBytes.get(fn);
    if (fed?.has(key) === true) return;
    if (fed === undefined) this.fedWithBytes.set(fn, new Set([key]));
    else fed.add(key);
    let written: ReadonlySet<Variable> | undefined;
    for (const variable of [...fn.parameters, ...fn.outline.captures]) {
      const index = variable.owner.parameters.indexOf(variable);
      if (index < 0) continue;
      written ??= writtenIn(fn, (name, isMethod) => (callee === undefined ? (isMethod ? this.overwritingMethods : this.overwriting).has(name) : name === callee), (name) => (this.effectsOf(name)?.aliases.size ?? 0) > 0);
      if (written.has(variable) && this.types.isBytes(variable)) this.feed(variable.owner, index, true);
    }
  }

  private readonly flows = new Map<FunctionIr, Flow>();

  private look(fn: FunctionIr): void {
    // What a file imports, and keeps in its own variables.
    if (this.seeds.has(fn.module) && !this.worklist.hasSeen(fn.module.top)) this.worklist.add(fn.module.top);
    if (fn.body === undefined) return;
    const dependents = this.summaries.grow(fn, (summary) => {
      const flow = flowOf(fn, this, summary);
      this.flows.set(fn, flow);
      this.tell(fn, flow, summary);
    });
    if (dependents === undefined) return;
    for (const dependent of dependents) this.worklist.add(dependent);
    this.callOn(fn, this.summaries.of(fn));
  }

  /** Who calls the function by its name is given what it gives. */
  private callOn(fn: FunctionIr, summary: Summary): void {
    if (summary.parameters.some((parameter) => parameter?.isWritten)) for (const caller of this.index.naming(calledAs(fn.name), false)) this.feedBytes(caller, calledAs(fn.name));
    const isReused = summary.lendsMemory || [...summary.places.keys()].some((place) => place.writers.size > 0);
    if (!isReused && !summary.givesMemory && summary.places.size === 0) return;
    // From then on, they look at it.
    const told = this.toldOn.get(fn);
    if (told === 'reuses' || (told === 'gives' && !isReused)) return;
    this.toldOn.set(fn, isReused ? 'reuses' : 'gives');
    for (const caller of this.index.naming(calledAs(fn.name), isReused)) if (isReused || this.seeds.has(caller.module)) this.worklist.add(caller);
  }

  private tell(fn: FunctionIr, flow: Flow, summary: Summary): void {
    const body = fn.body;
    if (body === undefined) return;
    for (const [source, events] of flow.lent) {
      if (source.kind === 'place') source.lenders.add(fn);
      else if ((source.kind === 'memory' ? source.isLent : summary.isLentTo) || isWrittenAfter(body, flow, source, events)) this.noteBroken(fn, source, summary);
    }
    for (const source of flow.written.keys()) if (source.kind === 'place') this.noteWriter(source, fn);
    for (const source of flow.broken) {
      if (source.kind !== 'place') this.noteBroken(fn, source, summary);
      else {
        source.lenders.add(fn);
        this.noteWriter(source, fn);
      }
    }
    for (const [source, events] of flow.kept) {
      // Places that the same memory comes to are views of each other.
      for (const { place } of events) for (const other of events) if (source.kind !== 'place' && place !== other.place) this.places.connect(place, other.place);
      for (const event of events) {
        if (source.kind === 'place') this.places.connect(source, event.place);
        else {
          if ((source.kind === 'memory' && source.isLent) || isWrittenAfter(body, flow, source, [event])) this.noteWriter(event.place, fn);
          if (flow.lent.has(source)) event.place.lenders.add(fn);
        }
      }
    }
    if ([...flow.held.values()].some((sources) => [...sources.keys()].some((source) => source.kind !== 'closure' && source.kind !== 'api')) || flow.lent.size > 0) this.touching.add(fn);
  }

  private noteBroken(fn: FunctionIr, source: Memory, summary: Summary): void {
    if (source.kind === 'parameter') summary.parameter(source.index).isBroken = true;
    this.relevant.add(fn);
  }

  private noteWriter(place: Place, fn: FunctionIr): void {
    const isFirst = place.writers.size === 0;
    place.writers.add(fn);
    // Memory that is overwritten is worth following into every file.
    if (isFirst) for (const reader of this.index.naming(place.name, true)) this.worklist.add(reader);
  }

  /** What the relevant functions pass memory to, whoever holds the places in question, and whoever may call any of these. */
  private findNear(places: ReadonlySet<Place>): void {
    const { near } = this;
    if (this.relevant.size === 0) return;
    for (const fn of this.relevant) near.add(fn);
    for (const [fn, { held }] of this.flows) {
      if ([...held.values()].some((sources) => [...sources.keys()].some((source) => source.kind === 'place' && places.has(source)))) near.add(fn);
    }
    for (const fn of near) for (const name of namesIn(fn)) for (const callee of this.index.known(name)) if (this.touching.has(callee)) near.add(callee);
    for (let depth = 0; depth < callDepth; depth++) {
      const names = new Set([...near].map((fn) => (fn.ownerClass !== undefined && (fn.kind === 'constructor' || fn.kind === 'fields') ? fn.ownerClass.name : calledAs(fn.name))));
      const before = near.size;
      for (const fn of this.index.functions()) if (!near.has(fn) && [...namesIn(fn)].some((name) => names.has(name))) near.add(fn);
      if (near.size === before) break;
    }
  }

  private parametersAmong(places: ReadonlySet<Place>): ReadonlyMap<FunctionIr, ReadonlySet<number>> {
    const found = new Map<FunctionIr, ReadonlySet<number>>();
    for (const [fn, { parameters }] of this.summaries) {
      const positions = parameters.flatMap((parameter, index) => (parameter !== undefined && (parameter.isBroken || [...parameter.places].some((place) => places.has(place))) ? [index] : []));
      if (positions.length > 0) found.set(fn, new Set(positions));
    }
    return found;
  }

  // ---------------------------------------------------------------------------------------------------------- Surroundings

  effectsOf(name: string): NameEffects | undefined {
    return this.catalog.effects.get(name);
  }

  effectsOnAnything(name: string): NameEffects | undefined {
    return this.catalog.effectsOnAnything.get(name);
  }

  effectsAsExport(name: string): NameEffects | undefined {
    return this.catalog.effectsAsExport.get(name);
  }

  isWorthIt(fn: FunctionIr): boolean {
    return this.worthIt?.has(fn) !== false || this.isLending(fn);
  }

  areRelated(one: string, other: string): boolean {
    return this.families.areRelated(one, other);
  }

  targets(name: string, everywhere: boolean): readonly FunctionIr[] {
    return everywhere ? this.index.all(name) : this.index.known(name);
  }

  constructors(name: string, everywhere: boolean, isBase: boolean): readonly FunctionIr[] {
    for (const base of this.families.basesOf(name)) {
      if (isBase && base === name) continue;
      const written = this.targets(base, everywhere).filter(({ kind }) => kind === 'constructor' || kind === 'fields');
      if (written.some(({ kind }) => kind === 'constructor')) return written;
    }
    return [];
  }

  variablePlace(variable: Variable): Place | undefined {
    return this.places.variables.get(variable);
  }

  storeInMember(name: string, holder: Holder, source: Source, isDirect: boolean): Place {
    const place = this.places.members.store(name, holder);
    if (place.hold(source, isDirect)) for (const fn of [...this.index.naming(name, false), ...place.readers]) this.lookAgain(fn, source);
    return place;
  }

  storeInVariable(variable: Variable, source: Source, isDirect: boolean): Place {
    const place = this.places.ofVariable(variable);
    if (place.hold(source, isDirect)) {
      // What a function does with a closure is done with what that captures.
      for (const reader of place.readers) this.lookAgain(reader, source);
      for (const capturer of this.capturersOf(variable)) for (let fn: FunctionIr | undefined = capturer; fn !== undefined; fn = fn === variable.owner ? undefined : fn.parent) this.lookAgain(fn, source);
    }
    return place;
  }

  /** An object of the catalog gives memory: that is looked at only where it may come to an overwrite. */
  private lookAgain(fn: FunctionIr, { kind }: Source): void {
    if (kind !== 'api' || this.isWorthIt(fn) || this.worklist.hasSeen(fn)) this.worklist.add(fn);
  }

  isApiModule(specifier: string): boolean {
    return this.catalog.memory.byModule.has(specifier);
  }

  isMemoryName(name: string): boolean {
    return this.catalog.memory.certain.has(name);
  }

  isLending(fn: FunctionIr): boolean {
    return this.lending.has(fn.module);
  }

  capturersOf(variable: Variable): readonly FunctionIr[] {
    const { module } = variable.owner;
    let capturers = this.capturers.get(module);
    if (capturers === undefined) {
      this.capturers.set(module, (capturers = new Map<Variable, FunctionIr[]>()));
      for (const fn of module.functions) {
        for (const captured of fn.outline.captures) {
          const list = capturers.get(captured);
          if (list === undefined) capturers.set(captured, [fn]);
          else list.push(fn);
        }
      }
    }
    return [variable.owner, ...(capturers.get(variable) ?? [])];
  }

  summaryOf(fn: FunctionIr, caller: FunctionIr): Summary {
    return this.summaries.resultOf(fn, caller);
  }

  gives(fn: FunctionIr, caller: FunctionIr): boolean {
    return this.summaries.gives(fn, caller);
  }

  parameterOf(fn: FunctionIr, index: number, caller: FunctionIr): ParameterSummary {
    return this.summaries.parameterOf(fn, index, caller);
  }

  lendTo(fn: FunctionIr): void {
    const summary = this.summaries.of(fn);
    if (summary.isLentTo) return;
    summary.isLentTo = true;
    this.worklist.add(fn);
  }

  feed(fn: FunctionIr, index: number, isDirect: boolean): void {
    const summary = this.summaries.of(fn);
    const old = summary.fed.get(index);
    if (index >= fn.parameters.length || old === true || old === isDirect) return;
    summary.fed.set(index, isDirect);
    this.worklist.add(fn);
  }
}
