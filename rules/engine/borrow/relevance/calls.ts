import { isHandlerName } from '../handler-names.js';
import type { Api } from '../../contracts/api.js';
import type { Contract } from '../../contracts/contract.js';
import type { NameEffects, PlaceEffects } from '../../contracts/name-effects.js';
import type { Argument, Callee, FunctionIr, Instruction, Variable } from '../../ir/index.js';
import { namesStreams } from '../../stream-names.js';
import { boundsIn } from './backward.js';
import { nameOfCallee } from './callee-name.js';
import { Holdings, isMemory } from './holdings.js';
import { isExport, memberNamed } from './reading.js';
import { api, type Holder, type MemorySource, type Place, type Position, type Receiver, type Source } from './sources.js';
import { Wiring, type Call } from './wiring.js';

/** How many copies a value is followed through. */
const aliasDepth = 4;

/** What a call may reach. */
interface Candidates {
  /** Of APIs. */
  readonly effects: NameEffects | undefined;
  /** Functions of the program. */
  readonly targets: readonly FunctionIr[];
  /** The effects are those of the very API that is called. */
  readonly isExact: boolean;
}

/** What calls do with the memory that goes into them, and what comes out. */
export abstract class CallFlow extends Holdings {
  private readonly made = new Map<Position, MemorySource>();
  private readonly names = new Map<Variable, string>();
  /** Globals, and members of theirs. */
  protected readonly apis = new Map<Variable, Api>();
  /** What comes out of objects. */
  protected readonly loaded = new Set<Variable>();
  private readonly closures = new Map<FunctionIr, Source>();

  /** The function whose instructions are gone through: this one, or one that is part of it. */
  private walked: FunctionIr = this.fn;

  protected abstract execute(instruction: Instruction): void;

  protected closure(fn: FunctionIr): Source {
    let source = this.closures.get(fn);
    if (source === undefined) this.closures.set(fn, (source = { kind: 'closure', function: fn }));
    return source;
  }

  /** A closure may run at any time: what it shares with this function, it has. */
  private lendCaptured(fn: FunctionIr): void {
    for (const variable of fn.outline.captures) {
      const place = this.around.variablePlace(variable);
      if (place !== undefined) this.note(this.lent, place, undefined);
    }
    for (const nested of fn.outline.nested) this.lendCaptured(nested);
  }

  protected nameAs(variable: Variable, name: string | undefined): void {
    if (name !== undefined && name !== '') this.names.set(variable, name);
  }

  protected standFor(variable: Variable, api: Api | undefined): void {
    if (api !== undefined) this.apis.set(variable, api);
  }

  protected nameOf(variable: Variable): string | undefined {
    return this.names.get(variable) ?? (variable.name === '' ? undefined : variable.name);
  }

  /** Something comes to be an element of a collection: of one in a variable that is shared, or in a member, too. */
  protected addTo(collection: Variable, value: Variable): void {
    this.putInto(collection, value);
    if (this.own.has(collection)) return;
    const sources = this.memoryIn(value);
    if (sources.length > 0) for (const store of this.homesOf(collection)) for (const source of sources) this.keep(source, store(source));
  }

  /** Where a value comes from that was not made here: it stays there. */
  private *homesOf(variable: Variable, depth = 0): Iterable<(source: Source) => Place> {
    if (this.isShared(variable)) yield (source) => this.around.storeInVariable(variable, source, false);
    for (const definition of Wiring.of(this.walked).definitionsOf(variable)) {
      if (!('op' in definition)) continue;
      if (definition.op === 'copy' && depth < aliasDepth) yield* this.homesOf(definition.source, depth + 1);
      const name = definition.op === 'load' ? memberNamed(definition.key) : undefined;
      if (definition.op === 'load' && name !== undefined) yield (source) => this.around.storeInMember(name, this.holderOf(definition.object, name) ?? this.around.types.classOf(definition.object), source, false);
    }
  }

  /** Whose member a name is, where no type need be asked. */
  protected abstract holderOf(object: Variable, name: string): Holder;

  /** Something comes to be held by an object, whichever it is. */
  protected putInto(object: Variable, value: Variable): void {
    const sources = this.memoryIn(value);
    if (sources.length === 0) return;
    if (this.own.has(object)) {
      this.put(value, object);
      return;
    }
    for (const [holder] of this.sourcesOf(object)) if (holder.kind === 'place') for (const source of sources) this.keep(source, holder);
    if (object.storage !== 'this') for (const source of sources) this.lendSource(source, value);
  }

  protected call(instruction: Call): void {
    const { callee, target } = instruction;
    const args = instruction.arguments.map((argument) => argument.value);
    const name = nameOfCallee(callee, (variable) => this.nameOf(variable));
    const receiver = callee.kind === 'method' ? callee.object : undefined;
    const isApi = receiver !== undefined ? this.isApi(receiver) : 'value' in callee && this.isApi(callee.value);
    const { effects, targets, isExact } = this.candidatesFor(instruction, name, isApi);
    if (callee.kind === 'construct' || effects?.aliases.size === 0) this.own.add(target);
    if (effects !== undefined && (callee.kind === 'construct' || effects.givesCollection)) this.collections.add(target);
    if ((isApi && (!isExact || effects?.givesObjects === true)) || args.some((argument) => this.isApi(argument) && name === 'require')) this.hold(target, api, true);
    if (isExact) {
      if (effects?.givesMemory === true || effects?.lendsMemory === true) this.make(target, effects.lendsMemory, true);
    } else if (name !== undefined && (isApi || (effects !== undefined && this.around.isMemoryName(name)))) this.holdMade(target, isApi ? this.around.effectsOf(name) : effects);
    if (effects !== undefined) {
      this.applyEffects(effects, target, receiver, args);
      // `values.forEach(f)` and `readable.forEach(f)`: by the name alone it is an array's, which gives what it holds.
      if (effects.feedsCallbacks && (isExact || isApi || receiver === undefined || !effects.visitsElements)) this.feedClosures(effects, args);
    }
    for (const fn of targets) this.applyBody(fn, target, args);
    if (callee.kind === 'construct' && effects === undefined) for (const argument of args) this.put(argument, target);
    // A function that was passed in does what it likes, whatever API it is named after.
    const isUnknown = effects === undefined ? targets.length === 0 || this.mayBeOther(callee) : !isApi && (this.mayBeOther(callee) || (callee.kind === 'method' && isHandlerName(name)));
    if (isUnknown) this.applyUnknown(callee, name, args, Wiring.of(this.walked).mayFill(instruction) && boundsIn(this.walked).has(target));
    // The declaration alone says that a function lends.
    if (effects === undefined && this.around.isLending(this.fn) && targets.every((fn) => fn.body === undefined)) this.make(target, true, false);
    const spawned = instruction.isAwaited ? [] : targets.filter((fn) => fn.isAsync);
    if (spawned.length > 0) for (const argument of args) this.lend(argument);
    for (const fn of spawned) this.lendCaptured(fn);
    this.applyClosures(target, receiver, args);
    if (this.walked === this.fn) for (const argument of args) for (const [source] of this.sourcesOf(argument)) if (source.kind === 'closure' && this.inlined.has(source.function)) this.runInside(source.function, target, receiver, args);
  }

  /** The call runs a function that is part of this one, any number of times. */
  private runInside(fn: FunctionIr, target: Variable, receiver: Variable | undefined, args: readonly Variable[]): void {
    for (const parameter of fn.parameters) {
      if (receiver !== undefined) this.take(receiver, parameter);
      for (const argument of args) this.flow(argument, parameter);
    }
    const outer = this.walked;
    this.walked = fn;
    for (const { instructions, terminal } of fn.body?.blocks ?? []) {
      for (const instruction of instructions) this.execute(instruction);
      if (terminal.kind === 'return' && terminal.value !== undefined) {
        this.flow(terminal.value, target);
        this.put(terminal.value, target);
      } else if (terminal.kind === 'throw') this.lend(terminal.value);
      else if (terminal.kind === 'next' && terminal.mode !== 'keys') this.take(terminal.iterator, terminal.value);
    }
    this.walked = outer;
    // What one turn hands out, the next may overwrite.
    const isHere = ({ at }: { readonly at: Position }): boolean => at === this.at;
    for (const [source, events] of this.written) if (events.some(isHere) && [this.lent, this.kept].some((others) => others.get(source)?.some(isHere) === true)) this.breakSource(source);
  }

  /** What a call may reach: APIs and functions of the program, by the name, or by what the receiver's type says. */
  private candidatesFor({ callee, arguments: args }: Call, name: string | undefined, isApi: boolean): Candidates {
    const exact = this.around.types.effectsOf(this.contractOf(callee));
    if (exact !== undefined) return { effects: exact, targets: [], isExact: true };
    if (callee.kind === 'super-construct') return { effects: undefined, targets: this.baseConstructors(args), isExact: false };
    const candidates = this.namedCandidates(callee, name, args, isApi);
    if (callee.kind === 'super-method') return { ...candidates, targets: this.ofFamily(candidates.targets, classAround(this.fn)) };
    if (name === undefined || callee.kind !== 'method' || !this.isTelling(callee.object, candidates, args)) return candidates;
    const receiver = callee.object.storage === 'this' ? ownReceiver(callee.object) : this.around.types.receiver(callee.object);
    switch (receiver?.kind) {
      case 'api': {
        const effects = receiver.effectsOf(name);
        return effects === undefined && isApi ? candidates : { effects, targets: [], isExact: true };
      }
      case 'class': {
        const own = this.ofFamily(candidates.targets, receiver.name);
        return own.length > 0 ? { effects: undefined, targets: own, isExact: false } : candidates;
      }
      default:
        return candidates;
    }
  }

  /** Those that are members of a class, or of a relative of it. */
  private ofFamily(functions: readonly FunctionIr[], name: string | undefined): readonly FunctionIr[] {
    return name === undefined ? functions : functions.filter(({ ownerClass }) => ownerClass !== undefined && this.around.areRelated(name, ownerClass.name));
  }

  /** Of a global function, or of one of its members. */
  private contractOf(callee: Callee): Contract | undefined {
    switch (callee.kind) {
      case 'value':
        return this.apis.get(callee.value)?.call;
      case 'construct':
        return this.apis.get(callee.value)?.construct;
      case 'method':
        return callee.key.kind === 'name' ? this.apis.get(callee.object)?.member(callee.key.name)?.call : undefined;
      default:
        return undefined;
    }
  }

  /** What `super(…)` runs. */
  private baseConstructors(args: readonly Argument[]): readonly FunctionIr[] {
    const name = this.fn.ownerClass?.name;
    return name === undefined ? [] : this.around.constructors(name, this.haveMemory(args), true);
  }

  private haveMemory(args: readonly Argument[]): boolean {
    return args.some(({ value }) => this.memoryIn(value).length > 0);
  }

  private namedCandidates(callee: Callee, name: string | undefined, args: readonly Argument[], isApi: boolean): Candidates {
    if (isApi) return { effects: name === undefined ? undefined : this.around.effectsOf(name), targets: [], isExact: false };
    const effects = name === undefined ? undefined : isExport(callee) ? this.around.effectsAsExport(name) : this.around.effectsOnAnything(name);
    const known: FunctionIr[] = [];
    if (callee.kind === 'value') for (const [source] of this.sourcesOf(callee.value)) if (source.kind === 'closure') known.push(source.function);
    if (known.length > 0 || name === undefined) return { effects, targets: known, isExact: false };
    const isEverywhere = effects === undefined && this.haveMemory(args);
    const named = this.around.targets(name, isEverywhere).filter((fn) => fn.kind !== 'getter' && fn.kind !== 'setter');
    const isOwn = callee.kind !== 'construct' || named.some(({ kind }) => kind === 'constructor');
    return { effects, targets: isOwn ? named : [...named, ...this.around.constructors(name, isEverywhere, true)], isExact: false };
  }

  /** Whose method is called makes a difference: several may be meant, and memory goes in or comes out. */
  private isTelling(receiver: Variable, { effects, targets }: Candidates, args: readonly Argument[]): boolean {
    if (effects === undefined && targets.length < 2) return false;
    if (this.memoryIn(receiver).length > 0 || this.haveMemory(args) || targets.some((fn) => this.around.gives(fn, this.fn))) return true;
    // `readable.map(f)`: only a stream's `map` gives what was not there before.
    if (effects?.visitsElements === true && !namesStreams(this.fn.module)) return false;
    return effects?.feedsCallbacks === true && !this.collections.has(receiver) && !isRest(receiver) && args.some(({ value }) => [...this.sourcesOf(value)].some(([source]) => source.kind === 'closure'));
  }

  /** The callee is a function in sight on some ways only: a default, an option. */
  private mayBeOther(callee: Callee): boolean {
    if (callee.kind !== 'value') return false;
    const seen = new Set<Variable>();
    const isOther = (variable: Variable): boolean => {
      if (seen.has(variable)) return false;
      seen.add(variable);
      const origins = this.origins.get(variable);
      return this.loaded.has(variable) || variable.storage === 'parameter' || (origins !== undefined && [...origins].some(isOther));
    };
    return isOther(callee.value);
  }

  protected holdMade(target: Variable, effects: NameEffects | undefined): void {
    if (effects === undefined || (!effects.givesMemory && !effects.lendsMemory)) return;
    // By its name alone, `Array.from(…)` is a buffer.
    if (!effects.givesInside) this.arrivals.add(target);
    this.make(target, effects.lendsMemory, true);
  }

  private applyEffects(effects: NameEffects, target: Variable, receiver: Variable | undefined, args: readonly Variable[]): void {
    const apply = (effect: PlaceEffects, value: Variable): void => {
      if (effect.isWritten) this.write(value);
      if (effect.isKept || effect.isStored || effect.isMoved) this.lend(value);
      if (effect.isMoved) for (const source of this.memoryIn(value)) this.breakSource(source);
      if (effect.isStored && receiver !== undefined) this.addTo(receiver, value);
    };
    if (receiver !== undefined) apply(effects.receiver, receiver);
    args.forEach((argument, index) => apply(effects.parameters[index] ?? effects.rest, argument));
    for (const ref of effects.aliases) {
      const of = ref === 'this' ? receiver : args[ref];
      if (of === undefined) continue;
      this.flow(of, target);
      this.take(of, target);
    }
  }

  private feedClosures(effects: NameEffects, args: readonly Variable[]): void {
    for (const argument of args) {
      for (const [source] of this.sourcesOf(argument)) {
        if (source.kind !== 'closure') continue;
        if (!effects.lendsToCallbacks && !this.around.isWorthIt(source.function)) continue;
        source.function.parameters.forEach((_, index) => this.around.feed(source.function, index, true));
        if (effects.lendsToCallbacks) this.around.lendTo(source.function);
      }
    }
  }

  /** A function of the program is called. */
  private applyBody(fn: FunctionIr, target: Variable, args: readonly Variable[]): void {
    args.forEach((argument, index) => this.pass(argument, fn, Math.min(index, Math.max(0, fn.parameters.length - 1))));
    this.receive(target, fn, args);
  }

  protected pass(argument: Variable, fn: FunctionIr, index: number): void {
    for (const [source, isDirect] of this.sourcesOf(argument)) {
      if (!isMemory(source) || (!isDirect && !this.collections.has(argument))) continue;
      this.around.feed(fn, index, isDirect);
      const parameter = this.around.parameterOf(fn, index, this.fn);
      if (parameter.isWritten && isDirect) this.writeSource(source, argument);
      if (parameter.isLent) this.lendSource(source, argument);
      for (const place of parameter.places) this.keep(source, place);
      if (parameter.isBroken) this.breakSource(source);
    }
  }

  /** The function is called with parts of a value: an array's elements, what a promise gives. */
  private passParts(whole: Variable, fn: FunctionIr, index: number): void {
    for (const [source, isDirect] of this.sourcesOf(whole)) {
      if (!isMemory(source) || (isDirect && !(source.kind === 'place' && source.holdsMemory))) continue;
      this.around.feed(fn, index, true);
      const parameter = this.around.parameterOf(fn, index, this.fn);
      if (parameter.isWritten) this.writeSource(source, whole);
      if (parameter.isLent) this.lendSource(source, whole);
      for (const place of parameter.places) this.keep(source, place);
      if (parameter.isBroken) this.breakSource(source);
    }
  }

  protected receive(target: Variable, fn: FunctionIr, args: readonly Variable[]): void {
    const summary = this.around.summaryOf(fn, this.fn);
    this.arrivals.add(target);
    if (summary.givesMemory || summary.lendsMemory) {
      this.make(target, summary.lendsMemory, !summary.isInside);
      this.make(target, summary.lendsMemory, false);
    }
    if (summary.givesApi) this.hold(target, api, true);
    for (const [place, isDirect] of summary.places) {
      place.readers.add(this.fn);
      if (place.isMemory || place.holdsMemory) this.hold(target, place, isDirect);
    }
    for (const closure of summary.closures) this.hold(target, this.closure(closure), true);
    args.forEach((argument, index) => {
      const isReturned = (this.holdsAnything(argument) ? this.around.parameterOf(fn, index, this.fn) : summary.parameters[index])?.isReturned;
      if (isReturned === true) this.flow(argument, target);
      if (isReturned !== undefined) this.put(argument, target);
    });
  }

  /** Nobody knows the callee: it may fill what it is given, and a function from outside may keep it. */
  private applyUnknown(callee: Callee, name: string | undefined, args: readonly Variable[], isBound: boolean): void {
    const isHandler = callee.kind === 'value' || isHandlerName(name);
    for (const argument of args) {
      // `const n = await read(buf); buf.subarray(0, n)`: a result that bounds a view says that the call filled it, unless it took that from the bytes.
      if (isBound) this.write(argument);
      if (isHandler) this.lend(argument);
    }
  }

  /** Functions that a call is given may be called with what else it is given, or with what the receiver holds. */
  private applyClosures(target: Variable, receiver: Variable | undefined, args: readonly Variable[]): void {
    for (const argument of args) {
      for (const [source] of this.sourcesOf(argument)) {
        if (source.kind !== 'closure') continue;
        const fn = source.function;
        this.lendCaptured(fn);
        for (const other of receiver === undefined ? args : [receiver, ...args]) {
          if (other === argument) continue;
          fn.parameters.forEach((_, index) => {
            this.pass(other, fn, index);
            this.passParts(other, fn, index);
          });
        }
        this.receive(target, fn, []);
      }
    }
  }

  /** A value is memory that was not there before. */
  private make(target: Variable, isLent: boolean, isDirect: boolean): void {
    if (isLent || this.around.isWorthIt(this.fn)) this.hold(target, this.memory(isLent), isDirect);
  }

  private memory(isLent: boolean): MemorySource {
    let source = this.made.get(this.at);
    if (source === undefined) this.made.set(this.at, (source = { kind: 'memory', at: this.at, isLent }));
    return source;
  }
}

function ownReceiver({ owner: { ownerClass } }: Variable): Receiver | undefined {
  return ownerClass === undefined ? undefined : { kind: 'class', name: ownerClass.name };
}

/** The class in whose member a function is written. */
function classAround(fn: FunctionIr): string | undefined {
  for (let at: FunctionIr | undefined = fn; at !== undefined; at = at.parent) if (at.ownerClass !== undefined) return at.ownerClass.name;
  return undefined;
}

/** `...values` is an array. */
function isRest(variable: Variable): boolean {
  return variable.owner.hasRest && variable.owner.parameters.at(-1) === variable;
}
