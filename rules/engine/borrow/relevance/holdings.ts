import type { FunctionIr, Variable } from '../../ir/index.js';
import { api, type Memory, type Place, type Position, type Source, type Summary, type Surroundings } from './sources.js';

/** Something that happens to memory at an instruction. */
export interface MemoryEvent {
  readonly at: Position;
  /** The variable through which it happens; the memory is one that it holds. */
  readonly through: Variable | undefined;
}

/** What a function does with memory. */
export interface Flow {
  /** What each variable may be (true), or hold inside (false), wherever in the function. */
  readonly held: ReadonlyMap<Variable, ReadonlyMap<Source, boolean>>;
  /** Where each variable gets its value from inside the function. */
  readonly origins: ReadonlyMap<Variable, ReadonlySet<Variable>>;
  readonly lent: ReadonlyMap<Memory, readonly MemoryEvent[]>;
  readonly written: ReadonlyMap<Memory, readonly MemoryEvent[]>;
  /** Where it comes to be held by a place that outlives the call. */
  readonly kept: ReadonlyMap<Memory, readonly KeepEvent[]>;
  /** It is moved away, or a callee hands it out and overwrites it then. */
  readonly broken: ReadonlySet<Memory>;
  /** Functions written inside it that have run, and are forgotten, when the call that they are given to returns: part of this one. */
  readonly inlined: ReadonlySet<FunctionIr>;
}

export interface KeepEvent {
  readonly at: Position;
  readonly place: Place;
}

const nothing: readonly (readonly [Source, boolean])[] = [];

/** What the variables of one function hold, and what becomes of it. */
export abstract class Holdings implements Flow {
  readonly held = new Map<Variable, Map<Source, boolean>>();
  readonly origins = new Map<Variable, Set<Variable>>();
  readonly lent = new Map<Memory, MemoryEvent[]>();
  readonly written = new Map<Memory, MemoryEvent[]>();
  readonly kept = new Map<Memory, KeepEvent[]>();
  readonly broken = new Set<Memory>();
  readonly inlined = new Set<FunctionIr>();
  /** Variables that no others but these share with the function. */
  protected readonly keptInside = new Set<Variable>();
  protected readonly fn: FunctionIr;
  protected readonly around: Surroundings;
  protected readonly summary: Summary;
  /** Objects and arrays made here: what is put into them is theirs alone. */
  protected readonly own = new Set<Variable>();
  /** Arrays, maps and sets made here. */
  protected readonly collections = new Set<Variable>();
  /** Temporaries that receive what comes from elsewhere: their types are looked at. */
  protected readonly arrivals = new Set<Variable>();
  /** Variables read in this pass: one that comes to hold more afterwards makes another pass necessary. */
  private readonly read = new Set<Variable>();
  protected isStale = false;
  protected at: Position = 0;

  constructor(fn: FunctionIr, around: Surroundings, summary: Summary) {
    this.fn = fn;
    this.around = around;
    this.summary = summary;
  }

  /** What happens is told by the last pass alone. */
  protected beginPass(): void {
    this.isStale = false;
    this.read.clear();
    for (const events of [this.lent, this.written, this.kept]) events.clear();
    this.broken.clear();
  }

  protected sourcesOf(variable: Variable): Iterable<readonly [Source, boolean]> {
    this.read.add(variable);
    const held: Iterable<readonly [Source, boolean]> = this.held.get(variable) ?? nothing;
    const place = this.isShared(variable) ? this.around.variablePlace(variable) : undefined;
    return place === undefined ? held : [...held, ...sourcesIn(place)];
  }

  protected isShared(variable: Variable): boolean {
    if (variable.owner !== this.fn && !this.inlined.has(variable.owner)) return true;
    return variable.isCaptured && !this.keptInside.has(variable);
  }

  /** The memory that a variable may be or hold. */
  protected memoryIn(variable: Variable): Memory[] {
    const found: Memory[] = [];
    for (const [source] of this.sourcesOf(variable)) if (isMemory(source)) found.push(source);
    return found;
  }

  protected isMemory(variable: Variable): boolean {
    for (const [source, isDirect] of this.sourcesOf(variable)) if (isDirect && isMemory(source)) return true;
    return false;
  }

  protected holdsAnything(variable: Variable): boolean {
    for (const _ of this.sourcesOf(variable)) return true;
    return false;
  }

  protected isApi(variable: Variable): boolean {
    for (const [source] of this.sourcesOf(variable)) if (source.kind === 'api') return true;
    return false;
  }

  protected hold(variable: Variable, source: Source, isDirect: boolean): void {
    if (isMemory(source) && (variable.storage !== 'temporary' || this.arrivals.has(variable))) {
      const shape = this.around.types.shapeOf(variable);
      // An object is not bytes, though it may have some inside.
      if (shape === 'none' || (isDirect && shape === 'holder')) return;
    }
    let held = this.held.get(variable);
    if (held === undefined) this.held.set(variable, (held = new Map<Source, boolean>()));
    const old = held.get(source);
    if (old === undefined || (isDirect && !old)) {
      held.set(source, isDirect);
      if (this.read.has(variable)) this.isStale = true;
    }
    if (source.kind !== 'closure' && this.isShared(variable) && (isDirect || this.collections.has(variable))) this.keep(source, this.around.storeInVariable(variable, source, isDirect));
  }

  /** The same value. */
  protected flow(from: Variable, to: Variable): void {
    this.derive(from, to);
    for (const [source, isDirect] of this.sourcesOf(from)) this.hold(to, source, isDirect);
  }

  /** A value becomes part of another. */
  protected put(from: Variable, to: Variable): void {
    this.derive(from, to);
    for (const [source] of this.sourcesOf(from)) if (isMemory(source)) this.hold(to, source, false);
  }

  /** A part of a value, whichever it is. */
  protected take(from: Variable, to: Variable): void {
    this.derive(from, to);
    for (const [source, isDirect] of this.sourcesOf(from)) if (isMemory(source) && (!isDirect || (source.kind === 'place' && source.holdsMemory))) this.hold(to, source, true);
  }

  protected derive(from: Variable, to: Variable): void {
    let origins = this.origins.get(to);
    if (origins === undefined) this.origins.set(to, (origins = new Set()));
    origins.add(from);
  }

  /** Memory of a source comes to be held by a place. */
  protected keep(source: Source, place: Place): void {
    if (source === place || !isMemory(source)) return;
    if (source.kind === 'parameter') this.summary.parameter(source.index).places.add(place);
    const list = this.kept.get(source);
    if (list === undefined) this.kept.set(source, [{ at: this.at, place }]);
    else list.push({ at: this.at, place });
  }

  // ---------------------------------------------------------------------------------------------------------------- events

  protected note(events: Map<Memory, MemoryEvent[]>, source: Memory, through: Variable | undefined): void {
    const list = events.get(source);
    if (list === undefined) events.set(source, [{ at: this.at, through }]);
    else list.push({ at: this.at, through });
  }

  protected lend(variable: Variable): void {
    for (const source of this.memoryIn(variable)) this.lendSource(source, variable);
  }

  protected lendSource(source: Memory, through: Variable): void {
    if (source.kind === 'parameter') this.summary.parameter(source.index).isLent = true;
    this.note(this.lent, source, through);
  }

  protected breakSource(source: Memory): void {
    this.broken.add(source);
    if (source.kind === 'parameter') this.summary.parameter(source.index).isBroken = true;
  }

  /** Bytes change: those of the value itself, not of what it holds. */
  protected write(variable: Variable): void {
    for (const [source, isDirect] of this.sourcesOf(variable)) if (isDirect && isMemory(source)) this.writeSource(source, variable);
  }

  protected writeSource(source: Memory, through: Variable): void {
    if (source.kind === 'parameter') this.summary.parameter(source.index).isWritten = true;
    this.note(this.written, source, through);
  }

  /** What a function returns is its caller's, and where the caller is not known, handed out. */
  protected leave(variable: Variable): void {
    const { summary } = this;
    for (const [source, isDirect] of this.sourcesOf(variable)) {
      switch (source.kind) {
        case 'memory':
          summary.givesMemory = true;
          if (!isDirect) summary.isInside = true;
          if (source.isLent) summary.lendsMemory = true;
          break;
        case 'parameter':
          summary.parameter(source.index).isReturned ||= isDirect;
          break;
        case 'place':
          summary.places.set(source, isDirect || summary.places.get(source) === true);
          break;
        case 'closure':
          summary.closures.add(source.function);
          continue;
        case 'api':
          summary.givesApi = true;
          continue;
      }
      this.note(this.lent, source, variable);
    }
  }
}

/** Whether a source stands for memory. */
export function isMemory(source: Source): source is Memory {
  return source.kind !== 'closure' && source.kind !== 'api';
}

/** What reading a place may give. */
export function sourcesIn(place: Place): readonly (readonly [Source, boolean])[] {
  const memory: (readonly [Source, boolean])[] = place.isMemory ? [[place, true]] : place.holdsMemory ? [[place, false]] : [];
  return place.holdsApi ? [...memory, [api, true]] : memory;
}
